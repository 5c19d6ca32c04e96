"""Roll-forwards: from opening to closing, movements signed so that rows add up. In minor units, per currency."""

from __future__ import annotations

from datetime import date

from .calendars import ONE_DAY, days_between
from .openings import taken_over_between
from .rows import Contract
from .standing import Standing


def of_deferred(standing: Standing, currency: str, first: date, last: date) -> dict[str, int]:
    """Deferred revenue; `reclass` is the way to and from contract asset and refund liability: what the other movements
    leave open."""
    eve = first - ONE_DAY
    row = dict.fromkeys(["billings", "recognized", "breakage", "credits", "prior_period", "interest", "fx"], 0)
    row["opening_position"] = sum(
        standing.figures(unit, unit[0].contract.cut_over)["deferred"]
        for unit in standing.units(last)
        if unit[0].contract.currency == currency
        and is_taken_over(unit[0].contract, first, last)
        and unit[0].contract.cut_over is not None
    )
    row["opening"] = _deferred(standing, currency, eve)
    row["closing"] = _deferred(standing, currency, last)
    for contract in _contracts(standing, currency):
        billings, credits = standing.billing.billings_and_credits(contract, last)
        billings_before, credits_before = standing.billing.billings_and_credits(contract, eve)
        row["billings"] += billings - billings_before
        row["credits"] += credits - credits_before
        for o in standing.book.obligations_of(contract):
            breakage = standing.lives.recognized(o, last, last)[1] - standing.lives.recognized(o, eve, eve)[1]
            row["breakage"] -= breakage
            row["recognized"] -= standing.recognized(o, last, last) - standing.recognized(o, eve, eve) - breakage
            for opening in taken_over_between(standing.book, contract, first, last):
                row["recognized"] += opening.recognized if opening.obligation is o else 0
            row["interest"] += standing.financing.interest(o, last) - standing.financing.interest(o, eve)
    columns = ("opening_position", "billings", "recognized", "breakage", "credits", "interest")
    moved = sum(row[column] for column in columns)
    row["reclass"] = row["closing"] - row["opening"] - moved
    return row


def of_backlog(standing: Standing, currency: str, first: date, last: date) -> dict[str, int]:
    """Backlog; price movements are net per contract and day, what falls away by cancellation apart."""
    eve = first - ONE_DAY
    row = dict.fromkeys(
        ["opening", "opening_position", "new", "expansion", "contraction", "cancellation", "prior_period", "fx"], 0
    )
    row |= {"recognized": 0, "closing": 0}
    for contract in _contracts(standing, currency):
        for o in standing.book.obligations_of(contract):
            before, after = standing.recognized(o, eve, eve), standing.recognized(o, last, last)
            row["opening"] += standing.contracted(o, eve) - before
            row["closing"] += standing.contracted(o, last) - after
            row["recognized"] -= after - before
        for day in days_between(first, last):
            change, cancelled = _price_moves(standing, contract, day)
            if day == contract.cut_over:
                taken = sum(x.recognized for x in taken_over_between(standing.book, contract, day, day))
                row["opening_position"] += change - taken
                row["recognized"] += taken
            elif day == contract.signed_on:
                row["new"] += change
            else:
                row["cancellation"] -= cancelled
                row["expansion" if change + cancelled > 0 else "contraction"] += change + cancelled
    return row


def _price_moves(standing: Standing, contract: Contract, day: date) -> tuple[int, int]:
    """By how much T moves on a day, and how much of it falls away by cancellation."""
    eve = day - ONE_DAY
    change = cancelled = 0
    for o in standing.book.obligations_of(contract):
        change += standing.contracted(o, day) - standing.contracted(o, eve)
        cancelled += standing.lives.cancelled(o, day) - standing.lives.cancelled(o, eve)
    return change, cancelled


def _contracts(standing: Standing, currency: str) -> list[Contract]:
    return [c for c in standing.book.contracts if c.currency == currency and standing.book.obligations_of(c)]


def _deferred(standing: Standing, currency: str, day: date) -> int:
    units = [unit for unit in standing.units(day) if unit[0].contract.currency == currency]
    return sum(standing.figures(unit, day)["deferred"] for unit in units)


def is_taken_over(contract: Contract, first: date, last: date) -> bool:
    """True if it is taken over from a former system on one of these days."""
    return contract.cut_over is not None and first <= contract.cut_over <= last
