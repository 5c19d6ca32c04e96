"""Small books for the checks, row by row, and what a check finds in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from unittest.mock import patch

from engine.book.problems import Problem, Severity
from engine.book.reading import book_from_rows
from engine.reports.checks import checks
from engine.schedule.compile import compile_book
from engine.schedule.schedule import Schedule

TODAY = date(2026, 11, 21)
AS_OF = date(2026, 6, 30)
Row = dict[str, str]


def contract(contract_id: str = "C1", start: str = "2026-01-01", end: str = "2026-12-31", **cells: str) -> Row:
    """A contract of Acme, signed on the first of the year."""
    row = {"contract_id": contract_id, "customer": "Acme", "signed_on": "2026-01-01", "start": start, "end": end}
    return row | cells


def line(price: str, obligation_id: str = "plan", contract_id: str = "C1", **cells: str) -> Row:
    """An obligation, ratable over the contract unless the cells say otherwise."""
    return {"contract_id": contract_id, "obligation_id": obligation_id, "price": price} | cells


def invoice(document_id: str, day: str, amount: str, contract_id: str = "C1", **cells: str) -> Row:
    """A document; an invoice unless the cells say otherwise."""
    return {"document_id": document_id, "contract_id": contract_id, "date": day, "amount": amount} | cells


def event(kind: str, day: str, contract_id: str = "C1", **cells: str) -> Row:
    return {"event_id": f"{kind} {day}", "contract_id": contract_id, "type": kind, "date": day} | cells


def monthly(amounts: Sequence[str], **cells: str) -> list[Row]:
    """An invoice on the first of each month of 2026."""
    return [invoice(f"I{n:02}", f"2026-{n:02}-01", amount, **cells) for n, amount in enumerate(amounts, 1)]


def scheduled(**tables: Any) -> Schedule:
    """The schedule of a book, even if it has rows that are not calculated: the checks read them all the same."""
    with patch("engine.schedule.compile.beyond", lambda _: [], create=True):
        return compile_book(book_from_rows({"settings": {"as_of": AS_OF.isoformat()}} | tables, TODAY))


def findings(schedule: Schedule, name: str, as_of: date = AS_OF) -> list[Problem]:
    """What the check of that name says, if it does not pass."""
    told = [problem for problem in checks(schedule, as_of) if problem.name == name]
    assert told, f"no check {name}"
    bad = [problem for problem in told if problem.severity is not Severity.OK]
    assert len(told) == 1 or bad == told, "a check that passes says so once"
    return bad


def one(schedule: Schedule, name: str, as_of: date = AS_OF) -> Problem:
    """The only finding of a check; it says where, what and what to do."""
    found = findings(schedule, name, as_of)
    assert len(found) == 1, found
    assert found[0].found and found[0].remedy and found[0].title
    return found[0]


def passed(schedule: Schedule, name: str, as_of: date = AS_OF) -> str:
    """What a check that passes says was compared."""
    assert not findings(schedule, name, as_of)
    return next(problem.found for problem in checks(schedule, as_of) if problem.name == name)
