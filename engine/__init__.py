"""Ratable's engine: rows a person typed -> schedule -> reports -> sheets. Knows no spreadsheet program, clock, locale
or screen."""
