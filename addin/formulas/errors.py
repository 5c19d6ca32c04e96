"""Errors a cell can show. An answer is a number, a table or one of these, never text in a number's place."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """Excel's error values that Ratable answers with."""

    NOT_AVAILABLE = "#N/A"  # unknown id
    VALUE = "#VALUE!"  # bad argument
    NUMBER = "#NUM!"  # impossible dates, mixed currencies
    REFERENCE = "#REF!"  # no usable book


class FormulaError(Exception):
    """The answer is the error `code`; `reason` says why, in words for the person at the sheet."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason
