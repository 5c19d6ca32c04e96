"""From a cell to its answer: what is known already, else what the program says - about one id, or soon about all."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from .answers import Answer, Rows
from .program import Unreachable
from .reasons import Reasons
from .workbook import RowsBelow, Saved, Workbook, cells, place, place_among, stamp

#: A formula that has been asked about so many single ids, all else being equal, is asked about every contract at once.
_FEW = 4
#: Tables whose text is known: not to be read again while they are the same, and for a program started again.
_MOST_READ = 4
#: Rows of a whole column, which is used up to its last filled cell alone.
_WHOLE_COLUMNS = (65_536, 1_048_576)
_UNKNOWN_BOOK = (
    "This is the text of no book in memory. Calculate the cell with RATABLE_BOOK again: Ctrl+Shift+F9 calculates all."
)

#: formula -> kinds of its arguments, what it answers, and whether its last argument is a book
Functions = Mapping[str, Mapping[str, Any]]


class Asked(Protocol):
    """The program, or what stands in for it."""

    def ask(self, request: Mapping[str, Any]) -> Any: ...


class Asking:
    """The formulas of all open workbooks.

    listen  called with a workbook's model, the ranges of its tables and what to do when a cell of it changes (True:
            when it is closed)
    """

    def __init__(
        self, functions: Functions, tables: Sequence[str], program: Asked,
        listen: Callable[[Any, Sequence[Any], Callable[[bool], None]], None],
    ) -> None:  # fmt: skip
        self._functions, self._tables, self._program, self._listen = functions, tables, program, listen
        self._workbooks: dict[int, Workbook] = {}
        self._changed: dict[int, Workbook] = {}
        self._reads: OrderedDict[str, tuple[dt.date, Saved, Mapping[str, Any]]] = OrderedDict()
        self._ledgers: dict[str, str] = {}
        self._lock = threading.RLock()
        self.reasons = Reasons()

    def answer(self, formula: str, model: Any, arguments: tuple[Any, ...]) -> Rows:
        """The answer to a formula in a cell of a workbook, as rows.

        arguments  as LibreOffice gives them, None where left out
        """
        # A model's hash is that of its address; the workbook kept under it holds the model, so it is no other's.
        workbook = self._workbooks.get(hash(model))
        if workbook is not None and workbook.has_moved(self._ledgers):
            self._forget(workbook, closed=False)
            workbook = None
        if workbook is not None:
            known = workbook.known.get((formula, arguments))
            if known is not None:
                return known
        with self._lock:
            return self._asked(formula, workbook or self._met(model), arguments)

    def asked_again(self, formula: str, model: Any, arguments: tuple[Any, ...]) -> None:
        """Have the reasons of an answer noted once more."""
        with self._lock:
            self._asked(formula, self._workbooks.get(hash(model)) or self._met(model), arguments)

    def _met(self, model: Any) -> Workbook:
        before = self._changed.pop(hash(model), None)
        if before is not None:
            before.before = None
        workbook = self._workbooks[hash(model)] = Workbook(model, self._tables, before)
        self._watch(workbook, ())
        return workbook

    def _watch(self, workbook: Workbook, blocks: Sequence[Any]) -> None:
        self._listen(workbook.model, blocks, lambda closed: self._forget(workbook, closed))

    def _forget(self, workbook: Workbook, closed: bool) -> None:
        with self._lock:
            address = hash(workbook.model)
            if self._workbooks.get(address) is workbook:
                self._changed[address] = self._workbooks.pop(address)
            if closed:
                self._changed.pop(address, None)

    def _asked(self, formula: str, workbook: Workbook, arguments: tuple[Any, ...]) -> Rows:
        key = (formula, arguments)
        try:
            known = self._known_before(workbook, key)
            answer = known or self._of_program(formula, workbook, arguments)
        except (Unreachable, RowsBelow) as problem:
            answer = Answer.refusal("#REF!", str(problem))
        else:
            # a book is looked at anew, as the day may change it; one that is not known may be known a moment later
            if self._functions[formula]["kinds"][0] != "table" and not answer.unknown_book:
                workbook.keep(key, answer.rows)
        self.reasons.note(hash(workbook.model), key, answer.reasons)
        return answer.rows

    def _known_before(self, workbook: Workbook, key: tuple[str, tuple[Any, ...]]) -> Answer | None:
        """An answer from before the last change of the workbook, if it was not about what has changed.

        raises Unreachable, RowsBelow
        """
        before = workbook.before
        rows = before.known.get(key) if before is not None and before.zero == workbook.zero else None
        if before is None or rows is None:
            return None
        if self._is_own(*key) and self._own_book(workbook) != before.text:
            return None
        return Answer(rows, self.reasons.noted(hash(workbook.model), key))

    def _is_own(self, formula: str, arguments: tuple[Any, ...]) -> bool:
        """Whether a formula is about the workbook it stands in."""
        return bool(self._functions[formula]["takes_book"]) and arguments[-1] in (None, "", 0)

    def _of_program(self, formula: str, workbook: Workbook, arguments: tuple[Any, ...]) -> Answer:
        """raises Unreachable, RowsBelow"""
        told = self._functions[formula]
        given = tuple(map(_used, arguments))
        if told["kinds"][0] == "table":
            return self._book(workbook, given)
        if self._is_own(formula, given):
            own = self._own_book(workbook)
            if isinstance(own, Answer):
                return own
            given = (*given[:-1], own)
        if told["takes_book"] and told["kinds"][0] == "ids" and told["result"] == "number":
            self._column(formula, workbook, arguments, given)
            rows = workbook.known.get((formula, arguments))
            if rows is not None:
                return Answer(rows, self.reasons.noted(hash(workbook.model), (formula, arguments)))
        request = {"do": "ask", "formula": formula, "arguments": given, "zero": workbook.zero}
        answer = Answer.of(self._program.ask(request))
        if answer.unknown_book:
            if not self._read_again(workbook, given[-1]):
                return replace(Answer.refusal("#REF!", _UNKNOWN_BOOK), unknown_book=True)
            answer = Answer.of(self._program.ask(request))
        return answer

    def _column(
        self, formula: str, workbook: Workbook, arguments: tuple[Any, ...], given: tuple[Any, ...]
    ) -> None:  # fmt: skip
        """Once a formula has been asked about some single ids, ask about every contract in one go."""
        if not isinstance(given[0], str) or any(isinstance(other, tuple) for other in given[1:]):
            return
        rest = (formula, arguments[1:])
        workbook.asked[rest] = workbook.asked.get(rest, 0) + 1
        if workbook.asked[rest] != _FEW:
            return
        found = self._program.ask({"do": "column", "formula": formula, "arguments": given, "zero": workbook.zero})
        if not isinstance(found, list):
            return  # too many contracts, or an error that each cell will be told itself
        for name, told in zip(*found, strict=True):
            key, answer = (formula, (name, *arguments[1:])), Answer.of(told)
            workbook.keep(key, answer.rows)
            if answer.reasons:
                self.reasons.note(hash(workbook.model), key, answer.reasons)

    def _book(self, workbook: Workbook, tables: tuple[Any, ...]) -> Answer:
        """The text of the book in some ranges, or in the workbook's own tables."""
        given = {name: rows for name, rows in zip(self._tables, tables, strict=True) if rows not in (None, "", 0)}
        for name, rows in given.items():
            if not isinstance(rows, tuple):
                return Answer.refusal("#VALUE!", f"{name} must be a range with its header row")
        if not given:
            own = self._own_book(workbook)
            return own if isinstance(own, Answer) else Answer(((own,),))
        blocks = [block for _, block in workbook.blocks()]
        placed = [(name, rows, *place_among(rows, blocks)) for name, rows in given.items()]
        return Answer.of(self._read(workbook, placed))

    def _own_book(self, workbook: Workbook) -> str | Answer:
        """The text of the book in the workbook's tables; why there is none as the answer to give."""
        if workbook.text is None:
            blocks = list(workbook.blocks())
            tables = [(name, cells(block), *place(block)) for name, block in blocks]
            told = self._read(workbook, tables)
            if not isinstance(told, str):
                return Answer.of(told)
            workbook.text = told
            self._watch(workbook, [block for _, block in blocks])
        return workbook.text

    def _read(self, workbook: Workbook, tables: Sequence[Any]) -> Any:
        """The text of the book in some tables of a workbook; as read before, if neither they nor its ledger changed."""
        saved = workbook.saved = self._saved(workbook)
        request = {"do": "read", "tables": tables, "zero": workbook.zero, "workbook": saved.path}
        today = dt.date.today()  # which may be the day the book is struck at
        for text, read in self._reads.items():
            if read == (today, saved, request):
                return text
        told = self._program.ask(request)
        if isinstance(told, str):
            self._reads[told] = today, saved, request
            self._reads.move_to_end(told)
            while len(self._reads) > _MOST_READ:
                self._reads.popitem(last=False)
        return told

    def _saved(self, workbook: Workbook) -> Saved:
        """Where a workbook is saved and how its ledger stands; where ledgers are is the program's to say."""
        path = workbook.path()
        if path and path not in self._ledgers:
            self._ledgers[path] = str(self._program.ask({"do": "ledger", "workbook": path}))
        return Saved(path, stamp(self._ledgers.get(path, "")))

    def _read_again(self, workbook: Workbook, book: Any) -> bool:
        """Whether the program knows a book again: from the tables it was read from, or because the workbook's own
        tables are that very book."""
        read = self._reads.get(book) if isinstance(book, str) else None
        if read is not None:
            return bool(self._program.ask(read[2]) == book)
        workbook.text = None
        return bool(self._own_book(workbook) == book)


def _used(argument: Any) -> Any:
    """A range; of whole columns the rows to the last one with anything in it."""
    if not isinstance(argument, tuple) or len(argument) not in _WHOLE_COLUMNS:
        return argument
    last = next((row for row in range(len(argument) - 1, 0, -1) if any(cell != "" for cell in argument[row])), 0)
    return argument[: last + 1]
