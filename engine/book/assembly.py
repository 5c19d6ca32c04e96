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
from engine.book.settings_reader import read_settings
from engine.book.shaping import shape
from engine.book.tables import TABLES, Settings
from engine.book.timeline import name_obligations


def assemble(
    found: Mapping[str, RawTable] | None, findings: Findings, today: dt.date, known_at: dt.date | None
) -> Book | None:
    """The book; None if it is refused. `found` is None where there was nothing to read."""
    if found is None:
        return None
    settings = read_settings(found.get("Settings"), today, findings)
    drafts = _shape_all(found, settings, findings)
    links = Links(drafts)
    timeline = check_all(links, settings, findings)
    if findings.stopped():
        return None
    name_obligations(timeline)
    if known_at is not None:
        cut(links, known_at)
    return _book(drafts, settings, findings)


def _shape_all(found: Mapping[str, RawTable], settings: Settings, findings: Findings) -> dict[str, Draft]:
    reporting = DECIMALS[settings.reporting_currency]
    contracts = shape("Contracts", found.get("Contracts"), findings, lambda _: reporting)
    contracts.columns["currency"] = [code or settings.reporting_currency for code in contracts["currency"]]
    decimals = _decimals_by_contract(contracts, reporting)
    drafts = {"Contracts": contracts}
    for name in TABLES:
        if name not in ("Settings", "Contracts"):
            drafts[name] = shape(name, found.get(name), findings, decimals)
    return drafts


def _decimals_by_contract(contracts: Draft, reporting: int) -> Any:
    """Answers the decimals of each row's currency; where the contract is unknown, the most any currency has.

    A problem of the contract is told once; its amounts are not to be told as problems too.
    """
    doubtful = contracts.broken.get("currency", set())
    by_contract = {
        contract: max(DECIMALS.values()) if row in doubtful else DECIMALS[code]
        for row, (contract, code) in enumerate(zip(contracts["contract_id"], contracts["currency"], strict=True))
    }
    kinds = set(by_contract.values())

    def decimals(contract_ids: list[Any]) -> int | list[int]:
        if not contract_ids:
            return reporting
        if len(kinds) == 1 and by_contract.keys() >= set(contract_ids):
            return next(iter(kinds))
        most = max(DECIMALS.values())
        return [by_contract.get(contract, most) for contract in contract_ids]

    return decimals


def _book(drafts: dict[str, Draft], settings: Settings, findings: Findings) -> Book:
    rows: dict[str, Rows[Any]] = {
        name.lower(): Rows(TABLES[name], draft.columns, draft.where) for name, draft in drafts.items()
    }
    mark = fingerprint(settings, {name: draft.columns for name, draft in drafts.items()})
    warnings = [problem for problem in findings.in_order() if problem.severity is Severity.WARN]
    return Book(settings=settings, fingerprint=mark, problems=warnings, **rows)
