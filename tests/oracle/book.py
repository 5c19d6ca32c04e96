"""A book in its plain form - tables as lists of rows of text - read into typed rows with all defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .calendars import Calendar
from .cells import day, minor, number, required_day, text, whole, whole_or_none, word
from .rows import (
    CHANGES,
    DAY_ORDER,
    DOCUMENT_ORDER,
    REASONS,
    Contract,
    Cost,
    Document,
    Estimate,
    Event,
    Obligation,
    Opening,
    Settings,
)

#: Events that may leave the obligation blank and then mean every obligation of the contract.
FOR_ALL = {"hold", "release", "cancel"}
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


class NotInScope(Exception):
    """The book asks for something the oracle does not compute."""


class Book:
    """All tables, typed and linked."""

    def __init__(self, tables: Mapping[str, Any], today: date) -> None:
        self.tables = tables
        self.settings = _read_settings(tables.get("settings") or {}, today)
        self._cut_overs = {text(row, "contract_id"): required_day(row, "cut_over") for row in self._rows("openings")}
        self.contracts = [self._contract(row) for row in self._rows("contracts")]
        self.contract = {contract.id: contract for contract in self.contracts}
        self.obligations = [self._obligation(row) for row in self._rows("obligations")]
        self.obligation = {obligation.key: obligation for obligation in self.obligations}
        self.events = sorted((self._event(row) for row in self._rows("events")), key=lambda event: event.order)
        self.documents = [self._document(row) for row in self._rows("billings")]
        self.estimates = [self._estimate(row) for row in self._rows("estimates")]
        self.costs = [self._cost(row) for row in self._rows("costs")]
        self.openings = {opening.obligation: opening for opening in map(self._opening, self._rows("openings"))}
        self._events_of: dict[Obligation, list[Event]] = {}
        self._combinations: dict[str, list[Contract]] = {}

    def _rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        return self.tables.get(table) or []

    def obligations_of(self, contract: Contract) -> list[Obligation]:
        """The obligations of a contract in table order, those added later included."""
        return [o for o in self.obligations if o.contract.id == contract.id]

    def events_of(self, obligation: Obligation) -> list[Event]:
        """The events that mean an obligation, in their order."""
        if obligation not in self._events_of:
            self._events_of[obligation] = [e for e in self.events if obligation in e.obligations]
        return self._events_of[obligation]

    def combination_of(self, contract: Contract) -> list[Contract]:
        """The contracts allocated as one with this one (itself included), in table order."""
        if contract.id not in self._combinations:
            self._combinations[contract.id] = self._combined(contract)
        return self._combinations[contract.id]

    def _combined(self, contract: Contract) -> list[Contract]:
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

    def combination_at(self, contract: Contract, known: date) -> list[Contract]:
        """The same, as it stands at a day: until the last is signed each contract stands alone."""
        combination = self.combination_of(contract)
        return combination if all(other.signed_on <= known for other in combination) else [contract]

    # ----------------------------------------------------------------------------------------------------- rows

    def _contract(self, row: Mapping[str, Any]) -> Contract:
        return Contract(
            id=text(row, "contract_id"),
            signed_on=self._cut_overs.get(text(row, "contract_id")) or required_day(row, "signed_on"),
            cut_over=self._cut_overs.get(text(row, "contract_id")),
            currency=text(row, "currency").upper() or self.settings.reporting_currency,
            start=day(row, "start"),
            end=day(row, "end"),
            enforceable_end=day(row, "enforceable_end"),
            cancellable=word(row, "cancellable", "no") == "yes",
            combined_with=text(row, "combined_with"),
            financing_rate=Decimal(text(row, "financing_rate") or "0"),
            cells={column: text(row, column) for column in row},
        )

    def _obligation(self, row: Mapping[str, Any]) -> Obligation:
        contract = self.contract[text(row, "contract_id")]
        currency = contract.currency
        return Obligation(
            key=f"{contract.id}/{text(row, 'obligation_id')}",
            contract=contract,
            price=whole(row, "price", currency),
            method=word(row, "method", "ratable"),
            convention=word(row, "convention", self.settings.convention),
            rounding=word(row, "rounding", self.settings.rounding),
            own_start=day(row, "start"),
            own_end=day(row, "end"),
            start=day(row, "start") or contract.start,
            end=day(row, "end") or contract.end,
            quantity=number(row, "quantity"),
            ssp=minor(row, "ssp", currency),
            ssp_low=minor(row, "ssp_low", currency),
            ssp_high=minor(row, "ssp_high", currency),
            allocation=word(row, "allocation"),
            discount_group=text(row, "discount_group"),
            expected_total=number(row, "expected_total"),
            breakage=(number(row, "breakage_percent") or Fraction(0)) / 100,
            added_on=max(day(row, "added_on") or contract.signed_on, contract.signed_on),
            rpo_treatment=word(row, "rpo_treatment", "disclose"),
            cells={column: text(row, column) for column in row},
        )

    def _event(self, row: Mapping[str, Any]) -> Event:
        given = word(row, "type")
        kind = "change" if given in CHANGES else given
        if kind not in DAY_ORDER:
            raise NotInScope(f"the event {kind}")
        contract = self.contract[text(row, "contract_id")]
        return Event(
            id=text(row, "event_id"),
            contract=contract,
            day=required_day(row, "date"),
            type=kind,
            word=given,
            obligations=self._meant(row, kind, contract),
            amount=minor(row, "amount", contract.currency),
            quantity=number(row, "quantity"),
            percent=number(row, "percent"),
            price=minor(row, "price", contract.currency),
            ssp=minor(row, "ssp", contract.currency),
            end=day(row, "end"),
            treatment=word(row, "treatment"),
        )

    def _meant(self, row: Mapping[str, Any], kind: str, contract: Contract) -> tuple[Obligation, ...]:
        """The obligations an event speaks of; a change with only a treatment may speak of none."""
        of_contract = self.obligations_of(contract)
        named = text(row, "obligation_id")
        if named:
            meant = [o for o in of_contract if o.key == f"{contract.id}/{named}"]
            if kind in FOR_ALL_OVER_TIME and meant[0].method != "ratable":
                raise NotInScope(f"{kind} of an obligation without a clock")
        elif kind in FOR_ALL:
            meant = of_contract
        elif kind in FOR_ALL_OVER_TIME:
            meant = [o for o in of_contract if o.method == "ratable"]
        elif kind == "change":
            meant = of_contract if len(of_contract) == 1 else []
            if not meant and any(text(row, column) for column in ("price", "end", "quantity", "ssp", "amount")):
                raise ValueError(f"a change that names no obligation: {row}")
        else:
            meant = [o for o in of_contract if o.method in METHODS_MEANT[kind]]
            if len(meant) != 1:
                raise ValueError(f"{kind} without an obligation could mean {len(meant)}: {row}")
        return tuple(meant)

    def _document(self, row: Mapping[str, Any]) -> Document:
        kind, reason = word(row, "type", "invoice"), word(row, "reason")
        if kind == "write_off":
            kind, reason = "credit_note", "bad_debt"
        if kind not in DOCUMENT_ORDER:
            raise NotInScope(f"the document {kind}")
        if kind == "credit_note" and reason not in REASONS:
            raise NotInScope(f"a credit note for {reason}")
        contract = self.contract[text(row, "contract_id")]
        dated = required_day(row, "date")
        return Document(
            id=text(row, "document_id"),
            contract=contract,
            day=dated,
            amount=whole(row, "amount", contract.currency),
            tax=whole_or_none(row, "tax_amount", contract.currency) or 0,
            type=kind,
            reason=reason,
            obligation=self._named(row, contract),
            due_on=day(row, "due_on") or dated,
            applies_to=text(row, "applies_to"),
        )

    def _named(self, row: Mapping[str, Any], contract: Contract) -> Obligation | None:
        named = text(row, "obligation_id")
        return self.obligation[f"{contract.id}/{named}"] if named else None

    def _estimate(self, row: Mapping[str, Any]) -> Estimate:
        contract = self.contract[text(row, "contract_id")]
        return Estimate(
            contract=contract,
            obligation=self._named(row, contract),
            kind=word(row, "kind"),
            day=required_day(row, "date"),
            amount=whole(row, "amount", contract.currency),
        )

    def _opening(self, row: Mapping[str, Any]) -> Opening:
        contract = self.contract[text(row, "contract_id")]
        named = self._named(row, contract)
        assert named is not None
        return Opening(
            obligation=named,
            day=required_day(row, "cut_over"),
            recognized=whole(row, "recognized", contract.currency),
            billed=whole(row, "billed", contract.currency),
            quantity=number(row, "quantity"),
            rate=number(row, "exchange_rate"),
        )

    def _cost(self, row: Mapping[str, Any]) -> Cost:
        contract = self.contract[text(row, "contract_id")]
        return Cost(
            id=text(row, "cost_id"),
            contract=contract,
            day=required_day(row, "date"),
            amount=whole(row, "amount", contract.currency),
            start=day(row, "start") or contract.start,
            end=day(row, "end") or contract.end,
            convention=word(row, "convention", self.settings.convention),
        )


def _read_settings(given: Mapping[str, Any] | Sequence[Sequence[Any]], today: date) -> Settings:
    """Settings come as a mapping or as pairs of name and value."""
    pairs = given.items() if isinstance(given, Mapping) else given
    cells = {str(name).strip().lower(): value for name, value in pairs}
    decimals = word(cells, "progress_decimals", "none")
    return Settings(
        reporting_currency=text(cells, "reporting_currency").upper() or "USD",
        as_of=day(cells, "as_of") or today.replace(day=1) - timedelta(days=1),
        convention=word(cells, "convention", "daily"),
        rounding=word(cells, "rounding", "cumulative"),
        netting=word(cells, "netting", "contract"),
        deferral_basis=word(cells, "deferral_basis", "invoice"),
        early_service=word(cells, "early_service", "accrue"),
        calendar=Calendar(word(cells, "calendar", "month"), int(word(cells, "fiscal_year_start", "1"))),
        current_months=int(word(cells, "current_months", "12")),
        short_contracts=word(cells, "short_contracts", "disclose"),
        progress_decimals=None if decimals == "none" else int(decimals),
    )
