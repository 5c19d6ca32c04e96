"""A formula as a person writes it into a cell: names, quotes, ranges in braces."""

from __future__ import annotations

from typing import Any

from addin.formulas.arguments import Kind
from addin.formulas.catalogue import Formula


def written(formula: Formula, arguments: tuple[Any, ...]) -> str:
    """`=DEFERRED_BALANCE("C-1002","2026-03-31")`"""
    kinds = [argument.kind for argument in formula.arguments]
    parts = [
        str(argument) if kind is Kind.CELL else _literal(argument)
        for argument, kind in zip(arguments, kinds, strict=False)
    ]
    return f"={formula.name}({','.join(parts)})"


def _literal(argument: Any) -> str:
    if isinstance(argument, list):
        return "{" + ";".join(",".join(map(_literal, row)) for row in argument) + "}"
    if isinstance(argument, str):
        return '"' + argument.replace('"', '""') + '"'
    return "" if argument is None else str(argument)
