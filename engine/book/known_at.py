"""The book as known at a day: without what was recorded afterwards.

Contracts and obligations stay as rows, so that every other row finds them, but are never in force: `signed_on` and
`added_on` are the last day there is. All other rows recorded later are left out, and with them what only makes sense
beside them: a void of a document not yet known, a resume whose pause was not yet known. A note of a document not yet
known covers its contract.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from engine.book.checks.sequences import steps_out_of_turn
from engine.book.draft import Draft
from engine.book.links import Links
from engine.book.tables import TABLES
from engine.book.timeline import Timeline

NEVER = dt.date.max


def cut(links: Links, known_at: dt.date) -> None:
    """Take out of the drafts what was recorded after `known_at`."""
    drafts = links.drafts
    _never_in_force(links, known_at)
    _not_taken_over(links, known_at)
    for name in ("Billings", "Events", "Estimates", "Rates", "Costs", "Ledger", "Judgments"):
        later = [row for row, day in enumerate(_recorded(drafts[name])) if day > known_at]
        _drop(drafts[name], later)
    _forget_documents(drafts["Billings"])
    for _ in range(len(drafts["Events"])):
        wrong = {row for row, _, _ in steps_out_of_turn(Timeline(links))}
        if not wrong:
            break
        _drop(drafts["Events"], wrong)


def _recorded(draft: Draft) -> list[dt.date]:
    """The day each row became known; blank is its own date, and so is all of a table that has no such column."""
    if "recorded_on" not in TABLES[draft.name].model_fields:
        return draft["date"]
    return [recorded or own for recorded, own in zip(draft["recorded_on"], draft["date"], strict=True)]


def _never_in_force(links: Links, known_at: dt.date) -> None:
    contracts, obligations = links.contracts, links.obligations
    signed = links.inherited_signing()
    for line, recorded in enumerate(obligations["recorded_on"]):
        known = recorded or obligations["added_on"][line] or signed[line]
        if known > known_at:
            obligations["added_on"][line] = NEVER
    for row, recorded in enumerate(contracts["recorded_on"]):
        if (recorded or contracts["signed_on"][row]) > known_at:
            contracts["signed_on"][row] = NEVER


def _not_taken_over(links: Links, known_at: dt.date) -> None:
    """An obligation whose opening position was not yet known was not yet in this book."""
    draft = links.drafts["Openings"]
    days = zip(draft["recorded_on"], draft["cut_over"], strict=True)
    later = [row for row, (recorded, cut_over) in enumerate(days) if (recorded or cut_over) > known_at]
    for row in later:
        line = links.obligation_rows[draft["contract_id"][row], draft["obligation_id"][row]]
        links.obligations["added_on"][line] = NEVER
    _drop(draft, later)


def _drop(draft: Draft, rows: Collection[int]) -> None:
    if not rows:
        return
    rows = set(rows)
    kept = [row for row in range(len(draft)) if row not in rows]
    draft.keep(kept)


def _forget_documents(draft: Draft) -> None:
    """Voids of documents not yet known are left out; notes of them cover the contract."""
    known = {(contract, number) for contract, number in zip(draft["contract_id"], draft["document_id"], strict=True)}
    astray = [
        row
        for row, key in enumerate(zip(draft["contract_id"], draft["applies_to"], strict=True))
        if key[1] is not None and key not in known
    ]
    for row in astray:
        draft["applies_to"][row] = None
    _drop(draft, [row for row in astray if draft["type"][row] == "void"])
