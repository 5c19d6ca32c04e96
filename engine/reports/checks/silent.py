"""Active but silent: services under way that earn nothing, because they stand still or nobody enters the work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from engine.book.problems import Problem
from engine.reports.checks.evidence import Evidence, counted
from engine.reports.checks.rule import Rule
from engine.reports.checks.service import NEVER
from engine.reports.checks.stops import Stop, stops
from engine.reports.periods import Period
from engine.schedule.kernel import Bools
from engine.schedule.measure import MEASURED, WORK

SILENT = Rule("active-but-silent", "services under way earn", "a service is under way and earns nothing")

#: periods without any event after which measured work is silent
_QUIET = 3
_REMEDY = (
    "A service under way earns in every period; while it does not, its price waits in backlog and nobody asks. "
    "Release or resume it, send the invoice or enter the work done; if it has ended, say so with a cancel event "
    "or a new end."
)
_CONTRACT_REMEDY = (
    "Its dates say that the contract is served, but none of its services is. If it goes on, the obligation of the "
    "new term is missing or ends too early; if not, correct the end of the contract."
)


def active_but_silent(evidence: Evidence) -> list[Problem]:
    """Services under way at `as_of` that earned nothing in the last period, contracts that outlive theirs."""
    under_way = _under_way(evidence)
    left = evidence.contracted != evidence.recognized
    quiet = under_way & left & (evidence.revenue_last_period == 0) & ~evidence.services.running
    stopped, measured = stops(evidence), evidence.has_method(*MEASURED)
    idle = quiet & measured & _idle(evidence)
    lines = [
        place for place in np.flatnonzero(quiet).tolist() if idle[place] or (place in stopped and not measured[place])
    ]
    cases = sorted([(place, True) for place in lines] + [(place, False) for place in _outlived(evidence)])

    def tell(case: tuple[int, bool]) -> Problem:
        place, is_line = case
        return _of_line(evidence, place, stopped.get(place)) if is_line else _of_contract(evidence, place)

    passed = f"{counted(int(np.count_nonzero(under_way)), 'obligation')} under way in {evidence.last_period.label}"
    return SILENT.told(cases, tell, lambda case: evidence.name(case[0]), passed)


def _under_way(evidence: Evidence) -> Bools:
    first, last = evidence.services.first, evidence.services.last
    under_way: Bools = (first != NEVER) & (first <= evidence.day) & (last >= evidence.day) & (evidence.contracted != 0)
    return under_way


def _idle(evidence: Evidence) -> Bools:
    """Work under way for some periods without any event in them, and without revenue."""
    first = evidence.periods_back(_QUIET)[0].first
    begun = evidence.services.first <= first.toordinal()
    earned = evidence.revenue_of(Period("", first, evidence.as_of)) != 0
    idle: Bools = begun & ~earned
    dated = evidence.book.events["date"]
    for place in np.flatnonzero(idle & evidence.has_method(*MEASURED)).tolist():
        idle[place] = not any(dated[row] >= first for row in evidence.events_of(place, *WORK))
    return idle


def _outlived(evidence: Evidence) -> Iterator[int]:
    """First obligations of contracts that run on although all of their services ended before this period."""
    first = evidence.last_period.first.toordinal()
    methods = evidence.methods
    over = (evidence.services.last != NEVER) & (evidence.services.last < first)
    for contract, (start, end) in enumerate(_terms(evidence)):
        if start is None or end is None or not start <= evidence.as_of <= end:
            continue
        places = evidence.layout.members(contract)
        served = any(methods[place] == "ratable" for place in places) and evidence.contracted[places].any()
        done = all(over[place] or methods[place] == "point_in_time" for place in places)
        if served and done and not any(mover.ends or mover.sets_end for mover in evidence.movers.get(contract, ())):
            yield places.start


def _terms(evidence: Evidence) -> Iterator[tuple[date | None, date | None]]:
    """Start and end of each contract."""
    starts, ends = evidence.book.contracts["start"], evidence.book.contracts["end"]
    return ((starts[row], ends[row]) for row in evidence.layout.contracts.tolist())


def _of_line(evidence: Evidence, place: int, stop: Stop | None) -> Problem:
    service = evidence.services
    left = evidence.amount(evidence.contracted[place] - evidence.recognized[place], evidence.contract_of(place))
    reason = stop.words if stop else f"no work entered for {_QUIET} periods"
    span = f"{date.fromordinal(int(service.first[place]))} to {date.fromordinal(int(service.last[place]))}"
    where = evidence.at_obligation(place, "obligation_id")
    if stop and stop.row is not None:
        where = evidence.book.events.where(stop.row, "date")
    return SILENT.warn(where, f"{evidence.name(place)}   {span}   backlog {left}   {reason}", _REMEDY)


def _of_contract(evidence: Evidence, place: int) -> Problem:
    contract = evidence.contract_of(place)
    last = date.fromordinal(int(evidence.services.last[list(evidence.layout.members(contract))].max()))
    words = (
        f"{evidence.contract_name(contract)}   end {evidence.contract(contract, 'end')}   its last service ended {last}"
    )
    return SILENT.warn(evidence.at_contract(contract, "end"), words, _CONTRACT_REMEDY)
