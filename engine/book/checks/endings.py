"""Where terms begin and end: nothing is cancelled or changed before it is there, nothing is cancelled twice, what is
cancelled gets no new terms, and a day sets a term once."""

from __future__ import annotations

from datetime import date, timedelta

from engine.book.draft import Draft
from engine.book.findings import Findings
from engine.book.tables import CHANGES
from engine.book.timeline import Timeline

_NEW_TERMS = ("price", "end", "quantity", "ssp")
_REMEDIES = {
    "cancelled-before-signing": "Nothing was in force that day that could end. Correct date, or signed_on of the "
    "contract.",
    "moved-before-added": "Nothing of it was in force that day that could move. Correct date, or added_on of the "
    "obligation.",
    "cancelled-twice": "Its service has ended already. Delete one of the two, or name the obligation that is meant.",
    "changed-after-cancel": "Its service has ended, and new terms would move nothing. Enter what is sold now as an "
    "obligation with added_on, or correct the cancel.",
    "changed-twice-a-day": "Nobody can say which of the two holds. Keep one, or enter them on two days.",
}


def check_endings(timeline: Timeline, findings: Findings) -> None:
    """Notes every event that comes before or after what it is about, and every term that a day sets twice."""
    draft = timeline.links.drafts["Events"]
    _before_the_start(timeline, findings)
    for rows in timeline.by_contract.values():
        for row, name, against, column in _walk(timeline, rows):
            found = (
                f"{draft.found(row)}   {draft['type'][against]} of {draft['date'][against]} in "
                f"{draft.where(against, 'event_id')}"
            )
            findings.of_cell(name, draft, row, column, _REMEDIES[name], found=found)


def _before_the_start(timeline: Timeline, findings: Findings) -> None:
    """Notes every cancel before its contract is signed, and every cancel or change of an obligation before it is added;
    a cancel on the eve replaces something."""
    links = timeline.links
    draft, contracts, obligations = links.drafts["Events"], links.contracts, links.obligations

    def note(name: str, row: int, since: date, of: Draft, other: int, column: str) -> None:
        found = f"{draft.found(row)}   {column} {since} in {of.where(other, column)}"
        findings.of_cell(name, draft, row, "date", _REMEDIES[name], found=found)

    for contract, rows in timeline.by_contract.items():
        owner = links.contract_rows.get(contract)
        if owner is None or contracts.unread(owner, "signed_on"):
            continue
        signed = contracts["signed_on"][owner]
        for row in rows:
            type, day = draft["type"][row], draft["date"][row]
            if type == "cancel" and day < signed:
                note("cancelled-before-signing", row, signed, contracts, owner, "signed_on")
            elif (type == "cancel" or type in CHANGES) and draft["obligation_id"][row] is not None:
                for line in timeline.about(row):
                    added = obligations["added_on"][line] if obligations.has("added_on") else None
                    first = day + timedelta(1) if type == "cancel" else day
                    if added is not None and added > max(signed, first):
                        note("moved-before-added", row, added, obligations, line, "added_on")


def _walk(timeline: Timeline, rows: list[int]) -> list[tuple[int, str, int, str]]:
    """(row, name of the rule, row it stands against, column) of every event that comes too late or twice."""
    draft = timeline.links.drafts["Events"]
    ended: dict[int, int] = {}
    set_on: dict[tuple[int, date, str], int] = {}
    wrong: list[tuple[int, str, int, str]] = []
    for row in rows:
        type, day = draft["type"][row], draft["date"][row]
        if type == "cancel":
            lines = [line for line in timeline.about(row) if _was_there(timeline, line, day)]
            if lines and all(line in ended for line in lines):
                wrong.append((row, "cancelled-twice", ended[lines[0]], "type"))
            ended.update((line, row) for line in lines if line not in ended)
        elif type in CHANGES and not draft.unread(row, *_NEW_TERMS):
            given = [column for column in _NEW_TERMS if draft[column][row] is not None]
            for line in timeline.about(row):
                if given and line in ended:
                    wrong.append((row, "changed-after-cancel", ended[line], given[0]))
                twice = [column for column in given if (line, day, column) in set_on]
                wrong += [(row, "changed-twice-a-day", set_on[line, day, column], column) for column in twice[:1]]
                set_on.update(((line, day, column), row) for column in given)
    return wrong


def _was_there(timeline: Timeline, line: int, day: date) -> bool:
    """Whether an obligation was there before a day; one added on it replaces what is cancelled."""
    obligations = timeline.links.obligations
    added = obligations["added_on"][line] if obligations.has("added_on") else None
    return added is None or added < day
