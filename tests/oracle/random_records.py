"""Rows of a random book that become known late, and the book as known at a day, made by hand from its rows."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

Book = Mapping[str, Any]
Row = dict[str, Any]

#: events of which one makes sense only after another: they become known in the order of their dates
_IN_TURN = frozenset({"pause", "resume", "hold", "release", "activate", "cancel"})
#: after every day that is asked about
_NEVER = "2199-12-31"
#: tables whose rows say when they became known; costs are known from their date
_RECORDED = ("billings", "events", "estimates")


def recorded_late(book: Book, rng: random.Random) -> Book:
    """The book with `recorded_on` on some of its rows, days or months after (now and then before) their own date."""
    late = {name: [dict(row) for row in rows] if name != "settings" else rows for name, rows in book.items()}
    in_turn = timedelta(rng.choice([0, 0, 30, 100]))
    for name in _RECORDED:
        for row in late.get(name, ()):
            own = date.fromisoformat(row["date"])
            if name == "events" and row["type"] in _IN_TURN:
                row["recorded_on"] = (own + in_turn).isoformat()
            elif rng.random() < 0.4:
                row["recorded_on"] = (own + timedelta(rng.choice([-20, 0, 3, 25, 90, 300]))).isoformat()
    for row in late.get("openings", ()):
        if rng.random() < 0.2:
            own = date.fromisoformat(row["cut_over"])
            row["recorded_on"] = (own + timedelta(rng.choice([0, 3, 25, 300]))).isoformat()
    signed = {row["contract_id"]: row["signed_on"] for row in late["contracts"]}
    with_ssp = {row["contract_id"] for row in late["obligations"] if "ssp" in row}
    for row in (*late["contracts"], *late["obligations"]):
        is_allocated = "customer" in row and row["contract_id"] in with_ssp  # never signed, all its lines are original
        if rng.random() < 0.25 and not is_allocated:
            own = date.fromisoformat(row.get("added_on") or row.get("signed_on") or signed[row["contract_id"]])
            row["recorded_on"] = (own + timedelta(rng.choice([-20, 5, 60, 300]))).isoformat()
    return late


def without_later(book: Book, known_at: date) -> Book:
    """The rows recorded by a day. A contract or obligation recorded later is never in force; a note of a document that
    was recorded later is about the contract, a void of it about nothing."""
    limit = known_at.isoformat()
    left = {name: [dict(row) for row in rows] if name != "settings" else rows for name, rows in book.items()}
    for name in (*_RECORDED, "costs"):
        if name in left:
            left[name] = [row for row in left[name] if (row.get("recorded_on") or row["date"]) <= limit]
    documents = {row["document_id"] for row in left.get("billings", ())}
    for row in left.get("billings", ()):
        if row.get("applies_to") and row["applies_to"] not in documents:
            row["applies_to"] = ""
            row["astray"] = "yes"
    if "billings" in left:
        left["billings"] = [r for r in left["billings"] if not (r.get("astray") and r.get("type") == "void")]
    signed = {row["contract_id"]: row["signed_on"] for row in left["contracts"]}
    for row in left["obligations"]:
        if (row.get("recorded_on") or row.get("added_on") or signed[row["contract_id"]]) > limit:
            row["added_on"] = _NEVER
    unknown = {
        (row["contract_id"], row["obligation_id"])
        for row in left.get("openings", ())
        if (row.get("recorded_on") or row["cut_over"]) > limit
    }
    for row in left["obligations"]:
        if (row["contract_id"], row["obligation_id"]) in unknown:
            row["added_on"] = _NEVER
    if "openings" in left:
        left["openings"] = [r for r in left["openings"] if (r["contract_id"], r["obligation_id"]) not in unknown]
    for row in left["contracts"]:
        if (row.get("recorded_on") or row["signed_on"]) > limit:
            row["signed_on"] = _NEVER
    return left
