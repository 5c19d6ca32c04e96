"""What a person does at the window, from the dropped book to the figures."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget

from addin import actions
from addin.desktop.memory import Memory
from addin.desktop.reading import TRANSLATED
from addin.desktop.words import money

from .driving import BILLINGS, CONTRACTS, OBLIGATIONS, Driven, broken, untied, write_book

pytestmark = pytest.mark.desktop


def test_a_dropped_workbook_is_read_and_its_figures_are_those_of_the_command_line(
    driven: Driven, sample: Path, today: date
) -> None:
    assert driven.drop(sample)
    assert driven.window.shows_figures
    opened = actions.open_book(sample, today)
    table = actions.report("balances", opened, {"as_of": None, "by": "total"})
    balances = dict(zip(table.names, table.rows[0], strict=True))
    assert balances["currency"] == "USD" == driven.window.book.currency.currentText()
    for name in ("deferred_current", "deferred_noncurrent", "contract_asset", "backlog", "rpo"):
        assert driven.card(name) == money(balances[name], 2) != "–"
    assert (
        driven.window.book.figures.cards["backlog"].note.text() == f"unbilled {money(balances['backlog_unbilled'], 2)}"
    )
    rpo = actions.report("rpo", opened, {"as_of": None})
    bands = dict(zip(rpo.names, rpo.rows[0], strict=True))
    shown = [band.figure.text() for band in driven.window.book.figures.bands.parts]
    assert shown == [money(bands[name], 2) for name in ("0-12", "13-24", "25-36", "thereafter", "undated")]


def test_a_folder_of_csv_files_can_be_dropped(driven: Driven, tmp_path: Path) -> None:
    assert driven.drop(write_book(tmp_path / "book"))
    assert driven.card("deferred_current") == "600.00"
    assert not driven.window.book.currency.isVisible(), "there is but one"


def test_while_a_book_is_held_over_the_window_it_says_what_would_happen(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    before = driven.window.told
    driven.hold(sample)
    assert driven.window.told == f"Let go to open {sample.name}."
    QApplication.sendEvent(driven.window, QDragLeaveEvent())
    assert driven.window.told == before


def test_what_is_no_book_is_not_taken(driven: Driven, tmp_path: Path, sample: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no", "utf-8")
    assert not driven.drop(text)
    assert not driven.drop(sample, sample)
    assert driven.window.pages.currentWidget() is driven.window.start


def test_another_as_of_month_shows_the_figures_of_then(driven: Driven, tmp_path: Path) -> None:
    driven.open(write_book(tmp_path / "book"))
    driven.choose("as_of", date(2026, 3, 31))
    assert driven.card("deferred_current") == "900.00"
    assert driven.window.session.findings is not None, "the checks are made anew"
    heading = driven.window.book.grid.model
    assert heading.heading(heading.as_of_column) == "Mar 2026"


def test_months_offered_reach_from_the_first_signing_to_today(driven: Driven, tmp_path: Path) -> None:
    driven.open(write_book(tmp_path / "book"))
    box = driven.window.book.as_of
    offered = [box.itemText(n) for n in range(box.count())]
    assert (offered[0], offered[-1]) == ("November 2026", "January 2026")


@pytest.mark.parametrize("group", ["customer", "product", "cohort", "contract"])
@pytest.mark.parametrize("measure", ["recognized", "balance"])
def test_regrouped_the_grid_shows_the_waterfall_of_the_actions(
    driven: Driven, sample: Path, today: date, group: str, measure: str
) -> None:
    driven.open(sample)
    driven.choose("measure", measure)
    driven.choose("group", group)
    words = {"as_of": None, "by": group, "measure": measure, "months": 24, "back": 12}
    table = actions.report("waterfall", actions.open_book(sample, today), words)
    model, labels = driven.window.book.grid.model, driven.window.book.grid.model.label_columns
    expected = [[row[0], *(money(cell, 2) for cell in row[2:])] for row in table.rows if row[1] == "USD"]
    columns = [0, *range(labels, model.columnCount())]
    assert [[model.text(row, column) for column in columns] for row in range(model.rowCount())] == expected
    totals = driven.window.book.grid.totals_model
    sums = [sum(column) for column in zip(*(row[2:] for row in table.rows if row[1] == "USD"), strict=True)]
    assert [totals.text(0, column) for column in range(labels, totals.columnCount())] == [money(n, 2) for n in sums]


def test_each_currency_has_its_own_figures(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    driven.choose("currency", "JPY")
    assert driven.card("backlog") == "5,580,000"
    assert "JPY" in driven.window.book.chart.said(0)
    driven.choose("currency", "EUR")
    assert driven.card("backlog") == "29,750.00"


def test_all_currencies_can_be_seen_together_in_the_one_the_book_reports_in(
    driven: Driven, sample: Path, today: date
) -> None:
    driven.open(sample)
    assert driven.window.book.currency.currentText() == "USD", "contract currency, unless asked for"
    driven.choose("currency", TRANSLATED)
    assert driven.window.book.currency.currentText() == "All, in USD"
    opened = actions.open_book(sample, today, currency="reporting")
    balances = actions.report("balances", opened, {"as_of": None, "by": "total"})
    (row,) = balances.rows
    for card in ("deferred_current", "contract_asset", "backlog", "rpo"):
        assert driven.card(card) == money(row[balances.names.index(card)], 2)
    words = {"as_of": None, "by": "contract", "measure": "recognized", "months": 24, "back": 12}
    table = actions.report("waterfall", opened, words)
    assert driven.window.book.grid.model.rowCount() == len(table.rows)
    driven.choose("as_of", driven.window.session.reading.moments[-1])  # type: ignore[union-attr]
    assert driven.window.book.currency.currentText() == "All, in USD", "the choice stays"


_ABROAD: dict[str, Any] = {
    "contracts": [CONTRACTS[0], {**CONTRACTS[1], "currency": "EUR"}],
    "billings": [*BILLINGS, {**BILLINGS[0], "document_id": "D2", "contract_id": "C2", "date": "2026-02-01"}],
}


def test_missing_rates_are_told_with_a_way_out(driven: Driven, tmp_path: Path) -> None:
    late = [{"date": "2099-12-31", "from_currency": "EUR", "to_currency": "USD", "rate": "1.25"}]
    book = write_book(tmp_path / "book", **_ABROAD, rates=late)
    driven.open(book)
    before = driven.card("backlog")
    for _ in range(2):  # asked again it is told again: nothing is taken for zero
        driven.choose("currency", TRANSLATED)
        words = driven.message()
        assert words.startswith("Not shown in USD: ") and "missing from the table Rates" in words
        assert "EUR to USD on 2026-02-01" in words and "Enter the rate to USD" in words
        assert driven.card("backlog") == before and driven.window.book.currency.currentText() == "USD"
    rates = [{**late[0], "date": "2026-01-31"}]
    write_book(book, **_ABROAD, rates=rates)
    driven.until(lambda: "read again" in driven.window.told)
    driven.choose("currency", TRANSLATED)
    shown = driven.card("backlog")
    assert shown != before
    write_book(book, **_ABROAD, rates=[{**rates[0], "date": "2026-06-01"}])
    driven.until(lambda: driven.card("backlog") == before)
    driven.settle()
    assert driven.message().startswith("Not shown in USD: ")
    assert driven.window.book.currency.currentText() == "USD"


def test_a_book_in_one_currency_has_nothing_to_choose(driven: Driven, tmp_path: Path) -> None:
    driven.open(write_book(tmp_path / "book"))
    assert driven.window.book.currency.isHidden()
    contracts = [{**row, "currency": "EUR"} for row in CONTRACTS]
    rates = [{"date": "2025-12-31", "from_currency": "EUR", "to_currency": "USD", "rate": "1.25"}]
    driven.open(write_book(tmp_path / "other", contracts=contracts, rates=rates))
    box = driven.window.book.currency
    assert [box.itemText(n) for n in range(box.count())] == ["EUR", "All, in USD"]


def test_a_broken_book_shows_every_problem_and_calculates_nothing(driven: Driven, tmp_path: Path) -> None:
    driven.open(broken(tmp_path / "book"))
    page = driven.window.refused
    assert driven.window.pages.currentWidget() is page
    assert "3 problems" in page.title.text() and "Nothing is calculated" in page.about.text()
    assert [problem.where for problem in page.list.model_of.problems] == [
        "obligations.csv:2 end", "obligations.csv:3 contract_id", "obligations.csv:3 price",
    ]  # fmt: skip
    assert all(problem.found and problem.remedy for problem in page.list.model_of.problems)
    assert not driven.window.footer.pack.isVisible()


def test_a_file_that_is_gone_is_told_in_plain_words(driven: Driven, tmp_path: Path) -> None:
    driven.open(tmp_path / "gone.xlsx")
    assert driven.window.pages.currentWidget() is driven.window.refused
    assert "gone.xlsx" in driven.window.refused.title.text()


def test_failing_checks_stand_in_the_banner_of_the_first_page(driven: Driven, tmp_path: Path) -> None:
    driven.open(untied(tmp_path / "book"))
    banner = driven.window.book.banner
    assert banner.isVisible() and banner.property("state") == "fail"
    assert banner.words.text().startswith("1 check fails")
    first = banner.list.model_of.problems[0]
    assert (first.severity, first.name) == ("fail", "ties-to-ledger")
    assert driven.window.told.startswith("1 check fails")


def test_double_click_on_a_finding_opens_its_file_and_says_where(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    findings = driven.window.book.banner.list
    driven.rest()
    place = findings.visualRect(findings.model_of.index(0, 0)).center()
    for press in (QTest.mouseClick, QTest.mouseDClick):
        press(findings.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert driven.opened == [sample]
    assert QApplication.clipboard().text() == "Billings!L99"
    assert "Billings!L99" in driven.window.told


def test_return_on_a_problem_of_a_folder_opens_the_csv_file(driven: Driven, tmp_path: Path) -> None:
    book = broken(tmp_path / "book")
    driven.open(book)
    findings = driven.window.refused.list
    findings.setCurrentIndex(findings.model_of.index(1, 0))
    QTest.keyClick(findings, Qt.Key.Key_Return)
    assert driven.opened == [book / "obligations.csv"]


def test_where_no_program_opens_the_book_the_window_says_so(make_window: Callable[..., Driven], sample: Path) -> None:
    driven = make_window(opens=False)
    driven.open(sample)
    driven.window.open_in_program()
    assert "No program is known" in driven.window.told


def test_books_are_remembered_latest_first(make_window: Callable[..., Driven], tmp_path: Path, sample: Path) -> None:
    file = tmp_path / "config" / "desktop.json"
    driven = make_window(memory=Memory.of(file))
    book = write_book(tmp_path / "book")
    driven.open(sample)
    driven.open(book)
    again = make_window(memory=Memory.of(file))
    assert again.window.memory.recent == [str(book), str(sample)]
    assert again.window.start.recent.item(0).text().startswith("book")
    again.window.start.recent.itemActivated.emit(again.window.start.recent.item(1))
    again.settle()
    assert again.window.windowTitle().startswith(sample.name)


def test_a_newer_question_takes_the_place_of_an_older_one(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    for group in (1, 2, 3):
        driven.window.book.group.setCurrentIndex(group)
        driven.window.book.group.activated.emit(group)
    driven.settle()
    assert driven.window.book.grid.model.heading(0) == "Signed in"
    assert driven.window.session.findings is not None


def test_closing_while_a_book_is_read_waits_for_no_one(make_window: Callable[..., Driven], sample: Path) -> None:
    driven = make_window()
    driven.window.open(sample)
    driven.window.close()
    assert not driven.window.isVisible() and driven.window.session.doing != "looking"


def test_a_mistake_of_the_program_is_said_in_plain_words(
    driven: Driven, sample: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def wrong(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(actions, "open_book", wrong)
    driven.open(sample)
    said = driven.message()
    assert "Ratable made a mistake" in said and "Your files are as they were" in said
    assert driven.window.pages.currentWidget() is driven.window.start
    assert "ZeroDivisionError" in capfd.readouterr().err


# -- for everybody -----------------------------------------------------------------------------------------------------


def mnemonics(page: QWidget) -> list[str]:
    """The letters with Alt that work while a page is shown: its own, those of the menus and of the foot."""
    window = page.window()
    words = [label.text() for label in page.findChildren(QLabel) if label.buddy()]
    words += [button.text() for button in page.findChildren(QAbstractButton)]
    words += [action.text() for action in window.menuBar().actions()]  # type: ignore[attr-defined]
    words += [button.text() for button in window.footer.findChildren(QAbstractButton)]  # type: ignore[attr-defined]
    if tabs := getattr(page, "tabs", None):
        words += [tabs.tabText(n) for n in range(tabs.count())]
    return [found[1].lower() for text in words if (found := re.search("&([A-Za-z])", text))]


def test_thousands_of_problems_are_shown_at_once(driven: Driven, tmp_path: Path) -> None:
    rows = [{**OBLIGATIONS[0], "obligation_id": f"p{n}", "price": "x"} for n in range(5000)]
    driven.open(write_book(tmp_path / "book", obligations=rows))
    findings = driven.window.refused.list
    assert findings.model_of.rowCount() >= 5000
    begin = time.monotonic()
    findings.scrollToBottom()
    findings.grab()
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize("size", [(1180, 780), (911, 512)])
def test_no_letter_leads_to_two_places(make_window: Callable[..., Driven], sample: Path, size: tuple[int, int]) -> None:
    driven = make_window(size=size)
    driven.open(sample)
    window = driven.window
    for page in (window.start, window.book, window.refused):
        letters = mnemonics(page)
        assert len(letters) > 5
        assert sorted(letters) == sorted(set(letters)), f"{type(page).__name__}: {sorted(letters)}"


def test_everything_that_takes_the_keyboard_has_a_name(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    for page in (driven.window.start, driven.window.book, driven.window.refused, driven.window.footer):
        for widget in page.findChildren(QWidget):
            if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or widget.objectName().startswith("qt_"):
                continue
            if widget.parent() and isinstance(widget.parent(), QComboBox):
                continue
            name = widget.accessibleName() or getattr(widget, "text", lambda: "")()
            kind = type(widget).__name__
            assert name or kind in ("QTabBar", "QStackedWidget", "QSplitter", "WaterfallGrid"), kind


def test_the_keyboard_alone_leads_from_the_book_to_another_month(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    before = driven.card("deferred_current")
    driven.window.activateWindow()
    driven.window.book.as_of.setFocus()
    QTest.keyClick(driven.window.book.as_of, Qt.Key.Key_Down)
    driven.settle()
    assert driven.window.book.as_of.currentText() == "May 2026"
    assert driven.card("deferred_current") != before


def test_the_chart_is_walked_with_the_arrow_keys(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    chart = driven.window.book.chart
    assert "Jun 2026 156,430.73" in chart.accessibleDescription()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.accessibleDescription() == "Jun 2026: USD 156,430.73 recognized"
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.accessibleDescription() == "Jul 2026: USD 77,308.15 scheduled"


def test_selected_cells_are_copied_for_a_spreadsheet(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    table = driven.window.book.grid.body
    column = driven.window.book.grid.model.as_of_column
    table.setCurrentIndex(driven.window.book.grid.model.index(1, column))
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "3,945.21"


def test_the_as_of_month_is_in_view_beside_the_labels(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    grid = driven.window.book.grid
    left = grid.body.columnViewportPosition(grid.model.as_of_column)
    labels = sum(grid.body.columnWidth(column) for column in range(grid.model.label_columns))
    assert labels <= left < grid.body.viewport().width()
    assert grid.body.side.isColumnHidden(grid.model.as_of_column)
    assert grid.totals.horizontalScrollBar().value() == grid.body.horizontalScrollBar().value() > 0


@pytest.mark.parametrize("size", [(1180, 780), (911, 512), (720, 600)])
def test_cards_wrap_and_are_never_cut(make_window: Callable[..., Driven], sample: Path, size: tuple[int, int]) -> None:
    driven = make_window(size=size)
    driven.open(sample)
    assert driven.window.size().toTuple() == size, "nothing makes it larger"
    page = driven.window.book
    for card in page.figures.cards.values():
        for label in (card.caption, card.figure, card.note):
            assert label.width() >= label.fontMetrics().horizontalAdvance(label.text()), label.text()
            assert label.height() >= label.fontMetrics().height(), label.text()
        bottom = card.mapTo(page, card.rect().bottomLeft()).y()
        assert bottom < page.figures.bands.mapTo(page, page.figures.bands.rect().topLeft()).y()
    assert page.grid.body.viewport().height() >= 3 * page.grid.body.row_height
    assert (page.tabs.indexOf(page.chart) >= 0) is (size[1] < 640)


def test_light_and_dark_can_be_chosen_and_are_remembered(make_window: Callable[..., Driven], tmp_path: Path) -> None:
    file = tmp_path / "desktop.json"
    driven = make_window(memory=Memory.of(file))
    driven.window.wear("dark")
    dark = driven.window.grab().toImage().pixelColor(3, 300)
    driven.window.wear("light")
    light = driven.window.grab().toImage().pixelColor(3, 300)
    assert dark.lightness() < 40 and light.lightness() > 220
    driven.window.wear("dark")
    assert Memory.of(file).theme == "dark"


def test_help_shows_version_licences_and_keys(driven: Driven) -> None:
    from addin.desktop import about
    from engine.version import VERSION

    assert VERSION in about.about() and "nothing leaves this machine" in about.about()
    licences = about.licences()
    assert all(word in licences for word in ("PySide6", "LGPL", "numpy", "openpyxl"))
    keys = about.shortcuts()
    actions_of_menus = [action for menu in driven.window.menuBar().actions() for action in menu.menu().actions()]
    for shortcut in (action.shortcut().toString() for action in actions_of_menus):
        assert shortcut in keys, shortcut


def test_periods_of_weeks_are_named_by_label_and_last_day(driven: Driven, tmp_path: Path) -> None:
    settings = [{"name": "as_of", "value": "2026-06-28"}, {"name": "calendar", "value": "4-4-5"}]
    driven.open(write_book(tmp_path / "book", settings=settings))
    assert driven.window.book.as_of.currentText() == "28 June 2026"
    model = driven.window.book.grid.model
    assert model.heading(model.as_of_column) == "2026-06"


def test_a_day_within_a_month_parts_the_month(driven: Driven, tmp_path: Path) -> None:
    driven.open(write_book(tmp_path / "book", settings=[{"name": "as_of", "value": "2026-06-15"}]))
    assert driven.window.book.as_of.currentText() == "15 June 2026"
    model = driven.window.book.grid.model
    column = model.as_of_column
    assert [model.heading(column), model.heading(column + 1)] == ["Jun 2026", "Jun 2026 (rest)"]


def test_a_question_that_is_cancelled_leaves_everything_as_it_was(
    driven: Driven, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driven.open(sample)
    report = actions.report

    def slow(*words: Any) -> Any:
        time.sleep(0.2)
        return report(*words)

    monkeypatch.setattr(actions, "report", slow)
    box = driven.window.book.group
    box.setCurrentIndex(2)
    box.activated.emit(2)
    driven.rest(0.1)
    driven.window.cancel()
    driven.settle()
    assert driven.window.told == "Cancelled."
    assert box.currentText() == "Contract" and driven.window.book.grid.model.heading(0) == "Contract"


def test_a_book_whose_reading_is_cancelled_leaves_the_one_before(
    driven: Driven, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driven.open(sample)
    before = driven.card("backlog")
    opens = actions.open_book

    def slow(*words: Any, **others: Any) -> Any:
        time.sleep(0.3)
        return opens(*words, **others)

    monkeypatch.setattr(actions, "open_book", slow)
    driven.window.open(write_book(tmp_path / "book"))
    driven.rest(0.1)
    driven.window.cancel()
    driven.settle()
    assert driven.window.told == "Cancelled. The book was not read."
    assert driven.window.windowTitle().startswith(sample.name) and driven.card("backlog") == before
    driven.window.write_pack(tmp_path / "pack.xlsx", ["Journal"], opens=False)
    driven.settle()
    assert (tmp_path / "pack.xlsx").exists()
