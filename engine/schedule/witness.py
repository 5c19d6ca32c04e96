"""A witness: whoever wants to know, while the life of a contract is told, what each row does to the price of its lines.

Nobody does while a book is compiled; to explain a contract its life is told once more with a witness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from engine.schedule import allocation
from engine.schedule.line import Line


class Allocated(NamedTuple):
    """An allocation: the transaction price, and what was read of each line, by its index in the schedule."""

    price: int
    of: Sequence[allocation.Line]
    indexes: Sequence[int]


class Witness(Protocol):
    """Is told, in order, what happens."""

    def begin(self) -> None:
        """The life is told again from its first day."""

    def saw(self, what: str, by: object, lines: Mapping[int, Line]) -> None:
        """Something was done to the lines in play; `by` is the row or the figures behind it:

        signed     Allocated                    estimate   Kind that names an obligation
        opening    Promise that is taken over
        change     Change, about to be taken    price      row of Billings, a note that lowers the price
        pool       Pool of a prospective one    goodwill   the same, over what remains
        separate   Event priced on its own      lost       row of Billings, what will not be collected
        added      Promise added on its own     ended      the same, or a full refund, that ends the service
        amount     Event with an amount         cancel     Event
        event      any other Event
        """

    def close(self, line: Line, day: int) -> None:
        """A line at the close of a day that may have moved it."""
