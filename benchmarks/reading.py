"""Reading a workbook of 100,000 rows into a checked book, beside python-calamine's own reading of the same file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from benchmarks.books import TODAY, Row, rows, with_changes
from benchmarks.timing import Comparison, at_most
from engine.book.reading import read_book

CONTRACTS, OBLIGATIONS = 1_000, 100_000


def comparisons() -> Iterator[Comparison]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        tables = _many_lines_of_few_contracts()
        write(path, tables)
        cells = by_calamine(path)["Obligations"]
        book = read_book(path, TODAY)
        assert len(book.obligations) == len(cells) - 1 == OBLIGATIONS
        prices = cells[0].index("price")
        assert book.obligations["price"] == [round(row[prices] * 100) for row in cells[1:]]
        yield Comparison(
            f"read {OBLIGATIONS:,} rows x {len(cells[0])} columns",
            "python-calamine alone",
            lambda: read_book(path, TODAY),
            lambda: by_calamine(path),
            at_most(2),
            turns=7,
        )
        changed = with_changes(tables)
        write(path, changed)
        assert len(read_book(path, TODAY).events) == len(changed["Events"])
        yield Comparison(
            f"... and {len(changed['Events']):,} changes of them",
            "python-calamine alone",
            lambda: read_book(path, TODAY),
            lambda: by_calamine(path),
            at_most(3),
            turns=7,
        )


def _many_lines_of_few_contracts() -> dict[str, list[Row]]:
    tables = rows(OBLIGATIONS, billed=False)
    for n, row in enumerate(tables["Obligations"]):
        row["contract_id"], row["obligation_id"] = f"C-{n % CONTRACTS:06}", f"line {n // CONTRACTS}"
    del tables["Contracts"][CONTRACTS:]
    return tables


def write(path: Path, tables: dict[str, list[Row]]) -> None:
    workbook = Workbook(write_only=True)
    for name, records in tables.items():
        sheet = workbook.create_sheet(name)
        sheet.append(list(records[0]))
        for record in records:
            sheet.append(list(record.values()))
    workbook.save(path)


def by_calamine(path: Path) -> dict[str, list[list[Any]]]:
    workbook = CalamineWorkbook.from_path(path)
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}
