"""Asks why the last closed period is to be opened again, and by whom."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QFormLayout, QLabel, QVBoxLayout, QWidget

from addin.desktop.dialogs import Entry, answers, caption
from addin.desktop.memory import Memory

_ABOUT = (
    "Its figures then follow the rows of the book again, until it is closed anew. What was reported, by whom, and "
    "why it was reopened stays in the ledger."
)


class ReopenDialog(QDialog):
    """Reason and name; nothing is reopened without both."""

    def __init__(self, parent: QWidget, memory: Memory, moment: str, closed: str, name: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Reopen a period")
        self.memory = memory
        self.about = QLabel(f"{closed}. {_ABOUT}")
        self.about.setProperty("role", "muted")
        self.about.setWordWrap(True)
        self.reason, self.by = Entry("Reason"), Entry("Reopened by", memory.name or name)
        self.reason.setMinimumWidth(430)
        form = QFormLayout()
        form.addRow("&Reason", self.reason)
        form.addRow("Reopened &by", self.by)
        self.buttons, self.reopen_button = answers(self, "Re&open")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 14)
        layout.setSpacing(10)
        for widget in (caption(f"Reopen {moment}"), self.about):
            layout.addWidget(widget)
        layout.addLayout(form)
        layout.addWidget(self.buttons)
        for entry in (self.reason, self.by):
            entry.textChanged.connect(self._ready)
        self.reason.setFocus()
        self._ready()

    def _ready(self) -> None:
        self.reopen_button.setEnabled(bool(self.reason.words and self.by.words))

    def accept(self) -> None:
        self.memory.name = self.by.words
        self.memory.keep()
        super().accept()
