"""Closing and reopening from the window: what is asked before, and what is said afterwards."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from addin import actions
from addin.desktop.words import moment_name

if TYPE_CHECKING:
    from addin.closing import Checklist, ClosedPeriod
    from addin.desktop.window import Window
    from engine.ledger.entry import Recorded


class Closings(QObject):
    """Asks the person, and has the session do it."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window, self.session, self._opens = window, window.session, False
        self._trial_balance: Path | None = None
        self.session.listed.connect(self._ask_to_close)
        self.session.closed.connect(self._closed)
        self.session.reopened.connect(self._reopened)

    def ask_to_close(self, trial_balance: Path | None = None) -> None:
        """Go through the checklist of the next period; then ask whether to close it.

        trial_balance  file to tie out to, in place of the table Ledger
        """
        self._trial_balance = trial_balance
        self.session.list_checks(trial_balance)

    def _ask_to_close(self, seen: Checklist) -> None:
        from addin.closing import now, signed_in
        from addin.desktop.close_dialog import AGAIN, CloseDialog

        reading, memory = self.session.reading, self.window.memory
        assert reading is not None
        target = actions.free_name(reading.path, seen.last)
        dialog = CloseDialog(self.window, memory, seen, self._moment(seen.last), target, signed_in())
        dialog.list.chosen.connect(self.window.show_cell)
        answer = dialog.exec()
        if answer == CloseDialog.DialogCode.Accepted:
            self._opens = dialog.opens.isChecked()
            asked = (dialog.target, dialog.acceptance, self._trial_balance)
            self.session.close_period(seen.label, dialog.by.words, now(), *asked)
        elif answer == AGAIN:
            self.ask_to_close(dialog.trial_balance)

    def ask_to_reopen(self) -> None:
        """Ask why, then open the last closed period again."""
        from addin.closing import now, signed_in
        from addin.desktop.reopen_dialog import ReopenDialog

        reading = self.session.reading
        if reading is None or not reading.closes:
            return
        last = reading.closes[-1].entry
        asked = self._moment(last.last), reading.closed(last.last)
        dialog = ReopenDialog(self.window, self.window.memory, *asked, signed_in())
        if dialog.exec() == ReopenDialog.DialogCode.Accepted:
            self.session.reopen_period(last.period, dialog.by.words, now(), dialog.reason.words)

    def _closed(self, done: ClosedPeriod) -> None:
        words = f"{self._moment(done.record.entry.last)} is closed; its pack is {done.pack.name}."
        if self._opens and not self.window.open_with(done.pack):
            words += " No program is known that opens it."
        self.window.say_when_read(words, done.pack)
        self.window.packed.emit(done.pack)

    def _reopened(self, record: Recorded) -> None:
        self.window.say_when_read(f"{self._moment(record.entry.last)} is open again.")

    def _moment(self, last: date) -> str:
        assert self.session.reading is not None
        return moment_name(last, self.session.reading.opened.schedule.book.settings.calendar)
