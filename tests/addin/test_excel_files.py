"""The files of the add-in: made from the catalogue byte for byte, and what Excel and a virus scanner find in them."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from oletools.olevba import VBA_Parser
from pyopenvba import check_file

from addin.build import made
from addin.excel.addin_file import ADDIN
from addin.excel.self_test import SELF_TEST
from addin.excel.template import TEMPLATE
from addin.excel.vba_project import sources
from addin.formulas.catalogue import catalogue
from engine.book.reading import read_book
from workbook_templates import sample_book

ROOT = Path(__file__).parents[2]
FILES = [ADDIN, TEMPLATE, SELF_TEST]


def _path(name: str) -> Path:
    return ROOT / "workbook_templates" / name


@pytest.fixture(scope="module")
def fresh() -> dict[str, bytes]:
    return made()


def test_every_generated_file_is_up_to_date(fresh: dict[str, bytes]) -> None:
    """If not, run `python -m addin.build`."""
    stale = [name for name, content in fresh.items() if (ROOT / name).read_bytes() != content]
    assert not stale


def test_the_same_sources_make_the_same_bytes(fresh: dict[str, bytes]) -> None:
    assert made() == fresh


@pytest.mark.parametrize("name", FILES)
def test_the_macros_in_a_file_are_our_sources(name: str) -> None:
    found = {
        stream.rpartition("/")[2]: code
        for _, stream, _, code in VBA_Parser(str(_path(name))).extract_macros()
    }  # fmt: skip
    for module, text in sources().items():
        code = "\r\n".join(line for line in found.pop(module).splitlines() if not line.startswith("Attribute VB_"))
        assert code.strip() == text.strip(), module
    assert all(re.fullmatch(r"Sheet\d+", module) for module in found)
    assert not any(line for code in found.values() for line in code.splitlines() if not line.startswith("Attribute"))


@pytest.mark.parametrize("name", FILES)
def test_a_virus_scanner_sees_what_the_add_in_says_it_does_and_no_more(name: str) -> None:
    found = {keyword.lower() for _, keyword, _ in VBA_Parser(str(_path(name))).analyze_macros()}
    does = {"workbook_open", "environ", "lib", "createobject", "open", "ratable.exe", "8.dll"}
    words_of_help = {"put", "run", "command", "call", "hex strings", "base64 strings", "~)^"}
    assert does <= found <= does | words_of_help


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_whole(name: str) -> None:
    assert not check_file(_path(name)).issues
    with zipfile.ZipFile(_path(name)) as archive:
        assert len(set(archive.namelist())) == len(archive.namelist())
        for part in archive.namelist():
            if part.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(part))
        types = archive.read("[Content_Types].xml").decode()
        assert ("addin" if name.endswith("xlam") else "sheet") + ".macroEnabled.main+xml" in types
        assert "customUI/customUI14.xml" in archive.read("_rels/.rels").decode()
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
        assert 'Target="vbaProject.bin"' in relations and 'Target="metadata.xml"' in relations
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", [TEMPLATE, SELF_TEST])
def test_a_workbook_of_ours_is_the_sample_book(name: str, today: dt.date) -> None:
    assert read_book(_path(name), today).fingerprint == read_book(sample_book(), today).fingerprint


@pytest.mark.parametrize("name", [TEMPLATE, SELF_TEST])
def test_no_table_name_or_module_is_that_of_a_formula(name: str) -> None:
    book = openpyxl.load_workbook(_path(name), keep_vba=True)
    names = {table for sheet in book for table in sheet.tables} | set(book.defined_names) | set(sources())
    assert not {each.upper() for each in names} & set(catalogue())
    assert "BillingsTable" in names


def _formulas(name: str) -> list[tuple[str, str, Any, Any]]:
    """(sheet, cell, formula, value) of every cell with a formula."""
    texts = openpyxl.load_workbook(_path(name), keep_vba=True)
    values = openpyxl.load_workbook(_path(name), data_only=True)
    return [
        (sheet.title, cell.coordinate, cell.value, values[sheet.title][cell.coordinate].value)
        for sheet in texts
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@pytest.mark.parametrize("name", [TEMPLATE, SELF_TEST])
def test_every_formula_is_a_dynamic_array_with_its_value(name: str) -> None:
    cells = _formulas(name)
    assert len(cells) > 30
    assert all(value is not None for *_, value in cells)
    with zipfile.ZipFile(_path(name)) as archive:
        sheets = [archive.read(part).decode() for part in archive.namelist() if part.startswith("xl/worksheets/sheet")]
    assert sum(sheet.count('cm="1"') for sheet in sheets) == sum(sheet.count('<f t="array"') for sheet in sheets)
    assert sum(len(re.findall(r"<f[ >]", sheet)) for sheet in sheets) == len(cells)


def test_the_dashboard_uses_every_balance_and_flow_and_a_spilling_waterfall() -> None:
    used = " ".join(getattr(text, "text", text) for *_, text, _ in _formulas(TEMPLATE))
    for name, formula in catalogue().items():
        if formula.group in ("Balances", "Flows"):
            assert f"={name}(" in used
    waterfall = next(text for sheet, _, text, _ in _formulas(TEMPLATE) if sheet == "Waterfall")
    assert re.fullmatch(r"A6:Q\d+", waterfall.ref)


def test_the_self_test_has_a_row_for_every_formula_and_every_error() -> None:
    sheet = openpyxl.load_workbook(_path(SELF_TEST), data_only=True)["Self-test"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=10, max_col=5) if row[0].value]
    formulas = " ".join(row[1] for row in rows)
    assert {name for name in catalogue() if f"{name}(" not in formulas} == set()
    assert {row[2] for row in rows if "ERROR.TYPE" in row[1]} == {3, 4, 6, 7}
    assert all(row[4] == "OK" and row[2] == row[3] for row in rows)
    assert sheet["A6"].value == "ALL OK"


def test_the_self_test_is_calculated_when_it_is_opened() -> None:
    def calculates(name: str) -> bool:
        with zipfile.ZipFile(io.BytesIO(_path(name).read_bytes())) as archive:
            return 'fullCalcOnLoad="1"' in archive.read("xl/workbook.xml").decode()

    assert calculates(SELF_TEST) and not calculates(TEMPLATE)
