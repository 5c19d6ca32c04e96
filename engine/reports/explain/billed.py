"""What is billed on an obligation: the documents that count, what notes and refunds took of them, and its share."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from engine.reports.checks.documents import CREDIT_NOTE, PAYMENT, VOID
from engine.reports.explain.formula import Term, part, total
from engine.reports.explain.subject import Row, Subject
from engine.schedule.billing import UNCOLLECTED, Document, counting, place, reason, shared
from engine.schedule.flow import Flow
from engine.schedule.kernel import rounded
from engine.schedule.notes import Papers

_COUNTS = {
    "invoice": "counts on its date", "due": "counts when due", "paid": "counts as far as paid",
    "unconditional": "counts when paid, or due and unconditional",
}  # fmt: skip


def billed_rows(subject: Subject, obligation: int) -> Iterator[Row]:
    """Each document that counts at the day, after the notes about it, and what notes and refunds take beside them."""
    steps, documents = subject.schedule.steps, subject.evidence.documents
    counts = np.isin(steps.kind, (Flow.BILLINGS, Flow.CREDITS)) & (steps.day <= subject.as_of.toordinal())
    mine = counts & (steps.obligation == obligation)
    opening = subject.opening(obligation)
    if opening is not None and opening[1].billed:
        words = f"as entered; billed in the former system, taken over at the close of {opening[1].cut_over}"
        cell, key = subject.book.openings.where(opening[0], "billed"), subject.evidence.name(obligation)
        yield Row(key, "billed before", opening[1].billed, words, cell)
    papers = subject.told.papers[subject.layout.contract_id(subject.contract)]
    for row in dict.fromkeys(steps.source[mine].tolist()):
        own = int(steps.amount[mine & (steps.source == row)].sum())
        document = papers.ledger.of_row.get(row)
        if document is not None and row in papers.coverage:
            words = _document(subject, obligation, papers, document, own)
        else:
            words = _taken(subject, obligation, papers, row, own)
        cells = [documents.rows.where(other, "amount") for other in (row, *_about(subject, row))]
        yield Row(subject.evidence.name(obligation), f"billed {documents.id(row)}", own, words, ", ".join(cells))


def _document(subject: Subject, obligation: int, papers: Papers, document: Document, own: int) -> str:
    """A document as far as it counts, and the share of an obligation in it."""
    rows, basis = subject.book.billings, papers.basis
    count = counting(document, basis, papers.cancellable, subject.as_of.toordinal())
    coverage = papers.coverage[document.row]
    n = list(coverage.lines).index(obligation)
    formula = _net(subject, document, count.billings)
    if shared(count.net, coverage.weights)[n] != own:
        formula = subject.money(own)
    elif document.is_void(subject.as_of.toordinal()):
        formula = "nothing"
    elif len(coverage.lines) > 1:
        whole = f"({formula})" if " " in formula and not formula.startswith("min") else formula
        formula = part(count.net, list(coverage.weights), n, subject.money, whole, subject.decimals)
    kind = rows["type"][document.row] if document.amount > 0 or rows["type"][document.row] != "invoice" else "credit"
    due = (
        f", due {rows['due_on'][document.row]}"
        if basis in ("due", "unconditional") and rows["due_on"][document.row]
        else ""
    )
    by_price = ", shared by price" if len(coverage.lines) > 1 else ""
    by_price += f", {subject.money(count.billings)} of it so far" if formula.startswith(("min", "ROUND(min")) else ""
    by_price += ", withdrawn" if document.is_void(subject.as_of.toordinal()) else ""
    return f"{formula or 'nothing'}; {kind} of {rows['date'][document.row]}{due}, {_COUNTS[basis]}{by_price}"


def _net(subject: Subject, document: Document, reached: int) -> str:
    """What counts of a document: its amount less notes, as far as it is reached."""
    day = subject.as_of.toordinal()
    left = document.left(day)
    capped = document.amount > 0 and reached < left
    words = total([Term(document.amount), Term(left - document.amount, "" if capped else "credited")], subject.money)
    if capped:
        return f"min({words}, {subject.money(reached)})"
    return words


def _taken(subject: Subject, obligation: int, papers: Papers, row: int, own: int) -> str:
    """What a refund, or a note for what will not be collected, took of what is billed."""
    record = subject.book.billings.record(row)
    size = subject.money(abs(record.amount))
    if record.type == "refund":
        return f"{subject.money(own)}; refund of {size} on {record.date}: {_refund(subject, papers, row)}"
    if reason(record) in UNCOLLECTED and row in papers.outcomes:
        words, lost = _uncollected(subject, obligation, papers, row), subject.money(papers.outcomes[row].lost)
        unearned = papers.outcomes[row].unearned.get(obligation, 0)
        back = own + unearned
        terms = [Term(-unearned, "", f"-{words}" if words else ""), Term(back, "taken by a refund before")]
        why = reason(record).replace("_", " ")
        role = "contra revenue" if why == "dispute" else "bad debt"
        ends = ", and the service ends" if papers.outcomes[row].ends_service else ""
        taken = f"the part not yet earned of {size}, {why} of {record.date}"
        taken += f"; {lost} is earned and {role}" if papers.outcomes[row].lost else ""
        return f"{total(terms, subject.money) or 'nothing'}; {taken}{ends}"
    return f"{subject.money(own)}; a refund before {record.date} had taken it: only the rest of {size} is credited"


def _refund(subject: Subject, papers: Papers, row: int) -> str:
    """How much a refund lowers what is billed, and why."""
    at = place(subject.book.billings.record(row))
    earlier = [(other, record) for other, record in papers.rows if place(record) <= at]
    refunded = sum(abs(record.amount) for _, record in earlier if record.type == "refund")
    credited = sum(
        abs(record.amount)
        for _, record in earlier
        if record.type in ("credit_note", "write_off") and reason(record) != "billing_error"
    )
    taken = -sum(amount for _, _, _, amount, source in papers.steps if source == row)
    covered = subject.money(min(credited, refunded))
    words = (
        f"of {subject.money(refunded)} refunded to date credit notes cover {covered}; the "
        f"rest lowers what is billed as far as it is owed back, by {subject.money(taken)} in all"
    )
    return words if taken else f"{words}: cash against the receivable"


def _uncollected(subject: Subject, obligation: int, papers: Papers, row: int) -> str:
    """The part of what is noted that was not yet earned: noted x deferred / open, where one document is covered."""
    at, targets = place(subject.book.billings.record(row)), papers.ledger.targets[row]
    found = [(document, amount) for document, amount in targets if obligation in papers.coverage[document.row].lines]
    if len(found) != 1:
        return ""
    document, amount = found[0]
    coverage, open_before = papers.coverage[document.row], document.open_before(at)
    open_part = coverage.part(open_before, obligation)
    noted = open_part - coverage.part(open_before - amount, obligation)
    unearned = papers.outcomes[row].unearned.get(obligation, 0)
    _, own = subject.positions_on_eve(at.day)
    deferred = int(own.deferred[obligation])
    if open_part <= 0 or unearned != rounded(noted, Fraction(min(deferred, open_part), open_part)):
        return ""
    money = subject.money
    return f"ROUND({money(noted)} x {money(min(deferred, open_part))} / {money(open_part)})"


def _about(subject: Subject, document: int) -> Iterator[int]:
    """Notes, voids and payments by the day that name the document."""
    documents = subject.evidence.documents
    paid = (PAYMENT,) if subject.book.settings.deferral_basis in ("paid", "unconditional") else ()
    for kind in (CREDIT_NOTE, VOID, *paid):
        for row in documents.of(subject.contract, kind):
            if documents.target(row) == document and documents.day[row] <= subject.as_of.toordinal():
                yield row
