"""Estimates of variable consideration: what is expected of each kind, and how far what is billed may be kept.

Source: ASC 606-10-32-5 to 32-14 (variable consideration), 606-10-32-10 (refund liability).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.book.tables import Estimate
from engine.schedule.clocks import NONE
from engine.schedule.kernel import rounded


@dataclass(frozen=True, slots=True)
class Kind:
    """The rows of one contract (or obligation) and kind, in order; the latest by a day is in force.

    index  of the obligation it belongs to alone; None: it belongs to the contracts
    rows   (day, amount)
    """

    index: int | None
    rows: Sequence[tuple[int, int]]

    @property
    def first(self) -> int:
        """The day it was first entered."""
        return self.rows[0][0]

    def in_force(self, day: int) -> int:
        """Amount expected at a day."""
        return next((amount for on, amount in reversed(self.rows) if on <= day), 0)


def kinds_of(estimates: Iterable[Estimate], index_of: Mapping[tuple[str, str], int]) -> list[Kind]:
    """The kinds of some contracts; `index_of` each (contract_id, obligation_id)."""
    rows: dict[tuple[str, str | None, str], list[tuple[int, int]]] = {}
    for row in estimates:
        key = (row.contract_id, row.obligation_id, row.kind)
        rows.setdefault(key, []).append((row.date.toordinal(), row.amount))
    return [
        Kind(None if obligation is None else index_of[contract, obligation], sorted(found))
        for (contract, obligation, _), found in sorted(rows.items(), key=lambda pair: (pair[0][0], pair[0][1] or ""))
    ]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Size of the estimates in force on one obligation: of those that lower a price, and of those that raise one."""

    lowering: Fraction = NONE
    raising: Fraction = NONE


def sizes(kinds: Sequence[Kind], contracted: Mapping[int, int], running: Iterable[int], day: int) -> dict[int, Sizes]:
    """Sizes on each obligation that has not ended; an estimate of the contracts is shared by contracted price.

    contracted  price of every obligation of the contracts
    running     those that have not ended
    """
    whole = sum(contracted.values())
    found: dict[int, Sizes] = {}
    for index in running:
        lowering = raising = NONE
        for kind in kinds:
            amount = Fraction(kind.in_force(day))
            if kind.index is None:
                amount = amount * contracted[index] / whole if whole else NONE
                own = kind.in_force(day)
            else:
                amount, own = (amount if kind.index == index else NONE), kind.in_force(day)
            if own < 0:
                lowering -= amount
            else:
                raising += amount
        found[index] = Sizes(lowering, raising)
    return found


def most_kept(contracted: int, gross: int, of: Iterable[Sizes]) -> int | None:
    """What of the invoices counted may be kept at most by obligations that net as one: ROUND(gross x T / P), P = T and
    the size of the estimates that lower it; None where there is none."""
    both = list(of)
    size = sum((one.raising if contracted < 0 else one.lowering for one in both), NONE)
    if not size:
        return None
    price = contracted - size if contracted < 0 else contracted + size
    return rounded(gross, Fraction(contracted) / price)


def kept(contracted: int, recognized: int, billed: int, most: int | None) -> int:
    """The part of what is billed that need not be given back; of a negative price everything mirrors."""
    if contracted < 0:
        return -kept(-contracted, -recognized, -billed, None if most is None else -most)
    found = min(billed, max(contracted, recognized))
    return found if most is None else min(found, most)
