"""The window: its pages, its menus, what may be dropped on it - and what each of them asks of the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from addin import actions
from addin.desktop.closings import Closings
from addin.desktop.footer import Footer
from addin.desktop.memory import Memory
from addin.desktop.menus import Menus
from addin.desktop.pages import Pages
from addin.desktop.palette import Palette
from addin.desktop.reading import View
from addin.desktop.session import Session
from addin.desktop.style import dress, effective
from addin.desktop.words import moment_name

if TYPE_CHECKING:
    from addin.desktop.book_page import BookPage
    from addin.desktop.refused_page import RefusedPage
    from engine.book.problems import Problem

_WORKBOOKS = (".xlsx", ".xlsm")
_SIZE = QSize(1180, 780)


class Window(QMainWindow):
    """What a person has before them.

    memory     what is remembered
    today      the day it is, asked each time
    open_with  opens files in their program, default as the system does
    """

    packed = Signal(object)

    def __init__(
        self, memory: Memory, today: Callable[[], date], open_with: Callable[[Path], bool] | None = None
    ) -> None:
        super().__init__()
        self.memory, self.open_with = memory, open_with or _open_file
        self.session = Session(today, self)
        # before there are widgets: each of them would be dressed twice
        self.pages, self.footer = Pages(self._colors()), Footer()
        self.start = self.pages.start
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.footer)
        self.setCentralWidget(whole)
        self.closings = Closings(self)
        self.menus = Menus(self)
        self.written: Path | None = None
        self._opens_pack = False
        self._done = "", False
        self.setAcceptDrops(True)
        self.setMinimumSize(720, 420)
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.95))
        self._connect()
        self.show_start()

    def _connect(self) -> None:
        session, pages, start, footer = self.session, self.pages, self.start, self.footer
        session.working.connect(self._working)
        session.progress.connect(footer.progress)
        session.viewed.connect(self._viewed)
        session.checked.connect(self._checked)
        session.refused.connect(self._refused)
        session.packed.connect(self._packed)
        session.failed.connect(self._failed)
        session.cancelled.connect(self._cancelled)
        start.wanted.connect(self.open)
        start.workbook_wanted.connect(self.choose_workbook)
        start.folder_wanted.connect(self.choose_folder)
        start.sample_wanted.connect(self.open_sample)
        start.new_wanted.connect(self.new_book)
        pages.asked.connect(session.ask)
        pages.chosen.connect(self.show_cell)
        pages.mend_wanted.connect(self.open_in_program)
        pages.again_wanted.connect(session.read_again)
        pages.other_wanted.connect(self.choose_workbook)
        footer.pack_wanted.connect(self.create_pack)
        footer.close_wanted.connect(lambda: self.closings.ask_to_close())
        footer.cancel_wanted.connect(self.cancel)
        footer.open_wanted.connect(lambda: self.written and self.open_with(self.written))
        footer.folder_wanted.connect(lambda: self.written and self.open_with(self.written.parent))
        QApplication.styleHints().colorSchemeChanged.connect(self._dress)

    @property
    def book(self) -> BookPage:
        return self.pages.book

    @property
    def refused(self) -> RefusedPage:
        return self.pages.refused

    # -- light and dark ------------------------------------------------------------------------------------------------

    def wear(self, theme: str) -> None:
        """Choose light, dark or what the system is set to."""
        self.memory.theme = theme
        self.memory.keep()
        self._dress()

    def _dress(self) -> None:
        self.pages.wear(self._colors())

    def _colors(self) -> Palette:
        """Put the colors of the theme on everything that has none of its own."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        colors = effective(self.memory.theme, application)
        dress(application, colors)
        return colors

    # -- what a person wants -------------------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Read a book and show it."""
        self.session.open(path.absolute())

    def choose_workbook(self) -> None:
        from addin.desktop import asking

        if path := asking.workbook(self, self._folder()):
            self.open(path)

    def choose_folder(self) -> None:
        from addin.desktop import asking

        if path := asking.csv_folder(self, self._folder()):
            self.open(path)

    def new_book(self) -> None:
        """Write an empty book and open it in its program; it is shown here once it is filled in."""
        from addin.desktop import asking

        if path := asking.new_book(self, self._folder()):
            self.session.prepare(f"Writing {path.name} ...", lambda _: actions.new(path), self._made)

    def _made(self, path: Path) -> None:
        self.written = path
        self.open_with(path)
        self.footer.say(f"{path.name} is ready: fill in its tables, save it, then drop it here.", written=True)

    def open_sample(self) -> None:
        """Put the sample book into the documents, once, and open it."""
        from addin.desktop import asking

        folder = asking.sample_folder()
        self.session.prepare("Writing the sample book ...", lambda _: actions.sample(folder), self.open)

    def open_in_program(self) -> None:
        """The book itself, in Excel or whatever opens workbooks."""
        if self.session.path and not self.open_with(self.session.path):
            self.footer.say(f"No program is known for {self.session.path.name}. It is in {self.session.path.parent}.")

    def show_cell(self, problem: Problem) -> None:
        """Where a problem stands."""
        from addin.desktop.opening import in_excel, may_be_in_excel, show_cell

        book, where = self.session.path, problem.where
        if book is None:
            return

        def tell(is_open: bool) -> None:
            self.footer.say(f"{where} is open in Excel." if is_open else show_cell(book, where, self.open_with))

        if may_be_in_excel(where):
            self.session.prepare("Opening Excel ...", lambda _: in_excel(book, where), tell)
        else:
            tell(False)

    def create_pack(self) -> None:
        """Ask for the reports and the file, then write."""
        from addin.desktop.pack_dialog import PackDialog

        session = self.session
        if session.reading is None or session.view is None:
            return
        target = actions.free_name(session.reading.path, session.view.as_of)
        settings = session.reading.opened.schedule.book.settings
        dialog = PackDialog(self, self.memory, target, moment_name(session.view.as_of, settings.calendar))
        if dialog.exec() == PackDialog.DialogCode.Accepted:
            self.write_pack(dialog.target, dialog.chosen, dialog.opens.isChecked())

    def write_pack(self, target: Path, sheets: Sequence[str] | None, opens: bool) -> None:
        """Write the pack; `opens` opens it when it is ready."""
        self._opens_pack = opens
        self.session.pack(target, sheets)

    def cancel(self) -> None:
        """Stop what is being done."""
        if self.session.busy:
            self.footer.stopping()
            self.session.cancel()

    def show_start(self) -> None:
        self.start.show_recent(self.memory.recent)
        self._turn_to(self.start)
        self.setWindowTitle("Ratable")

    # -- what the session answers --------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        return self.session.busy

    @property
    def shows_figures(self) -> bool:
        """Whether there is a book with figures and checks before the person."""
        return self.pages.shows_book and self.session.findings is not None

    @property
    def told(self) -> str:
        """What the foot of the window says."""
        return self.footer.status.text()

    def _working(self, words: str) -> None:
        if words:
            self.footer.work(words)
        else:
            self.footer.rest()
            if self.told.endswith("..."):
                self.footer.say("")
        writes = self.session.writes
        for button in (self.footer.pack, self.footer.close_period):
            button.setEnabled(self.session.view is not None and not writes)
        if self.pages.shows_book:
            self.book.allow_questions(not writes)
        self._allow()

    def _viewed(self, view: View) -> None:
        reading = self.session.reading
        assert reading is not None
        if self.memory.recent[:1] != [str(reading.path)]:
            self.memory.opened(reading.path)
        self.book.show_book(reading, view)
        self.book.show_checks(self.session.findings)
        if not self.pages.shows_book:
            self._turn_to(self.book)
            self.book.grid.setFocus()
        self.setWindowTitle(f"{reading.path.name} – Ratable")
        self.footer.say("")

    def _checked(self, problems: Sequence[Problem]) -> None:
        self.book.show_checks(problems)
        again = "  The book was saved, and read again." if self.session.followed else ""
        words, written = self._done
        self._done = "", False
        self.footer.say(f"{words or self.book.banner.words.text()}{again}", written)

    def _refused(self, problems: Sequence[Problem]) -> None:
        assert self.session.path is not None
        self.refused.tell(self.session.path, problems)
        self._turn_to(self.refused)
        self.setWindowTitle(f"{self.session.path.name} – Ratable")
        self.footer.say("Nothing was calculated.")

    def _packed(self, path: Path, passed: bool) -> None:
        self.written = path
        words = f"{path.name} is written" + ("." if passed else "; a check fails: see its sheet Checks.")
        if self._opens_pack and not self.open_with(path):
            words += " No program is known that opens it."
        self.footer.say(words, written=True)
        self.packed.emit(path)

    def say_when_read(self, words: str, written: Path | None = None) -> None:
        """Say what was done now, and once more when the book has been read again; offer to open what was written."""
        self.written, self._done = written or self.written, (words, written is not None)
        self.footer.say(*self._done)

    def _failed(self, words: str) -> None:
        from PySide6.QtWidgets import QMessageBox

        self._show_again()
        self.footer.say(words.splitlines()[0])
        box = QMessageBox(QMessageBox.Icon.Warning, "Ratable", words, QMessageBox.StandardButton.Ok, self)
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.open()

    def _cancelled(self, doing: str) -> None:
        if self._show_again() and self.session.findings is None:
            self.book.banner.unfinished()
        words = {
            "packing": "Cancelled. No file was written.",
            "closing": "Cancelled. Nothing was closed, and no file was written.",
            "reading": "Cancelled. The book was not read.",
        }
        self.footer.say(words.get(doing, "Cancelled."))

    def _show_again(self) -> bool:
        """What was shown stays, and the fields say so; whether there is anything."""
        session = self.session
        if session.view is None or session.reading is None:
            return False
        self.book.show_book(session.reading, session.view)
        return True

    def _turn_to(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        self.footer.pack.setVisible(self.pages.shows_book)
        self.footer.close_period.setVisible(self.pages.shows_book)
        self.footer.promise(page is not self.start)  # which says it at greater length
        self._allow()

    def _allow(self) -> None:
        session = self.session
        closes = session.reading.closes if session.reading is not None else ()
        self.menus.allow(
            session.path is not None, session.view is not None, bool(closes), session.writes, bool(session.doing)
        )

    def _folder(self) -> Path:
        """Where dialogs begin: beside the book before them, else beside the last one."""
        recent = [str(self.session.path)] if self.session.path else self.memory.recent
        return Path(recent[0]).parent if recent else Path.home()

    # -- dropping and closing ------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.start.hold(True)
            self.footer.hint(f"Let go to open {path.name}.")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.start.hold(False)
        self.footer.hint("")

    def dropEvent(self, event: QDropEvent) -> None:
        self.start.hold(False)
        self.footer.hint("")
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.open(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.hide()
        self.session.end()
        event.accept()


def _open_file(path: Path) -> bool:
    from addin.desktop.opening import open_file

    return open_file(path)


def _dropped(event: QDropEvent) -> Path | None:
    """The book that is held over the window; None if it is none, or several things."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in _WORKBOOKS or path.is_dir() else None
