"""Negative periods: months whose revenue runs against the sign of its price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from engine.book.problems import Problem
from engine.reports.checks.evidence import Evidence, counted
from engine.reports.checks.rule import Rule
from engine.reports.periods import Period
from engine.schedule.kernel import Ints
from engine.schedule.measure import WORK

NEGATIVE = Rule("negative-period", "no period earns less than nothing", "a period earns less than nothing")

_YEAR = 12
_REMEDY = (
    "Revenue of a period below zero takes back what was reported before. If a change, an estimate or a credit of "
    "that period means it, disclose it as a catch-up; if not, look for a wrong sign or date. Rounding that plugs "
    "a period goes away with rounding cumulative."
)


def negative_period(evidence: Evidence) -> list[Problem]:
    """Periods of the last twelve in which an obligation earned against the sign of its price, with the rows of that
    time, which may have meant to take back what was earned before."""
    sign = _signs(evidence)
    against: dict[int, list[tuple[Period, int]]] = defaultdict(list)
    spans = evidence.periods_back(_YEAR)
    for span in spans:
        revenue = evidence.revenue_of(span)
        for place in np.flatnonzero(revenue * sign < 0).tolist():
            against[place].append((span, int(revenue[place])))
    cases = sorted(against)

    def tell(place: int) -> Problem:
        contract = evidence.contract_of(place)
        told = [f"{span.label} {evidence.amount(minor, contract)}" for span, minor in against[place][:3]]
        more = f", and {len(against[place]) - 3} more" if len(against[place]) > 3 else ""
        rows = list(dict.fromkeys(row for span, _ in against[place] for row in _rows_of(evidence, place, span)))
        of_then = (
            f"rows of that time: {', '.join(rows[:3])}" if rows else _before(evidence, place, against[place][0][0])
        )
        words = f"{evidence.name(place)}   {', '.join(told)}{more}   {of_then}"
        return NEGATIVE.warn(evidence.at_obligation(place, "price"), words, _REMEDY)

    passed = f"{counted(evidence.schedule.count, 'obligation')}, {spans[0].label} to {spans[-1].label}"
    return NEGATIVE.told(cases, tell, evidence.name, passed)


def _before(evidence: Evidence, place: int, span: Period) -> str:
    """The last row before a period that moved the price, which may still work on."""
    own = evidence.obligation(place, "obligation_id")
    movers = evidence.movers.get(evidence.contract_of(place), ())
    earlier = [mover for mover in movers if mover.day < span.first and mover.obligation_id in (None, own)]
    return f"last moved by {earlier[-1]}" if earlier else "rows of that time: none"


def _signs(evidence: Evidence) -> Ints:
    """Sign of the price of each obligation: as stated where nothing but estimates and notes moves it - they are not
    meant to take more than there is -, else as it was first in force."""
    stated = np.sign(np.array(evidence.schedule.obligation_column("price"), np.int64))
    segments = evidence.schedule.segments
    first = np.searchsorted(segments.obligation, np.arange(evidence.schedule.count))
    begun = np.sign(segments.price[first])
    now = np.sign(evidence.contracted)
    rows = zip(*(evidence.schedule.obligation_column(name) for name in ("ssp", "allocation")), strict=True)
    allocated = np.fromiter((ssp is not None or how == "residual" for ssp, how in rows), bool, len(stated))
    meant = np.where(allocated & (begun != 0), begun, stated)
    return np.where(meant != 0, meant, np.where(begun != 0, begun, now))


def _rows_of(evidence: Evidence, place: int, span: Period) -> Iterator[str]:
    """Rows that may explain the revenue of a period."""
    contract = evidence.contract_of(place)
    for mover in evidence.movers.get(contract, ()):
        if span.first <= mover.day <= span.last:
            yield str(mover)
    events = evidence.book.events
    for row in evidence.events_of(place, *WORK):
        if span.first <= events["date"][row] <= span.last and events["type"][row] != "use":
            yield f"{events['type'][row]} of {events['date'][row]} ({events.where(row, 'type')})"
