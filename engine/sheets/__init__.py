"""The sheets: what people read, written with openpyxl."""
