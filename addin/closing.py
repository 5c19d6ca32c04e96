"""Closing a period: the checklist, the close pack and the record in the ledger, all of it or none.

The pack is written in full beside the name it will take, then the close is recorded with the digest of the pack, then
the pack takes its name. Killed before the record, the period is open and no pack stands anywhere; killed after it, the
period is closed, and the pack takes its name the next time the ledger is looked at. So a pack under its name always
belongs to a period that is closed, and a closed period always has its pack.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from getpass import getuser
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from addin.actions import Progress, free_name, trial_balance_of
from addin.opened import Opened, Usage

if TYPE_CHECKING:
    from engine.book.problems import Problem
    from engine.book.trial_balance import TrialBalance
    from engine.ledger.entry import Recorded
    from engine.ledger.ledger import Accepted


_ONE_DAY = timedelta(1)
#: how the name of a pack on its way ends
_DRAFT = ".closing.tmp"


class ChecklistOpen(Exception):
    """Checks fail that nobody accepted; nothing was closed."""

    def __init__(self, findings: Sequence[Problem]) -> None:
        super().__init__(f"{len(findings)} finding(s) are neither mended nor accepted")
        self.findings = findings


@dataclass(frozen=True)
class Acceptance:
    """Failing checks that somebody takes responsibility for: their names, who, and why."""

    checks: Sequence[str] = ()
    by: str | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        if self.checks and not ((self.by or "").strip() and (self.reason or "").strip()):
            raise Usage('a check is accepted with a name and a reason: add --by NAME --reason "..."')

    def of(self, findings: Sequence[Problem]) -> list[Accepted]:
        """What is accepted.

        raises ChecklistOpen if a failing check is not; Usage for one that does not fail
        """
        from engine.book.problems import Severity
        from engine.ledger.ledger import Accepted

        failing = dict.fromkeys(finding.name for finding in findings if finding.severity is Severity.FAIL)
        for name in self.checks:
            if name not in failing:
                there = f"failing are {', '.join(failing)}" if failing else "no check fails"
                raise Usage(f"--accept {name}: that check does not fail; {there}")
        open_ = [f for f in findings if f.severity is Severity.FAIL and f.name not in self.checks]
        if open_:
            raise ChecklistOpen(open_)
        return [Accepted(name, str(self.by).strip(), str(self.reason).strip()) for name in dict.fromkeys(self.checks)]


@dataclass(frozen=True)
class Checklist:
    """What is looked at before a period is closed.

    label        of the period, as "2026-03"
    first, last  its days
    findings     warnings of the book, every check with the tie-out, changes without a conclusion
    tied_to      trial balance that the tie-out compared, if it was not the table Ledger
    """

    label: str
    first: date
    last: date
    findings: Sequence[Problem]
    tied_to: TrialBalance | None = None

    @property
    def failing(self) -> list[Problem]:
        """What has to be mended or accepted."""
        from engine.book.problems import Severity

        return [finding for finding in self.findings if finding.severity is Severity.FAIL]


def signed_in() -> str:
    """Whoever is signed in to this machine; blank where it does not say."""
    try:
        return getuser().strip()
    except (ImportError, KeyError, OSError):  # a Windows without USERNAME, a container whose user has no name
        return ""


def period_to_close(opened: Opened, day: date) -> str:
    """The period that is closed next: the one after the last close; if nothing is closed, that of a day.

    raises LedgerDamaged, LedgerBusy
    """
    calendar, closes = opened.schedule.calendar, opened.ledger.closes
    following = closes[-1].entry.last + _ONE_DAY if closes else day
    return calendar.label(calendar.period(following.toordinal()))


def checklist(
    opened: Opened, period: str, progress: Progress | None = None, trial_balance: Path | None = None
) -> Checklist:
    """Go through the checklist of a period that could be closed now.

    trial_balance  file that is compared in place of the table Ledger
    raises         TrialBalanceRefused, Usage, OutOfOrder, LedgerDamaged, LedgerBusy
    """
    from engine.reports.checks import checks
    from engine.reports.judgments import without_judgment

    schedule = opened.schedule
    try:
        first, last = opened.ledger.next_period(schedule, period)
    except ValueError as problem:
        raise Usage(str(problem)) from None
    label = schedule.calendar.label(schedule.calendar.period(last.toordinal()))
    tied_to = trial_balance_of(opened, trial_balance, last)
    found = [*checks(schedule, last, progress, tied_to), *without_judgment(schedule, last)]
    return Checklist(label, first, last, [*opened.warnings, *found], tied_to)


@dataclass(frozen=True)
class ClosedPeriod:
    """A period that was closed just now.

    pack      where its close pack is
    findings  the checklist as it was, warnings included
    """

    record: Recorded
    pack: Path
    findings: Sequence[Problem]


def now() -> str:
    """Date and time as the ledger records them."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def close_period(
    opened: Opened, period: str, by: str, at: str, target: Path | None = None, acceptance: Acceptance | None = None,
    progress: Progress | None = None, trial_balance: Path | None = None,
) -> ClosedPeriod:  # fmt: skip
    """Go through the checklist, write the close pack and record the close.

    by, at         who closes, and the date and time, ISO
    trial_balance  file that is compared in place of the table Ledger
    raises         TrialBalanceRefused, Usage, ChecklistOpen, OutOfOrder, LedgerMoved, LedgerBusy, LedgerDamaged,
                   NotWritten; nothing is closed then
    """
    from engine.ledger.errors import LedgerMoved
    from engine.ledger.ledger import CHECKS, findings_of
    from engine.reports.standing import standing_journal
    from engine.sheets.close_pack import close_pack
    from engine.sheets.place import Draft
    from engine.sheets.write import write_pack

    named: dict[str, str] = {}
    ledger, schedule = opened.ledger, opened.schedule
    finished = finish_pack(opened, target)
    if finished and ledger.closes[-1].entry.period == period:
        return ClosedPeriod(ledger.closes[-1], finished, findings_of(ledger.table(ledger.closes[-1], CHECKS)))
    seen = checklist(opened, period, progress, trial_balance)
    label, days, findings = seen.label, (seen.first, seen.last), seen.findings
    accepted = (acceptance or Acceptance()).of(findings)
    path = target or free_name(opened.path, days[1])
    if path.suffix.lower() != ".xlsx":
        raise Usage(f"a close pack is an Excel workbook: name it {path.with_suffix('.xlsx').name}")
    draft = Draft(path, f".{path.stem}.{secrets.token_hex(4)}{_DRAFT}")
    try:
        prepared_on = date.fromisoformat(at[:10])
        record_of = f"Entry {len(ledger.entries) + 1}, the close of {label} by {by}, made on {ledger.head}"
        pack = close_pack(
            opened.history,
            days[1],
            findings,
            opened.path.name,
            prepared_on,
            None,
            progress,
            None,
            record_of,
            seen.tied_to,
        )
        write_pack(pack, draft.draft, progress)
        named = {"name": path.name, "digest": draft.digest}
        entries = standing_journal(opened.history, *days)
        record = ledger.close(schedule, label, days, by, at, findings, accepted, entries, named, seen.tied_to)
        draft.place()
    except FileNotFoundError:  # whoever closes first takes away the drafts of the others
        raise LedgerMoved(f"{label} was closed by somebody else meanwhile") from None
    finally:
        if not ledger.closes or ledger.closes[-1].entry.said["pack"].get("digest") != named.get("digest"):
            draft.discard()
    _sweep(path)
    return ClosedPeriod(record, path, findings)


def finish_pack(opened: Opened, target: Path | None = None) -> Path | None:
    """Give the pack of the last close its name, if the program ended before it could; returns where it is then.

    target  where the pack was to go, if not beside the book
    """
    from engine.sheets.place import Draft

    if not opened.ledger.closes:
        return None
    pack = opened.ledger.closes[-1].entry.said["pack"]
    path = (target or opened.ledger.file.path).with_name(pack["name"])
    for file in path.parent.glob(f".{escape(path.stem)}.*{_DRAFT}"):
        draft = Draft(path, file.name)
        if draft.digest == pack["digest"]:
            draft.place()
            _sweep(path)
            return path
    return None


def _sweep(path: Path) -> None:
    """Take away what programs that were killed left of packs of this name; the period is closed, nobody needs them."""
    for pattern in (f".{escape(path.stem)}.*{_DRAFT}", f"..{escape(path.stem)}.*{_DRAFT}.*.tmp"):
        for file in path.parent.glob(pattern):
            file.unlink(missing_ok=True)


def reopen_period(opened: Opened, period: str, by: str | None, at: str, reason: str | None) -> Recorded:
    """Open the last closed period again.

    raises  Usage, OutOfOrder, LedgerMoved, LedgerBusy, LedgerDamaged
    """
    if not ((by or "").strip() and (reason or "").strip()):
        raise Usage('a period is reopened by somebody and for a reason: add --by NAME --reason "..."')
    calendar = opened.schedule.calendar
    label = calendar.label(calendar.period(opened.day(period).toordinal()))
    return opened.ledger.reopen(label, str(by).strip(), at, str(reason).strip())
