"""Amounts of contracts: one measure at one moment for every contract of the book at once, then looked up by id.

Ten thousand cells about one day are one question to the engine. What it answered is kept, within bounds, as long as
the book is in memory; a changed book is another book.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from addin.formulas.arguments import Cell, filters, grid, identity, is_range
from addin.formulas.errors import Code, FormulaError
from addin.formulas.spreading import BEYOND, common_size, stretched, unwrapped
from engine.book.cells import is_blank
from engine.book.currencies import DECIMALS
from engine.book.problems import BookRefused
from engine.ledger.errors import LedgerProblem
from engine.reports.grouping import UnknownColumn, UnknownId
from engine.reports.selecting import Selection
from engine.schedule.calendar import Span
from engine.schedule.currency import Currency
from engine.schedule.history import History, NotClosed
from engine.schedule.schedule import Schedule

#: (key, currency) of each row and its figure in whole minor units; rows of one key and currency add up
Rows = list[tuple[tuple[str, str], int]]
#: What is asked: rows by a key over some days, of chosen obligations, in the currency chosen with them.
Measure = Callable[[History, Selection, str, Span], Rows]
Answer = float | FormulaError

#: Words of the filter `currency` that name no currency.
CONTRACT, REPORTING = "contract", "reporting"
#: Answers kept for one book.
_MOST_KEPT = 2_000_000


class Filter(NamedTuple):
    """Which rows of a book are asked about, and in which currency.

    where     (column, value) pairs
    currency  `contract`, `reporting` or a code, which also keeps only the contracts in it
    """

    where: tuple[tuple[str, str], ...]
    currency: str

    @property
    def valued(self) -> Currency:
        """The currency that reports answer in."""
        return "reporting" if self.currency == REPORTING else "contract"


def filter_of(value: Cell) -> Filter:
    """raises FormulaError #VALUE!"""
    if value is None:
        return _EVERYTHING
    return _filter_of_text(value) if isinstance(value, str) else _made(filters(value))


def _made(wanted: dict[str, str]) -> Filter:
    name = next((name for name in wanted if name.lower() == "currency"), None)
    currency = (wanted.pop(name).lower() if name else "") or REPORTING
    if currency not in (CONTRACT, REPORTING):
        wanted["currency"] = currency
    return Filter(tuple(sorted((name.lower(), text) for name, text in wanted.items())), currency)


_EVERYTHING = _made({})


@lru_cache(maxsize=256)
def _filter_of_text(text: str) -> Filter:
    return _made(filters(text))


def selection(ids: Cell, given: Filter) -> Selection:
    """The obligations a table is about: those of all ids together, or of the whole book."""
    names = [identity(cell) for row in grid(ids) for cell in row if not is_blank(_no_error(cell))]
    return Selection(names or None, dict(given.where), given.valued)


@contextmanager
def refusals() -> Iterator[None]:
    """What a report does not know, as an error of a cell: #N/A an unknown id, #VALUE! an unknown column, #NUM! what was
    not reported or has no rate, #REF! a closed period that cannot be read."""
    try:
        yield
    except UnknownId as problem:
        raise FormulaError(Code.NOT_AVAILABLE, str(problem)) from None
    except UnknownColumn as problem:
        raise FormulaError(Code.VALUE, str(problem)) from None
    except NotClosed as problem:
        raise FormulaError(Code.NUMBER, str(problem)) from None
    except LedgerProblem as problem:
        raise FormulaError(Code.REFERENCE, str(problem)) from None
    except BookRefused as refused:
        raise rate_missing(refused) from None


def _no_error(cell: Any) -> Any:
    if isinstance(cell, FormulaError):
        raise cell
    return cell


def rate_missing(refused: BookRefused) -> FormulaError:
    """The error of an answer in reporting currency without the rates it needs."""
    first = refused.problems[0]
    return FormulaError(Code.NUMBER, f"{first.where}: {first.found}. The filter currency=contract needs no rates.")


class Lookup:
    """One measure at one moment, for every contract, every obligation and the whole book.

    by_contract  id -> amount, complete
    """

    def __init__(self, history: History, measure: Measure, moment: Span, given: Filter) -> None:
        self._history, self._measure, self._moment, self._given = history, measure, moment, given
        self._which = selection(None, given)
        #: why contracts in other currencies cannot be answered
        self._refused: FormulaError | None = None
        with refusals():
            self._schedules = history.asked(*moment)
            self._which.checked(self._schedules)
        ids = (id_ for schedule in self._schedules for id_ in schedule.book.contracts["contract_id"])
        self.by_contract: dict[Any, Answer] = dict.fromkeys(ids, 0.0)
        self._fill(self.by_contract, "contract")
        self._by_obligation: dict[str, Answer] | None = None
        self._whole: Answer | None = None

    def __call__(self, cell: object) -> Answer:
        """The amount of the id in a cell; of the whole book if it is blank."""
        found = self.by_contract.get(cell) if isinstance(cell, str) else None
        if found is not None:
            return found
        if isinstance(cell, FormulaError):
            return cell
        if is_blank(cell):
            return self._of_whole_book()
        try:
            return self._of(identity(cell))
        except FormulaError as error:
            return error

    def _of(self, name: str) -> Answer:
        if name in self.by_contract:
            return self.by_contract[name]
        if self._by_obligation is None:
            names = (name for schedule in self._schedules for name in _obligations(schedule))
            self._by_obligation = dict.fromkeys(names, 0.0)
            self._fill(self._by_obligation, "obligation")
        if name in self._by_obligation:
            return self._by_obligation[name]
        return FormulaError(Code.NOT_AVAILABLE, f"no contract or obligation {name[:80]!r} in the book")

    def _of_whole_book(self) -> Answer:
        if self._whole is None:
            sums: dict[str, int] = {}
            for (_, currency), minor in self._rows("total"):
                sums[currency] = sums.get(currency, 0) + minor
            if self._refused is not None and self._foreign("total"):
                return self._refused
            self._whole = self._amount("the whole", sums) if sums else 0.0
        return self._whole

    def _fill(self, amounts: dict[Any, Answer], by: str) -> None:
        sums: dict[str, dict[str, int]] = {}
        for (key, currency), minor in self._rows(by):
            if key in amounts:  # what nets between them has rows of its own
                of_key = sums.setdefault(key, {})
                of_key[currency] = of_key.get(currency, 0) + minor
        amounts.update((key, self._amount(key, of_key)) for key, of_key in sums.items())
        if self._refused is not None:
            amounts.update(dict.fromkeys(self._foreign(by), self._refused))

    def _rows(self, by: str) -> Rows:
        if self._refused is None:
            try:
                return self._measure(self._history, self._which, by, self._moment)
            except BookRefused as refused:
                self._refused = rate_missing(refused)
        return self._measure(self._history, replace(self._which, among="home"), by, self._moment)

    def _foreign(self, by: str) -> list[str]:
        """Keys of contracts in other currencies than the one the book reports in."""
        foreign = replace(self._which, among="foreign", currency="contract")
        return [key for schedule in self._schedules for key, _ in foreign.grouping(schedule, by).keys]

    def _amount(self, key: str, of_key: Mapping[str, int]) -> Answer:
        if len(of_key) > 1:  # an amount of nothing is in any currency
            of_key = {currency: minor for currency, minor in of_key.items() if minor} or dict([*of_key.items()][:1])
        if len(of_key) > 1:
            return FormulaError(
                Code.NUMBER, f"the contracts are in {', '.join(sorted(of_key))}: name one in filters, as currency=EUR"
            )
        ((currency, minor),) = of_key.items()
        return float(minor / 10 ** DECIMALS[currency])


def _obligations(schedule: Schedule) -> list[str]:
    """`C1/plan` of every obligation."""
    ids = zip(schedule.contract_column("contract_id"), schedule.obligation_column("obligation_id"), strict=True)
    return [f"{contract}/{obligation}" for contract, obligation in ids]


class Answers:
    """What one book has been asked lately, within bounds."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._each = max(len(history.today.book.contracts) + history.today.count, 1)
        self._known: OrderedDict[Hashable, Lookup] = OrderedDict()

    def lookup(self, measure: Measure, moment: Span, given: Filter) -> Lookup:
        key = (measure, moment, given)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Lookup(self._history, measure, moment, given)
            while len(self._known) > max(_MOST_KEPT // self._each, 4):
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return found


def amounts(
    history: History, measure: Measure, contract: Cell, moments: Any, read: Callable[..., Span], given: Filter
) -> Any:
    """One amount, or a grid of them.

    contract  an id, or a range of them
    moments   the day arguments: each a cell or a range
    read      the days that single cells of `moments` mean
    raises    FormulaError, where the whole answer is one
    """
    answers = history.once("answers of formulas", lambda: Answers(history))
    if not is_range(contract) and not any(map(is_range, moments)):
        found = answers.lookup(measure, read(*moments), given)(contract)
        if isinstance(found, FormulaError):
            raise found
        return found
    ids, *days = grid(contract), *(grid(moment) for moment in moments)
    height, width = common_size([ids, *days])

    def at(*cells: Cell) -> Lookup | FormulaError:
        try:
            return BEYOND if BEYOND in cells else answers.lookup(measure, read(*cells), given)
        except FormulaError as error:
            return error

    several = len(ids) * len(ids[0]) > 1
    if all(len(each) == 1 for each in days) and len(ids[0]) == 1 and len(ids) == height:
        lookups = [at(*cells) for cells in zip(*(stretched(each, 1, width)[0] for each in days), strict=True)]
        column = [row[0] for row in ids]
        columns = [_column(column, lookup, several) for lookup in lookups]
        return unwrapped(list(map(list, zip(*columns, strict=True))))
    rows = zip(*(stretched(each, height, width) for each in (ids, *days)), strict=True)
    return unwrapped(
        [[_in_range(at(*at_days), cell, several) for cell, *at_days in zip(*row, strict=True)] for row in rows]
    )


def _column(ids: list[Any], lookup: Lookup | FormulaError, several: bool) -> list[Answer]:
    """A column of ids at one moment: nearly always ids of contracts, found at once."""
    if isinstance(lookup, FormulaError):
        return [lookup] * len(ids)
    try:
        found = list(map(lookup.by_contract.get, ids))
    except TypeError:  # a cell of a kind no spreadsheet has
        found = [None] * len(ids)
    if None in found:
        found = [_in_range(lookup, cell, several) if a is None else a for cell, a in zip(ids, found, strict=True)]
    return found  # type: ignore[return-value] # no None is left


def _in_range(lookup: Lookup | FormulaError, cell: object, several: bool) -> Answer:
    """A blank cell among several ids asks about nothing, so that a range may reach beyond its last row."""
    if cell is BEYOND or isinstance(lookup, FormulaError):
        return BEYOND if isinstance(lookup, Lookup) else lookup
    return 0.0 if several and is_blank(cell) else lookup(cell)
