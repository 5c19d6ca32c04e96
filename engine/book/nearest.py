"""Ids like one that is not there, for the remedy of a message."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property

from engine.book.draft import listed

_WINDOW = 20  # neighbours in the alphabet that are compared letter by letter
_PATIENCE = 200  # unknown ids that get such a comparison; a table full of them gets its neighbours only


class Nearest:
    """The ids of one kind that the book has."""

    def __init__(self, ids: Iterable[str | None], noun: str) -> None:
        self._ids, self._noun = ids, noun
        self._answers: dict[str, str] = {}

    def to(self, missing: str) -> str:
        """A sentence that offers the ids nearest to a missing one."""
        if missing not in self._answers:
            self._answers[missing] = self._offer(missing)
        return self._answers[missing]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted({each for each in self._ids if each is not None})

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {each.casefold(): each for each in self._sorted}

    def _offer(self, missing: str) -> str:
        if not self._sorted:
            return f"The book has no {self._noun} at all."
        same = self._folded.get(missing.casefold())
        if same is not None:
            return f"The book has {same}; ids compare exactly, capitals too."
        near = self._near(missing)
        return f"The book has {listed(near)}." if near else f"The book has no {self._noun} like it."

    def _near(self, missing: str) -> list[str]:
        at = bisect_left(self._sorted, missing)
        around = self._sorted[max(at - _WINDOW, 0) : at + _WINDOW]
        if len(self._answers) < _PATIENCE:
            return sorted(difflib.get_close_matches(missing, around, 2, 0.6))
        beside = self._sorted[max(at - 1, 0) : at + 1]
        return [each for each in beside if each[: len(missing) // 2] == missing[: len(missing) // 2]]
