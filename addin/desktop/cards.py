"""The key figures: a card each, which move to the next line where the window is narrow, and RPO by its bands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from addin.desktop.palette import LIGHT, Palette
from addin.desktop.reading import Figures
from addin.desktop.words import money

#: (caption, figure, word of a second line, its figure)
CARDS = (
    ("Deferred, current", "deferred_current", "all deferred", "deferred"),
    ("Deferred, non-current", "deferred_noncurrent", "refund liability", "refund_liability"),
    ("Contract assets", "contract_asset", "billed", "billed"),
    ("Backlog", "backlog", "unbilled", "backlog_unbilled"),
    ("RPO", "rpo", "not in RPO", "left_out"),
)
BANDS = (
    ("0–12 months", "0-12"), ("13–24 months", "13-24"), ("25–36 months", "25-36"), ("Thereafter", "thereafter"),
    ("Undated", "undated"),
)  # fmt: skip
_GAP = 8


class Flow(QLayout):
    """Equal columns, as many as fit; the rest goes to the next line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def columns(self, width: int) -> int:
        """How many fit side by side; never one left alone if it can be helped."""
        least = max((item.minimumSize().width() for item in self._items), default=1)
        fit = max(1, min(len(self._items), (width + _GAP) // (least + _GAP)))
        lines = -(-len(self._items) // fit) if self._items else 1
        return -(-len(self._items) // lines) if self._items else 1

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = -(-len(self._items) // self.columns(width)) if self._items else 0
        return lines * (self._line_height() + _GAP) - _GAP

    def _line_height(self) -> int:
        return max((item.sizeHint().height() for item in self._items), default=0)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        least = max((item.minimumSize().width() for item in self._items), default=0)
        return QSize(least, self._line_height())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        columns, height = self.columns(rect.width()), self._line_height()
        for place, item in enumerate(self._items):
            line, column = divmod(place, columns)
            left, right = (rect.width() * n // columns + (_GAP * n // columns) for n in (column, column + 1))
            top = rect.top() + line * (height + _GAP)
            item.setGeometry(QRect(QPoint(rect.left() + left, top), QSize(right - left - _GAP, height)))


def _as_high_as_wide_allows() -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    return policy


class Card(QFrame):
    """A caption, a figure, and a figure that explains it."""

    def __init__(self, caption: str, note: str) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.caption, self.figure, self.note = QLabel(caption), QLabel("–"), QLabel()
        self._note = note
        self.caption.setProperty("role", "muted")
        self.note.setProperty("role", "muted")
        large = QFont(self.font())
        large.setPointSizeF(large.pointSizeF() * 1.3)
        large.setWeight(QFont.Weight.DemiBold)
        self.figure.setFont(large)
        self.figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.figure.setAccessibleName(caption)
        self.figure.setMinimumWidth(self.figure.fontMetrics().horizontalAdvance("10,000,000.00"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(9, 5, 9, 6)
        layout.setSpacing(0)
        for label in (self.caption, self.figure, self.note):
            layout.addWidget(label)

    def tell(self, figure: str, explained: str) -> None:
        self.figure.setText(figure)
        self.note.setText(f"{self._note} {explained}")
        self.figure.setAccessibleDescription(self.note.text())


class Bands(QFrame):
    """RPO as one bar, and what is recognized when."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.setAccessibleName("RPO by when it will be recognized")
        self.setSizePolicy(_as_high_as_wide_allows())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(11, 6, 11, 6)
        layout.setSpacing(14)
        self._title = QLabel("RPO by time")
        self._title.setProperty("role", "muted")
        layout.addWidget(self._title)
        self._flow = QWidget()
        flow = Flow(self._flow)
        self.parts = [_Band(name) for name, _ in BANDS]
        for part in self.parts:
            flow.addWidget(part)
        self._flow.setSizePolicy(_as_high_as_wide_allows())
        layout.addWidget(self._flow, 1)

    def wear(self, colors: Palette) -> None:
        for part, color in zip(self.parts, colors.bands, strict=True):
            part.wear(colors, color)

    def tell(self, figures: Figures, decimals: int) -> None:
        whole = figures["rpo"]
        for part, (_, name) in zip(self.parts, BANDS, strict=True):
            part.tell(money(figures[name], decimals), figures[name] / whole if whole else 0.0)


class _Band(QWidget):
    """One band: its share of RPO as a bar, its name and its figure."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._share, self._color, self._ground = 0.0, QColor(LIGHT.bands[0]), QColor(LIGHT.line)
        self.caption, self.figure = QLabel(name), QLabel("–")
        self.caption.setProperty("role", "muted")
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self.figure.setFont(bold)
        self.figure.setAccessibleName(f"RPO, {name}")
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.setSpacing(0)
        layout.addWidget(self.caption, 0, 0)
        layout.addWidget(self.figure, 1, 0)
        self.setMinimumWidth(self.figure.fontMetrics().horizontalAdvance("100,000,000.00") + 4)

    def wear(self, colors: Palette, color: str) -> None:
        self._color, self._ground = QColor(color), QColor(colors.line)
        self.update()

    def tell(self, figure: str, share: float) -> None:
        self.figure.setText(figure)
        self._share = min(max(share, 0.0), 1.0)
        self.figure.setAccessibleDescription(f"{share:.0%} of RPO")
        self.setToolTip(f"{share:.0%} of RPO")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        bar = QRectF(0, self.height() - 4, self.width() - 8, 4)
        painter.fillRect(bar, self._ground)
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * self._share, bar.height()), self._color)
        painter.end()


class KeyFigures(QWidget):
    """All cards of one currency."""

    def __init__(self) -> None:
        super().__init__()
        self.cards = {figure: Card(caption, note) for caption, figure, note, _ in CARDS}
        row = QWidget()
        row.setSizePolicy(_as_high_as_wide_allows())
        flow = Flow(row)
        for card in self.cards.values():
            flow.addWidget(card)
        self.bands = Bands()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(row)
        layout.addWidget(self.bands)

    def wear(self, colors: Palette) -> None:
        self.bands.wear(colors)

    def tell(self, figures: Figures, decimals: int) -> None:
        """Show the figures of a currency."""
        known = Figures({**figures.amounts, "left_out": figures["backlog"] - figures["rpo"]})
        for _, name, _, explained in CARDS:
            self.cards[name].tell(money(known[name], decimals), money(known[explained], decimals))
        self.bands.tell(figures, decimals)

    def event(self, event: QEvent) -> bool:
        """As high as the lines of cards need at this width, and no less where height is scarce."""
        done = super().event(event)
        layout = self.layout()
        if layout is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.setFixedHeight(layout.heightForWidth(max(self.width(), 1)))
        return done
