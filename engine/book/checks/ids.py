"""Ids: each there once, and each reference to one that is there."""

from __future__ import annotations

from typing import Any

from engine.book.draft import Draft
from engine.book.findings import Findings
from engine.book.links import Links
from engine.book.nearest import Nearest

#: What the book would miss, told where a contract is unknown.
_MISSED = {
    "Obligations": "every figure would miss this obligation",
    "Billings": "every balance would miss this document",
    "Events": "what happened would change no figure",
    "Estimates": "the estimate would move no price",
    "Openings": "every balance would miss what it was taken over at",
    "Costs": "the cost would never be amortized",
    "Judgments": "nobody could tell what was concluded about what",
}


_UNIQUE = (
    ("Contracts", "contract_id"),
    ("Obligations", "contract_id", "obligation_id"),
    ("Billings", "source", "document_id"),
    ("Events", "event_id"),
    ("Openings", "contract_id", "obligation_id"),
    ("Costs", "cost_id"),
    ("Judgments", "judgment_id"),
)


def check_ids(links: Links, findings: Findings) -> None:
    """Duplicates and references to nothing, of every table."""
    drafts = links.drafts
    if links.contracts_are_known:
        for table in _MISSED:
            _known_contracts(drafts[table], links, findings)
        _known_partners(links, findings)
    if links.contracts_are_known and links.obligations_are_known:
        _has_obligations(links, findings)
        for table in ("Billings", "Events", "Estimates", "Openings"):
            _known_obligations(drafts[table], links, findings)
    for table, *columns in _UNIQUE:
        _unique(drafts[table], columns, findings)


def _unique(draft: Draft, columns: list[str], findings: Findings) -> None:
    id_column = columns[-1]
    keys: list[Any] = draft[id_column]
    if len(columns) > 1:
        keys = list(zip(*(draft[column] for column in columns), strict=True))
    if len(set(keys)) == len(keys):
        return
    first: dict[Any, int] = {}
    for row, key in enumerate(keys):
        if draft.unread(row, *columns):
            continue
        if first.setdefault(key, row) != row:
            findings.of_cell(
                "duplicate-id",
                draft,
                row,
                id_column,
                "Every figure that names the id would mean one row or the other. Give one of them its own id, or "
                "delete it.",
                found=f"{draft.found(row)}   as already in {draft.where(first[key], id_column)}",
            )


def _known_contracts(draft: Draft, links: Links, findings: Findings) -> None:
    ids = draft["contract_id"]
    unknown = set(ids) - links.contract_rows.keys() - {None}
    if not unknown or len(unknown) <= len(links.contracts.broken.get("contract_id", ())):
        return  # an unreadable id of a contract explains as many; it is told already
    for row, contract in enumerate(ids):
        if contract in unknown:
            findings.of_cell(
                "unknown-contract",
                draft,
                row,
                "contract_id",
                f"{links.nearest_contract.to(contract)} Until this is fixed the book is refused, because "
                f"{_MISSED[draft.name]}.",
                found=draft.found(row),
            )


def _known_partners(links: Links, findings: Findings) -> None:
    contracts = links.contracts
    for column, name, remedy in (
        ("combined_with", "unknown-contract", "It cannot be told what to account for together."),
        ("renews", "renews-unknown", "It tells renewals from new business. Leave it if the old one is kept elsewhere."),
    ):
        if not contracts.has(column):
            continue
        for row, other in enumerate(contracts[column]):
            if other is not None and other not in links.contract_rows:
                findings.of_cell(name, contracts, row, column, f"{links.nearest_contract.to(other)} {remedy}")
        _no_circles(contracts, column, links, findings)


def _no_circles(contracts: Draft, column: str, links: Links, findings: Findings) -> None:
    """A contract that leads back to itself; each circle is told once, at its last row."""
    settled: set[str] = set()
    for contract, row in links.contract_rows.items():
        path: dict[str, None] = {}
        at: str | None = contract
        while at is not None and at not in settled and at not in path:
            path[at] = None
            at = contracts[column][links.contract_rows[at]] if at in links.contract_rows else None
        if at is not None and at in path:
            circle = list(path)[list(path).index(at) :]
            row = max(links.contract_rows[each] for each in circle)
            findings.of_cell(
                "circular-reference",
                contracts,
                row,
                column,
                _circle_remedy(column),
                found=f"{contracts.found(row, column)}   circle {' - '.join([*circle, at])}",
            )
        settled.update(path)


def _circle_remedy(column: str) -> str:
    if column == "combined_with":
        return "Name the first of the contracts in the others, and leave the cell of the first blank."
    return "A contract continues an older one. Leave the cell of the oldest blank."


def _has_obligations(links: Links, findings: Findings) -> None:
    """A contract needs a line as soon as anything else names it."""
    with_lines = set(links.obligations["contract_id"])
    without = [contract for contract in links.contract_rows if contract not in with_lines]
    # An obligation whose contract is unknown or unreadable explains one without lines; it is told already.
    astray = with_lines - links.contract_rows.keys() - {None}
    if len(without) <= len(astray) + links.obligations["contract_id"].count(None):
        return
    contracts = links.contracts
    used = {table: set(links.drafts[table]["contract_id"]) for table in ("Billings", "Events", "Estimates", "Openings")}
    for contract in without:
        row = links.contract_rows[contract]
        tables = [table for table, ids in used.items() if contract in ids]
        if tables:
            findings.of_cell(
                "contract-without-obligations",
                contracts,
                row,
                "contract_id",
                f"{' and '.join(tables)} name it, but nothing is promised to share them over. Add its lines to "
                "Obligations.",
                found=contracts.found(row),
            )
        else:
            findings.of_cell(
                "contract-empty",
                contracts,
                row,
                "contract_id",
                "It adds nothing to any figure. Add its lines, or delete it.",
                found=contracts.found(row),
            )


def _known_obligations(draft: Draft, links: Links, findings: Findings) -> None:
    if not draft.has("obligation_id"):
        return
    unread = links.obligations.broken.get("obligation_id", set())
    doubtful = {links.obligations["contract_id"][row] for row in unread}
    for row, key in enumerate(zip(draft["contract_id"], draft["obligation_id"], strict=True)):
        contract, obligation = key
        if obligation is None or key in links.obligation_rows:
            continue
        if contract in doubtful or draft.unread(row, "contract_id"):
            continue
        if contract in links.lines:  # without any line it is told as that, once
            findings.of_cell(
                "unknown-obligation",
                draft,
                row,
                "obligation_id",
                _obligation_remedy(contract, obligation, links),
                found=draft.found(row),
            )


def _obligation_remedy(contract: str, obligation: str, links: Links) -> str:
    ids = [links.obligations["obligation_id"][row] for row in links.lines[contract]]
    offer = Nearest(ids, "obligation").to(obligation).replace("The book has", f"{contract} has")
    return f"{offer} Correct the id, or add the obligation."
