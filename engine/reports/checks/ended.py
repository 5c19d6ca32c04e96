"""Ended and not drained: services that are over although something is still deferred, unbilled or to be earned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.book.problems import Problem
from engine.reports.checks.evidence import Evidence, counted
from engine.reports.checks.rule import Rule
from engine.reports.checks.service import NEVER
from engine.schedule.kernel import Bools, Ints

ENDED = Rule("ended-not-drained", "ended services leave no balances", "the service has ended, balances remain")

_REMEDY = (
    "After the last day of service nothing is left to earn or to bill. If work is still owed, move the end or "
    "enter the delivery; if a hold or pause was forgotten, release it; if the rest will never be billed or "
    "served, enter the invoice, the expire or the cancel event; if too much was billed, as after a cancel, enter the "
    "credit note or the refund."
)
_UNBILLED_REMEDY = (
    "Without documents everything earned looks unbilled, so neither deferred revenue nor contract assets mean "
    "anything. Enter what was invoiced in Billings, or use the revenue reports alone."
)


@dataclass(frozen=True)
class _Over:
    """What is over at `as_of`: columns of obligations, and of netting units all of whose services are."""

    obligations: Bools
    units: Bools
    last: Ints


def ended_not_drained(evidence: Evidence) -> list[Problem]:
    """Contracts, and obligations of contracts that go on, whose service has ended although balances remain."""
    over, units = _over(evidence), evidence.positions[0]
    backlog = evidence.contracted - evidence.recognized
    billed = len(evidence.documents) > 0
    asset = over.units & (units.contract_asset != 0) & ~_just_ended(evidence, over)
    owed = over.units & (units.refund_liability != 0) & (over.last < evidence.periods_back(2)[0].first.toordinal())
    remains = over.units & ((units.deferred != 0) | (units.backlog != 0) | (asset & billed) | owed)
    contracts = [(int(evidence.first_of_unit[unit]), True) for unit in np.flatnonzero(remains)]
    lines = np.flatnonzero(over.obligations & ~over.units[evidence.unit] & (backlog != 0))
    cases = sorted([*contracts, *((place, False) for place in lines.tolist())])

    def tell(case: tuple[int, bool]) -> Problem:
        place, whole = case
        words = (
            _left_of_contract(evidence, over, place) if whole else _left_of_line(evidence, place, int(backlog[place]))
        )
        return ENDED.warn(_at_end(evidence, place), words, _REMEDY)

    passed = f"{counted(int(np.count_nonzero(over.obligations)), 'obligation')} whose service has ended"
    found = ENDED.told(cases, tell, lambda case: evidence.name(case[0]), passed)
    if billed or not asset.any():
        return found
    total = evidence.total(units.contract_asset[asset], evidence.contract_of_unit[asset])
    words = f"no documents are entered: {counted(int(asset.sum()), 'ended contract')} unbilled, {total}"
    return [*(found if cases else []), ENDED.warn("", words, _UNBILLED_REMEDY)]


def _over(evidence: Evidence) -> _Over:
    """A service is over after its last day; work without one when nothing of it is left, if it is not alone."""
    last, first = evidence.services.last, evidence.first_of_unit
    obligations = (last != NEVER) & (last <= evidence.day)
    if not len(first):
        return _Over(obligations, obligations, last)
    done = obligations | ((last == NEVER) & (evidence.contracted == evidence.recognized))
    last_of_unit = np.maximum.reduceat(last, first)
    return _Over(obligations, np.logical_and.reduceat(done, first) & (last_of_unit != NEVER), last_of_unit)


def _just_ended(evidence: Evidence, over: _Over) -> Bools:
    """Units that ended in this period with no more unbilled than they earned in it: billed in arrears."""
    if not len(over.units):
        return over.units
    earned = np.add.reduceat(evidence.revenue_last_period, evidence.first_of_unit)
    small = np.abs(evidence.positions[0].contract_asset) <= np.abs(earned)
    just: Bools = small & (over.last >= evidence.last_period.first.toordinal())
    return just


def _at_end(evidence: Evidence, place: int) -> str:
    if evidence.obligation(place, "end") is None:
        return evidence.at_contract(evidence.contract_of(place), "end")
    return evidence.at_obligation(place, "end")


def _left_of_contract(evidence: Evidence, over: _Over, place: int) -> str:
    contract, unit, units = evidence.contract_of(place), int(evidence.unit[place]), evidence.positions[0]
    names = ("deferred", "contract_asset", "refund_liability", "backlog")
    amounts = {name: int(getattr(units, name)[unit]) for name in names}
    left = "   ".join(f"{name} {evidence.amount(minor, contract)}" for name, minor in amounts.items() if minor)
    return f"{evidence.contract_name(contract)}   ended {date.fromordinal(int(over.last[unit]))}   {left}"


def _left_of_line(evidence: Evidence, place: int, backlog: int) -> str:
    ended = date.fromordinal(int(evidence.services.last[place]))
    return f"{evidence.name(place)}   ended {ended}   backlog {evidence.amount(backlog, evidence.contract_of(place))}"
