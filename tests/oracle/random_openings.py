"""Opening positions for a random book: some of its contracts are taken over on a day from a former system, and lose the
rows that belong to it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from .book import METHODS_MEANT
from .cells import as_cell, decimals_of
from .random_allocation import combinations_of
from .random_totals import fits

Book = dict[str, Any]
Row = dict[str, str]


def with_openings(book: Book, rng: random.Random) -> Book:
    """The book with most of its contracts taken over, combined ones together."""
    made = {name: [dict(row) for row in rows] if name != "settings" else rows for name, rows in book.items()}
    made["openings"] = []
    for ids in combinations_of(made["contracts"]):
        if rng.random() < 0.8:
            _TakenOver(made, rng, ids).take()
    return made


class _TakenOver:
    """Contracts that are taken over as one."""

    def __init__(self, book: Book, rng: random.Random, ids: set[str]) -> None:
        self.book, self.rng, self.ids = book, rng, ids
        self.contracts = {row["contract_id"]: row for row in book["contracts"] if row["contract_id"] in ids}
        self.lines = [row for row in book["obligations"] if row["contract_id"] in ids]
        self.by_ssp = any("ssp" in o or o.get("allocation") in ("relative", "residual") for o in self.lines)

    def take(self) -> None:
        self.day = self._some_day()
        for contract in self.contracts.values():
            contract.pop("financing_rate", None)
        there = [o for o in self.lines if o.get("added_on", "") <= self.day.isoformat()]
        self._forget()
        estimated = {row["contract_id"] for row in self.book.get("estimates", ())}
        self.stated = not self.by_ssp and not estimated & self.ids
        for contract in self.contracts:
            rows = [self._position(o) for o in there if o["contract_id"] == contract]
            self.book["openings"] += rows
            if not self.stated:
                self._within_price(contract, there, rows)

    def _within_price(self, contract: str, there: Sequence[Row], rows: Sequence[Row]) -> None:
        """What was recognized is not above the price there was: estimates that would have made it so are left out."""
        prices = [Fraction(o["price"]) for o in there if o["contract_id"] == contract]
        latest: dict[tuple[str, str], Row] = {}
        known = [
            row for row in self.book.get("estimates", ())
            if row["contract_id"] == contract and row["date"] <= self.day.isoformat()
        ]  # fmt: skip
        for row in sorted(known, key=lambda row: row["date"]):
            latest[row.get("obligation_id", ""), row["kind"]] = row
        estimate = sum(Fraction(row["amount"]) for row in latest.values())
        low = sum(price for price in prices if price < 0) + min(estimate, 0)
        high = sum(price for price in prices if price > 0) + estimate
        if known and not low <= sum(Fraction(row["recognized"]) for row in rows) <= max(high, 0):
            self.book["estimates"] = [row for row in self.book["estimates"] if row not in known]

    def _some_day(self) -> date:
        """Since the last signing, and before lines join whose price is no part of the allocation at signing."""
        first = date.fromisoformat(max(c["signed_on"] for c in self.contracts.values()))
        if any(o.get("allocation") == "residual" for o in self.lines):
            return first  # later estimates may leave its range
        day = first + timedelta(days=self.rng.choice([0, 1, 30, 90, 200, self.rng.randint(0, 900)]))
        if self.rng.random() < 0.3:
            day = max(day.replace(day=1) - timedelta(days=1), first)
        joining = [date.fromisoformat(o["added_on"]) for o in self.lines if "added_on" in o]
        if joining and (self.by_ssp or self.rng.random() < 0.5):
            day = min(day, max(min(joining) - timedelta(days=1), first))
        return day

    def _forget(self) -> None:
        """What is dated by then belongs to the former system, and what refers to it."""
        last = self.day.isoformat()
        gone = {
            row["document_id"]
            for row in self.book.get("billings", ())
            if row["contract_id"] in self.ids and row["date"] <= last
        }
        for _ in self.book.get("billings", ()):
            gone |= {row["document_id"] for row in self.book["billings"] if row.get("applies_to") in gone}
        self.book["billings"] = [
            row for row in self.book.get("billings", ())
            if row["document_id"] not in gone and row.get("applies_to") not in gone
            and not (row["contract_id"] in self.ids and "applies_to" not in row and self._needs_document(row))
        ]  # fmt: skip
        events = self.book.get("events", ())
        others = [row for row in events if row["contract_id"] not in self.ids]
        mine = sorted((r for r in events if r["contract_id"] in self.ids), key=lambda r: (r["date"], r["event_id"]))
        paused, held = set[Any](), set[Any]()
        for row in mine:
            if row["date"] <= last:
                continue
            key = row["contract_id"], row.get("obligation_id")
            if (row["type"] == "resume" and key not in paused) or (row["type"] == "release" and key not in held):
                continue
            paused |= {key} if row["type"] == "pause" else set()
            held |= {key} if row["type"] == "hold" else set()
            others.append(row)
        self.book["events"] = others

    @staticmethod
    def _needs_document(row: Row) -> bool:
        return row.get("type") == "write_off" or row.get("reason") in ("dispute", "bad_debt", "full_refund")

    # -------------------------------------------------------------------------------------------------- positions

    def _position(self, o: Row) -> Row:
        rng, contract = self.rng, self.contracts[o["contract_id"]]
        currency = contract.get("currency") or (self.book.get("settings") or {}).get("reporting_currency", "USD")
        price, method = int(Fraction(o["price"]) * 10 ** decimals_of(currency)), o.get("method", "ratable")
        share = rng.choice([Fraction(0), Fraction(1), Fraction(rng.randint(0, 100), 100), Fraction(1, 3)])
        row = {"contract_id": o["contract_id"], "obligation_id": o["obligation_id"], "cut_over": self.day.isoformat()}
        if self._has_ended(o, contract, method):
            share = Fraction(1)
        if method in ("progress", "redemption") and rng.random() < 0.3:
            whole = Fraction(o.get("expected_total") or o.get("quantity") or o["price"])
            row["quantity"] = rng.choice(["0", str(int(whole) // 2)])
        elif method == "usage" and "quantity" in o and rng.random() < 0.3:
            row["quantity"] = str(rng.randint(0, 2 * int(Fraction(o["quantity"]))))
        recognized = int(price * share)
        if method == "usage" and rng.random() < 0.2:
            recognized = price * 5 // 4
        if not self._fits(o, Fraction(recognized, price) if price else Fraction(0), row.get("quantity")):
            own = {e["event_id"] for e in self._work(o)}
            self.book["events"] = [e for e in self.book["events"] if e["event_id"] not in own]
            recognized = price if self._has_ended(o, contract, method) else recognized
        billed = rng.choice([0, price, int(price * Fraction(rng.randint(0, 130), 100)), recognized])
        return row | {"recognized": as_cell(recognized, currency), "billed": as_cell(billed, currency)}

    def _has_ended(self, o: Row, contract: Row, method: str) -> bool:
        end = o.get("end") or contract.get("end")
        if method == "point_in_time":
            delivered = any(e["type"] == "deliver" for e in self._work(o))
            return "start" in o and o["start"] <= self.day.isoformat() and not delivered
        return method in ("ratable", "usage", "redemption") and end is not None and end <= self.day.isoformat()

    def _work(self, o: Row) -> Sequence[Row]:
        """Events that may be about an obligation and do work on it."""
        method = o.get("method", "ratable")
        return [
            e for e in self.book["events"]
            if e["contract_id"] == o["contract_id"] and e.get("obligation_id") in (None, o["obligation_id"])
            and e["type"] in ("deliver", "progress", "redeem", "recognize") and method in METHODS_MEANT[e["type"]]
        ]  # fmt: skip

    def _fits(self, o: Row, share: Fraction, quantity: str | None) -> bool:
        method, first = o.get("method", "ratable"), {"date": "0001-01-01"}
        kept = 1 - Fraction(o.get("breakage_percent", "0")) / 100
        if method in ("milestone", "point_in_time"):
            first |= {"type": "deliver", "percent": str(share * 100)}
        elif method == "progress":
            first |= {"type": "progress", "quantity": quantity or str(share * Fraction(o["expected_total"]))}
        elif method == "redemption":
            first |= {
                "type": "redeem",
                "quantity": quantity or str(share * kept * Fraction(o.get("quantity", o["price"]))),
            }
        elif method == "manual":
            first |= {"type": "recognize", "amount": str(share * Fraction(o["price"]))}
        else:
            return True
        named = [e for e in self.book["events"] if e["contract_id"] == o["contract_id"]]
        mine = [e for e in named if e.get("obligation_id") in (None, o["obligation_id"])]
        relevant = [e for e in mine if e["type"] not in METHODS_MEANT or method in METHODS_MEANT[e["type"]]]
        return fits(o, [first, *relevant])
