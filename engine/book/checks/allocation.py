"""Standalone prices and the residual: what allocation needs, of every contract and every group of combined ones.

Source: ASC 606-10-32-31 to 32-41, by the rules of the standard's examples 34 and 38.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from engine.book.draft import Draft, listed, money
from engine.book.findings import Findings
from engine.book.links import Links
from engine.book.tables import CHANGES

_SAYS_SOMETHING = ("ssp", "ssp_low", "ssp_high", "allocation", "discount_group")


def check_allocation(links: Links, findings: Findings) -> None:
    """Every contract that says anything about standalone prices."""
    draft = links.obligations
    columns = [draft[column] for column in _SAYS_SOMETHING if draft.has(column)]
    if not columns or not links.contracts_are_known:
        return
    rows = {row for cells in columns for row, cell in enumerate(cells) if cell is not None}
    _ranges(draft, sorted(rows), findings)
    done: set[str] = set()
    for row in sorted(rows):
        contract = draft["contract_id"][row]
        if contract in links.contract_rows and contract not in done:
            group = links.groups.get(contract, [contract])
            done.update(group)
            _check_group(group, links, findings)


def _ranges(draft: Draft, rows: Iterable[int], findings: Findings) -> None:
    for row in rows:
        low, high = draft["ssp_low"][row], draft["ssp_high"][row]
        if low is not None and high is not None and low > high:
            findings.of_cell(
                "residual-range",
                draft,
                row,
                "ssp_high",
                "No price lies in it. Exchange ssp_low and ssp_high, or correct one.",
                found=draft.found(row, "ssp_low", "ssp_high"),
            )


def _check_group(group: list[str], links: Links, findings: Findings) -> None:
    draft = links.obligations
    every = sorted(row for contract in group for row in links.lines.get(contract, ()))
    first = [row for row in every if _is_of_inception(row, links)]
    treatments = _treatments(draft, first)
    _ssp_there(draft, first, treatments, findings)
    if "relative" in treatments.values():
        _added_have_ssp(sorted(set(every) - set(first)), links, findings)
    residuals = [row for row in first if treatments[row] == "residual"]
    for row in residuals[1:]:
        findings.of_cell(
            "two-residuals",
            draft,
            row,
            "allocation",
            "A residual is what the others leave, so only one can be that. Give one of them an ssp.",
            found=f"{draft.found(row, 'allocation')}   as already in {draft.where(residuals[0], 'allocation')}",
        )
    for row in residuals:
        if draft["ssp"][row] is not None:
            findings.of_cell(
                "residual-with-ssp",
                draft,
                row,
                "ssp",
                "The residual approach is for a price nobody knows. Clear the ssp, or allocate it by relative.",
                found=draft.found(row, "allocation", "ssp"),
            )
    _weights_there(draft, first, treatments, bool(residuals), findings)
    if len(residuals) == 1:
        _residual_in_range(residuals[0], first, treatments, group, links, findings)


def _is_of_inception(row: int, links: Links) -> bool:
    added = links.obligations["added_on"][row]
    owner = links.contract_rows.get(links.obligations["contract_id"][row])
    signed = None if owner is None else links.begins(owner)
    return added is None or signed is None or added <= signed


def _treatments(draft: Draft, rows: list[int]) -> dict[int, str]:
    default = "relative" if any(draft["ssp"][row] is not None for row in rows) else "stated"
    return {row: draft["allocation"][row] or default for row in rows}


def _ssp_there(draft: Draft, rows: list[int], treatments: dict[int, str], findings: Findings) -> None:
    for row in rows:
        if treatments[row] == "relative" and draft["ssp"][row] is None and not draft.unread(row, "ssp", "allocation"):
            _note_ssp_missing(draft, row, findings)


def _note_ssp_missing(draft: Draft, row: int, findings: Findings) -> None:
    findings.of_cell(
        "ssp-missing",
        draft,
        row,
        "ssp",
        "The price of the contract is allocated by standalone prices, and this obligation would get none of it. Enter "
        "its ssp, "
        "or allocation residual or stated.",
        found=draft.found(row, "price", "ssp"),
    )


def _added_have_ssp(rows: list[int], links: Links, findings: Findings) -> None:
    """A line added to a relative contract needs an ssp too, unless its change is separate."""
    draft, events = links.obligations, links.drafts["Events"]
    separate = {
        (contract, day)
        for contract, day, type, treatment in zip(
            events["contract_id"], events["date"], events["type"], events["treatment"], strict=True
        )
        if type in CHANGES and treatment == "separate"
    }
    for row in rows:
        asks = draft["allocation"][row] not in ("stated", "residual") and draft["ssp"][row] is None
        day = draft["contract_id"][row], draft["added_on"][row]
        if asks and day not in separate and not draft.unread(row, "ssp", "allocation", "added_on"):
            _note_ssp_missing(draft, row, findings)


def _weights_there(
    draft: Draft, rows: list[int], treatments: dict[int, str], has_residual: bool, findings: Findings
) -> None:
    members: dict[Any, list[int]] = defaultdict(list)
    for row in rows:
        if treatments[row] == "relative":
            members[draft["discount_group"][row]].append(row)
    for label, of in members.items():
        known = all(draft["ssp"][row] is not None for row in of)
        if known and not any(draft["ssp"][row] for row in of) and not (has_residual and label is None):
            findings.of_cell(
                "ssp-all-zero",
                draft,
                of[0],
                "ssp",
                "Nothing can be shared by prices of zero. Enter the ssp of at least "
                f"one{f' of the group {label}' if label else ''}.",
            )


def _residual_in_range(
    residual: int, rows: list[int], treatments: dict[int, str], group: list[str], links: Links, findings: Findings
) -> None:
    draft = links.obligations
    if any(draft.unread(row, "price", "ssp", "ssp_low", "ssp_high", "contract_id") for row in rows):
        return
    variable = _estimated_at_signing(group, links)
    if variable is None or any(draft["price"][row] is None for row in rows):
        return
    price = sum(draft["price"][row] for row in rows) + variable
    others = sum(_taken_by_other(draft, row, treatments[row]) for row in rows if row != residual)
    low, high = draft["ssp_low"][residual], draft["ssp_high"][residual]
    left, decimals = price - others, draft.decimals_of(residual)
    if low is None and price >= 0:
        low = 0
    if (low is not None and left < low) or (high is not None and left > high):
        span = f"{money(low or 0, decimals)} {'or more' if high is None else 'to ' + money(high, decimals)}"
        findings.of_cell(
            "residual-out-of-range",
            draft,
            residual,
            "allocation",
            f"What is left must lie in its range, {span}; otherwise the ssp of the others, or the range, is wrong, and "
            "the "
            "residual approach is not allowed (606-10-32-34). Correct them, or enter an ssp.",
            found=f"{draft.found(residual, 'allocation')}   price {money(price, decimals)} of {listed(group)} less "
            f"{money(others, decimals)} of the others is {money(left, decimals)}",
        )


def _taken_by_other(draft: Draft, row: int, treatment: str) -> int:
    """What a line beside the residual counts for: its ssp; its stated price if stated or in a discount group."""
    by_price = treatment != "relative" or draft["discount_group"][row] is not None or draft["ssp"][row] is None
    taken: int = draft["price"][row] if by_price else draft["ssp"][row]
    return taken


def _estimated_at_signing(group: list[str], links: Links) -> int | None:
    """Estimates of whole contracts known when the last of them was signed; None if that cannot be told."""
    estimates = links.drafts["Estimates"]
    signed = [links.begins(links.contract_rows[contract]) for contract in group]
    latest: dict[Any, tuple[Any, int]] = {}
    members = set(group)
    for row, contract in enumerate(estimates["contract_id"]):
        if contract not in members or estimates["obligation_id"][row] is not None:
            continue
        if estimates.unread(row, "date", "amount", "kind", "obligation_id") or None in signed:
            return None
        day, amount, kind = estimates["date"][row], estimates["amount"][row], estimates["kind"][row]
        key = contract, kind
        if day <= max(signed) and (key not in latest or latest[key][0] < day):
            latest[key] = day, amount
    return sum(amount for _, amount in latest.values())
