"""The book: the tables a person fills in, read, checked and handed on as columns."""
