"""What can be wrong with a file or folder before any table is read."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from pathlib import Path

from engine.book import catalogue
from engine.book.findings import Findings


def file_problem(findings: Findings, path: Path, error: OSError, table: str | None = None) -> None:
    """A file the system does not hand out: missing, open in Excel, or not allowed."""
    if isinstance(error, FileNotFoundError):
        name, found, remedy = "file-missing", f"no {path}", "Check the name and the folder."
    elif isinstance(error, PermissionError):
        name, found = "file-in-use", f"{path} may not be read"
        remedy = "It is open in another program, or you have no permission. Close it there, or use a copy."
    else:
        name, found = "file-unreadable", f"{path}: {error.strerror or error}"
        remedy = "The disk or network gave it back with an error. Copy it to this computer and use the copy."
    if table is None:
        findings.of_file(name, path.name, found, remedy)
    else:
        findings.of_table(name, table, path.name, found, remedy)


def note_table_names(others: Collection[str], there: Collection[str], noun: str, findings: Findings) -> None:
    """A misspelt name would silently leave a table out."""
    missing = {name.casefold(): name for name in catalogue.table_names() if name not in there}
    for other in others:
        near = difflib.get_close_matches(other.strip().casefold(), missing, 1, 0.8)
        if near:
            table = missing[near[0]]
            findings.of_table(
                "table-looks-like",
                table,
                other,
                f"a {noun} named {other}, and none named {table}",
                f"It is left out. If it holds {table}, name it so.",
            )


def note_missing_tables(there: Collection[str], findings: Findings, noun: str) -> None:
    """The tables no book can do without."""
    for name in catalogue.table_names():
        if catalogue.is_required(name) and name not in there:
            columns = ", ".join(column.name for column in catalogue.columns(name) if column.required)
            where = f"{name.lower()}.csv" if noun == "file" else name
            findings.of_table(
                "missing-table",
                name,
                where,
                f"no {noun} named {where}",
                f"{catalogue.purpose(name)} Add it with at least the columns {columns}.",
            )
