"""The price of an obligation, version by version: as stated or allocated, and what each row put on it or took off."""

from __future__ import annotations

from collections.abc import Sequence

from engine.reports.explain.allocated import allocated_words
from engine.reports.explain.changed import treatment_words
from engine.reports.explain.formula import Term, part, total
from engine.reports.explain.story import Move
from engine.reports.explain.subject import Row, Subject, Version
from engine.schedule.billing import reason
from engine.schedule.change import Pool
from engine.schedule.witness import Allocated

#: what a move is called
_LABELS = {
    "estimate": "estimate", "price": "credit note for the price", "recognized": "recognized",
    "replaced": "recognized until replaced", "separate": "priced on its own", "added": "as stated",
    "amount": "amount of the change", "goodwill": "goodwill", "cancel": "cancelled",
    "work": "use beyond the commitment",
    "pool": "change in price at once", "opening": "use beyond the commitment",
}  # fmt: skip


def price_row(subject: Subject, place: int, version: Version, before: Version | None) -> Row | None:
    """The price first in force, or one that a version moved; None where it is what it was."""
    moves = version.chapter.moves
    day = version.since.toordinal()
    if before is not None and before.chapter.moves == moves and day not in subject.story.changes:
        return None
    key = subject.evidence.name(place)
    words = _words(subject, place, version)
    treated = treatment_words(subject, place, day)
    words = f"{words}; {treated}" if treated else words
    if before is None:
        cells = [_cells(subject, place, moves)]
        if any(not isinstance(move.by, Allocated) for move in moves) or subject.estimated_on(version.since):
            cells += subject.movers_on(place, version.since)
        return Row(key, "price", version.price, words, "; ".join(cells))
    moved = "; ".join(subject.movers_on(place, version.since))
    return Row(key, f"price from {version.since}", version.price, words, moved)


def _words(subject: Subject, place: int, version: Version) -> str:
    """What a price is made up of: a formula, and remarks."""
    terms: list[Term] = []
    remarks: list[str] = []
    for move in _merged(version.chapter.moves):
        term, remark = _term(subject, place, move)
        terms.append(term)
        remarks += [remark] if remark else []
    if not any(term.amount for term in terms):
        return "nothing"
    if len(terms) == 1 and not terms[0].formula:
        return "; ".join([terms[0].label or remarks.pop(0), *remarks])
    return "; ".join([total(terms, subject.money), *remarks])


def _merged(moves: Sequence[Move]) -> list[Move]:
    """Moves of one kind after another as one, where they are many small ones."""
    found: list[Move] = []
    for move in moves:
        if found and move.what == found[-1].what and move.what in ("work", "estimate"):
            found[-1] = Move(move.what, move.by, found[-1].amount + move.amount)
        else:
            found.append(move)
    return found


def _term(subject: Subject, place: int, move: Move) -> tuple[Term, str]:
    """A move as a term of the price, and a remark about it."""
    if isinstance(move.by, Allocated):
        formula, how = allocated_words(subject, place, move.by)
        remark = how + subject.with_others(move.by.indexes)
        stated = how.startswith("as ") and not formula
        return Term(move.amount, how if stated else "", formula), "" if stated and remark == how else remark
    if move.what == "part" and isinstance(move.by, Pool) and move.by.shared is not None:
        return Term(move.amount, "of the pool", _part(subject, place, move.by)), ""
    if move.what in ("lost", "ended") and isinstance(move.by, int):
        why = reason(subject.book.billings.record(move.by)).replace("_", " ")
        return Term(move.amount, f"by the {why}" if move.what == "ended" else f"not yet earned of the {why}"), ""
    return Term(move.amount, _LABELS[move.what]), ""


def _part(subject: Subject, place: int, pool: Pool) -> str:
    """The part of a pool that an obligation takes; without any ssp each keeps its own."""
    assert pool.shared is not None
    shared, n = pool.shared, pool.shared.taking.index(place)
    if len(shared.taking) == 1:
        return ""
    before = pool.before[place]
    if list(shared.parts) == [pool.before[index].own for index in shared.taking]:
        terms = [Term(before.contracted), Term(before.more), Term(-before.rest.recognized)]
        return f"({total(terms, subject.money)})" if before.own else ""
    return part(shared.pool, shared.weights, n, subject.money, decimals=subject.decimals)


def _cells(subject: Subject, place: int, moves: Sequence[Move]) -> str:
    """The cells a first price came from: its own, and the ssp of those it is shared with."""
    evidence, cells = subject.evidence, [subject.evidence.at_obligation(place, "price")]
    for move in moves:
        if isinstance(move.by, Allocated) and move.by.of[move.by.indexes.index(place)].treatment != "stated":
            lines = zip(move.by.indexes, move.by.of, strict=True)
            cells += [evidence.at_obligation(index, "ssp") for index, line in lines if line.ssp is not None]
    return ", ".join(cells)
