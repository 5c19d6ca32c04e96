"""Journal: what moved on each role over some days, debit positive, per contract (combined contracts as one)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from .balances import added
from .calendars import ONE_DAY
from .costs import Costs
from .openings import taken_over_between
from .rounding import round_half_away
from .rows import UNCOLLECTED, Contract, Document
from .standing import Standing

ROLES = ["receivable", "cash", "deferred_current", "deferred_noncurrent", "contract_asset", "refund_liability"]
ROLES += ["revenue", "breakage", "contra_revenue", "bad_debt", "interest", "tax"]
ROLES += ["contract_cost", "cost_payable", "cost_expense"]


def movements(standing: Standing, costs: Costs, contracts: list[Contract], first: date, last: date) -> dict[str, int]:
    """The net movement of every role over the days from first to last."""
    opening = _balances(standing, costs, contracts, first - ONE_DAY)
    closing = _balances(standing, costs, contracts, last)
    moved = {role: closing[role] - opening[role] for role in ROLES}
    for role, balance in _taken_over(standing, contracts, first, last).items():
        moved[role] -= balance
    return moved


def _taken_over(standing: Standing, contracts: list[Contract], first: date, last: date) -> dict[str, int]:
    """The balances of contracts taken over in these days: the general ledger holds them already."""
    row = dict.fromkeys(ROLES, 0)
    for unit in standing.units(last):
        day = unit[0].contract.cut_over
        if unit[0].contract in contracts and day is not None and first <= day <= last:
            figures = standing.figures(unit, day)
            for role in ("deferred_current", "deferred_noncurrent", "refund_liability"):
                row[role] -= figures[role]
            row["contract_asset"] += figures["contract_asset"]
    for contract in contracts:
        row["revenue"] -= sum(x.recognized for x in taken_over_between(standing.book, contract, first, last))
    return row


def _balances(standing: Standing, costs: Costs, contracts: list[Contract], day: date) -> dict[str, int]:
    """What all entries to date have left on each role; credits below zero."""
    row = dict.fromkeys(ROLES, 0)
    for contract in contracts:
        _documents(standing, contract, day, row)
        _revenue(standing, contract, day, row)
        for cost in standing.book.costs:
            if cost.contract is contract:
                capitalized, amortized, impaired = costs.to_date(cost, day)
                row["contract_cost"] += capitalized - amortized - impaired
                row["cost_payable"] -= capitalized
                row["cost_expense"] += amortized + impaired
    figures = dict.fromkeys(["deferred_current"], 0)
    for unit in standing.units(day):
        if any(o.contract in contracts for o in unit):
            figures = added(figures, standing.figures(unit, day))
    for role in ("deferred_current", "deferred_noncurrent", "refund_liability"):
        row[role] -= figures.get(role, 0)
    row["contract_asset"] += figures.get("contract_asset", 0)
    return row


def _revenue(standing: Standing, contract: Contract, day: date, row: dict[str, int]) -> None:
    """Revenue apart from breakage; a full refund goes to contra revenue."""
    for o in standing.book.obligations_of(contract):
        breakage, undone = standing.lives.recognized(o, day, day)[1], standing.lives.undone(o, day)
        row["breakage"] -= breakage
        row["contra_revenue"] += undone
        row["revenue"] -= standing.recognized(o, day, day) - breakage + undone
        row["interest"] += standing.financing.interest(o, day) - standing.financing.income(o, day)


def _documents(standing: Standing, contract: Contract, day: date, row: dict[str, int]) -> None:
    """Receivable, cash and tax, and what of receivables is lost."""
    billing = standing.billing
    row["receivable"] += sum(billing.shared(o, day) for o in standing.book.obligations_of(contract))
    row["receivable"] -= sum(billing.refunds.ahead(contract, day).values())
    for document in standing.book.documents:
        if document.contract is not contract or document.day > day:
            continue
        if document.type in ("payment", "refund"):
            paid = (document.amount if document.type == "payment" else -abs(document.amount)) + _tax_paid(document)
            row["cash"] += paid
            row["receivable"] -= paid
        elif document.reason in UNCOLLECTED and document.type == "credit_note":
            lost = billing.uncollected.lost(document, day)
            row["contra_revenue" if document.reason == "dispute" else "bad_debt"] += lost
            row["receivable"] -= document.size
        tax = _tax(standing, document, day)
        row["tax"] -= tax
        row["receivable"] += tax


def _tax_paid(document: Document) -> int:
    return abs(document.tax) * (1 if document.type == "payment" else -1)


def _tax(standing: Standing, document: Document, day: date) -> int:
    """Tax of an invoice counts as far as the invoice does, less that of its notes as far as they count; a note that
    stands on its own, or for what will not be collected, takes back its own."""
    if document.type == "credit_note":
        alone = document.reason in UNCOLLECTED or not document.applies_to
        return -abs(document.tax) if alone else 0
    if document.type != "invoice" or standing.billing.is_void(document, day) or not document.amount:
        return 0
    gross, net = standing.billing.gross_and_net(document, day)
    counted = gross if document.amount > 0 else net
    notes = [
        note
        for note in standing.book.documents
        if note.type == "credit_note" and note.reason not in UNCOLLECTED and note.applies_to == document.id
        and note.day <= day
    ]  # fmt: skip
    size, tax = sum(note.size for note in notes), sum(abs(note.tax) for note in notes)
    credited = round_half_away(Fraction(tax * (gross - net), size)) if size and document.amount > 0 else 0
    return round_half_away(Fraction(document.tax * counted, document.amount)) - credited
