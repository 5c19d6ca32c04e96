"""Changes of a contract: the rows of one date read as one change, its treatments, and the pool of a prospective one.

Source: ASC 606-10-25-10 to 25-13 (contract modifications), 606-10-32-42 to 32-45 (changes in the transaction price).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from engine.book.tables import CHANGES, Event
from engine.schedule.clocks import ALL, NONE
from engine.schedule.kernel import share_out
from engine.schedule.line import Line
from engine.schedule.promise import Ended, Promise, Rest, Strand

SEPARATE, PROSPECTIVE, CATCH_UP = "separate", "prospective", "catch_up"


@dataclass(frozen=True, slots=True)
class Change:
    """All that one date changes in contracts that are accounted for as one.

    rows, added  events and added obligations, by treatment
    upgraded     cancels of what an obligation added on this date replaces
    """

    day: int
    rows: Mapping[str, Sequence[Event]]
    added: Mapping[str, Sequence[Promise]]
    upgraded: Sequence[Event]

    @property
    def is_prospective(self) -> bool:
        """Whether the contract begins anew with what is left."""
        return bool(self.rows[PROSPECTIVE] or self.added[PROSPECTIVE] or self.upgraded)

    @property
    def holds_from_before(self) -> bool:
        """Whether a part of it holds as if it had from the start."""
        return bool(self.rows[CATCH_UP] or self.added[CATCH_UP])

    @property
    def every_row(self) -> list[Event]:
        return [row for rows in self.rows.values() for row in rows]


def moves_terms(row: Event) -> bool:
    """Whether a row sets a new price, end, quantity or ssp."""
    return any(term is not None for term in (row.price, row.end, row.quantity, row.ssp))


def changes_of(promises: Sequence[Promise], events: Iterable[Event]) -> dict[int, Change]:
    """The changes of contracts that are one, by day."""
    rows: dict[int, list[Event]] = {}
    added: dict[int, list[Promise]] = {}
    upgraded: dict[int, list[Event]] = {}
    for promise in promises:
        if not promise.is_original:
            added.setdefault(promise.added, []).append(promise)
    for event in sorted(events, key=lambda event: (event.date, event.event_id)):
        day = event.date.toordinal()
        if event.type in CHANGES:
            rows.setdefault(day, []).append(event)
        elif event.type == "cancel" and (on := upgrade_day(event, promises)) is not None:
            upgraded.setdefault(on, []).append(event)
    prices = {(promise.contract_id, promise.row.obligation_id): promise.row.price for promise in promises}
    found = {}
    for day in sorted({*rows, *added}):
        found[day] = _change(day, rows.get(day, []), added.get(day, []), upgraded.get(day, []), prices)
        prices |= {_line_of(row): int(row.price) for row in rows.get(day, []) if row.price is not None}
    return found


def _line_of(row: Event) -> tuple[str, str]:
    return row.contract_id, row.obligation_id or ""


def upgrade_day(cancel: Event, promises: Iterable[Promise]) -> int | None:
    """Day of the added obligation of its contract that a cancel belongs to: its own, or the next."""
    day = cancel.date.toordinal()
    days = {p.added for p in promises if not p.is_original and p.contract_id == cancel.contract_id}
    return next((on for on in (day, day + 1) if on in days), None)


def _change(
    day: int, rows: list[Event], added: list[Promise], upgraded: list[Event], prices: Mapping[tuple[str, str], int]
) -> Change:
    """`prices` are those in force before."""
    usual = PROSPECTIVE if upgraded else _treatment(rows, added, prices)
    words = (SEPARATE, PROSPECTIVE, CATCH_UP)
    by_row = {word: [row for row in rows if (usual if upgraded else row.treatment or usual) == word] for word in words}
    return Change(day, by_row, {word: added if word == usual else [] for word in words}, upgraded)


def _treatment(rows: Sequence[Event], added: Sequence[Promise], prices: Mapping[tuple[str, str], int]) -> str:
    """The treatment of the rows of a date that say none, and of what is added on it."""
    words = {row.treatment for row in rows if row.treatment}
    if len(words) == 1:
        return words.pop()
    if words:  # a row that says nothing but a treatment speaks for its date
        spoken = [row.treatment for row in rows if row.treatment and not moves_terms(row) and row.amount is None]
        return spoken[-1] if spoken else PROSPECTIVE
    return SEPARATE if _is_separate_by_itself(rows, added, prices) else PROSPECTIVE


def _is_separate_by_itself(
    rows: Sequence[Event], added: Sequence[Promise], prices: Mapping[tuple[str, str], int]
) -> bool:
    """Whether a change without a treatment is a separate contract: what is added is at its standalone price, what
    moves is renewed, and not for less than it was."""
    moving = [row for row in rows if moves_terms(row)]
    return (
        bool(added or moving)
        and all(promise.row.ssp == promise.row.price for promise in added)
        and all(row.type == "renew" and row.end is not None for row in moving)
        and not any(_takes_away(row, prices.get(_line_of(row), 0)) for row in moving)
    )


def _takes_away(row: Event, price: int) -> bool:
    """Whether a row lowers a price, by its size."""
    return row.price is not None and (int(row.price) - price) * price < 0


@dataclass(slots=True)
class Before:
    """A line before the change, and what it brings into the pool."""

    contracted: int
    rest: Rest
    left_of_ssp: Fraction
    more: int = 0  # change in price
    ssp: int | None = None  # on a row of the change
    is_new: bool = False

    @property
    def own(self) -> int:
        """Its price less what is recognized, with its change."""
        return self.contracted + self.more - self.rest.recognized


class Shared(NamedTuple):
    """How a pool was given away: the lines that take it, in order, by which weights and how much, over what is left or
    at once; none where nothing is left to do, and every line has a part of it by price."""

    pool: int
    taking: Sequence[int]
    weights: Sequence[Fraction]
    parts: Sequence[int]
    at_once: bool


@dataclass(slots=True)
class Pool:
    """A prospective change: what is not yet recognized goes to what is left to do.

    lines     of the contract by index in the schedule, told up to the eve; added ones join them
    as_if     rows of changes that hold as if they had from this day
    meant     the lines a row is about
    fallen    what of the unearned price of a line falls away by a cancel that is an upgrade
    estimate  estimates of the contract that belong to what it is from now on

    What it came to, once it is spread, by index:
    before    the lines that go on, as they were
    replaced  those that an upgrade ends, and what falls away of their price
    shared    who took it
    """

    lines: dict[int, Line]
    change: Change
    as_if: Sequence[Event]
    meant: Callable[[Event], Sequence[Line]]
    fallen: Callable[[Event, Line], int]
    estimate: int
    before: dict[int, Before] = field(default_factory=dict)
    replaced: dict[int, tuple[Before, int]] = field(default_factory=dict)
    shared: Shared | None = None

    def spread(self, added: Sequence[Line]) -> None:
        """Give the pool to the lines not yet satisfied and the added ones, to be earned over what is left."""
        day = self.change.day
        whole = sum(line.proper for line in self.lines.values())
        for index, line in self.lines.items():
            if line.ended is None:
                self.before[index] = _stand(line, day)
        pool = self._upgrade() + self.estimate
        named = self._take_terms()
        for line in added:
            index = line.promise.index
            self.lines[index] = line
            self.before[index] = Before(0, Rest(0, 0, None, ALL), ALL, line.price, is_new=True)
        order = sorted(self.before, key=lambda index: self.lines[index].promise.place)
        taking = [index for index in order if self._takes(index, index in named)]
        keeping = not any(self.before[index].ssp is not None or self.lines[index].ssp is not None for index in taking)
        for index in set(order) - set(taking):
            if keeping or not taking:  # what is satisfied keeps its own change in price, at once
                self.lines[index].shift(self.before[index].more)
            else:
                pool += self.before[index].more
        pool += sum(self.before[index].own for index in taking)
        if taking:
            self._share(taking, pool, keeping, at_once=pool < 0 if whole >= 0 else pool > 0)
        else:
            self._at_once(pool)

    def _upgrade(self) -> int:
        """End what the change replaces; what is kept of its price joins the pool."""
        kept = 0
        for cancel in self.change.upgraded:
            for line in self.meant(cancel):
                before = self.before.pop(line.promise.index, None)
                if before is not None:
                    fallen = self.fallen(cancel, line)
                    self.replaced[line.promise.index] = before, fallen
                    kept += before.own - fallen
                    day, rest = self.change.day, before.rest
                    line.ended = Ended(day, day - 1, rest.recognized, rest.breakage)
        return kept

    def _take_terms(self) -> set[int]:
        """Take the new terms; returns the lines that rows are about."""
        named = set()
        for rows, as_if in ((self.change.rows[PROSPECTIVE], False), (self.as_if, True)):
            for row in rows:
                for line in self.meant(row):
                    before = self.before.get(line.promise.index)
                    if before is None:
                        continue
                    named.add(line.promise.index)
                    before.more += int(row.price) - line.price if row.price is not None else 0
                    line.take_terms(row, as_if)
                    if row.ssp is not None:
                        before.ssp, line.ssp_since = row.ssp, before.rest.since
        for index, before in self.before.items():
            before.rest = self.lines[index].under_new_terms(before.rest)
        return named

    def _takes(self, index: int, named: bool) -> bool:
        """Whether a line is not yet satisfied; a row may give a satisfied one something to do again."""
        before = self.before[index]
        return bool(before.rest.left) or (named and bool(self.lines[index].left(before.rest.since)))

    def _share(self, taking: Sequence[int], pool: int, keeping: bool, at_once: bool) -> None:
        weights = [Fraction(self.before[i].own) if keeping else self._weight(i) for i in taking]
        own = [self.before[index].own for index in taking]
        parts = own if keeping and sum(own) == pool else share_out(pool, weights)
        self.shared = Shared(pool, taking, weights, parts, at_once)
        for index, part in zip(taking, parts, strict=True):
            line, before = self.lines[index], self.before[index]
            if at_once:
                line.earn_at_once(before.rest, part)
            else:
                line.earn_anew(before.rest, part)

    def _weight(self, index: int) -> Fraction:
        """The ssp on the row, else the ssp by the share of it not yet earned; a residual or grouped line, and one
        without an ssp, by its unrecognized allocation."""
        line, before = self.lines[index], self.before[index]
        if before.ssp is not None:
            return Fraction(before.ssp)
        if line.promise.row.allocation == "residual" or line.promise.row.discount_group:
            return Fraction(before.contracted - before.rest.recognized + (before.more if before.is_new else 0))
        return line.ssp * before.left_of_ssp if line.ssp is not None else Fraction(before.own)

    def _at_once(self, pool: int) -> None:
        """Nothing is left to do: the pool is recognized at once, shared by price."""
        lines = list(self.lines.values())
        weights = [Fraction(line.proper) for line in lines]
        parts = share_out(pool, weights)
        self.shared = Shared(pool, [], weights, parts, at_once=True)
        for line, part in zip(lines, parts, strict=True):
            line.shift(part)


def _stand(line: Line, day: int) -> Before:
    rest, left_of_ssp = line.rest(day), ALL
    if line.ssp_since is not None:
        at_ssp = line.left(line.ssp_since)
        left_of_ssp = rest.left / at_ssp if at_ssp else NONE
    else:
        left_of_ssp = rest.left
    return Before(line.proper, rest, left_of_ssp)


def price_apart(line: Line, row: Event, day: int) -> None:
    """A row that is a separate contract: what it adds runs over the days it adds, or over what is left of the term;
    nothing else moves."""
    more = int(row.price) - line.price if row.price is not None else 0
    if line.promise.row.method != "ratable":
        price, rest = line.proper, line.rest(day)
        line.take_terms(row)
        rest = line.under_new_terms(rest)
        line.earn_anew(rest, price - rest.recognized + more)
        return
    line.price += more
    pauses = line.eve.pauses if line.eve is not None else line.pauses
    clock, old = line.clock(pauses), max([line.real_end(pauses), *line.added_ends])
    first, last = max(clock.start, day), old
    if row.end is not None and row.end.toordinal() > old:
        first, last = old + 1, row.end.toordinal()
    if first <= last:
        line.strands.append(Strand(more, span=replace(clock, start=first, end=last)))
    else:
        line.settled += more


def move_at_once(line: Line, amount: int) -> None:
    """An amount on a change moves contracted and recognized on its day."""
    if line.ended is not None:
        line.shift(amount)
    else:
        line.settled += amount
