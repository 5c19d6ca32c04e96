"""The life of a contract: from the terms signed through every change, cancel and note to the terms in force at a day.

A life is told anew for every day it is asked about, from the rows dated on or before that day. A prospective change
begins the contract anew; between two of them whatever holds "as if from the start" - catch-up changes, price notes,
estimates - is put where that part of the life began, and the rest follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from .book import Book
from .calendars import ONE_DAY
from .changes import Change, cancel_order, cancels_of, changes_of, upgrade_day
from .earning import Earning
from .estimates import Kind, epoch_of, kinds_of, of_contract, of_obligation
from .lines import Ended, Line, Piece, Span
from .measures import Measures
from .modification import Lines, Modification
from .notes import Notes
from .openings import work_of_former_system
from .prices import allocate
from .rounding import share_out
from .rows import CHANGE_RANK, PRICE_STAYS, UNCOLLECTED, Contract, Document, Event, Obligation, Order

Move = Change | Event | Document


def order_of(move: Move) -> Order:
    """The place of a move in time."""
    if isinstance(move, Event):
        return cancel_order(move)
    return move.order


class Lives:
    """The lives of all contracts of a book."""

    def __init__(self, book: Book) -> None:
        self.book = book
        book.events = sorted([*book.events, *work_of_former_system(book)], key=lambda event: event.order)
        self.measures = Measures(book)
        self.earning = Earning(book, self.measures, lambda o, known: self.notes.is_invoiced(o, known))
        self.notes: Notes
        self._moves: dict[tuple[str, ...], list[Move]] = {}
        self._told: dict[tuple[tuple[str, ...], int, int], Lines] = {}
        self._lines: dict[tuple[Contract, date], Lines] = {}
        self._kinds: dict[tuple[str, ...], list[Kind]] = {}
        self._recognized: dict[tuple[Obligation, date, date], tuple[int, int]] = {}
        self._fallen: dict[Event, dict[Obligation, int]] = {}
        self._ended_by: dict[Document, dict[Obligation, int]] = {}

    # ---------------------------------------------------------------------------------------------- what is asked

    def lines(self, contract: Contract, known: date) -> Lines:
        """The obligations of a contract (and those combined with it) at the close of a day; none before signing."""
        if known < contract.signed_on:
            return {}
        if (contract, known) not in self._lines:
            ids = tuple(c.id for c in self.book.combination_at(contract, known))
            count = sum(1 for move in self.moves(ids) if order_of(move)[0] <= known)
            self._lines[contract, known] = self._tell(ids, count, known)
        return self._lines[contract, known]

    def lines_before(self, contract: Contract, order: Order) -> Lines:
        """The same just before a place in time."""
        if order[0] < contract.signed_on:
            return {}
        ids = tuple(c.id for c in self.book.combination_at(contract, order[0]))
        return self._tell(ids, sum(1 for move in self.moves(ids) if order_of(move) < order), order[0])

    def line(self, o: Obligation, known: date) -> Line | None:
        """One obligation; None before it is signed or added."""
        return self.lines(o.contract, known).get(o)

    def contracted(self, o: Obligation, known: date) -> int:
        """T."""
        line = self.line(o, known)
        return self.earning.contracted(line, known) if line is not None else 0

    def recognized(self, o: Obligation, day: date, known: date) -> tuple[int, int]:
        """R at the close of `day` by the rows dated on or before `known`, and the breakage in it."""
        line = self.line(o, known)
        if line is None:
            return 0, 0
        if (o, day, known) not in self._recognized:
            self._recognized[o, day, known] = self.earning.recognized(line, day, known)
        return self._recognized[o, day, known]

    def cancelled(self, o: Obligation, known: date) -> int:
        """What of T fell away by cancels, full refunds and disputes that ended the service, to date."""
        line = self.line(o, known)
        return line.ended.cancelled if line is not None and line.ended is not None else 0

    def undone(self, o: Obligation, known: date) -> int:
        """What of R full refunds took back, to date."""
        line = self.line(o, known)
        return line.ended.undone if line is not None and line.ended is not None else 0

    def replaced_on(self, contract: Contract, day: date) -> set[Obligation]:
        """The obligations that are replaced (an upgrade) on a day: the day before was their last."""
        cancels = [e for e in self.book.events if e.type == "cancel" and e.contract is contract]
        upgrades = [cancel for cancel in cancels if upgrade_day(self.book, cancel) == day]
        return {o for cancel in upgrades for o in cancel.obligations if o.added_on < day}

    def moves(self, ids: tuple[str, ...]) -> list[Move]:
        """All that moves the terms of some contracts that are one, in order. A note from before the signing credits
        what was billed too early and leaves the price signed alone."""
        if ids not in self._moves:
            moves: list[Move] = [*changes_of(self.book, ids), *cancels_of(self.book, ids)]
            for note in self.book.documents:
                moving = note.type == "credit_note" and note.reason not in PRICE_STAYS
                if moving and note.contract.id in ids and note.day >= note.contract.signed_on:
                    moves.append(note)
            self._moves[ids] = sorted(moves, key=order_of)
        return self._moves[ids]

    # ------------------------------------------------------------------------------------------------- the telling

    def _tell(self, ids: tuple[str, ...], count: int, known: date) -> Lines:
        """The lines after so many moves, with the estimates known at a day (kept once told)."""
        if ids not in self._kinds:
            self._kinds[ids] = kinds_of(self.book, ids)
        kinds = self._kinds[ids]
        estimates = sum(1 for kind in kinds for row in kind.rows if row.day <= known)
        if (ids, count, estimates) not in self._told:
            self._told[ids, count, estimates] = self._tell_anew(ids, count, known, kinds)
        return self._told[ids, count, estimates]

    def _tell_anew(self, ids: tuple[str, ...], count: int, known: date, kinds: list[Kind]) -> Lines:
        anew = [m.day for m in self.moves(ids) if isinstance(m, Change) and m.is_prospective]
        parts: list[list[Move]] = [[]]
        for move in self.moves(ids)[:count]:
            parts[-1].append(move)
            if isinstance(move, Change) and move.is_prospective:
                parts.append([])
        of_part = [[kind for kind in kinds if epoch_of(kind, anew) == number] for number in range(len(parts))]
        lines = self._signed(ids, parts[0], of_part[0], known)
        for number, moves in enumerate(parts):
            so_far = [kind for of_earlier in of_part[: number + 1] for kind in of_earlier]
            for move in moves:
                if isinstance(move, Change):
                    if move.is_prospective:
                        self._modify(lines, move, parts[number + 1], of_part[: number + 2], known)
                    self._separate(lines, move, moves, so_far, known)
                    self._amounts(lines, move)
                elif isinstance(move, Event):
                    self._cancel(lines, move)
                else:
                    self._note(lines, move)
        return lines

    def _signed(self, ids: tuple[str, ...], moves: Sequence[Move], kinds: Sequence[Kind], known: date) -> Lines:
        """The terms signed, with what holds as if from the start. Whether prices are allocated by ssp is settled by
        what was signed: an ssp that comes later has no others to be compared with."""
        added = [o for move in moves if isinstance(move, Change) for o in move.added_catch_up]
        obligations = [o for o in self.book.obligations if o.contract.id in ids and (o.is_original or o in added)]
        lines = {o: Line(o, o.price, ssp=o.ssp) for o in obligations}
        for row in self._as_if_rows(moves):
            for o in row.obligations:
                if o in lines:
                    _take_terms(lines[o], row)
        stated = {o: line.price for o, line in lines.items()}
        by_ssp = any(o.ssp is not None or o.allocation in ("relative", "residual") for o in lines if o.is_original)
        ssp = {o: line.ssp for o, line in lines.items()} if by_ssp else None
        for o, price in allocate(obligations, stated, ssp, of_contract(kinds, known)).items():
            lines[o].pieces = [Piece(price)]
            self._take_over(lines[o], price)
            self._of_one(lines[o], moves, kinds, known)
        return lines

    def _take_over(self, line: Line, price: int) -> None:
        """What was recognized in a former system is settled; the rest is earned after that day, on the very next if no
        day is left."""
        opening = self.book.openings.get(line.obligation)
        if opening is None:
            return
        line.settled = opening.recognized - self.measures.beyond(line, opening.day)
        line.settled_by_hand = opening.day
        left = price - line.settled
        line.pieces = [Piece(left, since=opening.day)]
        if line.obligation.method != "manual" and self.measures.share(line, opening.day, opening.day) == 1:
            next_day = opening.day + ONE_DAY
            line.pieces = [Piece(left, opening.day, Span(next_day, next_day))]

    @staticmethod
    def _as_if_rows(moves: Sequence[Move]) -> list[Event]:
        return [row for move in moves if isinstance(move, Change) for row in move.catch_up]

    def _of_one(self, line: Line, moves: Sequence[Move], kinds: Sequence[Kind], known: date) -> None:
        """Estimates that name an obligation, and price notes, belong to it alone."""
        line.shift(of_obligation(kinds, line.obligation, known))
        for move in moves:
            there = line.obligation.is_original or move.day >= line.obligation.added_on
            if isinstance(move, Document) and move.reason == "price" and there:
                line.shift(-self.notes.parts(move).get(line.obligation, 0))

    def _modify(
        self, lines: Lines, change: Change, following: Sequence[Move], kinds: Sequence[Sequence[Kind]], known: date
    ) -> None:
        """A prospective change, with what holds as if from its day."""
        before = set(lines)
        added = list(change.added_prospective)
        added += [o for move in following if isinstance(move, Change) for o in move.added_catch_up]
        Modification(
            earning=self.earning,
            lines=lines,
            change=change,
            as_if=self._as_if_rows(following),
            estimate=of_contract(kinds[-1], known),
            fallen=lambda cancel, o: self.fallen(cancel).get(o, 0),
        ).apply(added)
        everything = [kind for of_part in kinds for kind in of_part]
        for o, line in lines.items():
            self._of_one(line, following, kinds[-1] if o in before else everything, known)

    def _separate(
        self, lines: Lines, change: Change, moves: Sequence[Move], kinds: Sequence[Kind], known: date
    ) -> None:
        """What is added is priced on its own; nothing else moves."""
        for row in change.separate:
            for o in row.obligations:
                if o in lines and lines[o].ended is None and row.moves_terms:
                    self._separate_row(lines[o], row)
        for o in change.added_separate:
            lines[o] = Line(o, o.price, ssp=o.ssp, pieces=[Piece(o.price)])
            self._of_one(lines[o], moves, kinds, known)

    def _separate_row(self, line: Line, row: Event) -> None:
        """The added price runs over the old end + 1 to the new end, or over what is left of the old term."""
        more = int(row.price) - line.price if row.price is not None else 0
        if line.obligation.method != "ratable":
            rest, amount = self.earning.rest(line, row.day), line.proper + more
            line.keep_unit_price(row, row.day)
            _take_terms(line, row)
            settled = rest.recognized + self.earning.beyond_moved(line, rest)
            self.earning.replace(line, row.day, settled, rest.breakage, rest.since, amount - settled)
            return
        line.price += more
        course = self.measures.course(line, row.day - ONE_DAY)
        old_end = max([course.real_end, *line.added_ends])
        if row.end is not None and row.end > old_end:
            line.pieces.append(Piece(more, span=Span(old_end + ONE_DAY, row.end)))
        elif max(course.start, row.day) <= old_end:
            line.pieces.append(Piece(more, span=Span(max(course.start, row.day), old_end)))
        else:
            line.settled += more

    def _amounts(self, lines: Lines, change: Change) -> None:
        """An amount on a change moves T and R on its day."""
        for row in change.rows:
            for o in row.obligations:
                if row.amount is not None and o in lines:
                    line = lines[o]
                    if line.ended is not None:
                        line.shift(int(row.amount))
                    else:
                        line.settled += int(row.amount)

    # ----------------------------------------------------------------------------------------------- what ends it

    def fallen(self, cancel: Event) -> dict[Obligation, int]:
        """What a cancel takes of the unearned price of each obligation it ends, as it stood when it was entered; one
        amount is shared by what each has left."""
        if cancel not in self._fallen:
            upgraded = upgrade_day(self.book, cancel)
            order = cancel_order(cancel) if upgraded is None else (upgraded, CHANGE_RANK, "")
            last_day = cancel.day if upgraded is None else upgraded - ONE_DAY
            lines = self.lines_before(cancel.contract, order)
            unearned = {}
            for o in cancel.obligations:
                if o in lines and lines[o].ended is None:
                    recognized = self.earning.recognized(lines[o], last_day, last_day)[0]
                    unearned[o] = self.earning.contracted(lines[o], last_day) - recognized
            if cancel.amount is not None:
                parts = share_out(int(cancel.amount), [Fraction(left) for left in unearned.values()])
                unearned = dict(zip(unearned, parts, strict=True))
            self._fallen[cancel] = unearned
        return self._fallen[cancel]

    def _cancel(self, lines: Lines, cancel: Event) -> None:
        for o, fallen in self.fallen(cancel).items():
            recognized, breakage = self.earning.recognized(lines[o], cancel.day, cancel.day)
            self._end(lines[o], cancel.day, cancel.day, recognized, breakage, fallen)

    def _end(
        self,
        line: Line,
        day: date,
        last_day: date,
        recognized: int,
        breakage: int,
        fallen: int,
        *,
        refunded: bool = False,
    ) -> None:
        """The unearned price falls away; what is kept of it is recognized, what is above it reverses revenue. A note
        after the end does not prolong the service; of what is refunded in full nothing is left, whatever an estimate
        says afterwards."""
        contracted = self.earning.contracted(line, day)
        total = 0 if refunded else contracted - fallen
        over = total - recognized
        against_price = over < 0 if contracted >= 0 else over > 0
        line.ended = Ended(
            day=day,
            last_day=last_day if line.ended is None else min(last_day, line.ended.last_day),
            total=total,
            breakage=breakage,
            cancelled=fallen + (line.ended.cancelled if line.ended is not None else 0),
            reversed=over if against_price else 0,
            undone=(recognized if refunded else 0) + (line.ended.undone if line.ended is not None else 0),
            earlier=line.ended,
        )

    def _note(self, lines: Lines, note: Document) -> None:
        """A credit note that moves the price, except for `price`, which holds as if from the start. Of an obligation
        not yet signed or added it moves nothing but what is billed."""
        if note.reason == "goodwill":
            for o, part in self.notes.parts(note).items():
                if o in lines:
                    self._less(lines[o], note.day, part)
        elif note.reason == "full_refund" or (note.reason in UNCOLLECTED and self.notes.ends_service(note)):
            for o, fallen in self.falls_away(note).items():
                last_day = note.day - ONE_DAY
                recognized, breakage = self.earning.recognized(lines[o], last_day, last_day)
                refunded = note.reason == "full_refund"
                self._end(lines[o], note.day, last_day, recognized, breakage, fallen, refunded=refunded)
        elif note.reason in UNCOLLECTED:
            for o, part in self.notes.unearned(note).items():
                if o in lines:
                    self._less(lines[o], note.day, part)

    def _less(self, line: Line, day: date, part: int) -> None:
        if line.ended is not None:
            line.shift(-part)
        elif part:
            self.earning.start_anew(line, day, part)

    def falls_away(self, note: Document) -> dict[Obligation, int]:
        """What a note that ends the service takes of T, as it stood then: all of it on a full refund, else what is
        not earned before its day."""
        if note not in self._ended_by:
            lines = self.lines_before(note.contract, note.order)
            eve = note.day - ONE_DAY
            falls = {}
            for o in (o for o in self.notes.parts(note) if o in lines):
                stays = 0
                if note.reason != "full_refund":
                    stays = self.earning.recognized(lines[o], eve, eve)[0]
                falls[o] = self.earning.contracted(lines[o], note.day) - stays
            self._ended_by[note] = falls
        return self._ended_by[note]


def _take_terms(line: Line, row: Event) -> None:
    """The new terms of a row, as if from the start."""
    if row.price is not None:
        line.price = int(row.price)
    if row.end is not None:
        line.ends.append((row.day, row.end))
    if row.quantity is not None:
        line.totals.append((row.day, row.quantity))
    if row.ssp is not None:
        line.ssp = row.ssp
