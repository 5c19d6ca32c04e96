"""The close pack of a schedule: asks every report what the pack shows and puts the answers together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from engine.book.problems import BookRefused, Problem
from engine.book.trial_balance import TrialBalance
from engine.reports.axis import Axis
from engine.reports.balances import balances
from engine.reports.checks.ledger import tie_out
from engine.reports.disclosure import disclosure
from engine.reports.judgments import judgments
from engine.reports.periods import ONE_DAY, fiscal_year_to, period_of
from engine.reports.rpo import rpo
from engine.reports.selecting import Selection
from engine.reports.standing import revenue_schedule, standing_costs, standing_journal, standing_rollforward
from engine.reports.table import Column, Table
from engine.reports.trend import trend
from engine.reports.waterfall import deferred_waterfall, waterfall_over
from engine.schedule.currency import is_foreign
from engine.schedule.history import History
from engine.schedule.schedule import Schedule
from engine.sheets import words
from engine.sheets.pack import ALL, NO_DISCLOSURE, NO_TIE_OUT, NOT_TRANSLATED, SHEET_OF, Comparative, Pack, no_rows
from engine.sheets.pack import Period as Span
from engine.version import VERSION

#: called as each part of the pack is ready: (what, done, of)
Progress = Callable[[str, int, int], None]


def close_pack(
    history: History,
    as_of: date,
    checks: Sequence[Problem],
    source: str,
    prepared_on: date,
    known_at: date | None = None,
    progress: Progress | None = None,
    chosen: Sequence[str] | None = None,
    ledger: str = "",
    trial_balance: TrialBalance | None = None,
) -> Pack:
    """Everything a close pack shows of a book at `as_of`, closed periods as they were reported.

    checks         findings of the checks and warnings of the book, in the order they are to be read
    source         file or folder name of the book
    prepared_on    the day the pack is made
    known_at       the day as known at which the book was read, to be said in the pack
    chosen         the sheets wanted beside Contents and Checks; those they refer to come with them. Default all
    ledger         the state of the ledger the pack is made on, in words
    trial_balance  of the general ledger, compared in place of the table Ledger
    """
    schedule = history.at(as_of)
    axis, settings = Axis(schedule.calendar, as_of), schedule.book.settings
    year, month = axis.to_date, period_of(schedule.calendar, as_of)
    parts: dict[str, Callable[[], Table]] = {
        "trend": lambda: trend(history, axis),
        "deferred_rollforward": lambda: standing_rollforward(history, year[0].first, as_of, "deferred"),
        "backlog_rollforward": lambda: standing_rollforward(history, year[0].first, as_of, "backlog"),
        "deferred_waterfall": lambda: deferred_waterfall(schedule, axis),
        "backlog_waterfall": lambda: waterfall_over(schedule, as_of, axis.release, "contract"),
        "backlog_cohorts": lambda: waterfall_over(schedule, as_of, axis.release, "cohort"),
        "revenue": lambda: revenue_schedule(history, axis),
        "balances": lambda: balances(schedule, as_of),
        "rpo": lambda: rpo(schedule, as_of),
        "costs": lambda: standing_costs(history, year[0].first, as_of),
        "deferred_translated": lambda: _translated(history, year[0].first, as_of, "deferred"),
        "backlog_translated": lambda: _translated(history, year[0].first, as_of, "backlog"),
        "disclosure": lambda: disclosure(history, year[0].first, as_of),
        "disclosure_translated": lambda: _disclosed_in_one(history, year[0].first, as_of),
        "journal": lambda: standing_journal(history, month.first, as_of),
    }
    tables: dict[str, Table] = {}
    sheets = None if chosen is None else words.with_needs(chosen)
    for done, (name, ask) in enumerate(parts.items()):
        if progress:
            progress("figures", done, len(parts))
        tables[name] = ask() if sheets is None or SHEET_OF[name] in sheets else no_rows(name)
    contracts = schedule.book.contracts
    tied = NO_TIE_OUT
    if sheets is None or words.TIE_OUT in sheets:
        tied = _tied(schedule, as_of, trial_balance)
    return Pack(
        entity=settings.entity,
        title=f"Close pack {as_of:%B %Y}",
        as_of=as_of,
        reporting_currency=settings.reporting_currency,
        version=VERSION,
        fingerprint=schedule.book.fingerprint,
        source=source,
        prepared_on=prepared_on,
        ledger=ledger,
        periods=[Span(span.label, span.first, span.last) for span in axis.every],
        customers=dict(zip(contracts["contract_id"], contracts["customer"], strict=True)),
        checks=checks,
        trend=tables["trend"],
        deferred_rollforward=tables["deferred_rollforward"],
        backlog_rollforward=tables["backlog_rollforward"],
        deferred_waterfall=tables["deferred_waterfall"],
        backlog_waterfall=tables["backlog_waterfall"],
        backlog_cohorts=tables["backlog_cohorts"],
        revenue=tables["revenue"],
        balances=tables["balances"],
        rpo=tables["rpo"],
        costs=tables["costs"],
        deferred_translated=tables["deferred_translated"],
        backlog_translated=tables["backlog_translated"],
        journal=tables["journal"],
        disclosure=tables["disclosure"],
        disclosure_translated=tables["disclosure_translated"],
        judgments=judgments(schedule, as_of),
        tie_out=tied,
        tied_to=_tied_to(tied, trial_balance),
        comparatives=_comparatives(history, as_of),
        notes=_notes(schedule, known_at, sheets),
        chosen=sheets,
    )


def _tied(schedule: Schedule, as_of: date, trial_balance: TrialBalance | None) -> Table:
    """The tie-out, if the general ledger says anything of the day or before."""
    ledger = schedule.book.ledger if trial_balance is None else trial_balance.rows
    return tie_out(schedule, as_of, trial_balance) if any(day <= as_of for day in ledger["date"]) else NO_TIE_OUT


def _tied_to(tied: Table, trial_balance: TrialBalance | None) -> str:
    if not tied.rows:
        return ""
    day = tied.rows[0][tied.names.index("date")]
    if trial_balance is None:
        return f"General ledger: the balances of {day} in the table Ledger"
    return f"General ledger: {trial_balance.file}, as of {day}, SHA-256 {trial_balance.digest}"


def _translated(history: History, first: date, last: date, of: Literal["deferred", "backlog"]) -> Table:
    """A roll-forward in reporting currency, of the contracts of each currency and of all; nothing of a book in one
    currency, or without the rates."""
    schedules = history.asked(first, last)
    if not any(map(is_foreign, schedules)):
        return NOT_TRANSLATED
    reporting = schedules[-1].book.settings.reporting_currency
    codes = {code for schedule in schedules for code in schedule.contract_column("currency")}
    order = sorted(codes, key=lambda code: (code != reporting, code))
    which = {code: Selection(where={"currency": code}, currency="reporting") for code in order}
    which[ALL] = Selection(currency="reporting")
    try:
        parts = {code: standing_rollforward(history, first, last, of, which[code]) for code in which}
    except BookRefused:
        return NOT_TRANSLATED
    rows = [[code, *row] for code, table in parts.items() for row in table.rows]
    return Table((Column("contracts"), *parts[ALL].columns), rows)


def _disclosed_in_one(history: History, first: date, last: date) -> Table:
    """The disclosure of all contracts in reporting currency; nothing of a book in one currency, or without the
    rates."""
    if not any(map(is_foreign, history.asked(first, last))):
        return NO_DISCLOSURE
    try:
        return disclosure(history, first, last, "reporting")
    except BookRefused:
        return NO_DISCLOSURE


def _comparatives(history: History, as_of: date) -> list[Comparative]:
    """The balances of the eve of the period and of the fiscal year."""
    calendar = history.at(as_of).calendar
    month = period_of(calendar, as_of).first - ONE_DAY
    year = fiscal_year_to(calendar, as_of).first - ONE_DAY
    days = {"Prior month end": month, "Prior year end": year}
    return [Comparative(label, day, balances(history.at(day), day, "total")) for label, day in days.items()]


def _notes(schedule: Schedule, known_at: date | None, sheets: Sequence[str] | None) -> list[str]:
    settings = schedule.book.settings
    said = (
        "convention",
        "rounding",
        "netting",
        "deferral_basis",
        "early_service",
        "calendar",
        "current_months",
        "short_contracts",
    )
    notes = [f"{name}: {getattr(settings, name)}" for name in said]
    if known_at:
        notes.insert(0, f"As known at {known_at.isoformat()}")
    if sheets is not None and (without := [name for name in words.CHOICE if name not in sheets]):
        notes.append(f"A selection of reports, without {', '.join(without)}")
    return notes
