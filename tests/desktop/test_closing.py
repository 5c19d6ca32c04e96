"""Closing and reopening periods from the window: the record of the command line, cancelled without a trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QWidget

from addin.closing import close_period
from addin.desktop import close_dialog, job
from addin.desktop.close_dialog import CloseDialog
from addin.desktop.memory import Memory
from addin.desktop.reopen_dialog import ReopenDialog
from addin.opened import open_book
from engine.ledger.ledger import Ledger

from .driving import OBLIGATIONS, Driven, untied, write_book

pytestmark = pytest.mark.desktop

_DEARER = [{**OBLIGATIONS[0], "price": "2400.00"}, OBLIGATIONS[1]]


def answer(driven: Driven, kind: type[QDialog], does: Callable[[Any], object], after: QDialog | None = None) -> None:
    """Answer the dialog that is about to open, as soon as it is there; another one than that before it."""

    def find() -> None:
        widgets = (found for found in QApplication.topLevelWidgets() if found is not after)
        dialogs = [found for found in widgets if isinstance(found, kind) and found.isVisible()]
        if not dialogs:
            QTimer.singleShot(50, driven.window, find)
            return
        try:
            does(dialogs[0])
        finally:
            if dialogs[0].isVisible():
                dialogs[0].reject()

    find()


def close(driven: Driven, name: str = "Ann Lee") -> None:
    """Close the next period, nothing failing."""

    def fill(dialog: CloseDialog) -> None:
        dialog.by.setText(name)
        dialog.opens.setChecked(False)
        assert dialog.close_button.isEnabled(), dialog.missing.text()
        dialog.close_button.click()

    answer(driven, CloseDialog, fill)
    driven.window.footer.close_period.click()
    driven.settle()


def test_the_button_closes_the_period_and_writes_its_pack(driven: Driven, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    driven.open(book)
    assert driven.window.book.closed.isHidden()
    assert not driven.window.menus.reopen.isEnabled()
    close(driven)
    (entry,) = Ledger.of(book).entries
    assert (entry.entry.period, entry.entry.by, entry.entry.kind) == ("2026-06", "Ann Lee", "close")
    pack = tmp_path / "book close pack 2026-06.xlsx"
    assert pack.exists() and driven.packed == [pack]
    assert driven.window.told == f"June 2026 is closed; its pack is {pack.name}."
    assert driven.window.footer.open.isVisible()
    assert driven.window.book.closed.isVisible()
    assert driven.window.book.closed.text().endswith(" by Ann Lee")
    assert driven.window.menus.reopen.isEnabled()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["book", pack.name, "book.ratable-ledger"]


def test_a_closed_month_stands_and_the_first_open_one_takes_up_the_difference(driven: Driven, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    driven.open(book)
    driven.choose("as_of", driven.window.session.reading.moments[5])  # type: ignore[union-attr]
    close(driven)
    before = driven.card("backlog")
    write_book(book, obligations=_DEARER)
    driven.until(lambda: "read again" in driven.window.told)
    driven.settle()
    assert driven.card("backlog") == before, "as reported"
    assert driven.window.book.closed.text().startswith("Closed on ")
    close(driven)
    periods = [close.entry.period for close in Ledger.of(book).closes]
    assert periods[1] > periods[0], "the one after the last close, whatever is looked at"


def test_the_next_close_is_offered_whatever_month_is_looked_at(driven: Driven, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    driven.open(book)
    close(driven)
    seen: list[str] = []
    answer(driven, CloseDialog, lambda dialog: seen.append(dialog.seen.label))
    driven.window.session.list_checks()
    driven.settle()
    assert seen == ["2026-07"]
    assert len(Ledger.of(book).closes) == 1


def test_a_failing_check_is_accepted_with_name_and_reason_or_nothing_is_closed(
    make_window: Callable[..., Driven], tmp_path: Path
) -> None:
    memory = Memory.of(tmp_path / "desktop.json")
    driven = make_window(memory=memory)
    book = untied(tmp_path / "book")
    driven.open(book)
    said: list[str] = []

    def fill(dialog: CloseDialog) -> None:
        dialog.by.setText("")
        assert set(dialog.ticks) == {"ties-to-ledger", "billed-twice"} or set(dialog.ticks) == {"ties-to-ledger"}
        said.append(dialog.missing.text())
        for box in dialog.ticks.values():
            assert not dialog.close_button.isEnabled()
            box.setChecked(True)
        said.append(dialog.missing.text())
        dialog.reason.setText("  posted in July ")
        said.append(dialog.missing.text())
        assert not dialog.close_button.isEnabled()
        dialog.by.setText(" Ann ")
        assert dialog.close_button.isEnabled()
        dialog.opens.setChecked(False)
        dialog.close_button.click()

    answer(driven, CloseDialog, fill)
    driven.window.menus.close.trigger()
    driven.settle()
    assert said == ["Mend what fails, or accept it.", "Say why it is accepted.", "Say who closes."]
    (entry,) = Ledger.of(book).entries
    accepted = entry.entry.said["accepted"]
    assert {"check": "ties-to-ledger", "by": "Ann", "reason": "posted in July"} in accepted
    assert Memory.of(tmp_path / "desktop.json").name == "Ann"


def test_a_trial_balance_is_chosen_and_the_checks_are_made_again(
    driven: Driven, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = [{"role": "deferred_current", "account": "2400"}]
    book = write_book(tmp_path / "book", accounts=accounts)
    file = tmp_path / "TB June.csv"
    file.write_text("account,debit,credit\n2400,,600.00\n", "utf-8")
    monkeypatch.setattr(close_dialog, "trial_balance", lambda *_: file)
    driven.open(book)
    seen: list[CloseDialog] = []

    def choose(dialog: CloseDialog) -> None:
        seen.append(dialog)
        dialog.by.setText("Ann")
        answer(driven, CloseDialog, accept, after=dialog)
        next(b for b in dialog.findChildren(QAbstractButton) if b.text() == "&Trial balance…").click()

    def accept(dialog: CloseDialog) -> None:
        seen.append(dialog)
        assert dialog.seen.tied_to is not None and dialog.seen.tied_to.file == file.name
        assert not dialog.seen.failing and dialog.by.words == "Ann"
        dialog.opens.setChecked(False)
        dialog.close_button.click()

    answer(driven, CloseDialog, choose)
    driven.window.footer.close_period.click()
    driven.settle()
    assert len({id(dialog) for dialog in seen}) == 2
    (entry,) = Ledger.of(book).entries
    assert entry.entry.said["trial_balance"]["name"] == file.name


def test_a_trial_balance_that_cannot_be_read_is_told_and_the_book_stays(driven: Driven, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    file = tmp_path / "TB June.csv"
    file.write_text("Konto,Betrag\n2400,1\n", "utf-8")
    driven.open(book)
    driven.window.closings.ask_to_close(file)
    driven.settle()
    assert "account and balance cannot be told from the headers" in driven.message()
    assert driven.window.pages.shows_book and driven.card("backlog") != "–"


def test_a_dialog_that_is_closed_closes_nothing(driven: Driven, tmp_path: Path) -> None:
    driven.open(write_book(tmp_path / "book"))
    answer(driven, CloseDialog, lambda dialog: dialog.reject())
    driven.window.footer.close_period.click()
    driven.settle()
    assert [file.name for file in tmp_path.iterdir()] == ["book"]


@pytest.mark.parametrize("at", ["identities", "figures", "Journal"])
def test_cancelled_at_any_part_nothing_is_closed(
    driven: Driven, tmp_path: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    driven.open(write_book(tmp_path / "book"))
    tell = job.Job._tell

    def cancelling(self: job.Job, what: str, done: int, of: int) -> None:
        if what == at and driven.window.session.doing == "closing":
            driven.window.session.cancel()
        tell(self, what, done, of)

    monkeypatch.setattr(job.Job, "_tell", cancelling)
    close(driven)
    assert driven.window.told == "Cancelled. Nothing was closed, and no file was written."
    assert [file.name for file in tmp_path.iterdir()] == ["book"]
    assert driven.window.book.closed.isHidden()


def test_the_last_period_is_reopened_with_a_reason(driven: Driven, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    driven.open(book)
    close(driven)

    def fill(dialog: ReopenDialog) -> None:
        assert dialog.about.text().startswith("Closed on ")
        dialog.by.setText("Bo")
        assert not dialog.reopen_button.isEnabled()
        dialog.reason.setText("an invoice was missing")
        dialog.reopen_button.click()

    answer(driven, ReopenDialog, fill)
    driven.window.menus.reopen.trigger()
    driven.settle()
    last = Ledger.of(book).entries[-1].entry
    assert (last.kind, last.by, last.said["reason"]) == ("reopen", "Bo", "an invoice was missing")
    assert driven.window.told == "June 2026 is open again."
    assert driven.window.book.closed.isHidden()
    assert not driven.window.menus.reopen.isEnabled()


def test_a_period_closed_elsewhere_is_noticed(driven: Driven, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    driven.open(book)
    today = driven.window.session.today()
    close_period(open_book(book, today), "2026-06", "Cleo", "2026-07-03T10:00:00+00:00")
    driven.until(lambda: driven.window.book.closed.text() == "Closed on 3 July 2026 by Cleo")
    driven.settle()


def test_a_ledger_that_moved_meanwhile_is_told_and_nothing_is_closed(
    driven: Driven, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = write_book(tmp_path / "book")
    driven.open(book)
    monkeypatch.setattr(driven.window.session.watcher, "_look", lambda: None)
    driven.window.session.watcher.watch(None)

    def fill(dialog: CloseDialog) -> None:
        today = driven.window.session.today()
        close_period(open_book(book, today), "2026-06", "Cleo", "2026-07-03T10:00:00+00:00", tmp_path / "hers.xlsx")
        dialog.by.setText("Ann")
        dialog.close_button.click()

    answer(driven, CloseDialog, fill)
    driven.window.footer.close_period.click()
    driven.settle()
    assert "has changed since it was read" in driven.message()
    assert [each.entry.by for each in Ledger.of(book).entries] == ["Cleo"]
    assert driven.window.book.closed.text() == "Closed on 3 July 2026 by Cleo", "and what was done is shown"
    assert not (tmp_path / "book close pack 2026-06.xlsx").exists()


def test_a_damaged_ledger_is_told_in_plain_words(driven: Driven, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    (tmp_path / "book.ratable-ledger").write_bytes(b"no ledger at all")
    driven.open(book)
    assert "book.ratable-ledger is damaged" in driven.message()


def test_the_dialogs_can_be_used_by_keyboard_and_read_aloud(driven: Driven, tmp_path: Path) -> None:
    book = untied(tmp_path / "book")
    driven.open(book)
    found: list[QDialog] = []

    def look(dialog: QDialog) -> None:
        found.append(dialog)
        words = [label.text() for label in dialog.findChildren(QLabel) if label.buddy()]
        words += [button.text() for button in dialog.findChildren(QAbstractButton)]
        letters = [text[text.index("&") + 1].lower() for text in words if "&" in text.replace("&&", "")]
        assert sorted(letters) == sorted(set(letters)), letters
        for widget in dialog.findChildren(QWidget):
            if widget.focusPolicy().value and not widget.objectName().startswith("qt_"):
                assert widget.accessibleName() or getattr(widget, "text", lambda: "")(), type(widget).__name__
        assert dialog.minimumSizeHint().height() <= 512 - 40 and dialog.minimumSizeHint().width() <= 911
        dialog.reject()

    answer(driven, CloseDialog, look)
    driven.window.session.list_checks()
    driven.settle()
    today = driven.window.session.today()
    write_book(book)
    (book / "ledger.csv").unlink()
    close_period(open_book(book, today), "2026-06", "Cleo", "2026-07-03T10:00:00+00:00")
    driven.window.session.read_again()
    driven.settle()
    answer(driven, ReopenDialog, look)
    driven.window.menus.reopen.trigger()
    driven.settle()
    assert len(found) == 2
