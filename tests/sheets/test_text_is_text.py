"""Texts of a book stay texts: no formula, no broken XML, nothing lost without a mark."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from engine.sheets.cells import LONGEST_TEXT, safe_text, short_enough, text_cell
from tests.sheets import made_up_pack, opened


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return opened.written(made_up_pack.nasty_pack(), tmp_path_factory.mktemp("nasty"))


def formulas(path: Path) -> list[tuple[str | None, str | None]]:
    found = []
    for cell in opened.raw_cells(path):
        formula = opened.child(cell, "f")
        if formula is not None:
            found.append((cell.get("r"), formula.text))
    return found


def test_hostile_texts_add_no_formula(nasty: Path, tmp_path: Path) -> None:
    tame = [made_up_pack.replace(deal, contract=f"C-{number}") for number, deal in enumerate(made_up_pack.DEALS)]
    pack = made_up_pack.nasty_pack()
    harmless = opened.written(made_up_pack.pack(tame, checks=pack.checks), tmp_path)
    assert len(formulas(nasty)) == len(formulas(harmless))
    assert not any("evil" in (text or "") for _, text in formulas(nasty))


def test_texts_that_look_like_formulas_are_marked_as_quoted(nasty: Path) -> None:
    cells = [cell for sheet in load_workbook(nasty) for row in sheet.iter_rows() for cell in row]
    suspects = [
        cell for cell in cells if isinstance(cell.value, str) and cell.data_type == "s" and cell.value[0] in "=+-@'\t"
    ]
    assert len(suspects) > 20
    assert all(cell.quotePrefix for cell in suspects)
    assert not any(cell.quotePrefix for cell in cells if isinstance(cell.value, str) and cell.value[:1].isalnum())


def test_error_words_stay_words(nasty: Path) -> None:
    assert any(
        cell.value == "#REF!" and cell.data_type == "s"
        for row in load_workbook(nasty)["Checks"].iter_rows()
        for cell in row
    )


def test_control_characters_are_shown_not_kept() -> None:
    assert safe_text("a\x00b\x1bc\x7fd") == "a␀b␛c␡d"
    assert safe_text("\ud800 \ufffe") == "� �"
    assert safe_text("two\r\nlines\tand a tab") == "two\nlines\tand a tab"


def test_markup_is_escaped_and_so_is_what_excel_would_decode() -> None:
    assert safe_text("<b> & _x0041_ _y_") == "&lt;b&gt; &amp; _x005F_x0041_ _y_"


def test_blanks_at_the_ends_are_kept() -> None:
    assert 'xml:space="preserve"' in text_cell("A1", 0, " x")
    assert "preserve" not in text_cell("A1", 0, "x y")


@given(st.text())
def test_any_text_gives_sound_xml(text: str) -> None:
    cell = ElementTree.fromstring(text_cell("A1", 0, text).encode())
    kept = "".join(cell.itertext())
    assert len(kept) >= len(text.replace("\r", "")) or "_x005F_" in kept or not text.strip()


@pytest.mark.parametrize("character", ["x", "\U0001f600", "é"])
def test_texts_longer_than_a_cell_are_cut_with_a_mark(character: str) -> None:
    cut = short_enough(character * 40_000)
    assert len(cut.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert cut.endswith("... (cut)")
    assert short_enough(character * 16_000) == character * 16_000


def test_long_findings_are_cut_in_the_pack(nasty: Path) -> None:
    longest = max(
        len(cell.value)
        for row in load_workbook(nasty)["Checks"].iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    )
    assert longest == LONGEST_TEXT
