"""The pages of the window. Those that are not seen at once are made when they are needed: the window opens sooner."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from addin.desktop.palette import Palette
from addin.desktop.start_page import StartPage

if TYPE_CHECKING:
    from addin.desktop.book_page import BookPage
    from addin.desktop.refused_page import RefusedPage


class Pages(QStackedWidget):
    """First page, page of a book, page of a book that is refused.

    asked         a Question about the book
    chosen        a problem whose cell is to be shown
    mend_wanted   to open the book in its program
    again_wanted  to read it again
    other_wanted  to choose another one
    """

    asked = Signal(object)
    chosen = Signal(object)
    mend_wanted = Signal()
    again_wanted = Signal()
    other_wanted = Signal()

    def __init__(self, colors: Palette) -> None:
        super().__init__()
        self._colors = colors
        self.start = StartPage()
        self.addWidget(self.start)

    @cached_property
    def book(self) -> BookPage:
        """The page of a book that can be used."""
        from addin.desktop.book_page import BookPage

        page = BookPage()
        page.asked.connect(self.asked)
        page.chosen.connect(self.chosen)
        page.wear(self._colors)
        self.addWidget(page)
        return page

    @cached_property
    def refused(self) -> RefusedPage:
        """The page of a book that cannot be used."""
        from addin.desktop.refused_page import RefusedPage

        page = RefusedPage()
        page.chosen.connect(self.chosen)
        page.open_wanted.connect(self.mend_wanted)
        page.again_wanted.connect(self.again_wanted)
        page.other_wanted.connect(self.other_wanted)
        page.wear(self._colors)
        self.addWidget(page)
        return page

    @property
    def shows_book(self) -> bool:
        """Whether the page of a book is before the person."""
        return "book" in self.__dict__ and self.currentWidget() is self.book

    def wear(self, colors: Palette) -> None:
        """Put colors on the pages there are, and on those to come."""
        self._colors = colors
        for name in {"book", "refused"} & self.__dict__.keys():
            getattr(self, name).wear(colors)
