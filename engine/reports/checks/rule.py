"""Rules: what a check is called, and how its findings are told, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from engine.book.problems import Problem, Severity

#: findings of one rule told one by one; further ones are named together in one more
TOLD = 25
#: ids named in the finding that stands for the further ones
_NAMED = 10

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True)
class Rule:
    """One check.

    name    kebab-case, as in `ratable check`
    holds   title when the check passes: what is so
    broken  title of a finding: what is wrong
    """

    name: str
    holds: str
    broken: str

    def ok(self, found: str) -> Problem:
        """The check passed; `found` says what was compared."""
        return Problem(Severity.OK, self.name, "", found, "", self.holds)

    def warn(self, where: str, found: str, remedy: str) -> Problem:
        return Problem(Severity.WARN, self.name, where, found, remedy, self.broken)

    def fail(self, where: str, found: str, remedy: str) -> Problem:
        return Problem(Severity.FAIL, self.name, where, found, remedy, self.broken)

    def told(
        self,
        cases: Sequence[Case],
        tell: Callable[[Case], Problem],
        name: Callable[[Case], str],
        passed: str,
        total: Callable[[Sequence[Case]], str] | None = None,
    ) -> list[Problem]:
        """One finding a case, in order; those beyond TOLD in one; or that the check passed.

        tell    the finding of a case
        name    what a case is called where it is only named
        passed  what was compared
        total   what the cases that are only named come to
        """
        if not cases:
            return [self.ok(passed)]
        found = [tell(case) for case in cases[:TOLD]]
        if len(cases) > TOLD:
            further = cases[TOLD:]
            names = ", ".join(name(case) for case in further[:_NAMED])
            more = f"and {len(further):,} more: {names}{', ...' if len(further) > _NAMED else ''}"
            found.append(replace(found[-1], where="", found=f"{more}   {total(further)}" if total else more))
        return found
