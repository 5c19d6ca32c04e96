"""Contract costs: capitalized on their date, amortized over their term, impaired when the contract has ended."""

from __future__ import annotations

from datetime import date

from .book import Book
from .life import Lives
from .rounding import round_money
from .rows import Contract, Cost
from .shares import Course

COST_COLUMNS = ["opening", "capitalized", "amortized", "impaired", "closing"]


class Costs:
    """The carrying amount of every cost of a book."""

    def __init__(self, book: Book, lives: Lives) -> None:
        self.book = book
        self.lives = lives

    def to_date(self, cost: Cost, day: date) -> tuple[int, int, int]:
        """Capitalized, amortized and impaired by the close of a day."""
        if day < cost.day:
            return 0, 0, 0
        ended = self._ended_on(cost.contract, day)
        if ended is None:
            return cost.amount, self._amortized(cost, day), 0
        amortized = self._amortized(cost, ended)
        return cost.amount, amortized, cost.amount - amortized

    def _amortized(self, cost: Cost, day: date) -> int:
        if cost.end is None:
            return 0
        policy = self.book.settings.rounding
        course = Course(cost.start or cost.day, cost.end, cost.convention, self.book.settings.calendar)
        if policy in ("plug_last", "plug_first"):
            return course.plugged(cost.amount, day, policy)
        return round_money(cost.amount * course.share(day), policy)

    def _ended_on(self, contract: Contract, known: date) -> date | None:
        """The last day of service, once every obligation of the contract has ended before its time."""
        lines = self.lives.lines(contract, known)
        own = [line for o, line in lines.items() if o.contract is contract]
        if not own or any(line.ended is None for line in own):
            return None
        return max(line.ended.last_day for line in own if line.ended is not None)
