"""Formulas in cells know closed periods: they answer as the command line does, and the text of their book says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from addin.command_line.verbs import _formula_text
from addin.excel import answering
from addin.formulas import books, ledgers
from addin.formulas.books import SHELF, Shelf
from addin.formulas.catalogue import find
from addin.formulas.control import ratable_problems
from addin.formulas.errors import Code, FormulaError
from addin.formulas.ledgers import LEDGERS, NO_LEDGER
from engine.ledger.errors import LedgerBusy
from engine.ledger.file import LedgerFile
from engine.ledger.ledger import Ledger
from engine.schedule.compile import compile_book

from .closed_books import ASKED, ClosedBook


@pytest.fixture
def book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> ClosedBook:
    return ClosedBook(tmp_path / "Büro 2026.xlsx", capsys)


def read(book: ClosedBook, workbook: str | None = None) -> str:
    """What RATABLE_BOOK shows in a cell of the workbook."""
    return answering.read(book.tables(), False, str(book.path) if workbook is None else workbook)


def ask(text: str, name: str, *arguments: str) -> Any:
    """What a formula that names the book answers; an error itself."""
    found = find(name)
    given = [*(argument or None for argument in arguments), *[None] * len(found.arguments)]
    try:
        return found.function(*given[: len(found.arguments) - 1], text)
    except FormulaError as error:
        return error


def shown(text: str, name: str, *arguments: str) -> str:
    if name == "RATABLE_BOOK":
        return text
    given = [float(argument) if argument.isdigit() else argument for argument in arguments]
    return _formula_text(ask(text, name, *given), 2)  # type: ignore[arg-type]


def closed_and_changed(book: ClosedBook) -> str:
    """January and February closed, then an invoice and a price of January changed; the text of the book."""
    book.close("2026-01", "2026-02")
    book.change("billings", 0, amount="1000.00")
    book.change("obligations", 1, price="3000.00")
    return read(book)


def test_cells_answer_closed_periods_as_the_command_line_does(book: ClosedBook) -> None:
    text = closed_and_changed(book)
    differing = [asked for asked in ASKED if shown(text, *asked) != book.get(*asked)]
    assert differing == []


def test_a_closed_day_stands_and_an_open_one_is_todays(book: ClosedBook) -> None:
    text = closed_and_changed(book)
    assert ask(text, "BILLED_TO_DATE", "C1", "2026-02") == 1200.0
    assert ask(text, "BILLED_TO_DATE", "C1", "2026-03") == 1000.0
    alone = read(book, "")
    assert ask(alone, "BILLED_TO_DATE", "C1", "2026-02") == 1000.0


def test_the_text_of_the_book_changes_with_every_entry_and_with_nothing_else(book: ClosedBook) -> None:
    texts = [read(book)]
    book.close("2026-01")
    texts.append(read(book))
    book.close("2026-02")
    texts.append(read(book))
    assert read(book) == texts[-1]
    book.reopen("2026-02")
    texts.append(read(book))
    book.reopen("2026-01")
    texts.append(read(book))
    assert len(set(texts)) == len(texts)
    assert texts[0].endswith(" as of 2026-04-30")
    assert [text.split(", ")[1:2] for text in texts] == [
        [], ["closed to 2026-01"], ["closed to 2026-02"], ["closed to 2026-01"], ["no period closed"],
    ]  # fmt: skip


def test_the_text_of_before_a_close_answers_as_before_until_it_is_read_again(book: ClosedBook) -> None:
    """So cells of one sheet never mix two states: all that name the cell of the book change at the next refresh."""
    before = read(book)
    book.close("2026-01")
    book.change("billings", 0, amount="1000.00")
    assert ask(before, "BILLED_TO_DATE", "C1", "2026-01") == 1200.0
    after = read(book)
    assert ask(after, "BILLED_TO_DATE", "C1", "2026-01") == 1200.0
    book.reopen("2026-01")
    assert ask(after, "BILLED_TO_DATE", "C1", "2026-01") == 1200.0
    assert ask(read(book), "BILLED_TO_DATE", "C1", "2026-01") == 1000.0


def test_a_ledger_is_verified_once_and_again_only_when_it_has_changed(
    book: ClosedBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.close("2026-01")
    opened: list[Path] = []
    original = LedgerFile.__init__

    def counted(self: LedgerFile, path: Path) -> None:
        opened.append(path)
        original(self, path)

    monkeypatch.setattr(LedgerFile, "__init__", counted)
    for _ in range(5):
        text = read(book)
        for _ in range(20):
            assert ask(text, "BACKLOG", "C1", "2026-01") == 1100.0
    assert len(opened) == 1
    book.reopen("2026-01")
    opened.clear()
    read(book)
    read(book)
    assert len(opened) == 1


def test_rows_are_compiled_once_whatever_is_closed_and_closed_rows_once_whatever_is_typed(
    book: ClosedBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.close("2026-01")
    compiled: list[str] = []

    def counted(found: Any) -> Any:
        compiled.append(found.fingerprint)
        return compile_book(found)

    fresh = Shelf()
    for module in ("addin.formulas.books", "addin.excel.answering"):
        monkeypatch.setattr(f"{module}.SHELF", fresh)
    monkeypatch.setattr(books, "compile_book", counted)
    monkeypatch.setattr("engine.ledger.ledger.compile_book", counted)
    ask(read(book), "BACKLOG", "C1", "2026-01")
    book.rows["billings"][0]["amount"] = "1000.00"
    book.write()
    for _ in range(2):
        ask(read(book), "BACKLOG", "C1", "2026-01")
    book.rows["billings"][0]["amount"] = "900.00"
    book.write()
    ask(read(book), "BACKLOG", "C1", "2026-01")
    assert len(compiled) == 4  # three states of today's rows; the closed ones once more, beside today's that differ
    assert len(set(compiled)) == 3
    text = read(book)
    book.reopen("2026-01")
    assert read(book) != text
    ask(read(book), "BACKLOG", "C1", "2026-01")
    assert len(compiled) == 4


@pytest.mark.parametrize("workbook", ["Book1", "Ratable.xlsm", ""])
def test_a_workbook_that_is_not_saved_has_no_ledger(
    workbook: str, book: ClosedBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.close("2026-01")
    book.ledger.rename(book.path.with_name("Book1.ratable-ledger"))
    monkeypatch.chdir(book.path.parent)
    assert LEDGERS.beside(workbook) is NO_LEDGER
    assert read(book, workbook).endswith(" as of 2026-04-30")


def test_a_workbook_on_the_web_says_that_closed_periods_are_not_known(book: ClosedBook) -> None:
    text = read(book, "https://firm.sharepoint.com/sites/finance/Book.xlsx")
    assert "closed periods not known" in text
    assert ask(text, "BACKLOG", "C1", "2026-01") == 1100.0


def test_a_damaged_ledger_is_an_error_with_its_reason_in_every_figure(book: ClosedBook) -> None:
    book.close("2026-01")
    whole = book.ledger.read_bytes()
    book.damage()
    text = read(book)
    assert "ledger cannot be used" in text
    for asked in ASKED:
        if asked[0] != "RATABLE_BOOK":
            error = ask(text, *asked)
            assert isinstance(error, FormulaError), asked
            assert error.code is Code.REFERENCE
            assert "Büro 2026.ratable-ledger is damaged" in error.reason and "Restore" in error.reason
    assert [row[:2] for row in ratable_problems(text)[1:]] == [["stop", "ledger-unusable"]]
    assert "damaged" in ratable_problems(text)[1][3]
    book.ledger.write_bytes(whole)
    assert ask(read(book), "BACKLOG", "C1", "2026-01") == 1100.0


def test_a_ledger_that_goes_while_it_is_asked_is_an_error_not_a_figure(book: ClosedBook) -> None:
    text = closed_and_changed(book)
    book.ledger.unlink()
    error = ask(text, "BACKLOG", "C1", "2026-01")
    assert isinstance(error, FormulaError) and error.code is Code.REFERENCE
    assert ask(text, "BACKLOG", "C1", "2026-03") == 900.0


def test_a_busy_ledger_is_tried_again_though_its_file_has_not_changed(
    book: ClosedBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.close("2026-01")

    def busy(path: Path) -> Ledger:
        raise LedgerBusy(f"{path.name} could not be read or written")

    with monkeypatch.context() as patched:
        patched.setattr(ledgers, "Ledger", busy)
        error = ask(read(book), "BACKLOG", "C1", "2026-01")
        assert isinstance(error, FormulaError) and "could not be read" in error.reason
    assert ask(read(book), "BACKLOG", "C1", "2026-01") == 1100.0


def test_a_rate_missing_across_a_close_is_an_error_not_a_figure(book: ClosedBook) -> None:
    book.close("2026-01", "2026-02")
    assert ask(read(book), "REVENUE_RECOGNIZED", "C2", "2026-01", "2026-04") == 880.0
    book.rows["rates"][0]["date"] = "2099-12-31"
    book.write()
    text = read(book)
    for asked in (
        ("REVENUE_RECOGNIZED", "C2", "2026-01", "2026-04"),
        ("REVENUE_RECOGNIZED", "C2/plan", "2026-02", "2026-03"),
        ("REVENUE_RECOGNIZED", "", "2026-02", "2026-03"),
        ("BILLINGS", "C2", "2026-02", "2026-03"),
        ("DEFERRED_BALANCE", "C2", "2026-03"),
        ("ROLLFORWARD", "", "2026-01", "2026-04"),
        ("JOURNAL", "", "2026-02", "2026-03"),
    ):
        error = ask(text, *asked)
        assert isinstance(error, FormulaError), (asked, error)
        assert error.code is Code.NUMBER and "EUR" in error.reason, asked
    assert ask(text, "REVENUE_RECOGNIZED", "C1", "2026-01", "2026-04") == 400.0
    assert ask(text, "DEFERRED_BALANCE", "C2", "2026-02") == 2200.0
    assert ask(text, "REVENUE_RECOGNIZED", "C2", "2026-01", "2026-04", "currency=EUR") == 800.0
    column = ask(text, "REVENUE_RECOGNIZED", [["C1"], ["C2"]], "2026-02", "2026-03")  # type: ignore[arg-type]
    assert column[0] == [200.0]
    assert isinstance(column[1][0], FormulaError)


def test_the_command_line_tells_a_damaged_ledger_too(book: ClosedBook, capsys: pytest.CaptureFixture[str]) -> None:
    from addin.command_line.verbs import run

    book.close("2026-01")
    book.damage()
    assert run(["get", str(book.path), "BACKLOG", "C1"]) == 2
    said = capsys.readouterr()
    assert said.out == "#REF!\n"
    assert "damaged" in said.err
    assert run(["get", str(book.path), "BACKLOG", "C1", "--recalculated"]) == 0


def test_books_of_one_text_are_one_book(book: ClosedBook) -> None:
    text = closed_and_changed(book)
    assert SHELF.get(text) is SHELF.get(read(book))
