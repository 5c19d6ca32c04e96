"""Explain: the arithmetic behind every balance of a contract, and the cells of the book it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.book.currencies import DECIMALS
from engine.book.draft import money
from engine.reports.explain.billed import billed_rows
from engine.reports.explain.costs import cost_rows
from engine.reports.explain.figures import balance_rows, netting_rows
from engine.reports.explain.interest import accretion_rows, interest_rows
from engine.reports.explain.layers import layer_rows
from engine.reports.explain.served import version_rows
from engine.reports.explain.subject import Row, Subject
from engine.reports.grouping import UnknownId
from engine.reports.table import Column, Table
from engine.schedule.schedule import Schedule

_COLUMNS = (
    Column("obligation"), Column("figure"), Column("currency"), Column("amount", "money"), Column("arithmetic"),
    Column("rows"),
)  # fmt: skip


@dataclass(frozen=True)
class Explanation:
    """How the figures of a contract, or of one of its obligations, come about at the close of `as_of`.

    heading  who and what, in a line
    titles   what each obligation is, by its key
    table    `obligation, figure, currency, amount, arithmetic, rows`: a row a figure - of each obligation its versions
             (the pool of a change, the price, what was caught up, what was earned), its documents, then the figures of
             the balances report; the key is `C1/plan`, `C1/(netting)` or `C1`; `arithmetic` is a formula that works
             out to the amount, then remarks after semicolons; `rows` are the cells of the book it came from
    """

    heading: str
    titles: Mapping[str, str]
    currency: str
    as_of: date
    table: Table

    @property
    def text(self) -> str:
        """The table for a terminal: a block an obligation, a line a figure."""
        amounts = [money(row[3], DECIMALS[row[2]]) for row in self.table.rows]
        amounts = [
            f"{amount} {row[2]}" if row[2] != self.currency else amount
            for amount, row in zip(amounts, self.table.rows, strict=True)
        ]
        width = max((len(row[1]) for row in self.table.rows), default=0)
        digits = max((len(amount) for amount in amounts), default=0)
        lines, key = [self.heading], None
        for row, amount in zip(self.table.rows, amounts, strict=True):
            if row[0] != key:
                key = row[0]
                lines += ["", f"{key}  {self.titles.get(key, '')}".rstrip()]
            line = f"  {row[1].ljust(width)}  {amount.rjust(digits)}  {row[4]}"
            lines.append(f"{line}  [{row[5]}]" if row[5] else line.rstrip())
        return "\n".join(lines)


def explain(schedule: Schedule, contract_id: str, obligation_id: str | None, as_of: date) -> Explanation:
    """Explain the balances of a contract, or of one obligation of it, at the close of `as_of`.

    raises UnknownId
    """
    layout = schedule.layout
    if contract_id not in layout.place_of:
        raise UnknownId(f"no contract {contract_id!r} in the book")
    contract = layout.place_of[contract_id]
    places = list(layout.members(contract))
    if obligation_id is not None:
        place = layout.obligation_of.get((contract_id, obligation_id))
        if place is None:
            raise UnknownId(f"contract {contract_id!r} has no obligation {obligation_id!r}")
        places = [place]
    subject = Subject(schedule, as_of, contract)
    rows: list[Row] = []
    for place in places:
        rows += [*version_rows(subject, place), *billed_rows(subject, place), *interest_rows(subject, place)]
        rows += balance_rows(subject, place)
    if obligation_id is None:
        rows += [*netting_rows(subject), *cost_rows(subject), *accretion_rows(subject), *layer_rows(subject)]
    table = Table(
        _COLUMNS,
        [[row.key, row.figure, row.currency or subject.currency, row.amount, row.arithmetic, row.rows] for row in rows],
    )
    titles = {subject.evidence.name(place): subject.title(place) for place in places}
    return Explanation(subject.heading, titles, subject.currency, as_of, table)
