"""The catalogue: every formula by name, read from the functions themselves.

A formula is a function whose parameters are `Annotated[type, "help"]`, whose docstring opens with what it answers,
and which is registered with one example. Everything else that shows formulas - help texts, wrappers, documents - is
made from this.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, get_args, get_origin

from addin.formulas.errors import Code, FormulaError

_ROOMS = ("balances", "flows", "standalone", "tables")
#: longest help Excel shows for a formula or an argument
_LONGEST_HELP = 255


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its name and help, and whether it may be left out."""

    name: str
    help: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula.

    needs_book  its function takes the schedule first
    example     (arguments, answer), about the sample book where it needs one; an answer of None is a table too long
                to print
    """

    name: str
    summary: str
    group: str
    arguments: tuple[Argument, ...]
    function: Callable[..., Any]
    needs_book: bool
    example: tuple[tuple[Any, ...], Any]


_FORMULAS: dict[str, Formula] = {}


def formula(
    group: str, example: tuple[tuple[Any, ...], Any], needs_book: bool = True
) -> Callable[[Callable[..., Any]], Any]:
    """Register a function as the formula of its name in capitals.

    raises ValueError, when the module is imported, for what Excel cannot hold
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__.upper()
        summary = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
        arguments = _arguments(function, needs_book)
        if not summary or any(len(text) > _LONGEST_HELP for text in (summary, *(a.help for a in arguments))):
            raise ValueError(f"{name}: help is missing or longer than {_LONGEST_HELP} characters")
        _FORMULAS[name] = Formula(name, summary, group, arguments, function, needs_book, example)
        return function

    return register


def _arguments(function: Callable[..., Any], needs_book: bool) -> tuple[Argument, ...]:
    parameters = list(inspect.signature(function, eval_str=True).parameters.values())[int(needs_book) :]
    found = []
    for parameter in parameters:
        if get_origin(parameter.annotation) is None or len(get_args(parameter.annotation)) < 2:
            raise ValueError(f"{function.__name__}: argument {parameter.name} has no help")
        help_text = next(text for text in get_args(parameter.annotation) if isinstance(text, str))
        found.append(Argument(parameter.name, help_text, parameter.default is not inspect.Parameter.empty))
    return tuple(found)


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Formula]:
    """All formulas by name."""
    for room in _ROOMS:
        import_module(f"addin.formulas.{room}")
    return dict(sorted(_FORMULAS.items()))


def find(name: str) -> Formula:
    """raises FormulaError #N/A"""
    try:
        return catalogue()[name.upper().lstrip("=")]
    except KeyError:
        raise FormulaError(
            Code.NOT_AVAILABLE, f"there is no formula {name}; there are {', '.join(catalogue())}"
        ) from None
