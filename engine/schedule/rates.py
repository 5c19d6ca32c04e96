"""Exchange rates: what one minor unit of a currency is worth in the reporting currency on a day.

Rates never interpolate: the latest on or before the day holds. A rate the other way round is read inverted; of two of
one day the direct one holds. A missing rate is a problem of the book, told by cell with pair and day, as soon as a
figure needs it.

Source: ASC 830-10-55-10, 55-11; IAS 21.21 to 21.26; IFRIC 22.8, 22.9.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from fractions import Fraction
from typing import Any

from engine.book.book import Book, Rows
from engine.book.currencies import DECIMALS
from engine.book.problem_names import TITLES
from engine.book.problems import BookRefused, Problem, Severity


class Rates:
    """The rates of a book to its reporting currency."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.reporting = book.settings.reporting_currency
        found: dict[str, dict[int, Fraction]] = {}
        rows = zip(*(book.rates[name] for name in ("date", "from_currency", "to_currency", "rate")), strict=True)
        for day, one, other, rate in sorted(rows, key=lambda row: row[2] == self.reporting):
            if other == self.reporting:
                found.setdefault(one, {})[day.toordinal()] = rate
            elif one == self.reporting:
                found.setdefault(other, {})[day.toordinal()] = 1 / rate
        self._days = {code: sorted(by_day) for code, by_day in found.items()}
        self._rates = {code: [by_day[day] for day in self._days[code]] for code, by_day in found.items()}
        self._of_day: dict[tuple[str, int], Fraction] = {}
        self._of_document: dict[int, Fraction] = {}
        self._of_opening: dict[int, Fraction] = {}
        self._missing: dict[tuple[str, int, str], Problem] = {}

    def at(self, currency: str, day: int, row: int) -> Fraction:
        """What one minor unit of a currency is worth on a day, in minor units of the reporting currency.

        row  of Contracts: a missing rate is told of its currency
        """
        key = currency, day
        if key not in self._of_day:
            contracts = self._book.contracts
            own = self._latest(currency, day)
            if own is None:
                self._note(contracts.where(row, "currency"), str(contracts["contract_id"][row]), currency, day)
                return Fraction(0)
            self._of_day[key] = self._of_minor_units(own, currency)
        return self._of_day[key]

    def of_document(self, row: int, currency: str) -> Fraction:
        """The rate of a row of Billings, likewise: its own, else that of its date."""
        if row not in self._of_document:
            billings = self._book.billings
            rate = self._of_row(billings, row, "date", str(billings["document_id"][row]), currency)
            if rate is None:
                return Fraction(0)
            self._of_document[row] = rate
        return self._of_document[row]

    def of_opening(self, row: int, currency: str) -> Fraction:
        """The rate of a row of Openings, likewise: its own, else that of the day of cut-over."""
        if row not in self._of_opening:
            openings = self._book.openings
            what = f"{openings['contract_id'][row]}/{openings['obligation_id'][row]}"
            rate = self._of_row(openings, row, "cut_over", what, currency)
            if rate is None:
                return Fraction(0)
            self._of_opening[row] = rate
        return self._of_opening[row]

    def _of_row(self, rows: Rows[Any], row: int, date_column: str, what: str, currency: str) -> Fraction | None:
        """The rate a row gives itself, else that of its date; None, and noted, where there is none."""
        own, day = rows["exchange_rate"][row], rows[date_column][row].toordinal()
        if own is None or currency == self.reporting:
            own = self._latest(currency, day)
        if own is None:
            self._note(rows.where(row, "exchange_rate"), what, currency, day)
            return None
        return self._of_minor_units(own, currency)

    def refuse_missing(self) -> None:
        """raises BookRefused with every rate that was asked for and is not there"""
        if self._missing:
            problems = [self._missing[key] for key in sorted(self._missing)]
            self._missing.clear()
            raise BookRefused(problems)

    def _latest(self, currency: str, day: int) -> Fraction | None:
        if currency == self.reporting:
            return Fraction(1)
        place = bisect_right(self._days.get(currency, []), day)
        return self._rates[currency][place - 1] if place else None

    def _of_minor_units(self, rate: Fraction, currency: str) -> Fraction:
        return rate * Fraction(10 ** DECIMALS[self.reporting], 10 ** DECIMALS[currency])

    def _note(self, where: str, what: str, currency: str, day: int) -> None:
        on = date.fromordinal(day)
        self._missing[currency, day, where] = Problem(
            Severity.STOP, "rate-missing-on-day", where, f"{what}   {currency} to {self.reporting} on {on}",
            f"Figures in {self.reporting} need what one {currency} was worth on {on}. Add a rate from {currency} to "
            f"{self.reporting} of that day, or of one before, to Rates.", TITLES["rate-missing-on-day"],
        )  # fmt: skip
