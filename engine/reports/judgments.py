"""Judgments: what was concluded about changes, estimates, exemptions and overrides, and what nobody concluded yet.

Source: ASC 606-10-50-17 to 50-20 (significant judgments).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.book.problems import Problem
from engine.book.tables import CHANGES
from engine.reports.checks.rule import Rule
from engine.reports.table import Column, Table
from engine.schedule.schedule import Schedule

RULE = Rule("judgments-on-changes", "changes and estimates have a judgment", "a change or estimate without a judgment")
_COLUMNS = (
    "judgment_id", "date", "contract_id", "refers_to", "what", "why", "concluded_by", "reviewed_by", "paragraph",
)  # fmt: skip
_REMEDY = (
    "Whether it is a separate contract, ends the old one, or is caught up - and how sure an estimate is - is a "
    "judgment an auditor will ask for. Enter in Judgments what was concluded, why, and by whom; refers_to names it."
)
#: events that are conclusions about the contract, not facts of its service
_CONCLUDED = {*CHANGES, "cancel", "estimate"}


def judgments(schedule: Schedule, as_of: date) -> Table:
    """Every conclusion to the close of `as_of`, in the order of the book."""
    rows = schedule.book.judgments
    shown = [n for n, day in enumerate(rows["date"]) if day <= as_of]
    kinds = tuple(Column(name, "date" if name == "date" else "text") for name in _COLUMNS)
    return Table(kinds, [[rows[name][n] for name in _COLUMNS] for n in shown])


def without_judgment(schedule: Schedule, as_of: date) -> list[Problem]:
    """A warning for each change, cancel and estimate to the close of `as_of` that no judgment is about."""
    rows = schedule.book.judgments
    about = {(contract, refers_to) for contract, refers_to in zip(rows["contract_id"], rows["refers_to"], strict=True)}
    whole = {contract for contract, refers_to in about if refers_to is None}
    named = {(contract, str(refers_to).lower()) for contract, refers_to in about if refers_to is not None}
    cases, count = [], 0
    for contract, name, problem in _to_be_concluded(schedule, as_of):
        count += 1
        if contract not in whole and not {(contract, name.lower()), (None, name.lower())} & named:
            cases.append(problem)
    passed = f"{count:,} changes and estimates to {as_of}"
    return RULE.told(cases, lambda problem: problem, lambda problem: problem.found, passed)


def _to_be_concluded(schedule: Schedule, as_of: date) -> Iterator[tuple[str, str, Problem]]:
    """(contract, what a judgment may refer to it by, finding)."""
    events, estimates = schedule.book.events, schedule.book.estimates
    for n, (type_, day) in enumerate(zip(events["type"], events["date"], strict=True)):
        if type_ in _CONCLUDED and day <= as_of:
            contract, name = events["contract_id"][n], events["event_id"][n]
            found = f"{name}  {contract}  {type_} of {day}"
            yield contract, name, RULE.warn(events.where(n, "event_id"), found, _REMEDY)
    for n, (kind, day) in enumerate(zip(estimates["kind"], estimates["date"], strict=True)):
        if day <= as_of:
            found = f"{estimates['contract_id'][n]}  estimate {kind} of {day}"
            yield estimates["contract_id"][n], kind, RULE.warn(estimates.where(n, "kind"), found, _REMEDY)
