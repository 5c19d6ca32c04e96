"""One entry of a ledger: a period closed or reopened, or a batch handed to the general ledger - who, when, why, and
what it holds.

Every entry carries the digest of the one before, and its own over all it says and holds: nobody can change an entry, or
leave one out, without all that follow telling.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Kind = Literal["close", "reopen", "post"]

#: digest before the first entry
BEGINNING = "0" * 64


@dataclass(frozen=True)
class Entry:
    """An entry as it is to be recorded.

    period       label, as "2026-03"
    first, last  days of the period
    by, at       who and when, as the program was told; `at` is an ISO date and time
    said         whatever else there is to say, as JSON can hold it: version, fingerprint, reason, accepted checks
    """

    kind: Kind
    period: str
    first: date
    last: date
    by: str
    at: str
    said: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """In words, as in "the close of 2026-03 by Ann at 2026-04-03T10:12"."""
        what = {"close": "close of", "reopen": "reopening of", "post": "batch of"}[self.kind]
        return f"{what} {self.period} by {self.by or 'somebody'} at {self.at}"


@dataclass(frozen=True)
class Recorded:
    """An entry as it stands in the ledger.

    number    counts from 1
    parts     name of what it holds -> digest of the content
    previous  digest of the entry before
    record    the text the digest is over
    """

    number: int
    entry: Entry
    parts: Mapping[str, str]
    previous: str
    digest: str
    record: str

    @property
    def whole(self) -> bool:
        """Whether the digest is that of what the entry says."""
        return self.digest == digest_of(self.previous, self.record)


def digest_of(previous: str, record: str) -> str:
    return hashlib.sha256(f"{previous}\n{record}".encode()).hexdigest()


def recorded(number: int, entry: Entry, parts: Mapping[str, bytes], previous: str) -> Recorded:
    """An entry with its digest, chained to the one before."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    said = {
        "kind": entry.kind, "period": entry.period, "first": entry.first.isoformat(), "last": entry.last.isoformat(),
        "by": entry.by, "at": entry.at, "said": entry.said, "parts": digests, "number": number,
    }  # fmt: skip
    record = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Recorded(number, entry, digests, previous, digest_of(previous, record), record)


def read_back(number: int, record: str, previous: str, digest: str) -> Recorded:
    """An entry as the file has it.

    raises  ValueError, KeyError, TypeError if its text is no entry
    """
    said = json.loads(record)
    first, last = (date.fromisoformat(said[name]) for name in ("first", "last"))
    entry = Entry(said["kind"], said["period"], first, last, said["by"], said["at"], said["said"])
    return Recorded(number, entry, said["parts"], previous, digest, record)
