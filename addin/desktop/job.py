"""Long work beside the window: it tells how far it is, can be cancelled at any step, and never blocks a click."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from addin.actions import Progress

#: seconds between two reports of progress
_PAUSE = 0.05
#: seconds one thread may keep Python to itself while another waits; a click waits no longer than some of these
_TURN = 0.001


class Cancelled(Exception):
    """The person who waited does not want it any more."""


class Job(QThread):
    """One piece of work. `finished` ends it; then `answer` or `failure` tells how, or neither if it was cancelled.

    progress  (what, done, of), a few times a second
    """

    progress = Signal(str, int, int)

    def __init__(self, work: Callable[[Progress], Any], parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._cancelled, self._told = work, False, 0.0
        self.answer: Any = None
        self.failure: Exception | None = None
        sys.setswitchinterval(_TURN)

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def cancel(self) -> None:
        """Ask it to stop; it does at its next step, and leaves nothing behind."""
        self._cancelled = True

    def run(self) -> None:
        """In a thread of its own."""
        try:
            self._tell("", 0, 0)
            self.answer = self._work(self._tell)
        except Cancelled:
            self._cancelled = True
        except Exception as failure:
            self.failure = failure
            if not _in_plain_words(failure):
                traceback.print_exc()

    def _tell(self, what: str, done: int, of: int) -> None:
        if self._cancelled:
            raise Cancelled
        now = time.monotonic()
        if what and now - self._told > _PAUSE:
            self._told = now
            self.progress.emit(what, done, of)


def _in_plain_words(failure: Exception) -> bool:
    """Whether it is one of the failures that say what to do, which needs no trace of its origin."""
    from addin.actions import Usage
    from addin.closing import ChecklistOpen
    from addin.desktop.reading import RatesMissing
    from engine.book.problems import BookRefused
    from engine.ledger.errors import LedgerProblem
    from engine.sheets.errors import NotWritten

    plain = Usage | BookRefused | NotWritten | LedgerProblem | RatesMissing | ChecklistOpen
    return sys.stderr is None or isinstance(failure, plain)
