"""Events that only make sense one after the other: pause and resume, hold and release, activate once."""

from __future__ import annotations

from engine.book.findings import Findings
from engine.book.timeline import Timeline

#: type -> (the state it needs, as (which, on or off), what is wrong without it)
_STEPS: dict[str, tuple[str, bool, str]] = {
    "pause": ("paused", False, "paused-twice"),
    "resume": ("paused", True, "resumed-without-pause"),
    "hold": ("held", False, "held-twice"),
    "release": ("held", True, "released-without-hold"),
    "activate": ("activated", False, "activated-twice"),
}
_REMEDIES = {
    "paused-twice": "The clock stands still already. Enter the resume between, or delete one of the two.",
    "resumed-without-pause": "The clock runs already on that day. Enter the pause before it, or delete the row.",
    "held-twice": "Recognition is held already. Enter the release between, or delete one of the two.",
    "released-without-hold": "Nothing is held on that day. Enter the hold before it, or delete the row.",
    "activated-twice": "A service has one real start. Delete one of the two.",
}


def check_sequences(timeline: Timeline, findings: Findings) -> None:
    """Notes every event that comes at the wrong time."""
    draft = timeline.links.drafts["Events"]
    for row, name, since in steps_out_of_turn(timeline):
        found = draft.found(row)
        if since is not None:
            found = f"{found}   {draft['type'][since]} of {draft['date'][since]} in {draft.where(since, 'event_id')}"
        findings.of_cell(name, draft, row, "type", _REMEDIES[name], found=found)


def steps_out_of_turn(timeline: Timeline) -> list[tuple[int, str, int | None]]:
    """(row, name of the rule, row of the event that stands against it) of every event that comes at the wrong time.

    An event of the whole contract is in turn if it is for any of its obligations.
    """
    return [wrong for rows in timeline.by_contract.values() for wrong in _walk(timeline, rows)]


def _walk(timeline: Timeline, rows: list[int]) -> list[tuple[int, str, int | None]]:
    draft = timeline.links.drafts["Events"]
    since: dict[tuple[str, int], int] = {}
    wrong: list[tuple[int, str, int | None]] = []
    for row in rows:
        step = _STEPS.get(draft["type"][row])
        lines = timeline.about(row) if step else []
        if step is None or not lines:
            continue
        state, needed, name = step
        ready = [line for line in lines if ((state, line) in since) == needed]
        if not ready:
            wrong.append((row, name, None if needed else since[state, lines[0]]))
        for line in ready:
            if needed:
                del since[state, line]
            else:
                since[state, line] = row
    return wrong
