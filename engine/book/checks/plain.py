"""Rules of one row or one small table: quantities, currencies, rates, accounts, ledger balances, estimates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.book.draft import Draft, listed
from engine.book.findings import Findings
from engine.book.links import Links

_COUNTED = ("usage", "redemption", "point_in_time", "milestone", "progress")


def check_plain(links: Links, reporting: str | None, findings: Findings) -> None:
    """Everything a row says by itself, and what may be there only once."""
    drafts = links.drafts
    _quantities(links.obligations, findings)
    _rights(links.obligations, findings)
    _percents(drafts, findings)
    _document_currencies(links, findings)
    _combined_currencies(links, findings)
    _rates(drafts["Rates"], findings)
    _rates_there(links, reporting, findings)
    _once(
        drafts["Rates"],
        ("date", "from_currency", "to_currency"),
        "duplicate-rate",
        "rate",
        "Only one of them can hold from that day. Delete the other.",
        findings,
    )
    _once(
        drafts["Accounts"],
        ("role",),
        "duplicate-role",
        "role",
        "An entry of that role would not know its account. Keep one; lines may name their own revenue_account.",
        findings,
    )
    _once(
        drafts["Ledger"],
        ("account", "date"),
        "duplicate-balance",
        "balance",
        "Only one of them can be what the ledger says. Delete the other, or add them up.",
        findings,
    )
    _once(
        drafts["Estimates"],
        ("contract_id", "obligation_id", "kind", "date"),
        "duplicate-estimate",
        "amount",
        "The latest estimate of a kind holds, and of two on one day none is latest. Keep one, or name another kind.",
        findings,
    )


def _quantities(draft: Draft, findings: Findings) -> None:
    if draft.has("quantity"):
        for row, (quantity, method) in enumerate(zip(draft["quantity"], draft["method"], strict=True)):
            if quantity is not None and quantity <= 0 and method in _COUNTED and not draft.unread(row, "method"):
                findings.of_cell(
                    "quantity-not-positive",
                    draft,
                    row,
                    "quantity",
                    "What is delivered, used or redeemed is measured against it. Enter the number sold, or leave it "
                    "blank.",
                    found=draft.found(row, "method", "quantity"),
                )


def _rights(draft: Draft, findings: Findings) -> None:
    """The rights of a redemption are its price unless a quantity says otherwise."""
    for row, method in enumerate(draft["method"] if "redemption" in draft["method"] else ()):
        price = draft["price"][row]
        nothing = method == "redemption" and price is not None and price <= 0 and draft["quantity"][row] is None
        if nothing and not draft.unread(row, "quantity", "method"):
            findings.of_cell(
                "rights-missing",
                draft,
                row,
                "quantity",
                "Without a price to count there are no rights that could be redeemed. Enter how many in quantity.",
                found=draft.found(row, "price", "quantity"),
            )


def _percents(drafts: dict[str, Draft], findings: Findings) -> None:
    for table, column in (("Obligations", "breakage_percent"), ("Events", "percent")):
        _warn(
            drafts[table],
            column,
            lambda value: 0 < value < 1,
            "fraction-for-percent",
            "It is taken as less than one in a hundred. A cell formatted as 15% holds 0.15: if so, enter 15.",
            findings,
        )
    _warn(
        drafts["Contracts"],
        "financing_rate",
        lambda value: value >= 1,
        "percent-for-fraction",
        "It is taken as a fraction: 0.06 is 6 percent a year, 6 is 600. Correct it if percent is meant.",
        findings,
    )


def _warn(draft: Draft, column: str, is_odd: Callable[[Any], bool], name: str, remedy: str, findings: Findings) -> None:
    if draft.has(column):
        for row, value in enumerate(draft[column]):
            if value is not None and is_odd(value):
                findings.of_cell(name, draft, row, column, remedy)


def _document_currencies(links: Links, findings: Findings) -> None:
    draft = links.drafts["Billings"]
    if not draft.has("currency"):
        return
    theirs = links.contracts["currency"]
    for row, (code, owner) in enumerate(zip(draft["currency"], links.contract_of("Billings"), strict=True)):
        if code is None or owner is None or code == theirs[owner] or links.contracts.unread(owner, "currency"):
            continue
        findings.of_cell(
            "document-currency",
            draft,
            row,
            "currency",
            f"The contract is in {theirs[owner]}, and amounts of two currencies cannot be netted. Enter the amount in "
            f"{theirs[owner]}, or make it a contract of its own.",
        )


def _combined_currencies(links: Links, findings: Findings) -> None:
    contracts = links.contracts
    seen: set[str] = set()
    for contract, group in links.groups.items():
        if contract in seen:
            continue
        seen.update(group)
        rows = [links.contract_rows[each] for each in group]
        if any(contracts.unread(row, "currency") for row in rows):
            continue
        codes = [contracts["currency"][row] for row in rows]
        if len(set(codes)) > 1:
            row = next(row for row in rows if contracts["combined_with"][row] is not None)
            findings.of_cell(
                "combined-currencies",
                contracts,
                row,
                "combined_with",
                "One transaction price needs one currency. Combine only contracts of the same.",
                found=f"{contracts.found(row, 'combined_with')}   {listed(sorted(set(codes)))}",
            )


def _rates(draft: Draft, findings: Findings) -> None:
    for row, (one, other) in enumerate(zip(draft["from_currency"], draft["to_currency"], strict=True)):
        if one is not None and one == other:
            findings.of_cell(
                "rate-to-itself",
                draft,
                row,
                "to_currency",
                "A currency is always worth one of itself. Correct it, or delete the row.",
            )


def _rates_there(links: Links, reporting: str | None, findings: Findings) -> None:
    """One problem a currency that cannot be reported in reporting currency."""
    contracts, rates = links.contracts, links.drafts["Rates"]
    if reporting is None or rates.absent or rates.rows_unread("from_currency", "to_currency"):
        return
    pairs = zip(rates["from_currency"], rates["to_currency"], strict=True)
    told = {reporting}.union(*(pair for pair in pairs if reporting in pair))
    for row, code in enumerate(contracts["currency"]):
        if code not in told and not contracts.unread(row, "currency"):
            told.add(code)
            findings.of_cell(
                "rate-missing",
                contracts,
                row,
                "currency",
                f"Figures in {reporting} cannot be given for it. Add a rate from {code} to {reporting} to Rates; "
                f"if the company reports in {code}, set reporting_currency to it.",
            )


def _once(draft: Draft, columns: tuple[str, ...], name: str, at: str, remedy: str, findings: Findings) -> None:
    keys = list(zip(*(draft[column] for column in columns), strict=True))
    if len(set(keys)) == len(keys):
        return
    first: dict[Any, int] = {}
    for row, key in enumerate(keys):
        if not draft.unread(row, *columns) and first.setdefault(key, row) != row:
            found = f"{draft.found(row, at)}   as already in {draft.where(first[key], at)}"
            findings.of_cell(name, draft, row, at, remedy, found=found)
