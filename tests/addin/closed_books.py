"""A workbook with the tables of a book and a ledger beside it: closed and asked by the command line, as an accountant
would, while a spreadsheet program has its cells."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from addin.command_line.verbs import run
from engine.ledger.file import ledger_path

from .calc_workbooks import name_book, saved, with_tables

_YEAR = {"start": "2026-01-01", "end": "2026-12-31"}
ROWS: dict[str, list[dict[str, Any]]] = {
    "settings": [{"name": "as_of", "value": "2026-04-30"}, {"name": "convention", "value": "monthly"}],
    "contracts": [
        {"contract_id": "C1", "customer": "Acme", "signed_on": "2026-01-01"},
        {"contract_id": "C2", "customer": "Birch", "signed_on": "2026-01-01", "currency": "EUR"},
    ],
    "obligations": [
        {"contract_id": "C1", "obligation_id": "plan", "price": "1200.00", **_YEAR},
        {"contract_id": "C2", "obligation_id": "plan", "price": "2400.00", **_YEAR},
    ],
    "billings": [
        {"document_id": "D1", "contract_id": "C1", "date": "2026-01-01", "amount": "1200.00"},
        {"document_id": "D2", "contract_id": "C2", "date": "2026-01-01", "amount": "2400.00"},
    ],
    "rates": [{"date": "2026-01-01", "from": "EUR", "to": "USD", "rate": "1.10"}],
}
#: What a cell can be asked about a book with closed periods: before, across and after the close, in either currency.
ASKED: list[tuple[str, ...]] = [
    *(
        (name, contract, day, filters)
        for name in ("DEFERRED_BALANCE", "BACKLOG", "RECOGNIZED_TO_DATE", "BILLED_TO_DATE", "CONTRACT_ASSET")
        for contract in ("C1", "C2", "")
        for day in ("2026-01", "2026-02", "2026-03", "")
        for filters in ("", "currency=EUR")
    ),
    *(
        (name, contract, first, last)
        for name in ("REVENUE_RECOGNIZED", "BILLINGS", "CATCH_UP")
        for contract in ("C1", "C2", "C1/plan")
        for first, last in (("2026-01", "2026-02"), ("2026-02", "2026-03"), ("2026-01", "2026-04"), ("", ""))
    ),
    ("ROLLFORWARD", "", "2026-01", "2026-04"),
    ("REVENUE_SCHEDULE", "C1", "2026-01", "2026-04"),
    ("JOURNAL", "", "2026-02", "2026-03"),
    ("CONTRACT_LIST", "", "2026-02"),
    ("RPO_BANDS", "", "2026-02"),
    ("WATERFALL", "", "2026-02", "3"),
    ("RATABLE_CHECK", "2026-02"),
    ("RATABLE_BOOK",),
]


class ClosedBook:
    """A workbook, what was closed of it, and the rows in its cells."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self._capsys = path, capsys
        self.rows = copy.deepcopy(ROWS)
        self.write()

    @property
    def ledger(self) -> Path:
        return ledger_path(self.path)

    def write(self, **asked: str) -> None:
        """Save the workbook with its rows; `asked` is what stands in cells of its first sheet."""
        workbook = with_tables(self.rows)
        name_book(workbook)
        for cell, text in asked.items():
            workbook.worksheets[0][cell] = text
        saved(workbook, self.path)

    def change(self, table: str, row: int, **cells: str) -> None:
        """Change cells of a row, counted from 0."""
        self.rows[table][row].update(cells)
        self.write()

    def run(self, verb: str, *words: str) -> str:
        """What the command line answers."""
        self._capsys.readouterr()
        code = run([verb, str(self.path), *words])
        said = self._capsys.readouterr()
        assert code == 0, said.err
        return said.out

    def close(self, *periods: str) -> None:
        for period in periods:
            self.run("close", period, "--by", "Ann")

    def reopen(self, period: str) -> None:
        self.run("close", "--reopen", period, "--by", "Ben", "--reason", "late invoice")

    def get(self, name: str, *arguments: str) -> str:
        return self.run("get", name, *arguments).rstrip("\n")

    def tables(self) -> list[tuple[Any, ...]]:
        """The tables as the bridge in Excel hands them over: name, cells, sheet, row and column."""
        workbook = openpyxl.load_workbook(self.path)
        return [(sheet.title, tuple(sheet.values), sheet.title, 1.0, 1.0) for sheet in workbook.worksheets[1:]]

    def damage(self) -> None:
        """Change one byte in the middle of the ledger, as a disk may."""
        content = bytearray(self.ledger.read_bytes())
        content[len(content) // 2] ^= 1
        self.ledger.write_bytes(content)
