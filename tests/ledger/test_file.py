"""The ledger file: append-only, chained, every byte accounted for, written by one person at a time."""

from __future__ import annotations

import random
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from engine.ledger.entry import Entry
from engine.ledger.errors import LedgerDamaged, LedgerMoved
from engine.ledger.file import LedgerFile, ledger_path


def entry(number: int) -> Entry:
    month = date(2026, number, 1)
    return Entry("close", f"2026-{number:02d}", month, month.replace(day=28), "Ann", f"2026-{number:02d}-28T10:00")


def written(path: Path, count: int = 4) -> LedgerFile:
    rng = random.Random(1)
    ledger = LedgerFile(path)
    for number in range(1, count + 1):
        ledger.append(entry(number), {"inputs": rng.randbytes(9000), "balances": rng.randbytes(700), "journal": b""})
    return LedgerFile(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Büro book.ratable-ledger"


def test_what_was_recorded_is_read_back(path: Path) -> None:
    made = written(path)
    assert [each.entry for each in made.entries] == [entry(number) for number in range(1, 5)]
    assert len(made.part(made.entries[1], "inputs")) == 9000
    assert made.head == made.entries[-1].digest != LedgerFile(path.with_name("none")).head


def test_a_file_that_is_not_there_or_empty_is_a_ledger_without_entries(path: Path) -> None:
    assert LedgerFile(path).entries == []
    assert not path.exists()
    path.touch()
    assert LedgerFile(path).entries == []
    assert len(written(path).entries) == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET record = 'x'", "DELETE FROM entry", "UPDATE part SET content = x'00'", "DELETE FROM part",
        "INSERT OR REPLACE INTO entry VALUES (2, 'a', 'b', 'c')", "INSERT OR REPLACE INTO part VALUES (2, 1, 'a', 'b')",
        "UPDATE seal SET digest = 'x' WHERE number = 2", "DELETE FROM seal",
    ],
)  # fmt: skip
def test_rows_are_neither_changed_nor_deleted(path: Path, statement: str) -> None:
    written(path)
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    assert len(LedgerFile(path).entries) == 4


def test_a_flipped_bit_anywhere_is_found(path: Path) -> None:
    written(path)
    whole, rng = path.read_bytes(), random.Random(2)
    places = [*range(100), *rng.sample(range(100, len(whole)), 300)]
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        with pytest.raises(LedgerDamaged, match="is damaged"):
            LedgerFile(path)
    path.write_bytes(whole)
    assert len(LedgerFile(path).entries) == 4


def test_the_entry_that_is_damaged_is_named(path: Path) -> None:
    made = written(path)
    whole = path.read_bytes()
    for place, named in (
        (whole.index(made.part(made.entries[2], "balances")) + 10, "close of 2026-03 by Ann at .* (balances)"),
        (whole.index(b'"period":"2026-02"') + 14, "close of 2026.0. by Ann"),
    ):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(LedgerDamaged, match=named.replace("(", r"\(").replace(")", r"\)")):
            LedgerFile(path)


def test_an_entry_taken_out_or_a_trigger_dropped_is_found(path: Path) -> None:
    for statements in (
        ("DROP TRIGGER entry_DELETE", "DELETE FROM entry WHERE number = 4"),
        ("DROP TRIGGER part_UPDATE",),
    ):
        path.unlink(missing_ok=True)
        written(path)
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        with pytest.raises(LedgerDamaged):
            LedgerFile(path)


def test_a_file_cut_short_is_found(path: Path) -> None:
    written(path)
    path.write_bytes(path.read_bytes()[:-4096])
    with pytest.raises(LedgerDamaged):
        LedgerFile(path)


def test_two_people_writing_at_once_are_noticed(path: Path) -> None:
    written(path, 2)
    ann, ben = LedgerFile(path), LedgerFile(path)
    ann.append(entry(3), {"inputs": b"a"})
    with pytest.raises(LedgerMoved, match="last entry is now the close of 2026-03 by Ann"):
        ben.append(entry(3), {"inputs": b"b"})
    assert len(LedgerFile(path).entries) == 3


def test_what_another_program_left_half_done_is_rolled_back(path: Path) -> None:
    written(path, 2)
    before = path.read_bytes()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO entry VALUES (3, 'a', 'b', 'c')")
    connection.close()
    assert len(LedgerFile(path).entries) == 2
    assert path.read_bytes() == before


def test_the_ledger_stands_beside_its_book(tmp_path: Path) -> None:
    book = tmp_path / "Revenue 1.2.xlsx"
    book.touch()
    assert ledger_path(book) == tmp_path / "Revenue 1.2.ratable-ledger"
    folder = tmp_path / "Books 1.2"
    folder.mkdir()
    assert ledger_path(folder) == tmp_path / "Books 1.2.ratable-ledger"
