"""The ledger file: one SQLite file beside the book, append-only, in which every byte is accounted for.

Books lie on shared drives and in synced folders, so the file keeps a rollback journal (a write-ahead log needs shared
memory, which network drives do not have) and syncs the folder too (synchronous = EXTRA): after a crash an entry is
there or it is not. Triggers refuse to change or delete rows.

Each transaction ends with a seal: a digest over the whole file as it will be on the disk, without the digest itself and
the counters that SQLite moves as it commits, which are checked apart. On opening, one pass over the file proves that it
is what was written, free space included; only if it is not, the entries are looked through one by one to name the one
that is damaged.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from engine.ledger.entry import BEGINNING, Entry, Recorded, read_back, recorded
from engine.ledger.errors import LedgerBusy, LedgerDamaged, LedgerMoved

SUFFIX = ".ratable-ledger"
#: "Rtbl" in the header of the file, for tools that tell kinds of files
_APPLICATION, _FORMAT = 0x5274626C, 1
_SECONDS_TO_WAIT = 10.0
_SCHEMA = (
    "CREATE TABLE entry (number INTEGER PRIMARY KEY, previous TEXT NOT NULL, digest TEXT NOT NULL, "
    "record TEXT NOT NULL)",
    "CREATE TABLE part (number INTEGER PRIMARY KEY, entry INTEGER NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL)",
    "CREATE TABLE seal (number INTEGER PRIMARY KEY, digest TEXT NOT NULL, library INTEGER NOT NULL)",
    *(
        f"CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} BEGIN "
        f"SELECT RAISE(ABORT, 'a ledger is append-only'); END"
        for table in ("entry", "part")
        for verb in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER seal_DELETE BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'a ledger is append-only'); END",
    # the latest seal is written twice in its transaction: a mark of its length, then the digest in its place
    "CREATE TRIGGER seal_UPDATE BEFORE UPDATE ON seal WHEN OLD.number < (SELECT MAX(number) FROM entry) "
    "BEGIN SELECT RAISE(ABORT, 'a ledger is append-only'); END",
    # INSERT OR REPLACE deletes without asking the triggers above
    *(
        f"CREATE TRIGGER {table}_INSERT BEFORE INSERT ON {table} "
        f"WHEN NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM {table}) BEGIN "
        f"SELECT RAISE(ABORT, 'a ledger is append-only'); END"
        for table in ("entry", "part", "seal")
    ),
)
#: bytes of the header that change as SQLite commits: change counter, its twin, number of the library that wrote
_COUNTER, _TWIN, _LIBRARY = slice(24, 28), slice(92, 96), slice(96, 100)
_RESTORE = "Restore the file from a copy, as of your last backup; nothing was written to it."


def ledger_path(book: Path) -> Path:
    """`Book.ratable-ledger`, beside a workbook `Book.xlsx` or a folder `Book`."""
    whole = book.resolve()
    return whole.with_name((whole.stem if whole.is_file() else whole.name) + SUFFIX)


class LedgerFile:
    """The ledger at a path; a file that is not there, or is empty, is a ledger without entries."""

    def __init__(self, path: Path) -> None:
        """raises LedgerDamaged, LedgerBusy"""
        self.path = path
        self.entries: list[Recorded] = []
        if path.exists() and path.stat().st_size:
            with self._connected(_there) as connection:
                self.entries = _verified(connection, path)

    @property
    def head(self) -> str:
        """Digest of the last entry."""
        return self.entries[-1].digest if self.entries else BEGINNING

    def part(self, of: Recorded, name: str) -> bytes:
        """What an entry holds under a name.

        raises  LedgerDamaged, LedgerBusy
        """
        with self._connected(_there) as connection:
            found = connection.execute("SELECT content FROM part WHERE entry = ? AND name = ?", (of.number, name))
            content: bytes = found.fetchone()[0]
        if hashlib.sha256(content).hexdigest() != of.parts[name]:
            raise LedgerDamaged(f"{self.path.name} is damaged: the {of.entry} ({name}) was changed. {_RESTORE}")
        return content

    def append(self, entry: Entry, parts: Mapping[str, bytes]) -> Recorded:
        """Record an entry, wholly or not at all, if the ledger still ends where it ended when it was read.

        raises  LedgerMoved, LedgerBusy, LedgerDamaged
        """
        with self._connected(_may_make) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            there = self._prepared(connection)
            if (there[-1].digest if there else BEGINNING) != self.head:
                last = there[-1].entry if there else "nothing"
                raise LedgerMoved(
                    f"{self.path.name} has changed since it was read: its last entry is now the {last}. "
                    "Look at what was done there, then ask again."
                )
            made = recorded(len(there) + 1, entry, parts, self.head)
            row = (made.number, made.previous, made.digest, made.record)
            connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", row)
            (count,) = connection.execute("SELECT COALESCE(MAX(number), 0) FROM part").fetchone()
            for number, (name, content) in enumerate(parts.items(), count + 1):
                connection.execute("INSERT INTO part VALUES (?, ?, ?, ?)", (number, made.number, name, content))
            _seal(connection, made.number)
            connection.execute("COMMIT")
        self.entries = [*there, made]
        return made

    def _prepared(self, connection: sqlite3.Connection) -> list[Recorded]:
        """The entries of a file that is there; a new one is given its tables."""
        if connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
            return _verified(connection, self.path)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_FORMAT}")
        for statement in _SCHEMA:
            connection.execute(statement)
        return []

    @contextmanager
    def _connected(self, mode: str) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode={mode}", _SECONDS_TO_WAIT, isolation_level=None, uri=True
            )
            with closing(connection):
                connection.execute("PRAGMA synchronous = EXTRA")
                yield connection
        except UnicodeDecodeError:  # the message of SQLite quotes what is damaged
            raise LedgerDamaged(f"{self.path.name} is damaged: its tables cannot be read. {_RESTORE}") from None
        except sqlite3.DatabaseError as problem:
            if not _is_busy(problem):
                raise LedgerDamaged(f"{self.path.name} is damaged ({problem}). {_RESTORE}") from problem
            raise LedgerBusy(
                f"{self.path.name} could not be read or written ({problem}). Somebody else may be closing a period, or "
                "the folder may not be written to: try again, or ask for access."
            ) from problem


def _is_busy(problem: sqlite3.DatabaseError) -> bool:
    """Whether the file can be whole, and something else is in the way."""
    name = str(getattr(problem, "sqlite_errorname", ""))
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_FULL",
                            "SQLITE_PERM", "SQLITE_IOERR"))  # fmt: skip


_there, _may_make = "rw", "rwc"


# -- the seal --------------------------------------------------------------------------------------------------


def _image(connection: sqlite3.Connection) -> bytes:
    """The file as this connection sees it, uncommitted changes included."""
    return connection.serialize()


def _digest(image: bytes, sealed: str) -> str:
    """Digest over a file without its counters and without the digest that stands in it."""
    place = image.find(sealed.encode())
    if place < 0:
        return ""
    digest, view = hashlib.sha256(), memoryview(image)
    for first, last in ((0, 24), (28, 92), (100, place), (place + len(sealed), len(image))):
        digest.update(view[first:last])
    return digest.hexdigest()


def _seal(connection: sqlite3.Connection, number: int) -> None:
    """Seal the file in this transaction: a mark of the seal's length first, then the digest in its place."""
    seal = hashlib.sha256(f"seal {number} to be".encode()).hexdigest()
    connection.execute("INSERT INTO seal VALUES (?, ?, ?)", (number, seal, _number_of_library()))
    for _ in range(4):  # once, unless SQLite moves the row when it is written again
        found = _digest(_image(connection), seal)
        if found == seal:
            return
        connection.execute("UPDATE seal SET digest = ? WHERE number = ?", (found, number))
        seal = found
    raise AssertionError("the seal does not come to rest")


def _number_of_library() -> int:
    """The SQLite that writes, as it puts itself into the header."""
    major, minor, patch = sqlite3.sqlite_version_info
    return major * 1_000_000 + minor * 1_000 + patch


# -- what is verified on opening -----------------------------------------------------------------------------------


def _verified(connection: sqlite3.Connection, path: Path) -> list[Recorded]:
    """The entries, if every byte of the file is what was written.

    raises  LedgerDamaged, naming what is damaged
    """
    entries, whole = [], False
    try:
        texts = "CAST(record AS BLOB), CAST(previous AS BLOB), CAST(digest AS BLOB)"
        for number, *row in connection.execute(f"SELECT number, {texts} FROM entry ORDER BY number").fetchall():
            entries.append(_entry(path, number, row))
        seal = connection.execute("SELECT digest, library, number FROM seal ORDER BY number DESC LIMIT 1").fetchone()
        whole = bool(seal) and seal[2] == len(entries) and _sealed(_image(connection), seal[0], seal[1])
    except sqlite3.DatabaseError as problem:
        if _is_busy(problem):
            raise
    except (TypeError, OverflowError, UnicodeDecodeError):  # a seal, or a table, that is none
        pass
    previous = BEGINNING
    for number, each in enumerate(entries, 1):
        if each.number != number or each.previous != previous or not each.whole:
            raise LedgerDamaged(f"{path.name} is damaged: the {each.entry} was changed. {_RESTORE}")
        previous = each.digest
    if not whole:
        raise LedgerDamaged(f"{path.name} is damaged: {_damage(connection, entries)}. {_RESTORE}")
    return entries


def _entry(path: Path, number: int, row: list[bytes]) -> Recorded:
    try:
        record, previous, digest = (text.decode() for text in row)
        return read_back(number, record, previous, digest)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LedgerDamaged(f"{path.name} is damaged: entry {number} cannot be read. {_RESTORE}") from None


def _sealed(image: bytes, seal: str, library: int) -> bool:
    header_is_whole = image[_COUNTER] == image[_TWIN] and int.from_bytes(image[_LIBRARY], "big") == library
    return header_is_whole and _digest(image, seal) == seal


def _damage(connection: sqlite3.Connection, entries: list[Recorded]) -> str:
    """Which entry a damaged file is damaged in."""
    if not entries:
        return "the list of its entries cannot be read"
    for each in entries:
        for name, digest in each.parts.items():
            try:
                found = connection.execute("SELECT content FROM part WHERE entry = ? AND name = ?", (each.number, name))
                row = found.fetchone()
            except (sqlite3.DatabaseError, OverflowError, UnicodeDecodeError):
                row = None
            if row is None or not isinstance(row[0], bytes) or hashlib.sha256(row[0]).hexdigest() != digest:
                return f"the {each.entry} ({name}) was changed"
    return (
        f"all {len(entries)} entries are whole, but bytes around them were changed - by a disk, a program that syncs "
        "files, or a tool that opened it"
    )
