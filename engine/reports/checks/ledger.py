"""Tie-out: balance sheet accounts of the general ledger against the balances of the book."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from engine.book.problems import Problem
from engine.reports.checks.balance_sheet import LIABILITIES, debits, receivable
from engine.reports.checks.evidence import Evidence, counted, in_words
from engine.reports.checks.rule import Rule
from engine.reports.table import Column, Table
from engine.schedule.kernel import Ints
from engine.schedule.positions import added
from engine.schedule.schedule import Schedule

TIES = Rule("ties-to-ledger", "balances tie to the general ledger", "the general ledger differs")


#: roles whose accounts hold more than this book explains: they are compared where the ledger has them, not asked for
_BY_OTHERS = {"receivable", "contract_cost"}
#: documents and contracts named in the explanation of a difference
_TOLD = 3


@dataclass
class _Account:
    """What the book expects of one account: whole minor units of the reporting currency, debit positive."""

    roles: list[str] = field(default_factory=list)
    debit: int = 0
    foreign: set[str] = field(default_factory=set)

    @property
    def is_credit(self) -> bool:
        """Is it a credit account, which a ledger may show negative (trial balance) or positive?"""
        return any(role in LIABILITIES for role in self.roles)


def ties_to_ledger(evidence: Evidence) -> list[Problem]:
    """The latest ledger balances on or before `as_of` against the book at the close of their day."""
    ledger = evidence.book.ledger
    day, rows = _latest(evidence)
    if day is None:
        return [TIES.ok("no ledger balances entered" + (f" on or before {evidence.as_of}" if len(ledger) else ""))]
    accounts = _accounts(evidence, day)
    compared = {name: account for name, account in accounts.items() if name in rows and not account.foreign}
    found = [
        *_differences(evidence, compared, rows, day),
        *_untied(evidence, accounts, rows, day),
        *_unmapped(evidence, accounts, rows),
    ]
    total = sum(abs(account.debit) for account in compared.values())
    passed = f"{counted(len(compared), 'account')} at {day}, {_money(evidence, total)} in all"
    return found or [TIES.ok(passed)]


def _latest(evidence: Evidence) -> tuple[date | None, dict[str, int]]:
    """The latest day on or before `as_of` with ledger balances, and the row of each account."""
    ledger = evidence.book.ledger
    day = max((day for day in ledger["date"] if day <= evidence.as_of), default=None)
    return day, {ledger["account"][row]: row for row, other in enumerate(ledger["date"]) if other == day}


def tie_out(schedule: Schedule, as_of: date) -> Table:
    """Every account of a balance-sheet role beside its balance in the general ledger, signed as the ledger signs it, on
    the latest day on or before `as_of` that the ledger has; without one at `as_of`, with nothing to compare.

    A difference is explained as far as the book allows: by an account that is off by the same amount the other way, a
    document, a payment or a contract of just that amount.
    """
    evidence = Evidence(schedule, as_of)
    found, rows = _latest(evidence)
    day = found or as_of
    accounts, balances = _accounts(evidence, day), evidence.book.ledger["balance"]
    credit = {name: account for name, account in accounts.items() if account.is_credit and name in rows}
    flipped = _credits_are_positive(credit, rows, balances) if credit else False
    compared: list[tuple[str, _Account, int, int | None]] = []
    for name, account in accounts.items():
        expected = -account.debit if flipped and account.is_credit else account.debit
        compared.append((name, account, expected, balances[rows[name]] if name in rows else None))
    gaps = {name: held - expected for name, account, expected, held in compared if held is not None}
    signs = {name: -1 if flipped and account.is_credit else 1 for name, account, _, _ in compared}
    currency = evidence.book.settings.reporting_currency
    lines: list[list[Any]] = []
    for name, account, expected, held in compared:
        gap = gaps.get(name)
        why = _explained(evidence, day, name, gap, {other: signs[other] * gaps[other] for other in gaps}, signs[name])
        if account.foreign:
            why = f"holds balances in {', '.join(sorted(account.foreign))} as well, which are not translated here"
        lines.append([day, name, " + ".join(account.roles), currency, held, expected, gap, why])
    money = (Column(name, "money") for name in ("ledger", "book", "difference"))
    return Table(
        (Column("date", "date"), Column("account"), Column("roles"), Column("currency"), *money, Column("explanation")),
        lines,
    )


def _explained(evidence: Evidence, day: date, name: str, gap: int | None, debits: dict[str, int], sign: int) -> str:
    """What in the book comes to just the difference of an account; `debits` are all differences, debit positive."""
    if gap is None:
        return "the ledger has no balance of that day"
    if not gap:
        return ""
    debit = sign * gap
    found = [f"{other} is off by the same amount the other way" for other, amount in debits.items()
             if other != name and amount == -debit]  # fmt: skip
    billings = evidence.book.billings
    documents = [
        f"{billings['type'][row]} {billings['document_id'][row]} of {billings['date'][row]} is of that amount"
        for row, amount in enumerate(billings["amount"])
        if billings["date"][row] <= day and abs(gap) in (abs(amount), abs(amount + (billings["tax_amount"][row] or 0)))
    ]
    owed = [column for role, column in _balances(evidence, day).items() if role != "receivable"]
    contracts = dict.fromkeys(n for column in owed for n in np.flatnonzero(np.abs(column) == abs(gap)).tolist())
    found += documents[-_TOLD:]
    found += [f"{evidence.layout.contract_id(n)} has a balance of that amount" for n in list(contracts)[:_TOLD]]
    return "; ".join(found) or "nothing in the book comes to just that amount"


def _money(evidence: Evidence, minor: int) -> str:
    return in_words(minor, evidence.book.settings.reporting_currency)


# -- what is compared ----------------------------------------------------------------------------------------


def _accounts(evidence: Evidence, day: date) -> dict[str, _Account]:
    """Expected balances by account, as the journal posts them."""
    of_role = dict(zip(evidence.book.accounts["role"], evidence.book.accounts["account"], strict=True))
    own = _own_deferred_accounts(evidence)
    reporting = evidence.book.settings.reporting_currency
    result: dict[str, _Account] = defaultdict(_Account)
    for role, owed in _balances(evidence, day).items():
        if role in of_role:
            result[of_role[role]].roles.append(role)
        for contract in np.flatnonzero(owed).tolist():
            name = (own.get(contract) if role.startswith("deferred") else None) or of_role.get(role)
            if name is None:
                continue
            account = result[name]
            if role not in account.roles:
                account.roles.append(role)
            currency = evidence.contract(contract, "currency")
            if currency == reporting:
                account.debit += int(owed[contract])
            else:
                account.foreign.add(currency)
    return dict(result)


def _own_deferred_accounts(evidence: Evidence) -> dict[int, str]:
    """Contracts whose deferred revenue has an account of its own: that of all their obligations."""
    found: dict[int, set[str | None]] = defaultdict(set)
    accounts = evidence.schedule.obligation_column("deferred_account")
    for contract, account in zip(evidence.layout.contract.tolist(), accounts, strict=True):
        found[contract].add(account)
    single = {contract: next(iter(accounts)) for contract, accounts in found.items() if len(accounts) == 1}
    return {contract: account for contract, account in single.items() if account}


def _balances(evidence: Evidence, day: date) -> dict[str, Ints]:
    """Balances by role and contract, debit positive."""
    schedule, layout = evidence.schedule, evidence.layout
    result = debits(schedule, day)
    if len(evidence.book.billings):
        result["receivable"] = added(receivable(schedule, date.min, day), layout.contract, len(layout.contracts))
    if len(schedule.costs):
        capitalized, amortized, impaired = schedule.costs.to_date(day.toordinal())
        carried = np.asarray(capitalized - amortized - impaired)
        result["contract_cost"] = added(carried, schedule.costs.contract, len(layout.contracts))
    return result


# -- what is found -------------------------------------------------------------------------------------------


def _differences(evidence: Evidence, compared: dict[str, _Account], rows: dict[str, int], day: date) -> list[Problem]:
    """Accounts whose balance is another than the book's."""
    balances = evidence.book.ledger["balance"]
    flipped = _credits_are_positive(
        {name: account for name, account in compared.items() if account.is_credit}, rows, balances
    )
    found = []
    for name, account in compared.items():
        expected = -account.debit if flipped and account.is_credit else account.debit
        row = rows[name]
        gap = balances[row] - expected
        if not gap:
            continue
        ledger, book, difference = (_money(evidence, minor) for minor in (balances[row], expected, gap))
        words = (
            f"{name}  {' + '.join(account.roles)}  at {day}   ledger {ledger}   book {book}   difference {difference}"
        )
        remedy = (
            "What the ledger shows is not what the contracts explain. Compare the account with the journal "
            "entries of the period by contract: look for an entry posted by hand, a document that is only in one "
            "of the two, or the wrong account in Accounts."
        )
        found.append(TIES.fail(evidence.book.ledger.where(row, "balance"), words, remedy))
    return found


def _credits_are_positive(credit: dict[str, _Account], rows: dict[str, int], balances: list[int]) -> bool:
    """Does the ledger show credit balances positive? The sign that lets more accounts tie, else the larger sum."""
    negative = sum(balances[rows[name]] == account.debit for name, account in credit.items())
    positive = sum(balances[rows[name]] == -account.debit for name, account in credit.items())
    if negative != positive:
        return positive > negative
    agree = sum(balances[rows[name]] * account.debit for name, account in credit.items())
    return agree < 0


def _untied(evidence: Evidence, accounts: dict[str, _Account], rows: dict[str, int], day: date) -> list[Problem]:
    """Balances of the book that no ledger balance was compared with."""
    found = []
    for name, account in accounts.items():
        roles = " + ".join(account.roles)
        if account.foreign and name in rows:
            words = f"{name}  {roles}  holds balances in {', '.join(sorted(account.foreign))} as well"
            remedy = (
                "Ledger balances are in reporting currency; balances in other currencies are not translated here, "
                "so the account is not compared. Tie it out from the balances in reporting currency."
            )
            found.append(TIES.warn(evidence.book.ledger.where(rows[name], "balance"), words, remedy))
        elif name not in rows and account.debit and not _BY_OTHERS & set(account.roles):
            words = f"{name}  {roles}  book {_money(evidence, account.debit)} (debit positive), no balance of {day}"
            remedy = (
                "An account nobody compares can be wrong for years. Enter its balance of that day in the table Ledger."
            )
            found.append(TIES.warn(_at_account(evidence, name), words, remedy))
    return found


def _at_account(evidence: Evidence, name: str) -> str:
    """Address of an account in Accounts, or of the obligation that names it."""
    for rows, column in ((evidence.book.accounts, "account"), (evidence.book.obligations, "deferred_account")):
        if name in rows[column]:
            return rows.where(rows[column].index(name), column)
    return ""


def _unmapped(evidence: Evidence, accounts: dict[str, _Account], rows: dict[str, int]) -> list[Problem]:
    """A ledger none of whose accounts has a role."""
    if any(name in accounts for name in rows):
        return []
    row = next(iter(rows.values()))
    words = f"none of the accounts {', '.join(list(rows)[:10])} has a role in Accounts"
    remedy = (
        "Nothing could be compared. Name the accounts of deferred revenue, contract assets and refund liabilities "
        "in the table Accounts, as deferred_current 2400."
    )
    return [TIES.warn(evidence.book.ledger.where(row, "account"), words, remedy)]
