"""Dates that cannot be: terms that end before they start, services without dates, lines added before signing."""

from __future__ import annotations

from typing import Any

from engine.book.draft import Draft
from engine.book.findings import Findings
from engine.book.links import Links


def check_terms(links: Links, findings: Findings) -> None:
    """The dates of contracts, obligations, documents and costs."""
    contracts, obligations = links.contracts, links.obligations
    _own_order(contracts, "start", "end", "Its service could not be spread. Correct start or end.", findings)
    _enforceable(contracts, findings)
    _own_order(
        links.drafts["Billings"],
        "service_start",
        "service_end",
        "The document bills no day at all. Correct one of them.",
        findings,
    )
    _order(
        obligations,
        links,
        "Nothing can be recognized over a negative term. Correct end, or use method point_in_time for delivery on one "
        "day.",
        findings,
    )
    costs = links.drafts["Costs"]
    _order(costs, links, "Nothing can be amortized over a negative term. Correct start or end.", findings)
    _services_have_terms(links, findings)
    _costs_have_terms(links, findings)
    _added_after_signing(links, findings)


def _reversed(starts: list[Any], ends: list[Any]) -> list[int]:
    return [
        row
        for row, (start, end) in enumerate(zip(starts, ends, strict=True))
        if start is not None and end is not None and end < start
    ]


def _own_order(draft: Draft, start: str, end: str, remedy: str, findings: Findings) -> None:
    if draft.has(start) and draft.has(end):
        for row in _reversed(draft[start], draft[end]):
            findings.of_cell("end-before-start", draft, row, end, remedy, start, found=draft.found(row, start, end))


def _enforceable(contracts: Draft, findings: Findings) -> None:
    if not contracts.has("enforceable_end"):
        return
    for row, last in enumerate(contracts["enforceable_end"]):
        begins = {column: contracts[column][row] for column in ("signed_on", "start")}
        too_early = [column for column, day in begins.items() if last is not None and day is not None and last < day]
        if too_early:
            findings.of_cell(
                "enforceable-end-too-early",
                contracts,
                row,
                "enforceable_end",
                "The customer would never be bound, and nothing of the contract would be RPO. Correct one of the "
                "dates.",
                found=contracts.found(row, *too_early, "enforceable_end"),
            )


def _order(draft: Draft, links: Links, remedy: str, findings: Findings) -> None:
    """Terms of rows that may inherit one end of them from the contract."""
    if not len(draft):
        return
    for row in _reversed(links.inherited(draft.name, "start"), links.inherited(draft.name, "end")):
        own = [column for column in ("end", "start") if draft[column][row] is not None]
        if not own or draft.unread(row, "start", "end"):
            continue  # the contract's own term is told at the contract
        findings.of_cell(
            "end-before-start", draft, row, own[0], remedy, found=f"{draft.found(row)}   {_term(draft, row, links)}"
        )


def _term(draft: Draft, row: int, links: Links) -> str:
    parts = []
    for column in ("start", "end"):
        own = draft[column][row] is not None
        parts.append(f"{column} {links.inherited(draft.name, column)[row]}{'' if own else ' (of the contract)'}")
    return "   ".join(parts)


def _services_have_terms(links: Links, findings: Findings) -> None:
    draft = links.obligations
    starts, ends = links.inherited("Obligations", "start"), links.inherited("Obligations", "end")
    rows = [
        row
        for row, (method, start, end) in enumerate(zip(draft["method"], starts, ends, strict=True))
        if (start is None or end is None) and method == "ratable"
    ]
    for row in rows:
        missing = "start" if starts[row] is None else "end"
        if not draft.unread(row, "method") and _is_missing(links, "Obligations", row, missing):
            findings.of_cell(
                "term-missing",
                draft,
                row,
                missing,
                "Neither the line nor its contract says when the service begins and ends, so it cannot be spread over "
                "time. "
                "Fill in start and end, or choose another method.",
                found=draft.found(row, "method", "start", "end"),
            )


def _is_missing(links: Links, table: str, row: int, column: str) -> bool:
    """Is the date left out, rather than unreadable here or at the contract?"""
    owner = links.contract_of(table)[row]
    if owner is None or links.contracts.unread(owner, column):
        return False
    return not links.drafts[table].unread(row, column)


def _costs_have_terms(links: Links, findings: Findings) -> None:
    draft = links.drafts["Costs"]
    for column in ("start", "end"):
        for row, day in enumerate(links.inherited("Costs", column)):
            if day is None and _is_missing(links, "Costs", row, column):
                findings.of_cell(
                    "term-missing",
                    draft,
                    row,
                    column,
                    "Neither the cost nor its contract says over which days it is amortized. Fill in start and end.",
                    found=draft.found(row, "start", "end"),
                )


def _added_after_signing(links: Links, findings: Findings) -> None:
    draft = links.obligations
    if not draft.has("added_on"):
        return
    signed = links.contracts["signed_on"]
    for row, (added, owner) in enumerate(zip(draft["added_on"], links.contract_of("Obligations"), strict=True)):
        if added is None or owner is None or signed[owner] is None or added >= signed[owner]:
            continue
        findings.of_cell(
            "added-before-signed",
            draft,
            row,
            "added_on",
            "A line cannot be in force before its contract. Leave added_on blank for what was agreed at signing.",
            found=f"{draft.found(row, 'added_on')}   signed_on {signed[owner]}",
        )
