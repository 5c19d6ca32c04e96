"""What a person can ask Ratable to do: the same actions for command line, ribbon and window.

Every action takes paths and words as a person gives them, asks the engine, and answers a table or the path of what it
wrote. Imports of the engine stand inside the functions, so that a program that only shows its version or a help text
starts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.opened import Manner, Opened, Progress, Usage, asks_ledger, open_book

if TYPE_CHECKING:
    from addin.formulas.books import OpenedBook
    from engine.book.problems import Problem
    from engine.book.trial_balance import TrialBalance
    from engine.ledger.ledger import Ledger
    from engine.reports.table import Table
    from engine.schedule.currency import Currency

__all__ = ["Opened", "Progress", "Usage", "open_book"]


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


def checks_of(
    opened: Opened, as_of: str | None, progress: Progress | None = None, trial_balance: TrialBalance | None = None
) -> list[Problem]:
    from engine.reports.checks import checks

    day = opened.day(as_of)
    return checks(opened.at(day), day, progress, trial_balance)


def trial_balance_of(opened: Opened, file: Path | None, day: date) -> TrialBalance | None:
    """What the general ledger says of a day, from a file; None without one.

    raises TrialBalanceRefused
    """
    from engine.book.trial_balance import read_trial_balance

    if file is None:
        return None
    return read_trial_balance(file, day, opened.schedule.book.settings.reporting_currency)


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
    trial_balance: Path | None = None,
) -> tuple[Path, bool]:
    """Write the close pack; returns where, and whether every check in it passed or only warned.

    sheets         names of `pack_reports` in any case; default all
    trial_balance  file that is compared in place of the table Ledger
    raises         Usage; NotWritten; TrialBalanceRefused
    """
    from engine.book.problems import Severity
    from engine.reports.judgments import without_judgment
    from engine.sheets.close_pack import close_pack
    from engine.sheets.write import write_pack

    day = opened.day(as_of)
    path = target or free_name(opened.path, day)
    if path.suffix.lower() != ".xlsx":
        raise Usage(f"a close pack is an Excel workbook: name it {path.with_suffix('.xlsx').name}")
    spare_book(opened.path, path)
    told = trial_balance_of(opened, trial_balance, day)
    found = [*opened.warnings, *checks_of(opened, as_of, progress, told), *without_judgment(opened.at(day), day)]
    chosen = None if sheets is None else _chosen_sheets(sheets)
    made = close_pack(
        opened.history, day, found, opened.path.name, today, opened.known_at, progress, chosen, _made_on(opened), told
    )
    write_pack(made, path, progress)
    return path, all(problem.severity is not Severity.FAIL for problem in found)


def _made_on(opened: Opened) -> str:
    """The state of the ledger that a pack is made on, in words."""
    if opened.manner == "recalculated" or opened.known_at is not None:
        return "Left aside: figures are what the rows say, as if no period were closed"
    if not opened.ledger.entries:
        return "No period was ever closed"
    return f"Made on {opened.ledger.head}"


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


def formula(
    path: Path, today: date, name: str, arguments: list[str], known_at: date | None = None, manner: Manner = "standing"
) -> tuple[Any, int]:
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
    opened = _examined(path, today, known_at, manner)
    if opened.book is None and found.group != "Control":
        raise BookRefused(opened.findings)
    with calling_workbook(lambda: opened):
        return found.function(*given), opened.decimals


def _examined(path: Path, today: date, known_at: date | None, manner: Manner) -> OpenedBook:
    from addin.formulas.books import OpenedBook
    from addin.formulas.ledgers import LEDGERS, NO_LEDGER
    from engine.book.reading import examine_book
    from engine.ledger.file import ledger_path

    book, problems = examine_book(path, today, known_at)
    mark = book.fingerprint if book else ""
    standing = LEDGERS.at(ledger_path(path)) if asks_ledger(manner, known_at) else NO_LEDGER
    return OpenedBook(book, problems, mark, standing, only_reported=manner == "reported")


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


def compare(
    opened: Opened,
    other: Opened | None,
    from_close: str | None,
    to_close: str | None,
    as_of: str | None,
    of: str | None,
    currency: Currency = "contract",
) -> Table:
    """What lies between two states of a book: from a close, or from one book, to another close, or to rows of today.

    raises Usage; OutOfOrder for a period that is not closed; BookRefused where a rate is missing
    """
    from engine.reports.compare import COLUMNS, State
    from engine.reports.compare import compare as compared
    from engine.reports.table import Table

    if (other is None) == (from_close is None):
        raise Usage("name what to compare with: --from-close PERIOD, or a second book")

    def closed(period: str) -> State:
        close = opened.ledger.close_of(period)
        return State(opened.ledger.schedule(close), close.entry.last)

    if from_close is not None:
        before = closed(from_close)
        after = closed(to_close) if to_close else State(opened.schedule, max(opened.day(as_of), before.day))
    else:
        assert other is not None
        before, after = State(opened.schedule, opened.day(as_of)), State(other.schedule, other.day(as_of))
    if after.day < before.day:
        raise Usage(f"{before.day} comes after {after.day}: name the earlier one first")
    measures = ("deferred", "backlog") if of is None else (of,)
    return Table(COLUMNS, [row for name in measures for row in compared(before, after, name, currency).rows])  # type: ignore[arg-type]


def ledger_entries(ledger: Ledger, *, reproduce: bool = False) -> Table:
    """Every entry of a ledger, oldest first.

    reproduce  compute each close again from the rows it holds, and say how many of its balances come out otherwise
    """
    from engine.reports.table import Column, Table

    standing = {each.number for each in ledger.closes}
    rows: list[list[Any]] = []
    for each in ledger.entries:
        entry = each.entry
        state = {"close": "closed" if each.number in standing else "reopened later", "post": "posted"}.get(
            entry.kind, ""
        )
        told = [f"accepted {a['check']}: {a['reason']} ({a['by']})" for a in entry.said.get("accepted", ())]
        if tied := entry.said.get("trial_balance"):
            told.append(f"tied out to {tied['name']}")
        said = entry.said.get("reason") or entry.said.get("batch") or "; ".join(told)
        marks = [str(entry.said.get("version", "")), str(entry.said.get("fingerprint", ""))[:16], each.digest[:16]]
        days = [entry.first, entry.last]
        row: list[Any] = [each.number, entry.kind, entry.period, *days, state, entry.by, entry.at, said, *marks]
        if reproduce:
            row.append(ledger.not_reproduced(each, ledger.schedule(each)) if entry.kind == "close" else None)
        rows.append(row)
    columns = (
        Column("number", "integer"), Column("what"), Column("period"), Column("first", "date"), Column("last", "date"),
        *map(Column, ("state", "by", "at", "said", "version", "fingerprint", "digest")),
        *([Column("balances_off", "integer")] if reproduce else []),
    )  # fmt: skip
    return Table(columns, rows)


def report(name: str, opened: Opened, words: Mapping[str, Any]) -> Table:
    """One report of an open book, by the name and the words of the command line.

    raises Usage
    """
    from engine.reports.grouping import UnknownColumn, UnknownId
    from engine.schedule.history import NotClosed

    try:
        return _REPORTS[name](opened, words)
    except (UnknownColumn, UnknownId, NotClosed) as problem:
        raise Usage(str(problem)) from None


def _balances(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.balances import balances

    schedule, day, keep, currency = opened.asked(words["as_of"])
    return balances(schedule, day, words["by"], keep, currency)


def _revenue(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.standing import standing_revenue

    first, last = opened.days(words["first"], words["last"], "year")
    return standing_revenue(opened.history, first, last, words["by"], opened.which)


def _waterfall(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.axis import Axis
    from engine.reports.waterfall import waterfall, waterfall_around

    schedule, day, keep, currency = opened.asked(words["as_of"])
    rest = (words["by"], words["measure"], keep, currency)
    if words.get("back") is not None:
        return waterfall_around(schedule, Axis(schedule.calendar, day, words["back"], words["months"]), *rest)
    return waterfall(schedule, day, words["months"], *rest)


def _rollforward(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.standing import standing_rollforward

    first, last = opened.days(words["first"], words["last"], "year")
    return standing_rollforward(opened.history, first, last, words["of"], opened.which)


def _rpo(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.rpo import rpo

    return rpo(*opened.asked(words["as_of"]))


def _journal(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.standing import standing_journal

    first, last = opened.days(words["first"], words["last"], "period")
    return standing_journal(opened.history, first, last, opened.which)


def _costs(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.standing import standing_costs

    first, last = opened.days(words["first"], words["last"], "period")
    return standing_costs(opened.history, first, last, opened.which)


def _tie_out(opened: Opened, words: Mapping[str, Any]) -> Table:
    from engine.reports.checks.ledger import tie_out

    day = opened.day(words["as_of"])
    return tie_out(opened.at(day), day, trial_balance_of(opened, words.get("trial_balance"), day))


_REPORTS: Mapping[str, Callable[[Opened, Mapping[str, Any]], Table]] = {
    "balances": _balances, "revenue": _revenue, "waterfall": _waterfall, "rollforward": _rollforward, "rpo": _rpo,
    "journal": _journal, "costs": _costs, "tie-out": _tie_out,
}  # fmt: skip
