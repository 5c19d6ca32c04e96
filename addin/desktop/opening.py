"""Opens files in the program they belong to, at a cell where that program can be told."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from addin.desktop.words import cell_of

#: opens a file or folder; whether there was a program for it
Opener = Callable[[Path], bool]


def open_file(path: Path) -> bool:
    """In the program the system has for it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def file_named(book: Path, where: str) -> Path:
    """The file a problem is in: of a folder the CSV file it names."""
    name = where.partition(":")[0].strip()
    return book / name if book.is_dir() and name.lower().endswith(".csv") and (book / name).exists() else book


def may_be_in_excel(where: str) -> bool:
    """Whether it is a cell, on a system that may have Excel."""
    return sys.platform == "win32" and cell_of(where) is not None


def in_excel(book: Path, where: str) -> bool:
    """Show the cell in Excel, if there is one; takes as long as Excel takes to start."""
    from addin.excel.going import go_to

    place = cell_of(where)
    return place is not None and go_to(book, *place)


def show_cell(book: Path, where: str, open_with: Opener = open_file) -> str:
    """Open the file where a problem stands, and say how to get to the cell there."""
    place, file = cell_of(where), file_named(book, where)
    if not open_with(file):
        return f"No program is known for {file.name}. Open it yourself and go to {where or 'its tables'}."
    if place is None:
        return f"{file.name} is being opened; look at {where}." if where else f"{file.name} is being opened."
    sheet, cell = place
    reference = f"'{sheet}'!{cell}" if " " in sheet else f"{sheet}!{cell}"
    QApplication.clipboard().setText(reference)
    return f"{file.name} is being opened. {reference} is on the clipboard: press F5 there and paste it."
