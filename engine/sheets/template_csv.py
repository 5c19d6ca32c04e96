"""The tables of a book as a folder of CSV files: the same headers, one file a table, for other systems to fill."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from engine.sheets.errors import FolderNotWritable
from engine.sheets.place import whole_file
from engine.sheets.template_rows import FilledTable, TableRows, as_text, fill


def write_csv_folder(folder: Path, rows: TableRows | None = None) -> None:
    """Write settings.csv, contracts.csv ... into `folder`, making it if need be; without `rows` the headers alone.

    Settings are always complete. The files are UTF-8 with a byte order mark, without which Excel would garble accents;
    they have commas and ISO dates, and each appears whole or not at all.
    raises  ValueError for a table a book does not have; FileInUse, FolderNotWritable
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderNotWritable(f"{folder} cannot be made ({error.strerror}). Choose another folder.") from error
    for name, table in fill(rows or {}).items():
        with whole_file(folder / f"{name.lower()}.csv") as file:
            file.write(csv_text(table).encode("utf-8-sig"))


def csv_text(table: FilledTable) -> str:
    """The table as the text of a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.headers)
    writer.writerows(_lines(table))
    return text.getvalue()


def _lines(table: FilledTable) -> Iterator[list[str]]:
    return ([as_text(cell) for cell in row] for row in table.rows)
