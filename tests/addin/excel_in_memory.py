"""Excel in memory: pyOpenVBA compiles and runs our modules, with a program of Python's in place of the COM server.

Only what Windows alone can do is replaced: the Declares, by VBA functions of the same names, and the COM object behind
XLPyDLLActivateAuto, by `program`. pyOpenVBA calculates no worksheet functions of a project, so a formula in a cell is
evaluated by running its wrapper with the cells it names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._model import Application, ColumnsOf, Range, Workbook, Worksheet
from pyopenvba.interpreter._objects import VBAObject, method
from pyopenvba.interpreter._values import EMPTY, MISSING, VBAArray, VBADate, VBAErrorValue

from addin.excel import answering
from addin.excel.wrappers import wrappers

VBA = Path(__file__).parents[2] / "addin" / "excel" / "vba"
#: What Excel hands a COM server for an argument that was left out, and for errors.
LEFT_OUT, ERRORS = -2147352572, -2146828288
Program = Callable[..., Any]

_WINDOWS = """
Public Starts As Long
Public IsBroken As Boolean
Public Function LoadLibraryW(ByVal FileName As Variant) As Long
    LoadLibraryW = 1
End Function
Public Function GetShortPathNameW(ByVal LongPath As Variant, ByVal ShortPath As Variant, ByVal Size As Long) As Long
End Function
Public Function XLPyDLLActivateAuto(ByRef Answer As Variant, ByVal Command As String, ByVal Mode As Long) As Long
    Starts = Starts + 1
    If IsBroken Then
        Answer = "The process ended."
        XLPyDLLActivateAuto = 1
    Else
        Set Answer = CreateObject("Ratable.Program")
    End If
End Function
Public Home As String
Public Sub SetHome(ByVal Folder As String)
    Home = Folder
End Sub
Public Sub SetBroken(ByVal Broken As Boolean)
    IsBroken = Broken
End Sub
Public Sub AddNamedSheet(ByVal Wanted As String)
    ActiveWorkbook.Worksheets.Add(After:=Worksheets(Worksheets.Count)).Name = Wanted
End Sub
Public Sub MakeTable(ByVal Sheet As String, ByVal Wanted As String)
    Worksheets(Sheet).ListObjects.Add(1, Worksheets(Sheet).UsedRange, , 1).Name = Wanted
End Sub
Public Sub SelectCell(ByVal Sheet As String, ByVal Address As String)
    Worksheets(Sheet).Activate
    Worksheets(Sheet).Range(Address).Select
End Sub
Public Function FakeEnviron(ByVal Name As String) As String
    If Name = "LOCALAPPDATA" Then FakeEnviron = Home
End Function
Public Function FakeGetAttr(ByVal Path As String) As Long
    If Home = "" Then Err.Raise 53
End Function
Public Function StrPtr(ByVal Text As String) As Long
    StrPtr = 1
End Function
"""
_DECLARES = re.compile(r"^ *(?:Private )?Declare PtrSafe (?:[^\n]* _\n)*[^\n]*\n", re.MULTILINE)
_CELLS = re.compile(r'"(?:[^"]|"")*"|(?<![A-Za-z_])\$?([A-Z]{1,2})\$?(\d+)(?![\w(])(?::\$?([A-Z]{1,2})\$?(\d+))?')


class _Server(VBAObject):
    """The COM object of the program."""

    vba_type_name = "XLPython"

    def __init__(self, program: Program) -> None:
        self._program = program

    @method
    def CallUDF(self, script: object, fname: object, args: object) -> object:
        answer = self._program(str(script), str(fname), handed_over(args))
        assert is_of_com(answer), f"COM carries no {answer!r}"
        return given_back(answer)


def handed_over(value: object) -> Any:
    """A value of VBA as pywin32 hands it to Python."""
    if value is EMPTY:
        return None
    if value is MISSING:
        return LEFT_OUT
    if isinstance(value, VBAErrorValue):
        return ERRORS + value.number
    if isinstance(value, VBADate):
        return value.to_datetime()
    if not isinstance(value, VBAArray):
        assert not isinstance(value, VBAObject), f"an object, {value!r}, would cross the border of the process"
        return value if isinstance(value, bool | float | str) else int(value)  # type: ignore[call-overload]
    if value.dimensions == 1:
        return tuple(map(handed_over, value.items))
    (top, bottom), (left, right) = value.bounds
    return tuple(
        tuple(handed_over(value.get([row, column])) for column in range(left, right + 1))
        for row in range(top, bottom + 1)
    )


def is_of_com(answer: Any) -> bool:
    """Whether COM can carry it back: a value, or rows of equally many values."""
    if not isinstance(answer, list | tuple):
        return isinstance(answer, float | str | bool)
    return len({len(row) for row in answer}) == 1 and all(
        isinstance(cell, float | str | bool) for row in answer for cell in row
    )


def given_back(value: Any) -> object:
    """What Python answers as pywin32 gives it to VBA."""
    if value is None:
        return EMPTY
    if not isinstance(value, list | tuple):
        return value
    if value and isinstance(value[0], list | tuple) and len({len(row) for row in value}) == 1 and value[0]:
        height, width = len(value), len(value[0])
        items = [given_back(value[row][column]) for column in range(width) for row in range(height)]
        return VBAArray([(0, height - 1), (0, width - 1)], items=items)
    return VBAArray([(0, len(value) - 1)], items=[given_back(each) for each in value])


def _without_windows(module: str) -> str:
    for name in ("Environ$", "GetAttr"):
        module = module.replace(f"{name}(", f"Fake{name.rstrip('$')}(")
    return _DECLARES.sub("", module)


def fill_in(excel: Excel, rows: dict[str, list[dict[str, str]]]) -> None:
    """The tables of a book, each on a sheet of its name."""
    for name, table in rows.items():
        excel.app.run("AddNamedSheet", name)
        headers = list(dict.fromkeys(column for row in table for column in row))
        block = [headers, *([row.get(column) for column in headers] for row in table)]
        excel.app.sheet(name).set_value(f"A1:{chr(64 + len(headers))}{len(block)}", given_back(block))


def real(module: str, name: str, arguments: tuple[Any, ...]) -> Any:
    """The program itself, without COM."""
    answers: dict[str, Program] = {"ask": answering.ask, "read": answering.read, "press": answering.press}
    return answers[name](*arguments)


class Excel:
    """One Excel with our modules in it and `program` behind the bridge."""

    def __init__(self, program: Program, workbook: Path | None = None) -> None:
        if workbook is None:
            self.app = ExcelApplication()
            self.app.add_workbook()
        else:
            self.app = ExcelApplication.open(workbook, with_vba=False)
        self._server = _Server(program)
        self.app.interpreter.host.create = self._create  # type: ignore[method-assign]
        self.caller: Range | None = None
        #: formulas of cells whose wrapper is run when the bridge evaluates them
        self.formulas: dict[str, str] = {}
        self.app.add_module(_WINDOWS, name="Windows")
        for name in ("RatableServer", "RatableBridge", "RatableRibbon"):
            self.app.add_module(_without_windows((VBA / f"{name}.bas").read_text("utf-8")), name=name)
        self.app.add_module(wrappers(), name="RatableFunctions")
        own = (VBA / "ThisWorkbook.cls").read_text("utf-8").replace("WithEvents ", "")  # which pyOpenVBA does not parse
        self.app.add_module(own, name="ThisWorkbook", kind="document")
        self._patch()
        self.install(r"C:\Users\Zoë")

    def install(self, home: str) -> None:
        """Where Ratable is installed; blank is nowhere."""
        self.app.run("SetHome", home)

    def _create(self, name: str) -> object:
        assert name == "Ratable.Program", name
        return self._server

    def _patch(self) -> None:
        from dataclasses import replace

        excel = self

        def caller(_: Application) -> object:
            return excel.caller or VBAErrorValue(2023)

        def evaluate(sheet: Worksheet, Name: object = MISSING) -> object:
            before, excel.caller = excel.caller, None  # a macro's Evaluate has no calling cell
            try:
                return excel.app.evaluate(excel.as_vba(str(Name), sheet))
            finally:
                excel.caller = before

        def formula(cell: Range) -> object:
            own = excel.formulas.get(excel.address(cell))
            return own if own is not None else cell_members["formula_"].getter(cell)

        def has_formula(cell: Range) -> object:
            return excel.address(cell) in excel.formulas or cell_members["hasformula_"].getter(cell)

        cell_members = Range._vba_members
        for name, getter in (("formula", formula), ("hasformula", has_formula)):
            cell_members.setdefault(f"{name}_", cell_members[name])
            cell_members[name] = replace(cell_members[f"{name}_"], getter=getter)

        def date_1904(book: Workbook) -> object:
            return getattr(book, "from_1904", False)

        books = Workbook._vba_members
        books["date1904"] = replace(books["name"], name="Date1904", getter=date_1904)

        def nothing(_: object) -> object:
            return EMPTY

        ColumnsOf._vba_members["autofit"] = replace(cell_members["select"], name="AutoFit", getter=nothing)
        members = Application._vba_members
        members["calculatefull"] = replace(members["calculate"], name="CalculateFull", getter=nothing)
        members["caller"] = replace(members["name"], name="Caller", getter=caller)
        sheet_members = Worksheet._vba_members
        sheet_members["evaluate"] = replace(sheet_members["evaluate"], getter=evaluate)

    @staticmethod
    def address(cell: Range) -> str:
        return str(cell.vba_get("Address", [False, False]))

    @property
    def starts(self) -> int:
        """How often the program was started."""
        return int(str(self.app.evaluate("Starts")))

    def break_down(self, broken: bool) -> None:
        """From now on the program does not start, or does again."""
        self.app.run("SetBroken", broken)

    def as_vba(self, formula: str, sheet: Worksheet) -> str:
        """A formula as an expression of VBA: the cells it names as ranges of their sheet."""

        def cells(found: re.Match[str]) -> str:
            if found[1] is None:
                return found[0]
            last = f":{found[3]}{found[4]}" if found[3] else ""
            return f'Worksheets("{sheet.name}").Range("{found[1]}{found[2]}{last}")'

        return _CELLS.sub(cells, formula.lstrip("="))

    def put(self, cell: str, value: Any, sheet: int = 1) -> None:
        self.app.sheet(sheet).set_value(cell, value)

    def cell(self, address: str, sheet: int = 1) -> Range:
        found = self.app.sheet(sheet).sheet.vba_get("Range", [address])
        assert isinstance(found, Range)
        return found

    def ask(self, formula: str, at: str = "Z1") -> Any:
        """What a formula in the cell `at` shows: a value, or rows; errors as `Error 2042`."""
        self.caller = self.cell(at)
        try:
            found = self.app.evaluate(self.as_vba(formula, self.app.sheet(1).sheet))
        finally:
            self.caller = None
        return found

    def why(self, at: str = "Z1") -> str:
        """RATABLE_WHY of a cell, which shows an error."""
        self.put(at, VBAErrorValue(2042))
        return str(self.app.evaluate(f'RATABLE_WHY(Worksheets(1).Range("{at}"))'))
