"""A table: what every report answers, before anyone decides how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "money", "date", "number", "integer"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` as the command line and JSON show it, `kind` of its cells."""

    name: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """Columns and rows of one answer.

    Cells by kind: text `str`, money `int` in whole minor units of the row's currency (the column `currency`), date
    `datetime.date`, number `Decimal` or `float`, integer `int`; None is an empty cell of any kind.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)
