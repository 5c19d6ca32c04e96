"""Valid sequences of events for the obligations of a random book."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

from .calendars import ONE_DAY
from .cells import as_cell, decimals_of
from .shares import moved_end

Row = dict[str, str]


def _days(rng: random.Random, first: date, last: date | None, count: int) -> list[date]:
    """So many days in order, some of them the same, none after `last`."""
    latest = last if last is not None else first + timedelta(days=500)
    if latest < first:
        return []
    span = min((latest - first).days, 900)
    days = sorted(first + timedelta(days=rng.randint(0, span)) for _ in range(count))
    if count > 1 and rng.random() < 0.3:
        days[1] = days[0]
    if days and last is not None and rng.random() < 0.15:
        days[-1] = min(last, days[-1] + timedelta(days=900))
    return days


def _parts(rng: random.Random, whole: int, count: int, complete: float = 0.5) -> list[int]:
    """Split a whole number of units into parts that never exceed it together."""
    total = whole if rng.random() < complete else rng.randint(0, whole)
    cuts = sorted(rng.randint(0, total) for _ in range(count - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]


def work_events(rng: random.Random, obligation: Row, currency: str, first: date, last: date | None) -> list[Row]:
    """Deliveries, progress, use, redemption or recognition from `first` on; no row of nothing."""
    rows = _work(rng, obligation, currency, first, last)
    return [
        row
        for row in rows
        if row["type"] == "estimate" or all(Fraction(row.get(c, "1")) for c in ("amount", "quantity", "percent"))
    ]


def _work(rng: random.Random, obligation: Row, currency: str, first: date, last: date | None) -> list[Row]:
    method = obligation.get("method", "ratable")
    price = int(Fraction(obligation["price"]) * 10 ** decimals_of(currency))
    if method == "point_in_time":
        return _deliveries(rng, obligation, first)
    if method == "milestone":
        return _milestones(rng, price, currency, first)
    if method == "progress":
        return _progress(rng, Fraction(obligation["expected_total"]), first)
    if method == "usage":
        return _use(rng, obligation, price, currency, first, last)
    if method == "redemption":
        return _redemption(rng, obligation, first, last)
    if method == "manual":
        days = _days(rng, first, None, rng.randint(0, 4))
        parts = _parts(rng, abs(price), len(days)) if days else []
        sign = 1 if price >= 0 else -1
        return [
            {"type": "recognize", "date": day.isoformat(), "amount": as_cell(sign * part, currency)}
            for day, part in zip(days, parts, strict=True)
        ]
    return []


def _deliveries(rng: random.Random, obligation: Row, first: date) -> list[Row]:
    """None, one of all, or parts in percent or quantity."""
    kind = rng.choice(["none", "none", "all", "percent", "quantity"])
    if kind == "none":
        return []
    if kind == "all":
        return [{"type": "deliver", "date": _days(rng, first, None, 1)[0].isoformat()}]
    days = _days(rng, first, None, rng.randint(1, 3))
    if kind == "quantity" and "quantity" in obligation:
        parts = _parts(rng, int(obligation["quantity"]), len(days))
        column = "quantity"
    else:
        parts = _parts(rng, 100, len(days))
        column = "percent"
    return [
        {"type": "deliver", "date": day.isoformat(), column: str(part)} for day, part in zip(days, parts, strict=True)
    ]


def _milestones(rng: random.Random, price: int, currency: str, first: date) -> list[Row]:
    """Amounts, or percents, never above the price."""
    days = _days(rng, first, None, rng.randint(0, 4))
    if not days:
        return []
    if rng.random() < 0.5:
        amounts = _parts(rng, price, len(days))
        return [
            {"type": "deliver", "date": day.isoformat(), "amount": as_cell(part, currency)}
            for day, part in zip(days, amounts, strict=True)
        ]
    return [
        {"type": "deliver", "date": day.isoformat(), "percent": f"{part // 10}.{part % 10}"}
        for day, part in zip(days, _parts(rng, 1000, len(days)), strict=True)
    ]


def _progress(rng: random.Random, expected: Fraction, first: date) -> list[Row]:
    """Quantities and percents of a total whose estimate changes, never above it (an estimate precedes the progress
    of its day)."""
    rows: list[Row] = []
    measure = Fraction(0)
    for day in sorted(set(_days(rng, first, None, rng.randint(0, 5)))):
        if rng.random() < 0.3:
            expected = Fraction(int(max(measure, expected) * rng.randint(101, 160)) + 1, 100)
            rows.append({"type": "estimate", "date": day.isoformat(), "quantity": _plain(expected)})
            if rng.random() < 0.4:
                continue
        least = int(100 * measure / expected) + 1
        if rng.random() < 0.3 and least <= 100:
            percent = rng.randint(least, 100)
            measure = expected * percent / 100
            rows.append({"type": "progress", "date": day.isoformat(), "percent": str(percent)})
            continue
        for _ in range(rng.choice([1, 1, 2])):
            hundredths = int((expected - measure) * 100)
            step = Fraction(rng.choice([hundredths, rng.randint(0, hundredths)]), 100)
            if step > 0:
                measure += step
                rows.append({"type": "progress", "date": day.isoformat(), "quantity": _plain(step)})
    return rows


def _plain(number: Fraction) -> str:
    """A number of hundredths as a plain decimal."""
    hundredths = int(number * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _use(rng: random.Random, obligation: Row, price: int, currency: str, first: date, last: date | None) -> list[Row]:
    """Use by amount, by quantity, by quantity at a price; now and then beyond the commitment; perhaps an expiry."""
    rows: list[Row] = []
    days = _days(rng, first, last, rng.randint(0, 5))
    for day in days:
        row = {"type": "use", "date": day.isoformat()}
        kind = rng.choice(["amount", "quantity", "priced"])
        if kind == "quantity" and "quantity" in obligation:
            most = int(obligation["quantity"])
            row["quantity"] = f"{rng.randint(0, max(1, most * 2 // 5))}.{rng.choice(['0', '5', '25'])}"
        elif kind == "priced":
            row["quantity"] = f"{rng.randint(1, 9)}.5"
            row["price"] = as_cell(rng.randint(1, max(1, price // 15)), currency)
        else:
            row["amount"] = as_cell(rng.randint(0, max(10, price * 2 // 5)), currency)
        rows.append(row)
    return rows + _expiry(rng, days[-1] if days else first, last)


def _redemption(rng: random.Random, obligation: Row, first: date, last: date | None) -> list[Row]:
    """Redemption up to the rights sold, new estimates of breakage, perhaps an expiry."""
    rows: list[Row] = []
    sold = Fraction(obligation.get("quantity") or obligation["price"])
    days = _days(rng, first, last, rng.randint(0, 5))
    parts = _parts(rng, int(sold * 100), len(days), complete=0.3) if days else []
    for day, part in zip(days, parts, strict=True):
        rows.append({"type": "redeem", "date": day.isoformat(), "quantity": _plain(Fraction(part, 100))})
    if days and rng.random() < 0.4:
        day = rng.choice(days)
        rows.append({"type": "estimate", "date": day.isoformat(), "percent": rng.choice(["0", "5", "12.5", "40"])})
    return rows + _expiry(rng, days[-1] if days else first, last)


def _expiry(rng: random.Random, earliest: date, last: date | None) -> list[Row]:
    if rng.random() > 0.25:
        return []
    latest = last if last is not None else earliest + timedelta(days=200)
    if latest < earliest:
        return []
    day = earliest + timedelta(days=rng.randint(0, (latest - earliest).days))
    return [{"type": "expire", "date": day.isoformat()}]


def clock_events(rng: random.Random, start: date, end: date, *, pausing: bool, late: bool) -> list[Row]:
    """An activation and pauses of one service; a resume beyond the end only where it extends (or `late`)."""
    rows: list[Row] = []
    if rng.random() < 0.12:
        day = start + timedelta(days=rng.choice([0, 1, 45, -10, rng.randint(-60, 200)]))
        rows.append({"type": "activate", "date": day.isoformat()})
        start, end = day, moved_end(start, end, day)
    if not pausing or rng.random() > 0.2:
        return rows
    earliest = start
    for _ in range(rng.randint(1, 3)):
        if earliest >= end:
            break
        paused = earliest + timedelta(days=rng.randint(0, (end - earliest).days - 1))
        rows.append({"type": "pause", "date": paused.isoformat()})
        if rng.random() < 0.2:
            break
        resume = {"type": "resume"}
        latest = end
        if rng.random() < 0.5:
            resume["treatment"] = "extend"
            latest = paused + timedelta(days=400)
        elif late and rng.random() < 0.3:
            latest = end + timedelta(days=60)
        resumed = paused + timedelta(days=rng.randint(1, min(200, (latest - paused).days)))
        rows.append(resume | {"date": resumed.isoformat()})
        if "treatment" in resume:
            end += resumed - paused - ONE_DAY
        earliest = resumed
    return rows


def hold_events(rng: random.Random, first: date) -> list[Row]:
    """Holds and releases in turn; a release and the next hold may share a day, the last hold may stay."""
    rows: list[Row] = []
    day = first + timedelta(days=rng.randint(0, 200))
    for _ in range(rng.randint(1, 2)):
        rows.append({"type": "hold", "date": day.isoformat()})
        if rng.random() < 0.2:
            break
        day += timedelta(days=rng.randint(1, 120))
        rows.append({"type": "release", "date": day.isoformat()})
        day += timedelta(days=rng.choice([0, rng.randint(1, 90)]))
    return rows
