"""The banner on the first page: do the checks hold, and if not, which fail and in which cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from addin.desktop.findings_list import FindingsList
from addin.desktop.palette import Palette
from addin.desktop.words import count

if TYPE_CHECKING:
    from engine.book.problems import Problem

_LINES = 3
_HINT = "Double-click a line to open its cell."


def verdict(problems: Sequence[Problem]) -> tuple[str, str]:
    """The worst state, and what the banner says of all of them."""
    numbers = {word: sum(problem.severity == word for problem in problems) for word in ("fail", "warn", "ok")}
    parts = []
    if numbers["fail"]:
        parts.append(f"{count(numbers['fail'], 'check')} {'fails' if numbers['fail'] == 1 else 'fail'}")
    if numbers["warn"]:
        parts.append(count(numbers["warn"], "warning"))
    if not parts:
        return "ok", f"All {count(numbers['ok'], 'check')} hold."
    state = "fail" if numbers["fail"] else "warn"
    return state, f"{', '.join(parts)}; {count(numbers['ok'], 'check')} {'holds' if numbers['ok'] == 1 else 'hold'}."


class Banner(QFrame):
    """`chosen` is a problem whose cell is to be shown, `all_wanted` asks for the page of all findings."""

    chosen = Signal(object)
    all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.words = QLabel()
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self.words.setFont(bold)
        self.hint = QLabel()
        self.hint.setProperty("role", "muted")
        self.every = QPushButton("See a&ll")
        self.every.setProperty("flat", True)
        self.every.setAccessibleDescription("Shows every check and warning with what to do")
        self.every.clicked.connect(self.all_wanted)
        self.list = FindingsList("Failing checks and warnings", short=True)
        self.list.chosen.connect(self.chosen)
        top = QHBoxLayout()
        top.addWidget(self.words)
        top.addSpacing(8)
        top.addWidget(self.hint, 1)
        top.addWidget(self.every)
        self._top = top
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 2, 6, 3)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.list)
        self._below = layout
        self._lines = _LINES

    def wear(self, colors: Palette) -> None:
        self.list.wear(colors)

    def wait(self) -> None:
        """The checks are being made."""
        self._show("", "Checking the figures ...", [])

    def tell(self, problems: Sequence[Problem]) -> None:
        """Show what was found."""
        state, words = verdict(problems)
        self._show(state, words, [problem for problem in problems if problem.severity != "ok"])

    def unfinished(self) -> None:
        """The checks were stopped."""
        self._show("warn", "The checks were cancelled; read the book again to make them.", [])

    def give_way(self, low: bool) -> None:
        """Where there is little height the first finding stands beside the verdict, else up to three below it."""
        lines = 1 if low else _LINES
        if lines != self._lines:
            self._lines = lines
            policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if low else Qt.ScrollBarPolicy.ScrollBarAsNeeded
            self.list.setVerticalScrollBarPolicy(policy)
            if low:
                self._top.insertWidget(2, self.list, 1)
            else:
                self._below.addWidget(self.list)
        self._fit()

    def _show(self, state: str, words: str, problems: Sequence[Problem]) -> None:
        self.words.setText(words)
        self.words.setProperty("role", state)
        self.setAccessibleName(words)
        self.setProperty("state", state)
        for widget in (self, self.words):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self.list.tell(problems)
        self._fit()

    def _fit(self) -> None:
        rows = min(self.list.model_of.rowCount(), self._lines)
        self.list.setVisible(rows > 0)
        self.hint.setVisible(rows == 0 or self._lines > 1)
        self.hint.setText(_HINT if rows else "")
        self.list.setFixedHeight(rows * max(self.list.sizeHintForRow(0), 1) + 2)
