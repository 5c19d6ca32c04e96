"""Recognition: T and R of an obligation as it stands, at the close of a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .book import Book
from .calendars import ONE_DAY
from .lines import Line, Piece
from .measures import Measures
from .rounding import round_half_away, round_money
from .rows import Obligation


@dataclass(frozen=True)
class Reach:
    """How far recognition gets: the days to ask with, after holds."""

    day: date
    known: date


@dataclass(frozen=True)
class Rest:
    """A line before a day on which it starts anew. `recognized` and the breakage in it are without usage beyond the
    commitment, which is `beyond`; `since` is the day up to which its measure is behind it (None: nothing can be
    recognized yet), `left` the share of its measure that is left, `worked` the last day whose work is recognized."""

    recognized: int
    breakage: int
    since: date | None
    left: Fraction
    worked: date | None
    beyond: int


class Earning:
    """Asks lines what is contracted and recognized."""

    def __init__(self, book: Book, measures: Measures, is_invoiced: Callable[[Obligation, date], bool]) -> None:
        self.book = book
        self.measures = measures
        self.is_invoiced = is_invoiced  # True if an invoice covers the obligation by a day

    def reach(self, o: Obligation, line: Line, day: date, known: date) -> Reach | None:
        """What was recognized on the eve of a hold stands (its share, if the price moves); None where nothing can be
        recognized: before signing and, under `early_service = catch_up`, before the first invoice."""
        held_since = self.measures.held_since(line, known)
        if held_since is not None:
            known = held_since - ONE_DAY
            day = min(day, known)
        if known < o.contract.signed_on:
            return None
        if self.book.settings.early_service == "catch_up" and not self.is_invoiced(o, known):
            return None
        return Reach(day, known)

    # ------------------------------------------------------------------------------------------------- T and R

    def contracted(self, line: Line, known: date) -> int:
        """T: with usage beyond the commitment."""
        if line.ended is not None:
            return line.ended.total
        return line.proper + self.measures.beyond(line, known)

    def recognized(self, line: Line, day: date, known: date) -> tuple[int, int]:
        """R and the breakage in it."""
        ended, reversed_later = line.ended, 0
        while ended is not None and day < ended.day:
            reversed_later += ended.reversed
            ended = ended.earlier
        if ended is not None:
            return ended.total + reversed_later, ended.breakage
        reach = self.reach(line.obligation, line, day, known)
        if reach is None:
            return reversed_later, 0
        proper, breakage = self.recognized_proper(line, reach)
        proper += self.measures.beyond(line, min(reach.day, reach.known))
        return proper + reversed_later, breakage

    def recognized_proper(self, line: Line, reach: Reach) -> tuple[int, int]:
        """R without usage beyond the commitment, and the breakage in it."""
        recognized, breakage = line.settled, line.settled_breakage
        if line.obligation.method == "manual":
            last = min(reach.day, reach.known)
            return recognized + round_half_away(
                self.measures.recognized_by_hand(line, line.settled_by_hand, last)
            ), breakage
        for piece in line.pieces:
            earned, lapsed = self._of_piece(line, piece, reach)
            recognized += earned
            breakage += lapsed
        return recognized, breakage

    def _of_piece(self, line: Line, piece: Piece, reach: Reach) -> tuple[int, int]:
        """What is earned of a piece, and the breakage in it: above what the measure itself earns."""
        policy = line.obligation.rounding
        if line.obligation.method == "ratable" and policy in ("plug_last", "plug_first"):
            course = self.measures.course_of_span(line, piece, reach.known)
            return course.plugged(piece.amount, reach.day, policy, None if piece.span else piece.since), 0
        earned = round_money(piece.amount * self.measures.part_earned(line, piece, reach.day, reach.known), policy)
        if line.obligation.method not in ("usage", "redemption") or piece.span is not None:
            return earned, 0
        proper = self.measures.part_proper(line, piece, reach.day, reach.known)
        return earned, earned - round_money(piece.amount * proper, policy)

    # -------------------------------------------------------------------------------------- earning anew what is left

    def rest(self, line: Line, day: date) -> Rest:
        """As a line stands before a day on which it starts anew. A separately added span becomes part of the whole
        term."""
        eve = day - ONE_DAY
        reach = self.reach(line.obligation, line, eve, eve)
        spans = line.added_ends
        earlier = max((piece.since for piece in line.pieces if piece.since is not None), default=None)
        recognized = breakage = 0
        since, known, worked = earlier, eve, None
        if reach is not None:
            recognized, breakage = self.recognized_proper(line, reach)
            since, known, worked = max(reach.day, earlier or reach.day), reach.known, min(reach.day, reach.known)
        if spans:
            line.ends.append((day, max(spans)))
        beyond = self.measures.beyond(line, worked) if worked is not None else 0
        return Rest(recognized, breakage, since, self.measures.left(line, since, known), worked, beyond)

    def beyond_moved(self, line: Line, rest: Rest) -> int:
        """By how much new terms lower the usage beyond the commitment in R: so much of what was recognized as beyond
        is now of the commitment, and no revenue moves."""
        return rest.beyond - (self.measures.beyond(line, rest.worked) if rest.worked is not None else 0)

    def start_anew(self, line: Line, day: date, less: int) -> None:
        """From a day on T is so much less, over what is left; at once where nothing is left, or T falls below R."""
        rest, before = self.rest(line, day), line.proper
        amount = before - rest.recognized - less
        if amount < 0 if before >= 0 else amount > 0:
            self.at_once(line, day, rest.recognized, rest.breakage, amount)
        else:
            self.replace(line, day, rest.recognized, rest.breakage, rest.since, amount)

    @staticmethod
    def at_once(line: Line, day: date, recognized: int, breakage: int, amount: int) -> None:
        """Settle what is recognized, and an amount with it."""
        line.pieces = []
        line.settled, line.settled_breakage = recognized + amount, breakage
        line.settled_by_hand = day - ONE_DAY

    def replace(self, line: Line, day: date, recognized: int, breakage: int, since: date | None, amount: int) -> None:
        """Settle what is recognized and earn an amount over what is left after `since` under the terms in force."""
        line.settled, line.settled_breakage = recognized, breakage
        line.settled_by_hand = since
        if self.measures.left(line, since, day) > 0:
            line.pieces = [Piece(amount, since)]
        else:
            line.settled += amount
            line.pieces = []
