"""Workbooks as people keep them: tables anywhere, typed and untyped cells, errors, formulas, damaged files."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table, TableColumn

from engine.book.book import Book
from engine.book.problems import Problem
from engine.book.reading import examine_book, read_book

from .books import GOOD, TODAY, write_workbook

Read = Callable[[openpyxl.Workbook], tuple[Book | None, list[Problem]]]
JANUARY, DECEMBER = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
BILLINGS: list[object] = ["document_id", "contract_id", "date", "amount"]


def small() -> openpyxl.Workbook:
    """A workbook with one contract and one obligation, each on a sheet of its name."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheet = book.create_sheet("Contracts")
    sheet.append(["contract_id", "customer", "signed_on"])
    sheet.append(["C1", "Acme", JANUARY])
    sheet = book.create_sheet("Obligations")
    sheet.append(["contract_id", "obligation_id", "price", "start", "end"])
    sheet.append(["C1", "plan", 1200, JANUARY, DECEMBER])
    return book


def with_table(book: openpyxl.Workbook, name: str, rows: list[list[object]], at: tuple[int, int], sheet: str) -> Table:
    """Add an Excel Table; `at` is the row and column of its first header, from 1."""
    page = book[sheet] if sheet in book.sheetnames else book.create_sheet(sheet)
    for n, row in enumerate(rows):
        for m, cell in enumerate(row):
            page.cell(at[0] + n, at[1] + m, cell)
    first, last = page.cell(*at).coordinate, page.cell(at[0] + len(rows) - 1, at[1] + len(rows[0]) - 1).coordinate
    table = Table(displayName=name, ref=f"{first}:{last}")
    page.add_table(table)
    return table


def found(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.name, problem.where) for problem in problems]


def test_sheets_of_the_tables_names_make_a_book(read_sheets: Read) -> None:
    book, problems = read_sheets(small())
    assert problems == [] and book is not None
    assert book.obligations["price"] == [120000] and book.obligations["end"] == [DECEMBER]
    assert book.obligations.where(0, "end") == "Obligations!E2"


def test_the_header_is_the_first_row_that_is_not_blank(read_sheets: Read) -> None:
    work = small()
    work["Obligations"].insert_rows(1, 4)
    work["Obligations"].insert_cols(1, 2)
    work["Obligations"]["E6"] = "a lot"
    assert found(read_sheets(work)[1]) == [("not-a-number", "Obligations!E6")]


def test_an_excel_table_is_found_by_name_wherever_it_stands(read_sheets: Read) -> None:
    work = small()
    sheet = work.create_sheet("My data (2026)")
    sheet["A1"], sheet["H40"] = "Invoices of the year", "a note"
    with_table(
        work, "billings", [BILLINGS, ["D1", "C1", JANUARY, 1200], ["D2", "C1", JANUARY, "x"]], (5, 3), sheet.title
    )
    with_table(work, "Other", [["a", "b"], [1, 2]], (20, 3), sheet.title)
    _, problems = read_sheets(work)
    assert found(problems) == [("not-a-number", "'My data (2026)'!F7")]


def test_a_table_wins_over_a_sheet_of_the_same_name(read_sheets: Read) -> None:
    work = small()
    work.create_sheet("Billings").append(["anything"])
    with_table(work, "Billings", [BILLINGS, ["D1", "C1", JANUARY, 5]], (1, 1), "Input")
    book, problems = read_sheets(work)
    assert problems == [] and book is not None and book.billings["amount"] == [500]


def test_several_tables_may_share_a_sheet(read_sheets: Read) -> None:
    work = small()
    with_table(work, "Billings", [BILLINGS, ["D1", "C1", JANUARY, 5]], (2, 2), "Input")
    with_table(work, "Accounts", [["role", "account"], ["revenue", 4000]], (2, 8), "Input")
    book, _ = read_sheets(work)
    assert book is not None and book.billings["amount"] == [500] and book.accounts["account"] == ["4000"]
    assert book.accounts.where(0, "account") == "Input!I3"


def test_a_totals_row_is_no_row_of_the_table(read_sheets: Read) -> None:
    work = small()
    table = with_table(
        work, "Billings", [BILLINGS, ["D1", "C1", JANUARY, 5], ["Total", None, None, 5]], (1, 1), "Input"
    )
    table.totalsRowCount = 1
    book, problems = read_sheets(work)
    assert problems == [] and book is not None and len(book.billings) == 1


def test_a_table_without_header_row_keeps_the_names_of_its_columns(read_sheets: Read) -> None:
    work = small()
    table = with_table(work, "Billings", [["D1", "C1", JANUARY, 5], ["D2", "C1", JANUARY, 6]], (1, 1), "Input")
    table.headerRowCount, table.autoFilter = 0, None
    table.tableColumns = [TableColumn(id=n + 1, name=str(name)) for n, name in enumerate(BILLINGS)]
    book, problems = read_sheets(work)
    assert problems == [] and book is not None and book.billings["amount"] == [500, 600]


def test_rows_right_below_a_table_are_refused_rather_than_left_out(read_sheets: Read) -> None:
    work = small()
    with_table(work, "Billings", [BILLINGS, ["D1", "C1", JANUARY, 5]], (1, 1), "Input")
    work["Input"].append(["D2", "C1", JANUARY, 6])
    assert found(read_sheets(work)[1]) == [("rows-below-table", "Input!A3")]


def test_a_note_further_below_a_table_is_left_alone(read_sheets: Read) -> None:
    work = small()
    with_table(work, "Billings", [BILLINGS, ["D1", "C1", JANUARY, 5]], (1, 1), "Input")
    work["Input"]["A5"] = "checked by Ann"
    assert read_sheets(work)[1] == []


def test_a_table_may_be_longer_or_wider_than_its_cells(read_sheets: Read) -> None:
    work = small()
    table = with_table(work, "Billings", [[*BILLINGS, "reason"], ["D1", "C1", JANUARY, 5, None]], (1, 1), "Input")
    table.ref = "A1:E500"
    book, problems = read_sheets(work)
    assert problems == [] and book is not None and len(book.billings) == 1


def test_blank_rows_and_rows_of_blanks_are_skipped_anywhere(read_sheets: Read) -> None:
    work = small()
    sheet = work["Obligations"]
    sheet.append([None] * 5)
    sheet.append(["  ", "\u00a0", None, "\u200b", ""])
    sheet.append(["C1", "more", 0, JANUARY, "soon"])
    assert found(read_sheets(work)[1]) == [("not-a-date", "Obligations!E5")]


def test_hidden_rows_and_columns_count_and_merged_titles_do_not_matter(read_sheets: Read) -> None:
    work = small()
    sheet = work["Obligations"]
    sheet.append(["C1", "hidden", 5, JANUARY, DECEMBER])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    work["Contracts"].merge_cells("E1:G1")
    work["Contracts"].sheet_state = "hidden"
    book, problems = read_sheets(work)
    assert problems == [] and book is not None and book.obligations["obligation_id"] == ["plan", "hidden"]


def test_dates_may_be_date_cells_serials_or_text(read_sheets: Read) -> None:
    work = small()
    sheet = work["Obligations"]
    sheet.append(["C1", "serial", 5, 46023, 46387.0])
    sheet.append(["C1", "text", 5, "2026-01-01", "2026-12-31 00:00:00"])
    book, problems = read_sheets(work)
    assert problems == [] and book is not None
    assert book.obligations["start"] == [JANUARY] * 3 and book.obligations["end"] == [DECEMBER] * 3


def test_dates_of_a_workbook_that_counts_from_1904(read_sheets: Read) -> None:
    work = small()
    work.epoch = CALENDAR_MAC_1904
    work["Obligations"].append(["C1", "serial", 5, 46023 - 1462, 46387 - 1462])
    book, problems = read_sheets(work)
    assert problems == [] and book is not None
    assert book.obligations["start"] == [JANUARY] * 2 and book.obligations["end"] == [DECEMBER] * 2


def test_times_and_durations_are_no_dates(read_sheets: Read) -> None:
    work = small()
    sheet = work["Obligations"]
    for n, cell in enumerate((dt.datetime(2026, 1, 1, 9, 30), dt.time(9, 30), dt.timedelta(hours=30), True, 2026)):
        sheet.append(["C1", f"o{n}", 5, cell, DECEMBER])
    assert found(read_sheets(work)[1]) == [
        ("time-of-day", "Obligations!D3"), ("not-a-date", "Obligations!D4"), ("not-a-date", "Obligations!D5"),
        ("not-a-date", "Obligations!D6"), ("ambiguous-date", "Obligations!D7"),
    ]  # fmt: skip


def test_numbers_may_be_stored_as_text(read_sheets: Read) -> None:
    work = small()
    for n, cell in enumerate(("1,234.50", "(1,234.50)", " 7 ", 1234.5600000000001)):
        work["Obligations"].append(["C1", f"o{n}", cell, JANUARY, DECEMBER])
    book, problems = read_sheets(work)
    assert problems == [] and book is not None and book.obligations["price"] == [120000, 123450, -123450, 700, 123456]


def test_ids_may_look_like_numbers(read_sheets: Read) -> None:
    work = small()
    work["Contracts"].append([123, "Birch", JANUARY])
    work["Contracts"].append(["00123", 456, JANUARY])
    work["Obligations"].append(["123", 1, 5, JANUARY, DECEMBER])
    work["Obligations"].append(["00123", 1.5, 5, JANUARY, DECEMBER])
    book, problems = read_sheets(work)
    assert problems == [] and book is not None and book.contracts["contract_id"] == ["C1", "123", "00123"]
    assert book.obligations["obligation_id"] == ["plan", "1", "1.5"] and book.contracts["customer"][2] == "456"


def test_a_percent_format_is_asked_about(read_sheets: Read) -> None:
    work = small()
    work["Obligations"]["F1"] = "breakage_percent"
    work["Obligations"]["F2"] = 0.15
    work["Obligations"]["F2"].number_format = "0%"
    book, problems = read_sheets(work)
    assert found(problems) == [("fraction-for-percent", "Obligations!F2")] and book is not None


def test_an_error_is_a_problem_of_its_cell_and_text_in_a_further_column(read_sheets: Read) -> None:
    work = small()
    sheet = work["Obligations"]
    sheet["E2"], sheet["F1"], sheet["F2"] = "#N/A", "region", "#REF!"
    sheet["G1"], sheet["G2"] = "product", "#DIV/0!"
    for cell in ("E2", "F2", "G2"):
        sheet[cell].data_type = "e"
    _, problems = read_sheets(work)
    assert found(problems) == [("error-cell", "Obligations!E2"), ("error-cell", "Obligations!G2")]
    assert "#N/A" in problems[0].found
    sheet["E2"], sheet["G2"] = DECEMBER, "Support"
    book, problems = read_sheets(work)
    assert book is not None and book.obligations["region"] == ["#REF!"]


def test_a_formula_counts_by_the_result_the_file_holds(tmp_path: Path) -> None:
    work = small()
    work["Obligations"]["C2"] = "=600+600"
    work["Obligations"]["F1"], work["Obligations"]["F2"] = "product", '=""'
    work.save(tmp_path / "book.xlsx")
    _, problems = examine_book(tmp_path / "book.xlsx", TODAY)
    assert found(problems) == [("formula-without-value", "Obligations!C2"), ("formula-without-value", "Obligations!F2")]
    for blank in (b"<v />", b"<v/>"):
        _rewrite(tmp_path / "book.xlsx", b"<f>600+600</f>" + blank, b"<f>600+600</f><v>1200</v>")
        _rewrite(tmp_path / "book.xlsx", b'<c r="F2"><f>""</f>' + blank, b'<c r="F2" t="str"><f>""</f><v></v>')
    book, problems = examine_book(tmp_path / "book.xlsx", TODAY)
    assert problems == [] and book is not None and book.obligations["price"] == [120000]
    assert book.obligations["product"] == [None]


def test_xml_with_prefixes_and_single_quotes_is_read_alike(tmp_path: Path) -> None:
    work = small()
    sheet = work["Obligations"]
    sheet["C2"], sheet["E2"] = "=600+600", "#N/A"
    sheet["E2"].data_type = "e"
    work.save(tmp_path / "book.xlsx")
    for old, new in (
        (b"<worksheet xmlns=", b"<x:worksheet xmlns:x="), (b"</worksheet>", b"</x:worksheet>"), (b't="e"', b"t='e'"),
        (b"<c ", b"<x:c "), (b"</c>", b"</x:c>"), (b"<v>", b"<x:v>"), (b"</v>", b"</x:v>"), (b"<f>", b"<x:f>"),
        (b"</f>", b"</x:f>"), (b"<row ", b"<x:row "), (b"</row>", b"</x:row>"), (b"<sheetData>", b"<x:sheetData>"),
        (b"</sheetData>", b"</x:sheetData>"), (b"<v />", b"<x:v />"), (b"<v/>", b"<x:v/>"),
    ):  # fmt: skip
        _rewrite(tmp_path / "book.xlsx", old, new)
    problems = found(examine_book(tmp_path / "book.xlsx", TODAY)[1])
    assert problems == [("formula-without-value", "Obligations!C2"), ("error-cell", "Obligations!E2")]


def _rewrite(path: Path, old: bytes, new: bytes) -> None:
    """Replace bytes in the sheets of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, octets in parts.items():
            archive.writestr(name, octets.replace(old, new) if "worksheets" in name else octets)


def test_the_header_of_a_sheet_may_hold_anything(read_sheets: Read) -> None:
    work = small()
    work["Obligations"]["F1"], work["Obligations"]["G1"], work["Obligations"]["H1"] = 2026, JANUARY, " Price "
    assert found(read_sheets(work)[1]) == [("duplicate-column", "Obligations!H1")]


def test_cells_beside_the_headers_are_notes(read_sheets: Read) -> None:
    work = small()
    work["Obligations"]["H2"] = "ask Ann"
    assert read_sheets(work)[1] == []


def test_an_empty_sheet_of_a_required_table_lacks_its_header(read_sheets: Read) -> None:
    work = small()
    work.remove(work["Contracts"])
    work.create_sheet("Contracts")
    work.create_sheet("Billings")
    assert found(read_sheets(work)[1]) == [("missing-header", "Contracts!A1")]


def test_missing_tables_and_misspelt_names_are_told_together(read_sheets: Read) -> None:
    work = small()
    work["Contracts"].title = "Contract"
    work.create_sheet("Eventss")
    assert found(read_sheets(work)[1]) == [
        ("table-looks-like", "Contract"), ("missing-table", "Contracts"), ("table-looks-like", "Eventss"),
    ]  # fmt: skip


def test_sheets_without_cells_do_not_matter(read_sheets: Read) -> None:
    work = small()
    work.create_chartsheet("Chart")
    work.create_sheet("Empty")
    assert read_sheets(work)[1] == []


def test_an_xlsm_is_read_like_an_xlsx(tmp_path: Path) -> None:
    write_workbook(GOOD, tmp_path / "book.xlsx").rename(tmp_path / "book.XLSM")
    assert read_book(tmp_path / "book.XLSM", TODAY).problems == []


def test_the_library_that_reads_workbooks_is_loaded_for_workbooks_only() -> None:
    program = "import sys, engine.book.reading; print({'python_calamine', 'openpyxl', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# ---- files that are no workbook


def _workbook_bytes() -> bytes:
    octets = io.BytesIO()
    small().save(octets)
    return octets.getvalue()


def _zip_of(**parts: str) -> bytes:
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return octets.getvalue()


OLD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
RELATIONS = '<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>'


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        (b"", "file-empty"),
        (b"contract_id,customer\n", "not-a-book"),
        (OLD, "not-a-book"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "workbook-encrypted"),
        (_zip_of(content="ods"), "not-a-book"),
        (b"PK\x03\x04" + bytes(300), "workbook-broken"),
        (_workbook_bytes()[:2000], "workbook-broken"),
        (_workbook_bytes()[:-30], "workbook-broken"),
        (_zip_of(**{"_rels/.rels": RELATIONS, "xl/workbook.xml": "<workbook><sheets>"}), "workbook-broken"),
        (_zip_of(**{"_rels/.rels": RELATIONS, "xl/workbook.xml": "<workbook/>"}), "workbook-broken"),
    ],
)
def test_a_file_that_is_no_workbook_is_one_problem(octets: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(octets)
    book, problems = examine_book(tmp_path / "book.xlsx", TODAY)
    assert book is None and found(problems) == [(name, "book.xlsx")]


def test_a_workbook_open_elsewhere_is_one_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def withhold(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "book.xlsx").write_bytes(_workbook_bytes())
    monkeypatch.setattr(Path, "read_bytes", withhold)
    assert found(examine_book(tmp_path / "book.xlsx", TODAY)[1]) == [("file-in-use", "book.xlsx")]


def test_a_panic_of_the_reader_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As the reader's, which is no Exception."""

    def panic(*_: object) -> None:
        raise PanicException("index out of range")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "book.xlsx").write_bytes(_workbook_bytes())
    monkeypatch.setattr("engine.book.workbook_reader.parts_of", panic)
    assert found(examine_book(tmp_path / "book.xlsx", TODAY)[1]) == [("workbook-broken", "book.xlsx")]
    monkeypatch.setattr("engine.book.workbook_reader.parts_of", interrupt)
    with pytest.raises(KeyboardInterrupt):
        examine_book(tmp_path / "book.xlsx", TODAY)
