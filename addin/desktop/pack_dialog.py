"""Asks which reports the close pack is to have, and where it is to be written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from addin import actions
from addin.desktop.asking import pack_to_write
from addin.desktop.dialogs import Entry, answers, caption
from addin.desktop.fields import Tick
from addin.desktop.memory import Memory

_ALWAYS = "Contents and Checks are in every pack: they show that the reports agree with each other."


class PackDialog(QDialog):
    """Reports, file, and whether to open it. What is chosen is remembered for the next month."""

    def __init__(self, parent: QWidget, memory: Memory, target: Path, moment: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Create the close pack")
        self.memory, self.target = memory, target
        self.about = QLabel()
        self.about.setProperty("role", "muted")
        self.about.setWordWrap(True)
        self.reports: dict[str, Tick] = {}
        boxes = QGridLayout()
        boxes.setHorizontalSpacing(28)
        offered = actions.pack_reports()
        half = -(-len(offered) // 2)
        for place, (name, question) in enumerate(offered.items()):
            box = Tick(name)
            box.setToolTip(question)
            box.setAccessibleDescription(question)
            box.setChecked(name not in memory.left_out)
            box.toggled.connect(self._ready)
            self.reports[name] = box
            boxes.addWidget(box, place % half, place // half)
        self.every, self.none = QPushButton("&All"), QPushButton("&None")
        self.every.clicked.connect(lambda: self._tick(True))
        self.none.clicked.connect(lambda: self._tick(False))
        ticks = QHBoxLayout()
        ticks.addWidget(QLabel("Reports"))
        ticks.addStretch()
        for button in (self.every, self.none):
            button.setProperty("flat", True)
            ticks.addWidget(button)
        self.place = Entry("File to write", str(target))
        self.place.setReadOnly(True)
        self.place.setMinimumWidth(430)
        label = QLabel("&File")
        label.setBuddy(self.place)
        self.other = QPushButton("C&hange…")
        self.other.clicked.connect(self._choose)
        file = QHBoxLayout()
        file.addWidget(label)
        file.addWidget(self.place, 1)
        file.addWidget(self.other)
        self.opens = Tick("&Open it when it is ready")
        self.opens.setChecked(memory.open_packs)
        self.buttons, self.create_button = answers(self, "&Create")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 14)
        layout.setSpacing(10)
        layout.addWidget(caption(f"Close pack of {moment}"))
        layout.addWidget(self.about)
        layout.addLayout(ticks)
        layout.addLayout(boxes)
        layout.addSpacing(4)
        layout.addLayout(file)
        layout.addWidget(self.opens)
        layout.addWidget(self.buttons)
        self._ready()

    @property
    def chosen(self) -> list[str] | None:
        """The reports to write; None is all of them."""
        names = [name for name, box in self.reports.items() if box.isChecked()]
        return None if len(names) == len(self.reports) else names

    def _tick(self, on: bool) -> None:
        for box in self.reports.values():
            box.setChecked(on)

    def _ready(self) -> None:
        """What comes with what is ticked."""
        chosen = [name for name, box in self.reports.items() if box.isChecked()]
        self.create_button.setEnabled(bool(chosen))
        others = [name for name in actions.pack_sheets(chosen) if name not in chosen]
        also = f"\nAlso in it, because others are checked against it: {', '.join(others)}." if others else "\n"
        self.about.setText(f"{_ALWAYS}{also}")

    def _choose(self) -> None:
        if path := pack_to_write(self, self.target):
            self.target = path
            self.place.setText(str(path))

    def accept(self) -> None:
        self.memory.left_out = [name for name, box in self.reports.items() if not box.isChecked()]
        self.memory.open_packs = self.opens.isChecked()
        self.memory.keep()
        super().accept()
