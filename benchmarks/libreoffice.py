"""LibreOffice: cells with a formula of Ratable beside cells with an add-in function that does nothing."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from addin.formulas.books import OpenedBook
from benchmarks.books import TODAY, rows
from benchmarks.timing import Comparison, Skipped, at_most, faster
from tests.addin.asking import ask
from tests.addin.calc import OXT, Calc, Missing
from tests.addin.calc_workbooks import SHEET, name_book, opened_book, saved, with_tables

CONTRACTS, CELLS = 2_000, 10_000
_MONTHS = 5
_SERVICE = "org.ratable.noop.Functions"
_PARAMETERS = ", ".join(f"[in] any {name}" for name in "abcd")
_IDL = f"""module org {{ module ratable {{ module noop {{
interface XNoop : com::sun::star::uno::XInterface
{{
    sequence< sequence< any > > alike([in] com::sun::star::beans::XPropertySet workbook, {_PARAMETERS});
    double least([in] string a, [in] double b);
}};
}}; }}; }};
"""
_PYTHON = f"""import uno, unohelper
from org.ratable.noop import XNoop
from com.sun.star.lang import XServiceInfo
class Noop(unohelper.Base, XNoop, XServiceInfo):
    def __init__(self, context, *arguments): pass
    def getImplementationName(self): return "{_SERVICE}"
    def supportsService(self, name): return name == "{_SERVICE}"
    def getSupportedServiceNames(self): return ("{_SERVICE}",)
    def alike(self, workbook, a, b, c, d): return ((1.0,),)
    def least(self, a, b): return 1.0
g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Noop, "{_SERVICE}", ("{_SERVICE}",))
"""


def comparisons() -> Iterator[Comparison]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            calc = Calc(Path(folder), (OXT, _noop(Path(folder))))
        except Missing as missing:
            raise Skipped(str(missing)) from None
        try:
            yield from _compared(calc, Path(folder))
        finally:
            calc.end()


def _compared(calc: Calc, folder: Path) -> Iterator[Comparison]:
    named = _document(calc, folder, "=DEFERRED_BALANCE($A{row};{column}$2;;Book)")
    blank = _document(calc, folder, "=DEFERRED_BALANCE($A{row};{column}$2)")
    alike = _document(calc, folder, "=NOOPALIKE($A{row};{column}$2;;Book)")
    least = _document(calc, folder, "=NOOPLEAST($A{row};{column}$2)")
    column = _column(calc, folder)
    wanted = ask(_book(), "DEFERRED_BALANCE", [[f"C-{n:06}"] for n in range(CONTRACTS)], [_months()])
    for document in (named, blank):
        assert calc.values(document, SHEET, f"C3:G{CONTRACTS + 2}") == wanted
    peer = "a no-op that is given the same"
    yield _cells(calc, "10,000 cells that name a book", peer, named, alike)
    yield _cells(calc, "10,000 cells about their own workbook", peer, blank, alike)
    yield _cells(calc, "10,000 cells that name a book", "a no-op of a text and a number", named, least, judged=False)
    yield _cells(
        calc, "10,000 no-ops that are given the same", "a no-op of a text and a number", alike, least, judged=False
    )  # fmt: skip
    yield Comparison(
        "10,000 cells in one array", "10,000 cells", lambda: calc.do("calculate", column),
        lambda: calc.do("calculate", named), faster(10), our_units=CELLS, their_units=CELLS,
    )  # fmt: skip


def _cells(calc: Calc, name: str, peer: str, ours: int, theirs: int, judged: bool = True) -> Comparison:
    return Comparison(
        name, peer, lambda: calc.do("calculate", ours), lambda: calc.do("calculate", theirs), at_most(2), 15,
        CELLS, CELLS, judged,
    )  # fmt: skip


def _months() -> list[str]:
    return [f"2024-{month:02}" for month in range(5, 5 + _MONTHS)]


def _book() -> OpenedBook:
    return opened_book(rows(CONTRACTS, billed=True), TODAY)


def _tables(calc: Calc, folder: Path) -> int:
    """A workbook with the book, its ids down and its months across."""
    workbook = with_tables(rows(CONTRACTS, billed=True))
    name_book(workbook)
    sheet = workbook[SHEET]
    for place, month in enumerate(_months(), 3):
        sheet.cell(2, place, month)
    for number in range(CONTRACTS):
        sheet.cell(number + 3, 1, f"C-{number:06}")
    return calc.open(saved(workbook, folder / "book.xlsx"))


def _document(calc: Calc, folder: Path, formula: str) -> int:
    document = _tables(calc, folder)
    cells = [[formula.format(row=row, column=c) for c in "CDEFG"] for row in range(3, CONTRACTS + 3)]
    calc.put(document, SHEET, f"C3:G{CONTRACTS + 2}", *cells)
    calc.do("calculate", document)
    return document


def _column(calc: Calc, folder: Path) -> int:
    document = _tables(calc, folder)
    last = CONTRACTS + 2
    calc.do("array", document, SHEET, f"C3:G{last}", f"=DEFERRED_BALANCE(A3:A{last};C2:G2;;Book)")
    calc.do("calculate", document)
    return document


def _noop(folder: Path) -> Path:
    """The extension with functions that do nothing: one is given and answers what ours is, one as little as can be."""
    functions = "".join(
        f'<node oor:name="{name}" oor:op="replace">'
        + "".join(
            f'<prop oor:name="{prop}"><value xml:lang="en-US">NOOP{name.upper()}</value></prop>'
            for prop in ("DisplayName", "Description", "CompatibilityName")
        )
        + "</node>"
        for name in ("alike", "least")
    )
    media = {"a.xcu": "configuration-data", "a.idl": "uno-typelibrary;type=RDB", "a.components": "uno-components"}
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="application/vnd.sun.star.{kind}"/>'
        for path, kind in media.items()
    )
    parts = {
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">{entries}'
        "</manifest:manifest>",
        "description.xml": '<description xmlns="http://openoffice.org/extensions/description/2006">'
        '<identifier value="org.ratable.noop"/><version value="1"/></description>',
        "a.xcu": '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" oor:name="CalcAddIns" '
        f'oor:package="org.openoffice.Office"><node oor:name="AddInInfo"><node oor:name="{_SERVICE}" oor:op="replace">'
        f'<node oor:name="AddInFunctions">{functions}</node></node></node></oor:component-data>',
        "a.idl": _IDL,
        "a.components": '<components xmlns="http://openoffice.org/2010/uno-components"><component '
        f'loader="com.sun.star.loader.Python" uri="noop.py"><implementation name="{_SERVICE}">'
        f'<service name="{_SERVICE}"/></implementation></component></components>',
        "noop.py": _PYTHON,
    }
    path = folder / "noop.oxt"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path
