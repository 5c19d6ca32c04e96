"""Everything found wrong with a book so far, to be told all at once, in the order of tables, rows and columns."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.book import catalogue
from engine.book.draft import Draft
from engine.book.problem_names import STOPPING, TITLES
from engine.book.problems import Problem, Severity

_Place = tuple[int, int, int]


@dataclass
class Findings:
    """Collects problems as the checks come upon them."""

    _noted: list[tuple[_Place, Problem]] = field(default_factory=list)

    def of_cell(self, name: str, draft: Draft, row: int, column: str, remedy: str, *also: str, found: str = "") -> None:
        """A problem of one cell; `also` are further columns of the row to show.

        A stopping problem marks the cell, so that later checks leave it alone.
        """
        found = found or draft.found(row, column, *also)
        position = draft.positions.get(column, 0)
        self._note(name, (draft.order, row + 1, position), draft.where(row, column), found, remedy)
        if name in STOPPING:
            draft.mark(row, column)

    def of_table(self, name: str, table: str, where: str, found: str, remedy: str, position: int = 0) -> None:
        """A problem of a whole table, or of its header."""
        self._note(name, (catalogue.table_names().index(table), 0, position), where, found, remedy)

    def of_setting(self, name: str, row: int, where: str, found: str, remedy: str) -> None:
        self._note(name, (0, row + 1, 0), where, found, remedy)

    def of_file(self, name: str, where: str, found: str, remedy: str) -> None:
        """A problem of the file as a whole."""
        self._note(name, (-1, 0, 0), where, found, remedy)

    def count(self) -> int:
        return len(self._noted)

    def stopped(self) -> bool:
        return any(problem.severity is Severity.STOP for _, problem in self._noted)

    def in_order(self) -> list[Problem]:
        """All problems, by table, row and column."""
        return [problem for _, problem in sorted(self._noted, key=lambda noted: noted[0])]

    def _note(self, name: str, place: _Place, where: str, found: str, remedy: str) -> None:
        severity = Severity.STOP if name in STOPPING else Severity.WARN
        self._noted.append((place, Problem(severity, name, where, found, remedy, TITLES[name])))
