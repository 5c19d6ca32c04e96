"""What a workbook consists of: its sheets, its Excel Tables and where they stand, and its first day.

Read straight from the few small parts of the .xlsx that say so; the cells themselves are python-calamine's work.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how a line break stands in the name of a column


class NotAWorkbook(Exception):
    """The file is a zip, but no Excel workbook."""


@dataclass(frozen=True)
class SheetPart:
    """A worksheet and the part of the zip that holds its cells."""

    name: str
    part: str


@dataclass(frozen=True)
class TablePart:
    """An Excel Table: rows and columns counted from 0, both ends included, header and totals row apart."""

    name: str
    sheet: str
    headers: tuple[str, ...]
    header_row: int
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    has_totals: bool


@dataclass(frozen=True)
class Parts:
    """A workbook's contents."""

    sheets: tuple[SheetPart, ...]
    tables: tuple[TablePart, ...]
    from_1904: bool


def parts_of(archive: zipfile.ZipFile) -> Parts:
    """The contents of a workbook. Raises NotAWorkbook, and what zipfile and ElementTree raise of damaged files."""
    names = set(archive.namelist())
    main = next(iter(_targets(archive, "", "officeDocument")), "xl/workbook.xml")
    if main not in names:
        raise NotAWorkbook
    root = ElementTree.fromstring(archive.read(main))
    targets = _relations(archive, main)
    sheets = tuple(
        SheetPart(sheet.get("name", ""), targets[relation][1])
        for sheet in _all(root, "sheet")
        for relation in [_relation_id(sheet)]
        if relation in targets and targets[relation][0] == "worksheet" and targets[relation][1] in names
    )
    properties = next(_all(root, "workbookPr"), None)
    from_1904 = properties is not None and properties.get("date1904", "0") in ("1", "true", "on")
    tables = tuple(table for sheet in sheets for table in _tables(archive, sheet, names))
    return Parts(sheets, tables, from_1904)


def _tables(archive: zipfile.ZipFile, sheet: SheetPart, names: set[str]) -> Iterator[TablePart]:
    for part in _targets(archive, sheet.part, "table"):
        if part in names:
            table = _table(ElementTree.fromstring(archive.read(part)), sheet.name)
            if table is not None:
                yield table


def _table(root: ElementTree.Element, sheet: str) -> TablePart | None:
    area = _AREA.fullmatch(root.get("ref", ""))
    if area is None:
        return None
    first_column, top = column_number(area[1]), int(area[2]) - 1
    last_column, bottom = column_number(area[3] or area[1]), int(area[4] or area[2]) - 1
    headers = int(root.get("headerRowCount", "1"))
    totals = int(root.get("totalsRowCount", "0"))
    return TablePart(
        name=root.get("displayName", "") or root.get("name", ""),
        sheet=sheet,
        headers=tuple(_ESCAPED.sub(_unescaped, column.get("name", "")) for column in _all(root, "tableColumn")),
        header_row=top,
        first_row=top + headers,
        last_row=bottom - totals,
        first_column=first_column,
        last_column=last_column,
        has_totals=totals > 0,
    )


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def column_number(name: str) -> int:
    """The column Excel calls `name`, counted from 0."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _targets(archive: zipfile.ZipFile, part: str, kind: str) -> list[str]:
    return [target for found, target in _relations(archive, part).values() if found == kind]


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relation id -> (kind, part) of the parts that a part refers to."""
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if listing not in archive.namelist():
        return {}
    root = ElementTree.fromstring(archive.read(listing))
    return {
        relation.get("Id", ""): (
            relation.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/"),
        )
        for relation in _all(root, "Relationship")
        if relation.get("TargetMode") != "External"
    }


def _relation_id(sheet: ElementTree.Element) -> str:
    return next((value for name, value in sheet.attrib.items() if name.rpartition("}")[2] == "id"), "")


def _all(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """The elements of that name, whatever the namespace (transitional or strict)."""
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == name)
