"""Starts the window: one application, one window, what is remembered, and the test that a frozen program runs."""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QStyleFactory

from addin.desktop.memory import Memory, config_file
from addin.desktop.session import in_plain_words
from addin.desktop.style import font
from addin.desktop.window import Window

_PATIENCE = 120.0


def application() -> QApplication:
    """The application of this process, made on first use."""
    made = QApplication.instance()
    if isinstance(made, QApplication):
        return made
    made = QApplication(sys.argv[:1])
    made.setApplicationName("Ratable")
    made.setDesktopFileName("ratable-desktop")
    made.setStyle(QStyleFactory.create("Fusion"))
    made.setFont(font())
    return made


def run(book: str | None) -> int:
    """Show the window until it is closed; with a book, open it."""
    app = application()
    sys.excepthook = _tell_of_mistake
    window = Window(Memory.of(config_file()), dt.date.today)
    window.show()
    if book is not None:
        path = Path(book)
        QTimer.singleShot(0, lambda: window.open(path))
    code = app.exec()
    dispose(window)
    return code


def _tell_of_mistake(kind: type[BaseException], mistake: BaseException, trace: TracebackType | None) -> None:
    """A mistake of the program itself is said in the window, not swallowed; on a terminal with its origin."""
    if sys.stderr is not None:
        sys.__excepthook__(kind, mistake, trace)
    if isinstance(mistake, Exception):
        window = next((found for found in QApplication.topLevelWidgets() if isinstance(found, Window)), None)
        if window:
            window.session.failed.emit(in_plain_words(mistake))


def smoke() -> int:
    """Open the window, read the sample book, close it: 0 if figures and checks were shown."""
    from tempfile import TemporaryDirectory

    from workbook_templates import sample_book

    application()
    window = Window(Memory.of(None), dt.date.today)
    window.show()
    with TemporaryDirectory() as folder:
        book = Path(folder) / "Ratable sample.xlsx"
        book.write_bytes(sample_book().read_bytes())
        window.open(book)
        shown = settled(window)
        said = window.told
        dispose(window)
    if sys.stdout is not None:
        print(f"{'READY' if shown else 'FAILED'} {said}", flush=True)
    return 0 if shown else 1


def settled(window: Window, patience: float = _PATIENCE) -> bool:
    """Let the window work until it has nothing left to do; whether it then shows a book with its checks."""
    until = time.monotonic() + patience
    while window.busy and time.monotonic() < until:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    return not window.busy and window.shows_figures


def dispose(window: Window) -> None:
    """The window goes before the application, whatever still refers to it."""
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
