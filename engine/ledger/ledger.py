"""The ledger of a book: which periods are closed, on which rows, and what was reported of them.

A ledger is read once and answers from then on; only closing, reopening and posting write to its file.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from engine.book.kept import book_of, kept
from engine.book.problems import BookRefused, Problem, Severity
from engine.book.trial_balance import TrialBalance
from engine.ledger.entry import Entry, Recorded
from engine.ledger.errors import LedgerProblem, NotReproduced
from engine.ledger.file import LedgerFile, ledger_path
from engine.reports.balances import balances
from engine.reports.table import Column, Table
from engine.schedule.compile import compile_book
from engine.schedule.currency import is_foreign
from engine.schedule.history import Closed, History
from engine.schedule.schedule import Schedule
from engine.version import VERSION

_ONE_DAY = timedelta(1)
INPUTS, BALANCES, JOURNAL, CHECKS, REPORTING = "inputs", "balances", "journal", "checks", "reporting_balances"
TRIAL_BALANCE = "trial_balance"


class OutOfOrder(LedgerProblem):
    """The period cannot be closed or reopened now; the message says which one can."""


@dataclass(frozen=True)
class Accepted:
    """A failing check that somebody took responsibility for."""

    check: str
    by: str
    reason: str


class Ledger:
    """The ledger of the book at a path."""

    def __init__(self, path: Path) -> None:
        """raises LedgerDamaged, LedgerBusy"""
        self.file = LedgerFile(path)
        #: what closed periods answer from, by fingerprint: compiled once, however often today's rows change
        self._schedules: dict[str, Schedule] = {}

    @staticmethod
    def of(book: Path) -> Ledger:
        """The ledger beside a workbook or folder."""
        return Ledger(ledger_path(book))

    @property
    def entries(self) -> Sequence[Recorded]:
        return self.file.entries

    @property
    def head(self) -> str:
        """The last entry in words, with the digest that holds it and all before it."""
        if not self.entries:
            return "no entry"
        last = self.entries[-1]
        return f"entry {last.number}, the {last.entry}, digest {last.digest}"

    @property
    def closes(self) -> list[Recorded]:
        """The closes in force, oldest first: those that were not reopened."""
        standing: list[Recorded] = []
        for each in self.entries:
            if each.entry.kind == "close":
                standing.append(each)
            elif each.entry.kind == "reopen":
                standing.pop()
        return standing

    def close_of(self, label: str) -> Recorded:
        """The close in force of a period.

        raises OutOfOrder
        """
        found = next((each for each in self.closes if each.entry.period == label), None)
        if found is None:
            closed = ", ".join(each.entry.period for each in self.closes) or "none"
            raise OutOfOrder(f"{label} is not closed; closed periods: {closed}")
        return found

    # -- what was reported -------------------------------------------------------------------------------------

    def history(self, today: Schedule, *, only_reported: bool = False) -> History:
        """Closed periods by the rows they were closed on, open ones by today's."""
        return History(today, [self._closed(each, today) for each in self.closes], only_reported=only_reported)

    def _closed(self, close: Recorded, today: Schedule) -> Closed:
        entry, known = close.entry, self._schedules

        def load() -> Schedule:
            mark = str(entry.said["fingerprint"])
            unchanged = mark == today.book.fingerprint
            if not unchanged and mark not in known:
                known[mark] = self.schedule(close)
            found = today if unchanged else known[mark]
            if entry.said["version"] != VERSION and (count := self.not_reproduced(close, found)):
                raise NotReproduced(
                    f"{entry.period} was closed by Ratable {entry.said['version']}; version {VERSION} computes "
                    f"{count:,} of its balances otherwise. Ask that version about it, or reopen it with this reason; "
                    "--recalculated answers without closed periods"
                )
            return found

        return Closed(entry.period, entry.first, entry.last, load)

    def schedule(self, close: Recorded) -> Schedule:
        """What a period was closed on, compiled again.

        raises LedgerDamaged, LedgerBusy
        """
        return compile_book(book_of(self.file.part(close, INPUTS), f"as closed {close.entry.period}"))

    def table(self, of: Recorded, name: str) -> Table:
        """A table as it was recorded.

        raises LedgerDamaged, LedgerBusy
        """
        return _table_of(self.file.part(of, name))

    def not_reproduced(self, close: Recorded, schedule: Schedule) -> int:
        """How many balances, computed again by this version of Ratable, are not those recorded at the close."""
        found = 0
        for name, table in _balances(schedule, close.entry.last).items():
            if name not in close.parts:
                continue
            then = {(row[0], row[1]): list(row) for row in self.table(close, name).rows}
            now = {(row[0], row[1]): list(row) for row in table.rows}
            found += sum(then.get(key) != now.get(key) for key in {*then, *now})
        return found

    # -- what is written ---------------------------------------------------------------------------------------

    def next_period(self, schedule: Schedule, label: str) -> tuple[date, date]:
        """First and last day of the period to be closed.

        raises OutOfOrder if it is none, or another one comes first; ValueError for a label that means nothing
        """
        calendar = schedule.calendar
        span = calendar.span(label)
        number = calendar.period(span.last.toordinal())
        begin, end = (date.fromordinal(day) for day in (calendar.start(number), calendar.end(number)))
        if span != (begin, end):
            raise OutOfOrder(
                f"{label} is not one accounting period; periods are closed one by one, as {calendar.label(number)}"
            )
        if not self.closes:
            return begin, end
        last = self.closes[-1].entry
        if end < last.last:
            raise OutOfOrder(f"{label} is closed, and so are the periods after it up to {last.period}")
        if end == last.last:
            raise OutOfOrder(f"{label} was closed by {last.by} at {last.at}; to change it, reopen it with a reason")
        begin_next = last.last + _ONE_DAY
        if begin > begin_next:
            following = calendar.label(calendar.period(begin_next.toordinal()))
            raise OutOfOrder(
                f"{label} cannot be closed yet: {following} comes first, as {last.period} is the last period closed"
            )
        return begin_next, end

    def close(
        self, schedule: Schedule, label: str, days: tuple[date, date], by: str, at: str, findings: Sequence[Problem],
        accepted: Iterable[Accepted], entries: Table, pack: Mapping[str, str],
        trial_balance: TrialBalance | None = None,
    ) -> Recorded:  # fmt: skip
        """Record a close: balances by obligation, the entries, the inputs, what was checked and accepted.

        days     first and last day, as `next_period` gives them
        at       date and time, ISO
        entries  the journal of the period
        pack     name and digest of the close pack
        trial_balance  of the general ledger, if the tie-out was to one
        raises   LedgerMoved if somebody else wrote since the ledger was read; LedgerBusy
        """
        said: dict[str, Any] = {
            "version": VERSION,
            "fingerprint": schedule.book.fingerprint,
            "reporting_currency": schedule.book.settings.reporting_currency,
            "accepted": [vars(each) for each in accepted],
            "pack": dict(pack),
        }
        parts = {
            **{name: _bytes_of(table) for name, table in _balances(schedule, days[1]).items()},
            JOURNAL: _bytes_of(entries),
            CHECKS: _bytes_of(_checks(findings)),
            INPUTS: kept(schedule.book),
        }
        if trial_balance is not None:
            said["trial_balance"] = {"name": trial_balance.file, "digest": trial_balance.digest}
            parts[TRIAL_BALANCE] = _bytes_of(_accounts(trial_balance))
        return self.file.append(Entry("close", label, *days, by, at, said), parts)

    def reopen(self, label: str, by: str, at: str, reason: str) -> Recorded:
        """Open the last closed period again; what it was closed on stays in the file.

        raises OutOfOrder, LedgerMoved, LedgerBusy
        """
        close = self.close_of(label)
        later = [each.entry.period for each in self.closes if each.number > close.number]
        if later:
            raise OutOfOrder(
                f"{label} cannot be reopened while {', '.join(later)} {'is' if len(later) == 1 else 'are'} closed: "
                f"reopen {later[-1]} first"
            )
        said = {"reason": reason, "close": close.number}
        return self.file.append(Entry("reopen", label, close.entry.first, close.entry.last, by, at, said), {})

    def post(
        self, label: str, days: tuple[date, date], by: str, at: str, said: Mapping[str, Any], batch: Table
    ) -> Recorded:
        """Record a batch of entries handed to the general ledger.

        raises LedgerMoved, LedgerBusy
        """
        return self.file.append(Entry("post", label, *days, by, at, said), {JOURNAL: _bytes_of(batch)})

    @property
    def batches(self) -> list[Recorded]:
        """Every batch handed to the general ledger, oldest first."""
        return [each for each in self.entries if each.entry.kind == "post"]


def _balances(schedule: Schedule, day: date) -> dict[str, Table]:
    """Every balance by obligation; in reporting currency too, if contracts are in others and the rates are there."""
    found = {BALANCES: balances(schedule, day, "obligation")}
    if is_foreign(schedule):
        with suppress(BookRefused):
            found[REPORTING] = balances(schedule, day, "obligation", currency="reporting")
    return found


def _accounts(trial_balance: TrialBalance) -> Table:
    rows = zip(trial_balance.rows["account"], trial_balance.rows["balance"], strict=True)
    return Table((Column("account"), Column("balance", "money")), [list(row) for row in rows])


def _checks(findings: Sequence[Problem]) -> Table:
    names = ("severity", "name", "where", "found", "remedy", "title")
    rows = [[str(getattr(finding, name)) for name in names] for finding in findings]
    return Table(tuple(Column(name) for name in names), rows)


def findings_of(table: Table) -> list[Problem]:
    """Findings as they were recorded."""
    return [Problem(Severity(row[0]), *row[1:]) for row in table.rows]


def _bytes_of(table: Table) -> bytes:
    columns = [[column.name, column.kind] for column in table.columns]
    days = [n for n, column in enumerate(table.columns) if column.kind == "date"]
    rows = [list(row) for row in table.rows]
    for row in rows:
        for n in days:
            row[n] = row[n].isoformat() if row[n] else None
    text = json.dumps({"columns": columns, "rows": rows}, separators=(",", ":"), ensure_ascii=False)
    return zlib.compress(text.encode("utf-8"))


def _table_of(content: bytes) -> Table:
    found = json.loads(zlib.decompress(content))
    columns = tuple(Column(*column) for column in found["columns"])
    days = [n for n, column in enumerate(columns) if column.kind == "date"]
    for row in found["rows"]:
        for n in days:
            row[n] = date.fromisoformat(row[n]) if row[n] else None
    return Table(columns, found["rows"])
