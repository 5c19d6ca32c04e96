"""Closed periods in Excel: closed and reopened from the ribbon, known to every cell at the next refresh."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from addin.excel import answering, closing_buttons
from addin.formulas.catalogue import find
from addin.formulas.written import written
from engine.ledger.ledger import Ledger

from .closed_books import ASKED, ClosedBook
from .excel_in_memory import Excel, real

OK, CANCEL = 1, 2


@pytest.fixture
def book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> ClosedBook:
    return ClosedBook(tmp_path / "Büro 2026.xlsx", capsys)


@pytest.fixture
def excel(book: ClosedBook) -> Excel:
    return Excel(real, book.path)


def press(excel: Excel, button: str, *answers: object) -> list[str]:
    """Press a button and answer its boxes; what they said."""
    before = len(excel.app.dialogs)
    excel.app.answer_dialogs(*answers)
    excel.app.run("RatableDo", button)
    assert excel.app.interpreter.answers == [], "a box that was expected did not come"
    return [dialog[1] for dialog in excel.app.dialogs[before:]]


def back_to(excel: Excel, book: ClosedBook) -> None:
    """The close pack is in front; go back to the workbook."""
    excel.app.workbooks()[0].vba_get("Activate")


def failing(book: ClosedBook) -> None:
    """A balance of the general ledger that the book does not come to."""
    del book.rows["contracts"][1]["currency"]
    book.rows["accounts"] = [{"role": "deferred_current", "account": "2400"}]
    book.rows["ledger"] = [{"account": "2400", "date": "2026-01-31", "balance": "-3000.00"}]
    book.write()


def closes(book: ClosedBook) -> list[tuple[Any, ...]]:
    return [(each.entry.kind, each.entry.period, each.entry.by) for each in Ledger.of(book.path).entries]


def test_every_cell_answers_as_the_command_line_after_a_close_and_a_refresh(excel: Excel, book: ClosedBook) -> None:
    before = excel.ask("=RATABLE_BOOK()")
    book.close("2026-01", "2026-02")
    assert excel.ask("=RATABLE_BOOK()") == before
    book.change("billings", 0, amount="1000.00")
    sheet = excel.app.sheet("Billings")
    column = next(c for c in "ABCDEFGH" if sheet.value(f"{c}1") == "amount")
    sheet.set_value(f"{column}2", "1000.00")
    assert press(excel, "Refresh") == []
    assert excel.ask("=RATABLE_BOOK()") == book.get("RATABLE_BOOK") != before
    for asked in ASKED:
        formula = find(asked[0])
        if formula.result == "number":
            found = excel.ask(written(formula, tuple(word or None for word in asked[1:])))
            assert f"{found:.2f}" == book.get(*asked), asked


def test_a_damaged_ledger_is_a_true_error_with_its_reason(excel: Excel, book: ClosedBook) -> None:
    book.close("2026-01")
    book.damage()
    press(excel, "Refresh")
    assert "ledger cannot be used" in excel.ask("=RATABLE_BOOK()")
    assert str(excel.ask('=BACKLOG("C1","2026-01")', at="D4")) == "Error 2023"
    assert "Büro 2026.ratable-ledger is damaged" in excel.why("D4")
    for button in ("Waterfall", "ClosePeriod", "ReopenPeriod"):
        told = press(excel, button)[-1]
        assert "is damaged" in told and "Restore" in told
    assert press(excel, "Check") == []
    assert "ledger-unusable" in [row[1] for row in excel.app.sheets()[-1].rows() if len(row) > 1]


def test_a_period_is_closed_from_the_ribbon(excel: Excel, book: ClosedBook) -> None:
    told = press(excel, "ClosePeriod", "2026-01", OK, OK)
    assert told[0] == "Period to close:"
    assert told[1].startswith("Checklist of 2026-01, 2026-01-01 to 2026-01-31: ")
    assert " ok" in told[1] and "Close 2026-01?" in told[1]
    assert told[2] == "2026-01 is closed. This is its close pack."
    assert [workbook.name for workbook in excel.app.workbooks()][1:] == ["Büro 2026 close pack 2026-01.xlsx"]
    assert closes(book) == [("close", "2026-01", "pyOpenVBA")]
    back_to(excel, book)
    assert excel.ask("=RATABLE_BOOK()") == book.get("RATABLE_BOOK")
    assert "closed to 2026-01" in excel.ask("=RATABLE_BOOK()")


def test_the_period_that_comes_next_is_proposed(excel: Excel, book: ClosedBook) -> None:
    assert answering.press("ClosePeriod", read(book), str(book.path), None) == [["period", "2026-04", ""]]
    book.close("2026-01")
    assert answering.press("ClosePeriod", read(book), str(book.path), None) == [["period", "2026-02", ""]]
    assert answering.press("ReopenPeriod", read(book), str(book.path), None) == [["period", "2026-01", ""]]


def read(book: ClosedBook) -> str:
    return answering.read(book.tables(), False, str(book.path))


def test_a_failing_check_is_accepted_with_name_and_reason(book: ClosedBook) -> None:
    failing(book)
    excel = Excel(real, book.path)
    told = press(excel, "ClosePeriod", "2026-01", OK, "Ann", "posted by hand, memo 7", OK)
    assert "[fail]" in told[1] and "2400" in told[1] and "responsibility" in told[1]
    assert told[2] == "Who accepts ties-to-ledger?"
    assert closes(book) == [("close", "2026-01", "Ann")]
    assert Ledger.of(book.path).closes[0].entry.said["accepted"] == [
        {"check": "ties-to-ledger", "by": "Ann", "reason": "posted by hand, memo 7"}
    ]


@pytest.mark.parametrize(
    "answers",
    [[""], ["2026-01", CANCEL], ["2026-01", OK, ""], ["2026-01", OK, "Ann", ""]],
    ids=["period", "checklist", "name", "reason"],
)
def test_a_close_that_is_broken_off_leaves_nothing(answers: list[object], book: ClosedBook) -> None:
    failing(book)
    excel = Excel(real, book.path)
    press(excel, "ClosePeriod", *answers)
    assert sorted(file.name for file in book.path.parent.iterdir()) == [book.path.name]


@pytest.mark.parametrize(
    ("period", "reason"), [("2026-Q1", "one accounting period"), ("soon", "soon"), ("2026-03", "2026-02 comes first")]
)
def test_a_period_that_cannot_be_closed_is_told(period: str, reason: str, excel: Excel, book: ClosedBook) -> None:
    book.close("2026-01")
    told = press(excel, "ClosePeriod", period)
    assert reason in told[1]
    assert len(closes(book)) == 1


def test_a_period_is_opened_again_with_name_and_reason(excel: Excel, book: ClosedBook) -> None:
    (told,) = press(excel, "ReopenPeriod")
    assert told == "No period of this workbook is closed."
    book.close("2026-01", "2026-02")
    press(excel, "ReopenPeriod", "2026-02", "Ben", "")
    told = press(excel, "ReopenPeriod", "2026-01", "Ben", "late invoice")[-1]
    assert "reopen 2026-02 first" in told
    assert len(closes(book)) == 2
    told = press(excel, "ReopenPeriod", "2026-02", "Ben", "late invoice", OK)[-1]
    assert told == "2026-02 is open again. What was closed stays in Büro 2026.ratable-ledger."
    assert closes(book)[2:] == [("reopen", "2026-02", "Ben")]
    assert "closed to 2026-01" in excel.ask("=RATABLE_BOOK()")


def test_what_is_closed_is_what_the_file_holds(excel: Excel, book: ClosedBook) -> None:
    sheet = excel.app.sheet("Billings")
    column = next(c for c in "ABCDEFGH" if sheet.value(f"{c}1") == "amount")
    sheet.set_value(f"{column}2", "1000.00")
    excel.app.workbook.vba_set("Saved", False)
    (told,) = press(excel, "ClosePeriod", CANCEL)
    assert "not saved" in told
    assert not book.ledger.exists()
    press(excel, "ClosePeriod", OK, "2026-01", OK, OK)
    assert book.get("BILLED_TO_DATE", "C1", "2026-01") == "1000.00"
    assert book.get("RATABLE_BOOK").split(",")[0] == read(book).split(",")[0]


def test_a_workbook_that_is_not_saved_has_nothing_to_close(book: ClosedBook) -> None:
    for place in ("Book1", "https://firm.sharepoint.com/Book.xlsx"):
        for button in ("ClosePeriod", "ReopenPeriod"):
            told = answering.press(button, read(book), place, None)
            assert told.startswith("#RATABLE!") and "save it in a folder" in told
        assert answering.press("Waterfall", read(book), place, None)[0][0] == "sheet"


def test_a_long_checklist_fits_into_a_box(book: ClosedBook) -> None:
    book.rows["billings"] += [
        {"document_id": f"D{n}", "contract_id": "C1", "date": "2026-01-01", "amount": "1.00", "source": f"system {n}"}
        for n in range(3, 60)
    ]
    failing(book)
    (row,) = answering.press("ClosePeriod", read(book), str(book.path), ("2026-01",))
    assert row[0] == "checklist"
    assert len(row[1]) <= 1023 - 200  # beside what VBA asks below it
    assert "ties-to-ledger" in row[2]
    assert "more, which the sheet Checks" in row[1]


def test_whoever_closed_meanwhile_is_named(excel: Excel, book: ClosedBook, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = closing_buttons._shown

    def meanwhile(found: Any) -> str:
        book.close("2026-01")
        return shown(found)

    monkeypatch.setattr(closing_buttons, "_shown", meanwhile)
    told = press(excel, "ClosePeriod", "2026-01", OK)
    assert "2026-01 was closed by Ann" in told[-1]
    assert len(closes(book)) == 1
