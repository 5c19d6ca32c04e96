"""Problems and checks as a list: how bad, where, what was found, what to do - and one double-click from the cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from addin.desktop.palette import LIGHT, Palette

if TYPE_CHECKING:
    from engine.book.problems import Problem

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_PAD, _GAP = 9, 8
_ORDER = {"stop": 0, "fail": 1, "warn": 2, "ok": 3}
_WORDS = {"stop": "STOP", "fail": "FAIL", "warn": "WARN", "ok": "OK"}
_INKS = {"stop": "fail", "fail": "fail", "warn": "warn", "ok": "good"}
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_LINE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def title(problem: Problem) -> str:
    """The rule in words, with a capital."""
    words = problem.title or problem.name.replace("-", " ")
    return words[:1].upper() + words[1:]


def found_in(problem: Problem) -> str:
    """What was found, on one line; blanks that set columns apart become dots."""
    return "  ·  ".join(
        part.strip() for line in problem.found.splitlines() for part in line.split("  ") if part.strip()
    )


class FindingsModel(QAbstractListModel):
    """The worst first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.problems: list[Problem] = []

    def tell(self, problems: Sequence[Problem]) -> None:
        self.beginResetModel()
        self.problems = sorted(problems, key=lambda problem: _ORDER[problem.severity])
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.problems)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        problem = self.problems[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{_WORDS[problem.severity]} {problem.where} {title(problem)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{problem}"
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return f"{_WORDS[problem.severity]}: {problem}"
        return None


class _Rows(QStyledItemDelegate):
    """A row: on one line, or in its three parts."""

    def __init__(self, view: FindingsList) -> None:
        super().__init__(view)
        self.view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics = QFontMetrics(self.view.font())
        if self.view.short:
            return QSize(100, metrics.height() + 7)
        problem, width = self.view.model_of.problems[index.row()], self._width()
        height = metrics.height() + 2 * _PAD
        for text in (found_in(problem), problem.remedy):
            if text:
                height += metrics.boundingRect(QRect(0, 0, width, 10_000), _WRAP, text).height() + 2
        return QSize(100, height)

    def _mark(self) -> int:
        bold = QFont(self.view.font())
        bold.setWeight(QFont.Weight.Bold)
        return QFontMetrics(bold).horizontalAdvance("WARN") + 2 * _GAP

    def _width(self) -> int:
        return max(self.view.viewport().width() - self._mark() - 2 * _PAD, 100)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        problem, colors = self.view.model_of.problems[index.row()], self.view.colors
        rect, state = option.rect, option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected and self.view.hasFocus():
            painter.fillRect(rect, QColor(colors.chosen))
        ink = colors.ink if state & QStyle.StateFlag.State_Selected else getattr(colors, _INKS[problem.severity])
        bold = QFont(self.view.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(ink))
        pad = 3 if self.view.short else _PAD
        line = QFontMetrics(bold).height()
        left = rect.left() + _PAD
        painter.drawText(QRect(left, rect.top() + pad, self._mark(), line), _LINE, _WORDS[problem.severity])
        left += self._mark()
        right = rect.right() - _PAD
        painter.setPen(QColor(colors.ink))
        words = f"{problem.where}   {title(problem)}" if problem.where else title(problem)
        painter.drawText(QRect(left, rect.top() + pad, right - left, line), _LINE, words)
        used = QFontMetrics(bold).horizontalAdvance(words) + 2 * _GAP
        painter.setFont(self.view.font())
        if self.view.short:
            room = right - left - used
            if room > 60:
                text = QFontMetrics(self.view.font()).elidedText(found_in(problem), Qt.TextElideMode.ElideRight, room)
                painter.drawText(QRect(left + used, rect.top() + pad, room, line), _LINE, text)
        else:
            self._paint_parts(painter, problem, QRect(left, rect.top() + pad + line + 1, self._width(), rect.height()))
            painter.setPen(QColor(colors.line))
            painter.drawLine(rect.left() + _PAD, rect.bottom(), right, rect.bottom())
        if state & QStyle.StateFlag.State_HasFocus and self.view.hasFocus():
            painter.setPen(QPen(QColor(colors.focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_parts(self, painter: QPainter, problem: Problem, box: QRect) -> None:
        """What was found, then what to do."""
        for text, color in ((found_in(problem), self.view.colors.ink), (problem.remedy, self.view.colors.muted)):
            if text:
                painter.setPen(QColor(color))
                taken = painter.boundingRect(box, _WRAP, text)
                painter.drawText(box, _WRAP, text)
                box.setTop(taken.bottom() + 2)


class FindingsList(QListView):
    """short: one line each, for the banner. `chosen` is the problem whose cell is to be shown."""

    chosen = Signal(object)

    def __init__(self, name: str, short: bool = False) -> None:
        super().__init__()
        self.short, self.colors = short, LIGHT
        self.model_of = FindingsModel(self)
        self.setModel(self.model_of)
        self.setItemDelegate(_Rows(self))
        self.setAccessibleName(name)
        self.setProperty("clear", short)
        self.setUniformItemSizes(short)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(self._choose)

    def wear(self, colors: Palette) -> None:
        self.colors = colors
        self.viewport().update()

    def tell(self, problems: Sequence[Problem]) -> None:
        self.model_of.tell(problems)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model_of.problems[index.row()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._choose(index)
        elif event.matches(QKeySequence.StandardKey.Copy) and index.isValid():
            QApplication.clipboard().setText(str(self.model_of.problems[index.row()]))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.short and event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()
