"""LibreOffice calculates every formula of a pack anew and finds the value that was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.sheets.pack import REQUIRED, Pack
from tests.sheets import made_up_pack, opened
from tests.sheets.recalculated import agree, compared, differences


def with_errors() -> Pack:
    """A pack some of whose checks fail, so that failing values are compared too."""
    pack = made_up_pack.pack()
    rows = [list(row) for row in pack.balances.rows]
    rows[0][3] += 1
    rows[1][5] -= 1
    return replace(pack, balances=replace(pack.balances, rows=rows))


def empty() -> Pack:
    pack = made_up_pack.pack()
    return replace(pack, **{name: replace(getattr(pack, name), rows=[]) for name in REQUIRED}, comparatives=[])


PACKS: dict[str, Callable[[], Pack]] = {
    "one currency": made_up_pack.pack,
    "three currencies": lambda: made_up_pack.pack(made_up_pack.DEALS_ABROAD),
    "hostile texts": made_up_pack.nasty_pack,
    "failing checks": with_errors,
    "an empty book": empty,
    "four hundred contracts": lambda: made_up_pack.pack(made_up_pack.many(400)),
}


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", PACKS)
def test_libreoffice_finds_every_cached_value(name: str, tmp_path: Path) -> None:
    count, found = differences(opened.written(PACKS[name](), tmp_path), tmp_path / "workshop")
    assert found == []
    assert count > 60


def test_the_comparison_notices_a_value_that_drifted(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    ours = opened.written(made_up_pack.pack(), tmp_path)
    theirs = opened.written(with_errors(), tmp_path / "other")
    count, found = compared(ours, theirs)
    assert count > 400
    assert any("Contract balances" in line for line in found)


def test_numbers_agree_up_to_the_dust_of_adding() -> None:
    assert agree(100.0, 100.0 + 1e-9)
    assert not agree(100.0, 100.01)
    assert not agree(None, None)
    assert agree("OK", "OK")
