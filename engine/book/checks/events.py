"""Events: each names an obligation it fits, and says what it needs to, once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from engine.book.draft import Draft, listed
from engine.book.findings import Findings
from engine.book.links import Links
from engine.book.tables import CHANGES
from engine.book.timeline import METHODS, OF_ALL, TERMS, Timeline


def check_events(timeline: Timeline, findings: Findings) -> None:
    """Every event by itself, and the treatments of each change."""
    links = timeline.links
    draft = links.drafts["Events"]
    if len(draft) and draft.absent & {"type", "contract_id"}:
        return
    for row, type in enumerate(draft["type"]):
        if draft.unread(row, "type"):
            continue
        _treatment_fits(draft, row, type, findings)
        if type in CHANGES:
            _change_says_something(draft, row, timeline, findings)
        if draft.unread(row, "contract_id", "obligation_id") or not links.obligations_are_known:
            continue
        if draft["contract_id"][row] in links.lines:
            for line in _fitting(timeline, row, findings):
                _needs(links, row, type, line, findings)
    _treatments_agree(timeline, findings)


def _treatment_fits(draft: Draft, row: int, type: str, findings: Findings) -> None:
    treatment = draft["treatment"][row]
    if treatment is None or (type == "resume" if treatment == "extend" else type in CHANGES):
        return
    belongs = "a resume" if treatment == "extend" else "a change (change, upgrade, downgrade, renew, extend)"
    findings.of_cell(
        "treatment-does-not-fit",
        draft,
        row,
        "treatment",
        f"{treatment} is a treatment of {belongs}. Clear the cell, or enter it on a row of that type.",
        found=draft.found(row, "treatment"),
    )


def _change_says_something(draft: Draft, row: int, timeline: Timeline, findings: Findings) -> None:
    if timeline.moves_terms(row) or draft["treatment"][row] is not None or draft.unread(row, *TERMS, "treatment"):
        return
    findings.of_cell(
        "event-incomplete",
        draft,
        row,
        "price",
        "A change sets a new price, end, quantity, ssp or amount, or names a treatment. Enter what changes.",
        found=draft.found(row),
    )


def _fitting(timeline: Timeline, row: int, findings: Findings) -> list[int]:
    """The obligations the event is about, as far as it fits them; what does not fit is noted."""
    links, draft = timeline.links, timeline.links.drafts["Events"]
    type, named = draft["type"][row], draft["obligation_id"][row]
    lines = timeline.about(row)
    if named is not None:
        return [line for line in lines if _fits(links, row, line, findings)]
    if lines or (type in CHANGES and not timeline.moves_terms(row)):
        return lines
    candidates = timeline.candidates(row)
    every = links.lines[draft["contract_id"][row]]
    if any(links.obligations.unread(line, "method") for line in every):
        return []
    if not candidates:
        findings.of_cell(
            "event-does-not-fit",
            draft,
            row,
            "type",
            f"{draft['contract_id'][row]} has no obligation with method {listed(METHODS[type], 'or')}. Correct the "
            "type or the contract.",
            found=draft.found(row),
        )
    elif type not in OF_ALL:
        ids = listed(str(links.obligations["obligation_id"][line]) for line in candidates)
        findings.of_cell(
            "event-needs-obligation",
            draft,
            row,
            "obligation_id",
            f"It could be {ids}. Enter the one that is meant.",
            found=draft.found(row),
        )
    return []


def _fits(links: Links, row: int, line: int, findings: Findings) -> bool:
    draft, method = links.drafts["Events"], links.obligations["method"][line]
    type = draft["type"][row]
    methods = METHODS.get(type)
    if methods is None or method in methods:
        return True
    if not links.obligations.unread(line, "method"):
        findings.of_cell(
            "event-does-not-fit",
            draft,
            row,
            "type",
            f"{draft['obligation_id'][row]} has method {method}, and {type} is an event of {listed(methods, 'and')}. "
            "Correct the type, or the method of the obligation.",
            found=f"{draft.found(row)}   method {method}",
        )
    return False


# ---- what an event needs


def _lacks(draft: Draft, row: int, column: str, remedy: str, findings: Findings) -> None:
    findings.of_cell("event-incomplete", draft, row, column, remedy, found=draft.found(row))


def _twice(draft: Draft, row: int, columns: tuple[str, ...], remedy: str, findings: Findings) -> None:
    findings.of_cell("event-overdetermined", draft, row, columns[0], remedy, found=draft.found(row, *columns))


def _milestone(links: Links, row: int, line: int, given: set[str], findings: Findings) -> None:
    draft = links.drafts["Events"]
    if not given & {"amount", "percent"}:
        remedy = "A milestone earns an amount, or a percent of the price. Enter one of them."
        _lacks(draft, row, "amount", remedy, findings)
    elif given >= {"amount", "percent"}:
        _twice(draft, row, ("amount", "percent"), "Nobody can say which of the two is earned. Keep one.", findings)


def _delivery(links: Links, row: int, line: int, given: set[str], findings: Findings) -> None:
    draft, obligations = links.drafts["Events"], links.obligations
    if "amount" in given:
        remedy = "A delivery is all of it, a percent or a quantity. Enter one of these, or use method milestone."
        _twice(draft, row, ("amount",), remedy, findings)
    elif given >= {"quantity", "percent"}:
        _twice(draft, row, ("quantity", "percent"), "Nobody can say which of the two is delivered. Keep one.", findings)
    elif "quantity" in given and obligations["quantity"][line] is None and not obligations.unread(line, "quantity"):
        remedy = (
            f"{draft.text(row, 'obligation_id') or 'The obligation'} has no quantity this is a part of. "
            "Enter it in Obligations, or deliver a percent."
        )
        _lacks(draft, row, "quantity", remedy, findings)


def _progress(links: Links, row: int, line: int, given: set[str], findings: Findings) -> None:
    draft = links.drafts["Events"]
    if not given & {"quantity", "percent"}:
        _lacks(draft, row, "quantity", "Progress adds a quantity, or sets a percent. Enter one of them.", findings)
    elif given >= {"quantity", "percent"}:
        _twice(draft, row, ("quantity", "percent"), "One adds to the measure, the other sets it. Keep one.", findings)
    elif "quantity" in given:
        _expected_total_there(links, line, findings)


def _expected_total_there(links: Links, line: int, findings: Findings) -> None:
    obligations = links.obligations
    if obligations["expected_total"][line] is None and not obligations.unread(line, "expected_total"):
        findings.of_cell(
            "expected-total-missing",
            obligations,
            line,
            "expected_total",
            "Its progress is entered in units, and without the total of them no share is known. Enter the units "
            "expected in all.",
            found=obligations.found(line, "method", "expected_total"),
        )


def _use(links: Links, row: int, line: int, given: set[str], findings: Findings) -> None:
    draft, obligations = links.drafts["Events"], links.obligations
    if not given & {"amount", "quantity"}:
        _lacks(draft, row, "amount", "Use earns an amount, or a quantity at a price. Enter one of them.", findings)
        return
    priced = given & {"amount", "price"} or obligations["quantity"][line] is not None
    if not priced and not obligations.unread(line, "quantity"):
        remedy = "A quantity needs the price of one unit: here, or as price and quantity of the obligation."
        _lacks(draft, row, "price", remedy, findings)


def _redeem(links: Links, row: int, line: int, given: set[str], findings: Findings) -> None:
    if "quantity" not in given:
        _lacks(links.drafts["Events"], row, "quantity", "Enter how many rights were redeemed.", findings)


def _recognize(links: Links, row: int, line: int, given: set[str], findings: Findings) -> None:
    if "amount" not in given:
        _lacks(links.drafts["Events"], row, "amount", "Enter the revenue to recognize.", findings)


def _estimate(links: Links, row: int, line: int, given: set[str], findings: Findings) -> None:
    draft = links.drafts["Events"]
    if links.obligations["method"][line] == "progress":
        if "quantity" not in given:
            _lacks(draft, row, "quantity", "Enter the new expected total of the work.", findings)
        else:
            _positive(draft, row, "The measure of progress is a share of it. Enter the new expected total.", findings)
            _expected_total_there(links, line, findings)
    elif "percent" not in given:
        _lacks(draft, row, "percent", "Enter the part of the rights that is now expected to lapse.", findings)
    elif draft["percent"][row] >= 100:
        findings.of_cell(
            "number-out-of-range",
            draft,
            row,
            "percent",
            "Expected breakage is below 100. If nothing more can be redeemed, enter the event expire.",
        )


def _positive(draft: Draft, row: int, remedy: str, findings: Findings) -> None:
    if draft["quantity"][row] <= 0:
        findings.of_cell("quantity-not-positive", draft, row, "quantity", remedy)


def _change(links: Links, row: int, line: int, given: set[str], findings: Findings) -> None:
    draft = links.drafts["Events"]
    if "quantity" in given:
        _positive(draft, row, "A change sets the new total. To end the obligation enter the event cancel.", findings)
    start = links.inherited("Obligations", "start")[line] if "end" in given else None
    if start is not None and draft["end"][row] < start and not links.obligations.unread(line, "start"):
        findings.of_cell(
            "end-before-start",
            draft,
            row,
            "end",
            "The obligation would have no term. Correct end, or enter the event cancel.",
            found=f"{draft.found(row, 'end')}   start {start}",
        )


#: event type -> what it needs; `deliver` by its method, changes by `_change`
_NEEDS = {
    "progress": _progress,
    "use": _use,
    "redeem": _redeem,
    "recognize": _recognize,
    "estimate": _estimate,
    **dict.fromkeys(CHANGES, _change),
}
_MEASURES = ("amount", "quantity", "percent", "price", "end")


def _needs(links: Links, row: int, type: str, line: int, findings: Findings) -> None:
    draft, obligations = links.drafts["Events"], links.obligations
    check = _NEEDS.get(type)
    if type == "deliver":
        check = _milestone if obligations["method"][line] == "milestone" else _delivery
    if check is None or draft.unread(row, *_MEASURES) or obligations.unread(line, "method"):
        return
    check(links, row, line, {column for column in _MEASURES if draft.columns[column][row] is not None}, findings)


# ---- treatments


def _treatments_agree(timeline: Timeline, findings: Findings) -> None:
    """All change rows of one contract and day are one change; if its rows name several treatments, it is said what
    that means."""
    draft = timeline.links.drafts["Events"]
    changes: dict[tuple[Any, Any], list[int]] = defaultdict(list)
    for row, type in enumerate(draft["type"]):
        if type in CHANGES and not draft.unread(row, "contract_id", "date", "type", "treatment"):
            changes[draft["contract_id"][row], draft["date"][row]].append(row)
    for rows in changes.values():
        named = [row for row in rows if draft["treatment"][row] is not None]
        for row in named:
            first = draft["treatment"][named[0]]
            if draft["treatment"][row] != first:
                findings.of_cell(
                    "treatments-differ",
                    draft,
                    row,
                    "treatment",
                    "Each row is treated as it says (606-10-25-13c). What is added that day, and rows without a "
                    "treatment, follow a row with nothing but a treatment, else they are prospective.",
                    found=f"{draft.found(row, 'treatment')}   {first} in {draft.where(named[0], 'treatment')}",
                )
    _note_assumed(timeline, changes, findings)


def _note_assumed(timeline: Timeline, changes: dict[tuple[Any, Any], list[int]], findings: Findings) -> None:
    """A change nobody named a treatment for is separate only under conditions; else it is prospective, and said so."""
    links = timeline.links
    draft, obligations = links.drafts["Events"], links.obligations
    added: dict[tuple[Any, Any], list[int]] = defaultdict(list)
    if obligations.has("added_on"):
        signed = links.inherited_signing()
        for line, day in enumerate(obligations["added_on"]):
            if day is not None and signed[line] is not None and day > signed[line]:
                added[obligations["contract_id"][line], day].append(line)
    cancelled = {
        (contract, day)
        for contract, day, type in zip(draft["contract_id"], draft["date"], draft["type"], strict=True)
        if type == "cancel"
    }
    for key in dict.fromkeys([*changes, *added]):
        rows, lines = changes.get(key, []), added.get(key, [])
        if key[0] not in links.contract_rows or any(draft["treatment"][row] is not None for row in rows):
            continue
        if lines and not cancelled.isdisjoint((key, (key[0], key[1] - dt.timedelta(1)))):
            continue  # an upgrade is prospective by rule, not by assumption
        moving = [row for row in rows if any(draft[column][row] is not None for column in TERMS if column != "amount")]
        at_ssp = all(obligations["ssp"][line] == obligations["price"][line] for line in lines)
        renewed = all(
            draft["type"][row] == "renew" and draft["end"][row] is not None and not timeline.takes_away(row)
            for row in moving
        )
        if (moving or lines) and not (at_ssp and renewed):
            remedy = (
                "It is taken as prospective: what is unearned is earned over what is left (606-10-25-13a). "
                "Enter a treatment on a change row of that day: separate, prospective or catch_up."
            )
            if moving:
                found = draft.found(moving[0])
                findings.of_cell("treatment-assumed", draft, moving[0], "treatment", remedy, found=found)
            else:
                findings.of_cell("treatment-assumed", obligations, lines[0], "added_on", remedy)
