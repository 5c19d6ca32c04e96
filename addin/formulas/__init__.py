"""The worksheet formulas: plain functions with all that any spreadsheet program must know about them on themselves."""
