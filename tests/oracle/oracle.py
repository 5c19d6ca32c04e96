"""The oracle: every report of a book, worked out the slow and obvious way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .balances import COLUMNS, Figures, added, less, stand
from .billing import Billing
from .book import Book, Contract, NotInScope, Obligation, in_currency_units
from .calendars import ONE_DAY, Period, add_months, days_between
from .methods import Recognition
from .prices import Prices

__all__ = ["COLUMNS", "NotInScope", "Oracle"]

#: A day by which every schedule has run out.
THE_END = date.max
BANDS = ["0-12", "13-24", "25-36", "thereafter", "undated"]
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
        self.prices = Prices(self.book)
        self.billing = Billing(self.book, self.prices)
        self.recognition = Recognition(self.book, self.prices, self.billing)
        self.currencies = sorted({o.contract.currency for o in self.book.obligations})

    # ------------------------------------------------------------------------------------- of one obligation

    def contracted(self, o: Obligation, known: date) -> int:
        """T."""
        return self.prices.contracted(o, known)

    def recognized(self, o: Obligation, day: date, known: date) -> int:
        """R at the close of `day` by the rows dated on or before `known`."""
        return self.recognition.recognized(o, day, known)

    def undated(self, o: Obligation, known: date) -> int:
        """The part of backlog no schedule reaches."""
        return self.contracted(o, known) - self.recognized(o, THE_END, known)

    def planned(self, o: Obligation, first: date, last: date, known: date) -> int:
        """Revenue of the days from first to last by the schedule in force at `known`."""
        return self.recognized(o, last, known) - self.recognized(o, first - ONE_DAY, known)

    def expected_currently(self, o: Obligation, known: date) -> int:
        """Revenue expected within the current months; work without a schedule counts as current."""
        horizon = add_months(known, self.book.settings.current_months)
        return self.planned(o, known + ONE_DAY, horizon, known) + self.undated(o, known)

    # -------------------------------------------------------------------------------------------------- RPO

    def rpo_of(self, o: Obligation, known: date) -> dict[str, int]:
        """The bridge from backlog to RPO and the bands, of one obligation."""
        row = dict.fromkeys(["not_enforceable", "right_to_invoice", "royalty", "short_contracts", *BANDS], 0)
        row["backlog"] = self.contracted(o, known) - self.recognized(o, known, known)
        enforceable_until = o.contract.enforceable_end or THE_END
        undated = self.undated(o, known)
        enforceable = 0
        if known < enforceable_until:
            enforceable = self.planned(o, known + ONE_DAY, enforceable_until, known) + undated
        row["not_enforceable"] = enforceable - row["backlog"]
        row["rpo"] = enforceable
        if o.rpo_treatment in ("right_to_invoice", "royalty"):
            row[o.rpo_treatment] = -enforceable
            row["rpo"] = 0
        elif self.book.settings.short_contracts == "exclude" and self.is_short(o.contract, known):
            row["short_contracts"] = -enforceable
            row["rpo"] = 0
        elif known < enforceable_until:
            first = known + ONE_DAY
            for band, months in zip(BANDS[:4], (12, 24, 36, None), strict=True):
                last = THE_END if months is None else add_months(known, months)
                last = min(last, enforceable_until)
                if first <= last:
                    row[band] = self.planned(o, first, last, known)
                    first = min(last, THE_END - ONE_DAY) + ONE_DAY
            row["undated"] = undated
        return row

    def is_short(self, contract: Contract, known: date) -> bool:
        """An original duration of a year or less, from the earliest start to the latest end entered at signing."""
        together = self.book.combination_at(contract, known)
        obligations = [o for c in together for o in self.book.obligations_of(c)]
        starts = [c.start for c in together] + [o.own_start for o in obligations]
        ends = [c.end for c in together] + [o.own_end for o in obligations]
        if all(end is None for end in ends):
            return False
        start = min([s for s in starts if s is not None], default=min(c.signed_on for c in together))
        end = max(e for e in ends if e is not None)
        return end < add_months(start, 12)

    # ------------------------------------------------------------------------------------ netting and grouping

    def units(self, known: date) -> list[list[Obligation]]:
        """The netting units: each obligation, or the obligations of each contract (or of contracts combined)."""
        if self.book.settings.netting == "obligation":
            return [[o] for o in self.book.obligations]
        units = []
        seen: set[str] = set()
        for contract in self.book.contracts:
            if contract.id not in seen:
                together = [c.id for c in self.book.combination_at(contract, known)]
                seen.update(together)
                units.append([o for o in self.book.obligations if o.contract.id in together])
        return [unit for unit in units if unit]

    def figures(self, obligations: list[Obligation], known: date) -> Figures:
        """The balances of obligations that net as one."""
        return stand(
            contracted=sum(self.contracted(o, known) for o in obligations),
            recognized=sum(self.recognized(o, known, known) for o in obligations),
            billed=sum(self.billing.billed(o, known) for o in obligations),
            expected=sum(self.expected_currently(o, known) for o in obligations),
            rpo=sum(self.rpo_of(o, known)["rpo"] for o in obligations),
        )

    def key(self, o: Obligation, by: str) -> str:
        """The row an obligation belongs to."""
        if by == "obligation":
            return o.key
        if by == "contract":
            return o.contract.id
        if by == "total":
            return o.contract.currency
        if by == "cohort":
            value = self.book.settings.calendar.period_of(o.contract.signed_on).label
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
        for unit in self.units(as_of):
            whole = self.figures(unit, as_of)
            keys = {self.key(o, by) for o in unit}
            for key in [*keys, self.netting_key(unit, by)]:
                currency[key] = unit[0].contract.currency
            if len(keys) == 1:
                rows[keys.pop()] = added(rows.get(self.key(unit[0], by), {}), whole)
                continue
            for o in unit:
                alone = self.figures([o], as_of)
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
        for o in self.book.obligations:
            row = rows.setdefault(self.key(o, by), {month: Decimal(0) for month in months})
            for month in months:
                first, last = self.book.settings.calendar.range_of(month)
                before = self.recognized(o, first - ONE_DAY, first - ONE_DAY)
                moved = self.recognized(o, last, last) - before
                row[month] += in_currency_units(moved, o.contract.currency)
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
                    amounts[period.label] = self.planned(o, first, period.last, as_of)
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
            for column, amount in self.rpo_of(o, as_of).items():
                totals[o.contract.currency][column] += amount
        return _in_units(totals)

    def rollforward(self, period: str, of: str = "deferred") -> dict[str, dict[str, Decimal]]:
        """The way from opening to closing, a row per currency; movements are signed so that rows add up."""
        first, last = self.book.settings.calendar.range_of(period)
        totals = {}
        for currency in self.currencies:
            if of == "deferred":
                totals[currency] = self._rollforward_of_deferred(currency, first - ONE_DAY, last)
            else:
                totals[currency] = self._rollforward_of_backlog(currency, first, last)
        return _in_units(totals)

    def _rollforward_of_deferred(self, currency: str, eve: date, last: date) -> dict[str, int]:
        row = dict.fromkeys(["billings", "recognized", "breakage", "credits", "prior_period", "interest", "fx"], 0)
        row["opening"] = self._deferred(currency, eve)
        row["closing"] = self._deferred(currency, last)
        for contract in self.book.contracts:
            if contract.currency == currency and self.book.obligations_of(contract):
                billings, credits = self.billing.billings_and_credits(contract, last)
                billings_before, credits_before = self.billing.billings_and_credits(contract, eve)
                row["billings"] += billings - billings_before
                row["credits"] += credits - credits_before
        for o in self.book.obligations:
            if o.contract.currency == currency:
                revenue, breakage = self.recognition.recognized_and_breakage(o, last, last)
                revenue_before, breakage_before = self.recognition.recognized_and_breakage(o, eve, eve)
                row["breakage"] -= breakage - breakage_before
                row["recognized"] -= (revenue - breakage) - (revenue_before - breakage_before)
        # To and from contract asset and refund liability: what the other movements leave open.
        moved = sum(row[column] for column in ("billings", "recognized", "breakage", "credits"))
        row["reclass"] = row["closing"] - row["opening"] - moved
        return row

    def _deferred(self, currency: str, day: date) -> int:
        units = [unit for unit in self.units(day) if unit[0].contract.currency == currency]
        return sum(self.figures(unit, day)["deferred"] for unit in units)

    def _rollforward_of_backlog(self, currency: str, first: date, last: date) -> dict[str, int]:
        row = dict.fromkeys(["new", "expansion", "contraction", "cancellation", "prior_period", "fx"], 0)
        obligations = [o for o in self.book.obligations if o.contract.currency == currency]
        eve = first - ONE_DAY
        row["opening"] = sum(self.contracted(o, eve) - self.recognized(o, eve, eve) for o in obligations)
        row["closing"] = sum(self.contracted(o, last) - self.recognized(o, last, last) for o in obligations)
        recognized = sum(self.recognized(o, last, last) - self.recognized(o, eve, eve) for o in obligations)
        row["recognized"] = -recognized
        for contract in self.book.contracts:  # net per contract and day
            if contract.currency != currency:
                continue
            of_contract = self.book.obligations_of(contract)
            for day in days_between(first, last):
                before = sum(self.contracted(o, day - ONE_DAY) for o in of_contract)
                change = sum(self.contracted(o, day) for o in of_contract) - before
                if day == contract.signed_on:
                    row["new"] += change
                else:
                    row["expansion" if change > 0 else "contraction"] += change
        return row


def _in_units(rows: dict[str, dict[str, int]]) -> dict[str, dict[str, Decimal]]:
    """Rows per currency in currency units."""
    return {
        currency: {column: in_currency_units(amount, currency) for column, amount in row.items()}
        for currency, row in rows.items()
    }
