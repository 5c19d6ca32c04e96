"""The files a person starts from: an empty book, the sample book, and CSV files with nothing but headers."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

EMPTY_BOOK, SAMPLE_BOOK, CSV_FOLDER = "Ratable book.xlsx", "Ratable sample.xlsx", "csv"


def empty_book() -> Path:
    """The workbook to fill in: tables, lists, help, one example row a table."""
    return _here(EMPTY_BOOK)


def sample_book() -> Path:
    """The workbook of an invented company that shows every feature once."""
    return _here(SAMPLE_BOOK)


def csv_headers() -> Path:
    """The folder of CSV files, one a table, each with its header row."""
    return _here(CSV_FOLDER)


def _here(name: str) -> Path:
    """A file of this package; it is installed as files, never inside a zip."""
    return Path(str(files(__name__) / name))
