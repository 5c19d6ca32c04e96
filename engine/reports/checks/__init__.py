"""Checks: the arithmetic of every figure, and the mistakes that cause restatements, in the user's own book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from engine.book.problems import Problem
from engine.book.trial_balance import TrialBalance
from engine.reports.checks import (
    arithmetic,
    at_billing,
    billing_changes,
    credits_and_cash,
    duplicates,
    ended,
    ledger,
    movements,
    negative,
    promises,
    silent,
)
from engine.reports.checks.evidence import Evidence
from engine.reports.checks.rule import Rule
from engine.schedule.schedule import Schedule

Check = Callable[[Evidence], list[Problem]]
#: called before each check: (its name, checks done, checks in all); raising an exception cancels
Progress = Callable[[str, int, int], None]

#: every check in the order it is told
CHECKS: tuple[tuple[Rule, Check], ...] = (
    (arithmetic.IDENTITIES, arithmetic.identities),
    (arithmetic.SCHEDULE, arithmetic.schedule_adds_to_price),
    (movements.CLOSES, movements.rollforward_closes),
    (movements.OPENS, movements.opening_is_prior_closing),
    (arithmetic.WATERFALL, arithmetic.waterfall_adds_to_price),
    (movements.ENTRIES, movements.entries_balance),
    (ledger.TIES, ledger.ties_to_ledger),
    (at_billing.AT_BILLING, at_billing.revenue_at_billing),
    (billing_changes.UNCHANGED, billing_changes.billing_without_change),
    (promises.BUNDLE, promises.bundle_as_one),
    (promises.RIGHTS, promises.rights_without_breakage),
    (duplicates.TWICE, duplicates.billed_twice),
    (credits_and_cash.RUNS_ON, credits_and_cash.credit_runs_on),
    (ended.ENDED, ended.ended_not_drained),
    (silent.SILENT, silent.active_but_silent),
    (negative.NEGATIVE, negative.negative_period),
    (credits_and_cash.NOT_CASH, credits_and_cash.deferred_is_not_cash),
)


def checks(
    schedule: Schedule, as_of: date, progress: Progress | None = None, trial_balance: TrialBalance | None = None
) -> list[Problem]:
    """Every check of a schedule at the close of `as_of`: one finding or more for each, in the order of CHECKS.

    A check that passes gives one finding of severity `ok` that says what was compared. Arithmetic fails, mistakes
    warn, those that are certain fail. Beyond 25 findings of one check the rest is named in one more.

    trial_balance  what the general ledger says, in place of the table Ledger
    """
    evidence, found = Evidence(schedule, as_of, trial_balance), []
    for done, (rule, check) in enumerate(CHECKS):
        if progress:
            progress(rule.name, done, len(CHECKS))
        found += check(evidence)
    return found
