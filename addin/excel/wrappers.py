"""RatableFunctions.bas, the worksheet functions of Excel: a thin wrapper and the wizard's help for each formula."""

from __future__ import annotations

from collections.abc import Iterable

from addin.formulas.arguments import Kind
from addin.formulas.catalogue import Argument, Formula, catalogue
from engine.book.catalogue import table_names

CATEGORY = "Ratable"
_HEAD = """Option Explicit

' Generated from the catalogue of formulas by python -m addin.build. Do not edit.

Public Const RATABLE_TABLES As String = "{tables}"
"""
_WIDEST = 118


def wrappers() -> str:
    """The text of the module, lines ending in \\n."""
    formulas = catalogue().values()
    parts = [_HEAD.format(tables=",".join(table_names())), *map(_wrapper, formulas), _describe(formulas)]
    return "\n".join(parts)


def _wrapper(formula: Formula) -> str:
    """A function of Excel that hands its arguments to the bridge."""
    declared = ", ".join(_declared(argument) for argument in formula.arguments)
    names = ", ".join(argument.name for argument in formula.arguments)
    head = _folded(f"Public Function {formula.name}({declared}) As Variant")
    if formula.arguments[0].kind is Kind.CELL:
        call = f"RatableReason({names})"  # the bridge alone knows why a cell shows an error
    elif formula.arguments[0].kind is Kind.TABLE:
        call = f"RatableBookOf(Array({names}))"
    elif formula.takes_book:
        call = f'RatableAnswerAbout("{formula.name}", Array({names}), {formula.arguments[-1].name})'
    else:
        call = f'RatableAnswer("{formula.name}", Array({names}))'
    return f"{head}\n{_folded(f'    {formula.name} = {call}')}\nEnd Function\n"


def _declared(argument: Argument) -> str:
    kind = "Range" if argument.kind is Kind.CELL else "Variant"
    return f"{'Optional ' if argument.optional else ''}ByVal {argument.name} As {kind}"


def _describe(formulas: Iterable[Formula]) -> str:
    """Help in the function wizard. Where Excel takes none - no workbook in sight, an old version - all still works."""
    lines = [
        "' Gives the function wizard its texts; without them the functions work as well.",
        "Public Sub RatableDescribe()",
    ]
    lines.append("    On Error Resume Next")
    for formula in formulas:
        texts = ", ".join(_text(argument.help) for argument in formula.arguments)
        parts = [
            f"Macro:={_text(formula.name)}", f"Description:={_text(formula.summary)}",
            f"Category:={_text(CATEGORY)}", f"ArgumentDescriptions:=Array({texts})",
        ]  # fmt: skip
        lines.append(_folded(f"    Application.MacroOptions {', '.join(parts)}"))
    return "\n".join([*lines, "End Sub", ""])


def _text(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _folded(line: str) -> str:
    """A line of VBA in pieces a person can read, broken behind commas outside of texts."""
    pieces, current = [], ""
    for part in _parts(line):
        if current and len(current) + len(part) > _WIDEST:
            pieces.append(current.rstrip())
            current = "        "
            part = part.lstrip()
        current += part
    return " _\n".join([*pieces, current])


def _parts(line: str) -> list[str]:
    """A line cut behind each comma that does not stand in a text."""
    parts, begin, quoted = [], 0, False
    for place, character in enumerate(line):
        quoted ^= character == '"'
        if character == "," and not quoted:
            parts.append(line[begin : place + 1])
            begin = place + 1
    return [*parts, line[begin:]]
