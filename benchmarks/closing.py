"""Closing a period of 100,000 obligations beside writing its pack alone, and opening a ledger of 60 closes.

A close goes through the same checks and writes the same pack; beyond that it keeps every balance, entry and row.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from addin import actions
from addin.closing import close_period
from benchmarks.books import AS_OF, TODAY, rows
from benchmarks.timing import Comparison, Result, at_most
from engine.ledger.file import ledger_path
from engine.ledger.ledger import Ledger
from engine.reports.standing import standing_journal
from engine.schedule.history import History
from engine.schedule.schedule import Schedule

COUNT, SMALL, CLOSES, TURNS = 100_000, 2_000, 60, 9
#: seconds within which a ledger of 60 closes is to be open
SOON = 0.1
_NOW = "2024-10-05T09:00:00+00:00"


def comparisons() -> Iterator[Comparison | Result]:
    with TemporaryDirectory() as folder:
        yield _opening(Path(folder))
        book, packed, closed = (Path(folder) / name for name in ("large", "pack.xlsx", "close.xlsx"))
        _write(book, COUNT)

        def pack() -> None:
            actions.pack(actions.open_book(book, TODAY), TODAY, AS_OF.isoformat(), packed)

        def close() -> None:
            ledger_path(book).unlink(missing_ok=True)
            close_period(actions.open_book(book, TODAY), f"{AS_OF:%Y-%m}", "Ann", _NOW, closed)

        yield Comparison(
            f"close of {COUNT:,} obligations", "their pack alone, both from the files", close, pack, at_most(2), turns=3
        )


def _write(book: Path, count: int) -> None:
    """A book as a folder of CSV files."""
    book.mkdir()
    for name, lines in rows(count, billed=True).items():
        with (book / f"{name.lower()}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)


def _opening(folder: Path) -> Result:
    """Sixty closes of a book that is not small, opened and proved byte by byte."""
    book = folder / "closed"
    _write(book, SMALL)
    opened = actions.open_book(book, TODAY)
    _close_all(opened.ledger, opened.schedule)
    path = ledger_path(book)
    assert len(Ledger(path).closes) == CLOSES
    found = []
    for _ in range(TURNS):
        begin = time.perf_counter()
        Ledger(path)
        found.append(time.perf_counter() - begin)
    name = f"ledger of {CLOSES} closes opened"
    peer = f"{SOON:g} s; {SMALL:,} obligations, {path.stat().st_size / 1e6:,.1f} MB"
    return Result(Comparison(name, peer, _nothing, _nothing, at_most(1), turns=TURNS), found, [SOON] * TURNS)


def _close_all(ledger: Ledger, schedule: Schedule) -> None:
    calendar = schedule.calendar
    first = calendar.period(AS_OF.toordinal()) - CLOSES + 1
    for number in range(first, first + CLOSES):
        days = date.fromordinal(calendar.start(number)), date.fromordinal(calendar.end(number))
        entries = standing_journal(History(schedule), *days)
        named = {"name": "pack.xlsx", "digest": "0" * 64}
        ledger.close(schedule, calendar.label(number), days, "Ann", _NOW, [], [], entries, named)


def _nothing() -> None:
    """Measured elsewhere."""
