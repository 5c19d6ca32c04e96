"""Close packs of made-up SaaS companies whose figures agree, computed month by month from a handful of deals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from engine.book.problems import Problem, Severity
from engine.reports.table import Column, Kind, Table
from engine.sheets.pack import Comparative, Pack, Period

AS_OF = 2026 * 12 + 8  # September 2026; months are counted, January of year y being 12 y
FISCAL_YEAR = 2026 * 12


@dataclass(frozen=True)
class Deal:
    """A contract with one obligation, earned evenly by month; months are counted from January of year 0.

    every   months between invoices, each for as many months in advance
    ends    month of cancellation, if any: what is left falls away, what was billed for it is credited
    grows   (month, amount): an upgrade, earned over what is left and billed at once
    """

    contract: str
    customer: str
    product: str
    start: int
    months: int
    price: int
    every: int = 12
    currency: str = "USD"
    ends: int | None = None
    grows: tuple[int, int] | None = None

    def contracted(self, month: int) -> int:
        if month < self.start:
            return 0
        grown = self.grows[1] if self.grows and month >= self.grows[0] else 0
        price = self.price + grown
        return self._earned(self.ends) if self.ends is not None and month >= self.ends else price

    def recognized(self, month: int) -> int:
        return self._earned(month if self.ends is None else min(month, self.ends))

    def _earned(self, month: int) -> int:
        served = min(max(month - self.start + 1, 0), self.months)
        earned = round(self.price * served / self.months)
        if self.grows:
            first, amount = self.grows
            left = self.start + self.months - first
            earned += round(amount * min(max(month - first + 1, 0), left) / left)
        return earned

    def invoices(self, month: int) -> int:
        """Invoiced in a month."""
        due = 0
        running = self.start <= month < self.start + self.months and (self.ends is None or month <= self.ends)
        if running and (month - self.start) % self.every == 0:
            begun = month - self.start
            end = min(begun + self.every, self.months)
            due = round(self.price * end / self.months) - round(self.price * begun / self.months)
        return due + (self.grows[1] if self.grows and month == self.grows[0] else 0)

    def credits(self, month: int) -> int:
        """Credited in a month, below zero: what was billed beyond what was earned, at the cancellation."""
        if month != self.ends:
            return 0
        return self._earned(month) - sum(self.invoices(earlier) for earlier in range(self.start, month + 1))

    def billed(self, month: int) -> int:
        return sum(self.invoices(earlier) + self.credits(earlier) for earlier in range(self.start, month + 1))

    def position(self, month: int) -> dict[str, int]:
        """The balances at the end of a month (SPEC, section 1)."""
        contracted, recognized, billed = self.contracted(month), self.recognized(month), self.billed(month)
        kept = min(billed, max(contracted, recognized))
        deferred = max(kept - recognized, 0)
        year = self.recognized(month + 12) - recognized
        return {
            "contracted": contracted,
            "recognized": recognized,
            "billed": billed,
            "deferred": deferred,
            "deferred_current": min(deferred, year),
            "deferred_noncurrent": deferred - min(deferred, year),
            "contract_asset": max(recognized - kept, 0),
            "refund_liability": billed - kept,
            "backlog": contracted - recognized,
            "backlog_unbilled": contracted - max(kept, recognized),
            "rpo": contracted - recognized,
        }


DEALS = (
    Deal("C-1001", "Aurora Health Systems", "Platform", 2025 * 12 + 9, 12, 240_000_00),
    Deal("C-1002", "Birchwood Logistics GmbH", "Platform", 2025 * 12 + 3, 36, 912_500_00),
    Deal("C-1003", "Calder & Finch LLP", "Analytics", 2026 * 12 + 0, 24, 118_800_00, every=3),
    Deal("C-1004", "Dunmore University", "Platform", 2026 * 12 + 6, 36, 405_000_00, every=36),
    Deal("C-1005", "Eastgate Retail Group", "Support", 2025 * 12 + 6, 12, 36_000_00, every=1),
    Deal("C-1006", "Fjordland Shipping AS", "Analytics", 2026 * 12 + 2, 12, 84_300_01, every=6),
    Deal(
        "C-1007", "Granite Peak Insurance", "Platform", 2025 * 12 + 11, 24, 360_000_00, grows=(2026 * 12 + 5, 57_000_00)
    ),
    Deal("C-1008", "Harbor Light Media", "Analytics", 2026 * 12 + 1, 12, 48_000_00, ends=2026 * 12 + 7),
    Deal("C-1009", "Ironbridge Manufacturing", "Platform", 2026 * 12 + 8, 12, 199_999_99),
    Deal("C-1010", "Juniper Street Bank", "Platform", 2026 * 12 + 3, 48, 1_250_000_00, every=12),
    Deal("C-1011", "Kestrel Aerospace", "Support", 2025 * 12 + 8, 24, 66_666_67, every=24),
    Deal("C-1012", "Lakeshore School District", "Platform", 2026 * 12 + 6, 60, 300_000_00, every=12),
)

DEALS_ABROAD = (
    *DEALS[:7],
    Deal("C-2001", "Kyoto Seimitsu KK", "Platform", 2026 * 12 + 3, 24, 48_000_000, currency="JPY"),
    Deal("C-2002", "Osaka Foods KK", "Analytics", 2026 * 12 + 6, 12, 7_345_671, every=3, currency="JPY"),
    Deal("C-3001", "Gulf Ports Company", "Platform", 2026 * 12 + 1, 12, 96_400_505, every=6, currency="KWD"),
)

CHECKS = (
    Problem(Severity.OK, "identities", "", "12 contracts, 12 obligations", "", "Balances obey the identities"),
    Problem(Severity.OK, "schedule-adds-to-price", "", "12 obligations", "", "Schedules add up to the price"),
    Problem(Severity.OK, "entries-balance", "", "24 entries", "", "Entries balance"),
    Problem(
        Severity.WARN,
        "credit-runs-on",
        "Billings!B41",
        "CN-0007  C-1008  2026-08-31  -20,000.00: credited for cancellation while the contract ran on for 12 days",
        "Revenue of those days has no invoice. Give the cancel event the day of the last service, or the reason price.",
        "Credited for cancellation while the contract runs on",
    ),
    Problem(Severity.OK, "ties-to-ledger", "", "2 accounts", "", "Deferred revenue ties to the general ledger"),
)


def label(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"


def end_of(month: int) -> date:
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(1)


def period(month: int) -> Period:
    return Period(label(month), date(month // 12, month % 12 + 1, 1), end_of(month))


def table(columns: str, rows: Iterable[Sequence[Any]]) -> Table:
    """Columns by name; those that hold no money are known by theirs."""
    texts = {"period", "currency", "contract", "obligation", "cohort", "product", "total", "as_of"}
    texts |= {"contract_id", "obligation_id", "role", "account", "source"}
    kinds: dict[str, Kind] = dict.fromkeys(texts, "text") | {"date": "date", "as_of": "date"}
    names = columns.split()
    made = [
        Column(name, kinds.get(name, "money") if place or name != "total" else "text")
        for place, name in enumerate(names)
    ]
    if names[-1] == "total":
        made[-1] = Column("total", "money")
    return Table(tuple(made), [tuple(row) for row in rows])


def pack(deals: Sequence[Deal] = DEALS, **changes: Any) -> Pack:
    """The close pack of September 2026."""
    currencies = list(dict.fromkeys(deal.currency for deal in deals))
    years = [Period(f"FY{year}", date(year, 1, 1), date(year, 12, 31)) for year in (2028, 2029)]
    rest = Period("2027-Q4", date(2027, 10, 1), date(2027, 12, 31))
    made = Pack(
        entity="Northwind Cloud Inc.",
        title="Close pack September 2026",
        as_of=end_of(AS_OF),
        reporting_currency="USD",
        version="0.1.0",
        fingerprint="7f3a9c51e0b84d2296d0c1aa57be3f48d1e6c09b5a7718f24c3e9d60b1a2f5c7",
        source="northwind-contracts.xlsx",
        prepared_on=date(2026, 10, 5),
        periods=[*(period(month) for month in range(AS_OF - 24, AS_OF + 40)), rest, *years],
        customers={deal.contract: deal.customer for deal in deals},
        checks=CHECKS,
        trend=trend(deals, currencies),
        deferred_rollforward=deferred_rollforward(deals, currencies),
        backlog_rollforward=backlog_rollforward(deals, currencies),
        deferred_waterfall=deferred_waterfall(deals, [rest, *years]),
        backlog_waterfall=backlog_waterfall(deals, [rest, *years], "contract", lambda deal: deal.contract),
        backlog_cohorts=cohorts(deals, [rest, *years]),
        revenue=revenue(deals),
        balances=balances(deals),
        rpo=rpo(deals, currencies),
        journal=journal(deals),
        comparatives=[
            Comparative(name, end_of(month), totals(deals, currencies, month))
            for name, month in (("Prior month", AS_OF - 1), ("Prior year end", FISCAL_YEAR - 1))
        ],
        notes=("Convention daily, rounding cumulative, netting by contract, deferral basis invoice",),
    )
    return replace(made, **changes)


_BALANCES = (
    "currency contracted recognized billed deferred deferred_current deferred_noncurrent "
    "contract_asset refund_liability backlog backlog_unbilled rpo"
)


def balances(deals: Sequence[Deal], month: int = AS_OF) -> Table:
    return table(
        f"contract {_BALANCES}", ((deal.contract, deal.currency, *deal.position(month).values()) for deal in deals)
    )


def totals(deals: Sequence[Deal], currencies: Sequence[str], month: int) -> Table:
    return table(f"total {_BALANCES}", (("total", code, *_total(deals, code, month).values()) for code in currencies))


def _total(deals: Sequence[Deal], currency: str, month: int) -> dict[str, int]:
    positions = [deal.position(month) for deal in deals if deal.currency == currency]
    return {name: sum(position[name] for position in positions) for name in positions[0]}


def trend(deals: Sequence[Deal], currencies: Sequence[str]) -> Table:
    rows = []
    for code in currencies:
        of = [deal for deal in deals if deal.currency == code]
        for month in range(AS_OF - 12, AS_OF + 13):
            position = _total(deals, code, month)
            earned = sum(deal.recognized(month) - deal.recognized(month - 1) for deal in of)
            # Ahead of today, what today's contracts leave: invoices to come do not count.
            left = sum(
                max(deal.position(AS_OF)["deferred"] - deal.recognized(month) + deal.recognized(AS_OF), 0)
                for deal in of
            )
            deferred = left if month > AS_OF else position["deferred"]
            unbilled = position["backlog"] - left if month > AS_OF else position["backlog_unbilled"]
            rows.append((label(month), code, deferred, unbilled, earned))
    return table("period currency deferred backlog_unbilled recognized", rows)


def _year() -> range:
    return range(FISCAL_YEAR, AS_OF + 1)


def deferred_rollforward(deals: Sequence[Deal], currencies: Sequence[str]) -> Table:
    rows = []
    for month in _year():
        for code in currencies:
            of = [deal for deal in deals if deal.currency == code]
            opening, closing = (_total(deals, code, at)["deferred"] for at in (month - 1, month))
            billed = sum(deal.invoices(month) for deal in of)
            credited = sum(deal.credits(month) for deal in of)
            earned = -sum(deal.recognized(month) - deal.recognized(month - 1) for deal in of)
            reclass = closing - opening - billed - earned - credited
            rows.append((label(month), code, opening, billed, earned, 0, credited, 0, 0, reclass, 0, closing))
    names = "opening billings recognized breakage credits prior_period interest reclass fx closing"
    return table(f"period currency {names}", rows)


def backlog_rollforward(deals: Sequence[Deal], currencies: Sequence[str]) -> Table:
    rows = []
    for month in _year():
        for code in currencies:
            of = [deal for deal in deals if deal.currency == code]
            opening, closing = (_total(deals, code, at)["backlog"] for at in (month - 1, month))
            new = sum(deal.contracted(month) for deal in of if deal.start == month)
            grown = sum(deal.grows[1] for deal in of if deal.grows and deal.grows[0] == month)
            cancelled = sum(deal.contracted(month) - deal.contracted(month - 1) for deal in of if deal.ends == month)
            earned = -sum(deal.recognized(month) - deal.recognized(month - 1) for deal in of)
            rows.append((label(month), code, opening, new, grown, 0, cancelled, earned, 0, 0, closing))
    return table(
        "period currency opening new expansion contraction cancellation recognized prior_period fx closing", rows
    )


def _ahead(deal: Deal, years: Sequence[Period]) -> list[int]:
    """Revenue by month for a year, then by `years`, then thereafter."""
    ends = [*range(AS_OF, AS_OF + 13), *(year.end.year * 12 + year.end.month - 1 for year in years), 9999 * 12]
    found = [deal.recognized(end) for end in ends]
    return [later - earlier for earlier, later in pairwise(found)]


def _ahead_names(years: Sequence[Period]) -> str:
    return " ".join([*map(label, range(AS_OF + 1, AS_OF + 13)), *(year.label for year in years), "thereafter"])


def deferred_waterfall(deals: Sequence[Deal], years: Sequence[Period]) -> Table:
    rows = []
    for deal in deals:
        left = deferred = deal.position(AS_OF)["deferred"]
        released = []
        for amount in _ahead(deal, years):
            released.append(min(amount, left))
            left -= released[-1]
        if deferred:
            rows.append((deal.contract, deal.currency, deferred, *released))
    return table(f"contract currency deferred {_ahead_names(years)}", rows)


def backlog_waterfall(deals: Sequence[Deal], years: Sequence[Period], name: str, key: Callable[[Deal], str]) -> Table:
    rows = (
        (key(deal), deal.currency, deal.contracted(AS_OF), deal.recognized(AS_OF), *_ahead(deal, years))
        for deal in deals
    )
    return table(f"{name} currency contracted to_date {_ahead_names(years)}", rows)


def cohorts(deals: Sequence[Deal], years: Sequence[Period]) -> Table:
    by_deal = backlog_waterfall(deals, years, "cohort", lambda deal: label(deal.start))
    added: dict[tuple[str, str], list[int]] = {}
    for row in sorted(by_deal.rows):
        so_far = added.setdefault((row[0], row[1]), [0] * (len(row) - 2))
        added[row[0], row[1]] = [one + other for one, other in zip(so_far, row[2:], strict=True)]
    return Table(by_deal.columns, [(*key, *amounts) for key, amounts in added.items()])


def revenue(deals: Sequence[Deal]) -> Table:
    months = range(FISCAL_YEAR, FISCAL_YEAR + 12)
    rows = []
    for deal in deals:
        earned = [deal.recognized(month) - deal.recognized(month - 1) for month in months]
        before, after = deal.recognized(FISCAL_YEAR - 1), deal.contracted(AS_OF) - deal.recognized(FISCAL_YEAR + 11)
        rows.append(
            (f"{deal.contract}/1", deal.product, deal.currency, before, *earned, after, before + sum(earned) + after)
        )
    return table(f"obligation product currency before {' '.join(map(label, months))} thereafter total", rows)


def rpo(deals: Sequence[Deal], currencies: Sequence[str]) -> Table:
    rows = []
    for code in currencies:
        of = [deal for deal in deals if deal.currency == code]
        at = [
            sum(deal.recognized(month) for deal in of)
            for month in (AS_OF, AS_OF + 12, AS_OF + 24, AS_OF + 36, 9999 * 12)
        ]
        bands = [later - earlier for earlier, later in pairwise(at)]
        total = _total(deals, code, AS_OF)["backlog"]
        rows.append((end_of(AS_OF), code, total, 0, 0, 0, 0, total, *bands, 0))
    names = "backlog not_enforceable right_to_invoice royalty short_contracts rpo 0-12 13-24 25-36 thereafter undated"
    return table(f"as_of currency {names}", rows)


def journal(deals: Sequence[Deal], months: Sequence[int] = (AS_OF,)) -> Table:
    rows: list[tuple[Any, ...]] = []
    accounts = {"receivable": "1100", "deferred_current": "2300", "revenue": "4000", "contract_asset": "1250"}

    def entry(day: date, deal: Deal, source: str, *lines: tuple[str, int]) -> None:
        for role, amount in lines:
            if amount:
                sides = (amount, None) if amount > 0 else (None, -amount)
                ids = (day, deal.contract, f"{deal.contract}/1", role, accounts[role])
                rows.append((*ids, *sides, deal.currency, *sides, source))

    for month in months:
        for deal in deals:
            invoice = deal.invoices(month)
            if invoice:
                day = date(month // 12, month % 12 + 1, 1)
                entry(day, deal, f"INV-{deal.contract[2:]}", ("receivable", invoice), ("deferred_current", -invoice))
            earned = deal.recognized(month) - deal.recognized(month - 1)
            if earned:
                entry(end_of(month), deal, "recognition", ("deferred_current", earned), ("revenue", -earned))
    rows.sort(key=lambda row: (row[0], row[1]))
    names = "date contract_id obligation_id role account debit credit currency reporting_debit reporting_credit source"
    return table(names, rows)


def nasty_pack() -> Pack:
    """Ids, names and findings that would be formulas, markup or broken XML if they were let."""
    hostile = (
        '=HYPERLINK("http://evil","x")',
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "a\x00b\x1bc\x7f",
        "<b>&amp;</b>",
        "_x0041_",
        "'quoted",
        "\ud800 half",
        "line\r\nbreak ",
        "=",
        "#REF!",
        "long " * 10_000,
    )
    deals = [replace(deal, contract=text, customer=text) for deal, text in zip(DEALS, hostile, strict=False)]
    findings = [Problem(Severity.FAIL, text, text, text, text, text) for text in hostile]
    return pack(deals, entity="=1+1 & <Sons>", title="+Close", source="@book.xlsx", notes=("=NOW()",), checks=findings)


def many(number: int) -> list[Deal]:
    """A book of so many contracts."""
    return [
        Deal(
            f"C-{count:06}",
            f"Customer {count:06} Incorporated",
            ("Platform", "Analytics", "Support")[count % 3],
            2025 * 12 + count % 20,
            12 + count % 4 * 12,
            1_000_00 + count * 137 % 9_000_000,
            every=(1, 3, 12)[count % 3],
        )
        for count in range(1, number + 1)
    ]
