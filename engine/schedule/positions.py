"""Positions: deferred revenue, contract asset, refund liability and backlog that follow from contracted, recognized
and billed.

Source: ASC 606-10-45-1 to 45-5 (presentation), 606-10-32-10 (refund liability); IFRS 15.105-109, 55.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.schedule.calendar import add_months
from engine.schedule.estimates import Sizes, kept, most_kept
from engine.schedule.kernel import Ints
from engine.schedule.schedule import Schedule
from engine.schedule.side_by_side import blocks, side_by_side


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

    def rows(self, part: slice) -> Position:
        """Some rows, as views."""
        return Position(*(column[part] for column in vars(self).values()))

    def grouped(self, labels: Ints, count: int) -> Position:
        """Rows added up by label 0..count-1."""
        return Position(**{name: added(column, labels, count) for name, column in vars(self).items()})


def added(column: Ints, labels: Ints, count: int) -> Ints:
    """A column added up by label 0..count-1, exactly."""
    result = np.zeros(count, np.int64)
    np.add.at(result, labels, column)
    return result


def position(contracted: Ints, recognized: Ints, billed: Ints, most: Mapping[int, int] | None = None) -> Position:
    """Balances of rows that each net in themselves; a row with a negative price mirrors one with a positive.

    most  row -> what of billed may be kept at most, where negative estimates are in force
    """
    found = Position(contracted, recognized, billed, *(np.empty(len(contracted), np.int64) for _ in range(5)))
    side_by_side(lambda part: _fill_in(found.rows(part)), blocks(len(contracted), days=1))
    for row, limit in (most or {}).items():
        _keep(found, row, limit)
    return found


def _keep(at: Position, row: int, limit: int) -> None:
    """Take in what of billed may be kept at most in a row."""
    price, earned, billed = (int(column[row]) for column in (at.contracted, at.recognized, at.billed))
    ahead = kept(price, earned, billed, limit) - earned
    deferred = min(ahead, 0) if price < 0 else max(ahead, 0)
    at.deferred[row], at.contract_asset[row] = deferred, deferred - ahead
    at.refund_liability[row] = billed - earned - ahead
    at.backlog_unbilled[row] = at.backlog[row] - deferred


def most_kept_by(schedule: Schedule, day: date, contracted: Ints, labels: Ints) -> dict[int, int]:
    """What of billed may be kept at most by rows that net as one, by label, where negative estimates are in force.

    contracted  of each row; labels  row of each obligation
    """
    sizes: dict[int, list[Sizes]] = {}
    for place, size in schedule.sizes(day).items():
        sizes.setdefault(int(labels[place]), []).append(size)
    if not sizes:
        return {}
    gross, most = added(schedule.gross(day), labels, len(contracted)), {}
    for label, of in sizes.items():
        limit = most_kept(int(contracted[label]), int(gross[label]), of)
        if limit is not None:
            most[label] = limit
    return most


def _fill_in(at: Position) -> None:
    """Work out what follows from contracted, recognized and billed of some rows, in place."""
    price, earned, billed = at.contracted, at.recognized, at.billed
    credit = np.flatnonzero(price < 0)
    kept = np.minimum(billed, np.maximum(price, earned))
    kept[credit] = np.maximum(billed[credit], np.minimum(price[credit], earned[credit]))
    np.subtract(billed, kept, out=at.refund_liability)
    ahead = np.subtract(kept, earned, out=kept)
    np.maximum(ahead, 0, out=at.deferred)
    at.deferred[credit] = np.minimum(ahead[credit], 0)
    np.subtract(at.deferred, ahead, out=at.contract_asset)
    np.subtract(price, earned, out=at.backlog)
    np.subtract(at.backlog, at.deferred, out=at.backlog_unbilled)


def positions(schedule: Schedule, day: date) -> tuple[Position, Position]:
    """Balances of the netting units, and of the obligations each on its own, at the close of `day`."""
    figures = schedule.contracted(day), schedule.recognized(day), schedule.billed(day)
    own = position(*figures, most_kept_by(schedule, day, figures[0], np.arange(schedule.count)))
    if schedule.nets_alone(day):
        return own, own
    unit = schedule.unit(day)
    count = int(unit[-1]) + 1
    contracted, recognized, billed = (added(column, unit, count) for column in figures)
    most = most_kept_by(schedule, day, contracted, unit)
    return position(contracted, recognized, billed, most), own


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
