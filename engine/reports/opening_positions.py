"""Opening positions: the balances at which contracts were taken over from a former system, a movement of their own.

The general ledger holds these balances already, so they are neither revenue nor billings, and no entry posts them.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from engine.reports.balances import figures
from engine.reports.grouping import Grouping
from engine.schedule.kernel import Ints

OPENING_POSITION = "opening_position"


def opening_positions(grouping: Grouping, first: date, last: date, names: tuple[str, ...]) -> dict[str, Ints]:
    """Balances by row of a grouping, each at the close of its day, of all contracts taken over on the days
    first..last; zeros where none is.

    raises  BookRefused where a rate is missing
    """
    schedule, place = grouping.schedule, {row: n for n, row in enumerate(grouping.keys)}
    result = {name: np.zeros(len(grouping.keys), np.int64) for name in names}
    for day in schedule.cut_overs(first, last):
        keep = (grouping.labels >= 0) & schedule.taken_over_on(day)
        if not keep.any():
            continue
        taken = Grouping.of(schedule, grouping.by, keep, grouping.valuation.currency)
        rows, found = figures(taken, day, names)
        for n, row in enumerate(rows):
            if row in place:
                for name in names:
                    result[name][place[row]] += found[name][n]
    return result
