"""Reasons: the rows that were changed between two states of a book, as far as they can move a contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from engine.book.differences import RowChange, changed_rows
from engine.schedule.schedule import Schedule

#: rows that are named; further ones are counted
_NAMED = 4


class Reasons:
    """Which rows were changed, by contract."""

    def __init__(self, before: Schedule, after: Schedule) -> None:
        self._own: dict[str, list[RowChange]] = defaultdict(list)
        self._general: list[RowChange] = []
        for change in changed_rows(before.book, after.book):
            for contract in change.contracts:
                self._own[contract].append(change)
            if not change.contracts:
                self._general.append(change)
        self._groups = [_groups(schedule) for schedule in (before, after)]
        ids = dict.fromkeys(id_ for schedule in (after, before) for id_ in schedule.book.contracts["contract_id"])
        self._known = set(before.book.contracts["contract_id"])
        self._place = {id_: place for place, id_ in enumerate(ids)}

    @property
    def contracts(self) -> set[str] | None:
        """The contracts that can have moved, those that were or are combined with others among them; None is any.

        Where no row was changed there is another version of Ratable behind it, and any contract can have moved.
        """
        if self._general or not self._own:
            return None
        return {*self._own, *self._groups[0], *self._groups[1]}

    def of(self, contract: str) -> str:
        """The rows that moved a contract: its own, those of contracts combined with it, and what moves any."""
        together = dict.fromkeys(id_ for groups in self._groups for id_ in groups.get(contract, (contract,)))
        changes = self._own.get(contract) or [change for id_ in together for change in self._own.get(id_, ())]
        return _in_words([*changes, *self._general]) or "calculated otherwise by this version of Ratable"

    def place(self, contract: str) -> int:
        """Place of a contract in the order of the books, later than all if it is in neither."""
        return self._place.get(contract, len(self._place))

    def is_new(self, contract: str) -> bool:
        """Whether only the later book has the contract."""
        return contract in self._place and contract not in self._known


def _groups(schedule: Schedule) -> dict[str, list[str]]:
    """Contracts of each group of combined ones, by each of them."""
    layout = schedule.layout
    found: dict[str, list[str]] = {}
    for group in layout.groups:
        if len(group) > 1:
            ids = [layout.contract_id(contract) for contract in group]
            found |= dict.fromkeys(ids, ids)
    return found


def _in_words(changes: Iterable[RowChange]) -> str:
    said = list(dict.fromkeys(str(change) for change in changes))
    more = f" and {len(said) - _NAMED} more" if len(said) > _NAMED else ""
    return "; ".join(said[:_NAMED]) + more
