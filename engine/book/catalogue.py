"""What each table of a book consists of: its columns with help, example, allowed values, default and width."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast, get_args, get_origin

from pydantic_core import PydanticUndefined

from engine.book.field import Kind
from engine.book.tables import REQUIRED_TABLES, TABLES, CreditReason, Row, Settings

_WIDTHS = {
    Kind.ID: 14,
    Kind.TEXT: 20,
    Kind.WORD: 14,
    Kind.DAY: 12,
    Kind.MONEY: 14,
    Kind.PRICE: 14,
    Kind.NUMBER: 12,
    Kind.WHOLE: 10,
    Kind.PERCENT: 10,
    Kind.YES_NO: 8,
    Kind.CURRENCY: 10,
}
YES_NO = ("yes", "no")


@dataclass(frozen=True)
class Column:
    """One column of a table, or one setting.

    name      in the header row of a sheet or CSV file
    field     the name in the model and in `Rows.columns`; differs for `from` and `to` of Rates
    allowed   the words a list offers, if the column takes only those
    suggested words offered where others are allowed too (reasons of credit notes)
    default   what a blank cell means, in words; empty if it means nothing
    """

    name: str
    field: str
    table: str
    kind: Kind
    required: bool
    help: str
    example: str
    allowed: tuple[str, ...]
    suggested: tuple[str, ...]
    default: str
    default_value: Any
    unit: str
    above: int | None
    at_least: int | None
    below: int | None
    at_most: int | None

    @property
    def width(self) -> int:
        """Width of the column on a sheet, in characters."""
        return max(_WIDTHS[self.kind], len(self.name) + 4, *(len(word) + 4 for word in self.allowed), 0)

    @property
    def limits(self) -> str:
        """The limits of a number in words, as `0 to 100`; empty without any."""
        low = f"above {self.above}" if self.above is not None else f"at least {self.at_least}"
        high = f"below {self.below}" if self.below is not None else f"at most {self.at_most}"
        has_low = self.above is not None or self.at_least is not None
        has_high = self.below is not None or self.at_most is not None
        if self.at_least is not None and self.at_most is not None:
            return f"{self.at_least} to {self.at_most}"
        return " and ".join(words for words, there in ((low, has_low), (high, has_high)) if there)


def table_names() -> tuple[str, ...]:
    """The names of all tables, in the order their sheets stand."""
    return tuple(TABLES)


def excel_name(table: str) -> str:
    """The name of a table in Excel; BILLINGS is a formula, and a table called like one makes Excel answer #NAME?."""
    return "BillingsTable" if table == "Billings" else table


def is_required(table: str) -> bool:
    return table in REQUIRED_TABLES


def purpose(table: str) -> str:
    """What the table is for, in one sentence."""
    return (TABLES[table].__doc__ or "").strip()


@cache
def columns(table: str) -> tuple[Column, ...]:
    """The columns of a table as they stand on its sheet; of Settings: name and value."""
    if table == "Settings":
        return _setting_columns()
    return _described(table, TABLES[table])


@cache
def settings() -> tuple[Column, ...]:
    """Every setting, described like a column."""
    return _described("Settings", Settings)


def _described(table: str, model: type[Row]) -> tuple[Column, ...]:
    hints = typing.get_type_hints(model)
    return tuple(_column(table, name, model, hints[name]) for name in model.model_fields)


def _column(table: str, name: str, model: type[Row], hint: Any) -> Column:
    described = model.model_fields[name]
    extra = cast(dict[str, Any], described.json_schema_extra)
    kind = Kind(extra["kind"])
    required = described.default is PydanticUndefined
    default = None if required else described.default
    return Column(
        name=extra["header"] or name,
        field=name,
        table=table,
        kind=kind,
        required=required,
        help=described.description or "",
        example=str((described.examples or [""])[0]),
        allowed=YES_NO if kind is Kind.YES_NO else _words(hint),
        suggested=get_args(CreditReason) if (table, name) == ("Billings", "reason") else (),
        default=extra["default_text"] or _in_words(default),
        default_value=default,
        **{limit: extra[limit] for limit in ("unit", "above", "at_least", "below", "at_most")},
    )


def _words(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) is Literal:
        return get_args(hint)
    if get_origin(hint) in (typing.Union, types.UnionType):
        return next((_words(part) for part in get_args(hint) if _words(part)), ())
    return ()


def _in_words(default: Any) -> str:
    if isinstance(default, bool):
        return YES_NO[0] if default else YES_NO[1]
    return "" if default is None else str(default)


def _setting_columns() -> tuple[Column, Column]:
    blank: dict[str, Any] = {
        "table": "Settings",
        "allowed": (),
        "suggested": (),
        "default_value": None,
        "unit": "",
        "above": None,
        "at_least": None,
        "below": None,
        "at_most": None,
    }
    name = Column(
        name="name",
        field="name",
        kind=Kind.WORD,
        required=True,
        help="Name of the setting",
        example="convention",
        default="",
        **{**blank, "allowed": tuple(Settings.model_fields)},
    )
    value = Column(
        name="value",
        field="value",
        kind=Kind.TEXT,
        required=False,
        help="Its value; blank is the default",
        example="monthly",
        default="the setting's default",
        **blank,
    )
    return name, value
