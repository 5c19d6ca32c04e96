"""Documents that refer to documents: notes, voids, payments and refunds, and what they may come to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from engine.book import catalogue, cells
from engine.book.draft import Draft, money
from engine.book.findings import Findings
from engine.book.links import Links
from engine.book.nearest import Nearest

#: contract, obligation or None, row of the document or None, and the day of a full refund
_Cover = tuple[str, str | None, int | None, dt.date]
_CREDITS = ("credit_note", "write_off")
#: reasons by which a note moves the price
_MOVING = ("price", "goodwill", "full_refund", "dispute", "bad_debt")
_CASH = ("payment", "refund")
#: type -> the types it may apply to
_MAY_APPLY_TO = {
    "invoice": (),
    "credit_note": ("invoice",),
    "write_off": ("invoice",),
    "void": ("invoice",),
    "payment": ("invoice",),
    "refund": ("invoice", "credit_note", "payment"),
}


def check_documents(links: Links, findings: Findings) -> None:
    """The reasons of credit notes, the documents they are about, and the amounts."""
    draft = links.drafts["Billings"]
    if not draft.has("type") and not draft.has("applies_to"):
        return  # invoices only
    _reasons(draft, findings)
    if draft.absent:
        return
    targets = _targets(draft, findings)
    _full_refunds(draft, targets, links, findings)
    _dates(draft, targets, findings)
    _amounts(draft, targets, findings)


def _reasons(draft: Draft, findings: Findings) -> None:
    """The reason of a credit note is a word of the list; it is kept as that word."""
    if not draft.has("reason"):
        return
    column = next(column for column in catalogue.columns("Billings") if column.field == "reason")
    words = {cells.fold(word): word for word in column.suggested}
    reasons = draft["reason"]
    for row, type in enumerate(draft["type"]):
        if type != "credit_note" or reasons[row] is None or draft.unread(row, "type"):
            continue
        word = words.get(cells.fold(reasons[row]))
        if word is None:
            findings.of_cell(
                "unknown-word",
                draft,
                row,
                "reason",
                "The reason of a credit note decides what becomes of the contract. Use one of: "
                f"{', '.join(column.suggested)}; or leave it blank.",
            )
        else:
            reasons[row] = word


def _targets(draft: Draft, findings: Findings) -> dict[int, int]:
    """Row -> row of the document it applies to, where that can be told; what is wrong with it is noted."""
    by_number: dict[str, list[int]] = defaultdict(list)
    for row, number in enumerate(draft["document_id"]):
        by_number[number].append(row)
    nearest = Nearest(draft["document_id"], "document")
    targets: dict[int, int] = {}
    for row, (type, number) in enumerate(zip(draft["type"], draft["applies_to"], strict=True)):
        if (type == "invoice" and number is None) or draft.unread(row, "type", "applies_to"):
            continue
        if number is None:
            _needs_target(draft, row, findings)
            continue
        target = _pick(draft, row, by_number.get(number, []), number, nearest, findings)
        if target is not None and _may_apply(draft, row, target, findings):
            targets[row] = target
    return targets


def _needs_target(draft: Draft, row: int, findings: Findings) -> None:
    if draft["type"][row] == "void":
        findings.of_cell(
            "applies-to-missing",
            draft,
            row,
            "applies_to",
            "A void withdraws one document. Enter the number of that document.",
            found=draft.found(row, "type", "applies_to"),
        )


def _pick(draft: Draft, row: int, found: list[int], number: str, nearest: Nearest, findings: Findings) -> int | None:
    """The document meant: of the same contract and, if several bear the number, from the same source."""
    others = [each for each in found if each != row]
    same_contract = [each for each in others if draft["contract_id"][each] == draft["contract_id"][row]]
    same_source = [each for each in same_contract if draft["source"][each] == draft["source"][row]] or same_contract
    if not others:
        if "document_id" not in draft.broken:  # an unreadable number may be the one
            findings.of_cell("unknown-document", draft, row, "applies_to", _unknown_remedy(draft, row, number, nearest))
    elif not same_contract:
        if not draft.unread(row, "contract_id") and not draft.unread(others[0], "contract_id"):
            findings.of_cell(
                "document-of-another-contract",
                draft,
                row,
                "applies_to",
                f"{number} is of contract {draft['contract_id'][others[0]]}, so it cannot be credited or paid by "
                "another. Correct one.",
            )
    elif len({draft["source"][each] for each in same_source}) == len(same_source) > 1:
        findings.of_cell(
            "ambiguous-document",
            draft,
            row,
            "applies_to",
            f"{number} stands in {' and in '.join(draft.where(each, 'document_id') for each in same_source)}. Enter "
            "the source "
            "of the one that is meant.",
        )
    else:
        return same_source[0]
    return None


def _unknown_remedy(draft: Draft, row: int, number: str, nearest: Nearest) -> str:
    if draft["document_id"][row] == number:
        return "A document cannot apply to itself. Enter the number of the other one."
    return f"{nearest.to(number)} Until this is fixed nobody can say what is credited or paid."


def _may_apply(draft: Draft, row: int, target: int, findings: Findings) -> bool:
    type, other = draft["type"][row], draft["type"][target]
    if draft.unread(target, "type"):
        return False
    allowed = _MAY_APPLY_TO[type]
    if other in allowed or (type == other == "invoice" and (draft["amount"][row] or 0) < 0):
        return True
    to = "An invoice, unlike a note, applies to none"
    if allowed:
        to = f"A {type} applies to {' or '.join(map(_an, allowed))}"
    findings.of_cell(
        "wrong-document-type",
        draft,
        row,
        "applies_to",
        f"{to}, and {draft['document_id'][target]} is {_an(other)}. Correct one.",
        found=draft.found(row, "type", "applies_to"),
    )
    return False


def _an(type: str) -> str:
    return f"{'an' if type == 'invoice' else 'a'} {type}"


def _size(draft: Draft, row: int) -> int:
    amount: int = draft["amount"][row] or 0
    return abs(amount)


def _readable(draft: Draft, row: int) -> bool:
    return not draft.unread(row, "amount", "date", "contract_id", "type", "currency")


# ---- when, and what may be credited, voided, paid


def _dates(draft: Draft, targets: dict[int, int], findings: Findings) -> None:
    """What moves the price by what a document billed comes after it; other notes wait for it, and money may come
    first."""
    for row, target in targets.items():
        moves = draft["type"][row] == "write_off" or draft["reason"][row] in _MOVING
        if draft["type"][row] not in _CREDITS or not (moves and _readable(draft, row) and _readable(draft, target)):
            continue
        if draft["date"][row] < draft["date"][target]:
            findings.of_cell(
                "note-before-document",
                draft,
                row,
                "date",
                "Nothing was billed that day by which the price could move. Correct one of the two dates, or the "
                "document it applies to.",
                found=f"{draft.found(row)}   {draft['document_id'][target]} is of {draft['date'][target]}",
            )


def _amounts(draft: Draft, targets: dict[int, int], findings: Findings) -> None:
    """By day, then number: credits up to the document, a void of what is left, payments beyond it."""
    by_document: dict[int, list[int]] = defaultdict(list)
    for row, target in targets.items():
        if _readable(draft, row) and _readable(draft, target):
            by_document[target].append(row)
    for document, rows in by_document.items():
        rows.sort(key=lambda row: (draft["date"][row], draft["type"][row] == "void", draft["document_id"][row] or ""))
        _credits(draft, document, [row for row in rows if draft["type"][row] in (*_CREDITS, "void")], findings)
        _payments(draft, document, rows, findings)


def _credits(draft: Draft, document: int, rows: list[int], findings: Findings) -> None:
    left = _size(draft, document)
    decimals = draft.decimals_of(document)
    for row in rows:
        size = _size(draft, row)
        if draft["type"][row] == "void" and size != left:
            findings.of_cell(
                "void-amount",
                draft,
                row,
                "amount",
                "A void withdraws a document as a whole. Enter what is left of it, or use a credit note.",
                found=f"{draft.found(row)}   {money(left, decimals)} is left of {_named(draft, document)}",
            )
        elif size > left:
            findings.of_cell(
                "credits-above-document",
                draft,
                row,
                "amount",
                "More would be taken back than was billed. Correct the amount, or split the note by document.",
                found=f"{draft.found(row)}   {money(left, decimals)} is left of {_named(draft, document)}",
            )
        left = max(left - size, 0)


def _payments(draft: Draft, document: int, rows: list[int], findings: Findings) -> None:
    rows = [row for row in rows if draft["type"][row] == "payment"]
    if any(draft.unread(row, "tax_amount") for row in (document, *rows)):
        return
    owed, paid = _gross(draft, document), 0
    number, decimals = draft["document_id"][document], draft.decimals_of(document)
    if sum(_gross(draft, row) for row in rows) <= owed:
        return
    for row in rows:
        paid += _gross(draft, row)
        if paid > owed >= 0:
            findings.of_cell(
                "paid-above-document",
                draft,
                row,
                "amount",
                "The excess stays a credit of the customer. If the payment was for several documents, leave applies_to "
                "blank.",
                found=f"{draft.found(row)}   {money(paid, decimals)} paid on {number}, of {money(owed, decimals)}",
            )


def _gross(draft: Draft, row: int) -> int:
    amount: int = draft["amount"][row] + (draft["tax_amount"][row] or 0)
    return amount


def _named(draft: Draft, document: int) -> str:
    return f"{draft['document_id'][document]} of {money(draft['amount'][document], draft.decimals_of(document))}"


# ---- full refunds


def _full_refunds(draft: Draft, targets: dict[int, int], links: Links, findings: Findings) -> None:
    """A full refund undoes all of what it covers, what the former system billed too; several of one day count
    together."""
    refunds: dict[_Cover, list[int]] = defaultdict(list)
    for row, (type, reason) in enumerate(zip(draft["type"], draft["reason"], strict=True)):
        if type == "credit_note" and reason == "full_refund" and _readable(draft, row):
            cover = draft["contract_id"][row], draft["obligation_id"][row], targets.get(row), draft["date"][row]
            if draft["applies_to"][row] is None or row in targets:
                refunds[cover].append(row)
    by_contract: dict[str, list[int]] = defaultdict(list)
    for row, contract in enumerate(draft["contract_id"] if refunds else ()):
        by_contract[contract].append(row)
    for cover, rows in refunds.items():
        others = [row for row in by_contract[cover[0]] if row not in rows and draft["type"][row] not in _CASH]
        left = _left_of(draft, others, cover, targets)
        if left is not None and cover[2] is None:
            left += _taken_over(links.drafts["Openings"], cover[0], cover[1])
        if left is not None and sum(_size(draft, row) for row in rows) < left:
            _note_too_small(draft, rows[-1], left, cover, findings)


def _left_of(draft: Draft, rows: list[int], cover: _Cover, targets: dict[int, int]) -> int | None:
    """What the documents covered come to on the day, less all other credits; None where it cannot be told."""
    _, obligation, document, day = cover
    left = 0
    for row in rows:
        invoice = draft["type"][row] == "invoice"
        if draft["type"][row] in ("credit_note", "write_off") and draft["applies_to"][row] is None:
            return None  # what it takes of which document is only known once the schedule is made
        if document is not None and (row if invoice else targets.get(row)) != document:
            continue
        if not _readable(draft, row) or (obligation is not None and draft["obligation_id"][row] != obligation):
            return None  # a line's part of a document of several lines is only known once prices are allocated
        if draft["date"][row] <= day:
            left += draft["amount"][row] if invoice else -_size(draft, row)
    return left


def _taken_over(openings: Draft, contract: str, obligation: str | None) -> int:
    """What had been billed of a contract, or of one line, when it was taken over."""
    rows = zip(openings["contract_id"], openings["obligation_id"], openings["billed"], strict=True)
    return sum(billed or 0 for of, line, billed in rows if of == contract and obligation in (None, line))


def _note_too_small(draft: Draft, row: int, left: int, cover: _Cover, findings: Findings) -> None:
    contract, _, document, _ = cover
    of = draft["document_id"][document] if document is not None else f"what was billed on {contract}"
    findings.of_cell(
        "full-refund-too-small",
        draft,
        row,
        "amount",
        "A full refund takes price and revenue of what it covers to zero. Enter all of it, or use reason price or "
        "goodwill.",
        found=f"{draft.found(row)}   {money(left, draft.decimals_of(row))} is left of {of}",
    )
