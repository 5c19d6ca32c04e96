"""A book in its plain form - tables as lists of rows of text - read into typed rows with all defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .calendars import Calendar

Cells = dict[str, str]

NO_DECIMALS = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"}
NO_DECIMALS |= {"XAF", "XOF", "XPF"}
THREE_DECIMALS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
FOUR_DECIMALS = {"CLF", "UYW"}

#: Events that may leave the obligation blank and then mean every obligation of the contract.
FOR_ALL = {"hold", "release"}
#: The same, but only for services over time.
FOR_ALL_OVER_TIME = {"activate", "pause", "resume"}
#: For any other event a blank means the one obligation of the contract whose method can use it.
METHODS_MEANT = {
    "deliver": {"point_in_time", "milestone"},
    "progress": {"progress"},
    "use": {"usage"},
    "redeem": {"redemption"},
    "expire": {"usage", "redemption"},
    "estimate": {"progress", "redemption"},
    "recognize": {"manual"},
}
#: The order of events within one day.
DAY_ORDER = ["estimate", "activate", "resume", "release", "deliver", "progress", "use", "redeem", "recognize"]
DAY_ORDER += ["expire", "pause", "hold"]
SAME_RANK = {"deliver", "progress", "use", "redeem", "recognize"}
DOCUMENT_TYPES = {"invoice", "credit_note", "void", "payment"}
REASONS = {"", "cancellation", "billing_error"}


class NotInScope(Exception):
    """The book asks for something the oracle does not compute yet."""


@dataclass(frozen=True)
class Settings:
    """The Settings table with its defaults."""

    reporting_currency: str
    as_of: date
    convention: str
    rounding: str
    netting: str
    deferral_basis: str
    early_service: str
    calendar: Calendar
    current_months: int
    short_contracts: str
    progress_decimals: int | None


@dataclass(frozen=True, eq=False)
class Contract:
    """A row of Contracts."""

    id: str
    signed_on: date
    currency: str
    start: date | None
    end: date | None
    enforceable_end: date | None
    cancellable: bool
    combined_with: str
    cells: Cells


@dataclass(frozen=True, eq=False)
class Obligation:
    """A row of Obligations; money in whole minor units, dates inherited from the contract where blank."""

    key: str
    contract: Contract
    price: int
    method: str
    convention: str
    rounding: str
    own_start: date | None
    own_end: date | None
    start: date | None
    end: date | None
    quantity: Fraction | None
    ssp: Fraction | None
    ssp_low: Fraction | None
    ssp_high: Fraction | None
    allocation: str
    discount_group: str
    expected_total: Fraction | None
    breakage: Fraction
    rpo_treatment: str
    cells: Cells


@dataclass(frozen=True, eq=False)
class Event:
    """A row of Events with the obligations it means; amounts and prices in (fractions of) minor units."""

    id: str
    day: date
    type: str
    obligations: tuple[Obligation, ...]
    amount: Fraction | None
    quantity: Fraction | None
    percent: Fraction | None
    price: Fraction | None
    treatment: str

    @property
    def order(self) -> tuple[date, int, str]:
        """By day, within a day by the day's order, then by id."""
        rank = DAY_ORDER.index("deliver" if self.type in SAME_RANK else self.type)
        return self.day, rank, self.id


@dataclass(frozen=True, eq=False)
class Document:
    """A row of Billings; the amount in whole minor units, signed as entered."""

    id: str
    contract: Contract
    day: date
    amount: int
    type: str
    obligation: Obligation | None
    due_on: date
    applies_to: str


def decimals_of(currency: str) -> int:
    """Decimals of the minor unit."""
    if currency in NO_DECIMALS:
        return 0
    if currency in THREE_DECIMALS:
        return 3
    return 4 if currency in FOUR_DECIMALS else 2


def in_currency_units(minor: int, currency: str) -> Decimal:
    """Whole minor units as a decimal in currency units."""
    return Decimal(minor).scaleb(-decimals_of(currency))


def as_cell(minor: int, currency: str) -> str:
    """Whole minor units as a cell of a table: a plain decimal."""
    return f"{in_currency_units(minor, currency):f}"


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value).strip()


def _word(row: Mapping[str, Any], column: str, default: str = "") -> str:
    return _text(row, column).lower() or default


def _date(row: Mapping[str, Any], column: str) -> date | None:
    text = _text(row, column)
    return date.fromisoformat(text) if text else None


def _required_date(row: Mapping[str, Any], column: str) -> date:
    return date.fromisoformat(_text(row, column))


def _number(row: Mapping[str, Any], column: str) -> Fraction | None:
    text = _text(row, column)
    return Fraction(text) if text else None


def _minor(row: Mapping[str, Any], column: str, currency: str) -> Fraction | None:
    """An amount of money in minor units (a unit price may have parts of one)."""
    number = _number(row, column)
    return None if number is None else number * 10 ** decimals_of(currency)


def _whole(row: Mapping[str, Any], column: str, currency: str) -> int:
    amount = _minor(row, column, currency)
    if amount is None or amount.denominator != 1:
        raise ValueError(f"{column} is not an amount of {currency}: {row}")
    return amount.numerator


class Book:
    """All tables, typed and linked."""

    def __init__(self, tables: Mapping[str, Any], today: date) -> None:
        self.tables = tables
        self.settings = _read_settings(tables.get("settings") or {}, today)
        for table in ("estimates", "costs"):
            if tables.get(table):
                raise NotInScope(f"the table {table}")
        self.contracts = [self._contract(row) for row in self._rows("contracts")]
        self.contract = {contract.id: contract for contract in self.contracts}
        self.obligations = [self._obligation(row) for row in self._rows("obligations")]
        self.events = sorted((self._event(row) for row in self._rows("events")), key=lambda event: event.order)
        self.documents = [self._document(row) for row in self._rows("billings")]

    def _rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        return self.tables.get(table) or []

    def obligations_of(self, contract: Contract) -> list[Obligation]:
        """The obligations of a contract in table order."""
        return [o for o in self.obligations if o.contract.id == contract.id]

    def combination_of(self, contract: Contract) -> list[Contract]:
        """The contracts allocated as one with this one (itself included), in table order."""
        together = {contract.id}
        grown = True
        while grown:
            grown = False
            for other in self.contracts:
                linked = other.combined_with in together or any(
                    self.contract[known].combined_with == other.id for known in together
                )
                if other.id not in together and linked:
                    together.add(other.id)
                    grown = True
        return [other for other in self.contracts if other.id in together]

    def combination_at(self, contract: Contract, day: date) -> list[Contract]:
        """The same, as it stands at a day: until the last is signed each contract stands alone."""
        combination = self.combination_of(contract)
        return combination if all(other.signed_on <= day for other in combination) else [contract]

    def _contract(self, row: Mapping[str, Any]) -> Contract:
        if _number(row, "financing_rate"):
            raise NotInScope("financing_rate")
        return Contract(
            id=_text(row, "contract_id"),
            signed_on=_required_date(row, "signed_on"),
            currency=_text(row, "currency").upper() or self.settings.reporting_currency,
            start=_date(row, "start"),
            end=_date(row, "end"),
            enforceable_end=_date(row, "enforceable_end"),
            cancellable=_word(row, "cancellable", "no") == "yes",
            combined_with=_text(row, "combined_with"),
            cells={column: _text(row, column) for column in row},
        )

    def _obligation(self, row: Mapping[str, Any]) -> Obligation:
        contract = self.contract[_text(row, "contract_id")]
        added_on = _date(row, "added_on")
        if added_on is not None and added_on > contract.signed_on:
            raise NotInScope("added_on later than signed_on")
        currency = contract.currency
        return Obligation(
            key=f"{contract.id}/{_text(row, 'obligation_id')}",
            contract=contract,
            price=_whole(row, "price", currency),
            method=_word(row, "method", "ratable"),
            convention=_word(row, "convention", self.settings.convention),
            rounding=_word(row, "rounding", self.settings.rounding),
            own_start=_date(row, "start"),
            own_end=_date(row, "end"),
            start=_date(row, "start") or contract.start,
            end=_date(row, "end") or contract.end,
            quantity=_number(row, "quantity"),
            ssp=_minor(row, "ssp", currency),
            ssp_low=_minor(row, "ssp_low", currency),
            ssp_high=_minor(row, "ssp_high", currency),
            allocation=_word(row, "allocation"),
            discount_group=_text(row, "discount_group"),
            expected_total=_number(row, "expected_total"),
            breakage=(_number(row, "breakage_percent") or Fraction(0)) / 100,
            rpo_treatment=_word(row, "rpo_treatment", "disclose"),
            cells={column: _text(row, column) for column in row},
        )

    def _event(self, row: Mapping[str, Any]) -> Event:
        kind = _word(row, "type")
        if kind not in DAY_ORDER:
            raise NotInScope(f"the event {kind}")
        contract = self.contract[_text(row, "contract_id")]
        return Event(
            id=_text(row, "event_id"),
            day=_required_date(row, "date"),
            type=kind,
            obligations=self._meant(row, kind, contract),
            amount=_minor(row, "amount", contract.currency),
            quantity=_number(row, "quantity"),
            percent=_number(row, "percent"),
            price=_minor(row, "price", contract.currency),
            treatment=_word(row, "treatment"),
        )

    def _meant(self, row: Mapping[str, Any], kind: str, contract: Contract) -> tuple[Obligation, ...]:
        """The obligations an event speaks of."""
        of_contract = self.obligations_of(contract)
        named = _text(row, "obligation_id")
        if named:
            meant = [o for o in of_contract if o.key == f"{contract.id}/{named}"]
            if kind in FOR_ALL_OVER_TIME and meant[0].method != "ratable":
                raise NotInScope(f"{kind} of an obligation without a clock")
        elif kind in FOR_ALL:
            meant = of_contract
        elif kind in FOR_ALL_OVER_TIME:
            meant = [o for o in of_contract if o.method == "ratable"]
        else:
            meant = [o for o in of_contract if o.method in METHODS_MEANT[kind]]
            if len(meant) != 1:
                raise ValueError(f"{kind} without an obligation could mean {len(meant)}: {row}")
        return tuple(meant)

    def _document(self, row: Mapping[str, Any]) -> Document:
        kind = _word(row, "type", "invoice")
        if kind not in DOCUMENT_TYPES:
            raise NotInScope(f"the document {kind}")
        if kind == "credit_note" and _word(row, "reason") not in REASONS:
            raise NotInScope(f"a credit note for {_word(row, 'reason')}")
        contract = self.contract[_text(row, "contract_id")]
        named = _text(row, "obligation_id")
        day = _required_date(row, "date")
        return Document(
            id=_text(row, "document_id"),
            contract=contract,
            day=day,
            amount=_whole(row, "amount", contract.currency),
            type=kind,
            obligation=next(o for o in self.obligations if o.key == f"{contract.id}/{named}") if named else None,
            due_on=_date(row, "due_on") or day,
            applies_to=_text(row, "applies_to"),
        )


def _read_settings(given: Mapping[str, Any] | Sequence[Sequence[Any]], today: date) -> Settings:
    """Settings come as a mapping or as pairs of name and value."""
    pairs = given.items() if isinstance(given, Mapping) else given
    cells = {str(name).strip().lower(): value for name, value in pairs}
    decimals = _word(cells, "progress_decimals", "none")
    return Settings(
        reporting_currency=_text(cells, "reporting_currency").upper() or "USD",
        as_of=_date(cells, "as_of") or today.replace(day=1) - timedelta(days=1),
        convention=_word(cells, "convention", "daily"),
        rounding=_word(cells, "rounding", "cumulative"),
        netting=_word(cells, "netting", "contract"),
        deferral_basis=_word(cells, "deferral_basis", "invoice"),
        early_service=_word(cells, "early_service", "accrue"),
        calendar=Calendar(_word(cells, "calendar", "month"), int(_word(cells, "fiscal_year_start", "1"))),
        current_months=int(_word(cells, "current_months", "12")),
        short_contracts=_word(cells, "short_contracts", "disclose"),
        progress_decimals=None if decimals == "none" else int(decimals),
    )
