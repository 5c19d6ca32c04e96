"""What the close pack shows: sheets, figures, formulas with their values, checks that notice."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook

from engine.reports.table import Column, Table
from engine.sheets.pack import ALL, NO_COSTS, NO_DISCLOSURE, REQUIRED, SHEET_OF, Pack, Period, no_rows
from engine.sheets.words import CHOICE, OPTIONAL, SHEETS, with_needs
from tests.sheets import made_up_pack, opened

PACKS = {
    "one currency": made_up_pack.pack,
    "three currencies": lambda: made_up_pack.pack(made_up_pack.DEALS_ABROAD),
    "hostile texts": made_up_pack.nasty_pack,
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return opened.written(made_up_pack.pack(), tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def shown(path: Path) -> Workbook:
    return opened.values(path)


def changed(table: Table, column: str, by: int, row: int = 0) -> Table:
    """The table with one cell off by an amount."""
    place = table.names.index(column)
    rows = [list(cells) for cells in table.rows]
    rows[row][place] += by
    return replace(table, rows=rows)


def test_sheets_stand_in_the_order_an_auditor_reads_them(shown: Workbook) -> None:
    assert shown.sheetnames == [
        *("Contents", "Checks", "Summary", "Deferred roll-forward", "Backlog roll-forward", "Deferred waterfall"),
        *("Backlog waterfall", "Revenue schedule", "Contract balances", "RPO", "Journal"),
    ]
    assert shown.sheetnames == [name for name in SHEETS if name not in OPTIONAL]


def test_contract_costs_have_a_sheet_before_the_journal_where_there_are_any(tmp_path: Path) -> None:
    row = ["K-1", "C-1001", "obtain", "USD", 90_000, 30_000, -12_000, -8_000, 0, 100_000]
    pack = replace(made_up_pack.pack(), costs=replace(NO_COSTS, rows=[row]))
    book = opened.values(opened.written(pack, tmp_path))
    assert book.sheetnames[-2:] == ["Contract costs", "Journal"]
    shown = [[cell.value for cell in line] for line in book["Contract costs"].iter_rows()]
    line = next(cells for cells in shown if cells[0] == "K-1")
    assert line[4:11] == [900, 300, -120, -80, 0, 1000, 0]
    off = replace(made_up_pack.pack(), costs=replace(NO_COSTS, rows=[[*row[:-1], 100_001]]))
    book = opened.values(opened.written(off, tmp_path))
    line = next(cells for cells in book["Contract costs"].iter_rows(values_only=True) if cells[0] == "K-1")
    assert line[10] == -0.01


@pytest.mark.parametrize("name", PACKS)
def test_every_formula_carries_the_value_it_shows(name: str, tmp_path: Path) -> None:
    cells = [
        cell
        for cell in opened.raw_cells(opened.written(PACKS[name](), tmp_path))
        if opened.child(cell, "f") is not None
    ]
    assert len(cells) > 400
    for cell in cells:
        value = opened.child(cell, "v")
        assert value is not None and value.text, cell.attrib
        if cell.get("t") != "str":
            float(value.text)


def test_pandas_engines_see_totals_without_calculating(path: Path) -> None:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Contract balances").to_python()
    total = next(row for row in rows if row[0] == "Total")
    assert total[2] == 4_058_266.67


def test_totals_of_contract_balances_are_the_sums_of_the_contracts(shown: Workbook) -> None:
    deferred = opened.column_under(shown, "Contract balances", "Deferred revenue")
    expected = [deal.position(made_up_pack.AS_OF)["deferred"] / 100 for deal in made_up_pack.DEALS]
    assert deferred[: len(expected)] == expected
    assert deferred[len(expected)] == pytest.approx(sum(expected))


def test_opening_of_each_period_is_the_closing_before_by_formula(path: Path) -> None:
    book = opened.formulas(path)
    sheet = book["Deferred roll-forward"]
    opening, closing = (opened.find(book, sheet.title, f"{word} balance").row for word in ("Opening", "Closing"))
    assert isinstance(sheet.cell(opening, 2).value, float)
    for column in range(3, 11):
        before = sheet.cell(closing, column - 1)
        assert sheet.cell(opening, column).value == f"={before.coordinate}"
        letter = sheet.cell(closing, column).column_letter
        assert sheet.cell(closing, column).value == f"=ROUND(SUM({letter}{opening}:{letter}{closing - 1}),2)"


def test_lines_that_are_zero_stay_and_show_dashes(shown: Workbook) -> None:
    line = opened.find(shown, "Deferred roll-forward", "+ Interest on financing")
    cell = line.offset(column=1)
    assert cell.value == 0
    assert "–" in cell.number_format


def test_summary_links_to_the_sheets_it_sums_up(path: Path) -> None:
    book = opened.formulas(path)
    cell = opened.find(book, "Summary", "Contract assets").offset(column=1)
    assert cell.value.startswith("='Contract balances'!")
    assert cell.font.color.rgb.endswith("00703C")


def test_summary_shows_the_change_since_earlier_days(shown: Workbook) -> None:
    label = opened.find(shown, "Summary", "Backlog")
    today, earlier, change = (label.offset(column=column).value for column in (1, 2, 3))
    assert change == pytest.approx(today - earlier)
    assert earlier == pytest.approx(
        sum(d.position(made_up_pack.AS_OF - 1)["backlog"] for d in made_up_pack.DEALS) / 100
    )


def test_bands_of_rpo_have_shares_that_add_up(shown: Workbook) -> None:
    shares = [
        opened.find(shown, "RPO", word).offset(column=2).value for word in ("Within 12 months", "13 to 24 months")
    ]
    assert shares[0] == pytest.approx(1_338_080.55 / 2_783_847.21)
    assert opened.find(shown, "RPO", "Total of the bands").offset(column=2).value == pytest.approx(1)


def test_revenue_is_parted_into_recognized_and_scheduled(shown: Workbook) -> None:
    sheet = shown["Revenue schedule"]
    groups = [cell.value for cell in sheet[6] if cell.value]
    assert groups == ["Recognized", "Scheduled"]
    total = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Total")
    heads = [cell.value for cell in sheet[7]]
    recognized, scheduled = total[heads.index("Recognized")], total[heads.index("Scheduled")]
    assert recognized + scheduled == pytest.approx(total[heads.index("Total")])


def test_every_entry_of_the_journal_has_its_own_check(path: Path) -> None:
    sheet = opened.formulas(path)["Journal"]
    checks = [sheet.cell(row, 9).value for row in range(7, 31)]
    assert [check is None for check in checks] == [True, False] * 12
    assert checks[1] == "=ROUND(SUM(F7:F8)-SUM(G7:G8),2)"


def test_all_checks_are_collected_on_the_checks_sheet(path: Path) -> None:
    book = opened.formulas(path)
    links = [cell.value for cell in book["Checks"]["C"] if str(cell.value).startswith("='")]
    assert len(links) == 25
    assert {link.split("'")[1] for link in links} == set(SHEETS) - {"Contents", "Checks", *OPTIONAL}


def test_a_pack_that_holds_is_green_and_says_how_many_warnings_it_has(shown: Workbook) -> None:
    assert {sheet["A4"].value for sheet in shown} == {"OK, 1 warning"}
    assert [cell.value for cell in shown["Contents"]["C"]].count("OK") == 9


def test_a_pack_without_warnings_says_all_ok(tmp_path: Path) -> None:
    book = opened.values(opened.written(made_up_pack.pack(checks=made_up_pack.CHECKS[:3]), tmp_path))
    assert book["Contents"]["A4"].value == "All OK"


@pytest.mark.parametrize(
    ("table", "column", "sheet"),
    [
        ("deferred_rollforward", "billings", "Deferred roll-forward"),
        ("deferred_rollforward", "closing", "Deferred roll-forward"),
        ("backlog_rollforward", "opening", "Backlog roll-forward"),
        ("deferred_waterfall", "deferred", "Deferred waterfall"),
        ("deferred_waterfall", "thereafter", "Deferred waterfall"),
        ("backlog_waterfall", "to_date", "Backlog waterfall"),
        ("backlog_cohorts", "thereafter", "Backlog waterfall"),
        ("revenue", "2026-02", "Revenue schedule"),
        ("balances", "recognized", "Contract balances"),
        ("balances", "deferred_current", "Contract balances"),
        ("balances", "backlog_unbilled", "Contract balances"),
        ("balances", "billed", "Contract balances"),
        ("rpo", "backlog", "RPO"),
        ("rpo", "13-24", "RPO"),
        ("rpo", "rpo", "RPO"),
    ],
)
def test_one_wrong_cent_turns_the_light_red(table: str, column: str, sheet: str, tmp_path: Path) -> None:
    pack = made_up_pack.pack()
    broken = replace(pack, **{table: changed(getattr(pack, table), column, 1)})
    book = opened.values(opened.written(broken, tmp_path))
    assert book[sheet]["A4"].value.endswith("FAILED")
    assert opened.find(book, "Contents", sheet).offset(column=2).value == "FAIL"


def test_differences_that_cancel_each_other_are_still_found(tmp_path: Path) -> None:
    pack = made_up_pack.pack()
    rows = changed(changed(pack.balances, "recognized", 1), "recognized", -1, row=1)
    book = opened.values(opened.written(replace(pack, balances=rows), tmp_path))
    assert opened.find(book, "Contents", "Contract balances").offset(column=2).value == "FAIL"


def test_a_one_sided_entry_is_found(tmp_path: Path) -> None:
    pack = made_up_pack.pack()
    book = opened.values(opened.written(replace(pack, journal=changed(pack.journal, "debit", 1)), tmp_path))
    assert opened.find(book, "Contents", "Journal").offset(column=2).value == "FAIL"


def test_today_of_the_charts_is_held_against_the_key_figures(tmp_path: Path) -> None:
    pack = made_up_pack.pack()
    broken = replace(pack, trend=changed(pack.trend, "deferred", 1, row=12))
    assert opened.values(opened.written(broken, tmp_path))["Contents"]["A4"].value == "1 FAILED"


def test_failing_checks_of_the_book_turn_the_light_red_too(tmp_path: Path) -> None:
    book = opened.values(opened.written(made_up_pack.nasty_pack(), tmp_path))
    assert book["Contents"]["A4"].value == f"{len(made_up_pack.nasty_pack().checks)} FAILED"


def test_currencies_stand_apart_with_their_own_totals_and_decimals(tmp_path: Path) -> None:
    book = opened.values(opened.written(made_up_pack.pack(made_up_pack.DEALS_ABROAD), tmp_path))
    sheet = book["Contract balances"]
    totals = {row[0].value: row[2] for row in sheet.iter_rows() if str(row[0].value).startswith("Total")}
    assert list(totals) == ["Total USD", "Total JPY", "Total KWD"]
    assert totals["Total JPY"].value == 55_345_671
    assert [cell.number_format.split("_")[0] for cell in totals.values()] == ["#,##0.00", "#,##0", "#,##0.000"]


def test_one_currency_needs_no_headings_for_currencies(shown: Workbook) -> None:
    texts = {cell.value for sheet in shown for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert "USD" not in texts
    assert "amounts in USD" in shown["RPO"]["A1"].value


def test_months_are_headed_by_real_dates(path: Path) -> None:
    heads = opened.formulas(path)["Deferred roll-forward"][6][1:10]
    ends = [made_up_pack.end_of(month) for month in range(made_up_pack.FISCAL_YEAR, made_up_pack.AS_OF + 1)]
    assert [cell.value.date() for cell in heads] == ends
    assert {cell.number_format for cell in heads} == {"mmm-yy_)"}


def test_periods_that_are_no_months_show_their_label_and_last_day(tmp_path: Path) -> None:
    pack = made_up_pack.pack()
    weeks = [
        replace(p, start=date.fromordinal(p.start.toordinal() - 3), end=date.fromordinal(p.end.toordinal() - 3))
        if p.label < "2026-09"
        else p
        for p in pack.periods
    ]
    book = opened.values(opened.written(replace(pack, periods=weeks), tmp_path))
    for name in ("Deferred roll-forward", "Backlog roll-forward"):
        sheet = book[name]
        assert (sheet["B6"].value, sheet["B7"].value) == ("2026-01", datetime(2026, 1, 28))
        assert sheet.print_title_rows == "$6:$7"
    assert opened.find(book, "Summary", "2026-01").column == 1
    assert "2026-02" in [cell.value for cell in book["Revenue schedule"][7]]


def test_a_book_with_nothing_in_it_makes_a_pack_that_holds(tmp_path: Path) -> None:
    pack = made_up_pack.pack()
    empty = {name: replace(getattr(pack, name), rows=[]) for name in REQUIRED}
    book = opened.values(
        opened.written(replace(pack, **empty, checks=[], customers={}, comparatives=[], notes=[]), tmp_path)
    )
    assert book["Contents"]["A4"].value == "All OK"
    assert opened.find(book, "Journal", "None")
    assert not book["Summary"]._charts


def test_a_schedule_without_anything_recognized_has_no_such_columns(tmp_path: Path) -> None:
    pack = made_up_pack.pack()
    keep = [
        place
        for place, name in enumerate(pack.revenue.names)
        if not ("2026-01" <= name <= "2026-09" or name in ("before", "product"))
    ]
    rows = [[row[place] for place in keep] for row in pack.revenue.rows]
    for row in rows:
        row[-1] = sum(row[2:-1])
    table = Table(tuple(pack.revenue.columns[place] for place in keep), rows)
    book = opened.values(opened.written(replace(pack, revenue=table), tmp_path))
    assert [cell.value for cell in book["Revenue schedule"][6] if cell.value] == ["Scheduled"]
    assert book["Revenue schedule"]["A4"].value == "OK, 1 warning"


def test_a_roll_forward_that_ends_on_another_day_is_not_held_against_the_balances(tmp_path: Path) -> None:
    pack = made_up_pack.pack()
    earlier = replace(pack.deferred_rollforward, rows=pack.deferred_rollforward.rows[:-1])
    book = opened.values(opened.written(replace(pack, deferred_rollforward=earlier), tmp_path))
    assert "Per Contract balances" not in [cell.value for cell in book["Deferred roll-forward"]["A"]]


def test_charts_without_today_are_drawn_but_not_checked(tmp_path: Path) -> None:
    pack = made_up_pack.pack()
    ahead = replace(pack.trend, rows=[(*row[:2], None, None, row[4]) for row in pack.trend.rows])
    book = opened.formulas(opened.written(replace(pack, trend=ahead), tmp_path))
    assert len(book["Summary"]._charts) == 2
    assert "Check: today's bar = key figures" not in [cell.value for cell in book["Summary"]["A"]]


def test_translated_amounts_are_not_held_to_the_identity_of_billings(tmp_path: Path) -> None:
    pack = made_up_pack.pack()
    off = changed(pack.balances, "billed", 7)
    book = opened.values(opened.written(replace(pack, balances=off, translated=True), tmp_path))
    assert book["Contents"]["A4"].value == "OK, 1 warning"
    assert "translated to reporting currency" in opened.find(book, "Contents", "Currency").offset(column=1).value


@pytest.mark.parametrize("known", [True, False])
def test_reporting_amounts_show_where_they_are_known_for_a_foreign_currency(known: bool, tmp_path: Path) -> None:
    pack = made_up_pack.pack(made_up_pack.DEALS_ABROAD)
    if not known:
        rows = [(*row[:8], None, None, row[10]) if row[7] != "USD" else row for row in pack.journal.rows]
        pack = replace(pack, journal=replace(pack.journal, rows=rows))
    book = opened.values(opened.written(pack, tmp_path))
    assert ("Reporting debit" in [cell.value for cell in book["Journal"][6]]) is known


def test_customers_are_found_for_contracts_and_their_obligations() -> None:
    pack = made_up_pack.pack(customers={"C/1": "Slash", "C-1": "Plain"})
    assert [pack.customer(key) for key in ("C/1", "C-1", "C-1/plan", "C-9")] == ["Slash", "Plain", "Plain", ""]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_pack_refuses_a_table_without_its_columns(name: str) -> None:
    lacking: dict[str, Any] = {name: Table((Column("contract"),), [])}
    with pytest.raises(ValueError, match=f"the table {name} of a pack has no column"):
        made_up_pack.pack(**lacking)


def test_a_month_is_a_period_that_fills_a_calendar_month() -> None:
    assert Period("2026-02", date(2026, 2, 1), date(2026, 2, 28)).is_calendar_month
    assert not Period("2026-02", date(2026, 2, 1), date(2026, 2, 27)).is_calendar_month
    assert not Period("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)).is_calendar_month


def test_packs_can_be_put_together_without_openpyxl() -> None:
    code = "import sys, engine.sheets.pack; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_packs_are_values(path: Path) -> None:
    assert isinstance(made_up_pack.pack(), Pack)
    assert made_up_pack.pack() == made_up_pack.pack()


def _translated(table: Table) -> Table:
    """A roll-forward of which only the contracts in USD are left."""
    own = [row for row in table.rows if row[table.names.index("currency")] == "USD"]
    return Table((Column("contracts"), *table.columns), [[of, *row] for of in ("USD", ALL) for row in own])


@pytest.mark.parametrize("name", CHOICE)
def test_any_sheet_alone_comes_with_what_it_is_checked_against_and_every_check_holds(name: str, tmp_path: Path) -> None:
    row = ["K-1", "C-1001", "obtain", "USD", 90_000, 30_000, -12_000, -8_000, 0, 100_000]
    disclosed = replace(NO_DISCLOSURE, rows=[["606-10-50-8(a)", "Receivables, opening", "USD", 100]])
    concluded = Table((Column("judgment_id"), Column("what")), [["J-1", "upgrade is a separate contract"]])
    made_up = made_up_pack.pack()
    money = [Column(name, "money") for name in ("ledger", "book", "difference")]
    columns = (*map(Column, ("date", "account", "roles", "currency")), *money, Column("explanation"))
    tied = ["2026-03-31", "2400", "deferred_current", "USD", -100, -100, 0, ""]
    apart = ["2026-03-31", "1300", "contract_asset", "USD", None, 500, None, "the ledger has no balance of that day"]
    whole = replace(
        made_up,
        tie_out=Table(columns, [tied, apart]),
        tied_to="General ledger: tb.csv",
        costs=replace(NO_COSTS, rows=[row]),
        deferred_translated=_translated(made_up.deferred_rollforward),
        backlog_translated=_translated(made_up.backlog_rollforward),
        disclosure=disclosed,
        disclosure_translated=disclosed,
        judgments=concluded,
    )
    sheets = with_needs([name])
    others = {table: no_rows(table) for table, sheet in SHEET_OF.items() if sheet not in sheets}
    path = opened.written(replace(whole, chosen=sheets, **others), tmp_path)
    shown = opened.values(path)
    assert shown.sheetnames == ["Contents", "Checks", *sheets] and name in sheets
    results = [cell.value for cell in shown["Checks"]["A"] if cell.value in ("OK", "FAIL")]
    assert "FAIL" not in results and (results or name in ("Judgments", "Tie-out"))
    links = [cell.value for sheet in opened.formulas(path) for line in sheet.iter_rows() for cell in line]
    named = {found for text in links if isinstance(text, str) for found in SHEETS if f"'{found}'!" in text}
    assert named <= set(shown.sheetnames), "no formula leads to a sheet that is not there"


def test_a_chosen_sheet_shows_what_it_shows_in_the_whole_pack(tmp_path: Path, path: Path) -> None:
    whole, sheets = made_up_pack.pack(), with_needs(["RPO"])
    part = opened.values(opened.written(replace(whole, chosen=sheets), tmp_path))
    for name in sheets:
        cells = [
            list(sheet.iter_rows(min_row=5, values_only=True)) for sheet in (part[name], opened.values(path)[name])
        ]
        assert cells[0] == cells[1]
