"""The program that Excel starts to have its cells answered: `ratable udf-server {CLSID}`.

xlwings - its BSD part only - is the COM server; it calls the three functions below by name. Importing this module needs
xlwings, and outside of Windows its decorators do nothing.
"""

from __future__ import annotations

from typing import Any

import xlwings

from addin.excel import answering


@xlwings.func
@xlwings.arg("formula", "raw")
@xlwings.arg("arguments", "raw")
@xlwings.arg("from_1904", "raw")
@xlwings.ret("raw")
def ask(formula: Any, arguments: Any, from_1904: Any) -> Any:
    """A formula's answer."""
    return _wrapped(answering.ask(str(formula), arguments or (), bool(from_1904)))


@xlwings.func
@xlwings.arg("tables", "raw")
@xlwings.arg("from_1904", "raw")
@xlwings.arg("workbook", "raw")
@xlwings.ret("raw")
def read(tables: Any, from_1904: Any, workbook: Any = None) -> Any:
    """The text of a book; macros of before there were closed periods do not name the workbook."""
    return _wrapped(answering.read(tables or (), bool(from_1904), str(workbook or "")))


@xlwings.func
@xlwings.arg("button", "raw")
@xlwings.arg("book", "raw")
@xlwings.arg("workbook", "raw")
@xlwings.arg("details", "raw")
@xlwings.ret("raw")
def press(button: Any, book: Any, workbook: Any, details: Any) -> Any:
    """What a button does."""
    return _wrapped(answering.press(str(button), str(book or ""), str(workbook or ""), details))


def _wrapped(answer: Any) -> Any:
    """xlwings takes one wrapper off an answer of one cell, so that rows stay rows even where there is one of them."""
    return [[answer]]


def serve(clsid: str) -> None:
    """Answer until Excel ends. Windows only."""
    from xlwings.com_server import serve as serve_com

    serve_com(clsid)  # type: ignore[no-untyped-call]
