"""The book as the engine sees it: settings and tables of columns, every cell typed, every problem already reported.

Units: money is whole minor units (cents) of the row's currency as `int`; dates are `datetime.date`; quantities,
percents, rates and unit prices are `fractions.Fraction`; ids and words are `str`; a blank cell is None, or the
default its column has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from engine.book.problems import Problem
from engine.book.tables import (
    Account,
    Billing,
    Contract,
    Cost,
    Estimate,
    Event,
    Judgment,
    LedgerBalance,
    Obligation,
    Opening,
    Rate,
    Settings,
)

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True)
class Rows(Generic[Row]):
    """One table, column by column, in the order of its rows.

    model    the pydantic model of a row, which carries all metadata of the table
    columns  every column of the model and every further one found in the file (those as text), each of len(self) cells
    where    (row, column) -> address of the cell for a person, as `Obligations!F14` or `obligations.csv:14 end`
    """

    model: type[Row]
    columns: Mapping[str, list[Any]]
    where: Callable[[int, str], str]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, column: str) -> list[Any]:
        return self.columns[column]

    def record(self, row: int) -> Row:
        """Row `row` as an object of the model (not validated again)."""
        return self._made(self._names, [self.columns[name][row] for name in self._names])

    def records(self) -> Iterator[Row]:
        """All rows as objects of the model."""
        names = self._names
        for values in zip(*(self.columns[name] for name in names), strict=True):
            yield self._made(names, values)

    def take(self, rows: Sequence[int]) -> Rows[Row]:
        """Some rows, at their old addresses."""
        columns = {name: [column[row] for row in rows] for name, column in self.columns.items()}
        return Rows(self.model, columns, lambda row, column: self.where(rows[row], column))

    def with_columns(self, **columns: list[Any]) -> Rows[Row]:
        """The same rows with other cells in some columns."""
        return Rows(self.model, {**self.columns, **columns}, self.where)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.model.model_fields)

    def _made(self, names: Sequence[str], values: Sequence[Any]) -> Row:
        """What `model_construct` makes, many times faster: a large book makes objects by the hundred thousand."""
        row = self.model.__new__(self.model)
        object.__setattr__(row, "__dict__", dict(zip(names, values, strict=True)))
        object.__setattr__(row, "__pydantic_fields_set__", set(names))
        object.__setattr__(row, "__pydantic_extra__", None)
        object.__setattr__(row, "__pydantic_private__", None)
        return row


@dataclass(frozen=True)
class Book:
    """A book without stopping problems.

    `contracts` have their currency filled in; `obligations` keep start, end, convention, rounding and added_on blank
    where they were blank, and costs their start and end. An event that can mean only one obligation names it; one of
    hold, release, activate, pause, resume or cancel without an obligation means all it fits, and a change without one
    only names the treatment of its date. Reasons of credit notes are words of `CreditReason`; kinds of estimates are
    in lower case. As known at a day, contracts and obligations recorded later have `date.max` for `signed_on` or
    `added_on`. `problems` are the warnings that reading gave. `fingerprint` is a hex digest over settings and all
    rows.
    """

    settings: Settings
    contracts: Rows[Contract]
    obligations: Rows[Obligation]
    billings: Rows[Billing]
    events: Rows[Event]
    estimates: Rows[Estimate]
    openings: Rows[Opening]
    rates: Rows[Rate]
    accounts: Rows[Account]
    costs: Rows[Cost]
    ledger: Rows[LedgerBalance]
    judgments: Rows[Judgment]
    fingerprint: str
    problems: list[Problem] = field(default_factory=list)

    def of_contracts(self, ids: Collection[str]) -> Book:
        """The book of some contracts alone: their rows in every table that has contracts."""
        tables = ("contracts", "obligations", "billings", "events", "estimates", "openings", "costs", "judgments")
        parts: dict[str, Any] = {}
        for name in tables:
            rows: Rows[Any] = getattr(self, name)
            parts[name] = rows.take([row for row, contract in enumerate(rows["contract_id"]) if contract in ids])
        return replace(self, **parts)
