"""The buttons: what each puts into the workbook, and that a drill down foots to its cell."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from addin.excel import answering, ribbon
from addin.excel.ribbon import BUTTONS, MENUS
from addin.excel.ribbon_xml import ribbon_xml
from addin.formulas.balances import MEASURES
from addin.formulas.books import OpenedBook
from addin.formulas.flows import FLOWS
from workbook_templates.sample import sample_rows

from .asking import ask
from .excel_in_memory import VBA, Excel, fill_in, given_back, real

UI = "{http://schemas.microsoft.com/office/2009/07/customui}"
REPORTS = ["Check", "Waterfall", "RollForward", "RPO", "Journal"]


@pytest.fixture
def excel(sample: OpenedBook) -> Excel:
    found = Excel(real)
    fill_in(found, sample_rows())
    return found


def _press(excel: Excel, button: str) -> list[str]:
    """Press a button; the texts of the boxes it showed."""
    before = len(excel.app.dialogs)
    excel.app.run("RatableDo", button)
    return [dialog[1] for dialog in excel.app.dialogs[before:]]


def _select(excel: Excel, formula: str, answer: Any, at: str = "B2") -> None:
    if isinstance(answer, list):
        last = f"{chr(ord(at[0]) + len(answer[0]) - 1)}{int(at[1:]) + len(answer) - 1}"
        excel.app.sheet("Sheet1").set_value(f"{at}:{last}", given_back(answer))
    else:
        excel.put(at, answer)
    excel.formulas[at] = formula
    excel.app.run("SelectCell", "Sheet1", at)


def test_the_ribbon_has_at_most_twelve_controls_that_all_call_one_procedure() -> None:
    root = ElementTree.fromstring(ribbon_xml())
    controls = [control for group in root.iter(f"{UI}group") for control in group]
    assert [next(control.iter(f"{UI}button")).get("id") for control in controls] == [name for name, *_ in BUTTONS]
    assert len(controls) <= 12
    assert {button.get("onAction") for button in root.iter(f"{UI}button")} == {"RatablePress"}
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(set(ids)) == len(ids)


def test_a_button_with_a_menu_is_a_split_button_as_office_takes_it() -> None:
    (split,) = ElementTree.fromstring(ribbon_xml()).iter(f"{UI}splitButton")
    button, menu = split
    assert (button.tag, menu.tag) == (f"{UI}button", f"{UI}menu")
    assert button.get("id") == "ClosePack"
    assert [each.get("id") for each in menu] == ["ClosePeriod", "ReopenPeriod"]
    assert not any(each.get("size") for each in split.iter(f"{UI}button"))  # which Office refuses within one


def test_every_button_is_answered_by_vba_or_by_an_action() -> None:
    vba = (VBA / "RatableRibbon.bas").read_text("utf-8")
    every = {name for name, *_ in (*BUTTONS, *(each for menu in MENUS.values() for each in menu))}
    by_vba = {name for name in every if f'Case "{name}"' in vba}
    assert every == by_vba | set(ribbon._BUTTONS)
    assert by_vba - set(ribbon._BUTTONS) == {"Refresh", "Freeze"}


@pytest.mark.parametrize("button", REPORTS)
def test_a_report_is_a_new_sheet_with_the_rows_of_the_command_line(excel: Excel, button: str) -> None:
    assert _press(excel, button) == []
    sheet = excel.app.sheets()[-1]
    assert sheet.name == {"RollForward": "Roll-forward"}.get(button, button)
    assert str(sheet.value("A1")).startswith(sheet.name)
    headers = [row for row in sheet.rows() if row and row[0] not in (None, "")][1]
    assert "currency" in headers or headers[0] == "severity"


def test_a_second_report_gets_a_name_of_its_own(excel: Excel) -> None:
    _press(excel, "RPO")
    _press(excel, "RPO")
    assert [sheet.name for sheet in excel.app.sheets()][-2:] == ["RPO", "RPO 2"]


def test_ids_and_texts_of_a_report_stay_text(excel: Excel) -> None:
    rows = [["name", "number", ""], ["00123", 4.0, ""], ["=1+1", 5.0, ""]]
    answer = [["sheet", "Check", "Check"], ["@", "General", ""], *rows]
    other = Excel(lambda *_: answer)
    assert _press(other, "Help") == []
    sheet = other.app.sheets()[-1]
    assert (sheet.value("A5"), sheet.value("A6"), sheet.value("B5")) == ("00123", "=1+1", 4.0)


def test_help_lists_every_formula(excel: Excel) -> None:
    _press(excel, "Help")
    assert "=" not in str(excel.app.sheets()[-1].value("D5"))[:1]
    assert excel.app.sheets()[-1].name == "Help"


def test_why_tells_the_reason_of_an_error(excel: Excel) -> None:
    excel.ask('=BACKLOG("C-9")', at="B2")
    assert "C-9" in excel.why("B2")
    excel.app.run("SelectCell", "Sheet1", "B2")
    assert _press(excel, "Why") == ["no contract or obligation 'C-9' in the book"]


def test_why_shows_the_arithmetic_of_a_contract(excel: Excel) -> None:
    formula = '=DEFERRED_BALANCE("C-1002","2026-03-31")'
    _select(excel, formula, excel.ask(formula, "B2"))
    assert _press(excel, "Why") == []
    assert excel.app.sheets()[-1].name == "Why C-1002"
    assert "Sheet1!B2" in str(excel.app.sheets()[-1].value("A2"))


def test_a_drill_down_foots_to_its_cell_and_leads_back(excel: Excel) -> None:
    formula = '=DEFERRED_BALANCE("C-1012","2026-06-30")'
    figure = excel.ask(formula, "B2")
    _select(excel, formula, figure)
    assert _press(excel, "DrillDown") == []
    sheet = excel.app.sheets()[-1]
    assert sheet.name == "Drill DEFERRED_BALANCE"
    assert sheet.value("A2") == "Back to Sheet1!B2"
    last = max(n for n in range(5, 60) if sheet.value(f"E{n}") == "difference")
    assert sheet.value(f"F{last - 2}") == pytest.approx(figure)
    assert sheet.value(f"F{last - 1}") == figure
    assert sheet.value(f"F{last}") == 0


def test_a_cell_of_an_array_is_drilled_by_its_own_contract_and_day(excel: Excel) -> None:
    formula = '=BACKLOG(A1:A2,"2026-03-31")'
    excel.put("A1", "C-1002")
    excel.put("A2", "C-1009")
    rows = excel.ask(formula, "B2")
    answer = answering.press(
        "DrillDown",
        "",
        "",
        ((("BACKLOG", ((("C-1002",), ("C-1009",)), "2026-03-31", None, _book(excel))),), 1.0, 0.0, False),
    )
    assert sum(row[5] for row in answer[3:]) == rows[1][0]
    assert {row[0] for row in answer[3:]} == {"C-1009"}


def _book(excel: Excel) -> str:
    return str(excel.ask("=RATABLE_BOOK()"))


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=1+1", "calls no formula of Ratable"),
        ('=BACKLOG("C-1002")+BACKLOG("C-1009")', "2 calls of Ratable"),
        ("=RPO_BANDS()", "no figure of its own"),
        (f'=BACKLOG("C-1002")+{"0+" * 120}0', "longer than 255 characters"),
    ],
)
def test_what_cannot_be_drilled_is_told(excel: Excel, formula: str, reason: str) -> None:
    _select(excel, formula, 1.0)
    (told,) = _press(excel, "DrillDown")
    assert reason in told


@pytest.mark.parametrize("name", [*MEASURES, *FLOWS])
def test_the_rows_of_a_drill_add_up_to_the_figure(sample: OpenedBook, name: str) -> None:
    for contract in ("C-1002", "C-1012", "C-1016", None):
        days = ("2026-01", "2026-06") if name in FLOWS else ("2026-06-30",)
        figure = ask(sample, name, contract, *days, "currency=USD")
        call = (name, (contract, *days, "currency=USD", sample.text))
        answer = answering.press("DrillDown", "", "", ((call,), 0.0, 0.0, False))
        rows = answer[3:]
        assert round(sum(row[5] for row in rows), 2) == figure
        assert all(row[6] or "netting" in row[1] for row in rows)


def test_new_and_close_pack_write_files_through_the_actions(sample: OpenedBook, tmp_path: Path) -> None:
    made = answering.press("New", "", "", str(tmp_path / "Book.xlsx"))
    assert made[0][0] == "file" and Path(made[0][1]).exists()
    assert "never written over" in answering.press("New", "", "", str(tmp_path / "Book.xlsx"))
    pack = answering.press("ClosePack", sample.text, str(tmp_path / "Book.xlsm"), str(tmp_path / "Pack.xlsx"))
    assert Path(pack[0][1]).stat().st_size > 10_000


def test_refresh_reads_the_tables_again(excel: Excel) -> None:
    before = excel.ask('=CONTRACTED("C-1009","2026-06-30")')
    sheet = excel.app.sheet("Obligations")
    row = next(n for n in range(2, 60) if sheet.value(f"A{n}") == "C-1009")
    column = next(c for c in "CDEFGH" if sheet.value(f"{c}1") == "price")
    sheet.set_value(f"{column}{row}", "1.00")
    assert _press(excel, "Refresh") == []
    assert excel.ask('=CONTRACTED("C-1009","2026-06-30")') != before


def test_freezing_copies_the_sheet_with_values(excel: Excel) -> None:
    excel.app.run("SelectCell", "Sheet1", "A1")
    excel.put("A1", 3)
    excel.app.sheet("Sheet1").sheet.vba_get("Range", ["A2"]).vba_set("Formula", "=A1*2")
    (told,) = _press(excel, "Freeze")
    assert "values in place of formulas" in told
    assert len(excel.app.workbooks()) == 2
    assert excel.app.sheet(1).formula("A2") == "6"
    assert excel.app.sheet(1, workbook=excel.app.workbooks()[0]).formula("A2") == "=A1*2"


def test_a_button_without_a_usable_book_says_what_to_mend(excel: Excel) -> None:
    excel.app.sheet("Obligations").set_value("A2", "C-9999")
    (told,) = _press(excel, "Waterfall")
    assert "C-9999" in told
    assert _press(excel, "Check") == []
    assert str(excel.app.sheets()[-1].value("A1")).startswith("Check: ")
