"""The chart of the waterfall: revenue recognized and scheduled by period, or the backlog at each period's end."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from addin.desktop.palette import LIGHT, Palette
from addin.desktop.reading import Grid, Measure
from addin.desktop.words import money, rounded

_LINES = 4
_CENTER = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
_LEGEND = {
    "recognized": ("Recognized", "Scheduled"),
    "balance": ("Backlog", "Backlog left as scheduled"),
}


def scale(least: int, most: int) -> tuple[float, float, float]:
    """Lower end, upper end and step of an axis, round numbers that hold all values and zero."""
    span = max(most, 0) - min(least, 0)
    if span <= 0:
        return 0.0, 1.0, 1.0
    size = 10.0 ** math.floor(math.log10(span / _LINES))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor * _LINES >= span)
    return step * math.floor(min(least, 0) / step), step * math.ceil(max(most, 0) / step), step


class Chart(QWidget):
    """Bars of the totals. The arrow keys walk along them; the bar they stand on says its figure."""

    def __init__(self) -> None:
        super().__init__()
        self.colors = LIGHT
        self.headings: list[str] = []
        self.amounts: list[int] = []
        self.as_of, self.decimals, self.at = 0, 2, -1
        self.measure: Measure = "recognized"
        self.currency = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Chart of the waterfall")
        self.setMinimumHeight(110)

    def sizeHint(self) -> QSize:
        return QSize(600, 190)

    def wear(self, colors: Palette) -> None:
        self.colors = colors
        self.update()

    def show_grid(self, grid: Grid, measure: Measure, currency: str) -> None:
        first, beyond = grid.periods
        self.headings, self.amounts = list(grid.headings[first:beyond]), list(grid.totals[first:beyond])
        self.as_of, self.decimals, self.measure = grid.as_of - first, grid.decimals, measure
        self.currency, self.at = currency, -1
        told = (
            f"{name} {money(amount, self.decimals)}" for name, amount in zip(self.headings, self.amounts, strict=True)
        )
        self.setAccessibleDescription(f"{currency}: " + "; ".join(told))
        self.update()

    # -- where things are ----------------------------------------------------------------------------------------------

    def _plot(self) -> QRectF:
        line = self.fontMetrics().height()
        left = self.fontMetrics().horizontalAdvance("(000.0bn)") + 14
        return QRectF(left, line + 12, max(self.width() - left - 20, 10), max(self.height() - 2 * line - 22, 10))

    def bar(self, place: int) -> QRectF:
        """Where a bar is, in pixels of the widget."""
        plot, (low, high, _) = self._plot(), self._scale()
        width = plot.width() / max(len(self.amounts), 1)
        amount = self.amounts[place] / 10**self.decimals
        zero = plot.bottom() - plot.height() * (0 - low) / (high - low)
        end = plot.bottom() - plot.height() * (amount - low) / (high - low)
        return QRectF(plot.left() + (place + 0.15) * width, min(zero, end), 0.7 * width, abs(zero - end))

    def _scale(self) -> tuple[float, float, float]:
        unit = 10**self.decimals
        low, high, step = scale(min(self.amounts, default=0), max(self.amounts, default=0))
        return low / unit, high / unit, step / unit

    # -- drawing -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self.colors.card))
        if any(self.amounts):
            self._draw_lines(painter)
            self._draw_bars(painter)
            self._draw_as_of(painter)
            self._draw_legend(painter)
        elif self.amounts:
            painter.setPen(QColor(self.colors.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Nothing in these periods")
        if self.hasFocus():
            painter.setPen(QPen(QColor(self.colors.focus), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _draw_lines(self, painter: QPainter) -> None:
        plot, (low, high, step) = self._plot(), self._scale()
        for number in range(round((high - low) / step) + 1):
            amount = low + number * step
            y = round(plot.bottom() - plot.height() * (amount - low) / (high - low)) + 0.5
            painter.setPen(QColor(self.colors.edge if abs(amount) < step / 2 else self.colors.line))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(self.colors.muted))
            box = QRectF(0, y - 10, plot.left() - 8, 20)
            text = rounded(abs(amount), 0) if abs(amount) >= step / 2 else "0"
            text = f"({text})" if amount < -step / 2 else text
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _draw_bars(self, painter: QPainter) -> None:
        plot, metrics = self._plot(), painter.fontMetrics()
        width = plot.width() / len(self.amounts)
        every = max(1, math.ceil((max(map(metrics.horizontalAdvance, self.headings)) + 12) / width))
        for place, heading in enumerate(self.headings):
            is_past = place <= self.as_of
            color = QColor(self.colors.earned if is_past else self.colors.scheduled)
            painter.fillRect(self.bar(place), color)
            if place == self.at:
                painter.setPen(QPen(QColor(self.colors.ink), 2))
                painter.drawRect(self.bar(place).adjusted(-2, -2, 2, 2))
            if (place - self.as_of) % every == 0:
                painter.setPen(QColor(self.colors.muted))
                middle = plot.left() + (place + 0.5) * width
                painter.drawText(QRectF(middle - 60, plot.bottom() + 4, 120, metrics.height() + 2), _CENTER, heading)

    def _draw_as_of(self, painter: QPainter) -> None:
        plot = self._plot()
        x = plot.left() + (self.as_of + 1) * plot.width() / len(self.amounts)
        painter.setPen(QPen(QColor(self.colors.today_ink), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, plot.top() - 6), QPointF(x, plot.bottom()))

    def _draw_legend(self, painter: QPainter) -> None:
        metrics, left = painter.fontMetrics(), self._plot().left()
        names = _LEGEND[self.measure]
        x = left
        for name, color in zip(names, (self.colors.earned, self.colors.scheduled), strict=True):
            painter.fillRect(QRectF(x, 4 + metrics.height() / 2 - 5, 10, 10), QColor(color))
            painter.setPen(QColor(self.colors.ink))
            painter.drawText(QRectF(x + 15, 4, 300, metrics.height() + 2), 0, name)
            x += 35 + metrics.horizontalAdvance(name)
        painter.setPen(QColor(self.colors.muted))
        said = f"total, {self.currency}"
        painter.drawText(QRectF(x, 4, 300, metrics.height() + 2), 0, said)
        x += metrics.horizontalAdvance(said) + 24
        bold = QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(self.colors.today_ink))
        text = f"as of {self.headings[self.as_of]}"
        half = painter.fontMetrics().horizontalAdvance(text) / 2 + 2
        line = left + (self.as_of + 1) * self._plot().width() / len(self.amounts)
        start = max(line - half, x)
        if start + 2 * half < self.width():
            painter.drawText(QRectF(start, 4, 2 * half + 4, metrics.height() + 2), 0, text)

    # -- asking a bar --------------------------------------------------------------------------------------------------

    def said(self, place: int) -> str:
        """What a bar stands for."""
        name = _LEGEND[self.measure][place > self.as_of].lower()
        return f"{self.headings[place]}: {self.currency} {money(self.amounts[place], self.decimals)} {name}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot, x = self._plot(), event.position().x()
        place = math.floor((x - plot.left()) / plot.width() * len(self.amounts)) if self.amounts else -1
        if 0 <= place < len(self.amounts):
            QToolTip.showText(event.globalPosition().toPoint(), self.said(place), self)
        else:
            QToolTip.hideText()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self.amounts:
            super().keyPressEvent(event)
            return
        begin = self.as_of if self.at < 0 else self.at + step
        self.at = min(max(begin, 0), len(self.amounts) - 1)
        bar = self.bar(self.at)
        QToolTip.showText(self.mapToGlobal(bar.topLeft().toPoint()), self.said(self.at), self)
        self.setAccessibleDescription(self.said(self.at))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        self.update()
        super().changeEvent(event)
