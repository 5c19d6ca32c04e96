"""A good small book, and the ways to read it: as rows, as a folder of CSV files, as a workbook."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl

from engine.book.book import Book
from engine.book.problems import Problem
from engine.book.reading import examine_rows

TODAY = dt.date(2026, 11, 20)
Tables = dict[str, list[dict[str, Any]]]

#: Every table, every method, every document type and most events, and nothing wrong with any of them.
GOOD: Tables = {
    "settings": [{"name": "reporting_currency", "value": "USD"}, {"name": "as_of", "value": "2026-10-31"}],
    "contracts": [
        {"contract_id": "C1", "customer": "Acme", "signed_on": "2026-01-01", "currency": "USD"},
        {"contract_id": "C2", "customer": "Birch", "signed_on": "2026-02-01", "currency": "EUR",
         "start": "2026-02-01", "end": "2027-01-31", "enforceable_end": "2026-12-31"},
        {"contract_id": "C3", "customer": "Cedar", "signed_on": "2026-03-01", "currency": "USD"},
        {"contract_id": "C4", "customer": "Cedar", "signed_on": "2026-03-02", "currency": "USD", "combined_with": "C3"},
    ],
    "obligations": [
        {"contract_id": "C1", "obligation_id": "plan", "price": "1200.00", "start": "2026-01-01", "end": "2026-12-31"},
        {"contract_id": "C1", "obligation_id": "seats", "price": "100.00", "method": "point_in_time", "quantity": "10"},
        {"contract_id": "C1", "obligation_id": "build", "price": "1000.00", "method": "progress",
            "expected_total": "100"},
        {"contract_id": "C1", "obligation_id": "card", "price": "500.00", "method": "redemption",
            "breakage_percent": "10"},
        {"contract_id": "C1", "obligation_id": "calls", "price": "800.00", "method": "usage", "quantity": "8000"},
        {"contract_id": "C1", "obligation_id": "phases", "price": "900.00", "method": "milestone"},
        {"contract_id": "C1", "obligation_id": "royalty", "price": "300.00", "method": "manual"},
        {"contract_id": "C2", "obligation_id": "plan", "price": "600.00"},
        {"contract_id": "C3", "obligation_id": "base", "price": "60.00", "ssp": "80.00", "start": "2026-03-01",
         "end": "2026-08-31"},
        {"contract_id": "C3", "obligation_id": "extra", "price": "40.00", "ssp": "40.00", "start": "2026-03-01",
         "end": "2026-08-31"},
        {"contract_id": "C4", "obligation_id": "rest", "price": "50.00", "allocation": "residual", "ssp_low": "10.00",
         "ssp_high": "60.00", "start": "2026-03-02", "end": "2026-08-31"},
    ],
    "billings": [
        {"document_id": "D1", "contract_id": "C1", "date": "2026-01-01", "amount": "1200.00", "tax_amount": "228.00"},
        {"document_id": "D2", "contract_id": "C2", "date": "2026-02-01", "amount": "600.00", "currency": "EUR"},
        {"document_id": "D3", "contract_id": "C1", "date": "2026-03-01", "amount": "400.00"},
        {"document_id": "P1", "contract_id": "C1", "date": "2026-01-31", "amount": "1428.00", "type": "payment",
         "applies_to": "D1"},
        {"document_id": "N1", "contract_id": "C1", "date": "2026-04-01", "amount": "200.00", "type": "credit_note",
         "applies_to": "D1", "reason": "Billing error"},
        {"document_id": "R1", "contract_id": "C1", "date": "2026-04-02", "amount": "200.00", "type": "refund",
         "applies_to": "N1"},
        {"document_id": "V1", "contract_id": "C1", "date": "2026-05-01", "amount": "400.00", "type": "void",
         "applies_to": "D3"},
        {"document_id": "D4", "contract_id": "C3", "date": "2026-03-05", "amount": "30.00"},
        {"document_id": "W1", "contract_id": "C3", "date": "2026-06-05", "amount": "30.00", "type": "write_off",
         "applies_to": "D4", "reason": "insolvent"},
    ],
    "events": [
        {"event_id": "E1", "contract_id": "C1", "date": "2026-02-01", "type": "deliver", "obligation_id": "seats",
            "quantity": "4"},
        {"event_id": "E2", "contract_id": "C1", "date": "2026-02-01", "type": "progress", "quantity": "60"},
        {"event_id": "E3", "contract_id": "C1", "date": "2026-03-01", "type": "estimate", "quantity": "120"},
        {"event_id": "E4", "contract_id": "C1", "date": "2026-04-01", "type": "progress", "percent": "90"},
        {"event_id": "E5", "contract_id": "C1", "date": "2026-02-01", "type": "redeem", "quantity": "300"},
        {"event_id": "E6", "contract_id": "C1", "date": "2026-02-01", "type": "use", "quantity": "100",
            "price": "0.0025"},
        {"event_id": "E7", "contract_id": "C1", "date": "2026-02-01", "type": "deliver", "obligation_id": "phases",
         "percent": "50"},
        {"event_id": "E8", "contract_id": "C1", "date": "2026-02-01", "type": "recognize", "amount": "300.00"},
        {"event_id": "E9", "contract_id": "C1", "date": "2026-05-01", "type": "pause"},
        {"event_id": "E10", "contract_id": "C1", "date": "2026-06-01", "type": "resume", "treatment": "extend"},
        {"event_id": "E11", "contract_id": "C1", "date": "2026-06-01", "type": "hold", "obligation_id": "plan"},
        {"event_id": "E12", "contract_id": "C1", "date": "2026-07-01", "type": "release", "obligation_id": "plan"},
        {"event_id": "E13", "contract_id": "C2", "date": "2026-07-01", "type": "upgrade", "price": "700.00",
         "treatment": "prospective"},
        {"event_id": "E14", "contract_id": "C2", "date": "2026-02-15", "type": "activate"},
        {"event_id": "E15", "contract_id": "C1", "date": "2026-09-30", "type": "expire", "obligation_id": "card"},
        {"event_id": "E16", "contract_id": "C2", "date": "2026-10-15", "type": "cancel", "amount": "50.00"},
    ],
    "estimates": [{"contract_id": "C1", "date": "2026-03-31", "kind": "Rebate", "amount": "-60.00",
        "obligation_id": "plan"}],
    "rates": [{"date": "2026-01-31", "from": "EUR", "to": "USD", "rate": "1.0842"}],
    "accounts": [{"role": "revenue", "account": "4000"}, {"role": "Deferred current", "account": "2400"}],
    "costs": [{"cost_id": "K1", "contract_id": "C2", "date": "2026-02-01", "amount": "90.00", "kind": "obtain"}],
    "ledger": [{"account": "2400", "date": "2026-10-31", "balance": "-500.00"}],
}  # fmt: skip


def examine(tables: Tables) -> tuple[Book | None, list[Problem]]:
    return examine_rows(tables, TODAY)


def write_folder(tables: Tables, folder: Path, separator: str = ",") -> Path:
    """The book as a folder of CSV files."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(
                file, list(dict.fromkeys(column for row in rows for column in row)), delimiter=separator
            )
            writer.writeheader()
            writer.writerows(rows)
    return folder


def write_workbook(tables: Tables, path: Path) -> Path:
    """The book as a workbook with a sheet a table, dates and numbers typed as a person's would be."""
    book = openpyxl.Workbook()
    for name, rows in tables.items():
        sheet = book.create_sheet(name.capitalize())
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([typed(row.get(column, "")) for column in columns])
    del book["Sheet"]
    book.save(path)
    return path


def typed(text: Any) -> Any:
    """A cell as Excel keeps what is typed."""
    if isinstance(text, bool):
        return text
    for read in (float, dt.datetime.fromisoformat):
        try:
            return read(text)
        except (TypeError, ValueError):
            continue
    return text or None
