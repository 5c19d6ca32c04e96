"""Feet, cross-feet, links and checks: each formula made together with the value it will show.

A cell that has been written is a `Ref`: where it stands and what it holds. A formula is built from Refs by the
functions below and by nothing else, and each of them makes the text and the value from the same Refs, so that the two
cannot drift apart. Money stays in whole minor units until it is put down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

Value = int | float | str


@cache
def letters(column: int) -> str:
    """The name of a column, counted from 1: A, B, ... AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True, slots=True)
class Ref:
    """A cell that stands on a sheet; a whole number counts 10 ** -decimals, as money does its minor unit."""

    sheet: str
    column: int
    row: int
    value: Value
    decimals: int = 0

    @property
    def address(self) -> str:
        return f"{letters(self.column)}{self.row}"

    def seen_from(self, sheet: str) -> str:
        return self.address if sheet == self.sheet else f"'{self.sheet}'!{self.address}"

    @property
    def whole(self) -> int:
        """The value in minor units; blank cells count as nothing, as they do in a sum."""
        return self.value if isinstance(self.value, int) else 0

    @property
    def number(self) -> float:
        return as_number(self.value, self.decimals) if not isinstance(self.value, str) else 0.0


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in parts, texts and the cells between them, and its value."""

    parts: tuple[str | Ref, ...]
    value: Value
    decimals: int = 0

    @property
    def is_link(self) -> bool:
        return len(self.parts) == 1 and isinstance(self.parts[0], Ref)

    def text(self, sheet: str) -> str:
        """The formula as it stands on `sheet`, without its `=`."""
        return "".join(part if isinstance(part, str) else part.seen_from(sheet) for part in self.parts)


def as_number(value: float, decimals: int) -> float:
    """What a spreadsheet holds for `value`: whole minor units as a number with decimals."""
    return value / 10**decimals if decimals and isinstance(value, int) else value


def total(cells: Sequence[Ref]) -> Formula:
    """The foot of cells that stand in one row or one column: SUM(B6:B15)."""
    return Formula(("SUM(", *_run(cells), ")"), sum(cell.whole for cell in cells), cells[0].decimals)


def balance(cells: Sequence[Ref]) -> Formula:
    """A closing balance: opening and movements added up, to the minor unit.

    Balances build on each other; rounding keeps the dust of adding doubles from growing along the chain, and a
    balance of zero a dash.
    """
    decimals = cells[0].decimals
    return Formula(("ROUND(SUM(", *_run(cells), f"),{decimals})"), sum(cell.whole for cell in cells), decimals)


def link(cell: Ref) -> Formula:
    """The value of another cell, brought here."""
    return Formula((cell,), cell.value, cell.decimals)


def plus(*cells: Ref) -> Formula:
    """Cells that do not stand together, added up: B7+B9."""
    parts = [part for cell in cells for part in ("+", cell)][1:]
    return Formula(tuple(parts), sum(cell.whole for cell in cells), cells[0].decimals)


def minus(cell: Ref, other: Ref) -> Formula:
    """What is left of a cell after another, to the minor unit: ROUND(B7-C7,2)."""
    return Formula(("ROUND(", cell, "-", other, f",{cell.decimals})"), cell.whole - other.whole, cell.decimals)


def check(expected: Sequence[Ref], found: Sequence[Ref]) -> Formula:
    """The difference of two sums, to the minor unit: zero if they agree."""
    left = [part for cell in expected for part in ("+", cell)][1:]
    right = [part for cell in found for part in ("-", cell)]
    decimals = expected[0].decimals
    difference = sum(cell.whole for cell in expected) - sum(cell.whole for cell in found)
    return Formula(("ROUND(", *left, *right, f",{decimals})"), difference, decimals)


def sum_of_sizes(cells: Sequence[Ref]) -> Formula:
    """Differences added up by size, so that two of them cannot hide each other."""
    return Formula(("SUMPRODUCT(ABS(", *_run(cells), "))"), sum(abs(cell.whole) for cell in cells), cells[0].decimals)


def share(part: Ref, whole: Ref) -> Formula:
    """`part` as a fraction of `whole`; nothing of nothing is 0."""
    value = part.number / whole.number if whole.number else 0.0
    return Formula(("IF(", whole, "=0,0,", part, "/", whole, ")"), value)


def verdict(difference: Ref) -> Formula:
    """OK or FAIL, by whether a difference is zero."""
    return Formula(("IF(", difference, '=0,"OK","FAIL")'), "FAIL" if difference.whole else "OK")


def count(cells: Sequence[Ref], *words: str) -> Formula:
    """How many cells say one of `words`, in any case."""
    found = sum(1 for cell in cells if str(cell.value).lower() in words)
    parts = [part for word in words for part in ("+COUNTIF(", *_run(cells), f',"{word}")')]
    return Formula(("COUNTIF(", *parts[1:]), found)


def all_zero(cells: Sequence[Ref]) -> Formula:
    """OK if every difference is zero."""
    value = "FAIL" if any(cell.whole for cell in cells) else "OK"
    return Formula(("IF(SUMPRODUCT(ABS(", *_run(cells), '))=0,"OK","FAIL")'), value)


def light(fails: Sequence[Ref], warnings: Ref) -> Formula:
    """The master check light, from the numbers of checks that fail and warn."""
    failed = sum(cell.whole for cell in fails)
    warned = warnings.whole
    value = f"{failed} FAILED" if failed else f"OK, {warned} warning{'s' * (warned != 1)}" if warned else "All OK"
    added = [part for cell in fails for part in ("+", cell)][1:]
    words = (warnings, "&IF(", warnings, '=1," warning"," warnings")')
    return Formula(
        ("IF(", *added, ">0,", *added, '&" FAILED",IF(', warnings, '>0,"OK, "&', *words, ',"All OK"))'),
        value,
    )


def _run(cells: Sequence[Ref]) -> tuple[str | Ref, ...]:
    """A range from the first to the last cell; its corners are enough, since it lies in one row or one column."""
    first, last = cells[0], cells[-1]
    return (first,) if first is last else (first, ":" + last.address)


Run = tuple[int, int]
#: Called with a line's cells and its row: the text of its formula and the value, or None for an empty cell.
OnLine = Callable[[Sequence[Any], int], tuple[str, int] | None]


class LineFormula(Protocol):
    """A formula the lines of a listing repeat."""

    def prepare(self, decimals: int) -> OnLine:
        """What is called for every line, once the currency is known."""


@dataclass(frozen=True, slots=True)
class RowFormula:
    """A formula over the cells of its own row: runs of columns (first and last, counted from 0) added and taken away.

    rounded  for checks: to the minor unit, so that agreement is exactly zero
    """

    add: tuple[Run, ...]
    take: tuple[Run, ...] = ()
    rounded: bool = False

    def prepare(self, decimals: int) -> OnLine:
        text = "+".join(map(_run_text, self.add)) + "".join("-" + _run_text(run) for run in self.take)
        fill_in = (f"ROUND({text},{decimals})" if self.rounded else text).format
        return lambda cells, row: (fill_in(row), _added(cells, self.add) - _added(cells, self.take))


def _added(cells: Sequence[Any], runs: Sequence[Run]) -> int:
    found = 0
    for first, last in runs:
        try:
            found += sum(cells[first : last + 1])
        except TypeError:  # blank cells among them
            found += sum(cell or 0 for cell in cells[first : last + 1])
    return found


def _run_text(run: Run) -> str:
    first, last = letters(run[0] + 1), letters(run[1] + 1)
    return f"{first}{{0}}" if first == last else f"SUM({first}{{0}}:{last}{{0}})"
