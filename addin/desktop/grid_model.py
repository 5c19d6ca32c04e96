"""The waterfall as Qt asks for it: cell by cell, only what is on the screen, whatever the length of the book."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from addin.desktop.reading import Grid
from addin.desktop.words import count, money

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_SHOWN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
#: rows that are enough to see how wide a column must be, the longest figure being in the totals
_SAMPLE = 400


class WaterfallModel(QAbstractTableModel):
    """A grid, or only its row of totals."""

    def __init__(self, parent: QObject, totals: bool = False) -> None:
        super().__init__(parent)
        self.grid: Grid | None = None
        self.label_columns, self.as_of_column = 0, -1
        self._only_totals = totals

    def show_grid(self, grid: Grid | None) -> None:
        self.beginResetModel()
        self.grid = grid
        self.label_columns = len(grid.labels) if grid else 0
        self.as_of_column = self.label_columns + grid.as_of if grid else -1
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        if self.grid is None or parent.isValid():
            return 0
        return 1 if self._only_totals else len(self.grid.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if self.grid is None or parent.isValid() else self.label_columns + len(self.grid.headings)

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        assert self.grid is not None
        labels = self.label_columns
        if not self._only_totals:
            cell = self.grid.rows[row][column]
            return cell if column < labels else money(cell, self.grid.decimals)
        if column >= labels:
            return money(self.grid.totals[column - labels], self.grid.decimals)
        return f"Total of {count(len(self.grid.rows), 'row')}" if column == 0 else ""

    def heading(self, column: int) -> str:
        assert self.grid is not None
        return [*self.grid.labels, *self.grid.headings][column]

    def longest(self, column: int) -> str:
        """The text the width of a column is measured by."""
        rows = range(min(self.rowCount(), _SAMPLE))
        return max((self.text(row, column) for row in rows), key=len, default="")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in _SHOWN and index.isValid():
            text = self.text(index.row(), index.column())
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.text(index.row(), 0)}, {self.heading(index.column())}: {text}"
            return text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if index.column() < self.label_columns else _RIGHT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.grid is None or orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heading(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section < self.label_columns else _RIGHT
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{self.heading(section)} (as of)" if section == self.as_of_column else self.heading(section)
        return None
