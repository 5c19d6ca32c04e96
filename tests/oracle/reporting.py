"""Every report of a book in reporting currency, worked out the slow and obvious way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .balances import COLUMNS, added
from .calendars import ONE_DAY, days_between
from .cells import in_currency_units
from .costs import COST_COLUMNS
from .currencies import Currencies
from .journal import ROLES, _documents, _tax, _tax_paid
from .openings import taken_over_between
from .oracle import NETTING, Oracle
from .rounding import round_half_away
from .rows import UNCOLLECTED, Contract, Obligation
from .standing import BANDS

Rows = dict[str, dict[str, Decimal]]
EXEMPT = ["short_contracts", "royalty", "right_to_invoice", "not_enforceable"]


class Reporting:
    """Answers as the oracle's, with one currency; keys are the values themselves."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle, self.book, self.standing = oracle, oracle.book, oracle.standing
        self.of = Currencies(oracle.standing)
        self.rates, self.code = self.of.rates, oracle.book.settings.reporting_currency

    def key(self, o: Obligation, by: str) -> str:
        """The row an obligation belongs to."""
        if by == "total":
            return self.code
        found = self.oracle.key(o, by)
        return found.removesuffix(f" [{o.contract.currency}]") if by not in ("obligation", "contract") else found

    def _spread(
        self, day: date, by: str, figures: Callable[[list[Obligation]], dict[str, int]]
    ) -> dict[str, dict[str, int]]:
        """Figures of units by row; units that lie in several rows show each obligation on its own and a row
        (netting)."""
        rows: dict[str, dict[str, int]] = {}

        def add(key: str, row: Mapping[str, int], sign: int = 1) -> None:
            mine = rows.setdefault(key, {})
            for name, amount in row.items():
                mine[name] = mine.get(name, 0) + sign * amount

        for unit in self.standing.units(day):
            keys = {self.key(o, by) for o in unit}
            whole = figures(unit)
            if len(keys) == 1:
                add(keys.pop(), whole)
                continue
            first = next(c for c in self.book.contracts if any(o.contract.id == c.id for o in unit))
            netting = f"{first.id}/{NETTING}" if by == "obligation" else NETTING
            add(netting, whole)
            for o in unit:
                alone = figures([o])
                add(self.key(o, by), alone)
                add(netting, alone, -1)
        return rows

    def _units(self, rows: Mapping[str, Mapping[str, int]]) -> Rows:
        return {
            key: {name: in_currency_units(amount, self.code) for name, amount in row.items()}
            for key, row in rows.items()
        }

    def balances(self, day: date, by: str) -> Rows:
        """Every balance at the close of a day."""
        return self._units(self._spread(day, by, lambda unit: self.of.figures(unit, day)))

    def revenue(self, label: str, by: str) -> Rows:
        """Recognized in a period."""
        first, last = self.book.settings.calendar.range_of(label)
        rows: dict[str, dict[str, int]] = {}
        for o in self.book.obligations:
            moved = self.earned(o, first, last)
            row = rows.setdefault(self.key(o, by), {label: 0})
            row[label] += moved
        return self._units(rows)

    def waterfall(self, as_of: date, n: int, by: str, measure: str) -> Rows:
        """What is expected after a day: of what is deferred first, then of what is unbilled."""
        periods = self.oracle._periods_after(as_of, n)

        def figures(unit: list[Obligation]) -> dict[str, int]:
            backlog = self.of.figures(unit, as_of)["backlog"]
            row = {"to_date": sum(self.of.recognized(o, as_of) for o in unit)}
            row["contracted"] = row["to_date"] + backlog
            before = 0
            for period in periods:
                units = sum(self.standing.planned(o, as_of + ONE_DAY, period.last, as_of) for o in unit)
                reached = self.of.worth(unit, units, as_of)
                row[period.label] = backlog - reached if measure == "balance" else reached - before
                before = reached
            if measure == "recognized":
                row["thereafter"] = backlog - before
            return row

        return self._units(self._spread(as_of, by, figures))

    def rpo(self, as_of: date) -> Rows:
        """The bridge and the bands: what is disclosed stands first on what is deferred."""

        def figures(unit: list[Obligation]) -> dict[str, int]:
            of_units = [self.standing.rpo_of(o, as_of) for o in unit]
            row, reached, worth = {}, 0, 0
            for name in [*BANDS, *EXEMPT]:
                part = sum(each[name] for each in of_units)
                reached += -part if name in EXEMPT else part
                now = self.of.worth(unit, reached, as_of)
                row[name] = worth - now if name in EXEMPT else now - worth
                worth = now
            row["rpo"] = sum(row[name] for name in BANDS)
            row["backlog"] = worth
            return row

        return self._units(self._spread(as_of, "total", figures))

    def breakage(self, o: Obligation, first: date, last: date) -> int:
        """Breakage of some days: in proportion to the revenue of the days."""
        eve = first - ONE_DAY
        part = self.standing.lives.recognized(o, last, last)[1] - self.standing.lives.recognized(o, eve, eve)[1]
        whole = self.standing.recognized(o, last, last) - self.standing.recognized(o, eve, eve)
        whole -= sum(x.recognized for x in taken_over_between(self.book, o.contract, first, last) if x.obligation is o)
        if not whole:
            return self.rates.worth(part, o.contract.currency, last)
        return round_half_away(Fraction(part, whole) * self.earned(o, first, last))

    def earned(self, o: Obligation, first: date, last: date) -> int:
        """Revenue of some days: without what a former system had recognized."""
        moved = self.of.recognized(o, last) - self.of.recognized(o, first - ONE_DAY)
        for opening in taken_over_between(self.book, o.contract, first, last):
            if opening.obligation is o:
                moved -= round_half_away(opening.recognized * self.rates.of_opening(opening))
        return moved

    def _taken_over(self, first: date, last: date) -> dict[str, int]:
        """The balances of all units taken over in these days, each on its day."""
        row: dict[str, int] = dict.fromkeys(COLUMNS, 0)
        for unit in self.standing.units(last):
            day = unit[0].contract.cut_over
            if day is not None and first <= day <= last:
                row = added(row, self.of.figures(unit, day))
        return row

    def rollforward(self, label: str, of: str) -> Rows:
        """From opening to closing."""
        first, last = self.book.settings.calendar.range_of(label)
        row = self._deferred(first, last) if of == "deferred" else self._backlog(first, last)
        return self._units({self.code: row})

    def _totals(self, day: date) -> dict[str, int]:
        """Balances of the book, and what accounts hold to date."""
        row: dict[str, int] = dict.fromkeys(COLUMNS, 0)
        more = dict.fromkeys(("documents", "billings", "interest", "income", "gains", "remeasured"), 0)
        for unit in self.standing.units(day):
            row = added(row, self.of.figures(unit, day))
            account = self.of.account(unit, day)
            more = {name: amount + getattr(account, name) for name, amount in more.items()}
        return row | {"d_" + name: amount for name, amount in more.items()}

    def _deferred(self, first: date, last: date) -> dict[str, int]:
        before, after = self._totals(first - ONE_DAY), self._totals(last)
        moved = {name: after[name] - before[name] for name in after}
        breakage, taken = (
            sum(self.breakage(o, first, last) for o in self.book.obligations),
            self._taken_over(first, last),
        )
        row = {
            "opening": before["deferred"], "closing": after["deferred"], "breakage": -breakage,
            "opening_position": taken["deferred"],
            "recognized": breakage - moved["recognized"] + taken["recognized"], "billings": moved["d_billings"],
            "credits": moved["d_documents"] - moved["d_billings"], "interest": moved["d_interest"],
            "fx": -moved["d_gains"],
        }  # fmt: skip
        row["reclass"] = (
            row["closing"]
            - row["opening"]
            - sum(
                row[name]
                for name in ("breakage", "opening_position", "recognized", "billings", "credits", "interest", "fx")
            )
        )
        return row

    def _backlog(self, first: date, last: date) -> dict[str, int]:
        before, after = self._totals(first - ONE_DAY), self._totals(last)
        row = dict.fromkeys(["new", "expansion", "contraction", "cancellation"], 0)
        for contract in self.book.contracts:
            code = contract.currency
            for day in days_between(first, last):
                eve = day - ONE_DAY
                of = self.book.obligations_of(contract)
                parts = [self.standing.contracted(o, day) - self.standing.contracted(o, eve) for o in of]
                if day == contract.cut_over:
                    continue
                if day == contract.signed_on:
                    row["new"] += sum(self.rates.worth(part, code, day) for part in parts)
                    continue
                fell = [self.standing.lives.cancelled(o, day) - self.standing.lives.cancelled(o, eve) for o in of]
                row["cancellation"] -= sum(self.rates.worth(part, code, day) for part in fell)
                net = sum(parts) + sum(fell)
                row["expansion" if net > 0 else "contraction"] += self.rates.worth(net, code, day)
        taken = self._taken_over(first, last)
        row["opening_position"] = taken["backlog"]
        row["recognized"] = before["recognized"] - after["recognized"] + taken["recognized"]
        row["opening"], row["closing"] = before["backlog"], after["backlog"]
        row["fx"] = (
            row["closing"]
            - row["opening"]
            - sum(
                row[name]
                for name in ("opening_position", "new", "expansion", "contraction", "cancellation", "recognized")
            )
        )
        return row

    def journal(self, first: date, last: date) -> Rows:
        """What moved on each role, debit positive, combined contracts under the first; contra revenue is part of
        revenue, and fx is what balances the rest."""
        rows = {}
        for contract in self.book.contracts:
            together = self.book.combination_of(contract)
            if together[0] is contract:
                rows[contract.id] = self._movements(together, first, last)
        return self._units(rows)

    def _movements(self, contracts: list[Contract], first: date, last: date) -> dict[str, int]:
        row = dict.fromkeys([role for role in ROLES if role != "contra_revenue"], 0)
        for day, sign in ((first - ONE_DAY, -1), (last, 1)):
            mine = [unit for unit in self.standing.units(day) if any(o.contract in contracts for o in unit)]
            for unit in mine:
                at, account = self.of.figures(unit, day), self.of.account(unit, day)
                for role in ("deferred_current", "deferred_noncurrent", "refund_liability"):
                    row[role] -= sign * at[role]
                row["contract_asset"] += sign * at["contract_asset"]
                row["interest"] += sign * (account.interest - account.income)
                row["revenue"] -= sign * at["recognized"]
            for unit in mine if sign > 0 else ():
                cut_over = unit[0].contract.cut_over
                if cut_over is not None and first <= cut_over <= last:  # the general ledger holds it already
                    at = self.of.figures(unit, cut_over)
                    for role in ("deferred_current", "deferred_noncurrent", "refund_liability"):
                        row[role] += at[role]
                    row["contract_asset"] -= at["contract_asset"]
                    row["revenue"] += at["recognized"]
            for contract in contracts:
                row["receivable"] += sign * self.rates.worth(self._open(contract, day), contract.currency, day)
        for contract in contracts:
            for o in self.book.obligations_of(contract):
                breakage = self.breakage(o, first, last)
                row["breakage"], row["revenue"] = row["breakage"] - breakage, row["revenue"] + breakage
            self._cash_and_losses(contract, first, last, row)
            for role, amount in self._costs(contract, first, last).items():
                row[role] += amount
        row["fx"] = -sum(row.values())
        return row

    def _open(self, contract: Contract, day: date) -> int:
        """Receivable in contract currency."""
        roles = dict.fromkeys(ROLES, 0)
        _documents(self.standing, contract, day, roles)
        return roles["receivable"]

    def _cash_and_losses(self, contract: Contract, first: date, last: date, row: dict[str, int]) -> None:
        documents = [d for d in self.book.documents if d.contract is contract]
        for document in documents:
            rate = self.rates.of_document(document)
            own = self.rates.of_document(self.of.papers.about(document))
            if document.type in ("payment", "refund") and first <= document.day <= last:
                paid = (document.amount if document.type == "payment" else -abs(document.amount)) + _tax_paid(document)
                row["cash"] += round_half_away(paid * rate)
            elif document.reason in UNCOLLECTED and document.type == "credit_note" and document.day <= last:
                uncollected, role = self.standing.billing.uncollected, "revenue"
                role = role if document.reason == "dispute" else "bad_debt"
                for day in days_between(max(first, document.day), last):
                    before = uncollected.lost(document, day - ONE_DAY) if day > document.day else 0
                    row[role] += round_half_away((uncollected.lost(document, day) - before) * own)
            for day in days_between(first, last):
                tax = self._tax_to(document, day) - self._tax_to(document, day - ONE_DAY)
                row["tax"] -= round_half_away(tax * own)

    def _tax_to(self, document: Any, day: date) -> int:
        return _tax(self.standing, document, day) if document.day <= day else 0

    def _cost_worths(self, cost: Any, day: date) -> list[int]:
        capitalized, amortized, impaired = self.oracle.costs_of_book.to_date(cost, day)
        if not capitalized:
            return [0, 0, 0]
        worth = self.rates.worth(cost.amount, cost.contract.currency, cost.day)
        gone = round_half_away(Fraction(worth * (amortized + impaired), cost.amount))
        ran = round_half_away(Fraction(worth * amortized, cost.amount))
        return [worth, ran, gone - ran]

    def _costs(self, contract: Contract, first: date, last: date) -> dict[str, int]:
        row = dict.fromkeys(("contract_cost", "cost_payable", "cost_expense"), 0)
        for cost in self.book.costs:
            if cost.contract is contract:
                before, after = self._cost_worths(cost, first - ONE_DAY), self._cost_worths(cost, last)
                moved = [now - then for now, then in zip(after, before, strict=True)]
                row["contract_cost"] += moved[0] - moved[1] - moved[2]
                row["cost_payable"] -= moved[0]
                row["cost_expense"] += moved[1] + moved[2]
        return row

    def costs(self, first: date, last: date) -> Rows:
        """The way of each cost."""
        rows = {}
        for cost in self.book.costs:
            before, after = self._cost_worths(cost, first - ONE_DAY), self._cost_worths(cost, last)
            moved = [now - then for now, then in zip(after, before, strict=True)]
            amounts = [before[0] - before[1] - before[2], moved[0], -moved[1], -moved[2]]
            rows[cost.id] = dict(zip(COST_COLUMNS, [*amounts, sum(amounts)], strict=True))
        return self._units(rows)
