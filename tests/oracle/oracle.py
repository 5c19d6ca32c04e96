"""The oracle: every report of a book, worked out the slow and obvious way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .balances import COLUMNS, Figures, added, less
from .book import Book, NotInScope
from .calendars import ONE_DAY, Period, days_between
from .cells import in_currency_units
from .costs import COST_COLUMNS, Costs
from .journal import movements
from .rollforwards import of_backlog, of_deferred
from .rows import Obligation
from .standing import BANDS, Standing

__all__ = ["BANDS", "COLUMNS", "NotInScope", "Oracle"]

NETTING = "(netting)"


class Oracle:
    """Answers for one book. Rows are dictionaries of column to amount (in currency units) under a key of text.

    The key is the contract (`by="contract"`), `contract/obligation` (`"obligation"`), the currency (`"total"`), or
    the value of any other column; such a value that stands in a book of several currencies is followed by
    ` [currency]`, and so is the row `(netting)` by contract. Every row bears its `currency`.
    """

    def __init__(self, book: Mapping[str, Any], today: date) -> None:
        self.book = Book(book, today)
        self.as_of = self.book.settings.as_of
        self.standing = Standing(self.book)
        self.lives = self.standing.lives
        self.billing = self.standing.billing
        self.costs_of_book = Costs(self.book, self.lives)
        self.contracted = self.standing.contracted
        self.recognized = self.standing.recognized
        self.currencies = sorted({o.contract.currency for o in self.book.obligations})

    # ------------------------------------------------------------------------------------------------- grouping

    def key(self, o: Obligation, by: str) -> str:
        """The row an obligation belongs to."""
        if by == "obligation":
            return o.key
        if by == "contract":
            return o.contract.id
        if by == "total":
            return o.contract.currency
        if by == "cohort":
            value = self.book.settings.calendar.period_of(o.contract.agreed_on).label
        else:
            value = o.cells.get(by) or o.contract.cells.get(by) or ""
        return self._with_currency(value, o.contract.currency)

    def netting_key(self, unit: list[Obligation], by: str) -> str:
        """The row that makes finer rows add up to their unit."""
        if by == "obligation":
            first = next(c for c in self.book.contracts if any(o.contract.id == c.id for o in unit))
            return f"{first.id}/{NETTING}"
        return self._with_currency(NETTING, unit[0].contract.currency)

    def _with_currency(self, value: str, currency: str) -> str:
        return f"{value} [{currency}]" if len(self.currencies) > 1 else value

    # -------------------------------------------------------------------------------------------------- reports

    def balances(self, as_of: date, by: str = "contract") -> dict[str, dict[str, Decimal | str]]:
        """Every balance at the close of a day, a row per key; a row `(netting)` only where something nets."""
        rows: dict[str, Figures] = {}
        netting: dict[str, Figures] = {}
        currency: dict[str, str] = {}
        for unit in self.standing.units(as_of):
            whole = self.standing.figures(unit, as_of)
            keys = {self.key(o, by) for o in unit}
            for key in [*keys, self.netting_key(unit, by)]:
                currency[key] = unit[0].contract.currency
            if len(keys) == 1:
                rows[keys.pop()] = added(rows.get(self.key(unit[0], by), {}), whole)
                continue
            for o in unit:
                alone = self.standing.figures([o], as_of)
                rows[self.key(o, by)] = added(rows.get(self.key(o, by), {}), alone)
                whole = less(whole, alone)
            netting[self.netting_key(unit, by)] = added(netting.get(self.netting_key(unit, by), {}), whole)
        rows |= {key: row for key, row in netting.items() if any(row.values())}
        answer: dict[str, dict[str, Decimal | str]] = {}
        for key, row in rows.items():
            answer[key] = {"currency": currency[key]}
            answer[key] |= {column: in_currency_units(row[column], currency[key]) for column in COLUMNS}
        return answer

    def revenue(self, months: list[str], by: str = "contract") -> dict[str, dict[str, Decimal]]:
        """Recognized in each of the periods named by labels."""
        rows: dict[str, dict[str, Decimal]] = {}
        for month in months:
            first, last = self.book.settings.calendar.range_of(month)
            for key, amount in self.revenue_between(first, last, by).items():
                rows.setdefault(key, {})[month] = amount
        return rows

    def revenue_between(self, first: date, last: date, by: str = "contract") -> dict[str, Decimal]:
        """Recognized over the days from first to last."""
        rows: dict[str, Decimal] = {}
        for o in self.book.obligations:
            eve = first - ONE_DAY
            moved = self.recognized(o, last, last) - self.recognized(o, eve, eve)
            opening = self.book.openings.get(o)
            if opening is not None and first <= opening.day <= last:
                moved -= opening.recognized
            key = self.key(o, by)
            rows[key] = rows.get(key, Decimal(0)) + in_currency_units(moved, o.contract.currency)
        return rows

    def catch_up(self, first: date, last: date, by: str = "contract") -> dict[str, Decimal]:
        """Revenue of service before the day of the row that moved it: by how much R of each eve moves when the rows of
        the day become known."""
        rows: dict[str, Decimal] = {}
        for o in self.book.obligations:
            moved = 0
            for day in days_between(first, last):
                eve = day - ONE_DAY
                if o in self.book.openings and o.contract.cut_over == day:
                    continue  # all there is was taken over
                moved += self.lives.recognized(o, eve, day)[0] - self.lives.recognized(o, eve, eve)[0]
            key = self.key(o, by)
            rows[key] = rows.get(key, Decimal(0)) + in_currency_units(moved, o.contract.currency)
        return rows

    def waterfall(
        self, as_of: date, n: int = 12, by: str = "contract", measure: str = "recognized"
    ) -> dict[str, dict[str, Decimal | str]]:
        """What is expected in each of the n months after a day by the schedule in force (`recognized`), or the
        backlog left at the end of each (`balance`, without the column `thereafter`)."""
        periods = self._periods_after(as_of, n)
        rows: dict[str, dict[str, Any]] = {}
        for o in self.book.obligations:
            currency = o.contract.currency
            contracted = self.contracted(o, as_of)
            amounts = {"contracted": contracted, "to_date": self.recognized(o, as_of, as_of)}
            for period in periods:
                if measure == "balance":
                    amounts[period.label] = contracted - self.recognized(o, period.last, as_of)
                else:
                    first = max(period.first, as_of + ONE_DAY)
                    amounts[period.label] = self.standing.planned(o, first, period.last, as_of)
            if measure == "recognized":
                amounts["thereafter"] = contracted - sum(v for c, v in amounts.items() if c != "contracted")
            row = rows.setdefault(self.key(o, by), {"currency": currency})
            for column, amount in amounts.items():
                row[column] = row.get(column, Decimal(0)) + in_currency_units(amount, currency)
        return rows

    def _periods_after(self, as_of: date, n: int) -> list[Period]:
        periods: list[Period] = []
        day = as_of + ONE_DAY
        for _ in range(n):
            periods.append(self.book.settings.calendar.period_of(day))
            day = periods[-1].last + ONE_DAY
        return periods

    def rpo(self, as_of: date) -> dict[str, dict[str, Decimal]]:
        """The bridge from backlog to RPO and the bands, a row per currency."""
        columns = ["backlog", "not_enforceable", "right_to_invoice", "royalty", "short_contracts", "rpo", *BANDS]
        totals = {currency: dict.fromkeys(columns, 0) for currency in self.currencies}
        for o in self.book.obligations:
            for column, amount in self.standing.rpo_of(o, as_of).items():
                totals[o.contract.currency][column] += amount
        return _in_units(totals)

    def rollforward(self, period: str, of: str = "deferred") -> dict[str, dict[str, Decimal]]:
        """The way from opening to closing, a row per currency; movements are signed so that rows add up."""
        first, last = self.book.settings.calendar.range_of(period)
        told = of_deferred if of == "deferred" else of_backlog
        return _in_units({currency: told(self.standing, currency, first, last) for currency in self.currencies})

    def journal(self, first: date, last: date) -> dict[str, dict[str, Decimal]]:
        """What moved on each role over the days from first to last, debit positive: a row per contract, combined
        contracts under the id of the first of them."""
        rows = {}
        for contract in self.book.contracts:
            together = self.book.combination_of(contract)
            if together[0] is contract:
                moved = movements(self.standing, self.costs_of_book, together, first, last)
                rows[contract.id] = {r: in_currency_units(m, contract.currency) for r, m in moved.items()}
        return rows

    def costs(self, first: date, last: date) -> dict[str, dict[str, Decimal | str]]:
        """The way of the carrying amount of each contract cost; movements are signed so that rows add up."""
        rows: dict[str, dict[str, Decimal | str]] = {}
        for cost in self.book.costs:
            before = self.costs_of_book.to_date(cost, first - ONE_DAY)
            after = self.costs_of_book.to_date(cost, last)
            moved = [closing - opening for closing, opening in zip(after, before, strict=True)]
            amounts = [before[0] - before[1] - before[2], moved[0], -moved[1], -moved[2]]
            amounts.append(sum(amounts))
            currency = cost.contract.currency
            rows[cost.id] = {"contract_id": cost.contract.id, "currency": currency}
            for column, amount in zip(COST_COLUMNS, amounts, strict=True):
                rows[cost.id][column] = in_currency_units(amount, currency)
        return rows


def _in_units(rows: dict[str, dict[str, int]]) -> dict[str, dict[str, Decimal]]:
    """Rows per currency in currency units."""
    return {
        currency: {column: in_currency_units(amount, currency) for column, amount in row.items()}
        for currency, row in rows.items()
    }
