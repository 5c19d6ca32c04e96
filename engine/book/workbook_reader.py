"""A workbook's tables: Excel Tables by name wherever they stand, else the sheet of that name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engine.book import catalogue
from engine.book.cells import Manner, is_blank
from engine.book.findings import Findings
from engine.book.raw import RawTable, SheetPlace, letters, without_blank_rows
from engine.book.reading_problems import file_problem, note_table_names
from engine.book.workbook_faults import faults_of
from engine.book.workbook_parts import NotAWorkbook, Parts, SheetPart, TablePart, parts_of

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_Columns = list[Sequence[Any]]
_Cells = list[list[Any]]


Read = TypeVar("Read")


@dataclass(frozen=True)
class SheetCells:
    """A sheet, row by row from its first row on."""

    name: str
    rows: Sequence[Sequence[Any]]


class _Damaged(Exception):
    """The workbook cannot be read; the text says how that shows."""


def read_workbook(path: Path, findings: Findings) -> dict[str, RawTable]:
    """The tables of a workbook by name; what is wrong with it is noted."""
    return _read(path, findings, lambda workbook: workbook.tables(findings)) or {}


def read_sheets(path: Path, findings: Findings) -> tuple[list[SheetCells], Manner]:
    """Every sheet of a workbook that is no book, cell by cell; what is wrong with it is noted."""
    return _read(path, findings, lambda workbook: workbook.sheets()) or ([], Manner())


def _read(path: Path, findings: Findings, ask: Callable[[_Workbook], Read]) -> Read | None:
    """What is asked of a workbook; None if it cannot be read, which is noted."""
    try:
        octets = path.read_bytes()
    except OSError as error:
        file_problem(findings, path, error)
        return None
    if _is_refused(path, octets, findings):
        return None
    try:
        with _or_damaged(lambda: zipfile.ZipFile(io.BytesIO(octets))) as archive:
            return ask(_Workbook(archive, octets))
    except NotAWorkbook:
        findings.of_file("not-a-book", path.name, f"{path.name} is a zip file, but no workbook of Excel", _SAVE_AS)
    except _Damaged as error:
        _note_damaged(path, error, findings)
    return None


_SAVE_AS = "Open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx)."


def _note_damaged(path: Path, error: Exception, findings: Findings) -> None:
    findings.of_file(
        "workbook-broken",
        path.name,
        f"{path.name} cannot be opened ({str(error)[:120]})",
        "It was cut off or changed on its way. Get it again, or let Excel repair it and save it.",
    )


def _is_refused(path: Path, octets: bytes, findings: Findings) -> bool:
    if not octets:
        findings.of_file(
            "file-empty",
            path.name,
            f"{path.name} has no bytes",
            "Its download or copy failed. Get it again.",
        )
    elif octets.startswith(_OLD_OFFICE) and "EncryptedPackage".encode("utf-16-le") in octets:
        findings.of_file(
            "workbook-encrypted",
            path.name,
            f"{path.name} is encrypted",
            "Open it in Excel, remove the password (File, Info, Protect Workbook), and save it.",
        )
    elif octets.startswith(_OLD_OFFICE):
        findings.of_file("not-a-book", path.name, f"{path.name} is a workbook of Excel 97 to 2003", _SAVE_AS)
    elif not octets.startswith(b"PK"):
        findings.of_file("not-a-book", path.name, f"{path.name} is no workbook, whatever its name says", _SAVE_AS)
    else:
        return False
    return True


class _Workbook:
    """An open workbook; each sheet is read at most once."""

    def __init__(self, archive: zipfile.ZipFile, octets: bytes) -> None:
        self._archive = archive
        self._parts: Parts = _or_damaged(lambda: parts_of(archive))
        self._cells = _calamine(octets)
        self._sheets: dict[str, _Columns] = {}

    def tables(self, findings: Findings) -> dict[str, RawTable]:
        by_table = {table.name.casefold(): table for table in self._parts.tables}
        by_sheet = {sheet.name.strip().casefold(): sheet for sheet in self._parts.sheets}
        found: dict[str, RawTable] = {}
        for name in catalogue.table_names():
            raw, called = None, [other.casefold() for other in (name, catalogue.excel_name(name))]
            if there := next((by_table[other] for other in called if other in by_table), None):
                raw = self._excel_table(name, there, findings)
            elif name.casefold() in by_sheet:
                raw = self._whole_sheet(name, by_sheet[name.casefold()], findings)
            if raw is not None:
                found[name] = raw
        names = {other.casefold() for name in catalogue.table_names() for other in (name, catalogue.excel_name(name))}
        others = [sheet.name for sheet in self._parts.sheets] + [table.name for table in self._parts.tables]
        others = [other for other in others if other.strip().casefold() not in names]
        note_table_names(others, found, "sheet or table", findings)
        return found

    def sheets(self) -> tuple[list[SheetCells], Manner]:
        """Every sheet as it stands, with errors and formulas without a value in their cells."""
        found = []
        for sheet in self._parts.sheets:
            columns: _Cells = [list(column) for column in self._columns(sheet.name)]
            self._put_faults(sheet.name, ["there"] * len(columns), columns, 0, 0)
            found.append(SheetCells(sheet.name, list(zip(*columns, strict=True))))
        return found, Manner(from_1904=self._parts.from_1904)

    def _excel_table(self, name: str, table: TablePart, findings: Findings) -> RawTable:
        columns = self._columns(table.sheet)
        wide = [columns[at] if at < len(columns) else () for at in range(table.first_column, table.last_column + 1)]
        height = len(columns[0]) if columns else 0
        last = min(table.last_row, height - 1)
        count = max(last + 1 - table.first_row, 0)
        cells: _Cells = [list(column[table.first_row : last + 1]) or [""] * count for column in wide]
        if not table.has_totals and last + 1 < height:
            _note_rows_below(name, table, [column[last + 1] if column else "" for column in wide], findings)
        return self._raw(name, table.sheet, table.headers, cells, table.header_row, table.first_row, table.first_column)

    def _whole_sheet(self, name: str, sheet: SheetPart, findings: Findings) -> RawTable | None:
        columns = self._columns(sheet.name)
        height = len(columns[0]) if columns else 0
        top = next((row for row in range(height) if any(not is_blank(column[row]) for column in columns)), None)
        if top is None:
            if catalogue.is_required(name):
                names = ", ".join(column.name for column in catalogue.columns(name) if column.required)
                findings.of_table(
                    "missing-header",
                    name,
                    f"{sheet.name}!A1",
                    f"the sheet {sheet.name} is empty",
                    f"Its first row names the columns: {names}.",
                )
                return RawTable(name, (), (), SheetPlace(sheet.name, name, 0, 0, ()), refused=True)
            return None
        used = [at for at, column in enumerate(columns) if not is_blank(column[top])]
        first, last = used[0], used[-1]
        headers = [columns[at][top] for at in range(first, last + 1)]
        cells: _Cells = [list(columns[at][top + 1 :]) for at in range(first, last + 1)]
        return self._raw(name, sheet.name, headers, cells, top, top + 1, first)

    def _raw(
        self, name: str, sheet: str, headers: Sequence[object], cells: _Cells, header: int, first_row: int, left: int
    ) -> RawTable:
        self._put_faults(sheet, headers, cells, first_row, left)
        columns, kept = without_blank_rows(cells, len(cells[0]) if cells else 0)
        rows = range(first_row, first_row + len(kept)) if isinstance(kept, range) else [first_row + row for row in kept]
        place = SheetPlace(sheet, name, header, left, rows)
        return RawTable(name, headers, columns, place, Manner(from_1904=self._parts.from_1904))

    def _put_faults(self, sheet: str, headers: Sequence[object], cells: _Cells, first_row: int, left: int) -> None:
        """Errors and formulas without a value read as blank: put them back where a blank cell leaves room for one."""
        if not any("" in column for header, column in zip(headers, cells, strict=False) if not is_blank(header)):
            return
        part = next(each.part for each in self._parts.sheets if each.name == sheet)
        for (row, column), fault in faults_of(_or_damaged(lambda: self._archive.read(part))).items():
            if 0 <= column - left < len(cells) and 0 <= row - first_row < len(cells[column - left]):
                changed = cells[column - left]
                if changed[row - first_row] == "":
                    changed[row - first_row] = fault

    def _columns(self, sheet: str) -> _Columns:
        if sheet not in self._sheets:
            self._sheets[sheet] = _sheet_columns(self._cells, sheet)
        return self._sheets[sheet]


def _calamine(octets: bytes) -> CalamineWorkbook:
    import python_calamine  # only where a workbook is read: it costs the start of every other command

    return _or_damaged(lambda: python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(octets)))


def _sheet_columns(workbook: CalamineWorkbook, sheet: str) -> _Columns:
    rows = _or_damaged(lambda: workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
    return list(zip(*rows, strict=True))


def _or_damaged(read: Callable[[], Read]) -> Read:
    """What `read` answers; whatever a library makes of a damaged file becomes one exception.

    A panic of the Rust reader is no Exception, yet only says that the file is damaged.
    """
    try:
        return read()
    except NotAWorkbook:
        raise
    except Exception as error:
        raise _Damaged(f"{type(error).__name__}: {error}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise _Damaged(str(error)) from error
        raise


def _note_rows_below(name: str, table: TablePart, row: list[object], findings: Findings) -> None:
    at = next((position for position, cell in enumerate(row) if not is_blank(cell)), None)
    if at is not None:
        where = SheetPlace(table.sheet, name, 0, table.first_column, (table.last_row + 1,)).cell(0, at, "")
        findings.of_table(
            "rows-below-table",
            name,
            where,
            f"{row[at]} right below the last row of the table {table.name}",
            f"Rows outside of the table would not count. Drag the corner of the table ({letters(table.last_column)}"
            f"{table.last_row + 1}) over them, or leave a blank row between.",
        )
