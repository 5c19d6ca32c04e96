"""One report as a workbook: the look of the pack, totals per currency, a name a spreadsheet accepts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.reports.table import Column, Table
from engine.sheets.table_sheet import write_table
from tests.sheets import made_up_pack, opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.xlsx"


def balances(path: Path) -> Workbook:
    write_table(
        made_up_pack.pack().balances,
        path,
        "Contract balances",
        line="Northwind Cloud Inc.",
        about="Where does each contract stand?",
        version="0.1.0",
        fingerprint="7f3a9c51e0b84d22",
        made_on=date(2026, 10, 5),
    )
    return opened.formulas(path)


def test_a_report_has_headings_amounts_and_a_live_total(path: Path) -> None:
    sheet = balances(path)["Contract balances"]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3, 6, 7)] == [
        *("Northwind Cloud Inc.", "Contract balances", "Where does each contract stand?", "Contract", "C-1001"),
    ]
    assert sheet["C19"].value == "=SUM(C7:C18)"
    assert opened.values(path)["Contract balances"]["C19"].value == 4_058_266.67


def test_it_looks_and_prints_like_the_pack(path: Path) -> None:
    book = balances(path)
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "B7"
    assert sheet.print_title_rows == "$6:$6"
    assert sheet.auto_filter.ref == "A6:M18"
    assert sheet.oddFooter.left.text == "Ratable 0.1.0 · Contract balances"
    assert sheet.oddFooter.right.text == "Book 7f3a9c51e0b84d22"
    assert book.properties.created == datetime(2026, 10, 5)


def test_without_a_day_the_file_has_no_time_of_the_machine(path: Path) -> None:
    write_table(made_up_pack.pack().rpo, path, "RPO")
    assert opened.formulas(path).properties.created == datetime(1980, 1, 1)


def test_currencies_are_added_up_apart(path: Path) -> None:
    pack = made_up_pack.pack(made_up_pack.DEALS_ABROAD)
    write_table(pack.revenue, path, "Revenue", periods=pack.periods)
    sheet = opened.values(path)["Revenue"]
    totals = [row[0].value for row in sheet.iter_rows() if str(row[0].value).startswith("Total")]
    assert totals == ["Total USD", "Total JPY", "Total KWD"]
    assert sheet["E6"].value == datetime(2026, 1, 31)
    assert not sheet.auto_filter.ref


def test_openings_and_closings_are_not_added_up_over_periods(path: Path) -> None:
    write_table(made_up_pack.pack().deferred_rollforward, path, "Roll-forward")
    sheet = opened.values(path)["Roll-forward"]
    total = next(row for row in sheet.iter_rows() if row[0].value == "Total")
    assert (total[2].value, total[11].value) == (None, None)
    assert total[3].value == pytest.approx(sum(row[3] for row in made_up_pack.pack().deferred_rollforward.rows) / 100)
    assert sheet["E6"].value == "Recognized"


def test_totals_can_be_chosen_or_left_out(path: Path) -> None:
    write_table(made_up_pack.pack().balances, path, "Balances", totals=())
    assert "Total" not in [cell.value for cell in opened.values(path)["Balances"]["A"]]


def test_cells_of_every_kind_are_written_as_such(path: Path) -> None:
    columns = (
        Column("day", "date"),
        Column("what"),
        Column("share", "number"),
        Column("count", "integer"),
        Column("amount", "money"),
    )
    rows = [(date(2026, 3, 31), "=1+1", Decimal("0.25"), 7, 12345), (None, None, 0.5, None, None)]
    write_table(Table(columns, rows), path, "Kinds")
    sheet = opened.formulas(path)["Kinds"]
    assert [sheet.cell(7, column).value for column in range(1, 6)] == [datetime(2026, 3, 31), "=1+1", 0.25, 7, 123.45]
    assert sheet["B7"].data_type == "s"
    assert [sheet.cell(8, column).value for column in range(1, 6)] == [None, None, 0.5, None, None]
    assert sheet["A7"].number_format == "yyyy-mm-dd"


def test_long_texts_are_wrapped_and_results_colored(path: Path) -> None:
    columns = tuple(Column(name) for name in ("severity", "name", "where", "found", "remedy"))
    rows = [(p.severity, p.name, p.where, p.found, p.remedy) for p in made_up_pack.CHECKS]
    write_table(Table(columns, rows), path, "Checks")
    sheet = opened.formulas(path)["Checks"]
    assert sheet["D10"].alignment.wrap_text
    assert sheet.column_dimensions["D"].width == 60
    assert [str(area.sqref) for area in sheet.conditional_formatting] == ["A7:A11"]


def test_an_empty_report_says_so(path: Path) -> None:
    write_table(replace(made_up_pack.pack().balances, rows=[]), path, "Balances")
    assert opened.values(path)["Balances"]["A7"].value == "None"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Revenue: Q1/Q2 [draft]", "Revenue Q1 Q2 draft"),
        ("'quoted'", "quoted"),
        ("?", "Table"),
        ("x" * 40, "x" * 31),
        ("a\x00b", "a b"),
    ],
)
def test_any_title_makes_a_sheet_name(title: str, name: str, path: Path) -> None:
    write_table(made_up_pack.pack().rpo, path, title)
    assert opened.formulas(path).sheetnames == [name]


def test_progress_is_told(path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_table(made_up_pack.pack().balances, path, "Balances", progress=lambda *step: told.append(step))
    assert told == [("Balances", 12, 12), ("table.xlsx", 12, 12)]
