"""Changes in words: how each row was treated and why, and the pool of a prospective change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine.book.tables import Event
from engine.reports.explain.formula import Term, total, written
from engine.reports.explain.subject import Row, Subject
from engine.schedule.change import CATCH_UP, PROSPECTIVE, SEPARATE, Change, Pool, moves_terms
from engine.schedule.promise import Promise

_DOES = {
    SEPARATE: "what is added is priced on its own, nothing else moves",
    PROSPECTIVE: "what is not recognized goes to what is left to do",
    CATCH_UP: "as if the new terms had held from the start",
}


def treatment_words(subject: Subject, place: int, day: int) -> str:
    """How the rows of a day that are about an obligation were treated, and why a blank one was."""
    change = subject.story.changes.get(day)
    if change is None:
        return ""
    found = [
        f"{word} ({_why(subject, change, word)}): {_DOES[word]}"
        for word in (SEPARATE, PROSPECTIVE, CATCH_UP)
        if _is_about(subject, place, change, word)
    ]
    return ", ".join(found)


def _is_about(subject: Subject, place: int, change: Change, word: str) -> bool:
    """Whether a part of a change can be about an obligation: any prospective one is."""
    if word == PROSPECTIVE:
        return change.is_prospective
    own = subject.evidence.obligation(place, "obligation_id")
    rows = any(row.obligation_id in (None, own) for row in change.rows[word])
    return rows or any(promise.index == place for promise in change.added[word])


def _why(subject: Subject, change: Change, word: str) -> str:
    """Why rows and added obligations were treated like that."""
    rows, added = change.rows[word], change.added[word]
    if word == PROSPECTIVE and change.upgraded:
        return "an upgrade: a cancel and an obligation added with it are one change"
    if any(row.treatment == word for row in rows):
        return "as entered"
    named = {row.treatment for row in change.every_row if row.treatment}
    if named:
        return f"blank, read as the other rows of that day, {', '.join(sorted(named))}"
    return f"blank, read as {word} because {_because(subject, word, rows, added)}"


def _because(subject: Subject, word: str, rows: Sequence[Event], added: Sequence[Promise]) -> str:
    """What decided how a blank treatment was read."""
    if word == SEPARATE:
        reasons = ["what is added is at its ssp"] if added else []
        return " and ".join(reasons + (["it renews to a new end"] if any(map(moves_terms, rows)) else []))
    for promise in added:
        if promise.row.ssp != promise.row.price:
            ssp = "has no ssp" if promise.row.ssp is None else f"is not at its ssp {subject.money(promise.row.ssp)}"
            return f"{promise.contract_id}/{promise.row.obligation_id} at {subject.money(promise.row.price)} {ssp}"
    for row in rows:
        if moves_terms(row) and (row.type != "renew" or row.end is None):
            lacks = "has no end" if row.type == "renew" else "is no renew"
            return f"{row.event_id}, {row.type}, {lacks}"
    return "nothing is added or renewed"


# -- pools ------------------------------------------------------------------------------------------------------------


def pool_rows(subject: Subject, place: int, day: int) -> Iterator[Row]:
    """The pool of a prospective change: what it is made up of, and who takes it."""
    pool = subject.story.pools.get(day)
    if pool is None or pool.shared is None or place not in {*pool.before, *pool.replaced}:
        return
    words = f"{_made_of(subject, pool)}; {_taken(subject, pool)}"
    key, figure = subject.evidence.name(place), f"pool {date.fromordinal(day)}"
    yield Row(key, figure, pool.shared.pool, words, ", ".join(_cells(subject, pool)))


def _made_of(subject: Subject, pool: Pool) -> str:
    assert pool.shared is not None
    taking = [pool.before[index] for index in pool.shared.taking]
    standing = [before for before in taking if not before.is_new]
    terms = [
        Term(sum(before.contracted for before in standing), "contracted"),
        Term(-sum(before.rest.recognized for before in taking), "recognized"),
        Term(sum(before.more for before in standing), "change in price"),
        Term(sum(before.more for before in taking if before.is_new), "added"),
    ]
    replaced = pool.replaced.values()
    terms += [
        Term(sum(before.own for before, _ in replaced), "unearned of what is replaced"),
        Term(-sum(fallen for _, fallen in replaced), "of it falling away"),
        Term(pool.estimate, "of estimates"),
    ]
    terms.append(Term(pool.shared.pool - sum(term.amount for term in terms), "change in price of what is satisfied"))
    return total(terms, subject.money) or subject.money(0)


def _taken(subject: Subject, pool: Pool) -> str:
    """Who takes a pool, by which weights."""
    assert pool.shared is not None
    shared, names = pool.shared, subject.evidence.name
    if not shared.taking:
        return "nothing is left to do: it is recognized at once, shared by price"
    how = (
        "recognized at once, because it is against the sign of the price"
        if shared.at_once
        else "earned over what is left"
    )
    if len(shared.taking) == 1:
        return f"all of it to {names(shared.taking[0])}, {how}"
    weights = ", ".join(
        f"{names(index)} {written(weight / 10**subject.decimals, subject.decimals)}{_weight(subject, pool, index)}"
        for index, weight in zip(shared.taking, shared.weights, strict=True)
    )
    return f"{how}, shared by weight: {weights}"


def _weight(subject: Subject, pool: Pool, index: int) -> str:
    """What the weight of a line is."""
    before, line = pool.before[index], pool.lines[index]
    if before.ssp is not None:
        return " (ssp of the row)"
    if line.promise.row.allocation == "residual" or line.promise.row.discount_group:
        return " (its unrecognized allocation)"
    if line.ssp is None or pool.shared is None or pool.shared.weights[0] == 0:
        return " (its own price less what is recognized)"
    if before.left_of_ssp == 1:
        return " (ssp)"
    return (
        f" (ssp {subject.money(line.ssp)} x {before.left_of_ssp} left)"
        if before.left_of_ssp.denominator < 10**6
        else ""
    )


def _cells(subject: Subject, pool: Pool) -> Iterator[str]:
    """The rows of a prospective change."""
    events, row_of = subject.book.events, subject.row_of_event
    for event in (*pool.change.rows[PROSPECTIVE], *pool.change.upgraded):
        yield f"{event.type} {events.where(row_of[event.event_id], 'type')}"
    for promise in pool.change.added[PROSPECTIVE]:
        yield f"{promise.row.obligation_id} added {subject.book.obligations.where(promise.place, 'added_on')}"
