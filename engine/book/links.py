"""Who belongs to whom: contracts by id, the obligations of each, documents by number."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any

from engine.book.draft import Draft
from engine.book.nearest import Nearest


def _first_rows(keys: list[Any]) -> dict[Any, int]:
    """Key -> the first row that has it."""
    rows = dict(zip(keys, range(len(keys)), strict=True))
    if len(rows) < len(keys):
        rows = {}
        for row, key in enumerate(keys):
            rows.setdefault(key, row)
    return rows


class Links:
    """The ids of a book and what they lead to, built as far as a check asks for it."""

    def __init__(self, drafts: dict[str, Draft]) -> None:
        self.drafts = drafts
        self.contracts, self.obligations = drafts["Contracts"], drafts["Obligations"]
        self._owners: dict[str, list[int | None]] = {}
        self._inherited: dict[tuple[str, str], list[Any]] = {}

    @cached_property
    def contract_rows(self) -> dict[str, int]:
        """Contract id -> its row, the first if it is there twice."""
        rows = _first_rows(self.contracts["contract_id"])
        rows.pop(None, None)
        return rows

    @cached_property
    def obligation_rows(self) -> dict[tuple[str, str], int]:
        """(contract id, obligation id) -> its row, the first if it is there twice."""
        return _first_rows(list(zip(self.obligations["contract_id"], self.obligations["obligation_id"], strict=True)))

    @cached_property
    def lines(self) -> dict[str, list[int]]:
        """Contract id -> rows of its obligations, in table order."""
        lines: dict[str, list[int]] = defaultdict(list)
        for row, contract in enumerate(self.obligations["contract_id"]):
            if contract is not None:
                lines[contract].append(row)
        return dict(lines)

    @cached_property
    def contracts_are_known(self) -> bool:
        """Can anything be said about contract ids? Not without their table or its id column."""
        return self.contracts.raw is not None and "contract_id" not in self.contracts.absent

    @cached_property
    def obligations_are_known(self) -> bool:
        absent = self.obligations.absent
        return self.obligations.raw is not None and not absent & {"contract_id", "obligation_id"}

    def contract_of(self, table: str) -> list[int | None]:
        """Of each row of a table, the row of its contract; None if there is none."""
        if table not in self._owners:
            self._owners[table] = list(map(self.contract_rows.get, self.drafts[table]["contract_id"]))
        return self._owners[table]

    def inherited(self, table: str, column: str) -> list[Any]:
        """A column of a table where a blank cell means the contract's."""
        if (table, column) not in self._inherited:
            self._inherited[table, column] = self._with_contracts(table, column)
        return self._inherited[table, column]

    def _with_contracts(self, table: str, column: str) -> list[Any]:
        own = self.drafts[table][column]
        if not self.contracts.has(column) or None not in own:
            return own
        theirs = self.contracts[column]
        owners = self.contract_of(table)
        return [
            theirs[owner] if cell is None and owner is not None else cell
            for cell, owner in zip(own, owners, strict=True)
        ]

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """Contract id -> the ids of all contracts combined with it, itself included; without those that stand alone."""
        if not self.contracts.has("combined_with"):
            return {}
        leader: dict[str, str] = {}

        def find(contract: str) -> str:
            path = [contract]
            while leader.get(path[-1], path[-1]) != path[-1]:
                path.append(leader[path[-1]])
            leader.update(dict.fromkeys(path, path[-1]))  # the next search is one step
            return path[-1]

        for contract, other in zip(self.contracts["contract_id"], self.contracts["combined_with"], strict=True):
            if contract in self.contract_rows and other in self.contract_rows:
                first, second = sorted((find(contract), find(other)), key=self.contract_rows.__getitem__)
                leader[second] = first
        groups: dict[str, list[str]] = defaultdict(list)
        for contract in self.contract_rows:
            groups[find(contract)].append(contract)
        return {contract: group for group in groups.values() if len(group) > 1 for contract in group}

    @cached_property
    def nearest_contract(self) -> Nearest:
        return Nearest(self.contracts["contract_id"], "contract")

    @cached_property
    def cut_overs(self) -> dict[str, Any]:
        """Contract id -> the last day kept in the former system, of contracts that are taken over."""
        draft, days = self.drafts["Openings"], dict[str, Any]()
        for row, (contract, day) in enumerate(zip(draft["contract_id"], draft["cut_over"], strict=True)):
            if contract in self.contract_rows and not draft.unread(row, "cut_over"):
                days.setdefault(contract, day)
        return days

    @cached_property
    def opening_rows(self) -> dict[tuple[str, str], int]:
        """(contract id, obligation id) -> its row of Openings."""
        draft = self.drafts["Openings"]
        return _first_rows(list(zip(draft["contract_id"], draft["obligation_id"], strict=True)))

    def begins(self, contract: int) -> Any:
        """Day a contract, given by its row, begins in this book: its signing, or that on which it is taken over."""
        cut_over = self.cut_overs.get(self.contracts["contract_id"][contract])
        return self.contracts["signed_on"][contract] if cut_over is None else cut_over

    def price_is_stated(self, line: int) -> bool:
        """Is the price of an obligation the stated one, or only known once prices are allocated and estimated?"""
        draft, contract = self.obligations, self.obligations["contract_id"][line]
        group = self.groups.get(contract, [contract])
        lines = [each for other in group for each in self.lines.get(other, ())]
        if any(draft["ssp"][each] is not None or draft["allocation"][each] is not None for each in lines):
            return False
        named = self.estimated
        own = draft["obligation_id"][line]
        return not any((other, None) in named or (other, own) in named for other in group)

    @cached_property
    def estimated(self) -> set[tuple[Any, Any]]:
        """(contract id, obligation id or None) of every estimate."""
        estimates = self.drafts["Estimates"]
        return set(zip(estimates["contract_id"], estimates["obligation_id"], strict=True))

    def inherited_signing(self) -> list[Any]:
        """Of each obligation, the day its contract was signed; None if it has none."""
        signed = self.contracts["signed_on"]
        return [None if owner is None else signed[owner] for owner in self.contract_of("Obligations")]
