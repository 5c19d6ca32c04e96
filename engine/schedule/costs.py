"""Contract costs: capitalized on their day, amortized over their term, impaired once the contract has ended.

Source: ASC 340-40-25-1 to 25-8, 340-40-35-1 to 35-3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from engine.schedule.clocks import CODES, DAILY
from engine.schedule.kernel import Ints
from engine.schedule.layout import Layout, days
from engine.schedule.segment import NO_DAY, OPEN, ROUNDINGS
from engine.schedule.segments import Segments, Terms


class Carried(NamedTuple):
    """To date, one figure a cost in whole minor units: capitalized - amortized - impaired is the carrying amount."""

    capitalized: Ints
    amortized: Ints
    impaired: Ints


class Costs:
    """The costs of a book, in the order of their table.

    ended  contract -> (day, last day of service) from which on the contract has ended; None: it goes on again
    """

    def __init__(self, layout: Layout, ended: Mapping[int, Sequence[tuple[int, int | None]]]) -> None:
        self._layout, self._ended = layout, ended
        table = layout.book.costs
        self.contract: Ints = np.fromiter(
            (layout.place_of[name] for name in table["contract_id"]), np.int64, len(table)
        )
        self._date, self._amount = days(table["date"]), np.fromiter(table["amount"], np.int64, len(table))

    def __len__(self) -> int:
        return len(self._date)

    def to_date(self, day: int) -> Carried:
        """What of each cost is capitalized, amortized and impaired by the close of a day."""
        last = self._last_of_service(day)
        known = self._date <= day
        capitalized = np.where(known, self._amount, 0)
        earliest = self._layout.calendar.start(0)
        amortized = np.where(known, self._amortization.at(np.maximum(np.minimum(day, last), earliest)), 0)
        impaired = np.where(known & (last < OPEN), capitalized - amortized, 0)
        return Carried(capitalized, amortized, impaired)

    def _last_of_service(self, day: int) -> Ints:
        """Last day of service of the contract of each cost, OPEN if it goes on."""
        last = np.full(len(self), OPEN, np.int64)
        for contract, turns in self._ended.items():
            known = [on for since, on in turns if since <= day]
            if known and known[-1] is not None:
                last[self.contract == contract] = known[-1]
        return last

    @cached_property
    def _amortization(self) -> Segments:
        layout, table = self._layout, self._layout.book.costs
        settings, owners = layout.book.settings, layout.contracts[self.contract].tolist()
        own_start, own_end = days(table["start"]), days(table["end"])
        base_start, base_end = (days([layout.book.contracts[name][row] for row in owners]) for name in ("start", "end"))
        start = np.where(own_start > 0, own_start, np.where(base_start > 0, base_start, self._date))
        end = np.where(own_end > 0, own_end, base_end)
        runs, zero = end > 0, np.zeros(len(self), np.int64)
        code = np.fromiter((CODES[word or settings.convention] for word in table["convention"]), np.int64, len(self))
        terms = Terms(
            obligation=np.arange(len(self)),
            strand=zero,
            since=self._date,
            price=self._amount,
            base=zero,
            amount=np.where(runs, self._amount, 0),
            code=np.where(runs, code, DAILY),
            start=np.where(runs, start, NO_DAY),
            end=np.where(runs, end, NO_DAY),
            pace=zero,
            shift=zero,
            whole=zero,
            rounding=np.full(len(self), ROUNDINGS[settings.rounding]),
        )
        return Segments(terms, layout.calendar)
