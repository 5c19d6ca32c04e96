"""Positions: deferred revenue, contract asset, refund liability and backlog that follow from contracted, recognized
and billed.

Source: ASC 606-10-45-1 to 45-5 (presentation), 606-10-32-10 (refund liability); IFRS 15.105-109, 55.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.schedule.calendar import add_months
from engine.schedule.kernel import Ints
from engine.schedule.schedule import Schedule


@dataclass(frozen=True)
class Position:
    """Balances at the close of a day, one row a netting unit or an obligation on its own; whole minor units.

    deferred + refund_liability - contract_asset = billed - recognized and backlog = deferred + backlog_unbilled, in
    every row.
    """

    contracted: Ints
    recognized: Ints
    billed: Ints
    deferred: Ints
    contract_asset: Ints
    refund_liability: Ints
    backlog: Ints
    backlog_unbilled: Ints

    def grouped(self, labels: Ints, count: int) -> Position:
        """Rows added up by label 0..count-1."""
        return Position(**{name: added(column, labels, count) for name, column in vars(self).items()})


def added(column: Ints, labels: Ints, count: int) -> Ints:
    """A column added up by label 0..count-1, exactly."""
    result = np.zeros(count, np.int64)
    np.add.at(result, labels, column)
    return result


def position(contracted: Ints, recognized: Ints, billed: Ints) -> Position:
    """Balances of rows that each net in themselves; a row with a negative price mirrors one with a positive."""
    sign = np.where(contracted < 0, -1, 1)
    price, earned, invoiced = sign * contracted, sign * recognized, sign * billed
    kept = np.minimum(invoiced, np.maximum(price, earned))
    return Position(
        contracted, recognized, billed,
        deferred=sign * np.maximum(kept - earned, 0),
        contract_asset=sign * np.maximum(earned - kept, 0),
        refund_liability=sign * (invoiced - kept),
        backlog=contracted - recognized,
        backlog_unbilled=sign * (price - np.maximum(kept, earned)),
    )  # fmt: skip


def expected_by(schedule: Schedule, as_of: date, day: date) -> Ints:
    """Revenue expected after `as_of` and by `day`, of each obligation; undated work is expected at once."""
    dated = schedule.recognized(day, as_of) - schedule.recognized(as_of)
    return dated + schedule.contracted(as_of) - schedule.scheduled(as_of)


def released(deferred: Ints, expected: Ints) -> Ints:
    """What part of a deferred balance is released by the time `expected` revenue has been earned."""
    sign = np.where(deferred < 0, -1, 1)
    return sign * np.minimum(sign * deferred, np.maximum(sign * expected, 0))


def current_until(schedule: Schedule, as_of: date) -> date:
    """Last day of what counts as current at `as_of`: Settings `current_months`, month ends to month ends."""
    return add_months(as_of, schedule.book.settings.current_months)
