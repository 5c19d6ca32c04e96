"""Documents in columns, found by contract: the side of a book that the billing checks read."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import numpy as np

from engine.schedule.kernel import Bools, Ints
from engine.schedule.layout import Layout

INVOICE, CREDIT_NOTE, VOID, PAYMENT, REFUND, WRITE_OFF = range(6)
_TYPES = {
    "invoice": INVOICE, "credit_note": CREDIT_NOTE, "void": VOID, "payment": PAYMENT, "refund": REFUND,
    "write_off": WRITE_OFF,
}  # fmt: skip


class Documents:
    """Billings as columns: `contract` and `obligation` are places in the layout (-1: none named), `day` an ordinal."""

    def __init__(self, layout: Layout) -> None:
        self.rows = layout.book.billings
        column, count = self.rows.columns, len(self.rows)
        self.kind: Ints = np.fromiter((_TYPES[word] for word in column["type"]), np.int64, count)
        self.contract: Ints = np.fromiter((layout.place_of[name] for name in column["contract_id"]), np.int64, count)
        self.day: Ints = np.fromiter((day.toordinal() for day in column["date"]), np.int64, count)
        self.amount: Ints = np.fromiter(column["amount"], np.int64, count)
        named = zip(column["contract_id"], column["obligation_id"], strict=True)
        places = (-1 if own is None else layout.obligation_of[contract, own] for contract, own in named)
        self.obligation: Ints = np.fromiter(places, np.int64, count)
        self._order = np.argsort(self.contract, kind="stable")
        self._starts = np.searchsorted(self.contract[self._order], np.arange(len(layout.contracts) + 1))

    def __len__(self) -> int:
        return len(self.kind)

    def of(self, contract: int, kind: int = INVOICE) -> list[int]:
        """Rows of a contract of one type, in table order."""
        rows = self._order[self._starts[contract] : self._starts[contract + 1]]
        found: list[int] = rows[self.kind[rows] == kind].tolist()
        return found

    def id(self, row: int) -> str:
        return str(self.rows["document_id"][row])

    def target(self, row: int) -> int | None:
        """The invoice that a note, void or payment is about: of two with one number, the one from the same source."""
        found = self._invoices.get((int(self.contract[row]), self.rows["applies_to"][row]), [])
        source = self.rows["source"]
        return next((invoice for invoice in found if source[invoice] == source[row]), found[0] if found else None)

    @cached_property
    def _invoices(self) -> dict[tuple[int, str], list[int]]:
        """(contract, document id) -> rows of the invoices with that number."""
        result: dict[tuple[int, str], list[int]] = defaultdict(list)
        for row in np.flatnonzero(self.kind == INVOICE).tolist():
            result[int(self.contract[row]), self.id(row)].append(row)
        return result

    @cached_property
    def withdrawn(self) -> Bools:
        """Which invoices are void, or credited in full."""
        result = np.zeros(len(self), bool)
        credited: dict[int, int] = defaultdict(int)
        for row in np.flatnonzero((self.kind == VOID) | (self.kind == CREDIT_NOTE)).tolist():
            target = self.target(row)
            if target is not None and self.kind[row] == VOID:
                result[target] = True
            elif target is not None:
                credited[target] += abs(int(self.amount[row]))
        for target, amount in credited.items():
            result[target] |= 0 < self.amount[target] <= amount
        return result
