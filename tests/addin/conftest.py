"""Books the formulas are asked about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from addin.formulas.books import SHELF, OpenedBook
from engine.book.reading import book_from_rows, read_book
from workbook_templates import sample_book

from .calc import Calc

YEAR = {"start": "2026-01-01", "end": "2026-12-31"}

SMALL: dict[str, list[dict[str, Any]]] = {
    "settings": [{"name": "as_of", "value": "2026-06-30"}],
    "contracts": [
        {"contract_id": "C1", "customer": "Acme", "signed_on": "2026-01-01", "segment": "north"},
        {"contract_id": "C2", "customer": "Birch", "signed_on": "2026-01-01", "segment": "south"},
        {"contract_id": "00123", "customer": "Cedar", "signed_on": "2026-01-01", "currency": "KWD"},
    ],
    "obligations": [
        {"contract_id": "C1", "obligation_id": "plan", "price": "365.00", **YEAR},
        {"contract_id": "C1", "obligation_id": "support", "price": "36.50", **YEAR},
        {"contract_id": "C2", "obligation_id": "plan", "price": "730.00", **YEAR},
        {"contract_id": "00123", "obligation_id": "plan", "price": "3.650", **YEAR},
    ],
    "billings": [{"document_id": "D1", "contract_id": "C1", "date": "2026-01-01", "amount": "401.50"}],
    "rates": [{"date": "2099-12-31", "from": "KWD", "to": "USD", "rate": "3.25"}],
}


@pytest.fixture(scope="session")
def sample(today: date) -> OpenedBook:
    """The sample book."""
    book = read_book(sample_book(), today)
    return SHELF.put(book, book.problems)


@pytest.fixture(scope="session")
def small(today: date) -> OpenedBook:
    """Two contracts in dollars, one in dinars."""
    book = book_from_rows(SMALL, today)
    return SHELF.put(book, book.problems)


@pytest.fixture(scope="session")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calc]:
    """LibreOffice with the extension, for all tests."""
    calc = Calc(tmp_path_factory.mktemp("calc"))
    yield calc
    calc.end()


@pytest.fixture
def opened(calc: Calc, tmp_path: Path) -> Iterator[Any]:
    """Opens documents of a test, and closes them after it."""
    documents: list[int] = []

    def open_one(path: Path | None = None) -> int:
        if path is not None and not path.is_relative_to(tmp_path):  # LibreOffice leaves a lock beside what it opens
            path = Path(shutil.copy(path, tmp_path))
        documents.append(calc.open(path))
        return documents[-1]

    yield open_one
    for document in documents:
        calc.do("close", document)
