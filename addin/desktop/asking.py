"""Asks for files and folders: the dialogs of the system, beginning where the last book was."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget


def workbook(parent: QWidget, begin: Path) -> Path | None:
    """A workbook to open; None if the person thought better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, "Choose a workbook", str(begin), "Workbooks (*.xlsx *.xlsm)")
    return Path(name) if name else None


def csv_folder(parent: QWidget, begin: Path) -> Path | None:
    """A folder of CSV files to open."""
    name = QFileDialog.getExistingDirectory(parent, "Choose the folder of CSV files", str(begin))
    return Path(name) if name else None


def new_book(parent: QWidget, begin: Path) -> Path | None:
    """The name of an empty book to write; it never takes the place of a file."""
    name, _ = QFileDialog.getSaveFileName(
        parent, "Write a new book", str(begin / "Revenue.xlsx"), "Excel workbook (*.xlsx)",
        options=QFileDialog.Option.DontConfirmOverwrite,
    )  # fmt: skip
    if not name:
        return None
    return Path(name) if Path(name).suffix else Path(f"{name}.xlsx")


def pack_to_write(parent: QWidget, proposed: Path) -> Path | None:
    """The name of a close pack to write."""
    name, _ = QFileDialog.getSaveFileName(parent, "Write the close pack to", str(proposed), "Excel workbook (*.xlsx)")
    if not name:
        return None
    path = Path(name)
    return path if path.suffix.lower() == ".xlsx" else path.with_name(path.name + ".xlsx")


def trial_balance(parent: QWidget, begin: Path) -> Path | None:
    """The trial balance of the general ledger to tie out to."""
    name, _ = QFileDialog.getOpenFileName(
        parent, "Choose the trial balance", str(begin), "Trial balances (*.csv *.xlsx *.xlsm *.txt *.tsv)"
    )
    return Path(name) if name else None


def sample_folder() -> Path:
    """Where the sample book goes: a folder of its own among the documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents or Path.home()) / "Ratable demo"
