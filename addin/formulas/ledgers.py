"""The ledger beside a workbook, for the formulas in its cells: its file verified once, and again when it has changed.

A spreadsheet program names a workbook by its path, by the bare name `Book1` as long as it is not saved, or by an
address on the web. Only beside a path can a ledger be found.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from engine.book.problems import Problem, Severity
from engine.ledger.errors import LedgerBusy, LedgerProblem
from engine.ledger.file import ledger_path
from engine.ledger.ledger import Ledger
from engine.schedule.history import History
from engine.schedule.schedule import Schedule

_MOST, _DIGITS = 16, 8
#: what tells that a file has changed: time, size and place on the disk; None if it is not there
Stamp = tuple[int, int, int] | None


@dataclass(frozen=True)
class Standing:
    """What stands in the ledger of a book.

    words    what the text of the book says of it: blank without entries, another after each entry
    ledger   None if there is no ledger
    problem  why the ledger cannot be used
    """

    words: str = ""
    ledger: Ledger | None = None
    problem: LedgerProblem | None = None

    def history(self, schedule: Schedule, *, only_reported: bool = False) -> History:
        """What answers for each day of a book with this ledger.

        raises LedgerProblem
        """
        if self.problem is not None:
            raise type(self.problem)(str(self.problem))
        if self.ledger is None:
            return History(schedule, only_reported=only_reported)
        return self.ledger.history(schedule, only_reported=only_reported)

    @property
    def findings(self) -> list[Problem]:
        """Why the ledger cannot be used, as a finding beside those of the book."""
        if self.problem is None:
            return []
        remedy = "It says what was reported of closed periods; without it no figure is given."
        title = "the ledger of closed periods cannot be used"
        return [Problem(Severity.STOP, "ledger-unusable", "", str(self.problem), remedy, title)]


NO_LEDGER = Standing()
_ONLINE = Standing(", closed periods not known: the workbook is not in a folder of this computer")


class Ledgers:
    """The ledgers of the workbooks that were asked about lately."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[Path, tuple[Stamp, Standing]] = OrderedDict()

    def beside(self, workbook: str) -> Standing:
        """The ledger of a workbook as its file is now.

        workbook  as the spreadsheet program names it
        """
        saved = saved_at(workbook)
        if saved is not None:
            return self.at(ledger_path(saved))
        return _ONLINE if "://" in workbook else NO_LEDGER

    def at(self, path: Path) -> Standing:
        """The ledger at a path as the file is now."""
        with self._lock:
            stamp = stamp_of(path)
            known = self._known.get(path)
            if known is not None and known[0] == stamp:
                self._known.move_to_end(path)
                return known[1]
            standing = NO_LEDGER if stamp is None else _read(path)
            if isinstance(standing.problem, LedgerBusy):  # which may pass without the file changing
                self._known.pop(path, None)
                return standing
            self._known[path] = (stamp, standing)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
            return standing


def saved_at(workbook: str) -> Path | None:
    """Where a workbook is saved; None if it is not, or nowhere a file can be found beside it."""
    path = Path(workbook)
    return path if path.is_absolute() else None


def stamp_of(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: Path) -> Standing:
    try:
        ledger = Ledger(path)
    except LedgerProblem as problem:
        mark = hashlib.sha256(str(problem).encode()).hexdigest()[:_DIGITS]
        return Standing(f", its ledger cannot be used: see RATABLE_PROBLEMS ({mark})", None, problem)
    if not ledger.entries:
        return NO_LEDGER
    closed = f"closed to {ledger.closes[-1].entry.period}" if ledger.closes else "no period closed"
    return Standing(f", {closed}, ledger {ledger.file.head[:_DIGITS]}", ledger)


#: The ledgers of this process.
LEDGERS = Ledgers()
