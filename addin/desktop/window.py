"""The window: its pages, its menus, what may be dropped on it - and what each of them asks of the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from addin import actions
from addin.desktop.book_page import BookPage
from addin.desktop.footer import Footer
from addin.desktop.memory import Memory
from addin.desktop.menus import Menus
from addin.desktop.opening import in_excel, open_file, show_cell
from addin.desktop.reading import View
from addin.desktop.refused_page import RefusedPage
from addin.desktop.session import Session
from addin.desktop.start_page import StartPage
from addin.desktop.style import dress, effective
from addin.desktop.words import moment_name

if TYPE_CHECKING:
    from engine.book.problems import Problem

_WORKBOOKS = (".xlsx", ".xlsm")
_SIZE = QSize(1180, 780)


class Window(QMainWindow):
    """What a person has before them.

    memory     what is remembered
    today      the day it is, asked each time
    open_with  opens files in their program
    """

    packed = Signal(object)

    def __init__(
        self, memory: Memory, today: Callable[[], date], open_with: Callable[[Path], bool] = open_file
    ) -> None:
        super().__init__()
        self.memory, self.open_with = memory, open_with
        self.session = Session(today, self)
        self.start, self.book, self.refused, self.footer = StartPage(), BookPage(), RefusedPage(), Footer()
        self.pages = QStackedWidget()
        for page in (self.start, self.book, self.refused):
            self.pages.addWidget(page)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.footer)
        self.setCentralWidget(whole)
        self.menus = Menus(self)
        self.written: Path | None = None
        self._opens_pack = False
        self.setAcceptDrops(True)
        self.setMinimumSize(720, 420)
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.95))
        self._connect()
        self._dress()
        self.show_start()

    def _connect(self) -> None:
        session, start, book, refused, footer = self.session, self.start, self.book, self.refused, self.footer
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
        book.asked.connect(session.ask)
        book.chosen.connect(self.show_cell)
        refused.chosen.connect(self.show_cell)
        refused.open_wanted.connect(self.open_in_program)
        refused.again_wanted.connect(session.read_again)
        refused.other_wanted.connect(self.choose_workbook)
        footer.pack_wanted.connect(self.create_pack)
        footer.cancel_wanted.connect(self.cancel)
        footer.open_wanted.connect(lambda: self.written and self.open_with(self.written))
        footer.folder_wanted.connect(lambda: self.written and self.open_with(self.written.parent))
        QApplication.styleHints().colorSchemeChanged.connect(self._dress)

    # -- light and dark ------------------------------------------------------------------------------------------------

    def wear(self, theme: str) -> None:
        """Choose light, dark or what the system is set to."""
        self.memory.theme = theme
        self.memory.keep()
        self._dress()

    def _dress(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        colors = effective(self.memory.theme, application)
        dress(application, colors)
        self.book.wear(colors)
        self.refused.wear(colors)

    # -- what a person wants -------------------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Read a book and show it."""
        self.session.open(path.absolute())

    def choose_workbook(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Choose a workbook", self._folder(), "Workbooks (*.xlsx *.xlsm)")
        if name:
            self.open(Path(name))

    def choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Choose the folder of CSV files", self._folder())
        if name:
            self.open(Path(name))

    def new_book(self) -> None:
        """Write an empty book and open it in its program; it is shown here once it is filled in."""
        proposed = str(Path(self._folder()) / "Revenue.xlsx")
        name, _ = QFileDialog.getSaveFileName(
            self, "Write a new book", proposed, "Excel workbook (*.xlsx)",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )  # fmt: skip
        if not name:
            return
        path = Path(name) if Path(name).suffix else Path(f"{name}.xlsx")
        self.session.prepare("writing", f"Writing {path.name} ...", lambda _: actions.new(path), self._made)

    def _made(self, path: Path) -> None:
        self.written = path
        self.open_with(path)
        self.footer.say(f"{path.name} is ready: fill in its tables, save it, then drop it here.", written=True)

    def open_sample(self) -> None:
        """Put the sample book into the documents, once, and open it."""
        from PySide6.QtCore import QStandardPaths

        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = Path(documents or Path.home()) / "Ratable demo"
        self.session.prepare("writing", "Writing the sample book ...", lambda _: actions.sample(folder), self.open)

    def open_in_program(self) -> None:
        """The book itself, in Excel or whatever opens workbooks."""
        if self.session.path and not self.open_with(self.session.path):
            self.footer.say(f"No program is known for {self.session.path.name}. It is in {self.session.path.parent}.")

    def show_cell(self, problem: Problem) -> None:
        """Where a problem stands."""
        book = self.session.path
        if book is None:
            return
        if in_excel(book, problem.where):
            self.footer.say(f"{problem.where} is open in Excel.")
        else:
            self.footer.say(show_cell(book, problem.where, self.open_with))

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
        return self.pages.currentWidget() is self.book and self.session.findings is not None

    @property
    def told(self) -> str:
        """What the foot of the window says."""
        return self.footer.status.text()

    def _working(self, words: str) -> None:
        if words:
            self.footer.work(words)
        else:
            self.footer.bar.hide()
            self.footer.cancel.hide()
            if self.told.endswith("..."):
                self.footer.say("")
        writes = self.session.doing == "packing"
        self.footer.pack.setEnabled(self.session.view is not None and not writes)
        for box in (self.book.as_of, self.book.currency, self.book.group, self.book.measure):
            box.setEnabled(not writes)
        self._allow()

    def _viewed(self, view: View) -> None:
        reading = self.session.reading
        assert reading is not None
        if self.memory.recent[:1] != [str(reading.path)]:
            self.memory.opened(reading.path)
        self.book.show_book(reading, view)
        self.book.show_checks(self.session.findings)
        if self.pages.currentWidget() is not self.book:
            self._turn_to(self.book)
            self.book.grid.setFocus()
        self.setWindowTitle(f"{reading.path.name} – Ratable")
        self.footer.say("")

    def _checked(self, problems: Sequence[Problem]) -> None:
        self.book.show_checks(problems)
        again = "  The book was saved, and read again." if self.session.followed else ""
        self.footer.say(f"{self.book.banner.words.text()}{again}")

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

    def _failed(self, words: str) -> None:
        from PySide6.QtWidgets import QMessageBox

        self.footer.say(words.splitlines()[0])
        box = QMessageBox(QMessageBox.Icon.Warning, "Ratable", words, QMessageBox.StandardButton.Ok, self)
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.open()

    def _cancelled(self, doing: str) -> None:
        if doing == "checking":
            self.book.banner.unfinished()
        words = {"packing": "Cancelled. No file was written.", "reading": "Cancelled. The book was not read."}
        self.footer.say(words.get(doing, "Cancelled."))

    def _turn_to(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        self.footer.pack.setVisible(page is self.book)
        self.footer.privacy.setVisible(page is not self.start)  # which says it at greater length
        self._allow()

    def _allow(self) -> None:
        session = self.session
        self.menus.allow(
            session.path is not None, session.view is not None, session.doing == "packing", bool(session.doing)
        )

    def _folder(self) -> str:
        """Where dialogs begin: beside the book before them, else beside the last one."""
        recent = [str(self.session.path)] if self.session.path else self.memory.recent
        return str(Path(recent[0]).parent) if recent else str(Path.home())

    # -- dropping and closing ------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()
            self.start.hold(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.start.hold(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.start.hold(False)
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.open(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.hide()
        self.session.end()
        event.accept()


def _dropped(event: QDropEvent) -> Path | None:
    """The book that is held over the window; None if it is none, or several things."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in _WORKBOOKS or path.is_dir() else None
