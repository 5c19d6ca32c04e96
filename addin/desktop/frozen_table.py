"""A table whose label columns stay while its months scroll."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from addin.desktop.grid_model import WaterfallModel
from addin.desktop.palette import LIGHT, Palette

_PAD = 8
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class _Cells(QStyledItemDelegate):
    """Paints a cell without asking a style sheet about it: a page of six hundred takes a few milliseconds."""

    def __init__(self, table: FrozenTable) -> None:
        super().__init__(table)
        self.table = table
        self.wear(LIGHT)

    def wear(self, colors: Palette) -> None:
        self.ink, self.muted = QColor(colors.ink), QColor(colors.muted)
        self.today, self.chosen = QColor(colors.today), QColor(colors.chosen)
        self.total, self.line, self.focus = QColor(colors.total), QColor(colors.line), QColor(colors.focus)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model, rect, column = self.table.waterfall, option.rect, index.column()
        # asking the selection costs a tenth of what the flags of `option` cost
        is_chosen = self.table.selectionModel().isSelected(index)
        if is_chosen:
            painter.fillRect(rect, self.chosen)
        elif column == model.as_of_column:
            painter.fillRect(rect, self.today)
        elif self.table.is_total:
            painter.fillRect(rect, self.total)
        text = model.text(index.row(), column)
        painter.setPen(self.muted if text == "–" else self.ink)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        if column >= model.label_columns:
            painter.drawText(inner, _RIGHT, text)
        else:
            if not self.table.is_total:
                text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, _LEFT, text)
        if is_chosen and index == self.table.currentIndex() and self.table.hasFocus():
            painter.setPen(QPen(self.focus, 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))


class _Headings(QHeaderView):
    """Headings that paint themselves as the cells do, the as-of month marked."""

    def __init__(self, table: FrozenTable, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.table = table
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.wear(LIGHT)

    def wear(self, colors: Palette) -> None:
        self.ink, self.fill = QColor(colors.ink), QColor(colors.head)
        self.today, self.today_ink = QColor(colors.today), QColor(colors.today_ink)
        self.line, self.edge = QColor(colors.line), QColor(colors.edge)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model = self.table.waterfall
        is_today = logicalIndex == model.as_of_column
        painter.save()
        painter.fillRect(rect, self.today if is_today else self.fill)
        painter.setPen(self.line)
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.setPen(self.today_ink if is_today else self.edge)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setPen(self.today_ink if is_today else self.ink)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        painter.drawText(inner, _LEFT if logicalIndex < model.label_columns else _RIGHT, model.heading(logicalIndex))
        painter.restore()


class FrozenTable(QTableView):
    """The months, and over them a second view of the same model that shows the labels alone.

    waterfall  its model
    is_total   whether it is the row of totals below another table
    """

    def __init__(self, waterfall: WaterfallModel, is_total: bool = False) -> None:
        super().__init__()
        self.waterfall, self.is_total = waterfall, is_total
        self.side = QTableView(self)
        self._cells = _Cells(self)
        for view in (self, self.side):
            view.setModel(waterfall)
            view.setItemDelegate(self._cells)
            view.setHorizontalHeader(_Headings(self, view))
            view.verticalHeader().hide()
            view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
            view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
            view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
            view.setWordWrap(False)
            view.setTabKeyNavigation(False)
            view.setCornerButtonEnabled(False)
            if is_total:
                view.horizontalHeader().hide()
        self.side.setSelectionModel(self.selectionModel())
        self.side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.side.setAccessibleName("Labels of the rows")
        self.side.raise_()
        self.verticalScrollBar().valueChanged.connect(self.side.verticalScrollBar().setValue)
        self.side.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)

    def wear(self, colors: Palette) -> None:
        """Put colors on."""
        self._cells.wear(colors)
        for view in (self, self.side):
            header = view.horizontalHeader()
            assert isinstance(header, _Headings)
            header.wear(colors)
            view.viewport().update()
            header.viewport().update()
        edge = f"border: 0; border-right: 2px solid {colors.edge};"
        self.side.setStyleSheet(
            f"QTableView {{ {edge} background: {colors.total if self.is_total else colors.card}; }}"
        )
        self.setStyleSheet(f"QTableView {{ background: {colors.total}; border: 0; }}" if self.is_total else "")

    @property
    def row_height(self) -> int:
        return QFontMetrics(self.font()).height() + 8

    def lay_out(self, widths: list[int]) -> None:
        """Widths of the columns, and which of them stay."""
        for view in (self, self.side):
            view.verticalHeader().setDefaultSectionSize(self.row_height)
            view.horizontalHeader().setFixedHeight(self.row_height + 4)
            for column, width in enumerate(widths):
                view.setColumnWidth(column, width)
        for column in range(len(widths)):
            self.side.setColumnHidden(column, column >= self.waterfall.label_columns)
        self._place()

    def fitting(self) -> list[int]:
        """Widths at which every heading and every figure is whole; long names are cut."""
        model = self.waterfall
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        plain, strong = QFontMetrics(self.font()), QFontMetrics(bold)
        widths = []
        for column in range(model.columnCount()):
            text = plain.horizontalAdvance(model.longest(column))
            width = max(text, strong.horizontalAdvance(model.heading(column))) + 2 * _PAD + 4
            widths.append(min(width, 220) if column < model.label_columns else width)
        return widths

    def show_column(self, column: int) -> None:
        """Scroll so that a column is the first after the labels, if there is enough to scroll."""
        self.executeDelayedItemsLayout()
        labels = self.waterfall.label_columns
        self.horizontalScrollBar().setValue(sum(self.columnWidth(place) for place in range(labels, column)))

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Never behind the labels."""
        if index.column() < self.waterfall.label_columns:
            index = index.sibling(index.row(), self.waterfall.label_columns)
        super().scrollTo(index, hint)
        left = self.visualRect(index).left() - self._labels_width()
        if left < 0:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + left)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """The selected cells to the clipboard, as a spreadsheet takes them."""
        cells = {(index.row(), index.column()) for index in self.selectedIndexes()}
        if not cells:
            return
        columns = sorted({column for _, column in cells})
        lines = [
            "\t".join(self.waterfall.text(row, column) if (row, column) in cells else "" for column in columns)
            for row in sorted({row for row, _ in cells})
        ]
        QApplication.clipboard().setText("\n".join(lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _labels_width(self) -> int:
        return sum(self.columnWidth(column) for column in range(self.waterfall.label_columns))

    def _place(self) -> None:
        header = 0 if self.is_total else self.horizontalHeader().height()
        frame = self.frameWidth()
        self.side.setGeometry(frame, frame, self._labels_width(), self.viewport().height() + header)
