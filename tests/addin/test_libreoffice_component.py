"""The component of LibreOffice without LibreOffice: how it finds the program, what it asks, keeps and forgets."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from addin.formulas.books import OpenedBook
from addin.formulas.catalogue import catalogue
from addin.libreoffice.answering import answered
from addin.libreoffice.component.asking import Asking
from addin.libreoffice.component.program import Program, Unreachable, found
from addin.libreoffice.component.reasons import ANYTHING, Reasons
from addin.libreoffice.component.why import calls, why
from addin.libreoffice.component.workbook import NOWHERE, Workbook, place_among
from addin.libreoffice.extension import formulas

from .asking import ask
from .calc_in_memory import Document, Sheet, component, listening, sheet_of
from .closed_books import ClosedBook
from .conftest import SMALL

FUNCTIONS = json.loads(formulas())["formulas"]
TABLES = json.loads(formulas())["tables"]
_OOR = "{http://openoffice.org/2001/registry}"


# ---- how the component finds and keeps the program


def _program(folder: Path, body: str, greeting: str = '{"ratable": "9", "protocol": 2}') -> Path:
    """A program called ratable that says what it is told to; `body` sees each request as `line`."""
    path = folder / "ratable"
    lines = [
        f"#!{sys.executable}", "import json, os, sys, time", f"print({greeting!r}, flush=True)",
        "for line in sys.stdin:", f"    {body}",
    ]  # fmt: skip
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o755)
    return path


ECHO = 'print(json.dumps({"answer": [json.loads(line)["x"], os.getpid()]}), flush=True)'


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a first line")
class TestProgram:
    def test_it_is_started_once_and_again_if_it_has_ended(self, tmp_path: Path) -> None:
        program = Program(lambda: _program(tmp_path, ECHO))
        first = program.ask({"x": "ü\ud800"})
        assert first[0] == "ü\ud800"
        assert program.ask({"x": 2}) == [2, first[1]]
        os.kill(first[1], 9)
        again = program.ask({"x": 3})
        assert again[0] == 3 and again[1] != first[1]
        program.end()

    def test_one_that_ends_over_a_question_is_given_up_for_a_while(self, tmp_path: Path) -> None:
        now, path = [0.0], _program(tmp_path, "sys.exit()")
        program = Program(lambda: path, clock=lambda: now[0])
        with pytest.raises(Unreachable, match="ended twice"):
            program.ask({"x": 1})
        _program(tmp_path, ECHO)
        with pytest.raises(Unreachable, match="ended twice"):
            program.ask({"x": 1})
        now[0] = 61.0
        assert program.ask({"x": 1})[0] == 1
        program.end()

    def test_one_that_says_nothing_does_not_freeze_the_sheet(self, tmp_path: Path) -> None:
        program = Program(lambda: _program(tmp_path, "time.sleep(60)"), patience=0.5)
        with pytest.raises(Unreachable, match="ended twice"):
            program.ask({"x": 1})

    @pytest.mark.parametrize(
        ("greeting", "reason"),
        [("Usage: ...", "does not answer"), ('{"ratable": "0.1", "protocol": 0}', "do not fit together")],
    )
    def test_another_program_of_that_name_is_told_apart(self, greeting: str, reason: str, tmp_path: Path) -> None:
        with pytest.raises(Unreachable, match=reason):
            Program(lambda: _program(tmp_path, ECHO, greeting)).ask({"x": 1})

    def test_one_that_cannot_be_run_is_told(self, tmp_path: Path) -> None:
        path = _program(tmp_path, ECHO)
        path.chmod(0o644)
        with pytest.raises(Unreachable, match="does not start"):
            Program(lambda: path).ask({"x": 1})

    def test_python_of_libreoffice_does_not_lead_it_astray(self, tmp_path: Path, monkeypatch: Any) -> None:
        monkeypatch.setenv("PYTHONHOME", "/nowhere")
        program = Program(lambda: _program(tmp_path, ECHO))
        assert program.ask({"x": 1})[0] == 1
        program.end()


def test_the_program_is_looked_for_where_installers_put_it(tmp_path: Path) -> None:
    folder = tmp_path / "Programs" / "Ratable"
    folder.mkdir(parents=True)
    for name in ("ratable", "ratable.exe"):
        (folder / name).touch()
    assert found({"RATABLE_HOME": str(folder)}, "linux") == folder / "ratable"
    assert found({"PATH": f"relative{os.pathsep}{folder}"}, "linux") == folder / "ratable"
    assert found({"LOCALAPPDATA": str(tmp_path)}, "win32") == folder / "ratable.exe"
    (tmp_path / ".local").mkdir()
    folder.rename(tmp_path / ".local" / "bin")
    assert found({"HOME": str(tmp_path)}, "darwin") == tmp_path / ".local" / "bin" / "ratable"
    with pytest.raises(Unreachable, match="RATABLE_HOME"):
        found({"RATABLE_HOME": str(tmp_path), "PATH": str(tmp_path / ".local" / "bin")}, "linux")
    with pytest.raises(Unreachable, match=r"ratable\.exe"):
        found({"PATH": str(tmp_path / ".local" / "bin")}, "win32")


# ---- what the component asks and keeps


class Answering:
    """The program within this process; it may forget its books, or be gone."""

    def __init__(self) -> None:
        self.requests: list[Mapping[str, Any]] = []
        self.gone = False
        self.forgotten: set[str] = set()

    def ask(self, request: Mapping[str, Any]) -> Any:
        if self.gone:
            raise Unreachable("gone")
        self.requests.append(request)
        request = json.loads(json.dumps(request))
        if request["do"] == "read":
            text = answered(request)
            self.forgotten.discard(str(text))
            return text
        if request.get("arguments") and request["arguments"][-1] in self.forgotten:
            return {"code": "#REF!", "reason": "forgotten", "unknown_book": True}
        return answered(request)

    def did(self, what: str) -> int:
        return sum(request["do"] == what for request in self.requests)


@pytest.fixture
def program() -> Answering:
    return Answering()


@pytest.fixture
def asking(program: Answering) -> Asking:
    return Asking(FUNCTIONS, TABLES, program, listening)


@pytest.fixture
def document() -> Document:
    return Document(*(sheet_of(name.capitalize(), table) for name, table in SMALL.items()))


def _cells(block: Sequence[Sequence[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(map(tuple, block))


def test_a_blank_book_is_read_once_until_a_cell_changes(
    asking: Asking, program: Answering, document: Document, small: OpenedBook
) -> None:
    wanted = ((ask(small, "BACKLOG", "C1"),),)
    for _ in range(3):
        assert asking.answer("BACKLOG", document, ("C1", None, None, None)) == wanted
        assert asking.answer("BACKLOG", document, ("C1", 0.0, None, 0.0)) == wanted
    assert program.did("read") == 1
    document.Sheets["Obligations"].rows[1][2] = "1000.00"
    document.change()
    changed = asking.answer("CONTRACTED", document, ("C1", None, None, None))
    assert changed == ((1036.50,),)
    assert asking.answer("BACKLOG", document, ("C1", None, None, None)) != wanted
    assert program.did("read") == 2


def test_a_close_beside_the_workbook_is_seen_at_the_next_calculation(
    asking: Asking, program: Answering, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    clock = [0.0]
    monkeypatch.setattr("addin.libreoffice.component.workbook.time", SimpleNamespace(monotonic=lambda: clock[0]))
    book = ClosedBook(tmp_path / "Büro 2026 #1.xlsx", capsys)
    book.rows["billings"][0]["amount"] = "1000.00"
    document = Document(*(sheet_of(name.capitalize(), table) for name, table in book.rows.items()))
    document.url = book.path.as_uri()
    billed = ("C1", "2026-01", None, None)

    def text() -> str:
        return str(asking.answer("RATABLE_BOOK", document, (None,) * len(TABLES))[0][0])

    before = text()
    assert asking.answer("BILLED_TO_DATE", document, billed) == ((1000.0,),)
    book.close("2026-01")
    assert asking.answer("BILLED_TO_DATE", document, billed) == ((1000.0,),)  # looked at a moment ago
    clock[0] += 1
    assert asking.answer("BILLED_TO_DATE", document, billed) == ((1200.0,),)
    assert "closed to 2026-01, ledger" in text() != before
    asked = len(program.requests)
    for _ in range(100):
        clock[0] += 1
        assert asking.answer("BILLED_TO_DATE", document, billed) == ((1200.0,),)
        assert asking.answer("BILLED_TO_DATE", document, (*billed[:3], before)) == ((1000.0,),)
    assert len(program.requests) == asked + 1
    document.url = (tmp_path / "Other.xlsx").as_uri()  # saved under another name, beside which there is no ledger
    clock[0] += 1
    assert asking.answer("BILLED_TO_DATE", document, billed) == ((1000.0,),)
    assert text() == before


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("", ""), ("file:///home/Z%C3%B6e/a%20b%231.xlsx", "/home/Zöe/a b#1.xlsx"),
        ("file://server/share/b.xlsx", "//server/share/b.xlsx"), ("https://firm/b.xlsx", "https://firm/b.xlsx"),
    ],
)  # fmt: skip
def test_the_path_of_a_document_is_read_from_its_address(url: str, path: str, document: Document) -> None:
    document.url = url
    assert Workbook(document, TABLES).path() == path


def in_their_places(given: Sequence[Any]) -> tuple[Any, ...]:
    """The tables of SMALL as arguments of RATABLE_BOOK."""
    tables = dict(zip((name.capitalize() for name in SMALL), given, strict=True))
    return tuple(tables.get(name) for name in TABLES)


def test_ranges_are_read_once_until_a_cell_or_the_day_is_another(
    asking: Asking, program: Answering, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [_cells(document.Sheets[name.capitalize()].rows) for name in SMALL]
    texts = [asking.answer("RATABLE_BOOK", document, in_their_places(given))[0][0] for _ in range(3)]
    assert (len(set(texts)), program.did("read")) == (1, 1)
    (header, (*first, _), *others) = given[2]
    changed = [*given[:2], (header, (*first, "2026-12-30"), *others), *given[3:]]
    assert asking.answer("RATABLE_BOOK", document, in_their_places(changed))[0][0] not in texts
    assert program.did("read") == 2
    tomorrow = SimpleNamespace(today=lambda: dt.date.today() + dt.timedelta(1))
    monkeypatch.setattr("addin.libreoffice.component.asking.dt", SimpleNamespace(date=tomorrow))
    assert asking.answer("RATABLE_BOOK", document, in_their_places(given))[0][0] == texts[0]
    assert program.did("read") == 3


def test_what_a_change_leaves_true_is_not_asked_again(asking: Asking, program: Answering, document: Document) -> None:
    text = asking.answer("RATABLE_BOOK", document, (None,) * len(TABLES))[0][0]
    for book in (None, text):
        asking.answer("BACKLOG", document, ("C1", None, None, book))
    document.change()
    for book in (None, text):
        asking.answer("BACKLOG", document, ("C1", None, None, book))
    assert program.did("ask") == 2
    assert program.did("read") == 1
    document.null = (1904, 1, 1)
    document.change()
    asking.answer("BACKLOG", document, ("C1", None, None, text))
    assert program.did("ask") == 3


def test_many_single_ids_become_one_question(asking: Asking, program: Answering, document: Document) -> None:
    lines = [{"contract_id": f"K{n}", "customer": "A", "signed_on": "2026-01-01"} for n in range(300)]
    document.Sheets["Contracts"].rows[1:] = [[row["contract_id"], "A", row["signed_on"], "", ""] for row in lines]
    work = document.Sheets["Obligations"].rows
    work[1:] = [[f"K{n}", "o", f"{n}.10", "2026-01-01", "2026-12-31"] for n in range(300)]
    del document.Sheets["Billings"]
    amounts = [asking.answer("CONTRACTED", document, (f"K{n}", "2026-06", None, None))[0][0] for n in range(300)]
    assert amounts == [float(f"{n}.10") for n in range(300)]
    assert (program.did("ask"), program.did("column")) == (3, 1)
    assert math.isnan(asking.answer("CONTRACTED", document, ("K300", "2026-06", None, None))[0][0])


def test_a_book_the_program_has_forgotten_is_read_again(
    asking: Asking, program: Answering, document: Document, small: OpenedBook
) -> None:
    given = [_cells(document.Sheets[name.capitalize()].rows) for name in SMALL]
    text = asking.answer("RATABLE_BOOK", document, in_their_places(given))[0][0]
    assert text == small.text
    program.forgotten.add(text)
    assert asking.answer("BACKLOG", Document(), ("C1", None, None, text)) == ((ask(small, "BACKLOG", "C1"),),)


def test_a_text_from_a_file_is_the_workbooks_own_book_if_that_has_its_text(
    asking: Asking, program: Answering, document: Document, small: OpenedBook
) -> None:
    program.forgotten.add(small.text)
    assert asking.answer("BACKLOG", document, ("C1", None, None, small.text)) == ((ask(small, "BACKLOG", "C1"),),)
    other = ("C1", None, None, "Ratable book 0000000000000000 as of 2026-06-30")
    for _ in range(2):
        assert math.isnan(asking.answer("BACKLOG", document, other)[0][0])
    assert "Ctrl+Shift+F9" in asking.reasons.fitting(hash(document), "BACKLOG", other, (0, 0))[0]


def test_a_program_that_is_gone_is_asked_again_the_next_time(
    asking: Asking, program: Answering, document: Document
) -> None:
    program.gone = True
    assert math.isnan(asking.answer("BACKLOG", document, ("C1", None, None, None))[0][0])
    program.gone = False
    assert asking.answer("BACKLOG", document, ("C1", None, None, None))[0][0] > 0


def test_documents_do_not_answer_for_each_other(asking: Asking, document: Document) -> None:
    assert asking.answer("CONTRACTED", document, ("C1", None, None, None)) == ((401.5,),)
    empty = Document(Sheet("Sheet1", [[""]]))
    assert math.isnan(asking.answer("CONTRACTED", empty, ("C1", None, None, None))[0][0])
    document.close()
    assert asking._workbooks.keys() == {hash(empty)} and not asking._changed


def test_a_range_of_a_table_is_told_by_the_place_it_has(asking: Asking, program: Answering, document: Document) -> None:
    given = [_cells(document.Sheets[name.capitalize()].rows) for name in SMALL]
    asking.answer("RATABLE_BOOK", document, in_their_places(given))
    assert [table[2:] for table in program.requests[-1]["tables"]] == [(name.capitalize(), 1, 1) for name in SMALL]
    assert place_among((("other",),), []) == NOWHERE


def test_a_sheet_is_a_table_wherever_on_it_the_cells_stand(
    asking: Asking, program: Answering, document: Document, small: OpenedBook
) -> None:
    for sheet in document.Sheets.values():
        sheet.rows = [[], [], *(["", *row] for row in sheet.rows)]
    assert asking.answer("RATABLE_BOOK", document, (None,) * len(TABLES)) == ((small.text,),)
    assert [table[2:] for table in program.requests[-1]["tables"]] == [(name.capitalize(), 3, 2) for name in SMALL]
    given = [_cells([row[1:] for row in document.Sheets[name.capitalize()].rows[2:]]) for name in SMALL]
    asking.answer("RATABLE_BOOK", Document(), in_their_places(given))
    assert {table[2:] for table in program.requests[-1]["tables"]} == {NOWHERE}


@pytest.mark.parametrize("wrong", ["a text", 7.0])
def test_a_table_must_be_a_range(wrong: Any, asking: Asking, document: Document) -> None:
    assert math.isnan(asking.answer("RATABLE_BOOK", document, (wrong, *[None] * (len(TABLES) - 1)))[0][0])


def test_a_whole_column_counts_as_far_as_it_is_filled(asking: Asking, program: Answering, document: Document) -> None:
    column = (("C1",), ("C2",), *[("",)] * 65_534)
    assert len(asking.answer("CONTRACTED", document, (column, None, None, None))) == 2


def test_tables_are_database_ranges_before_sheets(document: Document) -> None:
    sheet = Sheet("Data", [["", ""], ["contract_id", "customer"], ["C1", "Acme"], ["total", ""]])
    document.Sheets["Data"] = sheet
    document.table("contracts", sheet.getCellRangeByPosition(0, 1, 1, 3), totals=True)
    document.table("BillingsTable", sheet.getCellRangeByPosition(0, 1, 1, 3))
    found = dict(Workbook(document, TABLES).blocks())
    assert found["Contracts"].getDataArray() == (("contract_id", "customer"), ("C1", "Acme"))
    assert found["Billings"].getSpreadsheet() is sheet
    assert found["Settings"].getSpreadsheet().Name == "Settings"


def test_rows_below_a_table_and_errors_in_one_are_told(asking: Asking, program: Answering, document: Document) -> None:
    sheet = document.Sheets["Contracts"]
    document.table("Contracts", sheet.getCellRangeByPosition(0, 0, 4, 2))
    assert math.isnan(asking.answer("BACKLOG", document, ("C1", None, None, None))[0][0])
    key = ("BACKLOG", ("C1", None, None, None))
    assert "right below the table Contracts" in asking.reasons.noted(hash(document), key)[0, 0]
    del document.DatabaseRanges["Contracts"]
    document.Sheets["Obligations"].rows[1][2] = 32767
    document.change()
    rows = asking.answer("RATABLE_PROBLEMS", document, (None,))
    assert ("error-cell", "Obligations!C2") in [row[1:3] for row in rows]


# ---- reasons


def test_calls_are_read_out_of_a_formula() -> None:
    formula = '=IF(A1>0;ORG.RATABLE.ADDIN.FORMULAS.BACKLOG("C;1)";SUM(B1;{1;2});;Book);MYBACKLOG(1)&"BACKLOG(2)")'
    assert list(calls(formula, FUNCTIONS)) == [("BACKLOG", ['"C;1)"', "SUM(B1;{1;2})", "", "Book"])]


def test_a_reason_is_found_by_what_a_formula_says() -> None:
    sheet = Sheet("S", [["C9", "", 519, 1.0], ["x", "y"]])
    sheet.names = {"A1": sheet.getCellRangeByPosition(0, 0, 0, 0), "B1": sheet.getCellRangeByPosition(1, 0, 1, 0)}
    sheet.names["A1:A2"] = sheet.getCellRangeByPosition(0, 0, 0, 1)
    cell = sheet.getCellRangeByPosition(2, 0, 2, 0)
    reasons, again = Reasons(), []

    def asked(formula: str) -> str:
        sheet.formulas[2, 0] = formula
        return why(cell, 1, FUNCTIONS, reasons, lambda *call: again.append(call))

    reasons.note(1, ("BACKLOG", ("C9", 0.0, None, None)), {(0, 0): "no C9"})
    reasons.note(1, ("BACKLOG", ((("C9",), ("x",)), None, None, None)), {(1, 0): "no x"})
    reasons.note(2, ("BACKLOG", ("C8", None, None, None)), {(0, 0): "elsewhere"})
    assert asked("=BACKLOG(A1;B1)") == "no C9"
    assert asked('=1+BACKLOG(A1&"";B1)') == "no C9"
    assert asked("=BACKLOG(A1:A2)") == "no x"
    assert "does not" not in asked('=BACKLOG("C8")') and again == [("BACKLOG", ("C8",))]
    assert asked("=1/0") == "There is no Ratable formula in this cell."
    assert "not known" in asked("=BACKLOG(1/0;1/0;2)")
    assert why(sheet.getCellRangeByPosition(3, 0, 3, 0), 1, FUNCTIONS, reasons, lambda *_: None) == ""
    sheet.array = (2, 0)
    assert asked("{=BACKLOG(A1:A2)}") == "no x"


def test_reasons_are_bounded_and_go_with_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addin.libreoffice.component.reasons._MOST", 2)
    reasons = Reasons()
    for number in range(3):
        reasons.note(1, ("BACKLOG", (number,)), {(0, 0): str(number)})
    assert reasons.fitting(1, "BACKLOG", (ANYTHING,), (5, 5)) == ["2", "1"]
    reasons.note(1, ("BACKLOG", (2,)), {})
    assert reasons.noted(1, ("BACKLOG", (2,))) == {}
    assert hash(ANYTHING) == 0


# ---- the component as a whole


def test_the_component_answers_every_formula_and_listens(tmp_path: Path, document: Document, small: OpenedBook) -> None:
    with component(tmp_path) as module:
        addin = module.RatableAddIn(None)
        assert addin.getSupportedServiceNames() == (addin.getImplementationName(),)
        assert addin.supportsService(addin.getImplementationName())
        program = Answering()
        addin.asking._program = program
        assert all(callable(getattr(addin, name)) for name in catalogue())
        wanted = ((ask(small, "BACKLOG", "C1"),),)
        assert addin.BACKLOG(document, "C1", None, None, None) == wanted
        assert len(document.listeners) == 2
        document.change()
        assert not document.listeners
        assert addin.BACKLOG(document, "C1", None, None, None) == wanted
        addin.BACKLOG(document, "C7", None, None, None)
        sheet = Sheet("S", [[32767]])
        sheet.formulas[0, 0] = '=BACKLOG("C7")'
        assert "C7" in addin.RATABLE_WHY(document, sheet.getCellRangeByPosition(0, 0, 0, 0))
        sheet.formulas[0, 0] = '=BACKLOG("C6")'
        assert "C6" in addin.RATABLE_WHY(document, sheet.getCellRangeByPosition(0, 0, 0, 0))
        document.close()
    assert "ratable_addin" not in sys.modules
