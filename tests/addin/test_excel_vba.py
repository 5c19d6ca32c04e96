"""Our VBA, compiled and run: wrappers and bridge against a probe, and against the formulas themselves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.interpreter import parse_module

from addin.excel.wrappers import wrappers
from addin.formulas.books import OpenedBook
from addin.formulas.catalogue import catalogue
from workbook_templates.sample import sample_rows

from .excel_in_memory import LEFT_OUT, VBA, Excel, fill_in, real

SELF_TEST_PATH = Path(__file__).parents[2] / "workbook_templates" / "Ratable self-test.xlsm"
SOURCES = {file.name: file.read_text("utf-8") for file in sorted(VBA.iterdir())} | {"RatableFunctions.bas": wrappers()}


class Probe:
    """A program that notes what it is asked and gives one answer."""

    def __init__(self, answer: Any = 12.5) -> None:
        self.answer, self.asked = answer, []

    def __call__(self, module: str, name: str, arguments: tuple[Any, ...]) -> Any:
        assert module == "addin.excel.udf_server"
        self.asked.append((name, arguments))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer(name, arguments) if callable(self.answer) else self.answer


# ---- the text


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_module_is_what_the_editor_of_vba_can_hold(name: str) -> None:
    source = SOURCES[name]
    source.encode("cp1252")
    lines = source.split("\n")
    assert lines[0] == "Option Explicit"
    assert max(map(len, lines)) <= 120 or name == "RatableFunctions.bas"
    assert max(map(len, lines)) < 1023
    runs = "".join("_" if line.endswith(" _") else "." for line in lines).split(".")
    assert max(map(len, runs)) <= 24
    assert "\t" not in source and not any(line != line.rstrip() for line in lines)


@pytest.mark.parametrize("bits", [True, False], ids=["64 bits", "32 bits"])
@pytest.mark.parametrize("name", [name for name in sorted(SOURCES) if name.endswith(".bas")])
def test_a_module_compiles_in_either_excel(name: str, bits: bool) -> None:
    source = SOURCES[name].replace("#If Win64", "#If VBA7" if bits else "#If Mac")
    assert parse_module(source, name=name)


def test_both_bridges_are_of_the_pinned_xlwings() -> None:
    server = SOURCES["RatableServer.bas"]
    assert server.count("xlwings64-0.37.8.dll") == server.count("xlwings32-0.37.8.dll") == 2


def test_no_procedure_is_dead_code() -> None:
    whole = "\n".join(SOURCES.values())
    called_by_excel = set(catalogue()) | {
        "RatablePress", "RatableDescribe", "Workbook_Open", "Host_SheetChange", "Host_SheetCalculate",
        "Host_WorkbookBeforeClose", "Host_WorkbookOpen",
    }  # fmt: skip
    for name in re.findall(r"^(?:Public |Private )(?:Sub|Function) (\w+)", whole, re.MULTILINE):
        uses = len(re.findall(rf"\b{name}\b", whole))
        returns = len(re.findall(rf"^ *(?:Set )?{name} = ", whole, re.MULTILINE))
        assert name in called_by_excel or uses - returns > 1, name


def test_no_name_of_a_module_or_table_is_that_of_a_formula() -> None:
    names = {name.rpartition(".")[0].upper() for name in SOURCES}
    assert not names & set(catalogue())


# ---- wrappers against a probe


def test_every_wrapper_hands_over_all_its_arguments_in_order() -> None:
    probe = Probe(lambda name, arguments: "Ratable book" if name == "read" else 1.0)
    excel = Excel(probe)
    for name, formula in catalogue().items():
        if name in ("RATABLE_WHY", "RATABLE_BOOK"):
            continue
        given = [f'"{n}"' for n in range(len(formula.arguments))]
        assert excel.ask(f"={name}({','.join(given)})") == 1.0
        assert probe.asked[-1] == ("ask", (name, tuple(str(n) for n in range(len(given))), False))


def test_arguments_arrive_as_what_their_cells_hold() -> None:
    probe = Probe()
    excel = Excel(probe)
    for cell, value in {"A1": "C-1", "B1": 46022, "A2": None, "B2": True, "C1": "2026-03-31"}.items():
        if value is not None:
            excel.put(cell, value)
    excel.ask('=DEFERRED_BALANCE(A1:B2,C1,,"book")')
    assert probe.asked[-1][1][1] == ((("C-1", 46022.0), (None, True)), 46112.0, LEFT_OUT, "book")


def test_left_out_arguments_are_told_from_blank_cells() -> None:
    probe = Probe()
    Excel(probe).ask('=DEFERRED_BALANCE(A1,,,"book")')
    assert probe.asked[-1][1][1] == (None, LEFT_OUT, LEFT_OUT, "book")


def test_a_whole_column_is_handed_over_as_far_as_it_is_used() -> None:
    probe = Probe()
    excel = Excel(probe)
    excel.put("A1", "C-1")
    excel.put("A3", "C-3")
    excel.caller = excel.cell("Z1")
    excel.app.evaluate('BACKLOG(Range("A:A"),,,"book")')
    assert probe.asked[-1][1][1][0] == (("C-1",), (None,), ("C-3",))


def test_an_array_comes_back_with_its_numbers_and_errors() -> None:
    excel = Excel(Probe([["x", 1.0], ["#RATABLE!2042|no contract C-9", 2.0]]))
    assert str(excel.ask('=BACKLOG("C-9",,,"book")', at="D4")) == "[['x', 1.0], [Error 2042, 2.0]]"
    assert excel.why("D5") == "no contract C-9"
    assert "no longer known" in excel.why("D4")


@pytest.mark.parametrize("number", [2042, 2015, 2036, 2023, 2007])
def test_an_error_becomes_a_true_error_with_its_reason(number: int) -> None:
    excel = Excel(Probe(f"#RATABLE!{number}|because | of this"))
    assert str(excel.ask('=BACKLOG("C-9",,,"book")')) == f"Error {number}"
    assert excel.why() == "because | of this"


def test_a_cell_without_an_error_needs_no_reason() -> None:
    excel = Excel(Probe())
    assert excel.app.evaluate('RATABLE_WHY(Range("A1"))') == ""


def test_a_range_of_several_blocks_is_refused_with_a_reason() -> None:
    excel = Excel(Probe())
    excel.caller = excel.cell("Z1")
    found = excel.app.evaluate('BACKLOG(Union(Range("A1"), Range("C3")),,,"book")')
    assert str(found) == "Error 2023"
    assert "one block" in excel.why()


# ---- a program that is not there


def test_a_missing_program_is_an_error_that_says_what_to_do() -> None:
    excel = Excel(Probe())
    excel.install("")
    assert str(excel.ask('=BACKLOG("C-1",,,"book")')) == "Error 2023"
    assert "Run its installer, then press Refresh" in excel.why()
    assert "not installed" in str(excel.app.evaluate("Application.StatusBar"))


def test_a_program_that_does_not_start_is_not_waited_for_by_every_cell() -> None:
    excel = Excel(Probe())
    excel.break_down(True)
    for _ in range(5):
        assert str(excel.ask('=BACKLOG("C-1",,,"book")')) == "Error 2023"
    assert excel.starts == 1
    assert "did not start: The process ended." in excel.why()
    excel.break_down(False)
    excel.app.run("RatableRetry")
    assert excel.ask('=BACKLOG("C-1",,,"book")') == 12.5


def test_a_program_that_has_ended_is_started_once_more() -> None:
    ended = iter([True, False])

    def answer(name: str, arguments: Any) -> Any:
        from pyopenvba.exceptions import VBARuntimeError

        if next(ended, False):
            raise VBARuntimeError(462, "The remote server machine does not exist or is unavailable")
        return 7.0

    excel = Excel(Probe(answer))
    assert excel.ask('=BACKLOG("C-1",,,"book")') == 7.0
    assert excel.starts == 2


def test_a_program_that_keeps_ending_is_given_up() -> None:
    from pyopenvba.exceptions import VBARuntimeError

    excel = Excel(Probe(VBARuntimeError(462, "unavailable")))
    assert str(excel.ask('=BACKLOG("C-1",,,"book")')) == "Error 2023"
    assert excel.starts == 2
    assert "does not answer (unavailable)" in excel.why()


# ---- books


@pytest.fixture
def excel(sample: OpenedBook) -> Excel:
    found = Excel(real)
    fill_in(found, sample_rows())
    return found


def test_a_blank_book_is_the_tables_of_the_workbook(excel: Excel) -> None:
    assert excel.ask('=DEFERRED_BALANCE("C-1002","2026-03-31")') == 36164.38


def test_a_changed_cell_has_the_tables_read_again(excel: Excel) -> None:
    before = excel.ask('=CONTRACTED("C-1009","2026-06-30")')
    prices = excel.app.sheet("Obligations")
    row = next(n for n in range(2, 60) if prices.value(f"A{n}") == "C-1009")
    column = next(c for c in "CDEFGH" if prices.value(f"{c}1") == "price")
    prices.set_value(f"{column}{row}", "1.00")
    assert excel.ask('=CONTRACTED("C-1009","2026-06-30")') == before  # Excel has not told of the change yet
    excel.app.run("RatableForget", excel.app.workbook)
    assert excel.ask('=CONTRACTED("C-1009","2026-06-30")') != before


def test_a_book_in_a_cell_is_read_again_by_a_program_that_does_not_know_it(excel: Excel) -> None:
    book = excel.app.sheet("Sheet1")
    book.set_value("A1", "Ratable book 0123456789abcdef as of 2026-06-30")
    excel.formulas["A1"] = (
        '=RATABLE_BOOK(Worksheets("Contracts").UsedRange,Worksheets("Obligations").UsedRange,'
        'Worksheets("Billings").UsedRange,Worksheets("Rates").UsedRange)'
    )
    assert excel.ask('=BILLED_TO_DATE("C-1002","2026-03-31",,A1)') == 48000.0


def test_a_book_in_a_cell_that_cannot_be_read_again_says_what_to_press(excel: Excel) -> None:
    excel.app.sheet("Sheet1").set_value("A1", "Ratable book 0123456789abcdef as of 2026-06-30")
    excel.formulas["A1"] = '=RATABLE_BOOK("a text")'
    assert str(excel.ask('=BILLED_TO_DATE("C-1002","2026-03-31",,A1)')) == "Error 2023"
    assert "press Refresh" in excel.why()


def test_a_workbook_without_tables_says_so() -> None:
    excel = Excel(real)
    assert str(excel.ask("=BACKLOG()")) == "Error 2023"
    assert "has no tables of a book" in excel.why()


def test_tables_of_excel_are_found_by_name_without_their_totals(excel: Excel) -> None:
    other = Excel(real)
    rows = sample_rows()
    fill_in(other, {name: rows[name] for name in ("Contracts", "Obligations", "Rates")})
    fill_in(other, {"Documents": rows["Billings"]})
    other.app.run("MakeTable", "Documents", "BillingsTable")
    assert other.ask('=BILLED_TO_DATE("C-1002","2026-03-31")') == 48000.0


def test_problems_of_the_tables_are_told_by_their_cells(excel: Excel) -> None:
    obligations = excel.app.sheet("Obligations")
    obligations.set_value("A2", "C-9999")
    found = excel.ask("=RATABLE_PROBLEMS()")
    assert ["stop", "Obligations!A2"] in [[row[0], row[2]] for row in found]
    assert str(excel.ask('=BACKLOG("C-1002")')) == "Error 2023"
    assert "C-9999" in excel.why()


def test_a_table_that_is_no_range_is_refused(excel: Excel) -> None:
    assert str(excel.ask('=RATABLE_BOOK("Contracts")')) == "Error 2015"
    assert "Settings[#All]" in excel.why()


def test_the_wizard_gets_the_help_of_every_formula() -> None:
    described = wrappers()
    for name, formula in catalogue().items():
        assert f'Application.MacroOptions Macro:="{name}"' in described
        assert formula.summary.replace('"', '""') in described


# ---- the workbooks as they are shipped


def test_the_self_test_is_well_with_its_own_tables_and_macros(sample: OpenedBook) -> None:
    """Every row whose formula is one call; INDEX, SUM and ERROR.TYPE are Excel's own."""
    excel = Excel(real, SELF_TEST_PATH)
    sheet = excel.app.sheet("Self-test")
    assert excel.ask("=RATABLE_BOOK()") == sheet.value("B7") == sample.text
    tested = 0
    for row in range(10, 80):
        formula, expected = str(sheet.value(f"B{row}")), sheet.value(f"C{row}")
        if re.fullmatch(r"=[A-Z_]+\([^()]*\)", formula) and "NA()" not in formula:
            found = excel.ask(
                formula.replace("{50;25;75}", "50").replace("Book)", 'Worksheets("Self-test").Range("B7"))')
            )
            assert found == expected, formula
            tested += 1
    assert tested > 15


def test_the_modules_in_a_shipped_file_compile() -> None:
    from pyopenvba import ExcelFile

    for name in ("ratable.xlam", "Ratable.xlsm", "Ratable self-test.xlsm"):
        with ExcelFile(SELF_TEST_PATH.with_name(name)) as file:
            modules = file.vba_modules()
        for module in ("RatableServer", "RatableBridge", "RatableRibbon", "RatableFunctions"):
            assert parse_module(modules[module], name=module)
