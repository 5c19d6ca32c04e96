"""Random but valid books, in the plain form the oracle reads: tables as lists of rows of text."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from .book import METHODS_MEANT
from .calendars import ONE_DAY, add_months, month_end
from .cells import as_cell, decimals_of
from .random_documents import documents_of
from .random_events import clock_events, hold_events, work_events

Row = dict[str, str]

CONVENTIONS = ["daily", "monthly", "even_months", "full_months", "half_month", "30_360", "daily_ends"]
ROUNDINGS = ["cumulative", "cumulative_half_even", "plug_last", "plug_first"]
METHODS = ["ratable", "point_in_time", "milestone", "progress", "usage", "redemption", "manual"]
SPECIAL_DAYS = ["2024-01-31", "2024-02-28", "2024-02-29", "2024-03-01", "2023-12-31", "2024-12-30", "2025-02-28"]
SPECIAL_DAYS += ["2023-01-01", "2024-01-15", "2025-05-31", "2025-04-30", "2026-01-30", "2025-08-29", "2026-12-31"]


@dataclass(frozen=True)
class Scope:
    """What a random book may hold.

    `choices` lets in situations where the rules leave a choice: discount groups beside obligations not stated at
    their ssp, pauses under a plug policy, payments on account beside notes, resumes after the end, notes that name
    no document, a manual price that is allocated, holds before signing.
    """

    several_currencies: bool = True
    allocation: bool = True
    combined: bool = True
    clocks: bool = True
    holds: bool = True
    documents: bool = True
    notes: bool = True
    calendars: bool = True
    plugs: bool = True
    choices: bool = False
    methods: tuple[str, ...] = tuple(METHODS)
    most_contracts: int = 6
    most_obligations: int = 4


def random_book(seed: int, **scope: Any) -> dict[str, Any]:
    """A valid random book; the same seed and scope give the same book. Keywords are the fields of `Scope`."""
    return _Maker(random.Random(seed), Scope(**scope)).book()


def dates_of(book: dict[str, Any]) -> list[date]:
    """The days worth asking about: every date of the book, its neighbors, and the ends of its month and year."""
    found: set[date] = set()
    for table in ("contracts", "obligations", "billings", "events"):
        for row in book.get(table, []):
            for column, cell in row.items():
                if column in ("signed_on", "start", "end", "enforceable_end", "date", "due_on") and cell:
                    day = date.fromisoformat(cell)
                    found |= {day - ONE_DAY, day, day + ONE_DAY, month_end(day.year, day.month), date(day.year, 12, 31)}
    return sorted(found)


class _Maker:
    """Makes one book."""

    def __init__(self, rng: random.Random, scope: Scope) -> None:
        self.rng = rng
        self.scope = scope
        self.settings = self._settings()
        self.contracts: list[Row] = []
        self.obligations: list[Row] = []
        self.billings: list[Row] = []
        self.events: list[Row] = []

    def chance(self, probability: float) -> bool:
        """True that often."""
        return self.rng.random() < probability

    def book(self) -> dict[str, Any]:
        """All tables, the rows of Billings and Events in any order."""
        for number in range(1, self.rng.randint(1, self.scope.most_contracts) + 1):
            self._contract(number)
        for combination in self._combinations():
            self._allocation([o for o in self.obligations if o["contract_id"] in combination])
        for contract in self.contracts:
            of_contract = [o for o in self.obligations if o["contract_id"] == contract["contract_id"]]
            self._events(contract, of_contract)
            if self.scope.documents:
                notes, choices = self.scope.notes, self.scope.choices
                self.billings += documents_of(
                    self.rng, self.settings, contract, of_contract, notes=notes, choices=choices
                )
        for number, row in enumerate(self.events, start=1):
            row["event_id"] = f"E{number:04d}"
        self.rng.shuffle(self.events)
        self.rng.shuffle(self.billings)
        return {
            "settings": self.settings,
            "contracts": self.contracts,
            "obligations": self.obligations,
            "billings": self.billings,
            "events": self.events,
        }

    # ----------------------------------------------------------------------------------------------- settings

    def _settings(self) -> Row:
        rng = self.rng
        settings = {
            "reporting_currency": rng.choice(["USD", "EUR", "JPY", "KWD"]),
            "as_of": "2025-12-31",
            "convention": rng.choice(CONVENTIONS),
            "rounding": self._rounding(),
            "netting": rng.choice(["contract", "contract", "obligation"]),
            "deferral_basis": rng.choice(["invoice", "invoice", "due", "paid", "unconditional"]),
            "early_service": rng.choice(["accrue", "accrue", "catch_up"]),
            "short_contracts": rng.choice(["disclose", "exclude"]),
            "current_months": str(rng.choice([1, 6, 12, 12, 12, 18, 60])),
            "progress_decimals": rng.choice(["none", "none", "0", "2", "3"]),
        }
        if self.scope.calendars and self.chance(0.3):
            settings["calendar"] = rng.choice(["4-4-5", "4-5-4", "5-4-4"])
        if self.chance(0.4):
            settings["fiscal_year_start"] = str(rng.randint(1, 12))
        return {name: value for name, value in settings.items() if name == "as_of" or self.chance(0.8)}

    def _rounding(self) -> str:
        return self.rng.choice(ROUNDINGS if self.scope.plugs else ROUNDINGS[:2])

    def rounding_of(self, row: Row) -> str:
        """The rounding policy in force for an obligation."""
        return row.get("rounding") or self.settings.get("rounding", "cumulative")

    # ------------------------------------------------------------------------------------------ dates, amounts

    def _day(self) -> date:
        if self.chance(0.25):
            return date.fromisoformat(self.rng.choice(SPECIAL_DAYS))
        day = date(2023, 1, 1) + timedelta(days=self.rng.randrange(4 * 365))
        if self.chance(0.4):
            return day.replace(day=1)
        return month_end(day.year, day.month) if self.chance(0.1) else day

    def _term(self, start: date) -> date:
        """The end of a term: one day, some days, whole months, or any length up to six years."""
        kind = self.rng.choice(["day", "days", "months", "months", "months", "years", "any"])
        if kind == "day":
            return start
        if kind == "days":
            return start + timedelta(days=self.rng.randint(1, 60))
        if kind == "months":
            return add_months(start, self.rng.randint(1, 24)) - ONE_DAY
        if kind == "years":
            return add_months(start, 12 * self.rng.randint(1, 6)) - ONE_DAY
        return start + timedelta(days=self.rng.randint(1, 6 * 365))

    def _amount(self) -> int:
        """Minor units: tiny, everyday, round or huge."""
        kind = self.rng.choice(["tiny", "small", "usual", "usual", "round", "round", "huge"])
        if kind == "tiny":
            return self.rng.randint(1, 9)
        if kind == "small":
            return self.rng.randint(10, 2000)
        if kind == "usual":
            return self.rng.randint(1000, 5_000_000)
        if kind == "round":
            return 1200 * self.rng.randint(1, 2000)
        return self.rng.randint(10**10, 10**13)

    # -------------------------------------------------------------------------------------- contracts and lines

    def _contract(self, number: int) -> None:
        rng = self.rng
        row: Row = {"contract_id": f"C{number}", "customer": rng.choice(["Acme", "Birch", "Cedar", "Dune"])}
        start = self._day()
        signed = start + timedelta(days=rng.choice([0, 0, 0, -1, -30, rng.randint(-200, 200), 40]))
        row |= {"signed_on": signed.isoformat(), "segment": rng.choice(["north", "south"])}
        if self.scope.several_currencies and self.chance(0.4):
            row["currency"] = rng.choice(["USD", "EUR", "JPY", "KWD"])
        if self.scope.combined and self.contracts and self.chance(0.3):
            other = rng.choice(self.contracts)
            row["combined_with"] = other["contract_id"]
            row["currency"] = other.get("currency", "")
        elif self.contracts and self.chance(0.1):
            row["renews"] = rng.choice(self.contracts)["contract_id"]
        end = self._term(start)
        if self.chance(0.6):
            row |= {"start": start.isoformat(), "end": end.isoformat()}
        if self.chance(0.3):
            until = rng.choice([end, start, start + (end - start) / 2, add_months(end, 6)])
            row["enforceable_end"] = max(until, signed).isoformat()
        if self.chance(0.5):
            row["cancellable"] = rng.choice(["yes", "no"])
        self.contracts.append(row)
        for line in range(1, rng.randint(1, self.scope.most_obligations) + 1):
            self._obligation(row, f"o{line}", start, end)

    def currency_of(self, contract: Row) -> str:
        """The currency of a contract, defaulted."""
        return contract.get("currency") or self.settings.get("reporting_currency", "USD")

    def _obligation(self, contract: Row, name: str, start: date, end: date) -> None:
        rng = self.rng
        method = rng.choice([m for m in [*METHODS, *["ratable"] * 6] if m in self.scope.methods])
        price = self._amount()
        if method in ("ratable", "point_in_time", "manual") and self.chance(0.12):
            price = -price
        if method in ("ratable", "point_in_time", "usage") and self.chance(0.05):
            price = 0
        currency = self.currency_of(contract)
        row: Row = {"contract_id": contract["contract_id"], "obligation_id": name, "price": as_cell(price, currency)}
        row |= {"product": rng.choice(["cloud", "support", "goods"]), "region": rng.choice(["east", "west"])}
        if method != "ratable" or self.chance(0.3):
            row["method"] = method
        if self.chance(0.5):
            row["convention"] = rng.choice(CONVENTIONS)
        if self.chance(0.4):
            row["rounding"] = self._rounding()
        if self.chance(0.25):
            row["rpo_treatment"] = rng.choice(["disclose", "right_to_invoice", "royalty"])
        if method == "ratable" and not ("start" in contract and self.chance(0.5)):
            first = rng.choice([start, start, self._day(), add_months(start, rng.randint(1, 12))])
            row |= {"start": first.isoformat(), "end": self._term(first).isoformat()}
        elif method == "point_in_time" and self.chance(0.5):
            delivery = start + timedelta(days=rng.randint(0, 300))
            row["start"] = (min(delivery, end) if "end" in contract else delivery).isoformat()
        elif method in ("usage", "redemption") and self.chance(0.5):
            row["end"] = end.isoformat()
        self._measures(row, method, price, currency)
        self.obligations.append(row)

    def _measures(self, row: Row, method: str, price: int, currency: str) -> None:
        """Columns that belong to the method."""
        rng = self.rng
        if method == "progress":
            row["expected_total"] = rng.choice(["100", "820", "0.5", str(rng.randint(1, 99999)), "12.75"])
        elif method == "usage" and price > 0:
            row["quantity"] = rng.choice(["1200", "7", str(rng.randint(1, 5000))])
        elif method == "redemption":
            if self.chance(0.5):
                row["quantity"] = rng.choice(["2000", "3", str(rng.randint(1, 5000))])
            if self.chance(0.6):
                row["breakage_percent"] = rng.choice(["0", "10", "15", "33.3", "80"])
        elif method == "point_in_time" and self.chance(0.3):
            row["quantity"] = str(rng.randint(2, 50))

    # --------------------------------------------------------------------------------------------- allocation

    def _combinations(self) -> list[set[str]]:
        """The sets of contracts that are allocated as one."""
        sets: list[set[str]] = []
        for contract in self.contracts:  # a contract is combined with an earlier one only
            other = contract.get("combined_with")
            if other:
                next(group for group in sets if other in group).add(contract["contract_id"])
            else:
                sets.append({contract["contract_id"]})
        return sets

    def _allocation(self, together: list[Row]) -> None:
        """Give the obligations of one combination stated prices, or an ssp each, groups, a residual one."""
        kind = self.rng.choice(["stated", "stated", "relative", "groups", "residual", "stated ssp"])
        positive = all(Fraction(o["price"]) > 0 for o in together)
        manual = any(o.get("method") == "manual" for o in together)
        if kind == "stated" or not self.scope.allocation or not positive or (manual and not self.scope.choices):
            return
        contract = {c["contract_id"]: c for c in self.contracts}
        for o in together:
            currency = self.currency_of(contract[o["contract_id"]])
            scale = 10 ** decimals_of(currency)
            price = int(Fraction(o["price"]) * scale)
            ssp = price
            if self.chance(0.7):
                ssp = max(1, int(price * Fraction(self.rng.randint(30, 100 if kind == "residual" else 250), 100)))
            o["ssp"] = as_cell(ssp, currency)
            if kind == "stated ssp":
                o["allocation"] = "stated"
            elif self.chance(0.2):
                o["allocation"] = "relative"
        if kind in ("groups", "residual") and len(together) > 2 and (kind == "groups" or self.chance(0.3)):
            self._group(together, kind)
        if kind == "residual" and len(together) > 1:
            self._residual(together, contract)

    def _group(self, together: list[Row], kind: str) -> None:
        grouped = self.rng.sample(together, self.rng.randint(2, len(together) - 1))
        label = self.rng.choice(["AB", "suite"])
        for o in together:
            if o in grouped:
                o["discount_group"] = label
                o.pop("allocation", None)
            elif kind == "groups" and not self.scope.choices:
                o["ssp"] = o["price"]

    def _residual(self, together: list[Row], contract: dict[str, Row]) -> None:
        """One obligation takes the rest; its range holds what that is, alone and combined."""
        rest = [o for o in together if "discount_group" not in o]
        residual = self.rng.choice(rest)
        residual["allocation"] = "residual"
        residual.pop("ssp")
        currency = self.currency_of(contract[residual["contract_id"]])
        scale = 10 ** decimals_of(currency)
        amounts = []
        for rows in (together, [o for o in together if o["contract_id"] == residual["contract_id"]]):
            takes = sum(Fraction(o["price"]) for o in rows)
            for o in rows:
                if o is not residual:
                    takes -= Fraction(o["price"] if "discount_group" in o else o["ssp"])
            amounts.append(int(takes * scale))
        if self.chance(0.7):
            low = self.rng.choice([min(amounts), min(amounts) // 2])
            high = self.rng.choice([max(amounts), 2 * max(amounts)])
            residual |= {"ssp_low": as_cell(low, currency), "ssp_high": as_cell(high, currency)}

    # ------------------------------------------------------------------------------------------------- events

    def _events(self, contract: Row, obligations: Sequence[Row]) -> None:
        """Events of one contract; a blank obligation where only one can be meant."""
        scope, rng = self.scope, self.rng
        signed = date.fromisoformat(contract["signed_on"])
        currency = self.currency_of(contract)
        rows: list[Row] = []
        for o in obligations:
            start = o.get("start") or contract.get("start")
            end = o.get("end") or contract.get("end")
            first = date.fromisoformat(start) if start else signed
            last = date.fromisoformat(end) if end else None
            made = work_events(rng, o, currency, min(first, signed) if self.chance(0.1) else first, last)
            for row in made:
                meant = METHODS_MEANT[row["type"]]
                if sum(other.get("method") in meant for other in obligations) > 1 or self.chance(0.7):
                    row["obligation_id"] = o["obligation_id"]
            if o.get("method", "ratable") == "ratable" and scope.clocks and last is not None:
                pausing = scope.choices or not self.rounding_of(o).startswith("plug")
                clock = clock_events(rng, first, last, pausing=pausing, late=scope.choices)
                made += [row | {"obligation_id": o["obligation_id"]} for row in clock]
            if scope.holds and self.chance(0.12):
                holds = hold_events(rng, first if scope.choices else max(first, signed))
                made += [row | {"obligation_id": o["obligation_id"]} for row in holds]
            rows += made
        if scope.holds and self.chance(0.08) and not any(row["type"] in ("hold", "release") for row in rows):
            rows += hold_events(rng, signed)  # of every obligation
        for row in rows:
            row["contract_id"] = contract["contract_id"]
        self.events += rows
