"""Arithmetic of the balances: identities, schedules that end at their price, waterfalls that add up to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.book.problems import Problem
from engine.reports.balances import figures
from engine.reports.checks.evidence import Evidence, counted, in_words
from engine.reports.checks.rule import Rule
from engine.reports.checks.stops import stops
from engine.reports.grouping import Grouping
from engine.reports.table import Table
from engine.reports.waterfall import waterfall
from engine.schedule.kernel import Bools, Ints
from engine.schedule.measure import MEASURED
from engine.schedule.positions import Position, added, positions

IDENTITIES = Rule("identities", "balances obey the identities", "balances break an identity")
SCHEDULE = Rule("schedule-adds-to-price", "schedules end at their price", "the schedule does not end at its price")
WATERFALL = Rule(
    "waterfall-adds-to-price", "waterfalls add up to the price", "the waterfall does not add up to the price"
)

_ENGINE = (
    "The figures are computed apart from each other and must agree to the cent. Do not rely on either; no row of "
    "the book can cause this, so please report it with the book."
)
_BY_HAND = (
    "Amounts recognized by hand stand as entered, also where a note, an estimate or a change lowers the price under "
    "them. Enter a recognize event with the difference, negative, on the day the price fell."
)
_LOWERED = (
    "A row lowered the price below what was earned, and the difference is taken back as the work goes on. If it should "
    "be taken back at once, enter it as a change with treatment catch_up, or as a note with reason price."
)
_INTEREST = (
    "Nothing is left of the price, and the interest that accreted on it can no longer be earned with it. If the "
    "contract has ended, enter the cancel event; if it never was financing, clear financing_rate."
)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class _Gap:
    """Two figures of a contract (or a currency) that should be equal."""

    where: str
    name: str
    words: str


def _told(rule: Rule, gaps: list[_Gap], passed: str) -> list[Problem]:
    return rule.told(gaps, lambda gap: rule.fail(gap.where, gap.words, _ENGINE), lambda gap: gap.name, passed)


# -- identities ----------------------------------------------------------------------------------------------


def identities(evidence: Evidence) -> list[Problem]:
    """Section 1 of the specification, at each period end of the fiscal year to date, by netting unit and obligation."""
    gaps, rows = [], 0
    for span in evidence.year_to_date:
        units, own = positions(evidence.schedule, span.last)
        places = np.arange(len(own.deferred))
        first = np.searchsorted(evidence.schedule.unit(span.last), np.arange(len(units.deferred)))
        gaps += _broken(evidence, units, first, span.last, "the contract") + _broken(
            evidence, own, places, span.last, ""
        )
        rows += len(first) + len(places)
    gaps += _finer_rows(evidence)
    days = counted(len(evidence.year_to_date), "period end")
    return _told(IDENTITIES, gaps, f"{counted(rows, 'position')} of contracts and obligations at {days}")


def _broken(evidence: Evidence, of: Position, places: Ints, day: date, whole: str) -> list[_Gap]:
    """Positions that break an identity; `places` are their (first) obligations."""
    sign = np.where(of.contracted < 0, -1, 1)
    both = np.minimum(sign * of.deferred, sign * of.contract_asset)
    least = np.minimum.reduce([sign * column for column in (of.deferred, of.contract_asset, of.refund_liability)])
    tests = {
        "backlog less deferred less backlog_unbilled": of.backlog - of.deferred - of.backlog_unbilled,
        "deferred + refund_liability - contract_asset less (billed - recognized)": (
            of.deferred + of.refund_liability - of.contract_asset - of.billed + of.recognized
        ),
        "backlog less (contracted - recognized)": of.backlog - of.contracted + of.recognized,
        "deferred beside a contract asset": np.maximum(both, 0),
        "a balance on the wrong side": np.minimum(least, 0),
    }
    gaps = []
    for words, gap in tests.items():
        for n in np.flatnonzero(gap).tolist():
            place = int(places[n])
            contract = evidence.contract_of(place)
            name = evidence.layout.contract_id(contract) if whole else evidence.name(place)
            found = f"{name}  at {day.isoformat()}: {words} is {evidence.amount(gap[n], contract)}"
            gaps.append(_Gap(evidence.at_contract(contract, "contract_id"), name, found))
    return gaps


def _finer_rows(evidence: Evidence) -> list[_Gap]:
    """The report by obligation, netting rows included, adds up to that by contract, and deferred to its two parts."""
    sums = {by: _by_currency(evidence, by) for by in ("contract", "obligation")}
    pairs = [(("obligation", name), ("contract", name)) for name in sums["contract"]]
    pairs += [((by, "deferred_current + deferred_noncurrent"), (by, "deferred")) for by in sums]
    gaps = []
    for (by, name), (other_by, other) in pairs:
        for currency, one, two in zip(evidence.currencies, sums[by][name], sums[other_by][other], strict=True):
            if one != two:
                words = f"{name} by {by} differs from {other} by {other_by} by {in_words(one - two, currency)}"
                gaps.append(_Gap("", name, words))
    return gaps


def _by_currency(evidence: Evidence, by: str) -> dict[str, list[int]]:
    """Columns of the balances report added up by currency."""
    rows, columns = figures(Grouping.of(evidence.schedule, by), evidence.as_of)
    number = {currency: n for n, currency in enumerate(evidence.currencies)}
    labels = np.fromiter((number[currency] for _, currency in rows), np.int64, len(rows))
    columns["deferred_current + deferred_noncurrent"] = columns["deferred_current"] + columns["deferred_noncurrent"]
    return {name: added(column, labels, len(number)).tolist() for name, column in columns.items()}


# -- schedules -----------------------------------------------------------------------------------------------


def schedule_adds_to_price(evidence: Evidence) -> list[Problem]:
    """Revenue by the clock ends at the price; only undated work may leave a remainder, of the sign of the price, and
    only amounts entered by hand, and work whose price a row lowered, may be beyond it, with a warning."""
    schedule, price = evidence.schedule, evidence.contracted
    final = schedule.scheduled(evidence.as_of)
    calendar = schedule.calendar
    far = schedule.recognized(date.fromordinal(calendar.end(len(calendar.starts) - 2)), evidence.as_of)
    sign = np.where(price < 0, -1, 1)
    undated = price - final
    dated = ~_may_be_undated(evidence)
    bare = (schedule.price(evidence.as_of) == 0) & bool(schedule.financing)
    beyond = (far == final) & np.where(dated, bare, sign * undated < 0)
    lowered = {place: row for place in np.flatnonzero(beyond).tolist() if (row := _lowered_by(evidence, place))}
    wrong = (far != final) | (sign * undated < 0) | (dated & (undated != 0))
    in_force = int(np.count_nonzero(evidence.layout.signed[evidence.layout.contract] <= evidence.day))
    undated_count = int(np.count_nonzero(undated))
    passed = f"{counted(in_force, 'obligation')} in force, {undated_count:,} with undated work"
    cases = np.flatnonzero(wrong).tolist()

    def tell(place: int) -> Problem:
        contract, where = evidence.contract_of(place), evidence.at_obligation(place, "price")
        ends, whole = (evidence.amount(column[place], contract) for column in (far, price))
        if place in lowered:
            words = f"{evidence.name(place)}  {ends} recognized, contracted {whole}   {lowered[place]}"
            by_hand = _BY_HAND if evidence.methods[place] == "manual" else _LOWERED
            return SCHEDULE.warn(where, words, _INTEREST if dated[place] else by_hand)
        return SCHEDULE.fail(where, f"{evidence.name(place)}  the schedule ends at {ends}, contracted {whole}", _ENGINE)

    return SCHEDULE.told(cases, tell, evidence.name, passed)


def _lowered_by(evidence: Evidence, place: int) -> str:
    """The row that may have taken the price of measured work below what it had earned; empty if there is none."""
    own = evidence.obligation(place, "obligation_id")
    rows = [mover for mover in evidence.movers.get(evidence.contract_of(place), ()) if mover.day <= evidence.as_of]
    named = [mover for mover in rows if mover.obligation_id in (None, own)]
    return str((named or rows)[-1]) if rows else ""


def _may_be_undated(evidence: Evidence) -> Bools:
    """Obligations whose work may have no dates: measured or delivered work, and what stands still."""
    free = evidence.has_method(*MEASURED, "point_in_time")
    free[list(stops(evidence))] = True
    return free


# -- waterfalls ----------------------------------------------------------------------------------------------


def waterfall_adds_to_price(evidence: Evidence) -> list[Problem]:
    """Recognized to date, the months and thereafter add up to contracted; each month to the schedule in force."""
    table = waterfall(evidence.schedule, evidence.as_of, _MONTHS, "contract")
    body = np.array([row[2:] for row in table.rows], np.int64).reshape(-1, len(table.columns) - 2)
    gap = body[:, 0] - body[:, 1:].sum(axis=1)
    gaps = []
    for n in np.flatnonzero(gap).tolist():
        key, currency = table.rows[n][:2]
        words = f"{key}  to date, months and thereafter miss contracted by {in_words(int(gap[n]), currency)}"
        gaps.append(_Gap(evidence.at_contract(evidence.layout.place_of[key], "contract_id"), key, words))
    gaps += _columns_that_differ(evidence, table, body)
    return _told(WATERFALL, gaps, f"{counted(len(table.rows), 'contract')}, {_MONTHS} months and thereafter")


def _columns_that_differ(evidence: Evidence, table: Table, body: Ints) -> list[_Gap]:
    """Columns of the waterfall against the figures of the obligations, added up over the book."""
    schedule, layout = evidence.schedule, evidence.layout
    ends = _ends(evidence)
    to_date = [evidence.recognized, *(schedule.recognized(end, evidence.as_of) for end in ends)]
    wanted = [evidence.contracted, to_date[0], *np.diff(np.array(to_date), axis=0), evidence.contracted - to_date[-1]]
    gaps = []
    for name, column, figure in zip(table.names[2:], body.T, wanted, strict=True):
        gap = int(column.sum()) - int(added(figure, layout.contract, len(layout.contracts)).sum())
        if gap:
            gaps.append(_Gap("", name, f"the column {name} differs from the schedule by {gap:,} minor units"))
    return gaps


def _ends(evidence: Evidence) -> list[date]:
    """Last days of the periods after `as_of`."""
    calendar = evidence.schedule.calendar
    begin = calendar.period(evidence.day + 1)
    return [date.fromordinal(calendar.end(period)) for period in range(begin, begin + _MONTHS)]
