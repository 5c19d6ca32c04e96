"""The waterfall grid: labels on the left, months beside them, totals below, one pair of scroll bars for all."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QScrollBar, QWidget

from addin.desktop.frozen_table import FrozenTable
from addin.desktop.grid_model import WaterfallModel
from addin.desktop.palette import Palette
from addin.desktop.reading import Grid


class WaterfallGrid(QWidget):
    """Body and totals, kept in step."""

    def __init__(self) -> None:
        super().__init__()
        self.model, self.totals_model = WaterfallModel(self), WaterfallModel(self, totals=True)
        self.body, self.totals = FrozenTable(self.model), FrozenTable(self.totals_model, is_total=True)
        self.body.setAccessibleName("Waterfall")
        self.totals.setAccessibleName("Totals of the waterfall")
        self.totals.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.across, self.down = QScrollBar(Qt.Orientation.Horizontal), QScrollBar(Qt.Orientation.Vertical)
        self._tie(self.body.horizontalScrollBar(), self.across)
        self._tie(self.body.verticalScrollBar(), self.down)
        self.body.horizontalScrollBar().valueChanged.connect(self.totals.horizontalScrollBar().setValue)
        self.totals.horizontalScrollBar().valueChanged.connect(self.body.horizontalScrollBar().setValue)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.body, 0, 0)
        layout.addWidget(self.down, 0, 1)
        layout.addWidget(self.totals, 1, 0)
        layout.addWidget(self.across, 2, 0)
        self.setFocusProxy(self.body)
        self.setMinimumHeight(110)

    @staticmethod
    def _tie(inner: QScrollBar, outer: QScrollBar) -> None:
        def follow(least: int, most: int) -> None:
            outer.setRange(least, most)
            outer.setPageStep(inner.pageStep())
            outer.setSingleStep(inner.singleStep())
            outer.setVisible(most > least)

        outer.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.setVisible(False)
        inner.rangeChanged.connect(follow)
        inner.valueChanged.connect(outer.setValue)
        outer.valueChanged.connect(inner.setValue)

    def wear(self, colors: Palette) -> None:
        self.body.wear(colors)
        self.totals.wear(colors)

    def show_grid(self, grid: Grid, described: str) -> None:
        """Show a grid; what was scrolled to stays if it has the same columns."""
        before = self.model.grid
        stays = before is not None and (before.labels, before.headings) == (grid.labels, grid.headings)
        place = self.across.value(), self.down.value()
        self.model.show_grid(grid)
        self.totals_model.show_grid(grid)
        widths = [max(pair) for pair in zip(self.body.fitting(), self.totals.fitting(), strict=True)]
        self.body.lay_out(widths)
        self.totals.lay_out(widths)
        self.totals.setFixedHeight(self.totals.row_height)
        self.body.setAccessibleDescription(described)
        # the range of a scroll bar is known after the view has laid itself out
        QTimer.singleShot(0, self, lambda: self._scroll(place) if stays else self._to_as_of())

    def _scroll(self, place: tuple[int, int]) -> None:
        self.across.setValue(place[0])
        self.down.setValue(place[1])

    def _to_as_of(self) -> None:
        """The months around as_of first: two of the past, then what is to come."""
        if self.model.grid:
            self.body.show_column(max(self.model.label_columns, self.model.as_of_column - 2))
