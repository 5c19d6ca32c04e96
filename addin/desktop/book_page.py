"""The page of a book: as-of month, key figures, the banner of checks, waterfall and chart, every finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QTabWidget, QVBoxLayout, QWidget

from addin.desktop.banner import Banner
from addin.desktop.cards import KeyFigures
from addin.desktop.chart import Chart
from addin.desktop.elided import Elided
from addin.desktop.fields import Choice
from addin.desktop.findings_list import FindingsList
from addin.desktop.grid import WaterfallGrid
from addin.desktop.palette import Palette
from addin.desktop.reading import GROUPS, TRANSLATED, Question, Reading, View
from addin.desktop.words import count, day, moment_name, short

if TYPE_CHECKING:
    from engine.book.problems import Problem

#: below this height the chart has a tab of its own, and the banner one line
_LOW = 640
_GROUP_WORDS = {"contract": "Contract", "customer": "Customer", "product": "Product", "cohort": "Month of signing"}
_MEASURE_WORDS = {"recognized": "Revenue", "balance": "Backlog at month end"}


class BookPage(QWidget):
    """`asked` is a Question the person puts by choosing; `chosen` a problem whose cell is to be shown."""

    asked = Signal(object)
    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", True)
        self.question = Question()
        self.name, self.about, self.closed = Elided(), Elided(), QLabel()
        self.closed.setProperty("role", "muted")
        self.closed.setAccessibleName("Whether the period is closed")
        self.closed.setAlignment(Qt.AlignmentFlag.AlignRight)
        bold = QFont(self.font())
        bold.setPointSizeF(bold.pointSizeF() * 1.2)
        bold.setWeight(QFont.Weight.DemiBold)
        self.name.setFont(bold)
        self.about.setProperty("role", "muted")
        self.as_of, self.currency = Choice("As-of month"), Choice("Currency")
        self.group, self.measure = Choice("Group by"), Choice("Measure")
        self.currency_label = self.currency.labelled("C&urrency")
        for name, words in _GROUP_WORDS.items():
            self.group.addItem(words, name)
        for name, words in _MEASURE_WORDS.items():
            self.measure.addItem(words, name)
        for box in (self.as_of, self.currency, self.group, self.measure):
            box.activated.connect(self._ask)
        self.figures, self.banner = KeyFigures(), Banner()
        self.grid, self.chart = WaterfallGrid(), Chart()
        self.findings = FindingsList("Checks and warnings")
        self.tabs = self._tabs()
        self.banner.chosen.connect(self.chosen)
        self.findings.chosen.connect(self.chosen)
        self.banner.all_wanted.connect(self.show_findings)
        head = QHBoxLayout()
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.name)
        names.addWidget(self.about)
        head.addLayout(names, 1)
        fields = QHBoxLayout()
        fields.setSpacing(8)
        fields.addStretch()
        for widget in (self.as_of.labelled("&As of"), self.as_of, self.currency_label, self.currency):
            fields.addWidget(widget)
        asked = QVBoxLayout()
        asked.setSpacing(0)
        asked.addLayout(fields)
        asked.addWidget(self.closed)
        head.addLayout(asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 6, 16, 4)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.figures)
        layout.addWidget(self.banner)
        layout.addWidget(self.tabs, 1)

    def _tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setAccessibleName("Waterfall and checks")
        tabs.setDocumentMode(False)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.grid)
        self.split.addWidget(self.chart)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.split.setChildrenCollapsible(False)
        tabs.addTab(self.split, "&Waterfall")
        tabs.addTab(self.findings, "Chec&ks")
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 2, 0, 4)
        for widget in (self.group.labelled("&Group by"), self.group, self.measure.labelled("&Show"), self.measure):
            line.addWidget(widget)
        tabs.setCornerWidget(row)
        return tabs

    # -- what is shown -------------------------------------------------------------------------------------------------

    def wear(self, colors: Palette) -> None:
        """Put colors on."""
        for widget in (self.figures, self.banner, self.grid, self.chart, self.findings):
            widget.wear(colors)

    def allow_questions(self, allowed: bool) -> None:
        """Whether something else may be asked now."""
        for box in (self.as_of, self.currency, self.group, self.measure):
            box.setEnabled(allowed)

    def show_book(self, reading: Reading, view: View) -> None:
        """Name the book, offer what can be chosen, and show the view."""
        self.question = replace(view.question, as_of=view.as_of)
        settings = reading.opened.schedule.book.settings
        self.name.setText(f"{settings.entity}  –  {reading.path.name}" if settings.entity else reading.path.name)
        self.about.setText(f"{count(reading.contracts, 'contract')} in {short(reading.path.parent)}")
        self.name.setToolTip(str(reading.path))
        _offer(self.as_of, [(moment_name(moment, settings.calendar), moment) for moment in reading.moments], view.as_of)
        offered = [(code, code) for code in reading.currencies]
        if reading.translatable:
            offered.append((f"All, in {reading.reporting}", TRANSLATED))
        _offer(self.currency, offered, view.question.currency)
        for widget in (self.currency_label, self.currency):
            widget.setVisible(len(offered) > 1)
        self.closed.setText(view.closed)
        self.closed.setVisible(bool(view.closed))
        self.group.setCurrentIndex(GROUPS.index(view.question.by))
        self.measure.setCurrentIndex(self.measure.findData(view.question.measure))
        self.figures.tell(view.figures, view.grid.decimals)
        rows = count(len(view.grid.rows), "row")
        self.grid.show_grid(view.grid, f"{rows}, {view.currency}, as of {day(view.as_of)}")
        self.chart.show_grid(view.grid, view.question.measure, view.currency)

    def show_checks(self, problems: Sequence[Problem] | None) -> None:
        """What the checks found; None while they are made."""
        if problems is None:
            self.banner.wait()
            self.findings.tell([])
            self._name_findings("Chec&ks")
            return
        self.banner.tell(problems)
        self.findings.tell(problems)
        bad = sum(problem.severity != "ok" for problem in problems)
        self._name_findings(f"Chec&ks ({bad})" if bad else "Chec&ks")

    def _name_findings(self, words: str) -> None:
        self.tabs.setTabText(self.tabs.indexOf(self.findings), words)

    def show_findings(self) -> None:
        """Turn to the page of all findings."""
        self.tabs.setCurrentWidget(self.findings)
        self.findings.setFocus()

    def _ask(self, _: Any = None) -> None:
        question = Question(
            self.as_of.currentData(), self.group.currentData(), self.measure.currentData(), self.currency.currentData()
        )
        if question != self.question:
            self.question = question
            self.asked.emit(question)

    # -- small windows -------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < _LOW
        self.banner.give_way(low)
        alone = self.tabs.indexOf(self.chart) >= 0
        if low and not alone:
            self.tabs.insertTab(1, self.chart, "Cha&rt")
        elif alone and not low:
            self.tabs.removeTab(self.tabs.indexOf(self.chart))
            self.split.addWidget(self.chart)
            self.chart.show()


def _offer(box: QComboBox, offered: Sequence[tuple[str, Any]], current: Any) -> None:
    """Fill a field, if it offers something else than before, and set it without asking."""
    if [box.itemData(place) for place in range(box.count())] != [value for _, value in offered]:
        box.clear()
        for words, value in offered:
            box.addItem(words, value)
    box.setCurrentIndex([value for _, value in offered].index(current))
