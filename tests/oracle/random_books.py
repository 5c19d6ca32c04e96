"""Random but valid books, in the plain form the oracle reads: tables as lists of rows of text."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .book import METHODS_MEANT
from .calendars import ONE_DAY, add_months, month_end
from .cells import as_cell, decimals_of
from .random_allocation import allocate_prices, combinations_of, residuals
from .random_changes import ChangesOfContract
from .random_costs import costs_of
from .random_documents import documents_of
from .random_events import clock_events, hold_events, work_events
from .random_prices import estimates_of
from .random_scope import CONVENTIONS, METHODS, ROUNDINGS, SCOPES, Scope
from .random_terms import settings_of, some_amount, some_day, some_rounding, some_term

__all__ = ["CONVENTIONS", "METHODS", "ROUNDINGS", "SCOPES", "Scope", "dates_of", "random_book"]

Row = dict[str, str]

#: Methods that a negative price fits.
CREDITS = ("ratable", "point_in_time", "manual")


def random_book(seed: int, scope: Scope | None = None, **fields: Any) -> dict[str, Any]:
    """A valid random book; the same seed and scope give the same book. Keywords are the fields of `Scope`, in place
    of those of the scope given."""
    return _Maker(random.Random(seed), replace(scope or Scope(), **fields)).book()


def dates_of(book: dict[str, Any]) -> list[date]:
    """The days worth asking about: every date of the book, its neighbors, and the ends of its month and year."""
    found: set[date] = set()
    columns = ("signed_on", "start", "end", "enforceable_end", "date", "due_on", "added_on", "cut_over")
    for table in ("contracts", "obligations", "billings", "events", "estimates", "openings", "costs"):
        for row in book.get(table, []):
            for column, cell in row.items():
                if column in columns and cell:
                    day = date.fromisoformat(cell)
                    found |= {day - ONE_DAY, day, day + ONE_DAY, month_end(day.year, day.month), date(day.year, 12, 31)}
    return sorted(found)


class _Maker:
    """Makes one book."""

    def __init__(self, rng: random.Random, scope: Scope) -> None:
        self.rng = rng
        self.scope = scope
        self.settings = settings_of(rng, scope)
        self.contracts: list[Row] = []
        self.obligations: list[Row] = []
        self.billings: list[Row] = []
        self.events: list[Row] = []
        self.estimates: list[Row] = []
        self.costs: list[Row] = []
        self.combinations: list[set[str]] = []
        self.credits: set[str] = set()  # contracts that take back
        self.taken: dict[str, set[date]] = {}  # days on which contracts allocated together are changed

    def chance(self, probability: float) -> bool:
        """True that often."""
        return self.rng.random() < probability

    def book(self) -> dict[str, Any]:
        """All tables, the rows of Billings and Events in any order."""
        for number in range(1, self.rng.randint(1, self.scope.most_contracts) + 1):
            self._contract(number)
        currency_of = {c["contract_id"]: self.currency_of(c) for c in self.contracts}
        self.combinations = combinations_of(self.contracts)
        for ids in self.combinations:
            together = [o for o in self.obligations if o["contract_id"] in ids]
            allocation, choices = self.scope.allocation, self.scope.choices
            allocate_prices(self.rng, together, currency_of, allocation=allocation, choices=choices)
        for contract in self.contracts:
            self._life(contract)
        for number, row in enumerate(self.events, start=1):
            row["event_id"] = f"E{number:04d}"
        self.rng.shuffle(self.events)
        self.rng.shuffle(self.billings)
        tables: dict[str, Any] = {
            "settings": self.settings,
            "contracts": self.contracts,
            "obligations": self.obligations,
            "billings": self.billings,
            "events": self.events,
        }
        if self.scope.estimates:
            tables["estimates"] = self.rng.sample(self.estimates, len(self.estimates))
        if rates := self._rates():
            tables["rates"] = rates
        if self.scope.costs:
            tables["costs"] = [row | {"cost_id": f"K{number}"} for number, row in enumerate(self.costs, start=1)]
        return tables

    def _rates(self) -> list[Row]:
        """A rate of every other currency than the reporting one, as a book is refused without; of a day that comes too
        late for any figure, so that all stay in contract currency."""
        reporting = self.settings.get("reporting_currency", "USD")
        foreign = sorted({self.currency_of(contract) for contract in self.contracts} - {reporting})
        return [{"date": "2199-12-31", "from": code, "to": reporting, "rate": "1.25"} for code in foreign]

    def _life(self, contract: Row) -> None:
        """All that happens to one contract, once it is signed and its prices are allocated."""
        rng, scope, name = self.rng, self.scope, contract["contract_id"]
        ids = next(ids for ids in self.combinations if name in ids)
        together = [o for o in self.obligations if o["contract_id"] in ids]
        signed = max(c["signed_on"] for c in self.contracts if c["contract_id"] in ids)
        first = date.fromisoformat(contract["signed_on"] if scope.choices else signed)
        taken = self.taken.setdefault(min(ids), set())
        if scope.changes:
            self._added_lines(contract, together, first, taken)
        of_contract = [o for o in self.obligations if o["contract_id"] == name]
        self._events(contract, of_contract)
        own = [row for row in self.events if row["contract_id"] == name]
        currency = self.currency_of(contract)
        if scope.changes or scope.cancels:
            changes = ChangesOfContract(rng, scope, contract, of_contract, own, currency, first, taken)
            made = changes.make()
            self.events += made
            own += made
        if scope.estimates:
            days = [date.fromisoformat(row["date"]) for row in own]
            self._estimates(contract, of_contract, together, days, date.fromisoformat(signed))
        if scope.documents:
            self.billings += documents_of(
                rng,
                self.settings,
                contract,
                of_contract,
                notes=scope.notes,
                choices=scope.choices,
                every_note=scope.every_note,
            )
        if scope.costs:
            self.costs += costs_of(rng, contract, currency)

    # -------------------------------------------------------------------------------------- contracts and lines

    def _contract(self, number: int) -> None:
        rng = self.rng
        row: Row = {"contract_id": f"C{number}", "customer": rng.choice(["Acme", "Birch", "Cedar", "Dune"])}
        start = some_day(rng)
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
        end = some_term(rng, start)
        if self.scope.financing:  # interest is told day by day
            end = min(end, start + timedelta(days=rng.choice([365, 730])))
        if self.chance(0.6):
            row |= {"start": start.isoformat(), "end": end.isoformat()}
        if self.chance(0.3):
            until = rng.choice([end, start, start + (end - start) / 2, add_months(end, 6)])
            row["enforceable_end"] = max(until, signed).isoformat()
        if self.chance(0.5):
            row["cancellable"] = rng.choice(["yes", "no"])
        if self.scope.financing and self.chance(0.7):
            row["financing_rate"] = rng.choice(["0.06", "0.05", "0.1", "0.0375", "0"])
        self.contracts.append(row)
        credit = row.get("combined_with") in self.credits
        if self.scope.changes and "combined_with" not in row and {*CREDITS} & {*self.scope.methods}:
            credit = self.chance(0.07)
        if credit:
            self.credits.add(row["contract_id"])
        for line in range(1, rng.randint(1, self.scope.most_obligations) + 1):
            self._obligation(row, f"o{line}", start, end, credit)
        if (self.scope.changes or self.scope.estimates) and not credit:
            self._discounts([o for o in self.obligations if o["contract_id"] == row["contract_id"]])

    def _discounts(self, lines: list[Row]) -> None:
        """Beside other lines a negative price is a discount of a part of them: a contract is a charge or a credit."""
        charged = sum(Fraction(o["price"]) for o in lines if Fraction(o["price"]) > 0)
        for o in lines:
            if Fraction(o["price"]) < 0:
                whole = min(-Fraction(o["price"]), charged / 10) or -Fraction(o["price"])
                decimals = len(o["price"].partition(".")[2])
                size = int(whole * 10**decimals)
                sign = -1 if charged else 1
                o["price"] = f"{Decimal(sign * size).scaleb(-decimals):f}"

    def currency_of(self, contract: Row) -> str:
        """The currency of a contract, defaulted."""
        return contract.get("currency") or self.settings.get("reporting_currency", "USD")

    def _obligation(
        self, contract: Row, name: str, start: date, end: date, credit: bool = False, manual: bool = True
    ) -> None:
        rng = self.rng
        methods = [m for m in [*METHODS, *["ratable"] * 6] if m in self.scope.methods]
        method = rng.choice([m for m in methods if (manual or m != "manual") and (not credit or m in CREDITS)])
        price = some_amount(rng)
        if (method in CREDITS and self.chance(0.12)) or credit:
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
            row["rounding"] = some_rounding(rng, plugs=self.scope.plugs)
        if self.chance(0.25):
            row["rpo_treatment"] = rng.choice(["disclose", "right_to_invoice", "royalty"])
        if method == "ratable" and not ("start" in contract and self.chance(0.5)):
            first = rng.choice([start, start, some_day(rng), add_months(start, rng.randint(1, 12))])
            row |= {"start": first.isoformat(), "end": some_term(rng, first).isoformat()}
        elif method == "point_in_time" and self.chance(0.5):
            delivery = start + timedelta(days=rng.randint(0, 300))
            row["start"] = min(delivery.isoformat(), contract.get("end", "9999-12-31"))
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

    # ------------------------------------------------------------------------------------------- lines added, estimates

    def _added_lines(self, contract: Row, together: list[Row], first: date, taken: set[date]) -> None:
        """None to two lines added after signing, at their ssp or not; some on one day."""
        rng = self.rng
        credit = all(Fraction(o["price"]) < 0 for o in together)
        relative = any("ssp" in o and o.get("allocation") != "stated" for o in together)
        fixed = any("discount_group" in o for o in together) and not self.scope.choices
        manual = not any("ssp" in o for o in together) or self.scope.choices
        end = date.fromisoformat(contract.get("end", (first + timedelta(days=500)).isoformat()))
        day = first
        for number in range(1, rng.choice([0, 0, 1, 1, 2]) + 1):
            if number == 1 or self.chance(0.7):
                day = first + timedelta(days=rng.randint(1, min(max((end - first).days, 5), 700)))
                if day in taken:
                    return
            start = rng.choice([day, day, day + timedelta(days=31), first])
            self._obligation(contract, f"a{number}", start, max(end, some_term(rng, start)), credit, manual)
            row = self.obligations[-1] | {"added_on": day.isoformat()}
            if relative:
                row["price"] = row["price"].removeprefix("-")
            elif not credit:
                self._discounts([*(o for o in together if o["contract_id"] == contract["contract_id"]), row])
            if relative or (Fraction(row["price"]) > 0 and not credit and self.chance(0.25)):
                row["ssp"] = row["price"]
                if (relative or self.scope.choices) and not fixed and self.chance(0.6):
                    currency = self.currency_of(contract)
                    price = int(Fraction(row["price"]) * 10 ** decimals_of(currency))
                    residual = any(o.get("allocation") == "residual" for o in together)
                    part = rng.randint(30, 100 if residual else 200)
                    row["ssp"] = as_cell(max(1, abs(price) * part // 100), currency)
            self.obligations[-1] = row
            taken.add(day)

    def _estimates(
        self, contract: Row, obligations: list[Row], together: list[Row], days: list[date], signed: date
    ) -> None:
        """Estimates of the contract only where all prices have one sign and none is entered by hand."""
        currency = self.currency_of(contract)
        signs = {Fraction(o["price"]) > 0 for o in together}
        manual = any(o.get("method") == "manual" for o in together)
        residual = next((o for o in together if o.get("allocation") == "residual"), None)
        signed_lines = [o for o in together if "added_on" not in o]
        least = None if residual is None else min(residuals(residual, signed_lines, currency))
        whole = len(signs) == 1 and (not manual or self.scope.choices)
        self.estimates += estimates_of(
            self.rng, contract, obligations, currency, days, of_contract=whole, least=least, signed=signed
        )

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
            if "added_on" in o:
                first = max(first, date.fromisoformat(o["added_on"]))
            last = date.fromisoformat(end) if end else None
            made = work_events(rng, o, currency, min(first, signed) if self.chance(0.1) else first, last)
            for row in made:
                meant = METHODS_MEANT[row["type"]]
                if sum(other.get("method") in meant for other in obligations) > 1 or self.chance(0.7):
                    row["obligation_id"] = o["obligation_id"]
            if o.get("method", "ratable") == "ratable" and scope.clocks and last is not None:
                rounding = o.get("rounding") or self.settings.get("rounding", "")
                pausing = scope.choices or not rounding.startswith("plug")
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
