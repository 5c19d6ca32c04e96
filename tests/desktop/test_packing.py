"""Creating the close pack from the window: the same file as from the command line, cancelled without a trace."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from addin import actions
from addin.desktop.memory import Memory
from addin.desktop.pack_dialog import PackDialog

from .driving import Driven, untied

pytestmark = pytest.mark.desktop


def cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    workbook = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets}


def answer(does: Callable[[PackDialog], object]) -> None:
    """Answer the dialog that is about to open."""

    def find() -> None:
        dialogs = [found for found in QApplication.topLevelWidgets() if isinstance(found, PackDialog)]
        assert len(dialogs) == 1
        does(dialogs[0])

    QTimer.singleShot(200, find)


def test_the_button_writes_the_pack_of_the_command_line_and_opens_it(
    driven: Driven, sample: Path, today: date, tmp_path: Path
) -> None:
    driven.open(sample)
    answer(lambda dialog: dialog.create_button.click())
    driven.window.footer.pack.click()
    driven.settle()
    written = sample.with_name("Bücher 2026 close pack 2026-06.xlsx")
    assert driven.packed == [written] == driven.opened
    assert f"{written.name} is written." in driven.window.told
    assert driven.window.footer.open.isVisible() and driven.window.footer.folder.isVisible()
    other = tmp_path / "other.xlsx"
    actions.pack(actions.open_book(sample, today), today, None, other)
    assert cells(written) == cells(other)


def test_only_the_reports_chosen_are_written_and_the_choice_is_remembered(
    make_window: Callable[..., Driven], sample: Path, tmp_path: Path
) -> None:
    memory = Memory.of(tmp_path / "desktop.json")
    driven = make_window(memory=memory)
    driven.open(sample)

    def choose(dialog: PackDialog) -> None:
        dialog.none.click()
        assert not dialog.create_button.isEnabled()
        dialog.reports["RPO"].setChecked(True)
        assert "Contract balances" in dialog.about.text(), "RPO is checked against them"
        dialog.reports["Journal"].setChecked(True)
        dialog.opens.setChecked(False)
        dialog.accept()

    answer(choose)
    driven.window.create_pack()
    driven.settle()
    assert list(cells(driven.packed[0])) == ["Contents", "Checks", "Contract balances", "RPO", "Journal"]
    assert driven.opened == []
    again = Memory.of(tmp_path / "desktop.json")
    assert "Summary" in again.left_out and "RPO" not in again.left_out and again.open_packs is False


def test_a_dialog_that_is_closed_writes_nothing(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    answer(lambda dialog: dialog.reject())
    driven.window.create_pack()
    driven.settle()
    assert [path.name for path in sample.parent.iterdir()] == [sample.name]


def test_a_pack_with_a_failing_check_says_so(driven: Driven, tmp_path: Path) -> None:
    driven.open(untied(tmp_path / "book"))
    driven.window.write_pack(tmp_path / "pack.xlsx", None, opens=False)
    driven.settle()
    assert "a check fails: see its sheet Checks" in driven.window.told


@pytest.mark.parametrize("at", ["figures", "Journal", "pack.xlsx"])
def test_cancelled_at_any_part_no_file_is_left(
    driven: Driven, sample: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from addin.desktop import job

    driven.open(sample)
    tell = job.Job._tell

    def cancelling(self: job.Job, what: str, done: int, of: int) -> None:
        if what == at:
            driven.window.session.cancel()
        tell(self, what, done, of)

    monkeypatch.setattr(job.Job, "_tell", cancelling)
    driven.window.write_pack(sample.with_name("pack.xlsx"), None, opens=True)
    driven.settle()
    assert driven.window.told == "Cancelled. No file was written."
    assert [path.name for path in sample.parent.iterdir()] == [sample.name]
    assert driven.packed == driven.opened == []


def test_the_cancel_button_and_esc_stop_the_work(driven: Driven, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driven.open(sample)

    def slow(*_: object, progress: actions.Progress, **__: object) -> None:
        for done in range(10_000):
            progress("Journal", done, 10_000)
            time.sleep(0.002)

    monkeypatch.setattr(actions, "pack", slow)
    for stop in (driven.window.footer.cancel.click, driven.window.menus.cancel.trigger):
        driven.window.write_pack(sample.with_name("pack.xlsx"), None, opens=False)
        driven.until(lambda: driven.window.footer.bar.value() > 0)
        assert driven.window.footer.cancel.isVisible() and not driven.window.footer.pack.isEnabled()
        assert not driven.window.book.as_of.isEnabled(), "nothing else is asked meanwhile"
        stop()
        driven.settle()
        assert driven.window.told == "Cancelled. No file was written."
        assert driven.window.footer.pack.isEnabled() and not driven.window.footer.bar.isVisible()


def test_a_folder_that_cannot_be_written_to_is_told_with_a_way_out(
    driven: Driven, sample: Path, tmp_path: Path
) -> None:
    driven.open(sample)
    driven.window.write_pack(tmp_path / "not there" / "pack.xlsx", None, opens=True)
    driven.settle()
    said = driven.message()
    assert "there is no folder" in said and "choose another" in said
    assert driven.window.shows_figures


def test_closing_while_a_pack_is_written_leaves_nothing(driven: Driven, sample: Path) -> None:
    driven.open(sample)
    driven.window.write_pack(sample.with_name("pack.xlsx"), None, opens=True)
    driven.rest(0.1)
    driven.window.close()
    assert [path.name for path in sample.parent.iterdir()] == [sample.name]
