"""Stops: what keeps an obligation from earning at a day - a hold, a pause, or an invoice that has not been sent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.reports.checks.documents import INVOICE
from engine.reports.checks.evidence import Evidence
from engine.schedule.kernel import Bools

_BEGIN = {"hold": "held", "pause": "paused"}
_END = {"release": "held", "resume": "paused"}


@dataclass(frozen=True, slots=True)
class Stop:
    """Why nothing is earned, and where that stands; `row` of Events, None while an invoice is awaited."""

    words: str
    row: int | None


def stops(evidence: Evidence) -> dict[int, Stop]:
    """Obligations that stand still at `as_of` by a row of the book."""
    found: dict[int, Stop] = {}
    if evidence.book.settings.early_service == "catch_up":
        waiting = np.flatnonzero(~_invoiced(evidence)).tolist()
        found |= dict.fromkeys(waiting, Stop("waits for its first invoice (early_service = catch_up)", None))
    types = evidence.book.events["type"]
    for contract, rows in evidence.events.items():
        if any(types[row] in _BEGIN for row in rows):
            for place in evidence.layout.members(contract):
                stop = _stop(evidence, place)
                if stop:
                    found[place] = stop
    return found


def _stop(evidence: Evidence, place: int) -> Stop | None:
    """The hold, or else the pause, that an obligation is under."""
    since: dict[str, int] = {}
    events, over_time = evidence.book.events, evidence.obligation(place, "method") == "ratable"
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


def _invoiced(evidence: Evidence) -> Bools:
    """Which obligations an invoice covers by `as_of`."""
    documents, layout = evidence.documents, evidence.layout
    sent = (documents.kind == INVOICE) & (documents.day <= evidence.day)
    of_contract = np.zeros(len(layout.contracts), bool)
    of_contract[documents.contract[sent & (documents.obligation < 0)]] = True
    result = of_contract[layout.contract]
    result[documents.obligation[sent & (documents.obligation >= 0)]] = True
    return result
