"""Changes of terms, renewals and cancels for the contracts of a random book."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from .book import METHODS_MEANT
from .calendars import ONE_DAY, add_months
from .cells import as_cell, decimals_of
from .random_scope import Scope
from .random_totals import fits

Row = dict[str, str]

WORDS = ["change", "change", "upgrade", "downgrade", "extend"]
LESS_OR_MORE = [Fraction(part, 10) for part in (5, 8, 9, 10, 12, 15, 20)]
MORE = [Fraction(part, 10) for part in (11, 12, 15, 20)]


@dataclass
class Line:
    """An obligation as it stands while changes are made up."""

    row: Row
    price: int  # minor units
    start: date | None
    end: date | None
    added_on: date
    cancelled_on: date = date.max
    work: list[Row] = field(default_factory=list)

    @property
    def method(self) -> str:
        """What drives its revenue."""
        return self.row.get("method", "ratable")

    def is_running(self, day: date) -> bool:
        """In force before a day and not cancelled before it."""
        return self.added_on < day <= self.cancelled_on


class ChangesOfContract:
    """Makes the changes and cancels of one contract.

    not_before  the first day on which anything may change
    taken       days on which contracts allocated together with this one are changed
    """

    def __init__(
        self,
        rng: random.Random,
        scope: Scope,
        contract: Row,
        obligations: Sequence[Row],
        events: Sequence[Row],
        currency: str,
        not_before: date,
        taken: set[date],
    ) -> None:
        self.rng = rng
        self.scope = scope
        self.contract = contract
        self.currency = currency
        self.not_before = not_before
        self.taken = taken
        self.events = events
        self.lines = [self._line(row) for row in obligations]
        self.added = {line.added_on for line in self.lines if "added_on" in line.row}
        self.upgraded: set[date] = set()
        self.rows: list[Row] = []
        with_ssp = ["ssp" in line.row or line.row.get("allocation") == "residual" for line in self.lines]
        #: Prospective changes weigh by ssp, so from the day one has an ssp where others have none there are none.
        self.mixed_from = date.max
        if any(with_ssp) and not all(with_ssp) and not scope.choices:
            self.mixed_from = min(line.added_on for line in self.lines if "ssp" in line.row)
        self.has_ssp = all(with_ssp)
        self.is_fixed = any("discount_group" in row or row.get("allocation") == "residual" for row in obligations)

    def _line(self, row: Row) -> Line:
        def day(column: str) -> date | None:
            cell = row.get(column) or self.contract.get(column)
            return date.fromisoformat(cell) if cell else None

        named = [e for e in self.events if e.get("obligation_id") == row["obligation_id"]]
        blank = [e for e in self.events if "obligation_id" not in e and e["type"] not in ("hold", "release")]
        added_on = date.fromisoformat(row.get("added_on", self.contract["signed_on"]))
        price = int(Fraction(row["price"]) * 10 ** decimals_of(self.currency))
        line = Line(row, price, day("start"), day("end"), added_on, work=named)
        activations = [date.fromisoformat(e["date"]) for e in named if e["type"] == "activate"]
        if activations and line.start is not None:
            line.start = max(line.start, *activations)
        line.work = named + [e for e in blank if line.method in METHODS_MEANT[e["type"]]]
        return line

    def make(self) -> list[Row]:
        """The rows of Events, with the contract."""
        if self.scope.cancels:
            self._upgrades()
            self._cancels()
        if self.scope.changes:
            for day in self._days():
                self._change(day)
        for row in self.rows:
            row["contract_id"] = self.contract["contract_id"]
        return self.rows

    # ------------------------------------------------------------------------------------------------------ days

    def _some_day(self) -> date:
        """A day of the contract's life, often a special one: of an event, a start, an end or beside it."""
        rng = self.rng
        starts = [line.start for line in self.lines if line.start is not None]
        ends = [line.end for line in self.lines if line.end is not None]
        near = [*starts, *ends, *(end + ONE_DAY for end in ends), *(end - ONE_DAY for end in ends)]
        near += [self.not_before, *(date.fromisoformat(e["date"]) for e in self.events)]
        if rng.random() < 0.35:
            return max(rng.choice(near), self.not_before)
        last = max(ends, default=self.not_before + timedelta(days=400))
        span = min(max((last - self.not_before).days, 5), 900)
        after = rng.choice([0, 0, 0, 0, 40])
        return self.not_before + timedelta(days=rng.randint(0, span) + after)

    def _days(self) -> list[date]:
        """The days of changes: some days, and every day on which an obligation is added or upgraded."""
        days = {self._some_day() for _ in range(self.rng.choice([0, 1, 1, 2, 3]))} - self.taken
        self.taken |= days
        return sorted(days | self.added)

    # --------------------------------------------------------------------------------------------------- cancels

    def _upgrades(self) -> None:
        """Now and then an added obligation replaces another: a cancel on its day or the day before."""
        for day in sorted(self.added):
            running = [line for line in self.lines if line.is_running(day - ONE_DAY) and line.cancelled_on == date.max]
            if running and day < self.mixed_from and self.rng.random() < 0.4:
                on = day - self.rng.choice([0, 1]) * ONE_DAY
                running = [line for line in self.lines if line.is_running(on) and line.cancelled_on == date.max]
                self._cancel(on, running, last_day=day - ONE_DAY)
                self.upgraded.add(day)

    def _cancels(self) -> None:
        """None or some, of one obligation or of all."""
        for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            day = self._some_day()
            beside = {day, day + ONE_DAY} & self.added
            running = [line for line in self.lines if line.is_running(day + ONE_DAY) and line.cancelled_on == date.max]
            later = any(day < line.cancelled_on < date.max for line in self.lines)  # nothing is cancelled twice
            if running and not beside:
                self._cancel(day, running, last_day=day, of_one=later)

    def _cancel(self, day: date, running: list[Line], last_day: date, of_one: bool = False) -> None:
        row = {"type": "cancel", "date": day.isoformat()}
        meant = running
        if self.rng.random() < 0.6 or of_one:
            meant = [self.rng.choice(running)]
            row["obligation_id"] = meant[0].row["obligation_id"]
        prices = [line.price for line in meant]
        if self.rng.random() < 0.5 and (min(prices) > 0 or max(prices) < 0):
            most = abs(sum(prices)) * 3 // 5
            amount = self.rng.choice([0, most, self.rng.randint(0, most)])
            row["amount"] = as_cell(amount if prices[0] > 0 else -amount, self.currency)
        for line in meant:
            line.cancelled_on = min(line.cancelled_on, last_day)
        self.rows.append(row)

    # --------------------------------------------------------------------------------------------------- changes

    def _change(self, day: date) -> None:
        """All rows of one day."""
        rng = self.rng
        added = [line for line in self.lines if line.added_on == day and "added_on" in line.row]
        treatment = self._treatment(day)
        if treatment is None:
            return
        running = [line for line in self.lines if line.is_running(day)]
        count = min(len(running), rng.choice([0, 0, 1] if added else [1, 1, 1, 2, 3]))
        rows = []
        own: list[str] = []  # treatments of rows, of which each may have its own
        for line in rng.sample(running, count):
            of_row = treatment if not treatment or rng.random() < 0.75 else self._treatment(day) or treatment
            renewing = of_row in ("", "separate") and (day >= self.mixed_from or rng.random() < 0.4)
            row = self._renewal(line, day) if renewing else self._terms(line, day, of_row)
            if row is not None:
                rows.append(row | {"date": day.isoformat()} | self._named(line))
                own.append(of_row)
        if len(set(own)) > 1:
            for row, of_row in zip(rows, own, strict=True):
                row["treatment"] = of_row
            self.rows += rows
            return
        if not rows and treatment and (added or rng.random() < 0.3):
            rows.append({"type": rng.choice(WORDS), "date": day.isoformat()})
            if added and rng.random() < 0.5:
                rows[0] |= self._named(added[0])
            rows[0]["treatment"] = treatment
        elif treatment and rows and rng.random() < 0.15:  # a row that speaks for its date
            rows.append({"type": rng.choice(WORDS), "date": day.isoformat(), "treatment": treatment})
        elif treatment:
            for number, row in enumerate(rows):
                if number == 0 or rng.random() < 0.7:
                    row["treatment"] = treatment
        self.rows += rows

    def _named(self, line: Line) -> Row:
        if len(self.lines) == 1 and self.rng.random() < 0.4:
            return {}
        return {"obligation_id": line.row["obligation_id"]}

    def _treatment(self, day: date) -> str | None:
        """The treatment of a day, blank for none named; None if there is to be no change."""
        if day in self.upgraded:
            return self.rng.choice(["", "prospective"])
        if day >= self.mixed_from:
            return self.rng.choice(["", "separate"])
        return self.rng.choice(["", "", "separate", "prospective", "prospective", "catch_up", "catch_up"])

    def _price(self, line: Line, factors: Sequence[Fraction]) -> int:
        if line.price == 0:
            return self.rng.randint(1, 100_000)
        return int(line.price * self.rng.choice(factors))

    def _renewal(self, line: Line, day: date) -> Row | None:
        """More of a service, mostly for more money: by rule it is priced on its own then."""
        if line.method != "ratable" or line.end is None:
            return None
        price = self._price(line, LESS_OR_MORE if day < self.mixed_from else MORE)
        line.end = add_months(max(line.end, day), self.rng.randint(1, 18))
        line.price = price
        return {"type": "renew", "price": as_cell(price, self.currency), "end": line.end.isoformat()}

    def _terms(self, line: Line, day: date, treatment: str) -> Row | None:
        """New terms that fit the method and the treatment."""
        rng = self.rng
        kinds = ["price", "price", "amount", *_KINDS.get(line.method, [])]
        kind = rng.choice(kinds)
        more_only = treatment == "separate" and not self.scope.choices
        row: Row = {"type": rng.choice(WORDS)}
        if more_only and line.method != "ratable":  # which units come first, nobody says
            kind = "amount"
        moves_price = kind in ("price", "price end", "price quantity")
        if moves_price and treatment == "catch_up" and self.is_fixed and not self.scope.choices:
            kind, moves_price = "amount", False
        if moves_price:
            row["price"] = as_cell(self._price(line, MORE if more_only else LESS_OR_MORE), self.currency)
        if "end" in kind and line.end is not None and not (more_only and kind == "end"):
            row["end"] = self._end(line, day, later=more_only).isoformat()
        if "quantity" in kind:
            quantity = line.row.get("expected_total") or line.row.get("quantity")
            if quantity is not None:
                factor = rng.choice(MORE if more_only else LESS_OR_MORE)
                row["quantity"] = _plain(max(Fraction(quantity) * factor, Fraction(1, 100)))
        if kind == "amount" or rng.random() < 0.1:
            row["amount"] = as_cell(line.price * rng.randint(-15, 15) // 100, self.currency)
        weighs = treatment == "prospective" or (treatment == "catch_up" and not self.is_fixed)
        if weighs and self.has_ssp and line.row.get("allocation") != "residual" and rng.random() < 0.3:
            row["ssp"] = as_cell(max(1, int(line.price * rng.choice(LESS_OR_MORE))), self.currency)
        if len(row) == 1 or not fits(line.row, [*line.work, row | {"date": day.isoformat()}]):
            return None
        line.work.append(row | {"date": day.isoformat()})
        if "price" in row:
            line.price = int(Fraction(row["price"]) * 10 ** decimals_of(self.currency))
        if "end" in row:
            line.end = date.fromisoformat(row["end"])
        return row

    def _end(self, line: Line, day: date, *, later: bool) -> date:
        """A later end, or an earlier one that is not before the day (nor the start)."""
        old = line.end if line.end is not None else day
        earliest = max(day, line.start or day)
        if later or old <= earliest or self.rng.random() < 0.6:
            return add_months(max(old, earliest), self.rng.randint(1, 18))
        return earliest + timedelta(days=self.rng.randint(0, (old - earliest).days))


_KINDS = {
    "ratable": ["end", "price end", "price end", "quantity"],
    "progress": ["quantity", "price quantity"],
    "usage": ["end", "price quantity"],
    "redemption": ["end", "quantity", "price quantity"],
    "point_in_time": ["quantity"],
}


def _plain(number: Fraction) -> str:
    """A number of hundredths as a plain decimal."""
    hundredths = int(number * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
