"""Variable consideration: which estimates are in force, and to which life of the contract they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .book import Book
from .rows import Contract, Estimate, Obligation


@dataclass(frozen=True, eq=False)
class Kind:
    """All rows of one contract (or obligation) and kind; the latest on or before a day is in force."""

    contract: Contract
    obligation: Obligation | None
    rows: tuple[Estimate, ...]

    @property
    def first(self) -> date:
        """The day the kind was first entered."""
        return self.rows[0].day

    def in_force(self, known: date) -> int:
        """The amount expected at a day."""
        amount = 0
        for row in self.rows:
            if row.day <= known:
                amount = row.amount
        return amount


def kinds_of(book: Book, contracts: Sequence[str]) -> list[Kind]:
    """The kinds of estimates of some contracts, those of one obligation apart from those of the contract."""
    rows: dict[tuple[str, str, str], list[Estimate]] = {}
    for row in book.estimates:
        if row.contract.id in contracts:
            named = row.obligation.key if row.obligation is not None else ""
            rows.setdefault((row.contract.id, named, row.kind), []).append(row)
    kinds = []
    for _, of_kind in sorted(rows.items(), key=lambda pair: pair[0]):
        of_kind.sort(key=lambda row: row.day)
        kinds.append(Kind(of_kind[0].contract, of_kind[0].obligation, tuple(of_kind)))
    return kinds


def epoch_of(kind: Kind, prospective: Sequence[date]) -> int:
    """The life of the contract a kind belongs to: 0 is the one signed, n the one after the n-th prospective change;
    a kind first entered on or after such a change belongs to the modified contract only."""
    return sum(1 for day in prospective if day <= kind.first)


def of_contract(kinds: Sequence[Kind], known: date) -> int:
    """The estimates that name no obligation, together."""
    return sum(kind.in_force(known) for kind in kinds if kind.obligation is None)


def of_obligation(kinds: Sequence[Kind], obligation: Obligation, known: date) -> int:
    """The estimates that name an obligation, together."""
    return sum(kind.in_force(known) for kind in kinds if kind.obligation is obligation)
