"""Movements: roll-forwards close on the balances, and journal entries move just those balances."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np

from engine.book.problems import Problem
from engine.reports.checks.balance_sheet import BALANCES, debits, lost, receivable
from engine.reports.checks.evidence import Evidence, counted, in_words
from engine.reports.checks.rule import Rule
from engine.reports.journal import Line, journal_lines
from engine.reports.periods import ONE_DAY
from engine.reports.table import Table
from engine.schedule.flow import Flow
from engine.schedule.kernel import Ints
from engine.schedule.positions import added, positions

CLOSES = Rule("rollforward-closes", "roll-forwards close on the balances", "a roll-forward does not close")
OPENS = Rule(
    "opening-is-prior-closing", "openings are prior closings", "an opening balance is not the closing before it"
)
ENTRIES = Rule("entries-balance", "journal entries balance", "journal entries do not balance")

_FLOW = (
    "A movement is missing or stands twice, so the disclosure would not explain the balance. No row of the book "
    "can cause this: report it with the book, and do not post the period before it is found."
)
_INCOME = ("revenue", "breakage", "contra_revenue")


# -- roll-forwards -------------------------------------------------------------------------------------------


def rollforward_closes(evidence: Evidence) -> list[Problem]:
    """Opening and movements of each period add up to its closing, which is the balance of that day."""
    ends = {span.label: _balances(evidence, span.last) for span in evidence.year_to_date}
    gaps = []
    for of, table in evidence.rollforwards.items():
        for row in table.rows:
            period, currency, opening, *moved, closing = row
            gap = opening + sum(moved) - closing
            if gap:
                gaps.append(f"{of}  {period}  opening and movements miss the closing by {in_words(gap, currency)}")
            balance = ends[period][of, currency]
            if closing != balance:
                words = f"closes at {in_words(closing, currency)}, the balance is {in_words(balance, currency)}"
                gaps.append(f"{of}  {period}  {words}")
    return _told(CLOSES, gaps, f"{_rows(evidence)} of deferred revenue and backlog, fiscal year to date")


def opening_is_prior_closing(evidence: Evidence) -> list[Problem]:
    """Each period opens at the closing of the one before, the first at the balance on the eve of the fiscal year."""
    gaps = []
    eve = evidence.year_to_date[0].first - ONE_DAY
    for of, table in evidence.rollforwards.items():
        before = {currency: balance for (what, currency), balance in _balances(evidence, eve).items() if what == of}
        for period, currency, opening, *_, closing in table.rows:
            if opening != before[currency]:
                words = f"opens at {in_words(opening, currency)} after {in_words(before[currency], currency)}"
                gaps.append(f"{of}  {period}  {words}")
            before[currency] = closing
    return _told(OPENS, gaps, f"{_rows(evidence)} of deferred revenue and backlog, from the close of {eve.isoformat()}")


def _told(rule: Rule, gaps: list[str], passed: str) -> list[Problem]:
    return rule.told(gaps, lambda gap: rule.fail("", gap, _FLOW), str, passed)


def _rows(evidence: Evidence) -> str:
    tables: list[Table] = list(evidence.rollforwards.values())
    return counted(sum(len(table.rows) for table in tables), "period row")


def _balances(evidence: Evidence, day: date) -> dict[tuple[str, str], int]:
    """Deferred revenue and backlog of each currency at the close of a day."""
    units, own = positions(evidence.schedule, day)
    contract_of = evidence.layout.contract
    first = contract_of[np.searchsorted(evidence.schedule.unit(day), np.arange(len(units.deferred)))]
    sums = {
        "deferred": evidence.by_currency(units.deferred, first),
        "backlog": evidence.by_currency(own.backlog, contract_of),
    }
    return {(of, currency): sums[of][n] for of in sums for n, currency in enumerate(evidence.currencies)}


# -- entries -------------------------------------------------------------------------------------------------


def entries_balance(evidence: Evidence) -> list[Problem]:
    """Entries of the period balance per contract and day, and move every balance from opening to closing."""
    span = evidence.last_period
    lines = journal_lines(evidence.schedule, span.first, span.last)
    cases = [*_unbalanced(evidence, lines), *_unmoved(evidence, lines)]
    remedy = (
        "The entries cannot be posted as they are: the ledger would differ from the balances reported. No row of "
        "the book can cause this: report it with the book."
    )
    entries = len({(line.contract, line.day, line.source) for line in lines})
    return ENTRIES.told(
        cases,
        lambda case: ENTRIES.fail(evidence.at_contract(case[0], "contract_id"), case[1], remedy),
        lambda case: evidence.layout.contract_id(case[0]),
        f"{counted(entries, 'entry').replace('entrys', 'entries')}, {len(lines):,} lines, {span.first} to {span.last}",
    )


def _unbalanced(evidence: Evidence, lines: list[Line]) -> list[tuple[int, str]]:
    sums: dict[tuple[int, date], int] = defaultdict(int)
    for line in lines:
        sums[line.contract, line.day] += line.amount
    return [
        (
            contract,
            f"{evidence.layout.contract_id(contract)}  {day}  debits less credits {evidence.amount(gap, contract)}",
        )
        for (contract, day), gap in sums.items()
        if gap
    ]


def _unmoved(evidence: Evidence, lines: list[Line]) -> list[tuple[int, str]]:
    """Roles whose entries do not move the balance as the reports do, by group of combined contracts."""
    groups = _Groups(evidence)
    wanted = groups.movements()
    group_of = groups.of_contract.tolist()
    posted = {role: [0] * groups.count for role in wanted}
    for line in lines:
        role = "revenue" if line.role in _INCOME else line.role
        if role in posted:
            posted[role][group_of[line.contract]] += line.amount
    cases = []
    for role, movement in wanted.items():
        differs = np.array(posted[role], np.int64) != movement
        for group in np.flatnonzero(differs).tolist():
            contract = int(groups.first[group])
            debits = [evidence.amount(figure[group], contract) for figure in (posted[role], movement)]
            words = (
                f"{evidence.layout.contract_id(contract)}  {role}: entries debit {debits[0]}, the balances {debits[1]}"
            )
            cases.append((contract, words))
    return cases


class _Groups:
    """What the entries of the period must debit to each role, by group of combined contracts."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence, self.span = evidence, evidence.last_period
        self.of_contract: Ints = np.unique(evidence.layout.group, return_inverse=True)[1]
        self.count = int(self.of_contract.max(initial=-1)) + 1
        self.first = np.searchsorted(self.of_contract, np.arange(self.count))

    def movements(self) -> dict[str, Ints]:
        schedule, span = self.evidence.schedule, self.span
        opening, closing = self._balances(span.first - ONE_DAY), self._balances(span.last)
        moved = {role: closing[role] - opening[role] for role in BALANCES}
        for day in schedule.cut_overs(span.first, span.last):  # what is taken over is no entry
            begun = debits(schedule, day)
            on_it = self.evidence.layout.cut_over == day.toordinal()
            for role in BALANCES:
                moved[role] = moved[role] - added(np.where(on_it, begun[role], 0), self.of_contract, self.count)
        against = lost(schedule, span.first, span.last, Flow.CONTRA_REVENUE)
        moved["revenue"] = self._of_obligations(against - self.evidence.revenue_last_period)
        moved["receivable"] = self._of_obligations(receivable(schedule, span.first, span.last))
        moved["bad_debt"] = self._of_obligations(lost(schedule, span.first, span.last, Flow.BAD_DEBT))
        return moved

    def _balances(self, day: date) -> dict[str, Ints]:
        return {
            role: added(column, self.of_contract, self.count)
            for role, column in debits(self.evidence.schedule, day).items()
        }

    def _of_obligations(self, column: Ints) -> Ints:
        return added(column, self.of_contract[self.evidence.layout.contract], self.count)
