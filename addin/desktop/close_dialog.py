"""Asks whether a period is to be closed: its checklist, what is accepted and why, who closes, where the pack goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from addin.closing import Acceptance, Checklist
from addin.desktop.asking import pack_to_write, trial_balance
from addin.desktop.banner import verdict
from addin.desktop.dialogs import Entry, answers, caption
from addin.desktop.fields import Tick
from addin.desktop.findings_list import FindingsList, title
from addin.desktop.memory import Memory
from addin.desktop.style import effective

if TYPE_CHECKING:
    from engine.book.problems import Problem

#: what `exec` answers if the checklist is to be gone through again, with another trial balance
AGAIN = 2
_ABOUT = (
    "A closed period is never restated: what is done to its rows afterwards appears in the first open period as "
    "prior period. The close pack and the record of the close are written together, or neither is."
)


class CloseDialog(QDialog):
    """The checklist of a period; every check that fails is accepted with a name and a reason, or nothing is closed.

    trial_balance  the file the person chose to tie out to, once `exec` has answered AGAIN
    """

    def __init__(self, parent: QWidget, memory: Memory, seen: Checklist, moment: str, target: Path, name: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Close a period")
        self.memory, self.seen, self.target = memory, seen, target
        self.trial_balance: Path | None = None
        self.about = QLabel(_ABOUT)
        self.about.setProperty("role", "muted")
        self.about.setWordWrap(True)
        state, words = verdict(seen.findings)
        self.verdict = QLabel(words)
        self.verdict.setProperty("role", {"ok": "good"}.get(state, state))
        self.list = FindingsList("Checklist")
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.list.wear(effective(memory.theme, application))
        self.list.tell(seen.findings)
        self.list.setMinimumHeight(96)
        self.ticks = {problem.name: self._acceptance(problem) for problem in reversed(seen.failing)}
        self.by, self.reason = Entry("Closed by", memory.name or name), Entry("Reason for what is accepted")
        self.place = Entry("File to write", str(target))
        self.place.setReadOnly(True)
        self.place.setMinimumWidth(430)
        self.opens = Tick("&Open it when it is ready")
        self.opens.setChecked(memory.open_packs)
        self.missing = QLabel()
        self.missing.setProperty("role", "muted")
        self.buttons, self.close_button = answers(self, "C&lose the period")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 12)
        layout.setSpacing(7)
        for widget in (caption(f"Close {moment}"), self.about, self.verdict):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        for box in self.ticks.values():
            layout.addWidget(box)
        layout.addLayout(self._form())
        foot = QHBoxLayout()
        foot.addWidget(self.opens)
        foot.addStretch()
        foot.addWidget(self.missing)
        foot.addWidget(self.buttons)
        layout.addLayout(foot)
        self.by.textChanged.connect(self._ready)
        self.reason.textChanged.connect(self._ready)
        (self.list if seen.failing else self.close_button).setFocus()
        self.resize(760, min(560, self.screen().availableSize().height() - 40))
        self._ready()

    def _acceptance(self, problem: Problem) -> Tick:
        box = Tick(f"Accept: {title(problem)} ({problem.name})".replace("&", "&&"))
        box.setAccessibleDescription(problem.found)
        box.toggled.connect(self._ready)
        return box

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(6)
        if self.ticks:
            form.addRow("&Reason", self.reason)
        form.addRow("Closed &by", self.by)
        other = QPushButton("C&hange…")
        other.clicked.connect(self._choose)
        file = QHBoxLayout()
        file.addWidget(self.place, 1)
        file.addWidget(other)
        tied = Entry("Tie-out to", self.seen.tied_to.file if self.seen.tied_to else "the table Ledger of the book")
        tied.setReadOnly(True)
        choose = QPushButton("&Trial balance…")
        choose.setAccessibleDescription("Compares a file of your accounting system, and goes through the checks again")
        choose.clicked.connect(self._tie_out)
        line = QHBoxLayout()
        line.addWidget(tied, 1)
        line.addWidget(choose)
        form.addRow("Tie-out to", line)
        label = QLabel("Close pac&k")
        label.setBuddy(self.place)
        form.addRow(label, file)
        return form

    @property
    def acceptance(self) -> Acceptance:
        """What the person takes responsibility for."""
        chosen = [name for name, box in self.ticks.items() if box.isChecked()]
        return Acceptance(chosen, self.by.words, self.reason.words)

    def _ready(self) -> None:
        """Closing is offered once nothing is missing any more, and what is missing is said."""
        left = sum(not box.isChecked() for box in self.ticks.values())
        if left:
            words = "Mend what fails, or accept it."
        elif self.ticks and not self.reason.words:
            words = "Say why it is accepted."
        else:
            words = "" if self.by.words else "Say who closes."
        self.missing.setText(words)
        self.close_button.setEnabled(not words)

    def _tie_out(self) -> None:
        if path := trial_balance(self, self.target.parent):
            self.memory.name, self.trial_balance = self.by.words, path
            self.done(AGAIN)

    def _choose(self) -> None:
        if path := pack_to_write(self, self.target):
            self.target = path
            self.place.setText(str(path))

    def accept(self) -> None:
        self.memory.name, self.memory.open_packs = self.by.words, self.opens.isChecked()
        self.memory.keep()
        super().accept()
