"""Credits and cash: contracts credited as cancelled that run on, and deferred revenue that nobody has paid for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from engine.book.problems import Problem
from engine.reports.checks.balance_sheet import lost
from engine.reports.checks.documents import CREDIT_NOTE, PAYMENT, REFUND
from engine.reports.checks.evidence import Evidence, counted
from engine.reports.checks.rule import Rule
from engine.schedule.billing import Document, after, documents
from engine.schedule.flow import Flow
from engine.schedule.kernel import Ints
from engine.schedule.positions import added

RUNS_ON = Rule(
    "credit-runs-on",
    "contracts credited as cancelled have ended",
    "credited for cancellation while the contract runs on",
)
NOT_CASH = Rule("deferred-is-not-cash", "deferred revenue is paid for", "deferred revenue stands on unpaid invoices")

# -- credits -------------------------------------------------------------------------------------------------

_CREDIT_REMEDY = (
    "The credit lowers what is billed, but the price and its revenue go on as if nothing happened. If the "
    "customer left, enter a cancel event on the last day of service. If not, give the note its reason: price, "
    "goodwill, billing_error, ..."
)


def credit_runs_on(evidence: Evidence) -> list[Problem]:
    """Credit notes for cancellation, or without a reason, of contracts that go on earning and were not made cheaper."""
    found = evidence.documents
    notes = np.flatnonzero((found.kind == CREDIT_NOTE) & (found.day <= evidence.day)).tolist()
    cases = [row for row in notes if found.rows["reason"][row] in (None, "cancellation") and _runs_on(evidence, row)]

    def tell(row: int) -> Problem:
        contract = int(found.contract[row])
        amounts = [
            evidence.amount(minor, contract) for minor in (abs(int(found.amount[row])), _still_earned(evidence, row))
        ]
        reason = found.rows["reason"][row] or "(blank)"
        words = f"{found.id(row)}  {evidence.contract_name(contract)}  {found.rows['date'][row]}  {amounts[0]}"
        words += f"   reason {reason}   earned or to be earned after it {amounts[1]}"
        return RUNS_ON.warn(found.rows.where(row, "reason"), words, _CREDIT_REMEDY)

    return RUNS_ON.told(cases, tell, found.id, counted(len(notes), "credit note"))


def _covered(evidence: Evidence, note: int) -> list[int]:
    """Obligations that a note credits: those of its document, if it does not say."""
    found = evidence.documents
    place, target = int(found.obligation[note]), found.target(note)
    if place < 0 and target is not None:
        place = int(found.obligation[target])
    return [place] if place >= 0 else list(evidence.layout.members(int(found.contract[note])))


def _still_earned(evidence: Evidence, note: int) -> int:
    """What the obligations that a note covers have earned since its day, or are still to earn."""
    places = _covered(evidence, note)
    by_then = evidence.schedule.recognized(evidence.documents.rows["date"][note])
    return int((evidence.contracted[places] - by_then[places]).sum())


def _runs_on(evidence: Evidence, note: int) -> bool:
    """Does a service that the note covers go on after its day, neither cancelled nor made cheaper?"""
    places, day = _covered(evidence, note), int(evidence.documents.day[note])
    backlog = evidence.contracted - evidence.recognized
    on = [p for p in places if evidence.contracted[p] and (evidence.services.last[p] > day or backlog[p])]
    return bool(on) and not any(_ended_or_cheaper(evidence, place) for place in places)


def _ended_or_cheaper(evidence: Evidence, place: int) -> bool:
    """Does a row cancel the obligation, or lower its price?"""
    contract, own = evidence.contract_of(place), evidence.obligation(place, "obligation_id")
    price = evidence.obligation(place, "price")
    for mover in evidence.movers.get(contract, ()):
        if mover.obligation_id in (None, own):
            if mover.ends or mover.lowers or (mover.price is not None and mover.price < price):
                return True
            price = price if mover.price is None else mover.price
    return False


# -- cash ----------------------------------------------------------------------------------------------------

_CASH_REMEDY = (
    "Deferred revenue is not cash: this part is owed by the customer, and stands in receivables too. Where "
    "payment is not due yet and the customer can leave, neither should be shown (606-10-45-4): see deferral_basis "
    "and cancellable. Do not read it as liquidity."
)


def deferred_is_not_cash(evidence: Evidence) -> list[Problem]:
    """How much of each contract's deferred revenue stands on invoices that are not paid; the largest first."""
    found = evidence.documents
    paid = (found.kind == PAYMENT) & (found.day <= evidence.day)
    if not paid.any():
        return [NOT_CASH.ok("no payments are entered")]
    units, _ = evidence.positions
    here = evidence.schedule.documented(evidence.as_of)  # receivables of a former system are kept elsewhere
    here = here - evidence.schedule.flow(date.min, evidence.as_of, Flow.OPENING_BILLED)
    documented = added(here, evidence.unit, len(evidence.first_of_unit))
    open_for_good = documented - _lost(evidence) - _collected(evidence)
    on_credit = np.minimum(units.deferred, np.maximum(open_for_good, 0))
    cases = np.flatnonzero(on_credit > 0)
    cases = cases[np.argsort(-on_credit[cases], kind="stable")]

    def tell(unit: int) -> Problem:
        contract = int(evidence.contract_of_unit[unit])
        amounts = [evidence.amount(column[unit], contract) for column in (on_credit, units.deferred)]
        unpaid = list(_unpaid(evidence, contract))
        words = f"{evidence.contract_name(contract)}   {amounts[0]} of deferred {amounts[1]} is unpaid"
        told = ", ".join(f"{document.id} {evidence.amount(left, contract)}" for document, left in unpaid[:3])
        more = f" and {len(unpaid) - 3:,} more" if len(unpaid) > 3 else ""
        where = (
            found.rows.where(unpaid[0][0].row, "amount") if unpaid else evidence.at_contract(contract, "contract_id")
        )
        return NOT_CASH.warn(where, words + (f"   open: {told}{more}" if told else ""), _CASH_REMEDY)

    return NOT_CASH.told(
        cases.tolist(),
        tell,
        lambda unit: evidence.layout.contract_id(int(evidence.contract_of_unit[unit])),
        f"deferred {evidence.total(units.deferred, evidence.contract_of_unit)} against "
        f"{counted(int(np.count_nonzero(paid)), 'payment')}",
        lambda further: evidence.total(on_credit[further], evidence.contract_of_unit[further]),
    )


def _collected(evidence: Evidence) -> Ints:
    """Cash received less cash paid back by `as_of`, without tax, by netting unit."""
    found = evidence.documents
    cash = np.where(found.kind == PAYMENT, found.amount, 0) - np.where(found.kind == REFUND, np.abs(found.amount), 0)
    cash[found.day > evidence.day] = 0
    unit_of_contract = evidence.unit[np.minimum(evidence.layout.begin[:-1], max(evidence.schedule.count - 1, 0))]
    unit = np.where(found.obligation >= 0, evidence.unit[found.obligation], unit_of_contract[found.contract])
    return added(cash, unit, len(evidence.first_of_unit))


def _lost(evidence: Evidence) -> Ints:
    """What disputes and bad debt took of earned amounts that stay billed and will not be paid, by netting unit."""
    figures = lost(evidence.schedule, date.min, evidence.as_of, Flow.CONTRA_REVENUE, Flow.BAD_DEBT)
    return added(figures, evidence.unit, len(evidence.first_of_unit))


def _unpaid(evidence: Evidence, contract: int) -> Iterator[tuple[Document, int]]:
    """Invoices of a contract that are open at `as_of` and how much of them is, the oldest first: what is paid,
    credited, disputed or written off is not."""
    rows = evidence.layout.documents.get(contract, [])
    for document in sorted(documents(rows), key=lambda document: document.date):
        left = document.open_before(after(evidence.day))
        if document.date <= evidence.day and left > 0:
            yield document, left
