"""Help while typing: lists of allowed words and known ids, limits of numbers and dates, a note beside every cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl.worksheet.datavalidation import DataValidation

from engine.book import catalogue
from engine.book.catalogue import Column
from engine.book.cells import LAST_DAY
from engine.book.field import Kind
from engine.sheets.cells import serial
from engine.sheets.formulas import letters
from engine.sheets.template_rows import NUMBERS, FilledTable, setting_help

#: What Excel takes: characters of a title, of a message, and of a list written out.
TITLE, MESSAGE, LIST = 32, 255, 255

#: Offered for a currency; every other code of ISO 4217 is taken too.
CURRENCIES = (
    "USD", "EUR", "GBP", "JPY", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "HKD", "ILS", "INR", "KRW", "MXN",
    "NOK", "NZD", "PLN", "SEK", "SGD", "THB", "TWD", "ZAR",
)  # fmt: skip

#: Columns that name an id of a table, as (table, column) of that id. Obligations are looked up by their contract.
_NAMES_AN_ID = {
    "contract_id": ("Contracts", "contract_id"),
    "combined_with": ("Contracts", "contract_id"),
    "renews": ("Contracts", "contract_id"),
    "applies_to": ("Billings", "document_id"),
    "account": ("Accounts", "account"),
}
_DEFINES_IT = {("Contracts", "contract_id"), ("Accounts", "account"), ("Obligations", "obligation_id")}

# A number like 2026 is a year and not the day in 1905 a spreadsheet would make of it.
_EARLIEST = date(1910, 1, 1)


@dataclass(frozen=True)
class Reach:
    """How far down lists, limits and formats go: table name -> last row."""

    last: Mapping[str, int]

    def cells(self, table: str, column: str) -> str:
        """The cells below a header, as seen from any sheet."""
        letter = letter_of(table, column)
        return f"{table}!${letter}$2:${letter}${self.last[table]}"


def letter_of(table: str, column: str) -> str:
    """The letter of a column on its sheet, where the known columns stand first."""
    names = [each.name for each in catalogue.columns(table)]
    return letters(names.index(column) + 1)


def validations(table: FilledTable, reach: Reach) -> Iterator[DataValidation]:
    """One validation for each header and for the cells below it; in Settings one for each value. None overlap."""
    for place, column in enumerate(table.columns, 1):
        letter = letters(place)
        yield _validation(column, f"{letter}1", {})
        if table.name == "Settings" and column.name == "value":
            for row, cells in enumerate(table.describing, 2):
                setting = cells[place - 1]
                if setting is not None:
                    yield _validation(setting, f"{letter}{row}", _rule(setting, reach), note=setting_note(setting))
        else:
            yield _validation(column, f"{letter}2:{letter}{reach.last[table.name]}", _rule(column, reach))


def _validation(column: Column, cells: str, rule: dict[str, Any], note: str = "") -> DataValidation:
    return DataValidation(
        sqref=cells, allowBlank=True, showInputMessage=True, showErrorMessage="errorStyle" in rule,
        promptTitle=note_title(column), prompt=note or column_note(column), **rule,
    )  # fmt: skip


# ---- what a cell may hold


def _rule(column: Column, reach: Reach) -> dict[str, Any]:
    if column.kind is Kind.DAY:
        return _day()
    if column.kind in NUMBERS:
        return _number(column)
    if column.kind is Kind.CURRENCY:
        return _list(CURRENCIES, "warning", "Currency", "Is it the code of a currency by ISO 4217, as CHF?")
    if column.allowed:
        return _list(column.allowed, "stop", "Not in the list", f"Choose one of the words offered for {column.name}.")
    if column.suggested:
        return _offer(column.suggested)
    return _id(column, reach)


def _list(words: tuple[str, ...], style: str, title: str, message: str) -> dict[str, Any]:
    return {**_offer(words), **_complaint(style, title, message)}


def _offer(words: tuple[str, ...]) -> dict[str, Any]:
    """A list that takes other words too."""
    return {"type": "list", "formula1": f'"{",".join(words)}"'}


def _complaint(style: str, title: str, message: str) -> dict[str, Any]:
    return {"errorStyle": style, "errorTitle": title, "error": message}


def _day() -> dict[str, Any]:
    return {
        "type": "date", "operator": "between", "formula1": str(serial(_EARLIEST)), "formula2": str(serial(LAST_DAY)),
        **_complaint("stop", "Not a date", "Enter a day of the calendar, as 2026-01-31."),
    }  # fmt: skip


def _number(column: Column) -> dict[str, Any]:
    limits = f", {column.limits}" if column.limits else ""
    what = "a whole number" if column.kind is Kind.WHOLE else "a number"
    message = f"{column.name} is {what}{limits}. Enter it without currency or other words."
    kind = "whole" if column.kind is Kind.WHOLE else "decimal"
    return {"type": kind, **_bounds(column), **_complaint("stop", "Not possible", message)}


def _bounds(column: Column) -> dict[str, Any]:
    """The limits of a number as one comparison; it cannot say both `at least` and `below`, hence 99.999999."""
    low, high = column.at_least, column.at_most
    if column.below is not None:
        return {"operator": "between", "formula1": str(low or 0), "formula2": f"{column.below - 1}.999999"}
    if low is not None and high is not None:
        return {"operator": "between", "formula1": str(low), "formula2": str(high)}
    if low is not None:
        return {"operator": "greaterThanOrEqual", "formula1": str(low)}
    if column.above is not None:
        return {"operator": "greaterThan", "formula1": str(column.above)}
    return {"operator": "between", "formula1": "-1000000000000000", "formula2": "1000000000000000"}


def _id(column: Column, reach: Reach) -> dict[str, Any]:
    """The ids there are, where a column names one; another is taken after a warning, as it may be entered next."""
    if column.kind is not Kind.ID or (column.table, column.name) in _DEFINES_IT:
        return {}
    if column.name == "obligation_id":
        return _known_ids(column, "the contract", _lines_of_contract(column.table, reach))
    if column.name in _NAMES_AN_ID:
        table, of = _NAMES_AN_ID[column.name]
        cells = reach.cells(table, of)
        first = cells.split(":")[0]
        return _known_ids(column, table, f"{first}:INDEX({cells},MAX(1,COUNTA({cells})))")
    return {}


def _known_ids(column: Column, where: str, formula: str) -> dict[str, Any]:
    message = f"There is no such {column.name} in {where} yet. Ratable refuses the book until it is there."
    if column.name == "renews":
        message = "There is no such contract in Contracts. Keep it if the older contract is kept elsewhere."
    return {"type": "list", "formula1": formula, **_complaint("warning", "Not known yet", message)}


def _lines_of_contract(table: str, reach: Reach) -> str:
    """The obligations of the contract named in the same row, which stand together in Obligations."""
    contract = f"${letter_of(table, 'contract_id')}2"
    owners = reach.cells("Obligations", "contract_id")
    head = f"Obligations!${letter_of('Obligations', 'obligation_id')}$1"
    return f"OFFSET({head},MATCH({contract},{owners},0),0,MAX(1,COUNTIF({owners},{contract})),1)"


# ---- the note beside a cell


def note_title(column: Column) -> str:
    return f"{column.name} (required)" if column.required else column.name


def column_note(column: Column) -> str:
    """What a column holds, what a blank cell means, and an example, within what Excel shows."""
    blank = f"Blank: {column.default.rstrip('.')}." if column.default else "" if column.required else "May be blank."
    return _short_enough(f"{column.help}.", _spelling(column), blank, _example(column))


def setting_note(column: Column) -> str:
    return _short_enough(f"{setting_help(column)}.", _spelling(column), _example(column))


def _example(column: Column) -> str:
    return f"Example: {column.example}" if column.example else ""


def _spelling(column: Column) -> str:
    if column.kind is Kind.PERCENT:
        return "Enter 15 for 15 percent."
    return ""


def _short_enough(*parts: str) -> str:
    """The parts that fit, the first ones first."""
    text = ""
    for part in filter(None, parts):
        longer = f"{text} {part}".strip()
        text = longer if len(longer) <= MESSAGE else text
    return text or parts[0][:MESSAGE]
