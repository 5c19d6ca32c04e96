"""The menus of the window: everything it can do, with its key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from addin.desktop.memory import THEMES

if TYPE_CHECKING:
    from addin.desktop.window import Window

_THEME_WORDS = {"system": "As the &system", "light": "&Light", "dark": "&Dark"}


class Menus:
    """File, View, Help."""

    def __init__(self, window: Window) -> None:
        self.window = window
        bar = window.menuBar()
        file, view, help_ = bar.addMenu("&File"), bar.addMenu("&View"), bar.addMenu("&Help")
        self._add(file, "&Open workbook…", window.choose_workbook, "Ctrl+O")
        self._add(file, "Open CSV &folder…", window.choose_folder, "Ctrl+Shift+O")
        self.recent = file.addMenu("Open &recent")
        self.recent.aboutToShow.connect(self._fill_recent)
        self._add(file, "Open the &sample book", window.open_sample)
        self._add(file, "&New book…", window.new_book, "Ctrl+N")
        file.addSeparator()
        self.again = self._add(file, "Read the book a&gain", window.session.read_again, "F5")
        self.edit = self._add(file, "Open the book in &Excel", window.open_in_program, "Ctrl+E")
        self.pack = self._add(file, "Create close &pack…", window.create_pack, "Ctrl+Return")
        self.close = self._add(file, "C&lose a period…", window.closings.ask_to_close, "Ctrl+Shift+Return")
        self.reopen = self._add(file, "Reopen the last per&iod…", window.closings.ask_to_reopen)
        self.cancel = self._add(file, "&Cancel what is being done", window.cancel, "Esc")
        file.addSeparator()
        self._add(file, "&Quit", window.close, "Ctrl+Q")
        self.views = (
            self._add(view, "&Waterfall", lambda: self._turn(0), "Ctrl+1"),
            self._add(view, "Chec&ks", lambda: window.book.show_findings(), "Ctrl+2"),
        )
        view.addSeparator()
        self._themes(view.addMenu("&Appearance"))
        self._add(help_, "&Keyboard", lambda: self._read("Keyboard", "shortcuts"), "F1")
        self._add(help_, "&Licences", lambda: self._read("Licences", "licences"))
        self._add(help_, "&About Ratable", lambda: self._read("About Ratable", "about"))

    def allow(self, has_book: bool, has_view: bool, has_closes: bool, writes: bool, busy: bool) -> None:
        """Only what can be done now."""
        self.cancel.setEnabled(busy)
        self.again.setEnabled(has_book and not writes)
        self.edit.setEnabled(has_book)
        self.pack.setEnabled(has_view and not writes)
        self.close.setEnabled(has_view and not writes)
        self.reopen.setEnabled(has_view and has_closes and not writes)
        for view in self.views:
            view.setEnabled(has_view)

    def _add(self, menu: QMenu, words: str, does: Callable[[], object], keys: str = "") -> QAction:
        action = QAction(words, self.window)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: does())
        menu.addAction(action)
        return action

    def _themes(self, menu: QMenu) -> None:
        group = QActionGroup(self.window)
        for theme in THEMES:
            action = self._add(menu, _THEME_WORDS[theme], lambda theme=theme: self.window.wear(theme))  # type: ignore[misc]
            action.setCheckable(True)
            action.setChecked(theme == self.window.memory.theme)
            group.addAction(action)

    def _fill_recent(self) -> None:
        self.recent.clear()
        for number, name in enumerate(self.window.memory.recent, 1):
            self._add(self.recent, f"&{number}  {Path(name).name}", lambda name=name: self.window.open(Path(name)))  # type: ignore[misc]
        if self.window.memory.recent:
            self.recent.addSeparator()
        self._add(self.recent, "&Forget these", self._forget).setEnabled(bool(self.window.memory.recent))

    def _forget(self) -> None:
        self.window.memory.forget()
        self.window.start.show_recent([])

    def _turn(self, tab: int) -> None:
        self.window.book.tabs.setCurrentIndex(tab)
        self.window.book.grid.setFocus()

    def _read(self, title: str, text: str) -> None:
        from addin.desktop import about

        about.TextDialog(self.window, title, getattr(about, text)()).open()
