"""Allocated prices: how a transaction price was shared over the obligations of a contract, or of combined ones."""

from __future__ import annotations

from engine.reports.explain.formula import Term, part, total
from engine.reports.explain.subject import Subject
from engine.schedule.allocation import Line, allocate
from engine.schedule.kernel import share_out
from engine.schedule.witness import Allocated


def allocated_words(subject: Subject, place: int, by: Allocated) -> tuple[str, str]:
    """The allocation of one obligation: its formula, empty where the price is just as stated, and how it was done."""
    n = by.indexes.index(place)
    own, variable = by.of[n], by.price - sum(line.price for line in by.of)
    parts = allocate(by.price, by.of)
    if own.treatment == "residual":
        others = sum(parts) - parts[n]
        terms = [Term(by.price, "price of the contract"), Term(-others, "allocated to the others")]
        return total(terms, subject.money), "residual" + _estimates(subject, variable)
    if own.treatment == "relative":
        return _relative(subject, n, by, parts)
    stated = parts[n] == own.price
    if stated:
        changed = own.price != subject.evidence.obligation(place, "price")
        return "", "as changed, as if from the start" if changed else "as stated"
    weights = [line.price for line in by.of]
    more = part(variable, weights, n, subject.money, decimals=subject.decimals)
    terms = [Term(own.price, "as stated"), Term(share_out(variable, weights)[n], "", more)]
    return total(terms, subject.money), "its part of the estimates by price"


def _relative(subject: Subject, n: int, by: Allocated, parts: list[int]) -> tuple[str, str]:
    """A price shared by standalone selling price, within its discount group or outside of all."""
    own, members = by.of[n], _pool(by, by.of[n])
    group = f", discount group {own.group}" if own.group else ""
    if own.group is None and any(line.treatment == "residual" for line in by.of):
        return "", "relative: its ssp, beside a residual"
    stated, price = sum(by.of[m].price for m in members), sum(parts[m] for m in members)
    whole = f"({total([Term(stated), Term(price - stated)], subject.money)})" if price != stated else ""
    weights = [by.of[m].ssp or 0 for m in members]
    words = part(price, weights, members.index(n), subject.money, whole, subject.decimals)
    return words, f"relative{group}, by ssp" + _estimates(subject, price - stated)


def _pool(by: Allocated, own: Line) -> list[int]:
    """Those who share a price by standalone selling price with one of them."""
    return [m for m, line in enumerate(by.of) if line.treatment == "relative" and line.group == own.group]


def _estimates(subject: Subject, variable: int) -> str:
    return f", with {subject.money(variable)} of estimates" if variable else ""
