"""What the tests of the book start from."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from engine.book.book import Book
from engine.book.problems import Problem
from engine.book.reading import examine_book

from .books import GOOD, TODAY, Tables


@pytest.fixture
def good() -> Tables:
    """A copy of the good book, to be spoiled."""
    return copy.deepcopy(GOOD)


@pytest.fixture
def read_sheets(tmp_path: Path) -> Callable[[openpyxl.Workbook], tuple[Book | None, list[Problem]]]:
    """Save a workbook and read it."""

    def read(book: openpyxl.Workbook) -> tuple[Book | None, list[Problem]]:
        book.save(tmp_path / "book.xlsx")
        return examine_book(tmp_path / "book.xlsx", TODAY)

    return read
