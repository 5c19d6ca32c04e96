"""The first sheet of a book: what to do in five steps, what each table is for, what the colors mean, where help is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from openpyxl.worksheet.pagebreak import Break

from engine.book import catalogue
from engine.sheets import styles
from engine.sheets.sheet import Sheet
from engine.sheets.styles import Look
from engine.sheets.template_sheet import OPTIONAL, OWN, REQUIRED

STEPS = (
    ("Settings", "Enter your company, its currency and the day of the balances; the rest stands at its default."),
    ("Contracts, Obligations", "Enter a row for each contract, and one for each of its promises with price and dates."),
    ("Billings, Events", "Enter invoices, credits and payments, and what happened later: deliveries, usage, changes."),
    (
        "Rows in grey italics",
        "Delete these examples once you have seen how they work: right-click, Delete, Table Rows.",
    ),
    ("Save and check", 'Run ratable check "My book.xlsx": every problem is named with its cell and a remedy.'),
)
HELP = (
    ("At every cell", "Select it: a note says what it holds and what a blank means; arrows open lists."),
    ("More rows", "Type right below a table and Excel takes the row in. In LibreOffice insert rows above the last."),
    ("Columns of your own", "Add any; reports can be grouped and filtered by those of Contracts and Obligations."),
    (
        "Amounts and dates",
        "Amounts are without tax, in the contract's currency; a term includes its first and last day.",
    ),
    ("Figures", "ratable pack makes the month's workbook of a book; ratable --help lists every report."),
)
_NAME = replace(styles.TEXT, bold=True)
_EXAMPLE = Look("muted", italic=True, fill="soft", rule="box")
_WIDTHS = (26, 100, 11)
_CHARACTERS = 115  # about as many as the second column holds in a line


@dataclass(frozen=True)
class Guide:
    """What the first sheet says.

    title, about  above everything
    steps         what to do, each a few words and a sentence
    notes         a section of the book's own, under `notes_head`: each a name and a sentence
    examples      whether the book has example rows, which the legend then explains
    """

    title: str
    about: str
    steps: Sequence[tuple[str, str]] = STEPS
    notes_head: str = ""
    notes: Sequence[tuple[str, str]] = ()
    examples: bool = False


GUIDE = Guide(
    "Your revenue book",
    "The tables Ratable reads. It works out deferred revenue, revenue, backlog and RPO from them by ASC 606 / IFRS 15",
    examples=True,
)


def write_guide(sheet: Sheet, guide: Guide) -> None:
    """Steps, notes, tables, colors, help."""
    longest = max((len(name) for name, _ in guide.notes), default=0) + 3
    for column, width in enumerate((max(_WIDTHS[0], longest), *_WIDTHS[1:]), 1):
        sheet.width(column, width)
    _section(sheet, "In five steps" if len(guide.steps) == 5 else "What to do")
    for number, (name, about) in enumerate(guide.steps, 1):
        _line(sheet, f"{number}  {name}", about)
    sheet.skip()
    if guide.notes:
        _section(sheet, guide.notes_head)
        for name, about in guide.notes:
            _line(sheet, name, about)
        sheet.skip()
        sheet.worksheet.row_breaks.append(Break(id=sheet.row))
    _tables(sheet)
    _colors(sheet, guide)
    _section(sheet, "Help")
    for name, about in HELP:
        _line(sheet, name, about)


def _section(sheet: Sheet, words: str) -> None:
    sheet.line((words, styles.SECTION), fit=False)


def _line(sheet: Sheet, name: str, about: str) -> None:
    lines = -(-len(about) // _CHARACTERS)
    height = 14.0 * lines if lines > 1 else None
    sheet.line((name, _NAME), (about, styles.WRAPPED), ("", styles.TEXT), fit=False, height=height)


def _tables(sheet: Sheet) -> None:
    heads = [(word, styles.HEAD_LEFT) for word in ("Table", "What it holds")]
    sheet.line(*heads, ("", styles.HEAD_LEFT), fit=False)
    for name in catalogue.table_names():
        required = ("required" if catalogue.is_required(name) else "optional", styles.STATUS)
        look = replace(styles.LINK, rule="hair")
        cells = sheet.line((name, look), (catalogue.purpose(name), styles.WRAPPED), required, fit=False)
        sheet.hyperlink(cells[0].row, 1, name)
    sheet.skip()


def _colors(sheet: Sheet, guide: Guide) -> None:
    _section(sheet, "Colors")
    legend = [
        ("required", REQUIRED, "Header of a column every row must fill in"),
        ("optional", OPTIONAL, "Header of a column that may stay blank; a blank cell has the meaning its note gives"),
        ("your own", OWN, "Header of a column of your own"),
        ("typed in", styles.INPUT, "A cell you fill in: blue on a pale fill"),
    ]
    if guide.examples:
        legend.append(("example", _EXAMPLE, "An example row; it turns blue once one of its required cells is changed"))
    for word, look, about in legend:
        sheet.line((word, look), (about, styles.TEXT), ("", styles.TEXT), fit=False)
    sheet.skip()
