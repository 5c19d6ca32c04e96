"""Batches for the general ledger: the entries of a period, once, and afterwards what differs from what was handed over.

The first batch of a period is its journal. If the period is reopened, or was open and its rows have changed since, the
next batch is the difference to all batches before, line by line, balanced like the journals it lies between. Every line
bears the id of its batch, so that what is imported twice is recognized: the id ends in a digest of the lines.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date
from typing import Any

from engine.ledger.entry import Recorded
from engine.ledger.errors import LedgerProblem
from engine.ledger.ledger import JOURNAL, Ledger
from engine.reports.standing import standing_journal
from engine.reports.table import Column, Table
from engine.schedule.history import History

COLUMNS = (
    Column("batch_id"), Column("line", "integer"), Column("date", "date"), Column("account"), Column("account_name"),
    Column("debit", "money"), Column("credit", "money"), Column("currency"), Column("reporting_debit", "money"),
    Column("reporting_credit", "money"), Column("role"), Column("contract_id"), Column("obligation_id"),
    Column("source"),
)  # fmt: skip
_PLACE = {column.name: place for place, column in enumerate(COLUMNS)}
_SAME = ("date", "contract_id", "obligation_id", "role", "account", "currency")


class NoAccount(LedgerProblem):
    """Entries cannot be handed over, because roles have no account."""


def posted(ledger: Ledger, label: str) -> list[Recorded]:
    """The batches of a period, oldest first."""
    return [each for each in ledger.batches if each.entry.period == label]


def next_batch(ledger: Ledger, history: History, label: str, days: tuple[date, date]) -> tuple[str, Table] | None:
    """Id and lines of the batch that brings the general ledger to the journal of a period; None if it is there.

    raises NoAccount, LedgerDamaged, LedgerBusy
    """
    table = standing_journal(history, *days)
    journal = [dict(zip(table.names, row, strict=True)) for row in table.rows]
    without = list(dict.fromkeys(line["role"] for line in journal if not line["account"]))
    if without:
        raise NoAccount(f"no account for {', '.join(without)}: enter one for each role in the table Accounts")
    before = posted(ledger, label)
    lines = _difference(ledger, before, journal) if before else journal
    if not lines:
        return None
    names = dict(zip(history.today.book.accounts["account"], history.today.book.accounts["name"], strict=True))
    text = repr([[line[name] for name in (*_SAME, "debit", "credit", "source")] for line in lines])
    batch = f"{label}-{len(before) + 1}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    rows = [
        [{**line, "batch_id": batch, "line": n, "account_name": names.get(line["account"]) or ""}[column.name]
         for column in COLUMNS]
        for n, line in enumerate(lines, 1)
    ]  # fmt: skip
    return batch, Table(COLUMNS, rows)


def _difference(ledger: Ledger, before: list[Recorded], journal: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the journal says now less what was handed over, by day, contract, obligation, role and account."""
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for line in journal:
        _add(sums[tuple(line[name] for name in _SAME)], line, 1)
    for batch in before:
        for row in ledger.table(batch, JOURNAL).rows:
            line = {name: row[place] for name, place in _PLACE.items()}
            _add(sums[tuple(line[name] for name in _SAME)], line, -1)
    source = f"adjusts {', '.join(str(batch.entry.said['batch']) for batch in before)}"
    return [
        {
            **dict(zip(_SAME, key, strict=True)),
            **_sides(amount, ""),
            **_sides(reporting, "reporting_"),
            "source": source,
        }
        for key, (amount, reporting) in sums.items()
        if amount or reporting
    ]


def _add(sums: list[int], line: dict[str, Any], sign: int) -> None:
    sums[0] += sign * ((line["debit"] or 0) - (line["credit"] or 0))
    sums[1] += sign * ((line["reporting_debit"] or 0) - (line["reporting_credit"] or 0))


def _sides(amount: int, prefix: str) -> dict[str, int | None]:
    return {f"{prefix}debit": max(amount, 0) or None, f"{prefix}credit": max(-amount, 0) or None}


def found_batch(ledger: Ledger, batch: str) -> Recorded:
    """A batch that was handed over, by its id.

    raises LedgerProblem
    """
    for each in ledger.batches:
        if each.entry.said["batch"] == batch:
            return each
    known = ", ".join(str(each.entry.said["batch"]) for each in ledger.batches) or "none"
    raise LedgerProblem(f"no batch {batch!r}; batches: {known}")
