"""Writes the files of this folder anew: `python -m workbook_templates.build`. The same version gives the same bytes."""

from __future__ import annotations

from pathlib import Path

from engine.sheets.template import write_template
from engine.sheets.template_csv import write_csv_folder
from engine.sheets.template_guide import Guide
from workbook_templates import CSV_FOLDER, EMPTY_BOOK, SAMPLE_BOOK
from workbook_templates.sample import sample_rows
from workbook_templates.sample_contracts import DEALS

GUIDE = Guide(
    "Sample book",
    "Quillfern Analytics, Inc. and its customers are invented; figures are struck at 30 June 2026",
    steps=(
        ("Look around", "Contracts, Obligations, Billings and Events hold what an accountant would enter."),
        ("See the figures", f'Run ratable pack "{SAMPLE_BOOK}": deferred revenue, backlog, RPO, journal.'),
        ("See the checks", f'Run ratable check "{SAMPLE_BOOK}": it finds the mistake made on purpose in C-1016.'),
        ("Try it", "Change a price, a date or an event, save, and run them again; ratable explain tells why."),
        ("Start your own", 'Run ratable new "My book.xlsx" for an empty book of the same tables.'),
    ),
    notes_head="What each contract shows",
    notes=[(f"{deal.contract['contract_id']}  {deal.contract['customer']}", deal.shows) for deal in DEALS],
)  # fmt: skip


def build(folder: Path) -> None:
    """Write the empty book, the sample book and the CSV headers into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    write_template(folder / EMPTY_BOOK)
    write_template(folder / SAMPLE_BOOK, sample_rows(), guide=GUIDE)
    write_csv_folder(folder / CSV_FOLDER)


if __name__ == "__main__":
    build(Path(__file__).parent)
