"""Errors a cell can show. An answer is a number, a table or one of these, never text in a number's place."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """Excel's error values. Ratable answers with the first four; the others only pass through from an argument."""

    NOT_AVAILABLE = "#N/A"  # unknown id
    VALUE = "#VALUE!"  # bad argument
    NUMBER = "#NUM!"  # impossible dates, mixed currencies
    REFERENCE = "#REF!"  # no usable book
    DIVISION = "#DIV/0!"
    NAME = "#NAME?"
    NULL = "#NULL!"

    @property
    def excel(self) -> int:
        """The number CVErr takes."""
        return _NUMBERS[self]


_NUMBERS = {
    Code.NULL: 2000, Code.DIVISION: 2007, Code.VALUE: 2015, Code.REFERENCE: 2023, Code.NAME: 2029, Code.NUMBER: 2036,
    Code.NOT_AVAILABLE: 2042,
}  # fmt: skip


class FormulaError(Exception):
    """The answer is the error `code`; `reason` says why, in words for the person at the sheet.

    It is raised where it is the whole answer, and stands in its cell where a range was asked about. As an argument it
    is a cell that shows an error.
    """

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def code_of(text: str) -> Code | None:
    """The error a cell shows as `text`, or None if that is no error."""
    return _BY_TEXT.get(text.strip().upper())


_BY_TEXT = {str(code): code for code in Code} | {"#NA": Code.NOT_AVAILABLE}
