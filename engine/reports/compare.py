"""Comparison: from what was reported to what is known, contract by contract and cause by cause, until it adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from engine.reports.balances import figures
from engine.reports.grouping import NETTING, Grouping, netted
from engine.reports.opening_positions import OPENING_POSITION, opening_positions
from engine.reports.periods import ONE_DAY
from engine.reports.reasons import Reasons
from engine.reports.rollforward import cancelled, price_changes, signed
from engine.reports.table import Column, Table
from engine.schedule.currency import Currency, Pair
from engine.schedule.kernel import Ints
from engine.schedule.schedule import Schedule

Of = Literal["deferred", "backlog"]
Key = tuple[str, str]
#: causes in the order they are told
LINES = (
    "new_contract", "correction", "new", "expansion", "contraction", "cancellation", "billings", "credits",
    "opening_position", "recognized", "interest", "fx", "reclass",
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """A schedule and the day it is asked about."""

    schedule: Schedule
    day: date

    def by_contract(self, of: Of, currency: Currency, day: date | None = None) -> dict[Key, int]:
        """The balance of each contract, at another day if asked; what combined ones net stands apart."""
        grouping = Grouping.of(self.schedule, "contract", currency=currency)
        rows, found = figures(grouping, day or self.day, (of,), each_unit=True)
        sums: dict[Key, int] = defaultdict(int)
        for key, amount in zip(rows, found[of].tolist(), strict=True):
            sums[key] += amount
        return sums


def compare(before: State, after: State, of: Of, currency: Currency = "contract") -> Table:
    """A row for the opening balance of each currency, one for each contract and cause, one for the closing balance.

    What the two say of the day of `before` differs by corrections, and by contracts that only `after` has; from there
    on the movements of `after` lead to its day. Opening and lines of a currency add up to its closing; in reporting
    currency what rates did in these days is `fx`, what other rates of earlier days change is a correction.
    raises BookRefused where a rate is missing, in reporting currency
    """
    assert before.day <= after.day
    opening, closing = before.by_contract(of, currency), after.by_contract(of, currency)
    then = after.by_contract(of, currency, before.day)
    moved = dict(_moved(after, before.day, of, currency))
    reasons = Reasons(before.schedule, after.schedule)
    lines: list[tuple[tuple[int, int], list[Any]]] = []
    for key in dict.fromkeys([*opening, *then, *closing, *(key for column in moved.values() for key in column)]):
        contract = key[0].removesuffix("/" + NETTING)
        corrected = then.get(key, 0) - opening.get(key, 0)
        found = {"new_contract" if reasons.is_new(contract) else "correction": corrected}
        found |= {name: column.get(key, 0) for name, column in moved.items()}
        rest = closing.get(key, 0) - then.get(key, 0) - (sum(found.values()) - corrected)
        if of == "deferred":
            found["reclass"] = rest
        elif currency == "reporting":
            found["fx"] = rest
        for name, amount in found.items():
            if amount:
                why = reasons.of(contract) if name in ("new_contract", "correction") else ""
                lines.append(((LINES.index(name), reasons.place(contract)), [of, name, *key, amount, why]))
    lines.sort(key=lambda line: line[0])
    return Table(COLUMNS, [row for currency in _currencies(opening, closing, lines)
                           for row in _block(of, currency, before, after, opening, closing, lines)])  # fmt: skip


COLUMNS = (
    Column("of"), Column("line"), Column("contract"), Column("currency"), Column("amount", "money"), Column("why"),
)  # fmt: skip


def _currencies(
    opening: Mapping[Key, int], closing: Mapping[Key, int], lines: list[tuple[Any, list[Any]]]
) -> list[str]:
    return list(dict.fromkeys([*(key[1] for key in (*opening, *closing)), *(row[3] for _, row in lines)]))


def _block(
    of: Of, currency: str, before: State, after: State, opening: Mapping[Key, int], closing: Mapping[Key, int],
    lines: list[tuple[Any, list[Any]]],
) -> Iterator[list[Any]]:  # fmt: skip
    def total(of_keys: Mapping[Key, int]) -> int:
        return sum(amount for key, amount in of_keys.items() if key[1] == currency)

    yield [of, "opening", "", currency, total(opening), f"at {before.day}"]
    yield from (row for _, row in lines if row[3] == currency)
    yield [of, "closing", "", currency, total(closing), f"at {after.day}"]


def _moved(after: State, eve: date, of: Of, currency: Currency) -> Iterator[tuple[str, dict[Key, int]]]:
    """What moved the balance of each contract on the days after `eve`, by cause."""
    schedule, first, last = after.schedule, eve + ONE_DAY, after.day
    if last < first:
        return
    grouping = Grouping.of(schedule, "contract", currency=currency)
    given, spread = grouping.valuation, netted(grouping, last, each_unit=True)

    def column(amounts: Ints) -> dict[Key, int]:
        return dict(zip(grouping.keys, grouping.added(amounts).tolist(), strict=True))

    def netting(pair: Pair) -> dict[Key, int]:
        return dict(zip(spread.rows, spread(*pair).tolist(), strict=True))

    if of == "backlog":
        expansion, contraction = price_changes(given, first, last)
        yield "new", column(given.at_rate_of(*signed(schedule, first, last)))
        yield "expansion", column(expansion)
        yield "contraction", column(contraction)
        yield "cancellation", column(cancelled(given, first, last))
    else:
        moved = given.movements(first, last)
        yield "billings", netting(moved.billings)
        yield "credits", netting(moved.credits)
        yield "interest", netting(moved.interest)
        yield "fx", {key: -gain for key, gain in netting(moved.gains).items()}
    yield OPENING_POSITION, _taken_over(grouping, first, last, of)
    yield "recognized", column(-given.revenue(first, last))


def _taken_over(grouping: Grouping, first: date, last: date, of: Of) -> dict[Key, int]:
    """The balance at which contracts were taken over from a former system."""
    found = opening_positions(grouping, first, last, (of,))[of]
    return dict(zip(grouping.keys, found.tolist(), strict=True))
