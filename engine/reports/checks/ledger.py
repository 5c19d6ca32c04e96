"""Tie-out: balance sheet accounts of the general ledger against the balances of the book."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from engine.book.problems import Problem
from engine.book.trial_balance import TrialBalance
from engine.reports.checks.evidence import Evidence, counted, in_words
from engine.reports.checks.expected import Account, Expected, expected
from engine.reports.checks.rule import Rule
from engine.reports.table import Column, Table
from engine.schedule.schedule import Schedule

TIES = Rule("ties-to-ledger", "balances tie to the general ledger", "the general ledger differs")


#: roles whose accounts hold more than this book explains: they are compared where the ledger has them, not asked for
_BY_OTHERS = {"receivable", "contract_cost"}
#: documents and contracts named in the explanation of a difference
_TOLD = 3


def ties_to_ledger(evidence: Evidence) -> list[Problem]:
    """The latest ledger balances on or before `as_of` against the book at the close of their day."""
    ledger = evidence.ledger
    day, rows = _latest(evidence)
    if day is None:
        return [TIES.ok("no ledger balances entered" + (f" on or before {evidence.as_of}" if len(ledger) else ""))]
    of_day = expected(evidence, day)
    compared = {name: account for name, account in of_day.accounts.items() if name in rows and not account.unknown}
    found = [
        *_differences(evidence, compared, rows, day),
        *_untied(evidence, of_day, rows, day),
        *_unmapped(evidence, of_day.accounts, rows),
    ]
    total = sum(abs(account.debit) for account in compared.values())
    passed = f"{counted(len(compared), 'account')} at {day}, {_money(evidence, total)} in all"
    return found or [TIES.ok(passed)]


def _latest(evidence: Evidence) -> tuple[date | None, dict[str, int]]:
    """The latest day on or before `as_of` with ledger balances, and the row of each account."""
    ledger = evidence.ledger
    day = max((day for day in ledger["date"] if day <= evidence.as_of), default=None)
    return day, {ledger["account"][row]: row for row, other in enumerate(ledger["date"]) if other == day}


def tie_out(schedule: Schedule, as_of: date, trial_balance: TrialBalance | None = None) -> Table:
    """Every account of a balance-sheet role beside its balance in the general ledger, signed as the ledger signs it, on
    the latest day on or before `as_of` that the ledger has; without one at `as_of`, with nothing to compare.

    A difference is explained as far as the book allows: by an account that is off by the same amount the other way, a
    document, a payment or a contract of just that amount.

    trial_balance  compared in place of the table Ledger
    """
    evidence = Evidence(schedule, as_of, trial_balance)
    found, rows = _latest(evidence)
    day = found or as_of
    of_day, balances = expected(evidence, day), evidence.ledger["balance"]
    flipped = _flipped(evidence, of_day.accounts, rows)
    compared: list[tuple[str, Account, int, int | None]] = []
    for name, account in of_day.accounts.items():
        ours = -account.debit if flipped and account.is_credit else account.debit
        compared.append((name, account, ours, balances[rows[name]] if name in rows else None))
    gaps = {name: held - ours for name, account, ours, held in compared if held is not None and not account.unknown}
    signs = {name: -1 if flipped and account.is_credit else 1 for name, account, _, _ in compared}
    by_debit = {name: signs[name] * gap for name, gap in gaps.items()}
    currency = evidence.book.settings.reporting_currency
    lines: list[list[Any]] = []
    for name, account, ours, held in compared:
        if account.unknown:
            why = f"holds balances in {', '.join(sorted(account.unknown))} as well, and rates are missing"
        elif held is None:
            why = "the ledger has no balance of that day"
        else:
            why = _explained(evidence, day, name, gaps[name], by_debit, of_day)
        lines.append([day, name, " + ".join(account.roles), currency, held, ours, gaps.get(name), why])
    money = (Column(name, "money") for name in ("ledger", "book", "difference"))
    return Table(
        (Column("date", "date"), Column("account"), Column("roles"), Column("currency"), *money, Column("explanation")),
        lines,
    )


def _explained(evidence: Evidence, day: date, name: str, gap: int, by_debit: dict[str, int], of_day: Expected) -> str:
    """What in the book comes to just the difference of an account; `by_debit` are all differences, debit positive."""
    if not gap:
        return ""
    found = [f"{other} is off by the same amount the other way" for other, amount in by_debit.items()
             if other != name and amount == -by_debit[name]]  # fmt: skip
    billings, layout = evidence.book.billings, evidence.layout
    reporting, currencies = evidence.book.settings.reporting_currency, evidence.book.contracts["currency"]
    home = {layout.contract_id(n) for n, row in enumerate(layout.contracts) if currencies[row] == reporting}
    documents = [
        f"{billings['type'][row]} {billings['document_id'][row]} of {billings['date'][row]} is of that amount"
        for row, amount in enumerate(billings["amount"])
        if billings["date"][row] <= day
        and abs(gap) in (abs(amount), abs(amount + (billings["tax_amount"][row] or 0)))
        and billings["contract_id"][row] in home
    ]
    owed = [column for role, column in of_day.columns.items() if role != "receivable"]
    contracts = dict.fromkeys(n for column in owed for n in np.flatnonzero(np.abs(column) == abs(gap)).tolist())
    found += documents[-_TOLD:]
    found += [f"{layout.contract_id(n)} has a balance of that amount" for n in list(contracts)[:_TOLD]]
    return "; ".join(found) or "nothing in the book comes to just that amount"


def _money(evidence: Evidence, minor: int) -> str:
    return in_words(minor, evidence.book.settings.reporting_currency)


# -- what is found -------------------------------------------------------------------------------------------


def _differences(evidence: Evidence, compared: dict[str, Account], rows: dict[str, int], day: date) -> list[Problem]:
    """Accounts whose balance is another than the book's."""
    balances = evidence.ledger["balance"]
    flipped = _flipped(evidence, compared, rows)
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
        found.append(TIES.fail(evidence.ledger.where(row, "balance"), words, remedy))
    return found


def _flipped(evidence: Evidence, accounts: dict[str, Account], rows: dict[str, int]) -> bool:
    """Does the ledger show credit balances positive? A trial balance of debits and credits says so itself."""
    if evidence.trial_balance is not None and evidence.trial_balance.debit_is_positive:
        return False
    credit = {
        name: account for name, account in accounts.items()
        if account.is_credit and name in rows and not account.unknown
    }  # fmt: skip
    return bool(credit) and _credits_are_positive(credit, rows, evidence.ledger["balance"])


def _credits_are_positive(credit: dict[str, Account], rows: dict[str, int], balances: list[int]) -> bool:
    """Does the ledger show credit balances positive? The sign that lets more accounts tie, else the larger sum."""
    negative = sum(balances[rows[name]] == account.debit for name, account in credit.items())
    positive = sum(balances[rows[name]] == -account.debit for name, account in credit.items())
    if negative != positive:
        return positive > negative
    agree = sum(balances[rows[name]] * account.debit for name, account in credit.items())
    return agree < 0


def _untied(evidence: Evidence, of_day: Expected, rows: dict[str, int], day: date) -> list[Problem]:
    """Balances of the book that no ledger balance was compared with."""
    found = []
    for name, account in of_day.accounts.items():
        roles = " + ".join(account.roles)
        if account.unknown and name in rows:
            words = f"{name}  {roles}  holds balances in {', '.join(sorted(account.unknown))} as well"
            told = "; ".join(" ".join(problem.found.split()) for problem in of_day.missing[:_TOLD])
            remedy = (
                "Ledger balances are in reporting currency, and exchange rates to translate the account's balances are "
                f"missing, so it is not compared. Add to Rates: {told}{', ...' if len(of_day.missing) > _TOLD else ''}"
            )
            found.append(TIES.warn(evidence.ledger.where(rows[name], "balance"), words, remedy))
        elif name not in rows and account.debit and not _BY_OTHERS & set(account.roles):
            words = f"{name}  {roles}  book {_money(evidence, account.debit)} (debit positive), no balance of {day}"
            remedy = f"An account nobody compares can be wrong for years. {_where_it_goes(evidence)}"
            found.append(TIES.warn(_at_account(evidence, name), words, remedy))
    return found


def _where_it_goes(evidence: Evidence) -> str:
    if evidence.trial_balance is None:
        return "Enter its balance of that day in the table Ledger."
    return f"Add it to {evidence.trial_balance.file}, or correct its number in Accounts."


def _at_account(evidence: Evidence, name: str) -> str:
    """Address of an account in Accounts, or of the obligation that names it."""
    for rows, column in ((evidence.book.accounts, "account"), (evidence.book.obligations, "deferred_account")):
        if name in rows[column]:
            return rows.where(rows[column].index(name), column)
    return ""


def _unmapped(evidence: Evidence, accounts: dict[str, Account], rows: dict[str, int]) -> list[Problem]:
    """A ledger none of whose accounts has a role."""
    if any(name in accounts for name in rows):
        return []
    row = next(iter(rows.values()))
    words = f"none of the accounts {', '.join(list(rows)[:10])} has a role in Accounts"
    remedy = (
        "Nothing could be compared. Name the accounts of deferred revenue, contract assets and refund liabilities "
        "in the table Accounts, as deferred_current 2400."
    )
    return [TIES.warn(evidence.ledger.where(row, "account"), words, remedy)]
