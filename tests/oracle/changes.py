"""Changes of a contract: the rows of one date read as one change, and what treatment each part of it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .book import Book
from .calendars import ONE_DAY
from .rows import CANCEL_RANK, CHANGE_RANK, Event, Obligation, Order


@dataclass(frozen=True, eq=False)
class Change:
    """All that one date changes in a contract (or in contracts allocated as one), sorted by treatment."""

    day: date
    rows: tuple[Event, ...]
    separate: tuple[Event, ...]
    prospective: tuple[Event, ...]
    catch_up: tuple[Event, ...]
    added_separate: tuple[Obligation, ...]
    added_prospective: tuple[Obligation, ...]
    added_catch_up: tuple[Obligation, ...]
    upgraded: tuple[Event, ...]  # cancels that belong to an obligation added on this date

    @property
    def order(self) -> Order:
        """After the estimates of its day, before everything else."""
        return self.day, CHANGE_RANK, ""

    @property
    def is_prospective(self) -> bool:
        """True if it starts the contract anew with what is left."""
        return bool(self.prospective or self.added_prospective or self.upgraded)


def upgrade_day(book: Book, cancel: Event) -> date | None:
    """The date of the added obligation a cancel belongs to: its own date, or the next (it stands on the eve)."""
    added = {o.added_on for o in book.obligations_of(cancel.contract) if not o.is_original}
    for day in (cancel.day, cancel.day + ONE_DAY):
        if day in added:
            return day
    return None


def changes_of(book: Book, contracts: Sequence[str]) -> list[Change]:
    """All changes of some contracts that are one, in order of date."""
    rows = [e for e in book.events if e.type == "change" and e.contract.id in contracts]
    added = [o for o in book.obligations if not o.is_original and o.contract.id in contracts]
    cancels = {e: upgrade_day(book, e) for e in book.events if e.type == "cancel" and e.contract.id in contracts}
    days = {row.day for row in rows} | {o.added_on for o in added}
    return [
        _one_change(
            day,
            [row for row in rows if row.day == day],
            [o for o in added if o.added_on == day],
            [cancel for cancel, upgrade in cancels.items() if upgrade == day],
            [row for row in rows if row.day < day],
        )
        for day in sorted(days)
    ]


def cancels_of(book: Book, contracts: Sequence[str]) -> list[Event]:
    """The cancels that are no part of an upgrade."""
    cancels = [e for e in book.events if e.type == "cancel" and e.contract.id in contracts]
    return [cancel for cancel in cancels if upgrade_day(book, cancel) is None]


def cancel_order(cancel: Event) -> Order:
    """A cancel comes after the change of its day."""
    return cancel.day, CANCEL_RANK, cancel.id


def _one_change(
    day: date, rows: list[Event], added: list[Obligation], upgraded: list[Event], earlier: list[Event]
) -> Change:
    default = _treatment(rows, added, upgraded, earlier)

    def treated(row: Event, treatment: str) -> bool:
        return ("prospective" if upgraded else row.treatment or default) == treatment

    def parts(treatment: str) -> tuple[Event, ...]:
        return tuple(row for row in rows if treated(row, treatment))

    def lines(treatment: str) -> tuple[Obligation, ...]:
        return tuple(added) if default == treatment else ()

    return Change(
        day=day,
        rows=tuple(rows),
        separate=parts("separate"),
        prospective=parts("prospective"),
        catch_up=parts("catch_up"),
        added_separate=lines("separate"),
        added_prospective=lines("prospective"),
        added_catch_up=lines("catch_up"),
        upgraded=tuple(upgraded),
    )


def _treatment(rows: list[Event], added: list[Obligation], upgraded: list[Event], earlier: list[Event]) -> str:
    """The treatment of the rows that say none, and of what is added."""
    if upgraded:
        return "prospective"
    words = {row.treatment for row in rows if row.treatment}
    if len(words) == 1:
        return words.pop()
    if words:  # rows of several treatments: the one that has nothing but a treatment speaks for the date
        speaking = [row.treatment for row in rows if row.treatment and not row.moves_terms and row.amount is None]
        return speaking[-1] if speaking else "prospective"
    moving = [row for row in rows if row.moves_terms]
    at_its_ssp = all(o.ssp == o.price for o in added)
    renewed = all(row.word == "renew" and row.end is not None and not _is_for_less(row, earlier) for row in moving)
    return "separate" if at_its_ssp and renewed and (added or moving) else "prospective"


def _is_for_less(row: Event, earlier: list[Event]) -> bool:
    """Whether a row lowers the price that was in force: no more was added for more money."""
    if row.price is None:
        return False
    before = Fraction(row.obligations[0].price)
    for other in sorted(earlier, key=lambda other: other.order):
        if other.obligations == row.obligations and other.price is not None:
            before = other.price
    return row.price < before if before > 0 else row.price > before and before < 0
