"""What the dialogs have in common: a caption, a line to type into, and the two answers at the foot."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QPushButton


class Entry(QLineEdit):
    """A line to type into."""

    def __init__(self, name: str, words: str = "") -> None:
        super().__init__(words)
        self.setAccessibleName(name)

    @property
    def words(self) -> str:
        """What stands in it, without blanks at its ends."""
        return self.text().strip()


def caption(words: str) -> QLabel:
    """The first line of a dialog."""
    label = QLabel(words)
    large = QFont(label.font())
    large.setPointSizeF(large.pointSizeF() * 1.25)
    large.setWeight(QFont.Weight.DemiBold)
    label.setFont(large)
    return label


def answers(dialog: QDialog, words: str) -> tuple[QDialogButtonBox, QPushButton]:
    """Cancel, and the button that does it, which Return presses too."""
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    does = box.addButton(words, QDialogButtonBox.ButtonRole.AcceptRole)
    does.setProperty("primary", True)
    does.setDefault(True)
    box.accepted.connect(dialog.accept)
    box.rejected.connect(dialog.reject)
    return box, does
