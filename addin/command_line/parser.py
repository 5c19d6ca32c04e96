"""Words and options of the command line, with a help text and an example for every verb."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence
from datetime import date
from pathlib import Path

_ABOUT = """\
Deferred revenue and backlog by ASC 606 / IFRS 15, exact to the cent, from a workbook or a folder of CSV files.
Works offline; nothing leaves this machine."""

_AFTER = """\
BOOK is an Excel workbook (.xlsx, .xlsm) with the tables of `ratable new`, or a folder of CSV files (contracts.csv,
...).
A day D is 2026-03-31; a period P is a day or a label: 2026-03, 2026-Q1, FY2026 (as a day: its last).

Exit codes: 0 all well, 1 a check fails, 2 wrong usage, 3 the book cannot be used.
`ratable VERB --help` shows the options of a verb and an example."""

_VERBS: dict[str, tuple[str, str, str]] = {
    "new": (
        "write an empty book: tables, drop-down lists, help",
        "Writes the workbook you fill in: a sheet and an Excel Table for each kind of row, with drop-down lists, "
        "input help and one "
        "example row to delete. An existing file is never overwritten.",
        "ratable new \"Revenue 2026.xlsx\"",
    ),
    "demo": (
        "make a sample book and its close pack, and say where they are",
        "Puts the sample book of a software company into a folder and writes its close pack beside it.",
        "ratable demo",
    ),
    "check": (
        "every problem of the book and every check",
        "Lists what is wrong with the book, cell by cell, with the remedy, and the outcome of every check of the "
        "figures.",
        "ratable check \"Revenue 2026.xlsx\"",
    ),
    "balances": (
        "contract balances and backlog at the close of a day",
        "One row per key and currency: contracted, recognized and billed to date, deferred revenue with its "
        "current and non-current "
        "part, contract asset, refund liability, backlog, its unbilled part, and RPO.",
        "ratable balances \"Revenue 2026.xlsx\" --as-of 2026-03 --by customer",
    ),
    "revenue": (
        "revenue recognized per period",
        "One row per key and currency, one column per month. Without a range: the fiscal year of the book's "
        "as_of up to its month.",
        "ratable revenue \"Revenue 2026.xlsx\" --from 2026-01 --to 2026-06 --by product",
    ),
    "waterfall": (
        "when the backlog will be recognized",
        "Contracted, recognized to date, the months after the day as then scheduled, and thereafter (work "
        "without a date too). With "
        "--measure balance: the backlog left at each month's end.",
        "ratable waterfall \"Revenue 2026.xlsx\" --as-of 2026-03 --months 24 --by cohort",
    ),
    "rollforward": (
        "from opening to closing balance, movement by movement",
        "One row per period and currency. Movements are signed so that each row adds up. Without a range: the "
        "fiscal year to date.",
        "ratable rollforward \"Revenue 2026.xlsx\" --from 2026-01 --to 2026-03 --of backlog",
    ),
    "rpo": (
        "remaining performance obligations, bridged from backlog",
        "Backlog less what is not enforceable or exempt from disclosure, and the bands in which the rest will be "
        "recognized.",
        "ratable rpo \"Revenue 2026.xlsx\" --as-of 2026-03",
    ),
    "journal": (
        "journal entries, balanced per contract, date and currency",
        "Documents and payments on their day, revenue and reclassifications on the last day of each period, with "
        "the accounts of the "
        "book. Without a range: the period of the book's as_of.",
        "ratable journal \"Revenue 2026.xlsx\" --from 2026-03 --to 2026-03 --format csv -o march.csv",
    ),
    "costs": (
        "contract costs, from opening to closing carrying amount",
        "Capitalized, amortized and impaired, a row a cost. Movements are signed so that each row adds up. Without a "
        "range: the period of the book's as_of.",
        "ratable costs \"Revenue 2026.xlsx\" --from 2026-01 --to 2026-03",
    ),
    "tie-out": (
        "every balance sheet account beside its general ledger balance",
        "Compares the balances of the book, by account, with the table Ledger on its latest day on or before the day "
        "asked for, and explains a difference as far as the book allows. --trial-balance compares a file your "
        "accounting system exported, CSV or a workbook: a column account, and balance or debit and credit.",
        "ratable tie-out \"Revenue 2026.xlsx\" --as-of 2026-03 --trial-balance \"TB March.csv\"",
    ),
    "explain": (
        "the arithmetic of one figure, and the rows it came from",
        "Shows step by step how the figures of a contract at the close of a day come about, and from which cells.",
        "ratable explain \"Revenue 2026.xlsx\" C-1001/platform --as-of 2026-03",
    ),
    "compare-conventions": (
        "one contract under every convention and rounding",
        "Revenue of a contract month by month as the book has it, under each of the seven conventions with each "
        "rounding, and by how much that differs from the book's choice. Without a range: the whole life of the "
        "contract.",
        "ratable compare-conventions \"Revenue 2026.xlsx\" C-1001 --from 2026-01 --to 2026-06",
    ),
    "pack": (
        "write the close pack, the month's workbook",
        "Writes checks, summary with charts, roll-forwards, waterfalls, revenue schedule, balances, RPO and "
        "journal into one formatted "
        "workbook with live, checked formulas. Without -o the name is made from the book's and the month's.",
        "ratable pack \"Revenue 2026.xlsx\" --as-of 2026-03 -o \"March close.xlsx\"",
    ),
    "close": (
        "close a period: checklist, close pack, record in the ledger",
        "Goes through the checklist - warnings of the book and every check - writes the close pack and records the "
        "close in the ledger file beside the book: balances, entries, inputs, who and when. A failing check must be "
        "mended, or accepted with a name and a reason. Afterwards the period is never restated: what is done to its "
        "rows appears in the first open period as prior_period. Periods close in order and reopen in reverse order.",
        "ratable close \"Revenue 2026.xlsx\" 2026-03 --by \"Ann Lee\"",
    ),
    "post": (
        "hand the entries of a period to the general ledger, as a batch",
        "Writes the journal of a period with an account, a batch id and a number on every line, as CSV or a workbook, "
        "and records the batch. Asked again after the period was reopened or its rows changed, it writes the "
        "difference to what was posted, balanced, as a batch of its own. --again writes a batch once more.",
        "ratable post \"Revenue 2026.xlsx\" 2026-03 -o march.csv",
    ),
    "compare": (
        "why a balance is not what it was, cause by cause, until it adds up",
        "From what was reported at a close - or from one book file - to another close, another book file, or the rows "
        "of today at the book's as_of: new contracts, corrections with the rows that were changed, new business, "
        "changes, billing, revenue. Opening and lines add up to the closing balance.",
        "ratable compare \"Revenue 2026.xlsx\" --from-close 2026-02 --of deferred",
    ),
    "closes": (
        "what was closed and reopened: who, when, why, what was accepted",
        "Lists the ledger file beside the book, every entry with its digest, after the whole file was verified.",
        "ratable closes \"Revenue 2026.xlsx\"",
    ),
    "addin": (
        "the add-in of Excel: install, remove, status",
        "Puts ratable.xlam into Excel's start folder, takes it away again, or says what is there and what to do where "
        "Excel does not load it. Windows only.",
        "ratable addin install",
    ),
    "get": (
        "the answer of one worksheet formula",
        "Answers any worksheet formula; \"\" leaves an argument blank. `ratable get BOOK FORMULA --help-formula` "
        "lists its arguments.",
        "ratable get \"Revenue 2026.xlsx\" DEFERRED_BALANCE C-1001 2026-03-31",
    ),
}  # fmt: skip


_REPORTS = ("balances", "revenue", "waterfall", "rollforward", "rpo", "journal", "costs")
#: forms of an answer; the ends of names that stand for them, too
FORMS = ("table", "csv", "json", "xlsx")


def build() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ratable", description=_ABOUT, epilog=_AFTER, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-V", "--version", action="store_true", help="show the version and exit")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    for name, (short, long, example) in _VERBS.items():
        verb = verbs.add_parser(
            name, help=short, description=textwrap.fill(long, 80), epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        _arguments(verb, name)
    return parser


def _arguments(verb: argparse.ArgumentParser, name: str) -> None:
    if name == "new":
        verb.add_argument("book", type=Path, metavar="BOOK.xlsx", help="workbook to write")
        return
    if name == "addin":
        verb.add_argument("what", choices=("install", "remove", "status"), help="what to do")
        return
    if name == "demo":
        verb.add_argument(
            "-o",
            "--output",
            type=Path,
            metavar="FOLDER",
            default=Path("Ratable demo"),
            help="where to (default: %(default)s)",
        )
        return
    verb.add_argument("book", type=Path, metavar="BOOK", help="workbook, or folder of CSV files")
    if name == "close":
        _close_arguments(verb)
        return
    if name == "post":
        verb.add_argument("period", nargs="?", metavar="PERIOD", help="the period to post, as 2026-03")
        verb.add_argument("--again", metavar="BATCH", help="write this batch once more, under its id")
        verb.add_argument("-o", "--output", type=Path, metavar="FILE", required=True, help="batch.csv or batch.xlsx")
        verb.add_argument("--by", metavar="NAME", help="who posts (default: the user of this machine)")
        return
    if name == "compare":
        verb.add_argument("other", type=Path, nargs="?", metavar="OTHER", help="a second book to compare with")
        verb.add_argument("--from-close", metavar="P", help="from what was reported at the close of this period")
        verb.add_argument("--to-close", metavar="P", help="to what was reported at the close of this period")
        verb.add_argument("--as-of", metavar="D", help="to the close of this day (default: the book's as_of)")
        verb.add_argument("--of", choices=("deferred", "backlog"), help="which balance (default: both)")
        _currency(verb)
    if name == "compare-conventions":
        verb.add_argument("contract", metavar="CONTRACT", help="id of a contract")
    if name == "explain":
        verb.add_argument("contract", metavar="CONTRACT[/OBLIGATION]", help="id of a contract, or contract/obligation")
    if name == "get":
        verb.add_argument("formula", metavar="FORMULA", help="name of the formula, as DEFERRED_BALANCE")
        verb.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="its arguments in order")
        verb.add_argument("--help-formula", action="store_true", help="show what the formula answers and its arguments")
    if name in ("balances", "waterfall", "rpo", "tie-out", "explain", "pack"):
        verb.add_argument("--as-of", metavar="D", help="close of this day (default: the book's as_of)")
    if name in ("tie-out", "pack"):
        _trial_balance(verb)
    if name in ("revenue", "rollforward", "journal", "costs", "compare-conventions"):
        verb.add_argument("--from", dest="first", metavar="P", help="first day or period")
        verb.add_argument("--to", dest="last", metavar="P", help="last day or period")
    if name in ("balances", "revenue", "waterfall"):
        verb.add_argument(
            "--by",
            metavar="K",
            default="contract",
            help="contract (default), obligation, customer, product, cohort, total or any column",
        )
    if name == "waterfall":
        verb.add_argument("--months", type=_count, metavar="N", default=12, help="months shown (default: 12)")
        verb.add_argument(
            "--back", type=_count, metavar="N", help="show N months before that of the day too, as they were"
        )
        verb.add_argument(
            "--measure",
            choices=("recognized", "balance"),
            default="recognized",
            help="revenue of each month (default), or backlog at its end",
        )
    if name == "rollforward":
        verb.add_argument(
            "--of", choices=("deferred", "backlog"), default="deferred", help="which balance (default: deferred)"
        )
    _common(verb, name)


def _close_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("period", nargs="?", metavar="PERIOD", help="the period to close, as 2026-03")
    verb.add_argument(
        "-o", "--output", type=Path, metavar="PACK.xlsx", help="close pack to write (default: beside BOOK)"
    )
    _trial_balance(verb)
    verb.add_argument("--accept", action="append", default=[], metavar="CHECK",
                      help="accept this failing check; may be repeated; needs --by and --reason")  # fmt: skip
    verb.add_argument("--reopen", metavar="PERIOD", help="open this period again; needs --by and --reason")
    verb.add_argument("--by", metavar="NAME", help="who closes, accepts or reopens (default: the user of this machine)")
    verb.add_argument("--reason", metavar="TEXT", help="why a check is accepted or a period reopened")


def _trial_balance(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--trial-balance", type=Path, metavar="FILE",
        help="trial balance of the general ledger, CSV or workbook, in place of the table Ledger",
    )  # fmt: skip


def _common(verb: argparse.ArgumentParser, name: str) -> None:
    if name == "pack":
        verb.add_argument(
            "-o", "--output", type=Path, metavar="PACK.xlsx", help="workbook to write (replaced if it exists)"
        )
        verb.add_argument(
            "--sheets",
            type=_names,
            metavar="NAME,...",
            help='only these reports, as "summary,rpo,journal", and those they refer to (default: all)',
        )
    elif name != "get":
        verb.add_argument(
            "--format",
            choices=FORMS,
            help="form of the answer (default: as the name of FILE ends, else table)",
        )
        verb.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the answer to a file")
    if name in _REPORTS:
        verb.add_argument(
            "--where",
            action="append",
            type=_pair,
            default=[],
            metavar="COLUMN=VALUE",
            help="only rows with this value; may be repeated",
        )
        _currency(verb)
    if name == "closes":
        verb.add_argument("--reproduce", action="store_true", help="compute each close again from the rows it holds")
    if name in ("closes", "compare"):
        return
    if name in (*_REPORTS, "tie-out", "explain", "pack", "get"):
        manner = verb.add_mutually_exclusive_group()
        manner.add_argument("--as-reported", dest="manner", action="store_const", const="reported", default="standing",
                            help="closed periods alone, as they were reported")  # fmt: skip
        manner.add_argument("--recalculated", dest="manner", action="store_const", const="recalculated",
                            help="as today's rows say, as if no period were closed")  # fmt: skip
        manner.add_argument("--known-at", type=_day, metavar="K",
                            help="ignore rows recorded after this day, and what was closed")  # fmt: skip
        return
    verb.add_argument("--known-at", type=_day, metavar="K", help="ignore rows recorded after this day")


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if not 0 <= number <= 1200:
        raise argparse.ArgumentTypeError("months must be 0 to 1200")
    return number


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-03-31") from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not COLUMN=VALUE")
    return name.strip(), value.strip()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """raises SystemExit(2) on wrong usage, SystemExit(0) after a help text"""
    return build().parse_args(arguments)


def _currency(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--currency",
        choices=("contract", "reporting"),
        default="contract",
        help="contract: each contract in its own (default); reporting: all in the one the book reports in",
    )
