"""The workbook as a whole: its sheets in order, the checks they hand in, and the moment all of it becomes a file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import cast
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from engine.sheets.archive import Archive
from engine.sheets.formulas import Ref
from engine.sheets.page import footer_text, set_properties, set_up_page
from engine.sheets.place import whole_file
from engine.sheets.sheet import Heading, Sheet
from engine.sheets.styles import Styles

#: Called as progress(sheet, rows done, rows in all); raising an exception cancels.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Check:
    """A live check: what must agree, and the cell of the difference."""

    sheet: str
    what: str
    difference: Ref


@dataclass(frozen=True, slots=True)
class Foot:
    """What every page says at its foot."""

    left: str
    right: str
    paper: str = "A4"


class Binder:
    """Sheets on their way into one file. Use it in a `with` block: rows wait in temporary files until then."""

    def __init__(
        self, title: str, subject: str, made_on: date | None, foot: Foot, progress: Progress | None = None
    ) -> None:
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        self.styles = Styles(self.workbook)
        self.sheets: dict[str, Sheet] = {}
        self.checks: list[Check] = []
        self._foot, self._progress = foot, progress
        self._done = self._all = 0
        set_properties(self.workbook, title, subject, made_on)

    def __enter__(self) -> Binder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sheet in self.sheets.values():
            sheet.close()

    def add(self, name: str, heading: Heading, tab: str) -> Sheet:
        """A new sheet after those there are; `tab` is the color of its tab."""
        worksheet = self.workbook.create_sheet(name)
        worksheet.sheet_properties.tabColor = tab
        set_up_page(worksheet, footer_text(self._foot.left), footer_text(self._foot.right), self._foot.paper)
        self.sheets[name] = Sheet(worksheet, self.styles, heading)
        return self.sheets[name]

    def check(self, sheet: Sheet, what: str, difference: Ref) -> None:
        """Hand in a live check of `sheet`."""
        self.checks.append(Check(sheet.name, what[:1].upper() + what[1:], difference))

    def expect(self, rows: int) -> None:
        """Say how many rows are to come, for the progress."""
        self._all = rows

    def advance(self, sheet: str, rows: int) -> None:
        """Say that `rows` more of a sheet are written; whoever listens may raise to cancel."""
        self._done += rows
        if self._progress:
            self._progress(sheet, min(self._done, self._all), self._all)

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all. Every sheet has been finished before."""
        self.advance(path.name, 0)
        rows = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(self.sheets.values(), 1)}
        with whole_file(path) as target, closing(Archive(target, rows)) as archive:
            ExcelWriter(self.workbook, cast(ZipFile, archive)).save()
