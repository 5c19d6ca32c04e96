"""The price of an obligation: as stated, or its part of the price of the contract, and how it moved since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from engine.reports.explain.subject import Row, Subject
from engine.schedule.allocation import Line, allocate, lines
from engine.schedule.kernel import rounded


def price_rows(subject: Subject, place: int) -> Iterator[Row]:
    """The price first in force, and each that followed."""
    key, before = subject.evidence.name(place), None
    for version in subject.versions(place):
        if before is None:
            words, rows = _inception(subject, place, version.price)
            yield Row(key, "price", version.price, words, rows)
        elif version.price != before:
            moved = "; ".join(subject.movers_on(place, version.since))
            words = _again(subject, place, version.price) or f"{subject.money(before)} moved by the rows of that day"
            yield Row(key, f"price from {version.since}", version.price, words, moved)
        before = version.price


def _inception(subject: Subject, place: int, price: int) -> tuple[str, str]:
    """How the first price was allocated, and the cells: with those it is combined with, or by the contract alone."""
    ways = [(_combined(subject), _with(subject)), (list(subject.layout.members(subject.contract)), "")]
    if not subject.schedule.joined(subject.versions(place)[0].since)[subject.contract]:
        ways.reverse()
    for together, words in ways:
        if _allocated(subject, together)[place] == price:
            return _words(subject, place, together) + words, _cells(subject, place, together)
    return "by the rows in force on the day of signing", subject.evidence.at_obligation(place, "price")


def _again(subject: Subject, place: int, price: int) -> str:
    """How a later price was allocated, if it is the one of combined contracts."""
    together = _combined(subject)
    if len(together) > len(subject.layout.members(subject.contract)) and _allocated(subject, together)[place] == price:
        return _words(subject, place, together) + _with(subject)
    beyond = price - _allocated(subject, list(subject.layout.members(subject.contract)))[place]
    if subject.evidence.obligation(place, "method") == "usage" and beyond > 0:
        return f"raised by use beyond the commitment, {subject.money(beyond)} in all"
    return ""


def _combined(subject: Subject) -> list[int]:
    """Obligations of the contracts that are allocated as one with this, in the order of their table."""
    layout = subject.layout
    group = next(group for group in layout.groups if subject.contract in group)
    places = [place for contract in group for place in layout.members(contract)]
    return sorted(places, key=lambda place: int(layout.obligations[place]))


def _with(subject: Subject) -> str:
    group = next(group for group in subject.layout.groups if subject.contract in group)
    others = [subject.layout.contract_id(contract) for contract in group if contract != subject.contract]
    return f"; combined with {', '.join(others)}" if others else ""


def _lines(subject: Subject, places: Sequence[int]) -> list[Line]:
    columns = ("price", "ssp", "allocation", "discount_group")
    return lines([tuple(subject.evidence.obligation(place, name) for name in columns) for place in places])


def _allocated(subject: Subject, places: Sequence[int]) -> dict[int, int]:
    """The price of each of some obligations that are allocated as one."""
    ready = _lines(subject, places)
    return dict(zip(places, allocate(sum(line.price for line in ready), ready), strict=True))


def _words(subject: Subject, place: int, places: Sequence[int]) -> str:
    """The allocation of one obligation in words and numbers."""
    ready = dict(zip(places, _lines(subject, places), strict=True))
    own, money = ready[place], subject.money
    if own.treatment == "stated":
        return "as stated"
    whole = sum(line.price for line in ready.values())
    if own.treatment == "residual":
        return f"residual: {money(whole)} less what the others are allocated, {money(whole - own.price)} as stated"
    pool = [line for line in ready.values() if line.treatment == "relative" and line.group == own.group]
    shared, weights = _shared(subject, place, places), sum(line.ssp or 0 for line in pool)
    group = f", discount group {own.group}" if own.group else ""
    words = f"relative{group}: {money(shared)} x {money(own.ssp or 0)} / {money(weights)} by ssp"
    exact = weights and rounded(shared, Fraction(own.ssp or 0, weights)) == _allocated(subject, places)[place]
    return words if exact else f"{words}, rounded in running totals"


def _shared(subject: Subject, place: int, places: Sequence[int]) -> int:
    """What the obligations that share their price by ssp with this one share in all."""
    ready, parts = dict(zip(places, _lines(subject, places), strict=True)), _allocated(subject, places)
    own = ready[place]
    return sum(parts[n] for n, line in ready.items() if line.treatment == "relative" and line.group == own.group)


def _cells(subject: Subject, place: int, places: Sequence[int]) -> str:
    """The cells a price came from: its own, and the ssp of those it is shared with."""
    evidence, ready = subject.evidence, dict(zip(places, _lines(subject, places), strict=True))
    cells = [evidence.at_obligation(place, "price")]
    if ready[place].treatment != "stated":
        cells += [evidence.at_obligation(n, "ssp") for n, line in ready.items() if line.ssp is not None]
    return ", ".join(cells)
