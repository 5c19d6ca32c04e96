"""docs/tables.md, the reference of every table and setting, written from the models: python -m engine.book.document."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.book import catalogue
from engine.book.catalogue import Column
from engine.book.field import Kind
from engine.book.problem_names import OF_TRIAL_BALANCES, STOPPING, WARNING, WHEN_TRANSLATED

_INTRODUCTION = """# The tables of a book

A book is an Excel workbook (.xlsx, .xlsm) or a folder of CSV files. In a workbook each table is an Excel Table of its
name, on whatever sheet, or else a sheet of its name whose first row that is not blank names the columns. In a folder
it is a file: `contracts.csv`, `obligations.csv` and so on, UTF-8, separated by commas, semicolons or tabs. Only
Contracts and Obligations are required. Columns may come in any order; further columns are kept as text, and can be
grouped and filtered by.

This page is generated from the program; `python -m engine.book.document` writes it anew.

## How cells are read

* Blanks around a cell are dropped, blank rows skipped. Words (and headers) compare without regard to case, with
  blanks and hyphens for underscores; ids compare exactly. A numeric cell is the id of its digits: 123 is `123`; text
  `00123` stays.
* A date is a date cell of the workbook, or text like `2026-01-31`. `03/04/2026` could be two days and is refused, as
  are a time of day other than midnight, a bare year, and days before 1900 or after 2199. Workbooks that count from
  1904 are understood.
* A number is a number cell, taken by its 15 significant digits, or text with a decimal point. Text may group
  thousands by commas, blanks or apostrophes (`1,234.50`, `1 234.50`, `12,34,567.00`) and put a sign before, after or
  as parentheses: `(1,234.50)`. `1,234` is refused where it could be 1.234: as a quantity or rate, and in a currency
  of three decimals.
* A decimal comma is read only in a CSV file separated by semicolons or tabs, and there `1.234` and `1,234` are
  refused, because nobody can say whether they are one or a thousand. Scientific notation and currency signs in text
  are refused.
* Money has no more decimals than its currency, and at most 9,007,199,254,740,992 minor units.
* A formula counts by the result the file holds; an error (`#N/A`) or a formula never calculated is a problem.
* Percent columns hold 15 for 15 percent; text may say `15%`. Yes / no columns take yes, no, y, n, true, false, 1, 0.
"""


def document() -> str:
    """The text of docs/tables.md."""
    parts = [_INTRODUCTION, _settings()]
    parts += [_table(name) for name in catalogue.table_names() if name != "Settings"]
    parts.append(_problems())
    return "\n".join(parts)


def _settings() -> str:
    head = f"## Settings\n\n{catalogue.purpose('Settings')} A setting left out or blank has its default.\n"
    rows = [
        (f"`{column.name}`", _allowed(column), column.default or "blank", column.help, _code(column.example))
        for column in catalogue.settings()
    ]
    return "\n".join([head, *_grid(("name", "allowed", "default", "meaning", "example"), rows), ""])


def _table(name: str) -> str:
    required = " Required." if catalogue.is_required(name) else ""
    head = f"## {name}\n\n{catalogue.purpose(name)}{required} File: `{name.lower()}.csv`.\n"
    rows = [
        (
            f"`{column.name}`",
            "yes" if column.required else "",
            _allowed(column),
            column.default,
            column.help,
            _code(column.example),
        )
        for column in catalogue.columns(name)
    ]
    return "\n".join([head, *_grid(("column", "required", "type or words", "default", "meaning", "example"), rows), ""])


def _allowed(column: Column) -> str:
    if column.kind is Kind.WORD and column.allowed:
        return ", ".join(f"`{word}`" for word in column.allowed)
    words = [column.kind.value, column.unit, column.limits]
    if column.suggested:
        words.append("of a credit note: " + ", ".join(f"`{word}`" for word in column.suggested))
    return ", ".join(filter(None, words))


def _problems() -> str:
    head = (
        "## Problems\n\nEvery problem has a name, and all of a book are told at once. These refuse the book:\n",
        "These only warn:\n",
        "These refuse figures in reporting currency, once they are asked for:\n",
        "These, and those of files and cells above, refuse a trial balance:\n",
    )
    parts: list[str] = []
    for words, rules in zip(head, (STOPPING, WARNING, WHEN_TRANSLATED, OF_TRIAL_BALANCES), strict=True):
        parts += [words, *_grid(("name", "what is wrong"), _names(rules.items())), ""]
    return "\n".join(parts)


def _names(rules: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    return [(f"`{name}`", title) for name, title in rules]


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _grid(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    lines = [header, tuple("---" for _ in header), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/tables.md")
    target.write_text(document(), encoding="utf-8", newline="\n")
