"""Cells of a sheet that show an error or a formula never calculated; python-calamine reads both as blank.

The sheet's XML is looked through only where a blank cell leaves room for one, and taken apart only where it holds one.
"""

from __future__ import annotations

import re

from engine.book.cells import Fault
from engine.book.workbook_parts import column_number

_ERROR = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*\st=[\"']e[\"'])(?=[^>]*\sr=[\"']([A-Z]+)(\d+)[\"'])[^>]*>(?:(?!</(?:\w+:)?c>).)*?"
    rb"<(?:\w+:)?v[^>]*>([^<]*)<",
    re.DOTALL,
)
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ADDRESS = re.compile(rb"\sr=[\"']([A-Z]+)(\d+)[\"']")
_TEXT_RESULT = re.compile(rb"\st=[\"']str[\"']")


def faults_of(sheet: bytes) -> dict[tuple[int, int], Fault]:
    """(row, column), counted from 0, of every cell that has no value of its own."""
    faults: dict[tuple[int, int], Fault] = {}
    if _holds(sheet, b't="e"', b"t='e'"):
        for letters, row, text in _ERROR.findall(sheet):
            faults[int(row) - 1, column_number(letters.decode())] = Fault(text.decode("utf-8", "replace") or "an error")
    if _holds(sheet, b"</f>", b":f>"):
        for attributes in _FORMULA.findall(sheet):
            address = _ADDRESS.search(attributes)
            # A formula whose result is the empty text is a blank cell like any other.
            if address and not _TEXT_RESULT.search(attributes):
                at = int(address[2]) - 1, column_number(address[1].decode())
                faults.setdefault(at, Fault("a formula", calculated=False))
    return faults


def _holds(sheet: bytes, usual: bytes, unusual: bytes) -> bool:
    """The usual spelling is searched first; the other only in a sheet whose first tags are not spelt as Excel's are."""
    head = sheet[:4000]
    spelt_otherwise = b"='" in head.partition(b"?>")[2] or b"<worksheet" not in head
    return usual in sheet or (spelt_otherwise and unusual in sheet)
