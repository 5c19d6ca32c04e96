"""A prospective change: the pool of what is not yet recognized goes to what is left to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .calendars import ONE_DAY
from .changes import Change
from .earning import Earning, Rest
from .lines import Ended, Line
from .rounding import share_out
from .rows import Event, Obligation

Lines = dict[Obligation, Line]


@dataclass
class _Standing:
    """One obligation before the change, and what it brings into the pool."""

    contracted: int
    recognized: int
    breakage: int
    since: date | None
    left: Fraction  # of its measure
    left_of_ssp: Fraction
    rest: Rest | None = None
    change_in_price: int = 0
    ssp_on_row: Fraction | None = None


@dataclass
class Modification:
    """Applies one prospective change to the lines of a contract."""

    earning: Earning
    lines: Lines
    change: Change
    as_if: list[Event]  # catch_up rows of the life that begins here: as if they had held from this day
    estimate: int  # estimates of the contract that belong to the modified contract
    fallen: Callable[[Event, Obligation], int]  # of a cancel that belongs to the change
    standing: dict[Obligation, _Standing] = field(default_factory=dict)

    def apply(self, added: Iterable[Obligation]) -> None:
        """The pool to the obligations not yet satisfied and the added ones, to be earned over what is left."""
        whole = sum(line.proper for line in self.lines.values())
        pool = 0
        for o, line in self.lines.items():
            if line.ended is None:
                self.standing[o] = self._stand(line)
        pool += self._upgrades()
        for row in [*self.change.prospective, *self.as_if]:
            self._terms(row)
        for o, standing in self.standing.items():
            if standing.rest is not None:
                standing.recognized += self.earning.beyond_moved(self.lines[o], standing.rest)
        for o in added:
            self.lines[o] = Line(o, o.price, ssp=o.ssp)
            self.standing[o] = _Standing(0, 0, 0, None, Fraction(1), Fraction(1), change_in_price=o.price)
        taking = [o for o in self.lines if o in self.standing and self._takes_part(o)]
        taking.sort(key=self.earning.book.obligations.index)
        own = {o: s.contracted + s.change_in_price - s.recognized for o, s in self.standing.items()}
        keeping = not any(self._ssp(o) is not None for o in taking)
        if keeping or not taking:
            for o in self.standing:  # what is satisfied keeps its own change in price: at once
                if o not in taking:
                    self.lines[o].shift(self.standing[o].change_in_price)
        else:
            pool += sum(self.standing[o].change_in_price for o in self.standing if o not in taking)
        pool += sum(own[o] for o in taking) + self.estimate
        if not taking:
            self._at_once(pool)
            return
        weights = [Fraction(own[o]) if keeping else self._weight(o, own[o]) for o in taking]
        parts = [int(weight) for weight in weights] if keeping and sum(weights) == pool else share_out(pool, weights)
        recognized_at_once = pool < 0 if whole >= 0 else pool > 0
        for o, part in zip(taking, parts, strict=True):
            self._earn(o, part, recognized_at_once)

    def _stand(self, line: Line) -> _Standing:
        rest = self.earning.rest(line, self.change.day)
        left_of_ssp = rest.left
        if line.ssp_since is not None:
            at_ssp = self.earning.measures.left(line, line.ssp_since, self.change.day - ONE_DAY)
            left_of_ssp = rest.left / at_ssp if at_ssp else Fraction(0)
        return _Standing(line.proper, rest.recognized, rest.breakage, rest.since, rest.left, left_of_ssp, rest)

    def _upgrades(self) -> int:
        """End what the change replaces; what is kept of its price joins the pool."""
        kept = 0
        for cancel in self.change.upgraded:
            for o in cancel.obligations:
                if o in self.standing:
                    standing = self.standing.pop(o)
                    kept += standing.contracted - standing.recognized - self.fallen(cancel, o)
                    self.lines[o].ended = Ended(
                        self.change.day, self.change.day - ONE_DAY, standing.recognized, standing.breakage
                    )
        return kept

    def _terms(self, row: Event) -> None:
        """The new terms of a row."""
        for o in row.obligations:
            if o not in self.standing:
                continue
            line, standing = self.lines[o], self.standing[o]
            line.keep_unit_price(row, self.change.day)  # of a row that holds as if from here, too
            if row.price is not None:
                standing.change_in_price += int(row.price) - line.price
                line.price = int(row.price)
            if row.end is not None:
                line.ends.append((row.day, row.end))
            if row.quantity is not None:
                line.totals.append((row.day, row.quantity))
            if row.ssp is not None:
                standing.ssp_on_row = row.ssp
                line.ssp, line.ssp_since = row.ssp, standing.since

    def _takes_part(self, o: Obligation) -> bool:
        """Not yet satisfied; a row may give a satisfied obligation something to do again."""
        standing = self.standing[o]
        named = any(o in row.obligations for row in [*self.change.prospective, *self.as_if])
        left_now = self.earning.measures.left(self.lines[o], standing.since, self.change.day)
        return standing.left > 0 or (named and left_now > 0)

    def _ssp(self, o: Obligation) -> Fraction | None:
        on_row = self.standing[o].ssp_on_row
        return on_row if on_row is not None else self.lines[o].ssp

    def _weight(self, o: Obligation, own: int) -> Fraction:
        """The ssp on the row, else the ssp by the share not yet earned; a residual or grouped obligation, and one
        without an ssp, by its unrecognized allocation."""
        standing, ssp = self.standing[o], self.lines[o].ssp
        if standing.ssp_on_row is not None:
            return standing.ssp_on_row
        if o.allocation == "residual" or o.discount_group:
            added = standing.change_in_price if o.added_on == self.change.day and not o.is_original else 0
            return Fraction(standing.contracted - standing.recognized + added)
        if ssp is not None:
            return ssp * standing.left_of_ssp
        return Fraction(own)

    def _earn(self, o: Obligation, part: int, at_once: bool) -> None:
        line, standing = self.lines[o], self.standing[o]
        if at_once:
            self.earning.at_once(line, self.change.day, standing.recognized, standing.breakage, part)
        else:
            self.earning.replace(line, self.change.day, standing.recognized, standing.breakage, standing.since, part)

    def _at_once(self, pool: int) -> None:
        """Nothing is left to do: the pool is recognized at once, shared by T."""
        lines = list(self.lines.values())
        for line, part in zip(lines, share_out(pool, [Fraction(line.proper) for line in lines]), strict=True):
            line.shift(part)
