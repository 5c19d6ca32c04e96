"""The close pack of 10,000 obligations as a workbook, beside openpyxl writing the same cells in the same styles.

The peer is given every value ready and leaves out formulas, links, widths, charts and checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from benchmarks.books import AS_OF, TODAY, Row, rows, with_changes
from benchmarks.timing import Comparison, at_most
from engine.book.reading import book_from_rows
from engine.schedule.compile import compile_book
from engine.schedule.history import History
from engine.sheets import words
from engine.sheets.close_pack import close_pack
from engine.sheets.pack import Pack
from engine.sheets.write import write_pack

COUNT, SAMPLE = 10_000, 300
PARTS = ("font", "fill", "border", "alignment", "number_format")


def comparisons() -> Iterator[Comparison]:
    with TemporaryDirectory() as folder:
        path, copied = Path(folder) / "pack.xlsx", Path(folder) / "plain.xlsx"
        _check(made_pack(SAMPLE), path, copied)
        pack = made_pack(COUNT)
        write_pack(pack, path)
        plain = Plain(path)
        yield Comparison(
            f"pack of {COUNT:,} obligations",
            f"openpyxl write_only, {plain.count:,} cells",
            lambda: write_pack(pack, path),
            lambda: plain.write(copied),
            at_most(1.5),
            turns=3,
        )
        tables = rows(COUNT, billed=True)
        changed = with_changes(tables)
        yield Comparison(
            "from rows to pack, a fifth changed",
            "Ratable without changes",
            lambda: write_pack(pack_of(changed), path),
            lambda: write_pack(pack_of(tables), path),
            at_most(1.5),
            turns=3,
        )


def made_pack(count: int) -> Pack:
    return pack_of(rows(count, billed=True))


def pack_of(tables: dict[str, list[Row]]) -> Pack:
    book = book_from_rows(tables, TODAY)
    return close_pack(History(compile_book(book)), AS_OF, book.problems, "book.xlsx", TODAY)


def _check(pack: Pack, path: Path, copied: Path) -> None:
    """The copy holds what the pack holds, and the pack the deferred revenue of its balances."""
    write_pack(pack, path)
    plain = Plain(path)
    plain.write(copied)
    assert Plain(copied).values() == plain.values()
    deferred = pack.balances.names.index("deferred")
    shown = {value for sheet, _, _, value in plain.values() if sheet == words.BALANCES}
    assert all(row[deferred] / 100 in shown for row in pack.balances.rows if row[deferred])


class Plain:
    """The cells of a workbook: sheet by sheet, row by row, the value and the style of each; None where there is
    none."""

    def __init__(self, path: Path) -> None:
        workbook = load_workbook(path, read_only=True, data_only=True)
        self.looks: dict[int, dict[str, Any]] = {}
        self.sheets = {
            sheet.title: [[self._read(cell) for cell in row] for row in sheet.iter_rows()]
            for sheet in workbook.worksheets
        }
        self.count = sum(cell is not None for sheet in self.sheets.values() for row in sheet for cell in row)

    def _read(self, cell: Any) -> tuple[Any, int] | None:
        if cell.value is None:
            return None
        if cell._style_id not in self.looks:
            self.looks[cell._style_id] = {part: copy(getattr(cell, part)) for part in PARTS}
        return cell.value, cell._style_id

    def values(self) -> list[tuple[str, int, int, Any]]:
        """Sheet, row, column and value of each cell, to as many digits as openpyxl writes."""
        return [
            (name, row, column, round(cell[0], 12) if isinstance(cell[0], float) else cell[0])
            for name, lines in self.sheets.items()
            for row, line in enumerate(lines)
            for column, cell in enumerate(line)
            if cell is not None
        ]

    def write(self, path: Path) -> None:
        """Write them, each style set once and then shared by its cells: the fastest way openpyxl has."""
        workbook = Workbook(write_only=True)
        styles: dict[int, Any] = {}
        for name, lines in self.sheets.items():
            sheet = workbook.create_sheet(name)
            for line in lines:
                sheet.append([cell and self._styled(sheet, cell, styles) for cell in line])
        workbook.save(path)

    def _styled(self, sheet: Any, told: tuple[Any, int], styles: dict[int, Any]) -> Any:
        value, look = told
        cell: Any = WriteOnlyCell(sheet, value)
        if look not in styles:
            for part, wanted in self.looks[look].items():
                setattr(cell, part, wanted)
            styles[look] = cell._style
        cell._style = styles[look]
        return cell
