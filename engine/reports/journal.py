"""Journal: the entries of a range of days, balanced per contract, date and currency.

What is posted when is said in entries.py, what it is worth in reporting currency in entry_worth.py.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date

from engine.book.problems import BookRefused
from engine.reports.entries import Entries, What
from engine.reports.entry_worth import Worths
from engine.reports.periods import ONE_DAY, periods
from engine.reports.table import Column, Table
from engine.schedule.currency import Currency, InReportingCurrency, is_foreign, valuation
from engine.schedule.kernel import Bools
from engine.schedule.schedule import Schedule

COLUMNS = (
    Column("date", "date"),
    Column("contract_id"),
    Column("obligation_id"),
    Column("role"),
    Column("account"),
    Column("debit", "money"),
    Column("credit", "money"),
    Column("currency"),
    Column("reporting_debit", "money"),
    Column("reporting_credit", "money"),
    Column("source"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is posted: `amount` in whole minor units of the contract's currency, `worth` in those of the
    reporting currency if it is known; debit positive. Of FX both are in reporting currency."""

    day: date
    contract: int
    obligation: int | None
    role: str
    amount: int
    source: str
    worth: int | None = None
    fx: bool = False


def journal_lines(
    schedule: Schedule, first: date, last: date, in_reporting: bool = False, only: Container[int] | None = None
) -> list[Line]:
    """The lines of first..last in order of date, contract and posting.

    in_reporting  also in reporting currency, with the entries FX
    only          contracts whose lines are wanted, all those of a group together; default all
    raises        BookRefused where a rate for that is missing
    """
    given = [valuation(schedule, "contract")]
    if in_reporting and is_foreign(schedule):
        given.append(valuation(schedule, "reporting"))
    book = Entries(schedule, tuple(given), only)
    lines: list[Line] = []
    opening = book.balances(first - ONE_DAY)
    for span in periods(schedule.calendar, first, last):
        closing, book.posted = book.balances(span.last), []
        book.post(span, opening, closing)
        book.costs(span)
        if isinstance(given[-1], InReportingCurrency):
            Worths(book, given[-1], span).value()
        lines += [
            Line(entry.day, entry.contract, leg.obligation, leg.role, leg.amount, entry.source, leg.worth,
                 entry.what is What.FX)
            for entry in book.posted for leg in entry.legs
        ]  # fmt: skip
        opening = closing
    return sorted(_summed(lines), key=lambda line: (line.day, line.contract))


def _summed(lines: list[Line]) -> Iterator[Line]:
    """Lines of one entry (day, contract, source) with the same role and obligation become one."""
    sums: dict[tuple[date, int, int | None, str, str, bool], tuple[int, int | None]] = {}
    for line in lines:
        key = (line.day, line.contract, line.obligation, line.role, line.source, line.fx)
        amount, worth = sums.get(key, (0, None))
        sums[key] = amount + line.amount, line.worth if worth is None else worth + (line.worth or 0)
    for (day, contract, obligation, role, source, fx), (amount, worth) in sums.items():
        if amount or worth:
            yield Line(day, contract, obligation, role, amount, source, worth, fx)


def journal(
    schedule: Schedule, first: date, last: date, keep: Bools | None = None, currency: Currency = "contract"
) -> Table:
    """Journal entries of first..last with the accounts of the book. Entries FX are in reporting currency alone.

    keep      obligations the report is about: entries of contracts none of which is kept are left out; default all
    currency  contract: debit and credit in the contract's, and in reporting currency beside it if all rates are there;
              reporting: all in reporting currency
    raises    BookRefused where a rate is missing, in reporting currency
    """
    wanted = None if keep is None else set(schedule.layout.contract[keep].tolist())
    accounts, reporting = Accounts(schedule), schedule.book.settings.reporting_currency
    contracts, obligations = schedule.book.contracts, schedule.book.obligations
    rows = []
    for line in _lines_in(schedule, first, last, currency):
        if wanted is not None and line.contract not in wanted:
            continue
        contract = schedule.layout.contracts[line.contract]
        own = reporting if line.fx or currency == "reporting" else contracts["currency"][contract]
        worth = line.amount if contracts["currency"][contract] == reporting else line.worth
        amount = worth if currency == "reporting" else line.amount
        rows.append(
            [
                line.day,
                contracts["contract_id"][contract],
                "" if line.obligation is None
                else obligations["obligation_id"][schedule.layout.obligations[line.obligation]],
                line.role,
                accounts.account(line),
                *_sides(amount),
                own,
                *_sides(worth),
                line.source,
            ]
        )  # fmt: skip
    return Table(COLUMNS, [row for row in rows if any(row[5:7]) or any(row[8:10])])


def _lines_in(schedule: Schedule, first: date, last: date, currency: Currency) -> list[Line]:
    """Lines in both currencies; without the rates for that, in contract currency if that was asked for."""
    try:
        return journal_lines(schedule, first, last, in_reporting=True)
    except BookRefused:
        if currency == "reporting":
            raise
        return journal_lines(schedule, first, last)


def _sides(amount: int | None) -> tuple[int | None, int | None]:
    """Debit and credit of an amount."""
    return max(amount or 0, 0) or None, max(-(amount or 0), 0) or None


class Accounts:
    """The user's account of a line: of the obligation if it has one, else of the role."""

    def __init__(self, schedule: Schedule) -> None:
        table = schedule.book.accounts
        self._of_role = dict(zip(table["role"], table["account"], strict=True))
        self._revenue = schedule.obligation_column("revenue_account")
        deferred: dict[int, set[object]] = {}
        for contract, account in zip(
            schedule.layout.contract, schedule.obligation_column("deferred_account"), strict=True
        ):
            deferred.setdefault(int(contract), set()).add(account)
        self._deferred = {contract: next(iter(own)) for contract, own in deferred.items() if len(own) == 1}

    def account(self, line: Line) -> str:
        own: object = None
        if line.role == "revenue" and line.obligation is not None:
            own = self._revenue[line.obligation]
        elif line.role in ("deferred_current", "deferred_noncurrent"):
            own = self._deferred.get(line.contract)
        return str(own or self._of_role.get(line.role, ""))
