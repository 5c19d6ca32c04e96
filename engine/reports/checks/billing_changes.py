"""Billing without change: another amount is billed, or more than the price, while the price stands still."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.book.problems import Problem
from engine.reports.checks.documents import INVOICE
from engine.reports.checks.evidence import Evidence, counted
from engine.reports.checks.movers import Mover
from engine.reports.checks.rule import Rule
from engine.schedule.kernel import Bools, Ints
from engine.schedule.measure import MEASURED

UNCHANGED = Rule(
    "billing-without-change",
    "billing changes only where the price does",
    "billing changed, the price did not",
)

#: amounts that differ by less than this part of themselves are one amount
_SAME = 1_000
_AMOUNT_REMEDY = (
    "If the customer agreed to a new price, revenue is still earned on the old one: enter a change (its day, the "
    "new total price, a treatment). If the steps were agreed at signing, see that price holds the sum of all of "
    "them."
)
_EXCESS_REMEDY = (
    "What is billed beyond the price stands as a refund liability and never becomes revenue. If the price was "
    "raised, enter a change, an added obligation or use; if it was billed by mistake, enter the credit note."
)


@dataclass(frozen=True, slots=True)
class _Changed:
    """An invoice of another amount after two or more equal ones."""

    contract: int
    before: int
    document: int


def billing_without_change(evidence: Evidence) -> list[Problem]:
    """Regular amounts that changed, and contracts billed beyond their price, with no row that explains it."""
    changed = {case.contract: case for case in _changed(evidence)}
    exceeded = _exceeded(evidence)
    cases = sorted({*changed, *exceeded})

    def tell(contract: int) -> Problem:
        case = changed.get(contract)
        beyond = f"   billed {exceeded[contract]} beyond the price" if contract in exceeded else ""
        if case is None:
            words = evidence.contract_name(contract) + beyond
            return UNCHANGED.warn(_last_invoice(evidence, contract), words, _EXCESS_REMEDY)
        where = evidence.documents.rows.where(case.document, "amount")
        return UNCHANGED.warn(where, _words(evidence, case) + beyond, _AMOUNT_REMEDY)

    invoices = int(np.count_nonzero((evidence.documents.kind == INVOICE) & (evidence.documents.day <= evidence.day)))
    passed = f"{counted(invoices, 'invoice')} of {counted(len(evidence.layout.contracts), 'contract')}"
    return UNCHANGED.told(cases, tell, evidence.layout.contract_id, passed)


def _words(evidence: Evidence, case: _Changed) -> str:
    documents = evidence.documents
    told = []
    for row in (case.before, case.document):
        amount = evidence.amount(documents.amount[row], case.contract)
        told.append(f"{documents.id(row)} {documents.rows['date'][row]} {amount}")
    price = evidence.amount(_price(evidence, case.contract), case.contract)
    return f"{evidence.contract_name(case.contract)}   {told[0]}, then {told[1]}   price {price}"


def _price(evidence: Evidence, contract: int) -> int:
    places = evidence.layout.members(contract)
    return int(evidence.contracted[places.start : places.stop].sum())


def _last_invoice(evidence: Evidence, contract: int) -> str:
    documents = evidence.documents
    rows = [row for row in documents.of(contract) if documents.day[row] <= evidence.day]
    if not rows:
        return evidence.at_contract(contract, "contract_id")
    return documents.rows.where(max(rows, key=lambda row: int(documents.day[row])), "amount")


# -- regular amounts -----------------------------------------------------------------------------------------


def _changed(evidence: Evidence) -> Iterator[_Changed]:
    """The first unexplained change of each contract's regular amount."""
    documents = evidence.documents
    rows = _regular_rows(evidence)
    series = np.stack([documents.contract[rows], documents.obligation[rows]])
    amount = documents.amount[rows]
    together = (series[:, 1:] == series[:, :-1]).all(axis=0)
    equal = together & _alike(amount[1:], amount[:-1])
    breaks = np.flatnonzero(equal[:-1] & together[1:] & ~equal[1:]) + 2
    done = -1
    for n in breaks.tolist():
        contract = int(documents.contract[rows[n]])
        if contract != done and not _explained(evidence, rows, n):
            done = contract
            yield _Changed(contract, int(rows[n - 1]), int(rows[n]))


def _regular_rows(evidence: Evidence) -> Ints:
    """Invoices that stand, by contract, line and day."""
    documents = evidence.documents
    stand = (
        (documents.kind == INVOICE) & (documents.amount > 0) & (documents.day <= evidence.day) & ~documents.withdrawn
    )
    rows = np.flatnonzero(stand)
    order = np.lexsort((documents.day[rows], documents.obligation[rows], documents.contract[rows]))
    sorted_rows: Ints = rows[order]
    return sorted_rows


def _alike(one: Ints, other: Ints) -> Bools:
    """Amounts that differ by rounding only."""
    alike: Bools = np.abs(one - other) <= np.maximum(other // _SAME, 1)
    return alike


def _explained(evidence: Evidence, rows: Ints, n: int) -> bool:
    """Does anything in the book explain that invoice `n` of a series differs from the one before?"""
    documents = evidence.documents
    row, before = int(rows[n]), int(rows[n - 1])
    contract = int(documents.contract[row])
    return (
        _measured(evidence, row)
        or _moved(evidence, rows, n)
        or _completes(evidence, row)
        or _bills_a_line(evidence, row)
        or _same_rate(evidence, before, row)
        or _longer_interval(evidence, rows, n)
        or int(evidence.layout.signed[contract]) > evidence.day
    )


def _measured(evidence: Evidence, row: int) -> bool:
    """Is work billed that differs from bill to bill: usage, progress, milestones?"""
    place = int(evidence.documents.obligation[row])
    covered = [place] if place >= 0 else evidence.layout.members(int(evidence.documents.contract[row]))
    return any(evidence.obligation(other, "method") in MEASURED for other in covered)


def _moved(evidence: Evidence, rows: Ints, n: int) -> bool:
    """Did a row move the price since the regular amount began, or within one interval after the new one?"""
    documents = evidence.documents
    first = n - 1
    while (
        first
        and _same_series(evidence, rows, first - 1, n)
        and _alike(documents.amount[rows[first - 1]], documents.amount[rows[n - 1]])
    ):
        first -= 1
    until = 2 * documents.day[rows[n]] - documents.day[rows[n - 1]]
    movers: list[Mover] = evidence.movers.get(int(documents.contract[rows[n]]), [])
    return any(documents.day[rows[first]] < mover.day.toordinal() <= until for mover in movers)


def _same_series(evidence: Evidence, rows: Ints, one: int, other: int) -> bool:
    documents = evidence.documents
    pairs = [(documents.contract[rows[n]], documents.obligation[rows[n]]) for n in (one, other)]
    return bool(pairs[0] == pairs[1])


def _completes(evidence: Evidence, row: int) -> bool:
    """Is it the last instalment, which brings what is billed exactly to the price?"""
    documents = evidence.documents
    contract, place = int(documents.contract[row]), int(documents.obligation[row])
    sent = [
        int(documents.amount[other]) for other in documents.of(contract)
        if documents.day[other] <= documents.day[row] and not documents.withdrawn[other]
        and (place < 0 or documents.obligation[other] == place)
    ]  # fmt: skip
    price = int(evidence.contracted[place]) if place >= 0 else _price(evidence, contract)
    return abs(sum(sent) - price) <= 1


def _bills_a_line(evidence: Evidence, row: int) -> bool:
    """Is it the whole price of one line of several, billed beside the regular amount?"""
    documents = evidence.documents
    places = evidence.layout.members(int(documents.contract[row]))
    if len(places) < 2:
        return False
    prices = {int(evidence.contracted[place]) for place in places} | {evidence.obligation(p, "price") for p in places}
    return int(documents.amount[row]) in prices


def _same_rate(evidence: Evidence, before: int, row: int) -> bool:
    """Does it bill a longer or shorter span of service at the same rate a day (months differ by a tenth)?"""
    rows, rates = evidence.documents.rows, []
    for n in (before, row):
        first, last = rows["service_start"][n], rows["service_end"][n]
        if first is None or last is None or last < first:
            return False
        rates.append(evidence.documents.amount[n] / ((last - first).days + 1))
    return bool(abs(rates[1] - rates[0]) <= rates[0] * 0.12)


def _longer_interval(evidence: Evidence, rows: Ints, n: int) -> bool:
    """Is it a multiple of the regular amount, followed by nothing for as many intervals: billed less often now?"""
    documents = evidence.documents
    times, rest = divmod(int(documents.amount[rows[n]]), int(documents.amount[rows[n - 1]]))
    interval = int(documents.day[rows[n]] - documents.day[rows[n - 1]])
    if times < 2 or rest:
        return False
    following = n + 1 < len(rows) and _same_series(evidence, rows, n, n + 1)
    until = int(documents.day[rows[n + 1]]) if following else evidence.day
    return until - int(documents.day[rows[n]]) > (times - 1) * interval


# -- beyond the price ----------------------------------------------------------------------------------------


def _exceeded(evidence: Evidence) -> dict[int, str]:
    """Contracts billed beyond their price although no row lowers it, and by how much."""
    units, _ = evidence.positions
    contract_of, ends = evidence.layout.contract, np.append(evidence.first_of_unit[1:], evidence.schedule.count)
    found = {}
    for unit in np.flatnonzero(units.refund_liability).tolist():
        first, last = int(evidence.contract_of_unit[unit]), int(contract_of[ends[unit] - 1])
        movers = [mover for contract in range(first, last + 1) for mover in evidence.movers.get(contract, [])]
        known = [mover for mover in movers if mover.day <= evidence.as_of]
        if evidence.layout.signed[first] <= evidence.day and _only_raised(evidence, known):
            found[first] = evidence.amount(units.refund_liability[unit], first)
    return found


def _only_raised(evidence: Evidence, movers: Sequence[Mover]) -> bool:
    """Whether no row took anything off the price: without changes, or by changes to higher prices alone."""
    if evidence.book.settings.netting != "contract":
        return not movers
    price: dict[int, int] = {}
    for mover in movers:
        if mover.rows is not evidence.book.events or mover.lowers or mover.price is None or mover.obligation_id is None:
            return False
        place = evidence.layout.obligation_of[str(mover.rows["contract_id"][mover.row]), mover.obligation_id]
        if mover.price < price.get(place, int(evidence.obligation(place, "price"))):
            return False
        price[place] = mover.price
    return True
