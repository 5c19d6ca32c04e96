"""Ratable.oxt without LibreOffice: what is in the file, and the program that answers its component."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import struct
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import pytest

from addin.command_line import main
from addin.formulas.arguments import Kind
from addin.formulas.books import OpenedBook, UnknownBook
from addin.formulas.catalogue import catalogue
from addin.formulas.errors import Code, FormulaError
from addin.libreoffice import serving
from addin.libreoffice.answering import answered
from addin.libreoffice.component.answers import Answer, code, error
from addin.libreoffice.extension import IDENTIFIER, extension, formulas, parts
from addin.libreoffice.interface import configuration, idl
from addin.libreoffice.values import incoming, outgoing, shortened
from engine.version import VERSION

from .asking import ask
from .calc_in_memory import sheet_of
from .conftest import SMALL

FUNCTIONS = json.loads(formulas())["formulas"]
TABLES = json.loads(formulas())["tables"]
_OOR = "{http://openoffice.org/2001/registry}"


# ---- the file


def test_the_extension_is_whole_and_the_same_each_time() -> None:
    content = extension()
    assert content == extension()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in names:
            if name.endswith((".xml", ".xcu", ".components")):
                ElementTree.fromstring(archive.read(name))
        manifest = archive.read("META-INF/manifest.xml").decode()
    assert all(f'full-path="{name}"' in manifest for name in ("CalcAddIns.xcu", "XRatable.idl", "ratable.components"))
    description = parts()["description.xml"]
    assert (
        f'value="{VERSION}"' in description and f'value="{IDENTIFIER}"' in description and 'value="25.2"' in description
    )
    assert {"license.txt", "about.txt", "ratable_addin.py"} <= names


def test_names_and_help_are_those_of_the_catalogue() -> None:
    functions = ElementTree.fromstring(configuration()).find(f".//node[@{_OOR}name='AddInFunctions']")
    assert functions is not None
    assert [node.get(f"{_OOR}name") for node in functions] == list(catalogue())
    for node, formula in zip(functions, catalogue().values(), strict=True):
        texts = {prop.get(f"{_OOR}name"): prop[0].text for prop in node.findall("prop")}
        assert texts == {
            "DisplayName": formula.name, "Description": formula.summary, "Category": "Add-In",
            "CompatibilityName": formula.name,
        }  # fmt: skip
        arguments = node.findall(f"node[@{_OOR}name='Parameters']/node")
        shown = [{p.get(f"{_OOR}name"): p[0].text for p in argument} for argument in arguments]
        assert shown == [{"DisplayName": a.name, "Description": a.help} for a in formula.arguments]
        names = [argument.get(f"{_OOR}name") for argument in arguments]
        line = next(line for line in idl().splitlines() if f" {formula.name}(" in line)
        assert [part.split()[-1].rstrip(");") for part in line.split(", ")][1:] == names


def test_no_part_needs_anything_that_libreoffice_does_not_bring() -> None:
    allowed = {"uno", "unohelper", "com", "org", "ratable_libreoffice", *sys.stdlib_module_names}
    for name, text in parts().items():
        if name.endswith(".py"):
            for line in text.splitlines():
                if line.startswith(("import ", "from ")) and not line.startswith("from ."):
                    assert line.split()[1].split(".")[0] in allowed, f"{name}: {line}"


# ---- values


@pytest.mark.parametrize(
    ("value", "kind", "zero", "meant"),
    [
        (0.0, Kind.IDS, 0, None), (0.0, Kind.BOOK, 0, None), (0.0, Kind.NUMBER, 0, 0.0), ("", Kind.IDS, 0, ""),
        (None, Kind.DAY, 0, None), ("007", Kind.IDS, 0, "007"), (46112.0, Kind.DAY, 0, 46112.0),
        (44650.0, Kind.DAY, 1462, 46112.0), (2026.0, Kind.DAY, 1462, 2026.0), (2.0, Kind.DAY, 0, 1.0),
        (61.0, Kind.DAY, 0, 61.0), (5.0, Kind.NUMBER, 1462, 5.0), ("2026-03", Kind.DAY, 1462, "2026-03"),
        ([[44650.0, ""]], Kind.DAY, 1462, [[46112.0, ""]]), ([[0.0]], Kind.IDS, 0, [[0.0]]),
    ],
)  # fmt: skip
def test_arguments_are_read_as_excel_gives_them(value: Any, kind: Kind, zero: int, meant: Any) -> None:
    assert incoming(value, kind, zero) == meant


def test_a_calendar_that_excel_does_not_have_is_refused() -> None:
    with pytest.raises(FormulaError, match="12/30/1899"):
        incoming(46112.0, Kind.DAY, 2)


def test_answers_are_numbers_texts_and_errors_with_reasons() -> None:
    rows = [[1, None, True, dt.date(2026, 3, 31), FormulaError(Code.NUMBER, "why")]]
    told = outgoing(rows, 1462)
    assert told == [[1.0, "", 1.0, 44650.0, {"code": "#NUM!", "reason": "why"}]]
    assert outgoing(UnknownBook("x"))["unknown_book"] is True
    answer = Answer.of(told)
    assert answer.rows[0][:4] == (1.0, "", 1.0, 44650.0) and math.isnan(answer.rows[0][4])
    assert answer.reasons == {(0, 4): "why"}
    assert len(shortened("x" * 40_000)) == 32_767 and shortened("\ud800") == "?"


@pytest.mark.parametrize(("shown", "number"), [("#N/A", 32767), ("#REF!", 524), ("#NUM!", 503), ("?", 519)])
def test_an_error_is_a_number_that_calc_takes_for_its_own_error(shown: str, number: int) -> None:
    low, high = struct.unpack("<II", struct.pack("<d", error(shown)))
    assert (low, high) == (number, 0x7FF80000)
    assert code(number) == (shown if shown != "?" else "#VALUE!")


# ---- the program that answers


def _tables_of(rows: Mapping[str, Any] = SMALL) -> list[tuple[Any, ...]]:
    sheets = {name: sheet_of(name, table).rows for name, table in rows.items()}
    return [(name, cells, name.capitalize(), 1, 1) for name, cells in sheets.items()]


def test_a_book_is_read_and_asked_about(small: OpenedBook) -> None:
    text = answered({"do": "read", "tables": _tables_of(), "zero": 0, "workbook": ""})
    assert text == small.text
    request = {"formula": "BACKLOG", "arguments": ["C1", 46112.0, None, text], "zero": 0}
    assert answered({"do": "ask", **request}) == ask(small, "BACKLOG", "C1", "2026-03-31")
    ids, amounts = answered({"do": "column", **request})
    assert ids == ["C1", "C2", "00123"]
    assert amounts[:2] == [ask(small, "BACKLOG", name, "2026-03-31") for name in ids[:2]]
    assert amounts[2]["code"] == "#NUM!"


@pytest.mark.parametrize(
    ("workbook", "ledger"),
    [("", ""), ("Untitled 1", ""), ("https://firm/b.xlsx", ""), ("/a/Büro.xlsx", "/a/Büro.xlsx.ratable-ledger")],
)
def test_the_program_says_where_the_ledger_of_a_workbook_is(workbook: str, ledger: str) -> None:
    assert answered({"do": "ledger", "workbook": workbook}) == ledger


def test_whatever_goes_wrong_is_an_error_with_a_reason() -> None:
    assert answered({"do": "read", "tables": [], "zero": 0, "workbook": ""})["code"] == "#REF!"
    wrong = answered({"do": "read", "tables": [("Contracts", [[1], [1, 2]], "", 1, 1)], "zero": 0, "workbook": ""})
    assert wrong["code"] == "#VALUE!"
    broken = [("contracts", [["x", {"code": "#N/A"}]], "S", 1, 1)]
    cell = answered({"do": "read", "tables": broken, "zero": 1462, "workbook": ""})
    assert "cannot be used" in cell
    unknown = answered({"do": "ask", "formula": "BACKLOG", "arguments": ["C1", None, None, "gone"], "zero": 0})
    assert unknown["unknown_book"]
    assert "report it" in answered({"do": "ask", "formula": "BACKLOG", "arguments": 7, "zero": 0})["reason"]
    assert answered({"do": "ask", "formula": "NO", "arguments": [], "zero": 0})["code"] == "#N/A"


def test_the_server_greets_and_answers_line_by_line() -> None:
    answers = io.StringIO()
    request = {"do": "ask", "formula": "ALLOCATE", "arguments": [100, [[1.0, 3.0]], None], "zero": 0}
    serving.converse([json.dumps(request) + "\n"], answers)
    greeting, answer = map(json.loads, answers.getvalue().splitlines())
    assert greeting == {"ratable": VERSION, "protocol": 2}
    assert answer == {"answer": [[25.0], [75.0]]}


def test_the_server_is_for_libreoffice_alone(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "argv", ["ratable", "calc-server", "--help"])
    assert main() == 2
    assert "LibreOffice" in capsys.readouterr().err


def test_the_installed_program_answers_through_its_pipes() -> None:
    request = {"do": "ask", "formula": "RATABLE", "zero": 0,
               "arguments": [1200, "2026-01-01", "2026-12-31", "2026-01", "2026-03", None]}  # fmt: skip
    command = [sys.executable, "-m", "addin.command_line", "calc-server"]
    done = subprocess.run(command, input=json.dumps(request) + "\n", capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[1]) == {"answer": 295.89}
