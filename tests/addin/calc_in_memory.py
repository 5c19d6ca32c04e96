"""Documents of Calc as far as the component asks them, and UNO as far as it imports it, without LibreOffice."""

from __future__ import annotations

import io
import sys
import types
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from addin.libreoffice.extension import extension

Rows = list[list[Any]]


class Block:
    """A range of cells: XCellRange and what comes with it."""

    def __init__(self, sheet: Sheet, column: int, row: int, last_column: int, last_row: int) -> None:
        self._sheet, self._at = sheet, (column, row, last_column, last_row)

    def getRangeAddress(self) -> Any:
        return SimpleNamespace(**dict(zip(("StartColumn", "StartRow", "EndColumn", "EndRow"), self._at, strict=True)))

    def getSpreadsheet(self) -> Sheet:
        return self._sheet

    def addModifyListener(self, listener: Any) -> None:
        self._sheet.listeners.append(listener)

    def removeModifyListener(self, listener: Any) -> None:
        self._sheet.listeners.remove(listener)

    def getCellRangeByPosition(self, column: int, row: int, last_column: int, last_row: int) -> Block:
        return Block(
            self._sheet, self._at[0] + column, self._at[1] + row, self._at[0] + last_column, self._at[1] + last_row
        )

    def getCellByPosition(self, column: int, row: int) -> Any:
        return Cell(self._sheet, self._at[0] + column, self._at[1] + row)

    def getDataArray(self) -> tuple[tuple[Any, ...], ...]:
        column, row, last_column, last_row = self._at
        return tuple(
            tuple(self._sheet.value(c, r) for c in range(column, last_column + 1)) for r in range(row, last_row + 1)
        )


class Cell:
    """XCell."""

    def __init__(self, sheet: Sheet, column: int, row: int) -> None:
        self._sheet, self._column, self._row = sheet, column, row

    def getError(self) -> int:
        value = self._sheet.raw(self._column, self._row)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    def getFormula(self) -> str:
        return self._sheet.formulas.get((self._column, self._row), "")

    def getType(self) -> Any:
        return SimpleNamespace(value="EMPTY" if self._sheet.raw(self._column, self._row) == "" else "VALUE")

    def getCellAddress(self) -> Any:
        return SimpleNamespace(Column=self._column, Row=self._row)


class Sheet:
    """A sheet; a whole number in a cell is the number of the error it shows, a float a number."""

    def __init__(self, name: str, rows: Rows) -> None:
        self.Name, self.rows = name, rows
        self.formulas: dict[tuple[int, int], str] = {}
        self.names: dict[str, Block] = {}
        self.listeners: list[Any] = []
        self.array = (0, 0)

    def raw(self, column: int, row: int) -> Any:
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""

    def value(self, column: int, row: int) -> Any:
        found = self.raw(column, row)
        return None if isinstance(found, int) else found

    def getRangeAddress(self) -> Any:
        return SimpleNamespace(StartColumn=0, StartRow=0, EndColumn=16_383, EndRow=1_048_575)

    def getCellRangeByPosition(self, column: int, row: int, last_column: int, last_row: int) -> Block:
        return Block(self, column, row, last_column, last_row)

    def getCellRangeByName(self, name: str) -> Block:
        return self.names[name]

    def createCursor(self) -> Any:
        """One that is sent to the start of the used area, then to its end, as it goes."""
        filled = [(c, r) for r, row in enumerate(self.rows) for c, cell in enumerate(row) if cell != ""]
        columns, lines = zip(*filled, strict=True)
        cursor: Any = Block(self, min(columns), min(lines), max(columns), max(lines))
        cursor.gotoStartOfUsedArea = cursor.gotoEndOfUsedArea = lambda expand: None
        return cursor

    def createCursorByRange(self, block: Block) -> Any:
        start = SimpleNamespace(StartColumn=self.array[0], StartRow=self.array[1])
        return SimpleNamespace(collapseToCurrentArray=lambda: None, getRangeAddress=lambda: start)


class ByName(dict[str, Any]):
    """XNameAccess."""

    @property
    def ElementNames(self) -> tuple[str, ...]:
        return tuple(self)

    def getByName(self, name: str) -> Any:
        return self[name]


class Document:
    """A spreadsheet document; `change` is what typing into it does."""

    def __init__(self, *sheets: Sheet, null: tuple[int, int, int] = (1899, 12, 30)) -> None:
        self.Sheets = ByName({sheet.Name: sheet for sheet in sheets})
        self.DatabaseRanges = ByName()
        self.null, self.url = null, ""
        self.listeners: list[Any] = []

    def getPropertyValue(self, name: str) -> Any:
        assert name == "NullDate"
        return SimpleNamespace(**dict(zip(("Year", "Month", "Day"), self.null, strict=True)))

    def getLocation(self) -> str:
        return self.url

    def table(self, name: str, block: Block, totals: bool = False) -> None:
        """Make a range a database range."""
        self.DatabaseRanges[name] = SimpleNamespace(Name=name, TotalsRow=totals, getReferredCells=lambda: block)

    def addModifyListener(self, listener: Any) -> None:
        self.listeners.append(listener)

    def removeModifyListener(self, listener: Any) -> None:
        self.listeners.remove(listener)

    def change(self) -> None:
        for listener in list(self.listeners):
            listener.modified(None)

    def close(self) -> None:
        for listener in list(self.listeners):
            listener.disposing(None)


def sheet_of(name: str, rows: Sequence[dict[str, Any]]) -> Sheet:
    """A sheet with a table as tests write it."""
    headers = list(dict.fromkeys(column for row in rows for column in row))
    return Sheet(name, [list(headers), *([row.get(header, "") for header in headers] for row in rows)])


@contextmanager
def component(folder: Path) -> Iterator[Any]:
    """The module LibreOffice loads, from the files in Ratable.oxt, with UNO stubbed."""
    with zipfile.ZipFile(io.BytesIO(extension())) as archive:
        archive.extractall(folder)
    base = type("Base", (), {})
    helper = SimpleNamespace(addImplementation=lambda *_: None)
    contents: dict[str, dict[str, Any]] = {
        "uno": {}, "unohelper": {"Base": base, "ImplementationHelper": lambda: helper},
        "com.sun.star.lang": {"XServiceInfo": type("XServiceInfo", (), {})},
        "com.sun.star.util": {"XModifyListener": type("XModifyListener", (), {})},
        "org.ratable.addin": {"XRatable": type("XRatable", (), {})},
    }  # fmt: skip
    modules = {}
    for name, content in contents.items():
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            modules.setdefault(".".join(parts[:length]), types.ModuleType(".".join(parts[:length])))
        vars(modules[name]).update(content)
    path = [str(folder), str(folder / "pythonpath"), *sys.path]
    with patch.dict(sys.modules, modules), patch.object(sys, "path", path):
        yield import_module("ratable_addin")
        # patch.dict takes out again what was imported inside


def listening(model: Any, blocks: Sequence[Any], forget: Callable[[bool], None]) -> None:
    """What tells of changes, for tests without the component's own listener."""
    model.addModifyListener(
        SimpleNamespace(modified=lambda _: forget(False), disposing=lambda _: forget(True))
    )  # fmt: skip
