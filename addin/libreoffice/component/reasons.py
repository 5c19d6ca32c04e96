"""Why cells show errors: the reason behind each answer, by workbook, formula and arguments - LibreOffice does not tell
an add-in which cell it calculates."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

Key = tuple[str, tuple[Any, ...]]
Noted = dict[tuple[int, int], str]

_MOST = 100_000


class _Anything:
    """An argument nobody can tell: equal to every other."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


#: Stands for an argument that is itself calculated.
ANYTHING = _Anything()


class Reasons:
    """The last reasons given."""

    def __init__(self) -> None:
        self._noted: OrderedDict[tuple[int, Key], Noted] = OrderedDict()

    def note(self, workbook: int, key: Key, reasons: Mapping[tuple[int, int], str]) -> None:
        """Remember why an answer has errors, or that it has none any more."""
        self._noted.pop((workbook, key), None)
        if reasons:
            self._noted[workbook, key] = dict(reasons)
            if len(self._noted) > _MOST:
                self._noted.popitem(last=False)

    def noted(self, workbook: int, key: Key) -> Noted:
        """The reasons of an answer; none if it has no errors."""
        return self._noted.get((workbook, key), {})

    def fitting(self, workbook: int, formula: str, arguments: Sequence[Any], at: tuple[int, int]) -> list[str]:
        """The reasons of every answer to these arguments, of which some may be ANYTHING; the latest first.

        at  row and column of the cell within the answer
        """
        found = []
        for (book, (name, given)), reasons in reversed(self._noted.items()):
            padded = (*arguments, *[None] * (len(given) - len(arguments)))
            if book == workbook and name == formula and all(a == b for a, b in zip(padded, given, strict=True)):
                found.append(reasons.get(at) or next(iter(reasons.values())))
        return list(dict.fromkeys(found))
