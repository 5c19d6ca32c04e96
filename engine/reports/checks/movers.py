"""Movers: the rows of a book that move the price or the terms of a contract, and so explain what its figures do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.book.book import Book, Rows
from engine.book.tables import CHANGES
from engine.schedule.layout import Layout

#: reasons of credit notes that move the price or the revenue of a contract
_MOVING = ("price", "goodwill", "full_refund", "dispute", "bad_debt")


@dataclass(frozen=True, slots=True)
class Mover:
    """A row that moves the price or the terms of a contract: a change, use, an estimate, an added line, a note.

    kind           what it is, in a word or two
    obligation_id  obligation it names, if any
    price          new total price, of a change that sets one
    lowers         it takes something off the price, whatever that is
    ends           it ends the service
    sets_end       it sets a new end
    """

    rows: Rows[Any]
    row: int
    day: date
    kind: str
    column: str
    obligation_id: str | None = None
    price: int | None = None
    lowers: bool = False
    ends: bool = False
    sets_end: bool = False

    def __str__(self) -> str:
        """`upgrade of 2026-07-01 (Events!C4)`."""
        return f"{self.kind} of {self.day.isoformat()} ({self.rows.where(self.row, self.column)})"


def movers(layout: Layout) -> dict[int, list[Mover]]:
    """The movers of each contract (its place in the layout), whatever their day, in order of their days."""
    result: dict[int, list[Mover]] = defaultdict(list)
    for contract_id, mover in _all(layout):
        result[layout.place_of[contract_id]].append(mover)
    return {contract: sorted(found, key=lambda mover: mover.day) for contract, found in result.items()}


def _all(layout: Layout) -> Iterator[tuple[str, Mover]]:
    """Every mover with the id of its contract."""
    book = layout.book
    yield from _events(book)
    yield from _estimates(book)
    yield from _notes(book)
    yield from _added(layout)
    yield from _combined(layout)


def _events(book: Book) -> Iterator[tuple[str, Mover]]:
    events = book.events
    columns = [events[name] for name in ("contract_id", "date", "type", "obligation_id", "price", "amount", "end")]
    for row, (contract_id, day, kind, own, price, amount, end) in enumerate(zip(*columns, strict=True)):
        if kind in CHANGES:
            moves = {"lowers": (amount or 0) < 0, "sets_end": end is not None}
            yield contract_id, Mover(events, row, day, kind, "type", own, price, **moves)
        elif kind in ("cancel", "use"):
            yield contract_id, Mover(events, row, day, kind, "type", own, ends=kind == "cancel")


def _estimates(book: Book) -> Iterator[tuple[str, Mover]]:
    estimates = book.estimates
    columns = [estimates[name] for name in ("contract_id", "date", "kind", "obligation_id", "amount")]
    for row, (contract_id, day, kind, own, amount) in enumerate(zip(*columns, strict=True)):
        yield contract_id, Mover(estimates, row, day, f"{kind} estimate", "amount", own, lowers=amount < 0)


def _notes(book: Book) -> Iterator[tuple[str, Mover]]:
    billings = book.billings
    columns = [billings[name] for name in ("contract_id", "date", "type", "obligation_id", "reason")]
    for row, (contract_id, day, kind, own, reason) in enumerate(zip(*columns, strict=True)):
        if kind == "write_off" or reason in _MOVING:
            yield contract_id, Mover(billings, row, day, reason or "write-off", "reason", own)


def _added(layout: Layout) -> Iterator[tuple[str, Mover]]:
    """Obligations added after signing."""
    obligations, signed = layout.book.obligations, layout.signed
    columns = [obligations[name] for name in ("contract_id", "added_on", "obligation_id")]
    for row, (contract_id, day, own) in enumerate(zip(*columns, strict=True)):
        if day is not None and day.toordinal() > signed[layout.place_of[contract_id]]:
            yield contract_id, Mover(obligations, row, day, f"{own} added", "added_on", own)


def _combined(layout: Layout) -> Iterator[tuple[str, Mover]]:
    """Of combined contracts, the signing of the last allocates their price anew."""
    contracts = layout.book.contracts
    for group in layout.groups:
        if len(group) > 1:
            last = int(layout.contracts[max(group, key=lambda contract: int(layout.signed[contract]))])
            kind = "signing of the last combined contract"
            found = Mover(contracts, last, contracts["signed_on"][last], kind, "signed_on")
            yield from ((layout.contract_id(contract), found) for contract in group)
