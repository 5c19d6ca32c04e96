"""Problems: what is wrong with a book, where, why it matters and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is: `stop` refuses the book, `fail` and `warn` come from checks, `ok` is a check passed."""

    STOP = "stop"
    FAIL = "fail"
    WARN = "warn"
    OK = "ok"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding.

    severity  how bad it is
    name      kebab-case name of the rule that was broken, as `end-before-start`
    where     the cell or row: `Obligations!F14`, `obligations.csv:14 end`; empty for the whole book
    found     what stands there, with the row's ids
    remedy    why it matters and what to do
    title     the rule in words, as "service ends before it starts"
    """

    severity: Severity
    name: str
    where: str
    found: str
    remedy: str
    title: str = ""

    def __str__(self) -> str:
        head = f"{self.where}: {self.title or self.name}" if self.where else (self.title or self.name)
        return "\n".join([head, *(f"  {line}" for part in (self.found, self.remedy) for line in part.splitlines())])


class BookRefused(Exception):
    """The book has stopping problems; `problems` holds every one of them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problem(s) stop the calculation")
        self.problems = problems


class TrialBalanceRefused(BookRefused):
    """The file of a trial balance cannot be used; `file` is its name."""

    def __init__(self, problems: list[Problem], file: str) -> None:
        super().__init__(problems)
        self.file = file
