"""Service: from which day to which each obligation is served, by its clock or, without one, by the book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.schedule.flow import Flow
from engine.schedule.kernel import Bools, Ints
from engine.schedule.layout import days
from engine.schedule.schedule import Schedule
from engine.schedule.segment import OPEN

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

    A clock says it best: an activation, an extension or a new end has moved it, a renewal runs beside it. Without one -
    work that is measured, revenue held from the first day - it is the term in the book. A cancellation ends it on its
    date, a note that takes the service back on the day before.
    """
    first, last = _term(schedule, "start"), _term(schedule, "end")
    terms, day = schedule.segments.terms, as_of.toordinal()
    moving, in_force = terms.amount != 0, schedule.segments.in_force(day)
    clocked = np.flatnonzero(moving & (terms.since <= day))
    of = terms.obligation[clocked]
    # the clocks in force, of all parts of a price; where none is, those that were set last
    newest, latest = np.where(in_force[clocked], OPEN, terms.since[clocked]), np.full(schedule.count, NEVER)
    np.maximum.at(latest, of, newest)
    rows, of = clocked[newest == latest[of]], of[newest == latest[of]]
    first[of], last[of] = OPEN, NEVER
    np.minimum.at(first, of, terms.start[rows])
    np.maximum.at(last, of, terms.end[rows])
    running = np.zeros(schedule.count, bool)
    running[terms.obligation[moving & in_force]] = True
    _cancel(schedule, as_of, last)
    _undo(schedule, as_of, last)
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


def _undo(schedule: Schedule, as_of: date, last: Ints) -> None:
    """Bring the last day forward to the eve of what took the unearned price away: a cancel, or a full refund or a
    dispute that ended the service."""
    steps = schedule.steps
    fell = np.flatnonzero((steps.kind == Flow.CANCELLATION) & (steps.day <= as_of.toordinal()))
    eve = steps.day[fell] - ~_on_a_cancel(schedule, fell)
    ended = last[steps.obligation[fell]] != NEVER
    np.minimum.at(last, steps.obligation[fell][ended], eve[ended])


def _on_a_cancel(schedule: Schedule, fell: Ints) -> Bools:
    """Which steps fall on the date of a cancel of their contract: its last day of service."""
    events, steps, layout = schedule.book.events, schedule.steps, schedule.layout
    cancels = {
        (layout.place_of[contract], day.toordinal())
        for contract, day, kind in zip(events["contract_id"], events["date"], events["type"], strict=True)
        if kind == "cancel"
    }
    on = zip(layout.contract[steps.obligation[fell]].tolist(), steps.day[fell].tolist(), strict=True)
    return np.fromiter((pair in cancels for pair in on), bool, len(fell))
