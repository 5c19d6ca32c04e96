"""Excel: what answers its cells, the VBA that asks, and the workbooks that carry it."""
