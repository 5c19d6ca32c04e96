"""A trial balance of the general ledger, as accounting systems export it: account and balance, or debit and credit.

Headers are matched leniently and may stand below a title; account names, totals and accounts of others do no harm. What
cannot be told for certain is refused, all of it at once and by cell.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.book.book import Rows
from engine.book.cells import Manner, Unreadable, fold, is_blank, read_currency, read_id, read_money, shown, trimmed
from engine.book.csv_reader import SEPARATORS, decoded, number_style, parsed
from engine.book.currencies import DECIMALS
from engine.book.findings import Findings
from engine.book.problem_names import TITLES
from engine.book.problems import Problem, Severity, TrialBalanceRefused
from engine.book.raw import SheetPlace
from engine.book.reading_problems import file_problem
from engine.book.tables import LedgerBalance
from engine.book.workbook_reader import read_sheets

#: what a column is called, folded: lower case, blanks and hyphens as underscores
_CALLED = {
    "account": (
        "account", "account_no", "account_no.", "account_nr", "account_number", "account_code", "account_id", "acct",
        "acct_no", "acct_no.", "gl_account", "g_l_account", "gl_code", "gl_no", "ledger_account", "nominal_code",
        "nominal_account", "main_account", "code", "konto", "kontonummer",
    ),
    "balance": (
        "balance", "closing_balance", "ending_balance", "end_balance", "net_balance", "ytd_balance", "balance_ytd",
        "current_balance", "closing", "amount", "net_amount", "saldo",
    ),
    "debit": ("debit", "debits", "dr", "dr.", "debit_balance", "debit_amount", "closing_debit", "ending_debit", "soll"),
    "credit": (
        "credit", "credits", "cr", "cr.", "credit_balance", "credit_amount", "closing_credit", "ending_credit", "haben",
    ),
    "name": ("name", "account_name", "description", "account_description", "account_title", "title"),
    "currency": ("currency", "currency_code", "curr", "ccy", "cur"),
}  # fmt: skip
_KINDS = {called: kind for kind, names in _CALLED.items() for called in names}
#: rows in which the headers are looked for
_TOP = 40
#: headers that are named when none will do
_NAMED = 12
_DASHES = ("-", "\u2013", "\u2014")


@dataclass(frozen=True)
class TrialBalance:
    """The balances of a file, in whole minor units of the reporting currency.

    rows               one an account, as the table Ledger has them; lines of one account are added up
    debit_is_positive  True of debits and credits; a column of balances is signed as the ledger signs it
    file, digest       name of the file, SHA-256 of its bytes
    """

    rows: Rows[LedgerBalance]
    debit_is_positive: bool
    file: str
    digest: str


@dataclass(frozen=True)
class _Page:
    """Cells in which a trial balance may stand: a sheet, or a file of CSV."""

    rows: Sequence[Sequence[Any]]
    where: Callable[[int, int], str]
    manner: Manner
    name: str


@dataclass(frozen=True)
class _Columns:
    """Row of the headers, and the column of each kind."""

    header: int
    of: dict[str, int]
    doubtful: tuple[str, ...] = ()


@dataclass
class _Reader:
    """Reads the lines of one page.

    accounts, places  of each account its balance, debit positive, and where the first amount of it stands
    """

    page: _Page
    columns: _Columns
    currency: str
    problems: list[Problem]
    accounts: dict[str, int] = field(default_factory=dict)
    places: dict[str, tuple[int, str]] = field(default_factory=dict)

    def read(self) -> None:
        for row in range(self.columns.header + 1, len(self.page.rows)):
            amounts = [n for n in ("balance", "debit", "credit") if n in self._counted and not self._is_nothing(row, n)]
            if amounts and not self._is_total(row):
                self._line(row, amounts)

    @property
    def _counted(self) -> tuple[str, ...]:
        """A closing balance says more than turnover in debit and credit, where both are there."""
        return ("balance",) if "balance" in self.columns.of else ("debit", "credit")

    def _cell(self, row: int, kind: str) -> Any:
        place = self.columns.of.get(kind)
        cells = self.page.rows[row]
        return cells[place] if place is not None and place < len(cells) else None

    def _is_nothing(self, row: int, kind: str) -> bool:
        cell = self._cell(row, kind)
        return is_blank(cell) or (isinstance(cell, str) and trimmed(cell) in _DASHES)

    def _is_total(self, row: int) -> bool:
        """A line that adds up others: it says so where an account or a name would stand."""
        words = [fold(shown(self._cell(row, kind))) for kind in ("account", "name")]
        said = next((word for word in words if word), "")
        return said.startswith(("total", "grand_total", "net_total", "sum", "summe", "gesamt", "saldo"))

    def _line(self, row: int, amounts: Sequence[str]) -> None:
        before = len(self.problems)
        account = self._read(row, "account", lambda cell: read_id(cell, self.page.manner))
        if account is None and len(self.problems) == before:
            self._note(row, "account", "missing-cell", "A balance of no account. Name the account, or delete the line.")
        code = self._read(row, "currency", lambda cell: read_currency(cell, self.page.manner))
        if code not in (None, self.currency):
            remedy = (
                f"Balances are compared in {self.currency}, the reporting currency of the book. Export the trial "
                f"balance in {self.currency}, or leave out this line if the account is not one of the book's."
            )
            self._note(row, "currency", "trial-balance-currency", remedy)
        decimals = DECIMALS[self.currency]
        found = [self._read(row, kind, lambda cell: read_money(cell, self.page.manner, decimals)) for kind in amounts]
        if len(self.problems) > before:
            return
        signed = sum((-1 if kind == "credit" else 1) * minor for kind, minor in zip(amounts, found, strict=True))
        self.accounts[account] = self.accounts.get(account, 0) + signed
        self.places.setdefault(account, (row, amounts[0]))

    def _read(self, row: int, kind: str, read: Callable[[Any], Any]) -> Any:
        try:
            return read(self._cell(row, kind))
        except Unreadable as wrong:
            self._note(row, kind, wrong.name, wrong.remedy)
            return None

    def _note(self, row: int, kind: str, name: str, remedy: str) -> None:
        line = "  ".join(text for cell in self.page.rows[row] if (text := shown(cell)))
        where = self.page.where(row, self.columns.of.get(kind, 0))
        self.problems.append(Problem(Severity.STOP, name, where, line, remedy, TITLES[name]))


def read_trial_balance(path: Path, day: dt.date, currency: str) -> TrialBalance:
    """The trial balance at `path`, a CSV file or a workbook, as of a day.

    currency  the reporting currency of the book, which its amounts are in
    raises    TrialBalanceRefused with every problem
    """
    findings = Findings()
    pages = list(_pages(path, findings))
    problems = findings.in_order()
    if problems:
        raise TrialBalanceRefused(problems, path.name)
    page, columns = _chosen(path, pages)
    reader = _Reader(page, columns, currency, problems)
    reader.read()
    if not problems and not reader.accounts:
        words = "no line below the headers has an amount"
        remedy = "Export it with its balances; a column of balances, or of debits and credits, must hold amounts."
        problems.append(_problem("trial-balance-empty", page.where(columns.header, 0), words, remedy))
    if problems:
        raise TrialBalanceRefused(problems, path.name)
    names, places = list(reader.accounts), reader.places
    cells: dict[str, list[Any]] = {
        "account": list(names), "date": [day] * len(names), "balance": list(reader.accounts.values()),
    }  # fmt: skip

    def where(row: int, column: str) -> str:
        line, amount = places[names[row]]
        return page.where(line, columns.of["account" if column == "account" else amount])

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return TrialBalance(Rows(LedgerBalance, cells, where), "balance" not in columns.of, path.name, digest)


def _pages(path: Path, findings: Findings) -> Iterator[_Page]:
    """Where it may stand; a CSV file in each way it can be separated."""
    kind = path.suffix.casefold()
    if kind in (".xlsx", ".xlsm"):
        sheets, manner = read_sheets(path, findings)
        for sheet in sheets:
            at = SheetPlace(sheet.name, sheet.name, 0, 0, range(len(sheet.rows)))
            yield _Page(sheet.rows, lambda row, column, at=at: at.cell(row, column, ""), manner, sheet.name)  # type: ignore[misc]
        return
    if kind not in (".csv", ".txt", ".tsv"):
        if not path.exists():
            file_problem(findings, path, FileNotFoundError())
            return
        remedy = "Export it as CSV (UTF-8), or save it as an Excel workbook (.xlsx)."
        raise TrialBalanceRefused(
            [_problem("trial-balance-kind", path.name, f"{path.name} is a file of another kind ({kind})", remedy)],
            path.name,
        )
    try:
        octets = path.read_bytes()
    except OSError as error:
        file_problem(findings, path, error)
        return
    text = decoded("Ledger", path, octets, findings)
    for separator in SEPARATORS if text is not None else ():
        try:
            lines = parsed(text or "", separator)
        except csv.Error:
            continue
        numbers = [number for number, _ in lines]

        def where(row: int, column: int, numbers: list[int] = numbers) -> str:
            return f"{path.name}:{numbers[row]} column {column + 1}"

        yield _Page([row for _, row in lines], where, Manner(numbers=number_style(separator)), path.name)


def _chosen(path: Path, pages: Sequence[_Page]) -> tuple[_Page, _Columns]:
    """The page that holds a trial balance.

    raises TrialBalanceRefused if none does, or several, or its columns are doubtful
    """
    found = [(page, columns) for page in pages if (columns := _headers(page)) is not None]
    doubtful = [(page, columns) for page, columns in found if columns.doubtful]
    if len(found) == 1 and not doubtful:
        return found[0]
    if doubtful:
        page, columns = doubtful[0]
        told = _problem(
            "trial-balance-columns", page.where(columns.header, 0),
            f"headers {' and '.join(columns.doubtful)} could both be meant",
            "Rename or delete the one that does not count, so that there is one account and one balance.",
        )  # fmt: skip
    elif found:
        names = " and ".join(page.name for page, _ in found)
        told = _problem(
            "trial-balance-twice", path.name, f"{names}", "Nobody can say which counts. Leave one of them in the file."
        )
    else:
        told = _problem("trial-balance-columns", path.name, _seen(pages), (
            "One row of the file names its columns: account and balance, or account, debit and credit; name and "
            "currency may stand beside them. Rename the headers so."
        ))  # fmt: skip
    raise TrialBalanceRefused([told], path.name)


def _headers(page: _Page) -> _Columns | None:
    """The row that names the columns; None if there is none."""
    for row, cells in enumerate(page.rows[:_TOP]):
        of: dict[str, int] = {}
        doubtful: list[str] = []
        for place, cell in enumerate(cells):
            kind = _KINDS.get(_plain(cell)) if isinstance(cell, str) else None
            if kind is None:
                continue
            if kind in of and kind not in ("name", "currency"):
                doubtful += [shown(cells[of[kind]]), shown(cell)]
            of.setdefault(kind, place)
        if "account" in of and ("balance" in of or {"debit", "credit"} <= of.keys()):
            return _Columns(row, of, tuple(doubtful))
    return None


def _plain(header: str) -> str:
    """A header without what stands in parentheses behind it, nor a currency."""
    words = re.sub(r"\s*[(\[].*[)\]]\s*$", "", trimmed(header)).split()
    return fold(" ".join(words[:-1] if len(words) > 1 and words[-1] in DECIMALS else words))


def _seen(pages: Sequence[_Page]) -> str:
    """What stands in the first row with two texts or more, for whoever has to rename it."""
    for page in pages:
        for cells in page.rows[:_TOP]:
            texts = [trimmed(cell) for cell in cells if isinstance(cell, str) and trimmed(cell)]
            if len(texts) > 1:
                return f"found {', '.join(texts[:_NAMED])}"
    return "found no row of headers"


def _problem(name: str, where: str, found: str, remedy: str) -> Problem:
    return Problem(Severity.STOP, name, where, found, remedy, TITLES[name])
