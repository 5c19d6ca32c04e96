"""Answers as Calc takes them: rows of numbers and texts, errors as the numbers Calc knows its own errors by."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

#: Calc's numbers of the errors that Excel shows.
_NUMBERS = {
    "#N/A": 32767, "#VALUE!": 519, "#NUM!": 503, "#REF!": 524, "#DIV/0!": 532, "#NAME?": 525, "#NULL!": 521,
}  # fmt: skip
_BY_NUMBER = {number: code for code, number in _NUMBERS.items()}

Rows = tuple[tuple[Any, ...], ...]


def error(code: str) -> float:
    """What makes a cell show an error: a number that is none, with Calc's number of the error in its lower half. So
    Calc keeps errors in numbers itself (CreateDoubleError in formula/errorcodes.hxx)."""
    return float(struct.unpack("<d", struct.pack("<II", _NUMBERS.get(code, 519), 0x7FF80000))[0])


def code(number: int) -> str:
    """The error of a cell by Calc's number; one that Excel does not have is #VALUE!."""
    return _BY_NUMBER.get(number, "#VALUE!")


@dataclass(frozen=True)
class Answer:
    """An answer as rows, even where it is one cell.

    reasons       why cells show errors, by (row, column)
    unknown_book  whether the program does not know the book (any more)
    """

    rows: Rows
    reasons: dict[tuple[int, int], str] = field(default_factory=dict)
    unknown_book: bool = False

    @staticmethod
    def of(told: Any) -> Answer:
        """What the program has said."""
        if isinstance(told, list):
            reasons = {
                (down, across): str(cell["reason"])
                for down, row in enumerate(told)
                for across, cell in enumerate(row)
                if isinstance(cell, dict)
            }
            return Answer(tuple(tuple(map(_shown, row)) for row in told), reasons)
        if isinstance(told, dict):
            return Answer(((_shown(told),),), {(0, 0): str(told["reason"])}, bool(told.get("unknown_book")))
        return Answer(((told,),))

    @staticmethod
    def refusal(code: str, reason: str) -> Answer:
        """An error of one cell."""
        return Answer.of({"code": code, "reason": reason})


def _shown(cell: Any) -> Any:
    return error(cell["code"]) if isinstance(cell, dict) else cell
