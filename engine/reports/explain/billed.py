"""What is billed on an obligation: the documents that count, and its share of each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.reports.checks.documents import CREDIT_NOTE, PAYMENT, VOID
from engine.reports.explain.subject import Row, Subject
from engine.schedule.flow import Flow
from engine.schedule.kernel import share_out

_COUNTS = {
    "invoice": "counts on its date", "due": "counts when due", "paid": "counts as far as paid",
    "unconditional": "counts when paid, or due and unconditional",
}  # fmt: skip


def billed_rows(subject: Subject, place: int) -> Iterator[Row]:
    """Each document that counts at the day, after the notes about it."""
    steps, documents = subject.schedule.steps, subject.evidence.documents
    counts = np.isin(steps.kind, (Flow.BILLINGS, Flow.CREDITS)) & (steps.day <= subject.as_of.toordinal())
    mine = counts & (steps.obligation == place)
    for document in dict.fromkeys(steps.source[mine].tolist()):
        of_document = counts & (steps.source == document)
        whole, own = int(steps.amount[of_document].sum()), int(steps.amount[of_document & mine].sum())
        words = _words(subject, document, whole) + _share(subject, place, document, whole, own)
        cells = [documents.rows.where(row, "amount") for row in (document, *_about(subject, document))]
        yield Row(subject.evidence.name(place), f"billed {documents.id(document)}", own, words, ", ".join(cells))


def _words(subject: Subject, document: int, whole: int) -> str:
    """The document, when it counts, and how much of it does."""
    rows, basis = subject.book.billings, subject.book.settings.deferral_basis
    amount = int(rows["amount"][document])
    kind = rows["type"][document] if rows["type"][document] != "invoice" or amount > 0 else "credit"
    due = f", due {rows['due_on'][document]}" if basis in ("due", "unconditional") and rows["due_on"][document] else ""
    counted = "" if whole == amount else f": {subject.money(whole)} of it, after notes and payments to date"
    return f"{kind} of {rows['date'][document]}{due}, {subject.money(amount)}, {_COUNTS[basis]}{counted}"


def _share(subject: Subject, place: int, document: int, whole: int, own: int) -> str:
    """How a document of several obligations is shared."""
    places = list(subject.layout.members(subject.contract))
    if subject.evidence.documents.obligation[document] >= 0 or len(places) < 2:
        return ""
    weights = _weights(subject, document, places)
    if share_out(whole, weights)[places.index(place)] != own:
        return f"; its share of {subject.money(whole)}"
    own_weight, sum_of = subject.money(weights[places.index(place)]), subject.money(sum(weights))
    return f"; shared by price: {subject.money(whole)} x {own_weight} / {sum_of}"


def _weights(subject: Subject, document: int, places: list[int]) -> list[int]:
    """Prices in force on the day of the document, or of signing if that is later."""
    signed = int(subject.layout.signed[subject.contract])
    day = max(int(subject.evidence.documents.day[document]), signed)
    found = []
    for place in places:
        versions = subject.versions(place)
        held = [version.price for version in versions if version.since.toordinal() <= day]
        found.append((held or [version.price for version in versions[:1]] or [0])[-1])
    return found


def _about(subject: Subject, document: int) -> Iterator[int]:
    """Notes, voids and payments by the day that name the document."""
    documents = subject.evidence.documents
    kinds = (
        CREDIT_NOTE,
        VOID,
        *((PAYMENT,) if subject.book.settings.deferral_basis in ("paid", "unconditional") else ()),
    )
    for kind in kinds:
        for row in documents.of(subject.contract, kind):
            if documents.target(row) == document and documents.day[row] <= subject.as_of.toordinal():
                yield row
