"""The reports: what people ask of a schedule, each answer a table."""
