"""Watches the book and its ledger: saved in Excel, or closed elsewhere, it is read again."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

#: milliseconds without another change after which a file counts as saved
_QUIET = 400

Stamp = tuple[tuple[str, int, int], ...]


class Watcher(QObject):
    """Tells when the book has `changed`, once for each saving.

    Spreadsheet programs do not write into the file, they put another one in its place: then the old one is no longer
    watched, so the folder is watched too, and what counts is whether the files are other ones than before.
    """

    changed = Signal()

    def __init__(self, parent: QObject, quiet: int = _QUIET) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._book: Path | None = None
        self._seen: Stamp = ()
        self._timer = QTimer(self, singleShot=True, interval=quiet)
        self._timer.timeout.connect(self._look)
        self._watcher.fileChanged.connect(self._timer.start)
        self._watcher.directoryChanged.connect(self._timer.start)

    def watch(self, book: Path | None) -> None:
        """Watch this book from now on, as it is now."""
        self._timer.stop()
        if paths := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(paths)
        self._book = book
        if book is not None:
            self._seen = _stamp(book)
            self._add(book)

    def _add(self, book: Path) -> None:
        ledger = _ledger(book)
        wanted = [book, *_files(book), ledger.parent, ledger] if book.is_dir() else [book.parent, book, ledger]
        already = {*self._watcher.files(), *self._watcher.directories()}
        if paths := [str(path) for path in wanted if path.exists() and str(path) not in already]:
            self._watcher.addPaths(paths)

    def _look(self) -> None:
        if self._book is None:
            return
        self._add(self._book)
        now = _stamp(self._book)
        # between the old file and the new one there is none for a moment
        if now and now != self._seen:
            self._seen = now
            self.changed.emit()


def _ledger(book: Path) -> Path:
    from engine.ledger.file import ledger_path

    return ledger_path(book)


def _files(book: Path) -> list[Path]:
    if not book.is_dir():
        return [book]
    return sorted(path for path in book.iterdir() if path.suffix.lower() == ".csv")


def _stamp(book: Path) -> Stamp:
    """What tells two states of a book apart without reading it; empty if it is not there."""
    try:
        told = [(path, path.stat()) for path in _files(book)]
    except OSError:
        return ()
    with suppress(OSError):  # a book that was never closed has none
        ledger = _ledger(book)
        told.append((ledger, ledger.stat()))
    return tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in told)
