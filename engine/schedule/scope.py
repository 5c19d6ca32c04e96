"""Rows this version does not calculate: a book that has any is refused, because leaving them out would misstate every
balance."""

from __future__ import annotations

from collections.abc import Iterator

from engine.book.book import Book, Rows
from engine.book.problems import Problem, Severity

_CHANGES = frozenset({"change", "upgrade", "downgrade", "renew", "extend", "cancel"})
_NOTES = frozenset({"cancellation", "billing_error"})
_DOCUMENTS = frozenset({"refund", "write_off"})


def beyond(book: Book) -> list[Problem]:
    """A stopping problem for each row beyond what is calculated."""
    return [_problem(*found) for found in _rows(book)]


def _rows(book: Book) -> Iterator[tuple[str, str, str]]:
    """Address, what the row is, and what stands there."""
    for row, event in enumerate(book.events.records()):
        if event.type in _CHANGES:
            yield (
                book.events.where(row, "type"),
                "changes of contracts",
                f"{event.event_id}  {event.contract_id}  {event.type}",
            )
    for row, note in enumerate(book.billings.records()):
        said = f"{note.document_id}  {note.contract_id}  {note.type}  {note.reason or ''}".rstrip()
        if note.type == "credit_note" and note.reason and note.reason not in _NOTES:
            yield book.billings.where(row, "reason"), f"credit notes for {note.reason}", said
        if note.type in _DOCUMENTS:
            yield book.billings.where(row, "type"), f"documents of type {note.type}", said
    signed = dict(zip(book.contracts["contract_id"], book.contracts["signed_on"], strict=True))
    for row, (contract, added) in enumerate(_columns(book.obligations, "contract_id", "added_on")):
        if added is not None and added > signed[contract]:
            yield book.obligations.where(row, "added_on"), "obligations added after signing", f"{contract}  {added}"
    for row, (contract, rate) in enumerate(_columns(book.contracts, "contract_id", "financing_rate")):
        if rate:
            yield book.contracts.where(row, "financing_rate"), "significant financing", f"{contract}  {float(rate)}"
    for rows, what in ((book.estimates, "estimates"), (book.costs, "contract costs")):
        for row, contract in enumerate(rows["contract_id"]):
            yield rows.where(row, "contract_id"), what, str(contract)


def _columns(rows: Rows, *names: str) -> Iterator[tuple]:  # type: ignore[type-arg]
    return zip(*(rows[name] for name in names), strict=True)


def _problem(where: str, what: str, found: str) -> Problem:
    remedy = (
        f"This version does not calculate {what}; without them the balances would be wrong, so the book is refused. "
        "Take the row out to go on."
    )
    return Problem(Severity.STOP, "not-calculated", where, found, remedy, f"{what} are not calculated")
