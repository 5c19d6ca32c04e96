"""A book as a folder of CSV files: the same headers as the workbook, and a file that Excel opens with its accents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from engine.book import catalogue
from engine.book.reading import book_from_rows, examine_book, read_book
from engine.sheets.template_csv import write_csv_folder

TODAY = date(2026, 7, 15)


def test_there_is_a_file_for_each_table_with_its_headers(tmp_path: Path) -> None:
    write_csv_folder(tmp_path / "new")
    for name in catalogue.table_names():
        first = (tmp_path / "new" / f"{name.lower()}.csv").read_text("utf-8-sig").splitlines()[0]
        own = ["help"] if name == "Settings" else []
        assert first.split(",") == [*(column.name for column in catalogue.columns(name)), *own]


def test_only_the_settings_have_rows_in_an_empty_folder(tmp_path: Path) -> None:
    write_csv_folder(tmp_path)
    rows = {file.stem: len(file.read_text("utf-8-sig").splitlines()) - 1 for file in tmp_path.iterdir()}
    assert {name for name, count in rows.items() if count} == {"settings"}


def test_an_empty_folder_is_read_without_any_problem(tmp_path: Path) -> None:
    write_csv_folder(tmp_path)
    book, problems = examine_book(tmp_path, TODAY)
    assert problems == []
    assert book is not None
    assert len(book.contracts) == 0


def test_files_begin_with_a_byte_order_mark_and_end_lines_as_excel_does(tmp_path: Path) -> None:
    write_csv_folder(tmp_path)
    octets = (tmp_path / "contracts.csv").read_bytes()
    assert octets.startswith(b"\xef\xbb\xbfcontract_id,")
    assert octets.endswith(b"\r\n")


def test_a_filled_folder_is_the_same_book_as_its_rows(tmp_path: Path) -> None:
    one: dict[str, object] = {"contract_id": "00123"}
    rows: dict[str, list[dict[str, object]]] = {
        "Settings": [{"name": "entity", "value": "Größe, Ltd."}],
        "Contracts": [{**one, "customer": 'A "B", C', "signed_on": date(2026, 1, 2), "cancellable": True}],
        "Obligations": [
            {**one, "obligation_id": "x", "price": Decimal("10.50"), "method": "progress", "expected_total": 2.5},
            {**one, "obligation_id": "y", "price": 7, "method": "usage", "quantity": "0.25"},
        ],
    }
    write_csv_folder(tmp_path, rows)
    assert read_book(tmp_path, TODAY).fingerprint == book_from_rows(rows, TODAY).fingerprint
