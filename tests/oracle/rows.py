"""Typed rows of a book, all defaults filled in; money in whole minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .calendars import Calendar
from .cells import decimals_of

Cells = dict[str, str]

#: A place in time: the day, the rank within the day, the id.
Order = tuple[date, int, str]

#: The order of events within one day.
DAY_ORDER = ["estimate", "change", "cancel", "activate", "resume", "release", "deliver", "progress", "use", "redeem"]
DAY_ORDER += ["recognize", "expire", "pause", "hold"]
SAME_RANK = {"deliver", "progress", "use", "redeem", "recognize"}
CHANGE_RANK, CANCEL_RANK, DOCUMENT_RANK = DAY_ORDER.index("change"), DAY_ORDER.index("cancel"), 100
#: Words that mean a change and keep their name for the reports.
CHANGES = {"change", "upgrade", "downgrade", "renew", "extend"}

#: Documents of one day: invoices, then what reduces them, then cash.
DOCUMENT_ORDER = {"invoice": 0, "credit_note": 1, "void": 1, "payment": 2, "refund": 3}
#: Reasons of a credit note that leave the price alone.
PRICE_STAYS = {"", "cancellation", "billing_error"}
#: Reasons by which only the part not yet earned leaves what is billed.
UNCOLLECTED = {"dispute", "bad_debt"}
REASONS = PRICE_STAYS | UNCOLLECTED | {"price", "goodwill", "full_refund"}


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
    financing_rate: Decimal
    cells: Cells
    cut_over: date | None = None  # the day it was taken over from a former system; it counts as signed on it

    @property
    def agreed_on(self) -> date:
        """The day of its signing, whenever this book took it over."""
        return date.fromisoformat(self.cells["signed_on"])


@dataclass(frozen=True, eq=False)
class Obligation:
    """A row of Obligations; dates inherited from the contract where blank."""

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
    added_on: date
    rpo_treatment: str
    cells: Cells

    @property
    def decimals(self) -> int:
        """Decimals of its currency."""
        return decimals_of(self.contract.currency)

    @property
    def is_original(self) -> bool:
        """True if it was part of the contract at signing."""
        return self.added_on <= self.contract.signed_on

    @property
    def was_agreed_at_signing(self) -> bool:
        """True if it was part of the contract at its signing, whenever this book took the contract over."""
        added_on = self.cells.get("added_on", "")
        return not added_on or date.fromisoformat(added_on) <= self.contract.agreed_on


@dataclass(frozen=True, eq=False)
class Event:
    """A row of Events with the obligations it means; amounts and prices in (fractions of) minor units."""

    id: str
    contract: Contract
    day: date
    type: str
    word: str
    obligations: tuple[Obligation, ...]
    amount: Fraction | None
    quantity: Fraction | None
    percent: Fraction | None
    price: Fraction | None
    ssp: Fraction | None
    end: date | None
    treatment: str

    @property
    def order(self) -> Order:
        """By day, within a day by the day's order, then by id."""
        rank = DAY_ORDER.index("deliver" if self.type in SAME_RANK else self.type)
        return self.day, rank, self.id

    @property
    def moves_terms(self) -> bool:
        """True for a change row with new terms: price, end, quantity or ssp."""
        return any(term is not None for term in (self.price, self.end, self.quantity, self.ssp))


@dataclass(frozen=True, eq=False)
class Document:
    """A row of Billings; the amount signed as entered. A write-off reads as a credit note for bad debt."""

    id: str
    contract: Contract
    day: date
    amount: int
    tax: int
    type: str
    reason: str
    obligation: Obligation | None
    due_on: date
    applies_to: str

    @property
    def order(self) -> Order:
        """By day; within a day invoices, notes, payments, refunds; then by id. After all events of the day."""
        return self.day, DOCUMENT_RANK + DOCUMENT_ORDER[self.type], self.id

    @property
    def size(self) -> int:
        """The amount of a note, read by size."""
        return abs(self.amount)


@dataclass(frozen=True, eq=False)
class Estimate:
    """A row of Estimates: so much of a kind is expected from its date on, of a contract or of one obligation."""

    contract: Contract
    obligation: Obligation | None
    kind: str
    day: date
    amount: int


@dataclass(frozen=True, eq=False)
class Cost:
    """A row of Costs: what it cost to obtain or fulfill a contract."""

    id: str
    contract: Contract
    day: date
    amount: int
    start: date | None
    end: date | None
    convention: str


@dataclass(frozen=True, eq=False)
class Opening:
    """A row of Openings: where an obligation stood on the day it was taken over."""

    obligation: Obligation
    day: date
    recognized: int
    billed: int
    quantity: Fraction | None
    rate: Fraction | None
