"""The first page: drop a book, choose one, or begin with the sample."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from addin.desktop.words import PRIVACY, short

_LINES = 5
_PATH = Qt.ItemDataRole.UserRole


class StartPage(QWidget):
    """`wanted` is the path of a recent book; the other signals ask for a dialog."""

    wanted = Signal(object)
    workbook_wanted = Signal()
    folder_wanted = Signal()
    sample_wanted = Signal()
    new_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", True)
        self.drop = QFrame()
        self.drop.setObjectName("drop")
        self.drop.setAccessibleName("Drop area")
        title, what = (
            QLabel("Drop your workbook here"),
            QLabel("An Excel workbook (.xlsx, .xlsm) with the tables of a book, or a folder of CSV files"),
        )
        large = QFont(self.font())
        large.setPointSizeF(large.pointSizeF() * 1.7)
        large.setWeight(QFont.Weight.DemiBold)
        title.setFont(large)
        what.setProperty("role", "muted")
        what.setWordWrap(True)
        for label in (title, what):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.workbook = QPushButton("Choose &workbook…")
        self.workbook.setProperty("primary", True)
        self.folder = QPushButton("Choose &CSV folder…")
        self.sample = QPushButton("Open the &sample book")
        self.sample.setAccessibleDescription(
            "Puts the book of an invented software company into your documents and opens it"
        )
        self.new = QPushButton("&New book…")
        for button, signal in (
            (self.workbook, self.workbook_wanted), (self.folder, self.folder_wanted),
            (self.sample, self.sample_wanted), (self.new, self.new_wanted),
        ):  # fmt: skip
            button.clicked.connect(signal)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, buttons in ((first, (self.workbook, self.folder)), (second, (self.sample, self.new))):
            row.addStretch()
            for button in buttons:
                row.addWidget(button)
            row.addStretch()
        inside = QVBoxLayout(self.drop)
        inside.setContentsMargins(20, 16, 20, 16)
        inside.setSpacing(10)
        inside.addStretch()
        inside.addWidget(title)
        inside.addWidget(what)
        inside.addSpacing(6)
        inside.addLayout(first)
        inside.addLayout(second)
        inside.addStretch()
        self.recent_title = QLabel("&Recent books")
        self.recent = QListWidget()
        self.recent.setObjectName("recent")
        self.recent.setAccessibleName("Recent books")
        self.recent_title.setBuddy(self.recent)
        self.recent.itemActivated.connect(lambda item: self.wanted.emit(Path(item.data(_PATH))))
        privacy = QLabel(
            f"{PRIVACY} Ratable reads the book, writes only the files you ask for, and has no account and no telemetry."
        )
        privacy.setProperty("role", "muted")
        privacy.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 6)
        layout.setSpacing(8)
        layout.addWidget(self.drop, 1)
        layout.addWidget(self.recent_title)
        layout.addWidget(self.recent)
        layout.addWidget(privacy)

    def show_recent(self, books: Sequence[str]) -> None:
        """List the books that were opened last. Whether they are still there shows when one is opened: looking at a
        drive that is not connected would hold up the window."""
        self.recent.clear()
        for name in books:
            item = QListWidgetItem(f"{Path(name).name}   –   {short(Path(name).parent)}")
            item.setData(_PATH, name)
            item.setToolTip(name)
            self.recent.addItem(item)
        for widget in (self.recent, self.recent_title):
            widget.setVisible(bool(books))
        rows = min(len(books), _LINES)
        self.recent.setFixedHeight(rows * max(self.recent.sizeHintForRow(0), 28) + 14)

    def hold(self, held: bool) -> None:
        """Whether something that can be dropped is held over the window."""
        self.drop.setProperty("hot", held)
        self.drop.style().unpolish(self.drop)
        self.drop.style().polish(self.drop)
