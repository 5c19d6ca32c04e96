"""The workbook to fill in: all that is in it comes from the metadata of the tables, and the reader takes it back."""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from engine.book import catalogue
from engine.book.book import Book
from engine.book.currencies import DECIMALS
from engine.book.reading import book_from_rows, examine_book, read_book
from engine.reports.balances import balances
from engine.schedule.compile import compile_book
from engine.sheets.template import READ_ME, SPARE_ROWS, write_template
from engine.sheets.template_help import CURRENCIES, LIST, MESSAGE, TITLE
from engine.sheets.template_rows import TableRows

TODAY = date(2026, 7, 15)
TABLES = catalogue.table_names()
Rows = dict[str, list[dict[str, object]]]
ONE_CONTRACT: Rows = {
    "Contracts": [{"contract_id": "00123", "customer": "=SUM(A1:A9)", "signed_on": "2026-01-02", "region": "-North"}],
    "Obligations": [
        {
            "contract_id": "00123", "obligation_id": "1e5", "price": "1200.50", "product": "2026-01-02",
            "recurring": True, "start": "2026-01-01", "end": "2026-12-31",
        }
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def new_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "book.xlsx"
    write_template(path)
    return path


@pytest.fixture(scope="module")
def workbook(new_book: Path) -> Workbook:
    return openpyxl.load_workbook(new_book)


def written(folder: Path, rows: TableRows) -> Path:
    path = folder / "filled.xlsx"
    write_template(path, rows)
    return path


def header(sheet: Worksheet) -> list[Any]:
    return [cell.value for cell in sheet[1]]


def validations(sheet: Any) -> Any:
    return sheet.data_validations.dataValidation


def all_validations(workbook: Workbook) -> Iterator[Any]:
    return itertools.chain.from_iterable(validations(sheet) for sheet in workbook.worksheets)


def below(sheet: Worksheet, column: str) -> Any:
    """The validation of the cells below a header."""
    letter = get_column_letter(header(sheet).index(column) + 1)
    return next(each for each in validations(sheet) if str(each.sqref).startswith(f"{letter}2"))


# ---- what is there


def test_a_sheet_of_instructions_comes_first_and_then_the_tables_in_their_order(workbook: Workbook) -> None:
    assert workbook.sheetnames == [READ_ME, *TABLES]
    assert workbook.active is workbook[READ_ME]


def test_each_table_is_an_excel_table_with_the_name_of_its_sheet_unless_a_formula_has_it(workbook: Workbook) -> None:
    for sheet in TABLES:
        name = "BillingsTable" if sheet == "Billings" else sheet
        tables = workbook[sheet].tables
        assert list(tables) == [name]
        assert tables[name].displayName == name
        assert tables[name].ref.startswith("A1:")
        assert tables[name].autoFilter.ref == tables[name].ref


def test_no_table_is_called_like_a_formula() -> None:
    from addin.formulas.catalogue import catalogue as formulas

    assert not {catalogue.excel_name(name).upper() for name in TABLES} & set(formulas())


def test_the_headers_are_the_columns_of_the_metadata(workbook: Workbook) -> None:
    for name in TABLES:
        expected = [column.name for column in catalogue.columns(name)]
        own = ["help"] if name == "Settings" else []
        assert header(workbook[name]) == [*expected, *own]


def test_table_columns_are_named_as_the_text_of_their_header_cells(workbook: Workbook) -> None:
    for name in TABLES:
        table = workbook[name].tables[catalogue.excel_name(name)]
        assert [column.name for column in table.tableColumns] == header(workbook[name])
        assert all(cell.data_type == "s" for cell in workbook[name][1])


def test_ids_of_tables_are_unique_and_each_has_a_row_below_its_header(workbook: Workbook) -> None:
    tables = [workbook[name].tables[catalogue.excel_name(name)] for name in TABLES]
    assert len({table.id for table in tables}) == len(tables)
    assert all(int(table.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) >= 2 for table in tables)


def test_required_columns_are_marked(workbook: Workbook) -> None:
    for name in TABLES:
        fills = {True: set(), False: set()}  # type: dict[bool, set[str]]
        for column, cell in zip(catalogue.columns(name), workbook[name][1], strict=False):
            fills[column.required].add(cell.fill.fgColor.rgb)
        assert len(fills[True]) == 1
        assert not fills[True] & fills[False]


def test_every_setting_stands_at_its_default_with_its_help(workbook: Workbook) -> None:
    rows = {row[0]: row[1:] for row in workbook["Settings"].iter_rows(min_row=2, values_only=True)}
    assert list(rows) == [column.name for column in catalogue.settings()]
    for column in catalogue.settings():
        value, words = rows[column.name]
        assert str(value or "") == ("" if column.default_value is None else column.default)
        assert str(words).startswith(column.help)


def test_nothing_is_hidden_merged_commented_or_calculated(new_book: Path, workbook: Workbook) -> None:
    for sheet in workbook.worksheets:
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())
        assert not any(cell.data_type == "f" or cell.comment for row in sheet.iter_rows() for cell in row)
    with zipfile.ZipFile(new_book) as archive:
        assert not [name for name in archive.namelist() if "vba" in name or "comments" in name]


def test_headers_and_the_ids_of_a_row_stay_in_sight(workbook: Workbook) -> None:
    panes = {name: workbook[name].freeze_panes for name in TABLES}
    assert panes["Contracts"] == "B2"
    assert panes["Obligations"] == panes["Billings"] == panes["Events"] == "C2"
    assert panes["Rates"] == "A2"
    assert all(workbook[name].print_title_rows for name in TABLES)


def test_each_sheet_says_on_paper_what_it_is_for(workbook: Workbook) -> None:
    for name in TABLES:
        sheet: Any = workbook[name]
        assert catalogue.purpose(name) in sheet.oddHeader.left.text
        assert sheet.page_setup.orientation == "landscape"
        assert len(str(sheet.oddHeader.left)) <= 250


def test_the_instructions_name_every_table_and_what_is_required(workbook: Workbook) -> None:
    said = {row[0]: row[2] for row in workbook[READ_ME].iter_rows(values_only=True)}
    for name in TABLES:
        assert said[name] == ("required" if catalogue.is_required(name) else "optional")


# ---- help while typing


def test_every_cell_below_a_header_and_every_header_shows_what_it_is(workbook: Workbook) -> None:
    for name in TABLES:
        for column in catalogue.columns(name):
            prompts = [each for each in validations(workbook[name]) if each.promptTitle.split(" ")[0] == column.name]
            if (name, column.name) != ("Settings", "value"):
                assert len(prompts) == 2
            assert all(each.showInputMessage and each.prompt.startswith(column.help) for each in prompts)


def test_titles_messages_and_lists_stay_within_what_excel_takes(workbook: Workbook) -> None:
    for each in all_validations(workbook):
        assert len(each.promptTitle) <= TITLE
        assert len(each.errorTitle or "") <= TITLE
        assert 0 < len(each.prompt) <= MESSAGE
        assert len(each.error or "") <= MESSAGE - 30
        assert len(each.formula1 or "") <= LIST


def test_no_two_validations_overlap(workbook: Workbook) -> None:
    for name in TABLES:
        areas = [area for each in validations(workbook[name]) for area in each.sqref.ranges]
        for one, other in itertools.combinations(areas, 2):
            assert one.isdisjoint(other)


def test_allowed_words_are_offered_and_others_refused(workbook: Workbook) -> None:
    for name in TABLES:
        for column in catalogue.columns(name):
            if column.allowed and not (name == "Settings" and column.name == "value"):
                rule = below(workbook[name], column.name)
                assert rule.formula1 == f'"{",".join(column.allowed)}"'
                assert (rule.type, rule.errorStyle, rule.showErrorMessage) == ("list", "stop", True)


def test_the_values_of_settings_are_offered_one_by_one(workbook: Workbook) -> None:
    rules = {each.promptTitle: each for each in validations(workbook["Settings"]) if str(each.sqref).startswith("B")}
    for column in catalogue.settings():
        if column.allowed:
            assert rules[column.name].formula1 == f'"{",".join(column.allowed)}"'
    assert (rules["fiscal_year_start"].formula1, rules["fiscal_year_start"].formula2) == ("1", "12")


def test_reasons_and_currencies_are_offered_yet_others_can_be_entered(workbook: Workbook) -> None:
    reason = below(workbook["Billings"], "reason")
    assert "billing_error" in (reason.formula1 or "")
    assert not reason.showErrorMessage
    assert below(workbook["Contracts"], "currency").errorStyle == "warning"
    assert set(CURRENCIES) <= set(DECIMALS)


@pytest.mark.parametrize(
    ("table", "column", "source"),
    [
        ("Obligations", "contract_id", "Contracts!$A$2"),
        ("Billings", "contract_id", "Contracts!$A$2"),
        ("Billings", "obligation_id", "OFFSET(Obligations!$B$1,MATCH($B2,"),
        ("Events", "obligation_id", "OFFSET(Obligations!$B$1,MATCH($B2,"),
        ("Estimates", "obligation_id", "OFFSET(Obligations!$B$1,MATCH($A2,"),
        ("Billings", "applies_to", "Billings!$A$2"),
        ("Contracts", "combined_with", "Contracts!$A$2"),
        ("Costs", "contract_id", "Contracts!$A$2"),
        ("Ledger", "account", "Accounts!$B$2"),
    ],
)
def test_ids_are_offered_from_where_they_are_defined_with_a_warning_only(
    workbook: Workbook, table: str, column: str, source: str
) -> None:
    rule = below(workbook[table], column)
    assert (rule.formula1 or "").startswith(source)
    assert rule.errorStyle == "warning"


def test_numbers_and_dates_are_held_to_what_the_reader_takes(workbook: Workbook) -> None:
    assert below(workbook["Contracts"], "signed_on").type == "date"
    percent = below(workbook["Events"], "percent")
    assert (percent.type, percent.formula1, percent.formula2) == ("decimal", "0", "100")
    assert below(workbook["Rates"], "rate").operator == "greaterThan"


def test_help_and_formats_reach_far_below_the_last_row(workbook: Workbook) -> None:
    for name in TABLES:
        if name != "Settings":
            rows = [area.max_row for each in validations(workbook[name]) for area in each.sqref.ranges]
            assert sum(row >= SPARE_ROWS for row in rows) == len(catalogue.columns(name))
            styled = workbook[name].column_dimensions
            assert styled["A"].number_format in ("@", "yyyy-mm-dd")


# ---- a new book


def test_a_new_book_is_read_without_any_problem(new_book: Path) -> None:
    book, problems = examine_book(new_book, TODAY)
    assert problems == []
    assert book is not None
    assert len(book.contracts) == len(book.obligations) == len(book.billings) == len(book.events) == 1


def test_a_new_book_gives_figures_that_tie_out_to_its_ledger(new_book: Path) -> None:
    book = read_book(new_book, TODAY)
    row = book.ledger.record(0)
    table = balances(compile_book(book), row.date, "total")
    assert dict(zip(table.names, table.rows[0], strict=True))["deferred_current"] == row.balance == 920548


def test_example_rows_are_told_from_others_by_their_required_cells(workbook: Workbook) -> None:
    rules = workbook["Contracts"].conditional_formatting
    (formula,) = [rule.formula[0] for area in rules for rule in area.rules]
    assert formula == 'AND($A2="EXAMPLE-1",$B2="Example customer",$C2=DATE(2025,12,15))'


def test_no_example_is_left_in_a_book_that_is_filled(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(written(tmp_path, ONE_CONTRACT))
    assert all(not list(sheet.conditional_formatting) for sheet in workbook.worksheets)
    assert workbook["Events"].tables["Events"].ref.endswith("2")
    assert [cell.value for cell in workbook["Events"][2]] == [None] * len(catalogue.columns("Events"))


# ---- rows given


def reread(tmp_path: Path, rows: Mapping[str, Any]) -> tuple[Book, Book]:
    """The book of some rows, and the book of the workbook made of them."""
    return book_from_rows(rows, TODAY), read_book(written(tmp_path, rows), TODAY)


def test_a_filled_workbook_is_the_same_book_as_its_rows(tmp_path: Path) -> None:
    direct, through_file = reread(tmp_path, ONE_CONTRACT)
    assert through_file.fingerprint == direct.fingerprint
    assert through_file.problems == []


def test_ids_stay_text_whatever_they_look_like(tmp_path: Path) -> None:
    path = written(tmp_path, ONE_CONTRACT)
    sheet = openpyxl.load_workbook(path)["Obligations"]
    assert [sheet["A2"].value, sheet["B2"].value, sheet["D2"].value] == ["00123", "1e5", "2026-01-02"]
    assert sheet["A2"].number_format == sheet["B2"].number_format == sheet["D2"].number_format == "@"
    assert read_book(path, TODAY).contracts["contract_id"] == ["00123"]


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path, ONE_CONTRACT))["Contracts"]
    assert sheet["B2"].value == "=SUM(A1:A9)"
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].quotePrefix


def test_dates_and_amounts_are_real_ones(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path, ONE_CONTRACT))["Obligations"]
    assert sheet["C2"].value == 1200.5
    assert sheet["H2"].is_date


def test_columns_of_the_users_own_follow_the_known_ones_and_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path, ONE_CONTRACT)
    assert header(openpyxl.load_workbook(path)["Contracts"])[-1] == "region"
    assert read_book(path, TODAY).contracts["region"] == ["-North"]


def test_amounts_show_the_decimals_of_their_contracts_currency(tmp_path: Path) -> None:
    rows = {
        "Contracts": [
            {"contract_id": "A", "customer": "a", "signed_on": "2026-01-01", "currency": "JPY"},
            {"contract_id": "B", "customer": "b", "signed_on": "2026-01-01", "currency": "KWD"},
        ],
        "Obligations": [
            {"contract_id": "A", "obligation_id": "x", "price": "1000", "method": "manual"},
            {"contract_id": "B", "obligation_id": "x", "price": "1.234", "method": "manual"},
        ],
    }
    sheet = openpyxl.load_workbook(written(tmp_path, rows))["Obligations"]
    assert sheet["C2"].number_format.startswith("#,##0_)")
    assert sheet["C3"].number_format.startswith("#,##0.000_)")


def test_settings_given_stand_beside_the_defaults_of_the_others(tmp_path: Path) -> None:
    rows: Rows = {
        **ONE_CONTRACT,
        "Settings": [{"name": "as_of", "value": date(2026, 3, 31)}, {"name": "calendar", "value": "4-4-5"}],
    }
    settings = read_book(written(tmp_path, rows), TODAY).settings
    assert (settings.as_of, settings.calendar, settings.rounding) == (date(2026, 3, 31), "4-4-5", "cumulative")


def test_cells_that_cannot_be_taken_are_written_as_they_are_for_the_reader_to_point_out(tmp_path: Path) -> None:
    rows: Rows = {
        **ONE_CONTRACT,
        "Obligations": [{**ONE_CONTRACT["Obligations"][0], "price": "about 100", "end": "2026-02-30"}],
    }
    _, problems = examine_book(written(tmp_path, rows), TODAY)
    assert [(problem.name, problem.where) for problem in problems] == [
        ("not-a-number", "Obligations!C2"), ("not-a-date", "Obligations!I2"),
    ]  # fmt: skip


def test_a_number_a_spreadsheet_cannot_hold_stays_text(tmp_path: Path) -> None:
    rows: Rows = {
        **ONE_CONTRACT,
        "Rates": [{"date": "2026-01-01", "from": "EUR", "to": "USD", "rate": "1.12345678901234567891"}],
    }
    direct, through_file = reread(tmp_path, rows)
    assert through_file.rates["rate"] == direct.rates["rate"]


def test_a_table_no_book_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a book has no table Invoices"):
        write_template(tmp_path / "book.xlsx", {"Invoices": []})
    assert not list(tmp_path.iterdir())


# ---- the file


def test_the_same_rows_give_the_same_bytes(tmp_path: Path, new_book: Path) -> None:
    write_template(tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == new_book.read_bytes()


def test_the_parts_of_the_file_carry_no_time(new_book: Path) -> None:
    with zipfile.ZipFile(new_book) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not re.search(rb"20\d\d-\d\d-\d\dT", archive.read("docProps/core.xml"))
