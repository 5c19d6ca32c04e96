"""Balance sheet by role: the balances that journal entries move, contract by contract."""

from __future__ import annotations

from datetime import date

import numpy as np

from engine.schedule.flow import Flow
from engine.schedule.kernel import Ints
from engine.schedule.positions import added, current_until, expected_by, positions, released
from engine.schedule.schedule import Schedule

LIABILITIES = ("deferred_current", "deferred_noncurrent", "refund_liability")
BALANCES = (*LIABILITIES, "contract_asset")


def debits(schedule: Schedule, day: date) -> dict[str, Ints]:
    """BALANCES of each contract at the close of a day, debit positive; combined ones on the first of them."""
    units, _ = positions(schedule, day)
    unit, contract_of = schedule.unit(day), schedule.layout.contract
    expected = added(expected_by(schedule, day, current_until(schedule, day)), unit, len(units.deferred))
    current = released(units.deferred, expected)
    first = contract_of[np.searchsorted(unit, np.arange(len(units.deferred)))]
    columns = (-current, current - units.deferred, -units.refund_liability, units.contract_asset)
    count = len(schedule.layout.contracts)
    return {role: added(column, first, count) for role, column in zip(BALANCES, columns, strict=True)}


def lost(schedule: Schedule, first: date, last: date, *kinds: Flow) -> Ints:
    """What notes for what will not be collected took of earned amounts on the days first..last, of each obligation."""
    steps = schedule.steps
    keep = np.isin(steps.kind, kinds) & (steps.source >= 0)
    keep &= (steps.day >= first.toordinal()) & (steps.day <= last.toordinal())
    return added(steps.amount[keep], steps.obligation[keep], schedule.count)


def receivable(schedule: Schedule, first: date, last: date) -> Ints:
    """How the receivable moved on the days first..last, of each obligation: documents and their tax, less cash and what
    is lost."""
    documents = schedule.flow(first, last, Flow.BILLINGS, Flow.CREDITS, Flow.TAX)
    gone = lost(schedule, first, last, Flow.CONTRA_REVENUE, Flow.BAD_DEBT)
    return documents - schedule.flow(first, last, Flow.CASH) - gone
