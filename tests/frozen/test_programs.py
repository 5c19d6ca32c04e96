"""Every verb of the frozen program gives what the sources give; the window opens and closes; nothing is left behind."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from addin.command_line.parser import build
from engine.version import VERSION
from workbook_templates import sample_book

from .programs import Programs

BOOK = "Bücher Ä.xlsx"
#: a question for every verb; {book} is the sample book
QUESTIONS: dict[str, list[str]] = {
    "check": ["{book}"],
    "balances": ["{book}", "--as-of", "2026-03", "--by", "customer"],
    "revenue": ["{book}", "--format", "json"],
    "waterfall": ["{book}", "--by", "cohort", "--measure", "balance", "--format", "csv"],
    "rollforward": ["{book}", "--of", "backlog"],
    "rpo": ["{book}"],
    "journal": ["{book}", "--from", "2026-01", "--to", "2026-06", "--format", "csv"],
    "costs": ["{book}", "--from", "2026-01", "--to", "2026-06"],
    "tie-out": ["{book}"],
    "compare": ["{book}", "{book}"],
    "explain": ["{book}", "C-1002"],
    "compare-conventions": ["{book}", "C-1002"],
    "get": ["{book}", "JOURNAL", "C-1002", "2026-01", "2026-03"],
}
#: verbs of closed periods, in a test of their own: they ask and keep a ledger file
CLOSING = ("close", "closes", "post")
#: verbs that write workbooks, and what they write
WRITTEN = {"new": ["Neu.xlsx"], "pack": ["{book}", "-o", "Päckchen.xlsx"], "demo": ["-o", "Vorführung"]}


@pytest.fixture
def book(programs: Programs) -> str:
    (programs.home / BOOK).write_bytes(sample_book().read_bytes())
    return BOOK


def source(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """The same from the sources."""
    asked = subprocess.run(
        [sys.executable, "-m", "addin.command_line", *arguments], cwd=folder, capture_output=True, encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1", "COLUMNS": "120"}, timeout=120, check=False,
    )  # fmt: skip
    return asked.returncode, asked.stdout, asked.stderr


def cells(path: Path) -> dict[str, list[Any]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def test_every_verb_has_its_question() -> None:
    verbs = next(a for a in build()._actions if isinstance(a, argparse._SubParsersAction))
    assert set(verbs.choices) == {*QUESTIONS, *WRITTEN, *CLOSING, "addin"}, "give a new verb a question above"


def test_the_version_is_told(programs: Programs) -> None:
    told = programs.run("ratable", "--version")
    assert (told.code, told.out, told.err) == (0, f"ratable {VERSION}\n", "")


@pytest.mark.parametrize("verb", QUESTIONS)
def test_a_verb_answers_as_the_sources_do(programs: Programs, book: str, verb: str) -> None:
    arguments = [word.format(book=book) for word in QUESTIONS[verb]]
    told = programs.run("ratable", verb, *arguments, COLUMNS="120")
    code, out, err = source(programs.home, verb, *arguments)
    assert told.err == err
    assert told.out == out
    assert told.code == code
    assert len(out) > 100


@pytest.mark.parametrize("verb", WRITTEN)
def test_a_verb_writes_what_the_sources_write(programs: Programs, book: str, verb: str, tmp_path: Path) -> None:
    (tmp_path / BOOK).write_bytes((programs.home / BOOK).read_bytes())
    arguments = [word.format(book=book) for word in WRITTEN[verb]]
    told = programs.run("ratable", verb, *arguments)
    code, _, err = source(tmp_path, verb, *arguments)
    assert (told.code, told.err) == (code, err)
    written = [path.relative_to(tmp_path) for path in tmp_path.rglob("*.xlsx") if path.name != BOOK]
    assert written
    for path in written:
        assert cells(programs.home / path) == cells(tmp_path / path)


def test_a_period_is_closed_posted_and_computed_again(programs: Programs) -> None:
    book, ledger = "Abschluß Ä.xlsx", programs.home / "Abschluß Ä.ratable-ledger"
    (programs.home / book).write_bytes(sample_book().read_bytes())
    ledger.unlink(missing_ok=True)  # home is the same for all tests
    closed = programs.run("ratable", "close", book, "2026-06", "--by", "Ann Lee", "-o", "Abschluß Juni.xlsx")
    assert closed.code == 0, closed.err
    assert ledger.exists()
    assert "Journal" in cells(programs.home / "Abschluß Juni.xlsx")
    posted = programs.run("ratable", "post", book, "2026-06", "-o", "Buchungen.csv", "--by", "Ann Lee")
    assert posted.code == 0, posted.err
    assert (programs.home / "Buchungen.csv").read_text("utf-8-sig").startswith("batch_id,line,date,account")
    closes = programs.run("ratable", "closes", book, "--reproduce", "--format", "csv")
    assert closes.code == 0, closes.err
    assert "2026-06,2026-06-01,2026-06-30,closed,Ann Lee" in closes.out


def test_what_cannot_be_is_told_in_words(programs: Programs) -> None:
    told = programs.run("ratable", "balances", "Fehlt ß.xlsx")
    assert told.code == 3
    assert "Fehlt ß.xlsx: there is no such file or folder" in told.err
    assert "Traceback" not in told.err


def test_the_window_opens_reads_the_sample_and_closes(programs: Programs) -> None:
    told = programs.run("RatableDesktop", "--smoke", QT_QPA_PLATFORM="offscreen")
    assert told.code == 0, told.err
    assert "Traceback" not in told.err


def test_nothing_is_written_into_the_program_itself(programs: Programs) -> None:
    def state() -> dict[str, tuple[int, int]]:
        files = (path for path in programs.folder.rglob("*") if path.is_file() and not path.is_symlink())
        return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}

    before = state()
    programs.run("ratable", "demo", "-o", "noch einmal")
    programs.run("RatableDesktop", "--smoke", QT_QPA_PLATFORM="offscreen")
    assert state() == before
