"""Remaining performance obligations: backlog less what need not be disclosed, and when it will be recognized.

Source: ASC 606-10-50-13 to 50-15 (disclosure and its exemptions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.reports.grouping import Grouping, netted
from engine.reports.table import Column, Table
from engine.schedule.calendar import add_months
from engine.schedule.currency import Currency
from engine.schedule.kernel import Bools, Ints
from engine.schedule.positions import added
from engine.schedule.schedule import Schedule

EXEMPTIONS = ("not_enforceable", "right_to_invoice", "royalty", "short_contracts")
BANDS = ("0-12", "13-24", "25-36", "thereafter", "undated")


@dataclass(frozen=True)
class Remaining:
    """Backlog of each obligation, bridged to RPO. `exempt` are negative, in the order of EXEMPTIONS; `bands` add up
    to `rpo`."""

    backlog: Ints
    exempt: list[Ints]
    rpo: Ints
    bands: list[Ints]


def remaining(schedule: Schedule, as_of: date) -> Remaining:
    """RPO of each obligation at the close of `as_of`."""
    contracted, to_date = schedule.contracted(as_of), schedule.recognized(as_of)
    undated = contracted - schedule.scheduled(as_of)
    edges = [add_months(as_of, months) for months in (12, 24, 36)]
    by_edge = [_enforceable_by(schedule, as_of, edge) - to_date for edge in edges]
    dated = _enforceable_by(schedule, as_of, date.max) - to_date
    undated = np.where(_ended(schedule, as_of), 0, undated)
    bands = [by_edge[0], by_edge[1] - by_edge[0], by_edge[2] - by_edge[1], dated - by_edge[2], undated]
    backlog = contracted - to_date
    left = dated + undated
    exempt = [left - backlog]
    for applies in _exemptions(schedule, as_of):
        exempt.append(np.where(applies, -left, 0))
        left = np.where(applies, 0, left)
        bands = [np.where(applies, 0, band) for band in bands]
    return Remaining(backlog, exempt, left, bands)


def _enforceable_ends(schedule: Schedule) -> Sequence[date | None]:
    return schedule.contract_column("enforceable_end")


def _ended(schedule: Schedule, as_of: date) -> Bools:
    return np.array([end is not None and end <= as_of for end in _enforceable_ends(schedule)], bool)


def _enforceable_by(schedule: Schedule, as_of: date, day: date) -> Ints:
    """Revenue expected to date by `day` or the enforceable end, if that is earlier."""
    ends = _enforceable_ends(schedule)
    figures = schedule.scheduled(as_of) if day == date.max else schedule.recognized(day, as_of)
    for end in {end for end in ends if end is not None and end < day}:
        rows = np.array([other == end for other in ends], bool)
        figures = np.where(rows, schedule.recognized(max(end, as_of), as_of), figures)
    return figures


def _exemptions(schedule: Schedule, as_of: date) -> list[Bools]:
    treatment = schedule.obligation_column("rpo_treatment")
    short = (
        _short(schedule, as_of)
        if schedule.book.settings.short_contracts == "exclude"
        else np.zeros(schedule.count, bool)
    )
    return [np.array([word == name for word in treatment], bool) for name in ("right_to_invoice", "royalty")] + [short]


def _short(schedule: Schedule, as_of: date) -> Bools:
    """Obligations of contracts (combined ones as one) of an original duration of a year or less."""
    layout = schedule.layout
    unit = np.where(schedule.joined(as_of), layout.group, -1 - np.arange(len(layout.group)))[layout.contract].tolist()
    starts: dict[int, date] = {}
    ends: dict[int, date] = {}
    bounds = zip(
        unit, *(schedule.contract_column(n) for n in ("signed_on", "start", "end")),
        *(schedule.obligation_column(n) for n in ("added_on", "start", "end")), strict=True,
    )  # fmt: skip
    signings: dict[int, date] = {}
    for own, signed, contract_start, contract_end, added_on, start, end in bounds:
        if signed > as_of or (added_on is not None and added_on > signed):
            continue
        signings[own] = min(signed, signings.get(own, signed))
        for day in (contract_start, start):
            if day is not None:
                starts[own] = min(day, starts.get(own, day))
        for day in (contract_end, end):
            if day is not None:
                ends[own] = max(day, ends.get(own, day))
    within = {
        own for own, end in ends.items() if end < add_months(starts.get(own, signings[own]), 12, keep_month_end=False)
    }
    return np.array([own in within for own in unit], bool)


def rpo(schedule: Schedule, as_of: date, keep: Bools | None = None, currency: Currency = "contract") -> Table:
    """The disclosure, a row per currency: the bridge from backlog to RPO and the bands it will be recognized in.

    keep      obligations the report is about, default all
    currency  contract, or reporting for one row: what is disclosed stands first on deferred revenue, band by band
    raises    BookRefused where a rate is missing
    """
    found, total = remaining(schedule, as_of), Grouping.of(schedule, "total", keep, currency)
    taken = [*found.bands, *(-column for column in reversed(found.exempt))]
    worth = dict(zip((*BANDS, *reversed(EXEMPTIONS)), _worth(total, as_of, taken), strict=True))
    exempt, bands = [-worth[name] for name in EXEMPTIONS], [worth[name] for name in BANDS]
    disclosed = sum(bands, np.zeros(len(total.keys), np.int64))
    columns = [disclosed - sum(exempt), *exempt, disclosed, *bands]
    names = ("backlog", *EXEMPTIONS, "rpo", *BANDS)
    rows = [[as_of, code, *(int(column[n]) for column in columns)] for n, (_, code) in enumerate(total.keys)]
    return Table((Column("as_of", "date"), Column("currency"), *(Column(name, "money") for name in names)), rows)


def _worth(total: Grouping, as_of: date, taken: Sequence[Ints]) -> list[Ints]:
    """Parts of the backlog of each obligation by row of `total`, taken one after the other from what is deferred, then
    from what is unbilled."""
    unit, spread = total.schedule.unit(as_of), netted(total, as_of)
    count, reached = int(unit.max(initial=-1)) + 1, np.zeros(total.schedule.count, np.int64)
    before, found = np.zeros(len(spread.rows), np.int64), []
    for part in taken:
        reached = reached + part
        now = spread(*total.valuation.worth(as_of, (added(reached, unit, count), reached)))
        found.append((now - before)[: len(total.keys)])
        before = now
    return found
