"""The catalogue: every formula by name, read from the functions themselves.

A formula is a function whose parameters are `Annotated[type, Kind, "help"]`, whose docstring opens with what it
answers, and which is registered with one example. Everything else that shows formulas - help texts, wrappers,
extensions, documents - is made from this.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal, get_args

from addin.formulas.arguments import Kind
from addin.formulas.errors import Code, FormulaError

_ROOMS = ("balances", "flows", "tables", "standalone", "control")
_GROUPS = ("Balances", "Flows", "Tables", "Without a book", "Control")
#: longest help Excel shows for a formula or an argument
_LONGEST_HELP = 255
#: names Excel would take for a cell, A1 or R1C1
_CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}|R[0-9]*C[0-9]*|[RC]")
#: words VBA keeps for itself, of those that could name an argument
_VBA_WORDS = """
    and as boolean byref byte byval call case const currency date declare default dim do double each else empty end enum
    erase error event exit false for friend function get global goto if implements in input integer is let lib like line
    lock long loop me mod name new next not nothing null object on open option optional or print private property public
    put raise redim rem resume return select set single static step stop string sub then time to true type until variant
    wend while with write xor
    """

#: `number`: one amount, or an array where ranges were asked about; `table`: rows under a header, or a list of rows;
#: `text`: words for a person
Result = Literal["number", "table", "text"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its name, what it is, its help, and whether it may be left out."""

    name: str
    kind: Kind
    help: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula.

    function  takes its arguments as cells or ranges of cells, in order or by name; the last is `book`, if it has one
    example   (arguments, answer), about the sample book where it needs one; an answer of None is a table too long to
              print
    """

    name: str
    summary: str
    group: str
    arguments: tuple[Argument, ...]
    function: Callable[..., Any]
    result: Result
    example: tuple[tuple[Any, ...], Any]

    @property
    def takes_book(self) -> bool:
        return self.arguments[-1].kind is Kind.BOOK

    @property
    def reads_book(self) -> bool:
        """Whether it is about a book at all, be it one it is given as tables."""
        return self.takes_book or self.arguments[0].kind is Kind.TABLE

    @property
    def signature(self) -> str:
        """`DEFERRED_BALANCE([contract], [as_of], [filters], [book])`"""
        names = ", ".join(f"[{a.name}]" if a.optional else a.name for a in self.arguments)
        return f"{self.name}({names})"


_FORMULAS: dict[str, Formula] = {}


def formula(group: str, example: tuple[tuple[Any, ...], Any]) -> Callable[[Callable[..., Any]], Any]:
    """Register a function as the formula of its name in capitals.

    raises ValueError, when the module is imported, for what Excel or VBA cannot hold
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__.upper()
        summary = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
        arguments = _arguments(function)
        _refuse(name, summary, arguments)
        returns = inspect.signature(function, eval_str=True).return_annotation
        result: Result = "text" if returns is str else "number" if returns is Any else "table"
        _FORMULAS[name] = Formula(name, summary, group, arguments, function, result, example)
        return function

    return register


def _arguments(function: Callable[..., Any]) -> tuple[Argument, ...]:
    found = []
    for parameter in inspect.signature(function, eval_str=True).parameters.values():
        notes = get_args(parameter.annotation)
        kind = next((note for note in notes if isinstance(note, Kind)), None)
        help_text = next((note for note in notes if isinstance(note, str) and not isinstance(note, Kind)), None)
        if kind is None or help_text is None:
            raise ValueError(f"{function.__name__}: argument {parameter.name} has no kind or no help")
        found.append(Argument(parameter.name, kind, help_text, parameter.default is not inspect.Parameter.empty))
    return tuple(found)


def _refuse(name: str, summary: str, arguments: tuple[Argument, ...]) -> None:
    if not summary or any(len(text) > _LONGEST_HELP for text in (summary, *(a.help for a in arguments))):
        raise ValueError(f"{name}: help is missing or longer than {_LONGEST_HELP} characters")
    if _CELL.fullmatch(name):
        raise ValueError(f"{name} would be taken for a cell")
    for argument in arguments:
        if argument.name.lower() in _VBA_WORDS.split() or _CELL.fullmatch(argument.name.upper()):
            raise ValueError(f"{name}: {argument.name} is a word of VBA or a cell")
    optional = [argument.optional for argument in arguments]
    if optional != sorted(optional):
        raise ValueError(f"{name}: a required argument after one that may be left out")


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Formula]:
    """All formulas by name, in the order of their groups."""
    for room in _ROOMS:
        import_module(f"addin.formulas.{room}")
    return dict(sorted(_FORMULAS.items(), key=lambda pair: _GROUPS.index(pair[1].group)))


def find(name: str) -> Formula:
    """raises FormulaError #N/A"""
    try:
        return catalogue()[name.strip().upper().lstrip("=")]
    except KeyError:
        raise FormulaError(
            Code.NOT_AVAILABLE, f"there is no formula {name[:80]}; there are {', '.join(sorted(catalogue()))}"
        ) from None
