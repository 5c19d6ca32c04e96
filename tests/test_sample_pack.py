"""The close packs of whole books, recalculated by LibreOffice: the sample book and random ones, every formula cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from addin import actions
from engine.book.reading import book_from_rows
from engine.reports.checks import checks
from engine.schedule.compile import compile_book
from engine.schedule.history import History
from engine.sheets.close_pack import close_pack
from engine.sheets.write import write_pack

from .oracle.random_books import random_book
from .sheets.recalculated import differences


@pytest.mark.libreoffice
def test_every_formula_of_the_sample_pack_recalculates_to_what_is_written(tmp_path: Path, today: date) -> None:
    _, pack = actions.demo(tmp_path / "demo", today)
    count, found = differences(pack, tmp_path / "workshop")
    assert found == []
    assert count > 500


@pytest.mark.libreoffice
@pytest.mark.parametrize("seed", range(3000, 3006))
def test_every_formula_of_a_random_pack_recalculates_to_what_is_written(seed: int, tmp_path: Path, today: date) -> None:
    schedule = compile_book(book_from_rows(random_book(seed), today))
    for as_of in (date(2025, 6, 30), date(2025, 11, 17)):
        path = tmp_path / f"{as_of}.xlsx"
        write_pack(close_pack(History(schedule), as_of, checks(schedule, as_of), "book", today), path)
        count, found = differences(path, tmp_path / f"workshop {as_of}")
        assert found == []
        assert count > 60
