"""From tables as found to a Book: typed, checked as a whole, cut to what was known, and fingerprinted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.book.book import Book, Rows
from engine.book.checks import check_all
from engine.book.currencies import DECIMALS
from engine.book.draft import Draft
from engine.book.findings import Findings
from engine.book.fingerprint import fingerprint
from engine.book.known_at import cut
from engine.book.links import Links
from engine.book.problems import Severity
from engine.book.raw import RawTable
from engine.book.settings_reader import GivenSettings, read_settings, resolved
from engine.book.shaping import shape
from engine.book.tables import TABLES, Settings
from engine.book.timeline import name_obligations

_MOST = max(DECIMALS.values())  # decimals where the currency is not known


def assemble(
    found: Mapping[str, RawTable] | None, findings: Findings, today: dt.date, known_at: dt.date | None
) -> Book | None:
    """The book; None if it is refused. `found` is None where there was nothing to read."""
    if found is None:
        return None
    given = read_settings(found.get("Settings"), findings)
    drafts = _shape_all(found, given, findings)
    links = Links(drafts)
    timeline = check_all(links, given.reporting_currency, findings)
    if findings.stopped():
        return None
    name_obligations(timeline)
    if known_at is not None:
        cut(links, known_at)
    return _book(drafts, given.settings, today, findings)


def _shape_all(found: Mapping[str, RawTable], given: GivenSettings, findings: Findings) -> dict[str, Draft]:
    code = given.reporting_currency
    reporting = DECIMALS[code] if code else _MOST
    contracts = shape("Contracts", found.get("Contracts"), findings, lambda _: reporting)
    _fill_currency(contracts, code)
    decimals = _decimals_by_contract(contracts, reporting)
    drafts = {"Contracts": contracts}
    for name in TABLES:
        if name not in ("Settings", "Contracts"):
            drafts[name] = shape(name, found.get(name), findings, decimals)
    return drafts


def _fill_currency(contracts: Draft, reporting: str | None) -> None:
    """A contract that names no currency is in the reporting currency."""
    for row, code in enumerate(contracts["currency"] if None in contracts["currency"] else ()):
        if code is None:
            contracts["currency"][row] = reporting
            if reporting is None:
                contracts.mark(row, "currency")


def _decimals_by_contract(contracts: Draft, reporting: int) -> Any:
    """Answers the decimals of each row's currency; where the contract is unknown, the most any currency has.

    A problem of the contract is told once; its amounts are not to be told as problems too.
    """
    doubtful = contracts.broken.get("currency", set())
    by_contract = {
        contract: _MOST if row in doubtful else DECIMALS[code]
        for row, (contract, code) in enumerate(zip(contracts["contract_id"], contracts["currency"], strict=True))
    }
    kinds = set(by_contract.values())

    def decimals(contract_ids: list[Any]) -> int | list[int]:
        if not contract_ids:
            return reporting
        if len(kinds) == 1 and by_contract.keys() >= set(contract_ids):
            return next(iter(kinds))
        return [by_contract.get(contract, _MOST) for contract in contract_ids]

    return decimals


def _book(drafts: dict[str, Draft], settings: Settings, today: dt.date, findings: Findings) -> Book:
    rows: dict[str, Rows[Any]] = {
        name.lower(): Rows(TABLES[name], draft.columns, draft.where) for name, draft in drafts.items()
    }
    mark = fingerprint(settings, {name: draft.columns for name, draft in drafts.items()})
    warnings = [problem for problem in findings.in_order() if problem.severity is Severity.WARN]
    return Book(settings=resolved(settings, today), fingerprint=mark, problems=warnings, **rows)
