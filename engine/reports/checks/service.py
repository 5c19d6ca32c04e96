"""Service: from which day to which each obligation is served, by its clock or, without one, by the book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.schedule.kernel import Bools, Ints
from engine.schedule.layout import days
from engine.schedule.schedule import Schedule

#: no such day
NEVER = 0


@dataclass(frozen=True)
class Service:
    """Columns of obligations: first and last day of service (NEVER if not known), and whether a clock runs now."""

    first: Ints
    last: Ints
    running: Bools


def services(schedule: Schedule, as_of: date) -> Service:
    """The service of each obligation by the schedule in force at `as_of`.

    A clock says it best: an activation, an extension or a new end has moved it. Without one - work that is measured,
    revenue held from the first day - it is the term in the book. A cancellation ends it on its date.
    """
    first, last = _term(schedule, "start"), _term(schedule, "end")
    terms, day = schedule.segments.terms, as_of.toordinal()
    moving = terms.amount != 0
    clocked = np.flatnonzero(moving & (terms.since <= day))
    # segments of one obligation are in order of time: the last one written stays
    first[terms.obligation[clocked]] = terms.start[clocked]
    last[terms.obligation[clocked]] = terms.end[clocked]
    running = np.zeros(schedule.count, bool)
    running[terms.obligation[moving & schedule.segments.in_force(day)]] = True
    _cancel(schedule, as_of, last)
    return Service(first, last, running)


def _term(schedule: Schedule, column: str) -> Ints:
    """Start or end as in the book: the obligation's, else the contract's."""
    own, inherited = days(schedule.obligation_column(column)), days(schedule.contract_column(column))
    return np.where(own != NEVER, own, inherited)


def _cancel(schedule: Schedule, as_of: date, last: Ints) -> None:
    """Bring the last day of cancelled obligations forward."""
    events, layout = schedule.book.events, schedule.layout
    for row, kind in enumerate(events["type"]):
        if kind != "cancel" or events["date"][row] > as_of:
            continue
        contract, own, day = (events[name][row] for name in ("contract_id", "obligation_id", "date"))
        named = layout.members(layout.place_of[contract]) if own is None else [layout.obligation_of[contract, own]]
        for place in named:
            last[place] = min(last[place] or day.toordinal(), day.toordinal())
