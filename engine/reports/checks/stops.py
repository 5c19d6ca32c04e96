"""Stops: what keeps an obligation from earning at a day - a hold, a pause, or an invoice that has not been sent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.reports.checks.evidence import Evidence

_BEGIN = {"hold": "held", "pause": "paused"}
_END = {"release": "held", "resume": "paused"}


@dataclass(frozen=True, slots=True)
class Stop:
    """Why nothing is earned, and where that stands; `row` of Events, None while an invoice is awaited."""

    words: str
    row: int | None


def stops(evidence: Evidence) -> dict[int, Stop]:
    """Obligations that stand still at `as_of` by a row of the book."""
    types = evidence.book.events["type"]
    candidates = set(np.flatnonzero(~evidence.invoiced).tolist())
    for contract, rows in evidence.events.items():
        if any(types[row] in _BEGIN for row in rows):
            candidates.update(evidence.layout.members(contract))
    found = ((place, stop(evidence, place)) for place in sorted(candidates))
    return {place: stopped for place, stopped in found if stopped}


def stop(evidence: Evidence, place: int) -> Stop | None:
    """The invoice an obligation waits for, the hold, or else the pause that it is under."""
    if not evidence.invoiced[place]:
        return Stop("waits for its first invoice (early_service = catch_up)", None)
    since: dict[str, int] = {}
    events, over_time = evidence.book.events, evidence.methods[place] == "ratable"
    for row in evidence.events_of(place, *_BEGIN, *_END):
        kind = events["type"][row]
        if kind in _END:
            since.pop(_END[kind], None)
        elif kind == "hold" or over_time:
            since[_BEGIN[kind]] = row
    for word in ("held", "paused"):
        if word in since:
            return Stop(f"{word} since {events['date'][since[word]].isoformat()}", since[word])
    return None
