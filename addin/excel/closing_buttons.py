"""What the buttons Close period and Reopen period do: the actions of the command line, asked step by step."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from addin import closing
from addin.formulas.errors import Code, FormulaError
from addin.opened import Opened

if TYPE_CHECKING:
    from engine.book.problems import Problem

Answer = list[list[Any]]

#: Characters a box of Excel shows, less room for what it asks.
_MOST_SHOWN, _LONGEST_FINDING = 700, 220


def closed(opened: Opened, details: Any) -> Answer:
    """Close a period of a book; see addin.excel.ribbon for the steps.

    raises  Usage, LedgerProblem, NotWritten, FormulaError
    """
    if not details:
        closing.finish_pack(opened)
        return [["period", closing.period_to_close(opened, opened.book_day), ""]]
    period, *said = (str(each or "").strip() for each in details)
    if not said:
        found = closing.checklist(opened, period)
        failing = dict.fromkeys(each.name for each in found.failing)
        return [["checklist", _shown(found), ", ".join(failing)]]
    by, accepted, reason = said
    names = [name.strip() for name in accepted.split(",") if name.strip()]
    if not by or (names and not reason):
        raise FormulaError(
            Code.VALUE, "A period is closed by somebody; what fails is accepted with a name and a reason."
        )
    try:
        done = closing.close_period(opened, period, by, closing.now(), None, closing.Acceptance(names, by, reason))
    except closing.ChecklistOpen as open_:
        raise FormulaError(
            Code.VALUE, f"{period} is not closed: {open_}. {_in_a_line(open_.findings[0])} Close period shows them."
        ) from None
    return [["file", str(done.pack), f"{done.record.entry.period} is closed. This is its close pack."]]


def reopened(opened: Opened, details: Any) -> Answer:
    """Open the last closed period of a book again.

    raises  Usage, LedgerProblem, FormulaError
    """
    if not details:
        closes = opened.ledger.closes
        if not closes:
            raise FormulaError(Code.VALUE, "No period of this workbook is closed.")
        return [["period", closes[-1].entry.period, ""]]
    period, by, reason = (str(each or "").strip() for each in details)
    if not (by and reason):
        raise FormulaError(Code.VALUE, "A period is opened again by somebody and for a reason.")
    record = closing.reopen_period(opened, period, by, closing.now(), reason)
    told = f"{record.entry.period} is open again. What was closed stays in {opened.ledger.file.path.name}."
    return [["told", told, ""]]


def _shown(found: closing.Checklist) -> str:
    """The checklist as a box shows it: what fails and what is to be looked at, then how many pass."""
    from engine.book.problems import Severity

    counts = Counter(each.severity for each in found.findings)
    count = ", ".join(f"{counts[kind]} {kind}" for kind in (Severity.FAIL, Severity.WARN, Severity.OK) if counts[kind])
    bad = sorted((each for each in found.findings if each.severity is not Severity.OK), key=_order)
    lines: list[str] = []
    left = _MOST_SHOWN
    for each in bad:
        line = f"[{each.severity}] {_in_a_line(each)}"
        if len(line) > left:
            lines.append(f"and {len(bad) - len(lines)} more, which the sheet Checks of a close pack lists")
            break
        lines.append(line)
        left -= len(line)
    return "\n".join([f"Checklist of {found.label}, {found.first} to {found.last}: {count}", "", *lines]).rstrip()


def _order(finding: Problem) -> int:
    from engine.book.problems import Severity

    return 0 if finding.severity is Severity.FAIL else 1


def _in_a_line(finding: Problem) -> str:
    words = [finding.where, finding.title or finding.name, finding.found]
    text = ": ".join(" ".join(part.split()) for part in words if part)
    return text if len(text) <= _LONGEST_FINDING else f"{text[: _LONGEST_FINDING - 3]}..."
