"""The verbs: what a person typed in, an answer and an exit code out."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin import actions
from addin.command_line.parser import FORMS, build, parse

if TYPE_CHECKING:
    from addin.excel.xlstart import Status
    from addin.formulas.catalogue import Formula
    from engine.book.problems import Problem
    from engine.reports.table import Table

_SUFFIX = {"table": "txt", "csv": "csv", "json": "json", "xlsx": "xlsx"}
OK, CHECK_FAILS, WRONG_USAGE, REFUSED, STOPPED = 0, 1, 2, 3, 130


def run(arguments: Sequence[str]) -> int:
    """Answer one command line; every failure is told in words and an exit code, never as a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        options = parse(arguments)
    except SystemExit as done:
        return int(done.code or 0)
    try:
        return _answer(options)
    except KeyboardInterrupt:
        _say("Stopped. Nothing was written.")
        return STOPPED
    except BrokenPipeError:  # the reader of our output has seen enough
        _silence()
        return OK
    except OSError as error:
        _say(f"ratable {options.verb}: the answer cannot be written ({error.strerror or error}).")
        _silence()
        return WRONG_USAGE


def _silence() -> None:
    """What is left of the answer goes nowhere, and Python does not complain about it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _answer(options: argparse.Namespace) -> int:
    if options.version:
        from engine.version import VERSION

        print(f"ratable {VERSION}")
        return OK
    if options.verb is None:
        build().print_help()
        return WRONG_USAGE
    from addin.formulas.errors import FormulaError
    from engine.book.problems import BookRefused, TrialBalanceRefused
    from engine.ledger.errors import LedgerDamaged, LedgerProblem
    from engine.sheets.errors import NotWritten

    try:
        return _VERBS.get(options.verb, _report)(options)
    except actions.Usage as problem:
        _say(f"ratable {options.verb}: {problem}")
        return WRONG_USAGE
    except NotWritten as problem:
        _say(f"ratable {options.verb}: {problem}")
        return WRONG_USAGE
    except LedgerDamaged as problem:
        _say(f"ratable {options.verb}: {problem}")
        return REFUSED
    except LedgerProblem as problem:
        _say(f"ratable {options.verb}: {problem}")
        return WRONG_USAGE
    except FormulaError as problem:
        print(problem.code)
        _say(f"{options.formula}: {problem.reason}")
        return WRONG_USAGE
    except TrialBalanceRefused as refused:
        _tell(refused.problems)
        count = len(refused.problems)
        _say(f"\n{refused.file} cannot be used until {_count(count, 'problem')} above {_are(count)} mended.")
        return REFUSED
    except BookRefused as refused:
        _tell(refused.problems)
        _say(
            f"\n{options.book} cannot be used until {_count(len(refused.problems), 'problem')} above "
            f"{_are(len(refused.problems))} mended."
        )
        return REFUSED


def _report(options: argparse.Namespace) -> int:
    given = vars(options)
    where, currency = dict(given.get("where", ())), given.get("currency", "contract")
    opened = actions.open_book(options.book, date.today(), options.known_at, where, currency, options.manner)
    _warn(opened.warnings)
    table = actions.report(options.verb, opened, vars(options))
    _show(options, lambda: table, f"{options.verb.capitalize()}")
    return OK


def _new(options: argparse.Namespace) -> int:
    print(f"{actions.new(options.book)} is ready: open it, fill in the tables, delete the example rows.")
    return OK


def _demo(options: argparse.Namespace) -> int:
    with _progress() as progress:
        book, pack = actions.demo(options.output, date.today(), progress)
    print(f"sample book  {book.resolve()}\nclose pack   {pack.resolve()}")
    return OK


def _pack(options: argparse.Namespace) -> int:
    opened = actions.open_book(options.book, date.today(), options.known_at, manner=options.manner)
    _warn(opened.warnings)
    with _progress() as progress:
        asked = (options.as_of, options.output, progress, options.sheets, options.trial_balance)
        path, passed = actions.pack(opened, date.today(), *asked)
    print(path.resolve())
    if not passed:
        _say("A check fails: see the sheet Checks.")
    return OK if passed else CHECK_FAILS


def _check(options: argparse.Namespace) -> int:
    from engine.book.problems import Severity

    with _progress() as progress:
        found = actions.check(options.book, date.today(), options.known_at, progress)
    table = _findings(found)
    if options.format in (None, "table") and options.output is None:
        print(_findings_text(found))
    else:
        _show(options, lambda: table, "Checks")
    severities = {problem.severity for problem in found}
    if Severity.STOP in severities:
        return REFUSED
    return CHECK_FAILS if Severity.FAIL in severities else OK


def _explain(options: argparse.Namespace) -> int:
    from engine.reports.explain import explain
    from engine.reports.grouping import UnknownId

    opened = actions.open_book(options.book, date.today(), options.known_at, manner=options.manner)
    _warn(opened.warnings)
    contract, _, obligation = options.contract.partition("/")
    day = opened.day(options.as_of)
    try:
        found = explain(opened.at(day), contract, obligation or None, day)
    except UnknownId as problem:
        raise actions.Usage(str(problem)) from None
    if options.format in (None, "table") and options.output is None:
        print(found.text)
    else:
        _show(options, lambda: found.table, f"Explain {options.contract}")
    return OK


def _addin(options: argparse.Namespace) -> int:
    from addin.excel import xlstart

    try:
        folder = xlstart.start_folder()
        if options.what == "install":
            print(f"{xlstart.install(folder)} is installed. Start Excel: it has a tab Ratable.")
            _say(xlstart.BLOCKED)
        elif options.what == "remove":
            removed = xlstart.remove(folder)
            print(f"{removed} is removed." if removed else "The add-in is not installed.")
        else:
            print(_addin_status(xlstart.status(folder)))
    except xlstart.NotInstalled as problem:
        raise actions.Usage(str(problem)) from None
    return OK


def _addin_status(found: Status) -> str:
    state = "not installed: ratable addin install" if not found.installed else "installed"
    if found.installed and not found.current:
        state = "another version is installed: close Excel, then ratable addin install"
    lines = [f"add-in   {found.path}  ({state})"]
    if found.listed:
        lines = [f"add-in   {found.listed}  (in Excel's list of add-ins)"]
    if found.listed and found.installed:
        lines.append(f"         {found.path} is one too many: ratable addin remove")
    if found.marked:
        lines.append("         it carries the mark of a download, and Excel blocks it: ratable addin install")
    where = found.program or "not found: run the installer, or set RATABLE_HOME to the folder of ratable.exe"
    return "\n".join([*lines, f"program  {where}"])


def _compare_conventions(options: argparse.Namespace) -> int:
    opened = actions.open_book(options.book, date.today(), options.known_at)
    _warn(opened.warnings)
    table = actions.compare_conventions(opened, options.contract, options.first, options.last)
    _show(options, lambda: table, f"Conventions {options.contract}")
    return OK


def _get(options: argparse.Namespace) -> int:
    from addin.formulas.catalogue import find

    if options.help_formula:
        print(_formula_help(find(options.formula)))
        return OK
    answer, decimals = actions.formula(
        options.book, date.today(), options.formula, options.arguments, options.known_at, options.manner
    )
    print(_formula_text(answer, decimals))
    return OK


def _close(options: argparse.Namespace) -> int:
    from addin import closing

    if (options.period is None) == (options.reopen is None):
        raise actions.Usage("name the period to close, or --reopen PERIOD")
    at = closing.now()
    opened = actions.open_book(options.book, date.today())
    if options.reopen is not None:
        record = closing.reopen_period(opened, options.reopen, options.by, at, options.reason)
        print(f"{record.entry.period} is open again. What was closed stays in {opened.ledger.file.path}")
        return OK
    acceptance = closing.Acceptance(options.accept, options.by, options.reason)
    try:
        with _progress() as progress:
            by = _who(options)
            asked = (options.output, acceptance, progress, options.trial_balance)
            done = closing.close_period(opened, options.period, by, at, *asked)
    except closing.ChecklistOpen as open_:
        _tell(open_.findings)
        _say(f"\n{options.period} is not closed. Mend {_count(len(open_.findings), 'finding')} above, or take "
             "responsibility: --accept CHECK --by NAME --reason \"...\"")  # fmt: skip
        return CHECK_FAILS
    _warn([finding for finding in done.findings if finding.severity != "ok"])
    print(f"closed  {done.record.entry.period}  {opened.ledger.file.path}\npack    {done.pack.resolve()}")
    return OK


def _compare(options: argparse.Namespace) -> int:
    opened = actions.open_book(options.book, date.today())
    other = actions.open_book(options.other, date.today()) if options.other is not None else None
    asked = (options.from_close, options.to_close, options.as_of, options.of, options.currency)
    table = actions.compare(opened, other, *asked)
    _show(options, lambda: table, "Comparison")
    return OK


def _post(options: argparse.Namespace) -> int:
    from addin import posting
    from addin.closing import now

    if (options.period is None) == (options.again is None):
        raise actions.Usage("name the period to post, or --again BATCH")
    opened = actions.open_book(options.book, date.today())
    if options.again is not None:
        lines = posting.post_again(opened, options.again, options.output)
        print(f"batch  {options.again}  {lines:,} lines, as posted before  {options.output.resolve()}")
        return OK
    by = _who(options)
    found = posting.post(opened, options.period, by, now(), options.output)
    if found is None:
        print(f"Nothing to post: the general ledger has the entries of {options.period}.")
        return OK
    print(f"batch  {found[0]}  {found[1]:,} lines  {options.output.resolve()}")
    return OK


def _who(options: argparse.Namespace) -> str:
    """Who does it: as told, else whoever is signed in to this machine.

    raises Usage where the machine does not say who that is
    """
    from addin.closing import signed_in

    if not (who := (options.by or "").strip() or signed_in()):
        raise actions.Usage("this machine does not say who you are: add --by NAME")
    return who


def _closes(options: argparse.Namespace) -> int:
    from engine.ledger.ledger import Ledger

    _show(options, lambda: actions.ledger_entries(Ledger.of(options.book), reproduce=options.reproduce), "Closes")
    return OK


_VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "new": _new, "demo": _demo, "pack": _pack, "check": _check, "explain": _explain, "get": _get,
    "compare-conventions": _compare_conventions,
    "addin": _addin, "close": _close, "closes": _closes, "post": _post, "compare": _compare,
}  # fmt: skip


def _formula_help(formula: Formula) -> str:
    width = max(len(argument.name) for argument in formula.arguments)
    lines = [f"  {argument.name.ljust(width)}  {argument.help}" for argument in formula.arguments]
    return "\n".join([formula.signature, formula.summary, "", *lines])


def _formula_text(answer: Any, decimals: int) -> str:
    """Numbers in minor-unit precision, tables with tabs between their cells."""
    if isinstance(answer, list):
        return "\n".join("\t".join(_formula_text(cell, decimals) for cell in row) for row in answer)
    if isinstance(answer, float):
        return f"{answer:.{decimals}f}"
    if isinstance(answer, date):
        return answer.isoformat()
    return "" if answer is None else str(getattr(answer, "code", answer))  # of an error its code, as a cell shows it


# -- what is shown where
# --------------------------------------------------------------------------------------------------------


def _show(options: argparse.Namespace, table: Callable[[], Table], title: str) -> None:
    from addin.command_line.show import as_csv, as_json, as_text

    form = _form(options)
    if options.output is not None:
        actions.spare_book(options.book, options.output)
    if form == "xlsx":
        from engine.sheets.table_sheet import write_table

        if options.output is None:
            raise actions.Usage("a workbook needs a name: add -o FILE.xlsx")
        write_table(table(), options.output, title)
        return
    text = {"table": as_text, "csv": as_csv, "json": as_json}[form](table())
    if options.output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        _write(options.output, text)


def _form(options: argparse.Namespace) -> str:
    """The form of the answer: as asked for, else as the name of the file says. Excel opens no other than a workbook by
    the name of one."""
    named = "" if options.output is None else options.output.suffix.lower().removeprefix(".")
    form: str = options.format or (named if named in FORMS else "table")
    if options.output is not None and form != named and "xlsx" in (form, named):
        raise actions.Usage(f"{options.output.name} is no name for --format {form}; end it in .{_SUFFIX[form]}")
    return form


def _write(path: Path, text: str) -> None:
    from engine.sheets.place import whole_file

    with whole_file(path) as file:
        file.write(text.encode("utf-8"))


def _findings(problems: Sequence[Problem]) -> Table:
    from engine.reports.table import Column, Table

    names = ("severity", "name", "where", "found", "remedy")
    rows = [[str(p.severity), p.name, p.where, p.found, p.remedy] for p in problems]
    return Table(tuple(Column(name) for name in names), rows)


def _findings_text(problems: Sequence[Problem]) -> str:
    """Findings in full, then the checks that passed, then the count."""
    from engine.book.problems import Severity

    bad = [p for p in problems if p.severity is not Severity.OK]
    good = [p for p in problems if p.severity is Severity.OK]
    width = max((len(p.name) for p in good), default=0)
    counts = [
        f"{sum(p.severity is kind for p in problems)} {kind}"
        for kind in Severity
        if any(p.severity is kind for p in problems)
    ]
    parts = [f"[{p.severity}] {p}" for p in bad]
    if good:
        parts.append("\n".join(f"[ok] {p.name.ljust(width)}  {p.found}".rstrip() for p in good))
    return "\n\n".join([*parts, ", ".join(counts) or "Nothing to check."])


def _tell(problems: Sequence[Problem]) -> None:
    _say("\n\n".join(str(problem) for problem in problems))


def _warn(problems: Sequence[Problem]) -> None:
    if problems:
        _tell(problems)
        _say("")


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _count(number: int, what: str) -> str:
    return f"the {what}" if number == 1 else f"the {number} {what}s"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


@contextlib.contextmanager
def _progress() -> Iterator[actions.Progress | None]:
    """A line on the terminal that says how far long work is; nothing where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    shown = datetime.min

    def tell(what: str, done: int, of: int) -> None:
        nonlocal shown
        now = datetime.now()
        if (now - shown).total_seconds() > 0.1:
            shown = now
            print(f"\r{what} {100 * done // max(of, 1):3d} %\x1b[K", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
