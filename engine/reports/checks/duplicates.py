"""Billed twice: one document entered from two systems, or one amount invoiced twice on a day."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from engine.book.problems import Problem
from engine.reports.checks.documents import CREDIT_NOTE, INVOICE
from engine.reports.checks.evidence import Evidence, counted
from engine.reports.checks.rule import Rule
from engine.schedule.kernel import Bools

TWICE = Rule("billed-twice", "no document stands twice", "billed twice")

_REMEDY = (
    "A document that stands twice is billed, deferred and owed twice. If the second is the first again, delete it "
    "or void it; if both were sent, give them the lines (obligation_id) or the service days they bill."
)
#: documents of one customer, day and amount that each is compared with
_NEAREST = 20
_PARTS = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A document and the one it repeats; `certain` if number, contract, day and amount are all the same."""

    first: int
    second: int
    certain: bool
    why: str


def billed_twice(evidence: Evidence) -> list[Problem]:
    """Documents that repeat another: the number in another system, or customer, day and amount."""
    pairs = {pair.second: pair for pair in (*_same_day_and_amount(evidence), *_same_number(evidence))}
    cases = [pairs[row] for row in sorted(pairs)]
    rows = evidence.documents.rows

    def tell(pair: _Pair) -> Problem:
        tell_it = TWICE.fail if pair.certain else TWICE.warn
        return tell_it(rows.where(pair.second, "document_id"), _words(evidence, pair), _REMEDY)

    invoices = int(np.count_nonzero(_standing(evidence)))
    passed = f"{counted(invoices, 'invoice')} by number, and by customer, day and amount"
    return TWICE.told(cases, tell, lambda pair: evidence.documents.id(pair.second), passed)


def _words(evidence: Evidence, pair: _Pair) -> str:
    documents, told = evidence.documents, []
    for row in (pair.first, pair.second):
        contract = int(documents.contract[row])
        source = f" ({documents.rows['source'][row]})" if documents.rows["source"][row] else ""
        amount = evidence.amount(documents.amount[row], contract)
        name, day = evidence.layout.contract_id(contract), documents.rows["date"][row]
        told.append(f"{documents.id(row)}{source}  {name}  {day}  {amount}")
    customer = evidence.contract(int(documents.contract[pair.second]), "customer")
    return (
        f"{told[1]}   repeats {told[0]}  at {documents.rows.where(pair.first, 'document_id')}   {customer}: {pair.why}"
    )


def _standing(evidence: Evidence) -> Bools:
    """Invoices by `as_of` that were not withdrawn: what was voided or credited in full is put right already."""
    documents = evidence.documents
    stand: Bools = (documents.kind == INVOICE) & (documents.day <= evidence.day) & ~documents.withdrawn
    return stand & (documents.amount > 0)


def _customer(evidence: Evidence, row: int) -> str:
    return str(evidence.contract(int(evidence.documents.contract[row]), "customer")).casefold()


# -- one number from two sources -----------------------------------------------------------------------------


def normalized(number: str) -> tuple[str, ...]:
    """A document number without case, punctuation and leading zeros: `INV-0012`, `inv 12` and `Inv12` are one."""
    return tuple(part.lstrip("0") or "0" for part in _PARTS.findall(number.casefold()))


def _same_number(evidence: Evidence) -> Iterator[_Pair]:
    """Notes and invoices with the same number from different sources, of one customer or one day and amount."""
    documents = evidence.documents
    sources = documents.rows["source"]
    if len(set(sources)) < 2:
        return
    kept = _standing(evidence) | ((documents.kind == CREDIT_NOTE) & (documents.day <= evidence.day))
    by_number: dict[tuple[int, tuple[str, ...]], list[int]] = defaultdict(list)
    for row in np.flatnonzero(kept).tolist():
        by_number[int(documents.kind[row]), normalized(documents.id(row))].append(row)
    for rows in by_number.values():
        for first, second in combinations(rows, 2) if len(rows) > 1 else ():
            if sources[first] == sources[second]:
                continue
            alike = all(column[first] == column[second] for column in (documents.day, documents.amount))
            if alike or _customer(evidence, first) == _customer(evidence, second):
                certain = alike and bool(documents.contract[first] == documents.contract[second])
                yield _Pair(first, second, certain, "the same number from two sources")
                break


# -- one amount twice on a day -------------------------------------------------------------------------------


def _same_day_and_amount(evidence: Evidence) -> Iterator[_Pair]:
    """Invoices of one customer, day, currency and amount, of any contracts, unless lines or service days explain it."""
    documents = evidence.documents
    rows = np.flatnonzero(_standing(evidence))
    order = np.lexsort((rows, documents.amount[rows], documents.day[rows]))
    rows = rows[order]
    same = (documents.day[rows[1:]] == documents.day[rows[:-1]]) & (
        documents.amount[rows[1:]] == documents.amount[rows[:-1]]
    )
    by_customer: dict[tuple[int, int, str, str], list[int]] = defaultdict(list)
    for n in np.flatnonzero(np.append(same, False) | np.append(False, same)[: len(rows)]).tolist():
        row = int(rows[n])
        currency = evidence.contract(int(documents.contract[row]), "currency")
        by_customer[int(documents.day[row]), int(documents.amount[row]), _customer(evidence, row), currency].append(row)
    for alike in by_customer.values():
        alike.sort(key=lambda row: (int(documents.contract[row]), row))
        for n, second in enumerate(alike):
            before = alike[max(n - _NEAREST, 0) : n]
            first = next((other for other in before if not _explained(evidence, other, second)), None)
            if first is not None:
                yield _Pair(first, second, False, "the same day and amount")


def _explained(evidence: Evidence, first: int, second: int) -> bool:
    """Do two invoices of one day and amount bill different things?"""
    documents = evidence.documents
    spans = [(documents.rows["service_start"][row], documents.rows["service_end"][row]) for row in (first, second)]
    if spans[0] != spans[1] and all(any(span) for span in spans):
        return True
    lines = int(documents.obligation[first]), int(documents.obligation[second])
    return lines[0] != lines[1] and min(lines) >= 0
