"""Random edits of random books: rows deleted, changed, back-dated, re-typed under another name."""

from __future__ import annotations

import copy
import random
from datetime import date, timedelta
from typing import Any

from engine.book.book import Book
from engine.book.reading import examine_rows

_TABLES = ("contracts", "obligations", "billings", "events", "estimates", "openings", "costs", "rates")
_IDS = ("document_id", "event_id", "cost_id")


def edited(rng: random.Random, book: dict[str, Any]) -> dict[str, Any]:
    """One to four rows edited; the book may be refused then."""
    result = copy.deepcopy(book)
    for _ in range(rng.randint(1, 4)):
        table = rng.choice([name for name in _TABLES if result.get(name)])
        row = rng.choice(result[table])
        if table == "events" and row["type"] == "cancel":  # nothing can be cancelled before it is signed
            continue
        rng.choice((_delete, _change, _back_date, _retype))(rng, result[table], row)
    return result


def versions(rng: random.Random, book: dict[str, Any], count: int, today: date) -> list[Book]:
    """The book and further versions of it, each edited from the one before and none of them refused."""
    found = [_read(book, today)]
    for _ in range(60):
        if len(found) == count:
            break
        candidate = edited(rng, book)
        read = _read(candidate, today)
        if read is not None:
            book = candidate
            found.append(read)
    return [each for each in found if each is not None]


def _read(book: dict[str, Any], today: date) -> Book | None:
    return examine_rows(book, today)[0]


def _delete(_: random.Random, rows: list[Any], row: dict[str, str]) -> None:
    if len(rows) > 1:
        rows.remove(row)


def _change(rng: random.Random, _: list[Any], row: dict[str, str]) -> None:
    if row.get("rate"):
        row["rate"] = f"{float(row['rate']) * rng.uniform(0.8, 1.25):.6f}"
    for column in ("price", "amount", "billed"):
        if row.get(column):
            whole, point, cents = row[column].partition(".")
            row[column] = f"{int(whole) + rng.randint(1, 500)}{point}{cents}"


def _back_date(rng: random.Random, _: list[Any], row: dict[str, str]) -> None:
    for column in ("date", "signed_on", "start"):
        if row.get(column):
            row[column] = (date.fromisoformat(row[column]) - timedelta(rng.randint(1, 90))).isoformat()


def _retype(_: random.Random, rows: list[Any], row: dict[str, str]) -> None:
    for column in _IDS:
        if row.get(column):
            row[column] += "x"
    if row.get("method"):
        row["method"] = "ratable"
    rows.remove(row)
    rows.append(row)
