"""A listing: one line per contract, obligation or entry, in a block per currency, each block with its foot.

Lines are many, so each column is prepared once (its letter, style and formula) and a line is only put together. The
feet come back as cells, for the links and checks of other sheets.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from engine.book.currencies import DECIMALS
from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.cells import empty_cell, looks_like_formula, number_cell, serial, text_cell
from engine.sheets.formulas import Formula, LineFormula, Ref, check, letters, link
from engine.sheets.pack import Period
from engine.sheets.sheet import MOST_ROWS, Cell, Sheet, money_characters, too_long
from engine.sheets.styles import Look, money_form

Put = Callable[[list[Any], int], str]


@dataclass(frozen=True)
class Field:
    """A column of a listing.

    head     its heading; a Period is headed by its date
    kind     of its cells, as in a report's Table; `check` is a difference that must be zero
    formula  for columns that are computed from others in the row; the row then holds None there
    group    a heading over several columns
    foot     False for columns of amounts whose sum would mean nothing
    strong    in bold, for subtotals
    wrap      break long texts into lines
    decimals  of its amounts, where they are not in the currency of the block
    """

    head: str | Period
    kind: str = "text"
    formula: LineFormula | None = None
    group: str = ""
    foot: bool = True
    strong: bool = False
    wrap: bool = False
    decimals: int | None = None

    @property
    def is_amount(self) -> bool:
        return self.kind in ("money", "check")

    def decimals_in(self, block: int) -> int:
        return block if self.decimals is None else self.decimals


Rows = Sequence[list[Any]]
_BLOCK, _NARROW = 1_000, 11


class Listing:
    """Writes the blocks of a listing onto a sheet; all blocks share its columns."""

    def __init__(self, binder: Binder, sheet: Sheet, fields: Sequence[Field], one_currency: bool) -> None:
        self.sheet, self.fields = sheet, fields
        self._binder, self._one_currency = binder, one_currency

    def header(self, frozen: int) -> None:
        """The headings: groups above, dates or labels, below them the last days of periods that are not months."""
        periods = [field.head for field in self.fields if isinstance(field.head, Period)]
        rows = 1
        if any(field.group for field in self.fields):
            self.sheet.line(*self._groups())
            rows += 1
        heads = [heading(field.head, field.is_amount, bool(place)) for place, field in enumerate(self.fields)]
        self.sheet.line(*heads, height=4 + 13.5 * max(map(_lines_of, self.fields)), fit=False)
        if not all(period.is_calendar_month for period in periods):
            self.sheet.line(*(last_day(field.head) for field in self.fields), fit=False)
            rows += 1
        for column, field in enumerate(self.fields, 1):
            if isinstance(field.head, str):
                self.sheet.fit(column, max(map(len, field.head.split())) * 1.1 + 1)
        self.sheet.freeze(frozen, rows)

    def _groups(self) -> list[Cell]:
        """A group's name stands over its first column only; nothing is merged."""
        cells: list[Cell] = []
        for before, field in zip(("", *(field.group for field in self.fields)), self.fields, strict=False):
            look = replace(styles.GROUP, align="left") if field.group else None
            cells.append((field.group if field.group != before else "", look) if look else None)
        return cells

    def block(
        self, currency: str, rows: Rows, label: str = "", shaded: Sequence[bool] = (), total: str | None = None
    ) -> dict[int, Ref]:
        """The lines of one currency and their foot: the cells of the foot, by position of their column.

        label   a heading of its own for the block
        shaded  which lines stand on a soft fill
        total   name of the foot, if it is not to be "Total" with the currency; blank for none
        """
        decimals = DECIMALS.get(currency, 2)
        if self.sheet.row + len(rows) + 3 > MOST_ROWS:
            raise too_long(self.sheet.name, len(rows))
        name = " - ".join(part for part in (label, "" if self._one_currency else currency) if part)
        if name:
            self.sheet.line((name, styles.BLOCK), *[("", styles.BLOCK)] * (len(self.fields) - 1), fit=False)
        first = self.sheet.row + 1
        if rows:
            self._lines(rows, shaded or [False] * len(rows), decimals)
        else:
            self.sheet.line(("None", replace(styles.TEXT, ink="muted", italic=True)))
        self._measure(rows, decimals)
        if total is None:
            total = "Total" if self._one_currency else f"Total {currency}"
        return self._foot(first, rows, decimals, total) if total else {}

    def _lines(self, rows: Rows, shaded: Sequence[bool], decimals: int) -> None:
        puts = {
            soft: [
                self._put(position, field, field.decimals_in(decimals), soft)
                for position, field in enumerate(self.fields)
            ]
            for soft in {*shaded}
        }
        put_row, columns, number = self.sheet.put, len(self.fields), self.sheet.row
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            for row, soft in zip(block, shaded[start : start + _BLOCK], strict=True):
                number += 1
                put_row("".join([put(row, number) for put in puts[soft]]), columns)
            self._binder.advance(self.sheet.name, len(block))

    def _put(self, position: int, field: Field, decimals: int, soft: bool) -> Put:
        """What writes the cells of one column: prepared once, called for every line."""
        letter, index, scale = letters(position + 1), self.sheet.styles.index, 10**decimals
        look = replace(body_look(field, decimals), fill="soft" if soft else "")
        if position and look.align == "left":
            look = replace(look, indent=1)
        style = index(look)
        if field.formula:
            formula = field.formula.prepare(decimals)

            def put_formula(row: list[Any], number: int) -> str:
                made = formula(row, number)
                if made is None:
                    return f'<c r="{letter}{number}" s="{style}"/>'
                text, row[position] = made
                return f'<c r="{letter}{number}" s="{style}"><f>{text}</f><v>{made[1] / scale}</v></c>'

            return put_formula
        if field.is_amount:

            def put_amount(row: list[Any], number: int) -> str:
                minor = row[position]
                if minor is None:
                    return f'<c r="{letter}{number}" s="{style}"/>'
                return f'<c r="{letter}{number}" s="{style}"><v>{minor / scale}</v></c>'

            return put_amount
        quoted = index(replace(look, quoted=True))
        return lambda row, number: _other(f"{letter}{number}", style, quoted, row[position])

    def _measure(self, rows: Rows, decimals: int) -> None:
        """Let the columns grow to their longest cell."""
        for position, field in enumerate(self.fields):
            cells = [row[position] for row in rows if row[position] is not None]
            if not cells:
                continue
            if field.is_amount:
                own = field.decimals_in(decimals)
                self.sheet.fit(position + 1, max(money_characters(minor, own) for minor in (max(cells), min(cells))))
            elif field.kind == "text" and not field.wrap:
                self.sheet.fit(position + 1, max(len(str(cell)) for cell in cells) + 1)
            elif not field.wrap:
                self.sheet.fit(position + 1, 10)

    def _foot(self, first: int, rows: Rows, decimals: int, label: str) -> dict[int, Ref]:
        """Every amount added up down its column; differences by their size."""
        last = self.sheet.row
        cells: list[Cell] = [(label, styles.TOTAL_TEXT)]
        for position, field in enumerate(self.fields[1:], 1):
            if field.is_amount and field.foot:
                own = field.decimals_in(decimals)
                foot = column_foot(letters(position + 1), first, last, rows, position, field.kind == "check", own)
                cells.append((foot, styles.total_money(own)))
            else:
                cells.append(("", styles.TOTAL_TEXT))
        refs = self.sheet.line(*cells)
        for position, field in enumerate(self.fields):
            if field.kind == "check":
                top = Ref(self.sheet.name, position + 1, first, 0)
                self.sheet.judge([top, replace(top, row=last + 1)], styles.difference_rules())
        return {position: ref for position, ref in enumerate(refs) if self.fields[position].is_amount}

    def agree(self, label: str, position: int, ours: Ref, theirs: Ref) -> Ref:
        """Under the foot: the total of another sheet, and the difference from ours; returns the difference."""
        blank: list[Cell] = [None] * (position - 1)
        decimals = ours.decimals
        shown = self.sheet.line(
            (label, styles.PLAIN), *blank, (link(theirs), Look("link", form=money_form(decimals))), fit=False
        )
        look = Look("formula", form=money_form(decimals))
        difference = self.sheet.line(("Check", styles.PLAIN), *blank, (check([ours], shown[-1:]), look), fit=False)[-1]
        self.sheet.judge([difference], styles.difference_rules())
        return difference


def column_foot(letter: str, first: int, last: int, rows: Rows, position: int, by_size: bool, decimals: int) -> Formula:
    """The foot of a column of lines, for ranges too long to hold as cells."""
    amounts = [row[position] or 0 for row in rows]
    area = f"{letter}{first}:{letter}{last}"
    if by_size:
        return Formula((f"SUMPRODUCT(ABS({area}))",), int(sum(map(abs, amounts))), decimals)
    return Formula((f"SUM({area})",), int(sum(amounts)), decimals)


def heading(head: str | Period, of_amount: bool = True, indent: int = 0) -> Cell:
    """A heading: periods that are months by their date, others by their label."""
    look = styles.HEAD_RIGHT if of_amount else replace(styles.HEAD_LEFT, indent=indent)
    if isinstance(head, str):
        return head, look
    if head.is_calendar_month:
        return head.end, replace(look, form=styles.HEAD_MONTH)
    return head.label, look


def _lines_of(field: Field) -> int:
    """How many lines the heading of an amount takes if its column is narrow."""
    if isinstance(field.head, Period) or not field.is_amount:
        return 1
    room = max(_NARROW, *map(len, field.head.split()))
    return len(textwrap.wrap(field.head, room))


def last_day(head: str | Period) -> Cell:
    """Under the heading of a period that is no month: its last day."""
    look = replace(styles.HEAD_RIGHT, size=8, bold=False, form=styles.HEAD_DAY)
    return ("", look) if isinstance(head, str) or head.is_calendar_month else (head.end, look)


def body_look(field: Field, decimals: int) -> Look:
    """How a column's cells look."""
    ink = "formula" if field.formula else "engine"
    if field.is_amount:
        return replace(styles.money(decimals, ink), bold=field.strong)
    forms = {"date": styles.DATE, "number": styles.PLAIN_NUMBER, "integer": styles.WHOLE}
    align: Literal["", "left"] = "left" if field.kind in ("date", "text") else ""
    return replace(styles.TEXT, form=forms.get(field.kind, "General"), align=align, wrap=field.wrap)


def _other(where: str, style: int, quoted: int, content: Any) -> str:
    """A cell that is no amount."""
    if content is None or content == "":
        return empty_cell(where, style)
    if isinstance(content, str):
        return text_cell(where, quoted if looks_like_formula(content) else style, content)
    if isinstance(content, int):
        return number_cell(where, style, content)
    return number_cell(where, style, serial(content) if hasattr(content, "toordinal") else float(content))


def by_currency(
    rows: Sequence[Sequence[Any]], position: int, currencies: Sequence[str]
) -> Mapping[str, list[Sequence[Any]]]:
    """Rows in the order they came, apart for every currency; a currency without rows has none."""
    found: dict[str, list[Sequence[Any]]] = {currency: [] for currency in currencies}
    for row in rows:
        found[row[position]].append(row)
    return found
