"""How sheets look and print: one style room, frozen axes, footers, colors, charts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from engine.sheets import styles
from engine.sheets.charts import _axis_form
from tests.sheets import made_up_pack, opened


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return opened.written(made_up_pack.pack(), tmp_path_factory.mktemp("look"))


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return load_workbook(path)


def test_every_sheet_prints_landscape_and_one_page_wide(book: Workbook) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.paperSize == 9
        tall = 1 if sheet.title in ("Contents", "Summary") else 0
        assert sheet.page_setup.fitToHeight == tall


def test_letter_paper_can_be_asked_for(tmp_path: Path) -> None:
    letter = load_workbook(opened.written(made_up_pack.pack(paper="letter"), tmp_path))
    assert {sheet.page_setup.paperSize for sheet in letter} == {1}


def test_every_page_says_whose_which_and_how_many_pages(book: Workbook) -> None:
    for sheet in book:
        assert "Ratable 0.1.0" in sheet.oddFooter.left.text
        assert "Northwind Cloud Inc." in sheet.oddFooter.left.text
        assert sheet.oddFooter.center.text == "Page &P of &N"
        assert "Book 7f3a9c51e0b84d22" in sheet.oddFooter.right.text


def test_an_ampersand_in_a_footer_is_doubled_since_it_begins_a_code(tmp_path: Path) -> None:
    path = opened.written(made_up_pack.pack(entity="Calder & Finch\x07"), tmp_path)
    with ZipFile(path) as file:
        assert "Calder &amp;&amp; Finch - Close" in file.read("xl/worksheets/sheet1.xml").decode()


def test_headings_and_labels_stay_in_sight_and_repeat_in_print(book: Workbook) -> None:
    frozen = {sheet.title: (sheet.freeze_panes, sheet.print_title_rows) for sheet in book}
    assert frozen == {
        "Contents": ("A7", "$6:$6"),
        "Checks": ("A6", "$1:$5"),
        "Summary": ("B8", "$6:$7"),
        "Deferred roll-forward": ("B7", "$6:$6"),
        "Backlog roll-forward": ("B7", "$6:$6"),
        "Deferred waterfall": ("C9", "$6:$8"),
        "Backlog waterfall": ("C9", "$6:$8"),
        "Revenue schedule": ("C8", "$6:$7"),
        "Contract balances": ("C8", "$6:$7"),
        "RPO": ("B7", "$6:$6"),
        "Journal": ("C7", "$6:$6"),
    }


def test_nothing_is_merged_hidden_or_programmed(book: Workbook, path: Path) -> None:
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_state == "visible"
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())
        assert not sheet.sheet_view.showGridLines
    with ZipFile(path) as file:
        assert not any("vba" in name.lower() for name in file.namelist())


def test_every_sheet_leads_back_to_the_contents_and_on_to_the_checks(book: Workbook) -> None:
    for sheet in book:
        targets = {
            cell.coordinate: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink
        }
        if sheet.title != "Contents":
            assert targets["B4"] == "'Contents'!A1"
        if sheet.title != "Checks":
            assert targets["A4"] == "'Checks'!A1"
        assert {target.split("'")[1] for target in targets.values()} <= set(book.sheetnames)


def test_the_contents_lead_to_every_other_sheet(book: Workbook) -> None:
    targets = [cell.hyperlink.location.split("'")[1] for cell in book["Contents"]["A"][6:] if cell.hyperlink]
    assert targets == book.sheetnames[1:]


def test_typed_cells_formulas_links_and_figures_of_ratable_have_their_ink(book: Workbook) -> None:
    for sheet in book:
        for row in sheet.iter_rows(min_row=6):
            for cell in row:
                if cell.fill.fill_type or cell.number_format != styles.money_form(2) or cell.value is None:
                    continue
                is_link = cell.data_type == "f" and re.fullmatch(r"='[\w -]+'![A-Z]+\d+", cell.value)
                ink = "engine" if cell.data_type == "n" else "link" if is_link else "formula"
                assert cell.font.color.rgb == "00" + styles.INKS[ink], (sheet.title, cell.coordinate)


def test_sign_off_cells_are_blue_on_a_pale_fill(book: Workbook) -> None:
    cell = opened.find(book, "Contents", "Prepared by").offset(column=1)
    assert cell.font.color.rgb == "000000FF"
    assert cell.fill.fgColor.rgb == "00FFF9E5"


def test_the_legend_is_printed(book: Workbook) -> None:
    for word in ("Typed in", "Formula", "Link", "Ratable"):
        assert opened.find(book, "Contents", word)


def test_totals_have_a_rule_above_and_a_double_one_below(book: Workbook) -> None:
    total = opened.find(book, "Contract balances", "Total").offset(column=2)
    assert (total.border.top.style, total.border.bottom.style) == ("thin", "double")
    assert total.font.bold


def test_checks_are_colored_by_conditional_formats(book: Workbook) -> None:
    for sheet in book:
        rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
        assert any(rule.type == "expression" for rule in rules), sheet.title
        if sheet.title not in ("Contents", "Checks"):
            assert any(rule.type == "cellIs" and rule.operator == "notEqual" for rule in rules), sheet.title


def test_money_has_brackets_for_negatives_and_a_dash_for_zero() -> None:
    assert styles.money_form(2) == '#,##0.00_);(#,##0.00);"–"_)'
    assert styles.money_form(0) == '#,##0_);(#,##0);"–"_)'
    assert styles.money_form(3) == '#,##0.000_);(#,##0.000);"–"_)'


def test_columns_are_as_wide_as_what_they_hold(book: Workbook) -> None:
    sheet = book["Contract balances"]
    assert sheet.column_dimensions["B"].width > len("Birchwood Logistics GmbH")
    assert sheet.column_dimensions["C"].width > len("4,058,266.67") - 1
    assert 9 <= sheet.column_dimensions["I"].width < 13
    assert all(dimension.width <= 100 for each in book for dimension in each.column_dimensions.values())


def test_one_font_and_few_styles_serve_all_cells(path: Path) -> None:
    (sheet,) = opened.parts(path, r"xl/styles\.xml").values()
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    fonts = {name.get("val") for name in sheet.iterfind(".//m:fonts/m:font/m:name", space)}
    assert fonts == {"Calibri"}
    assert len(sheet.findall(".//m:cellXfs/m:xf", space)) < 120


def test_the_workbook_says_who_made_it_and_when(book: Workbook) -> None:
    assert book.properties.creator == "Ratable"
    assert book.properties.title == "Northwind Cloud Inc. - Close pack September 2026"
    assert book.properties.created == book.properties.modified == datetime(2026, 10, 5)


def test_green_triangles_stay_away_from_what_is_meant(path: Path) -> None:
    for sheet in opened.parts(path, r"xl/worksheets/sheet\d+\.xml").values():
        names = [child.tag.rpartition("}")[2] for child in sheet]
        assert "ignoredErrors" in names
        assert names.index("ignoredErrors") > names.index("headerFooter")
        if "drawing" in names:
            assert names.index("ignoredErrors") < names.index("drawing")


def test_a_sheet_tells_its_size_truly(path: Path) -> None:
    for sheet in load_workbook(path, read_only=True):
        told = sheet.max_column, sheet.max_row
        sheet.reset_dimensions()
        sheet.calculate_dimension(force=True)
        assert told[0] == sheet.max_column
        assert told[1] - 1 <= sheet.max_row <= told[1]  # a blank row may end a sheet


def chart_parts(path: Path) -> list[str]:
    """The charts as text, without the prefixes of names."""
    charts = opened.parts(path, r"xl/charts/chart\d+\.xml").values()
    return [re.sub(r"(?<=[</])\w+:", "", ElementTree.tostring(chart, "unicode")) for chart in charts]


def test_charts_leave_nothing_to_a_programs_defaults(path: Path) -> None:
    charts = chart_parts(path)
    assert len(charts) == 2
    for chart in charts:
        text = chart
        assert text.count('<delete val="0"') == 2
        assert text.count('<overlay val="0"') == 2
        assert '<roundedCorners val="0"' in text
        assert '<gapWidth val="45"' in text and '<overlap val="100"' in text
        assert text.count('sourceLinked="0"') == 2
        assert '<legendPos val="b"' in text
        assert 'typeface="Calibri"' in text


def test_charts_carry_their_numbers_for_previewers(path: Path) -> None:
    owed, earned = (re.findall(r'<ptCount val="(\d+)"', chart) for chart in chart_parts(path))
    assert owed == earned == ["25"] * 4


def test_what_is_scheduled_is_told_apart_from_what_was_recognized(path: Path) -> None:
    owed, earned = chart_parts(path)
    assert owed.count("dPt>") == 2 * 2 * 12
    assert styles.NAVY in earned and styles.ORANGE in earned


def test_charts_name_periods_by_label_where_they_are_no_months(tmp_path: Path) -> None:
    pack = made_up_pack.pack()
    periods = [replace(period, start=period.start + timedelta(1)) for period in pack.periods]
    owed, _ = chart_parts(opened.written(replace(pack, periods=periods), tmp_path))
    assert "strCache" in owed and ">2026-09<" in owed


@pytest.mark.parametrize(
    ("largest", "form"),
    [(900.0, "#,##0"), (12_000.0, '#,##0,"k"'), (3_000_000.0, '#,##0.0,,"m"'), (99_000_000.0, '#,##0,,"m"')],
)
def test_axes_count_in_thousands_or_millions(largest: float, form: str) -> None:
    assert _axis_form(largest) == form
