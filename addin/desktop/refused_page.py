"""The page of a book that cannot be used: every problem by cell, what was found there and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from addin.desktop.findings_list import FindingsList
from addin.desktop.palette import Palette
from addin.desktop.words import count

if TYPE_CHECKING:
    from engine.book.problems import Problem


class RefusedPage(QWidget):
    """`chosen` is a problem whose cell is to be shown; the buttons open the book, read it again, or another."""

    chosen = Signal(object)
    open_wanted = Signal()
    again_wanted = Signal()
    other_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", True)
        self.frame = QFrame()
        self.frame.setObjectName("banner")
        self.frame.setProperty("state", "stop")
        self.title, self.about = QLabel(), QLabel()
        large = QFont(self.font())
        large.setPointSizeF(large.pointSizeF() * 1.25)
        large.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(large)
        self.title.setProperty("role", "fail")
        self.about.setWordWrap(True)
        head = QVBoxLayout(self.frame)
        head.setContentsMargins(12, 8, 12, 8)
        head.addWidget(self.title)
        head.addWidget(self.about)
        self.list = FindingsList("Problems of the book")
        self.list.chosen.connect(self.chosen)
        card = QFrame()
        card.setProperty("card", True)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.list)
        self.mend = QPushButton("Open the &book to mend it")
        self.mend.setProperty("primary", True)
        self.again = QPushButton("&Read it again")
        self.other = QPushButton("Choose &another book…")
        row = QHBoxLayout()
        for button, signal in (
            (self.mend, self.open_wanted), (self.again, self.again_wanted), (self.other, self.other_wanted),
        ):  # fmt: skip
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 6)
        layout.setSpacing(8)
        layout.addWidget(self.frame)
        layout.addWidget(card, 1)
        layout.addLayout(row)

    def wear(self, colors: Palette) -> None:
        self.list.wear(colors)

    def tell(self, book: Path, problems: Sequence[Problem]) -> None:
        """Show why a book cannot be used."""
        stops = sum(problem.severity == "stop" for problem in problems)
        self.title.setText(f"{book.name} cannot be used: {count(stops, 'problem')}")
        self.about.setText(
            "Nothing is calculated until they are mended, because figures from half a book would be wrong. "
            "Double-click a problem to open its cell; save the book and it is read again by itself."
        )
        self.setAccessibleName(self.title.text())
        self.list.tell(problems)
