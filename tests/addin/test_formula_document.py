"""docs/formulas.md says what the formulas say."""

from __future__ import annotations

from pathlib import Path

from addin.formulas.catalogue import catalogue
from addin.formulas.document import document
from addin.formulas.typed import typed_argument
from addin.formulas.written import written

PAGE = Path(__file__).parents[2] / "docs" / "formulas.md"


def test_the_page_of_formulas_is_up_to_date() -> None:
    """If not, run `python -m addin.formulas.document`."""
    assert PAGE.read_text("utf-8") == document()


def test_every_formula_is_on_the_page_with_an_example() -> None:
    page = PAGE.read_text("utf-8")
    for name, formula in catalogue().items():
        assert f"### {name}\n" in page
        assert f"    {written(formula, formula.example[0])}\n" in page


def test_a_range_is_written_as_it_is_read() -> None:
    range_of = [["C-1", 'say "x"'], ["1", None]]
    text = written(catalogue()["BACKLOG"], (range_of,))
    assert text == '=BACKLOG({"C-1","say ""x""";"1",})'
    assert typed_argument(text[len("=BACKLOG(") : -1]) == range_of
