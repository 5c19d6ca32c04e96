"""Whether the work on an obligation stays within what there is to do, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .rows import CHANGES, DAY_ORDER, SAME_RANK

Row = dict[str, str]


def fits(obligation: Row, events: Sequence[Row]) -> bool:
    """True if no delivery, milestone, redemption, progress or manual revenue of the events goes beyond the whole in
    force, and a manual price stays at or above all that is recognized."""
    method = obligation.get("method", "ratable")
    if method not in ("point_in_time", "milestone", "progress", "redemption", "manual"):
        return True
    whole, by_price = _whole(obligation, method)
    done = Fraction(0)
    for event in sorted(events, key=_place):
        if event["type"] in CHANGES:
            if "quantity" in event and method in ("point_in_time", "progress", "redemption"):
                whole, by_price = Fraction(event["quantity"]), False
            elif "price" in event and by_price:
                whole = Fraction(event["price"])
        elif event["type"] == "estimate" and method == "progress":
            whole = Fraction(event["quantity"])
        elif event["type"] in ("deliver", "progress", "redeem", "recognize"):
            done = _done(event, method, done, whole)
        if abs(done) > abs(whole) and (event["type"] not in CHANGES or method == "manual"):
            return False
    return True


def _place(event: Row) -> tuple[str, int]:
    kind = "change" if event["type"] in CHANGES else event["type"]
    return event["date"], DAY_ORDER.index("deliver" if kind in SAME_RANK else kind)


def _whole(obligation: Row, method: str) -> tuple[Fraction, bool]:
    """What there is to do, and whether it is the price."""
    if method == "progress":
        return Fraction(obligation["expected_total"]), False
    if method == "point_in_time":
        return Fraction(obligation.get("quantity", "1")), False
    if method == "redemption" and "quantity" in obligation:
        return Fraction(obligation["quantity"]), False
    return Fraction(obligation["price"]), True


def _done(event: Row, method: str, done: Fraction, whole: Fraction) -> Fraction:
    if method == "progress" and "percent" in event:
        return whole * Fraction(event["percent"]) / 100
    if "amount" in event:
        return done + Fraction(event["amount"])
    if "percent" in event:
        return done + whole * Fraction(event["percent"]) / 100
    if "quantity" in event:
        return done + Fraction(event["quantity"])
    return done + whole
