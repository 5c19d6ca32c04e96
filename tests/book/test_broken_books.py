"""Good random books broken in one to four known ways: each break is told at its very cell, all of them at once, and the
book is refused; the harmless ways to write the same book change no figure."""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from addin.command_line.verbs import run
from engine.book import catalogue
from engine.book.field import Kind
from tests.oracle.random_books import SCOPES, random_book

from .books import GOOD, Tables, typed, write_folder, write_workbook

#: (table, row as in the file, column) -> the names one of which a problem there must have
Breaks = dict[tuple[str, int, str], set[str]]
Break = Callable[[random.Random, Tables], Breaks | None]
SEEDS = [*range(24), *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(24, 400))]


def good_book(dice: random.Random) -> Tables:
    """A random book of the oracle, or the small one that holds every table."""
    if dice.random() < 0.3:
        return copy.deepcopy(GOOD)
    made = random_book(dice.randrange(10**6), dice.choice(list(SCOPES.values())))
    settings = [{"name": name, "value": value} for name, value in made.pop("settings").items()]
    return {"settings": settings, **{name: [dict(row) for row in rows] for name, rows in made.items() if rows}}


# -- one cell that no book can hold ----------------------------------------------------------------------------------

#: what is wrong in a cell of each kind, and what it is called
_WRONG: dict[Kind, list[tuple[str, set[str]]]] = {
    Kind.DAY: [
        ("someday", {"not-a-date"}), ("2026-02-30", {"not-a-date"}), ("2026-13-01", {"not-a-date"}),
        ("03/04/2026", {"ambiguous-date"}), ("2300-01-01", {"date-out-of-range"}), ("#N/A", {"error-cell"}),
    ],
    Kind.MONEY: [
        ("12oo", {"not-a-number"}), ("1.23456", {"too-many-decimals"}), ("1" + "0" * 30, {"number-too-large"}),
        ("#REF!", {"error-cell"}),
    ],
    Kind.NUMBER: [("many", {"not-a-number"}), ("#DIV/0!", {"error-cell"})],
    Kind.PERCENT: [("half", {"not-a-number"}), ("-5", {"number-out-of-range"}), ("150", {"number-out-of-range"})],
    Kind.WORD: [("weekly", {"unknown-word"}), ("#NAME?", {"error-cell"})],
    Kind.YES_NO: [("maybe", {"not-yes-or-no"})],
    Kind.CURRENCY: [("EURO", {"unknown-currency"}), ("ZZZ", {"unknown-currency"})],
}  # fmt: skip


def wrong_cell(dice: random.Random, book: Tables) -> Breaks | None:
    """A cell that is no date, number, percent, word or currency."""
    table = dice.choice([name for name in catalogue.table_names() if name != "Settings" and book.get(name.lower())])
    # a kind of estimate is a word of one's own: any will do
    column = dice.choice([c for c in catalogue.columns(table) if c.kind in _WRONG and c.name != "kind"])
    place = dice.randrange(len(book[table.lower()]))
    cell, names = dice.choice(_WRONG[column.kind])
    book[table.lower()][place][column.name] = cell
    return {(table.lower(), place + 2, column.name): names}


def missing_cell(dice: random.Random, book: Tables) -> Breaks | None:
    """A required cell left empty."""
    table = dice.choice([name for name in catalogue.table_names() if name != "Settings" and book.get(name.lower())])
    column = dice.choice([c for c in catalogue.columns(table) if c.required])
    place = dice.randrange(len(book[table.lower()]))
    book[table.lower()][place][column.name] = dice.choice(["", "  ", "\u00a0"])
    return {(table.lower(), place + 2, column.name): {"missing-cell"}}


def missing_rate(dice: random.Random, book: Tables) -> Breaks | None:
    """A document with a rate of nothing or less."""
    return _in("billings", "exchange_rate", dice.choice(["0", "-1.1"]), {"number-out-of-range"})(dice, book)


def _in(table: str, column: str, cell: str, names: set[str]) -> Break:
    def spoil(dice: random.Random, book: Tables) -> Breaks | None:
        if not book.get(table):
            return None
        place = dice.randrange(len(book[table]))
        book[table][place][column] = cell
        return {(table, place + 2, column): names}

    return spoil


# -- rows that do not fit the others: each break adds rows at the end, of a contract of its own -----------------------


def _own(book: Tables, **obligation: str) -> str:
    """A further contract with one obligation; its id."""
    name = f"X{len(book['contracts'])}"
    book["contracts"].append({"contract_id": name, "customer": "Elm", "signed_on": "2026-01-01", "currency": "USD"})
    line = {"contract_id": name, "obligation_id": "a", "price": "100.00", "start": "2026-01-01", "end": "2026-12-31"}
    book["obligations"].append(line | obligation)
    return name


def _add(book: Tables, table: str, column: str, called: str, /, **cells: str) -> Breaks:
    rows = book.setdefault(table, [])
    rows.append(cells)
    return {(table, len(rows) + 1, column): {called}}


def _event(book: Tables, contract: str, column: str, name: str | None, **cells: str) -> Breaks:
    rows = book.setdefault("events", [])
    cells = {"event_id": f"X{len(rows)}", "contract_id": contract, "date": "2026-03-01", **cells}
    made = _add(book, "events", column, name or "", **cells)
    return made if name else {}


def _document(book: Tables, contract: str, column: str, name: str | None, **cells: str) -> Breaks:
    rows = book.setdefault("billings", [])
    plain = {"document_id": f"X{len(rows)}", "contract_id": contract, "date": "2026-02-01", "amount": "10.00"}
    made = _add(book, "billings", column, name or "", **{**plain, **cells})
    return made if name else {}


def duplicate(dice: random.Random, book: Tables) -> Breaks | None:
    table, column = dice.choice([("contracts", "contract_id"), ("obligations", "obligation_id"),
                                 ("events", "event_id"), ("costs", "cost_id")])  # fmt: skip
    rows = book.get(table)
    if not rows or not rows[0].get(column):
        return None
    rows.append(dict(dice.choice(rows)))
    return {(table, len(rows) + 1, column): {"duplicate-id"}}


def unknown(dice: random.Random, book: Tables) -> Breaks | None:
    known = _own(book)
    return dice.choice([
        lambda: _document(book, "NOBODY", "contract_id", "unknown-contract"),
        lambda: _document(book, known, "obligation_id", "unknown-obligation", obligation_id="nothing"),
        lambda: _document(book, known, "applies_to", "unknown-document", type="payment", applies_to="NONE"),
        lambda: _document(book, known, "currency", "document-currency", currency="CHF"),
        lambda: _event(book, "NOBODY", "contract_id", "unknown-contract", type="hold"),
        lambda: _event(book, known, "obligation_id", "unknown-obligation", type="hold", obligation_id="nothing"),
        lambda: _add(book, "settings", "name", "unknown-setting", name=f"rule {len(book['settings'])}", value="up"),
        lambda: _add(book, "rates", "rate", "number-out-of-range", date="2026-01-01",
                     **{"from": "SEK", "to": "USD", "rate": "-0.1"}),
    ])()  # fmt: skip


def terms(dice: random.Random, book: Tables) -> Breaks | None:
    """End before start, one date only, residuals and standalone prices."""
    if dice.random() < 0.5:
        cells, column, name = dice.choice([
            ({"start": "2026-06-01", "end": "2026-05-31"}, "end", "end-before-start"),
            ({"start": "", "end": "2026-05-31"}, "start", "term-missing"),
            ({"end": ""}, "end", "term-missing"),
            ({"added_on": "2025-12-31"}, "added_on", "added-before-signed"),
        ])  # fmt: skip
        _own(book, **cells)
        return {("obligations", len(book["obligations"]) + 1, column): {name}}
    name = _own(book, ssp="100.00")
    line = {"contract_id": name, "obligation_id": "b", "price": "50.00", "start": "2026-01-01", "end": "2026-12-31"}
    choice = dice.choice([
        ({}, "ssp", "ssp-missing"),
        ({"allocation": "residual", "ssp_low": "60.00", "ssp_high": "70.00"}, "allocation", "residual-out-of-range"),
        ({"allocation": "residual", "ssp_low": "60.00", "ssp_high": "40.00"}, "ssp_high", "residual-range"),
    ])  # fmt: skip
    return _add(book, "obligations", choice[1], choice[2], **line, **choice[0])


def happenings(dice: random.Random, book: Tables) -> Breaks | None:
    """Pauses while paused, more delivered than promised, notes above their document."""

    def twice(first: str, name: str) -> Breaks:
        own = _own(book)
        _event(book, own, "", None, type=first)
        return _event(book, own, "type", name, type=first, date="2026-03-02")

    def above(name: str, column: str, cells: dict[str, str], **line: str) -> Breaks:
        return _event(book, _own(book, **line), column, name, **cells)

    def note(name: str, column: str, **cells: str) -> Breaks:
        own = _own(book)
        document = f"I{len(book.get('billings', []))}"
        _document(book, own, "", None, document_id=document, amount="100.00")
        return _document(book, own, column, name, date="2026-04-01", applies_to=document, **cells)

    return dice.choice([
        lambda: twice("pause", "paused-twice"),
        lambda: twice("hold", "held-twice"),
        lambda: twice("activate", "activated-twice"),
        lambda: _event(book, _own(book), "type", "resumed-without-pause", type="resume"),
        lambda: _event(book, _own(book), "type", "released-without-hold", type="release"),
        lambda: above("redeemed-above-sold", "quantity", {"type": "redeem", "quantity": "11"}, method="redemption",
                      quantity="10"),
        lambda: above("milestones-above-price", "amount", {"type": "deliver", "amount": "100.01"}, method="milestone"),
        lambda: above("recognized-above-price", "amount", {"type": "recognize", "amount": "100.01"}, method="manual"),
        lambda: above("progress-above-whole", "quantity", {"type": "progress", "quantity": "11"}, method="progress",
                      expected_total="10"),
        lambda: above("event-does-not-fit", "type", {"type": "redeem", "quantity": "1"}),
        lambda: note("credits-above-document", "amount", type="credit_note", amount="100.01", reason="goodwill"),
        lambda: note("full-refund-too-small", "amount", type="credit_note", amount="99.99", reason="full_refund"),
        lambda: note("unknown-word", "reason", type="credit_note", reason="because"),
        lambda: note("void-amount", "amount", type="void", amount="99.00"),
    ])()  # fmt: skip


CELLS: list[Break] = [wrong_cell, missing_cell, missing_rate]
ROWS: list[Break] = [duplicate, unknown, terms, happenings]


def broken(dice: random.Random) -> tuple[Tables, Breaks]:
    """A good book and what was done to it; no break touches a row or contract of another."""
    book, done = good_book(dice), Breaks()
    for _ in range(dice.randint(1, 4)):
        before = copy.deepcopy(book)
        made = dice.choice(CELLS if dice.random() < 0.4 else ROWS)(dice, book)
        if made is None or _meet(made, done, book):
            book = before
        else:
            done |= made
    if not done:
        done = unknown(dice, book) or {}
    return book, done


def _meet(made: Breaks, done: Breaks, book: Tables) -> bool:
    """Do two breaks touch one row or contract, so that one may hide the other?"""

    def touched(breaks: Breaks) -> set[Any]:
        rows = [(table, row) for table, row, _ in breaks]
        return {*rows} | {book[table][row - 2].get("contract_id") for table, row in rows if row - 2 < len(book[table])}

    # nobody can tell what belongs to a row without its id
    nameless = any("missing-cell" in names and key[2].endswith("_id") for key, names in {**made, **done}.items())
    return bool(done) and (nameless or bool((touched(made) & touched(done)) - {None, ""}))


# -- written and asked ------------------------------------------------------------------------------------------------


def written(dice: random.Random, book: Tables, folder: Path) -> tuple[Path, Callable[[str, int, str], str]]:
    """The book as CSV files or workbook, and how its cells are named."""
    columns = {name: list(dict.fromkeys(column for row in rows for column in row)) for name, rows in book.items()}
    if dice.random() < 0.5:
        return write_folder(
            book, folder / "book", dice.choice(",;\t")
        ), lambda table, row, column: f"{table}.csv:{row} {column}"

    def cell(table: str, row: int, column: str) -> str:
        place = columns[table].index(column) + 1
        return f"{table.capitalize()}!{openpyxl.utils.get_column_letter(place)}{row}"

    return write_workbook(book, folder / "book.xlsx"), cell


def asked(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, list[dict[str, str]], str]:
    code = run([str(word) for word in [*words, "--format", "json"]])
    said = capsys.readouterr()
    found = json.loads(said.out) if said.out else {"columns": [], "rows": []}
    return code, [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]], said.err


@pytest.mark.parametrize("seed", SEEDS)
def test_every_break_is_told_at_its_cell_and_the_book_is_refused(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(seed)
    book, breaks = broken(dice)
    for table, _, column in breaks:
        for row in book[table]:
            row.setdefault(column, "")
    path, cell = written(dice, book, tmp_path)
    code, problems, _ = asked(capsys, "check", path)
    assert code == 3
    told = {(problem["where"], problem["name"]) for problem in problems}
    for (table, row, column), names in breaks.items():
        where = cell(table, row, column)
        assert told & {(where, name) for name in names}, f"{where} {names} of {breaks}, told {sorted(told)}"
    code, answer, err = asked(capsys, "balances", path)
    assert (code, answer) == (3, [])
    assert "Traceback" not in err


# -- harmless ---------------------------------------------------------------------------------------------------------


def harmless(dice: random.Random, book: Tables, folder: Path) -> Path:
    """The same book as another program would write it."""
    book = {name: [*_blank_rows(dice, rows)] for name, rows in _reordered(dice, book).items()}
    if dice.random() < 0.5:
        thirds = any(re.search(r"\.\d{3}$", cell) for rows in book.values() for row in rows for cell in row.values())
        separator = "," if thirds else dice.choice(",;\t")  # 1.234 beside semicolons may be a thousand: that is asked
        for name, rows in book.items():
            spaced = [{column: f"{cell}{dice.choice(['', ' ', chr(160)])}" if cell else cell
                       for column, cell in row.items()} for row in rows]  # fmt: skip
            book[name] = spaced
        path = write_folder(book, folder / "other", separator)
        for file in path.iterdir():
            text = file.read_text("utf-8").replace("\r\n", "\n").replace("\n", dice.choice(["\n", "\r\n"]))
            file.write_bytes(text.encode(dice.choice(["utf-8", "utf-8-sig"])))
        return path
    return _workbook(dice, book, folder / "other.xlsx")


def _reordered(dice: random.Random, book: Tables) -> Tables:
    found: Tables = {}
    for name, rows in book.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        dice.shuffle(columns)
        found[name] = [{column: row.get(column, "") for column in columns} for row in rows]
    return found


def _blank_rows(dice: random.Random, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield row
        if dice.random() < 0.2:
            yield dict.fromkeys(row, "")


def _workbook(dice: random.Random, book: Tables, path: Path) -> Path:
    """Numbers as numbers or text, days as dates, text or serial numbers, from 1900 or from 1904."""
    made, from_1904 = openpyxl.Workbook(), dice.random() < 0.5
    if from_1904:
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    zero = dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30)
    days = {(name, c.name) for name in catalogue.table_names() for c in catalogue.columns(name) if c.kind is Kind.DAY}
    ids = {(name, c.name) for name in catalogue.table_names() for c in catalogue.columns(name) if c.kind is Kind.ID}
    for name, rows in book.items():
        sheet = made.create_sheet(name.capitalize())
        sheet.append(list(rows[0]))
        for row in rows:
            cells: list[Any] = []
            for column, text in row.items():
                cell = text if (name.capitalize(), column) in ids or "_" in text or dice.random() < 0.3 else typed(text)
                if isinstance(cell, dt.datetime) and (name.capitalize(), column) in days and dice.random() < 0.5:
                    cell = (cell - zero).days
                cells.append(cell or (None if cell == "" else cell))
            sheet.append(cells)
    del made["Sheet"]
    made.save(path)
    return path


@pytest.mark.parametrize("seed", SEEDS[:8] + SEEDS[24:120])
def test_the_same_book_written_otherwise_has_the_same_figures(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(seed)
    book = good_book(dice)
    for rows in book.values():
        for row in rows:
            for column in ("contract_id", "combined_with", "renews"):
                if row.get(column):
                    row[column] = f"00{row[column][1:]}"  # ids that look like numbers
    reports = [("balances", "--by", "obligation"), ("revenue",), ("journal",)]
    plain, other = write_folder(book, tmp_path / "plain"), harmless(dice, book, tmp_path)
    for verb, *words in reports:
        (code, rows, _), (other_code, other_rows, err) = (asked(capsys, verb, path, *words) for path in (plain, other))
        assert (code, other_code) == (0, 0), err
        assert rows == other_rows
