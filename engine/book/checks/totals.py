"""Totals that cannot be exceeded: deliveries, milestones, manual revenue, rights redeemed, progress, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.book.draft import money, number
from engine.book.findings import Findings
from engine.book.links import Links
from engine.book.tables import CHANGES
from engine.book.timeline import Timeline

_REMEDIES = {
    "delivered-above-whole": "Nothing is left to deliver. Delete the row, or correct the parts delivered.",
    "milestones-above-price": "More than the price would be earned. Correct it, or enter a change of price first.",
    "recognized-above-price": "More than the price would be recognized. Correct it, or enter a change of price first.",
    "redeemed-above-sold": "Nobody can redeem more than was sold. Correct it, or enter a change of the rights first.",
    "progress-above-whole": "Work beyond the expected total is a new estimate: enter an estimate event of that day.",
    "below-zero": "The total to date would be below zero. Correct the quantity or amount that is taken back.",
}
_ABOVE = {
    "point_in_time": "delivered-above-whole",
    "milestone": "milestones-above-price",
    "manual": "recognized-above-price",
    "redemption": "redeemed-above-sold",
    "progress": "progress-above-whole",
}
_MEASURES = ("amount", "quantity", "percent", "price")
_WORK = ("deliver", "redeem", "recognize", "progress")  # use has no limit: beyond the price it raises it


@dataclass
class _Tally:
    """What was done on an obligation to date, against the whole of it."""

    method: str
    whole: Fraction
    unit: int  # minor units in one currency unit
    counts_price: bool  # is the whole the price?
    counted: Fraction = Fraction(0)
    percent: Fraction = Fraction(0)  # what was done as a part of the whole, whatever the whole comes to

    @property
    def done(self) -> Fraction:
        return self.counted + self.percent * self.whole


def check_totals(timeline: Timeline, findings: Findings) -> None:
    """Notes every event that brings a total above its whole, or below zero."""
    for contract, rows in timeline.by_contract.items():
        if contract in timeline.links.contract_rows:
            _walk(timeline, rows, findings)


def _walk(timeline: Timeline, rows: list[int], findings: Findings) -> None:
    draft = timeline.links.drafts["Events"]
    relevant = [row for row in rows if draft["type"][row] in (*_WORK, *CHANGES, "estimate")]
    unclear = {line for row in relevant if draft.unread(row, *_MEASURES) for line in timeline.about(row)}
    tallies: dict[int, _Tally] = {}
    for row in relevant:
        type = draft["type"][row]
        for line in timeline.about(row):
            if line in unclear or timeline.links.obligations.unread(line, "price", "quantity", "expected_total"):
                continue
            if line not in tallies:
                tallies[line] = _tally(timeline.links, line)
                _take_over(tallies[line], timeline.links, line)
            tally = tallies[line]
            if type in CHANGES:
                _change(tally, timeline.links, row)
            elif type == "estimate":
                _estimate(tally, timeline.links, row, line, findings)
            else:
                _work(tally, timeline.links, row, line, findings)


def _tally(links: Links, line: int) -> _Tally:
    obligations = links.obligations
    method, quantity = obligations["method"][line], obligations["quantity"][line]
    unit = 10 ** obligations.decimals_of(line)
    price = Fraction(obligations["price"][line] or 0)
    if method == "redemption":
        return _Tally(method, price / unit if quantity is None else quantity, unit, quantity is None)
    if method == "progress":
        return _Tally(method, obligations["expected_total"][line] or Fraction(1), unit, False)
    if method == "point_in_time":
        return _Tally(method, quantity or Fraction(1), unit, False)
    return _Tally(method, price, unit, True)


def _take_over(tally: _Tally, links: Links, line: int) -> None:
    """What the former system had done: so many units, else in proportion to what was recognized of the stated price."""
    draft, obligations = links.drafts["Openings"], links.obligations
    row = links.opening_rows.get((obligations["contract_id"][line], obligations["obligation_id"][line]))
    if row is None:
        return
    price, recognized, quantity = obligations["price"][line], draft["recognized"][row], draft["quantity"][row]
    if quantity is not None:
        tally.counted = quantity
    elif price and recognized is not None and links.price_is_stated(line):
        kept = 1 - (obligations["breakage_percent"][line] or Fraction(0)) / 100 if tally.method == "redemption" else 1
        tally.counted = tally.whole * Fraction(recognized, price) * kept


def _change(tally: _Tally, links: Links, row: int) -> None:
    draft = links.drafts["Events"]
    price, quantity = draft["price"][row], draft["quantity"][row]
    if quantity is not None and tally.method in ("redemption", "progress", "point_in_time"):
        tally.whole, tally.counts_price = quantity, False
    elif price is not None and tally.counts_price:
        tally.whole = Fraction(price, tally.unit) if tally.method == "redemption" else Fraction(price)


def _estimate(tally: _Tally, links: Links, row: int, line: int, findings: Findings) -> None:
    quantity = links.drafts["Events"]["quantity"][row]
    if tally.method == "progress" and quantity is not None:
        tally.whole = quantity
        _judge(tally, links, row, line, "quantity", findings)


def _work(tally: _Tally, links: Links, row: int, line: int, findings: Findings) -> None:
    draft = links.drafts["Events"]
    amount, quantity, percent = (draft[column][row] for column in ("amount", "quantity", "percent"))
    column = next((name for name in ("amount", "percent", "quantity") if draft[name][row] is not None), "type")
    if tally.method == "progress" and percent is not None:
        tally.counted = tally.whole * percent / 100
        return
    if amount is not None:
        tally.counted += amount
    elif percent is not None:
        tally.percent += percent / 100
    elif quantity is not None:
        tally.counted += quantity
    else:
        tally.percent += 1
    _judge(tally, links, row, line, column, findings)


def _judge(tally: _Tally, links: Links, row: int, line: int, column: str, findings: Findings) -> None:
    done, whole = (tally.done, tally.whole) if tally.whole >= 0 else (-tally.done, -tally.whole)
    limit = _limit(tally, whole, links, line)
    if done < 0:
        _note("below-zero", tally, links, row, line, column, findings)
    elif limit is not None and done > limit:
        _note(_ABOVE[tally.method], tally, links, row, line, column, findings)


def _limit(tally: _Tally, whole: Fraction, links: Links, line: int) -> Fraction | None:
    """The most that can be done; None where the price that counts is only known once prices are allocated."""
    if tally.method != "manual":
        return whole
    return whole if links.price_is_stated(line) else None


def _note(name: str, tally: _Tally, links: Links, row: int, line: int, column: str, findings: Findings) -> None:
    draft = links.drafts["Events"]
    findings.of_cell(
        name,
        draft,
        row,
        column,
        _REMEDIES[name],
        found=f"{draft.found(row, *(() if column == 'type' else (column,)))}   to date {_shown(tally, tally.done)} of "
        f"{_shown(tally, tally.whole)}",
    )


def _shown(tally: _Tally, value: Fraction) -> str:
    if tally.method in ("milestone", "manual") and value.denominator == 1:
        return money(value.numerator, len(str(tally.unit)) - 1)
    return number(value)
