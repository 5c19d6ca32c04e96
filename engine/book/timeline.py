"""The events of each contract in the order in which they take effect, and the obligations each is about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from engine.book.links import Links
from engine.book.tables import CHANGES

#: event type -> the methods it fits; the types not named fit any
METHODS: dict[str, tuple[str, ...]] = {
    "deliver": ("point_in_time", "milestone"),
    "progress": ("progress",),
    "use": ("usage",),
    "redeem": ("redemption",),
    "expire": ("usage", "redemption"),
    "estimate": ("progress", "redemption"),
    "recognize": ("manual",),
    "activate": ("ratable",),
    "pause": ("ratable",),
    "resume": ("ratable",),
}
#: types that mean every obligation of the contract they fit if they name none
OF_ALL = ("hold", "release", "activate", "pause", "resume", "cancel")
#: what a change sets; a row without any of them only speaks for its date
TERMS = ("price", "end", "quantity", "ssp", "amount")
#: the order of what takes effect on one day (docs/rules.md)
_RANK = {
    "estimate": 0,
    **dict.fromkeys(CHANGES, 1),
    "cancel": 2,
    "activate": 3,
    "resume": 4,
    "release": 5,
    "deliver": 6,
    "progress": 6,
    "use": 6,
    "redeem": 6,
    "recognize": 6,
    "expire": 7,
    "pause": 8,
    "hold": 9,
}


@dataclass(frozen=True)
class Timeline:
    """What the events of a book are about, and when each takes effect."""

    links: Links
    _about: dict[int, list[int]] = field(default_factory=dict)

    def candidates(self, row: int) -> list[int]:
        """The obligations an event can mean by its contract, its type and what it measures."""
        events = self.links.drafts["Events"]
        lines = self.links.lines.get(events["contract_id"][row], [])
        methods = METHODS.get(events["type"][row])
        if events["type"][row] == "estimate":
            methods = self._estimated(row)
        if methods is None:
            return lines
        return [line for line in lines if self.links.obligations["method"][line] in methods]

    def _estimated(self, row: int) -> tuple[str, ...]:
        events = self.links.drafts["Events"]
        by_quantity, by_percent = events["quantity"][row] is not None, events["percent"][row] is not None
        if by_quantity == by_percent:
            return METHODS["estimate"]
        return ("progress",) if by_quantity else ("redemption",)

    def moves_terms(self, row: int) -> bool:
        """Does a change row set anything, or does it only name the treatment of its date?"""
        events = self.links.drafts["Events"]
        return any(events[column][row] is not None for column in TERMS)

    def takes_away(self, row: int) -> bool:
        """Does a change row lower a price, by its size?"""
        events, lines = self.links.drafts["Events"], self.about(row)
        price = events["price"][row]
        if price is None or not lines:
            return False
        before, day = self.links.obligations["price"][lines[0]], events["date"][row]
        for other in self.by_contract.get(events["contract_id"][row], ()):
            moves = events["type"][other] in CHANGES and events["price"][other] is not None
            if moves and events["date"][other] < day and self.about(other) == lines:
                before = events["price"][other]
        return before is not None and bool((price - before) * before < 0)

    def about(self, row: int) -> list[int]:
        """The obligations an event is about; none if that cannot be told."""
        if row not in self._about:
            self._about[row] = self._find(row)
        return self._about[row]

    def _find(self, row: int) -> list[int]:
        events = self.links.drafts["Events"]
        contract, obligation = events["contract_id"][row], events["obligation_id"][row]
        if obligation is not None:
            line = self.links.obligation_rows.get((contract, obligation))
            return [] if line is None else [line]
        candidates = self.candidates(row)
        if events["type"][row] in OF_ALL:
            return candidates
        if events["type"][row] in CHANGES and not self.moves_terms(row):
            return []
        return candidates if len(candidates) == 1 else []

    @cached_property
    def by_contract(self) -> dict[str, list[int]]:
        """Contract id -> rows of its events in order; without contracts that have an event or line nobody can place."""
        events, obligations = self.links.drafts["Events"], self.links.obligations
        found: dict[str, list[int]] = defaultdict(list)
        for row, contract in enumerate(events["contract_id"]):
            found[contract].append(row)
        unplaced = events.rows_unread("date", "type", "contract_id", "obligation_id")
        left_out = {events["contract_id"][row] for row in unplaced}
        left_out |= {obligations["contract_id"][row] for row in obligations.rows_unread("obligation_id", "method")}
        return {
            contract: sorted(rows, key=self._order)
            for contract, rows in found.items()
            if contract is not None and contract not in left_out and contract in self.links.lines
        }

    def _order(self, row: int) -> tuple[object, ...]:
        events = self.links.drafts["Events"]
        return events["date"][row], _RANK[events["type"][row]], events["event_id"][row] or "", row


def name_obligations(timeline: Timeline) -> None:
    """Write the obligation into every event that can mean only one, so that nobody has to ask again."""
    events, obligations = timeline.links.drafts["Events"], timeline.links.obligations["obligation_id"]
    for row, (type, named) in enumerate(zip(events["type"], events["obligation_id"], strict=True)):
        if named is None and type not in OF_ALL:
            lines = timeline.about(row)
            if len(lines) == 1:
                events["obligation_id"][row] = obligations[lines[0]]
