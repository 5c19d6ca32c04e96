"""What a person can ask Ratable to do: the same actions for command line, ribbon and window.

Every action takes paths and words as a person gives them, asks the engine, and answers a table or the path of what it
wrote. Imports of the engine stand inside the functions, so that a program that only shows its version or a help text
starts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from addin.formulas.books import OpenedBook
    from engine.book.problems import Problem
    from engine.reports.table import Table
    from engine.schedule.currency import Currency
    from engine.schedule.kernel import Bools
    from engine.schedule.schedule import Schedule

#: (what, done, of): called now and then during long work; what it raises stops the work
Progress = Callable[[str, int, int], None]


class Usage(Exception):
    """The question cannot be answered as it was put; the message says what to change."""


@dataclass(frozen=True)
class Opened:
    """A book that is ready to be asked.

    path      of the workbook or folder
    schedule  compiled from it
    warnings  of reading it
    where     column -> value: the rows of the book that every answer is about
    currency  in which reports answer
    """

    path: Path
    schedule: Schedule
    warnings: list[Problem]
    known_at: date | None = None
    where: Mapping[str, str] | None = None
    currency: Currency = "contract"

    @cached_property
    def keep(self) -> Bools:
        from engine.reports.grouping import chosen

        return chosen(self.schedule, where=self.where)

    @property
    def book_day(self) -> date:
        day = self.schedule.book.settings.as_of
        assert day is not None  # the reader fills it in
        return day

    def day(self, text: str | None) -> date:
        """A day or the last day of a label; blank is the book's as_of."""
        return self.book_day if text is None else self._span(text)[1]

    def days(self, first: str | None, last: str | None, usual: Literal["year", "period"]) -> tuple[date, date]:
        """A range of days or labels; blanks reach from the start of the fiscal year, or of the period, to the book's
        as_of."""
        from engine.reports.periods import fiscal_year_to, period_of

        calendar = self.schedule.calendar
        default = fiscal_year_to(calendar, self.book_day) if usual == "year" else period_of(calendar, self.book_day)
        begin = self._span(first)[0] if first else default.first
        end = self._span(last)[1] if last else (default.last if not first else max(default.last, self._span(first)[1]))
        if end < begin:
            raise Usage(f"the range ends on {end}, before it starts on {begin}")
        return begin, end

    def day_of(self, text: str, *, last: bool) -> date:
        """The first or the last day of a day or label."""
        return self._span(text)[int(last)]

    def _span(self, text: str) -> tuple[date, date]:
        try:
            return self.schedule.calendar.span(text)
        except ValueError as problem:
            raise Usage(str(problem)) from None


def open_book(
    path: Path,
    today: date,
    known_at: date | None = None,
    where: Mapping[str, str] | None = None,
    currency: Currency = "contract",
    progress: Progress | None = None,
) -> Opened:
    """Read and compile a book.

    raises  BookRefused with every problem
    """
    if progress:
        progress("reading", 0, 3)
    from engine.book.reading import read_book
    from engine.schedule.compile import compile_book

    if progress:
        progress("reading", 1, 3)
    book = read_book(path, today, known_at)
    if progress:
        progress("compiling", 2, 3)
    return Opened(path, compile_book(book), book.problems, known_at, where, currency)


def closes(opened: Opened, today: date) -> list[date]:
    """The days a book can be closed at, latest first: ends of periods from the first signing to today's period or the
    book's as_of, whichever is later - and that as_of itself."""
    calendar = opened.schedule.calendar
    signed = opened.schedule.book.contracts["signed_on"]
    last = calendar.period(max(today, opened.book_day).toordinal())
    first = min(calendar.period(min(signed, default=opened.book_day).toordinal()), last)
    ends = {date.fromordinal(calendar.end(number)) for number in range(first, last + 1)}
    return sorted(ends | {opened.book_day}, reverse=True)


def customers(opened: Opened) -> Mapping[str, str]:
    """The customer of each contract; none for those the book does not name one for."""
    contracts = opened.schedule.book.contracts
    return {
        contract: str(customer)
        for contract, customer in zip(contracts["contract_id"], contracts["customer"], strict=True)
        if customer
    }


def new(path: Path) -> Path:
    """Write an empty book, and never over an existing file."""
    from engine.sheets.template import write_template

    if path.suffix.lower() != ".xlsx":
        raise Usage(f"a new book is an Excel workbook: name it {path.with_suffix('.xlsx').name}")
    if path.exists():
        raise Usage(f"{path} exists; a new book is never written over another file")
    write_template(path)
    return path


def check(path: Path, today: date, known_at: date | None = None, progress: Progress | None = None) -> list[Problem]:
    """Every problem of the book and, if it can be used, every check of SPEC 14."""
    from engine.book.problems import BookRefused
    from engine.book.reading import examine_book
    from engine.schedule.compile import compile_book

    book, problems = examine_book(path, today, known_at)
    if book is None:
        return problems
    try:
        schedule = compile_book(book)
    except BookRefused as refused:
        return [*refused.problems, *problems]
    return [*problems, *checks_of(Opened(path, schedule, problems), None, progress)]


def checks_of(opened: Opened, as_of: str | None, progress: Progress | None = None) -> list[Problem]:
    from engine.reports.checks import checks

    return checks(opened.schedule, opened.day(as_of), progress)


def spare_book(book: Path, target: Path) -> None:
    """An answer never takes the place of what a person typed.

    book    workbook, or folder of CSV files
    raises  Usage if `target` is the book, or one of its files
    """
    place = target.resolve()
    whole = book.resolve()
    if place == whole or (place.parent == whole and place.suffix.casefold() == ".csv" and place.exists()):
        raise Usage(f"{target} is the book itself; it would be lost. Give another name")


def pack_reports() -> Mapping[str, str]:
    """The reports a close pack can be made of: name of the sheet -> what it answers. Contents and Checks are always
    in."""
    from engine.sheets.words import CHOICE, SHEETS

    return {name: SHEETS[name][1] for name in CHOICE}


def pack_sheets(reports: Sequence[str]) -> Sequence[str]:
    """These reports and those they are checked against, which are written with them."""
    from engine.sheets.words import with_needs

    return with_needs(reports)


def pack(
    opened: Opened,
    today: date,
    as_of: str | None,
    target: Path | None,
    progress: Progress | None = None,
    sheets: Sequence[str] | None = None,
) -> tuple[Path, bool]:
    """Write the close pack; returns where, and whether every check in it passed or only warned.

    sheets  names of `pack_reports` in any case; default all
    raises  Usage; NotWritten
    """
    from engine.book.problems import Severity
    from engine.sheets.close_pack import close_pack
    from engine.sheets.write import write_pack

    day = opened.day(as_of)
    path = target or free_name(opened.path, day)
    if path.suffix.lower() != ".xlsx":
        raise Usage(f"a close pack is an Excel workbook: name it {path.with_suffix('.xlsx').name}")
    spare_book(opened.path, path)
    found = [*opened.warnings, *checks_of(opened, as_of, progress)]
    chosen = None if sheets is None else _chosen_sheets(sheets)
    made = close_pack(opened.schedule, day, found, opened.path.name, today, opened.known_at, progress, chosen)
    write_pack(made, path, progress)
    return path, all(problem.severity is not Severity.FAIL for problem in found)


def _chosen_sheets(names: Sequence[str]) -> list[str]:
    known = {name.casefold(): name for name in pack_reports()}
    unknown = [name for name in names if name.strip().casefold() not in known]
    if unknown or not names:
        wrong = f"no report {', '.join(map(repr, unknown))}" if unknown else "no report is chosen"
        raise Usage(f"{wrong}; a close pack can have {', '.join(known.values())}")
    wanted = {name.strip().casefold() for name in names}
    return [name for key, name in known.items() if key in wanted]


def free_name(book: Path, day: date) -> Path:
    """`Book close pack 2026-06.xlsx` beside the book, numbered if there is one already."""
    whole = book.resolve()
    stem = f"{whole.stem} close pack {day:%Y-%m}" if whole.is_file() else f"{whole.name} close pack {day:%Y-%m}"
    names = [f"{stem}.xlsx", *(f"{stem} ({n}).xlsx" for n in range(2, 1000))]
    return next(whole.parent / name for name in names if not (whole.parent / name).exists())


def sample(folder: Path) -> Path:
    """Put the sample book into a folder, unless it is there."""
    import shutil

    from engine.sheets.place import whole_file
    from workbook_templates import sample_book

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Usage(f"{folder} cannot be made a folder ({error.strerror}); choose another name") from None
    book = folder / "Ratable sample.xlsx"
    if not book.exists():
        with whole_file(book) as file, sample_book().open("rb") as sample:
            shutil.copyfileobj(sample, file)
    return book


def demo(folder: Path, today: date, progress: Progress | None = None) -> tuple[Path, Path]:
    """Put the sample book into a folder and write its close pack beside it."""
    book = sample(folder)
    written, _ = pack(open_book(book, today), today, None, None, progress)
    return book, written


def formula(path: Path, today: date, name: str, arguments: list[str], known_at: date | None = None) -> tuple[Any, int]:
    """A worksheet formula's answer and the decimals of its numbers.

    arguments  as typed into a cell: text, a range as Excel writes it in braces, {"C-1";"C-2"}; an empty one is blank
    raises     FormulaError; BookRefused, except of the formulas that say what is wrong with a book
    """
    from addin.formulas.books import calling_workbook
    from addin.formulas.catalogue import find
    from addin.formulas.typed import typed_argument
    from engine.book.problems import BookRefused

    found = find(name)
    own = found.arguments[:-1] if found.takes_book else found.arguments
    least, most = sum(not argument.optional for argument in own), len(own)
    if not least <= len(arguments) <= most:
        takes = str(most) if least == most else f"{least} to {most}"
        raise Usage(f"{found.signature} takes {takes} argument{'s' * (most != 1)} here, not {len(arguments)}")
    given = [typed_argument(text) for text in arguments]
    if not found.reads_book:
        return found.function(*given), 2
    opened = _examined(path, today, known_at)
    if opened.book is None and found.group != "Control":
        raise BookRefused(opened.findings)
    with calling_workbook(lambda: opened):
        return found.function(*given), opened.decimals


def _examined(path: Path, today: date, known_at: date | None) -> OpenedBook:
    from addin.formulas.books import SHELF
    from engine.book.reading import examine_book

    return SHELF.put(*examine_book(path, today, known_at))


def compare_conventions(opened: Opened, contract: str, first: str | None, last: str | None) -> Table:
    """The revenue of one contract under every convention and rounding.

    raises Usage
    """
    from engine.reports.compare_conventions import compare_conventions as compare
    from engine.reports.grouping import UnknownId

    begin = opened.day_of(first, last=False) if first else None
    end = opened.day_of(last, last=True) if last else None
    if begin and end and end < begin:
        raise Usage(f"the range ends on {end}, before it starts on {begin}")
    try:
        return compare(opened.schedule, contract, begin, end)
    except UnknownId as problem:
        raise Usage(str(problem)) from None


def report(name: str, opened: Opened, words: Mapping[str, Any]) -> Table:
    """One report of an open book, by the name and the words of the command line.

    raises Usage
    """
    from engine.reports.grouping import UnknownColumn, UnknownId

    try:
        return _REPORTS[name](opened, words)
    except (UnknownColumn, UnknownId) as problem:
        raise Usage(str(problem)) from None


def _balances(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.balances import balances

    return balances(opened.schedule, opened.day(words["as_of"]), words["by"], opened.keep, opened.currency)


def _revenue(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.revenue import revenue

    first, last = opened.days(words["first"], words["last"], "year")
    return revenue(opened.schedule, first, last, words["by"], opened.keep, opened.currency)


def _waterfall(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.axis import Axis
    from engine.reports.waterfall import waterfall, waterfall_around

    day, rest = opened.day(words["as_of"]), (words["by"], words["measure"], opened.keep, opened.currency)
    if words.get("back") is not None:
        return waterfall_around(
            opened.schedule, Axis(opened.schedule.calendar, day, words["back"], words["months"]), *rest
        )
    return waterfall(opened.schedule, day, words["months"], *rest)


def _rollforward(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.rollforward import rollforward

    first, last = opened.days(words["first"], words["last"], "year")
    return rollforward(opened.schedule, first, last, words["of"], opened.keep, opened.currency)


def _rpo(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.rpo import rpo

    return rpo(opened.schedule, opened.day(words["as_of"]), opened.keep, opened.currency)


def _journal(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.journal import journal

    first, last = opened.days(words["first"], words["last"], "period")
    return journal(opened.schedule, first, last, opened.keep, opened.currency)


def _costs(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.costs import costs

    first, last = opened.days(words["first"], words["last"], "period")
    return costs(opened.schedule, first, last, opened.keep, opened.currency)


_REPORTS: Mapping[str, Callable[[Opened, Mapping[str, Any]], Table]] = {
    "balances": _balances, "revenue": _revenue, "waterfall": _waterfall, "rollforward": _rollforward, "rpo": _rpo,
    "journal": _journal, "costs": _costs,
}  # fmt: skip
