"""How tests ask formulas: by name, about a book, with whatever a cell can hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from addin.formulas.books import OpenedBook, calling_workbook
from addin.formulas.catalogue import find
from addin.formulas.errors import FormulaError


def ask(book: OpenedBook, name: str, *arguments: Any) -> Any:
    """The answer with `book` as the calling workbook."""
    with calling_workbook(lambda: book):
        return find(name).function(*arguments)


def shown(answer: Any) -> Any:
    """An answer as examples write it: dates ISO, errors as their code."""
    if isinstance(answer, list):
        return [shown(cell) for cell in answer]
    if isinstance(answer, FormulaError):
        return str(answer.code)
    return answer.isoformat() if isinstance(answer, date) else answer
