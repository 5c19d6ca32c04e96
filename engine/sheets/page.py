"""The printed page: landscape, one page wide, header rows on every page, who, what and page x of y at the foot."""

from __future__ import annotations

from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_PAPERS = {"A4": 9, "letter": 1}
_GREY = "7F7F7F"


def day_in_words(day: date) -> str:
    """31 March 2026, whatever the language of the machine."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def set_up_page(sheet: Worksheet, left: str, right: str, paper: str = "A4") -> None:
    """Everything about the print-out that does not depend on what the sheet holds."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _PAPERS[paper]
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.5, 0.65, 0.3, 0.3
    sheet.print_options.horizontalCentered = True
    foot = sheet.oddFooter
    assert foot is not None, "openpyxl makes one for every sheet"
    for part, text in ((foot.left, left), (foot.center, "Page &P of &N"), (foot.right, right)):
        part.text, part.size, part.font, part.color = text, 8, "Calibri,Regular", _GREY


def on_one_page(sheet: Worksheet) -> None:
    """For sheets that are read at a glance: one page tall as well."""
    sheet.page_setup.fitToHeight = 1


def footer_text(text: str) -> str:
    """`text` as a footer shows it: `&` begins a code there, and a foot holds 255 characters with its codes."""
    return printable(text)[:70].replace("&", "&&")


def printable(text: str) -> str:
    """`text` without what neither a page nor XML can hold."""
    return "".join(character for character in text if character.isprintable())


def set_properties(workbook: Workbook, title: str, subject: str, made_on: date | None) -> None:
    """Who made the workbook and when; never the machine's time: without a day, the first one zip files know."""
    properties = workbook.properties
    properties.creator = properties.lastModifiedBy = "Ratable"
    properties.title, properties.subject = printable(title), printable(subject)
    day = made_on or date(1980, 1, 1)
    properties.created = properties.modified = datetime(day.year, day.month, day.day)
