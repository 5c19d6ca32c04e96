"""Flows: the kinds of movement a schedule keeps, single ones of them, and all of them in columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from engine.schedule.kernel import Bools, Ints


class Flow(IntEnum):
    """What a step of a schedule is; each kind is a column of some report."""

    NEW = 0  # contracted price on the day of signing
    CHANGE = 1  # contracted price changed afterwards, what is cancelled apart
    BREAKAGE = 2  # revenue from rights that will not be used
    CATCH_UP = 3  # revenue of service before the day of the row that moved it
    BILLINGS = 4  # documents that count
    CREDITS = 5  # notes, negative invoices, refunds
    TAX = 6  # on documents that count
    CASH = 7  # received, or paid back
    CANCELLATION = 8  # contracted price that fell away: cancels, full refunds, disputes that end the service
    CONTRA_REVENUE = 9  # lost on documents by disputes, revenue undone by full refunds
    BAD_DEBT = 10  # lost on documents by bad debt and write-offs
    VOIDED = 11  # of BILLINGS, documents withdrawn
    OPENING_CONTRACTED = 12  # contracted price of what is taken over from a former system, on the day of cut-over
    OPENING_RECOGNIZED = 13  # revenue to date of it: never revenue of this book
    OPENING_BILLED = 14  # billed to date of it: never billed in this book


#: what stands on the day of cut-over of a contract: no movement of this book
OPENINGS = (Flow.OPENING_CONTRACTED, Flow.OPENING_RECOGNIZED, Flow.OPENING_BILLED)


@dataclass(frozen=True, slots=True)
class Step:
    """`amount` whole minor units on `day` for an obligation."""

    obligation: int
    day: int
    kind: Flow
    amount: int


@dataclass(frozen=True)
class Steps:
    """Amounts on days, in order of (obligation, day): what is billed, how the price moved, breakage, catch-ups.

    kind    a Flow
    source  row of Billings that a billed amount comes from, -1 elsewhere
    """

    obligation: Ints
    day: Ints
    kind: Ints
    amount: Ints
    source: Ints

    @staticmethod
    def of(kind: Flow, obligation: Ints, day: Ints, amount: Ints) -> Steps:
        """Steps of one kind, zero amounts left out."""
        keep = np.flatnonzero(amount)
        count = len(keep)
        return Steps(obligation[keep], day[keep], np.full(count, kind), amount[keep], np.full(count, -1))

    @staticmethod
    def from_rows(rows: Sequence[tuple[int, int, int, int, int]]) -> Steps:
        return Steps(*np.array(rows, np.int64).reshape(-1, 5).T)

    @staticmethod
    def joined(parts: Iterable[Steps]) -> Steps:
        columns = [np.concatenate(column) for column in zip(*(vars(part).values() for part in parts), strict=True)]
        order = np.lexsort((columns[1], columns[0]))
        return Steps(*(column[order] for column in columns))

    def where(self, keep: Bools) -> Steps:
        return Steps(*(column[keep] for column in vars(self).values()))
