"""The book is watched: saved by whatever way programs save, the window shows the new figures."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from .driving import OBLIGATIONS, Driven, broken, write_book

pytestmark = pytest.mark.desktop

_DEARER = [{**OBLIGATIONS[0], "price": "2400.00"}, OBLIGATIONS[1]]


def test_a_table_written_anew_is_read_again(driven: Driven, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    driven.open(book)
    assert driven.card("backlog") == "2,500.00"
    write_book(book, obligations=_DEARER)
    driven.until(lambda: driven.card("backlog") == "3,100.00")
    driven.settle()
    assert "The book was saved, and read again." in driven.window.told


def test_a_workbook_replaced_by_another_is_read_again_each_time(driven: Driven, sample: Path, tmp_path: Path) -> None:
    """As Excel saves: a new file is written beside the old one and takes its name."""
    driven.open(sample)
    before = driven.card("backlog")
    for price in ("2", "3"):
        workbook = openpyxl.load_workbook(sample)
        sheet = workbook["Obligations"]
        columns = [cell.value for cell in next(sheet.iter_rows(max_row=1))]
        sheet.cell(2, columns.index("price") + 1).value = float(price)
        draft = sample.with_name("~draft.tmp")
        workbook.save(draft)
        draft.replace(sample)
        driven.until(lambda before=before: driven.card("backlog") != before or "read again" in driven.window.told)
        driven.settle()
        assert "read again" in driven.window.told
        before = driven.card("backlog")
        driven.window.footer.say("")


def test_what_was_chosen_stays_when_the_book_is_read_again(driven: Driven, tmp_path: Path) -> None:
    from datetime import date

    book = write_book(tmp_path / "book")
    driven.open(book)
    driven.choose("group", "customer")
    driven.choose("as_of", date(2026, 3, 31))
    write_book(book, obligations=_DEARER)
    driven.until(lambda: "read again" in driven.window.told)
    driven.settle()
    assert driven.window.book.as_of.currentText() == "March 2026"
    assert driven.window.book.grid.model.heading(0) == "Customer"


def test_a_book_that_is_mended_comes_back_by_itself(driven: Driven, tmp_path: Path) -> None:
    book = broken(tmp_path / "book")
    driven.open(book)
    assert driven.window.pages.currentWidget() is driven.window.refused
    write_book(book)
    driven.until(lambda: driven.window.shows_figures)
    write_book(book, obligations=[{**OBLIGATIONS[0], "price": "x"}])
    driven.until(lambda: driven.window.pages.currentWidget() is driven.window.refused)


def test_a_book_that_is_gone_for_a_moment_is_waited_for(driven: Driven, sample: Path, tmp_path: Path) -> None:
    driven.open(sample)
    away = tmp_path / "away.bin"
    shutil.move(sample, away)
    driven.rest(0.8)
    assert driven.window.shows_figures, "what was read is still shown"
    away.write_bytes(away.read_bytes())
    shutil.move(away, sample)
    driven.until(lambda: "read again" in driven.window.told)


def test_other_files_beside_the_book_do_not_matter(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    reading = driven.window.session.reading
    sample.with_name("~$note.xlsx").write_bytes(b"x")
    sample.with_name("other.xlsx").write_bytes(b"x")
    driven.rest(0.8)
    assert driven.window.session.reading is reading
