"""Expected: what each balance sheet account of the general ledger should hold, as the journal posts the book."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from engine.book.problems import BookRefused, Problem
from engine.reports.checks.balance_sheet import LIABILITIES, debits, receivable
from engine.reports.checks.evidence import Evidence
from engine.reports.entries import BALANCES, Entries
from engine.schedule.currency import InReportingCurrency, is_foreign, valuation
from engine.schedule.kernel import Bools, Ints, rounded
from engine.schedule.positions import added

#: debit or credit: what a positive balance is
_SIGNS = {role: -1 if role in LIABILITIES else 1 for role in BALANCES}


@dataclass
class Account:
    """What the book expects of one account: whole minor units of the reporting currency, debit positive.

    unknown  currencies of contracts whose balances are left out, because rates are missing
    """

    roles: list[str] = field(default_factory=list)
    debit: int = 0
    unknown: set[str] = field(default_factory=set)

    @property
    def is_credit(self) -> bool:
        """Is it a credit account, which a ledger may show negative (trial balance) or positive?"""
        return any(role in LIABILITIES for role in self.roles)


@dataclass(frozen=True)
class Expected:
    """The balances of a day.

    accounts  account -> what is expected of it
    columns   role -> balance of each contract in reporting currency, debit positive; of contracts in foreign currency
              nothing where rates are missing
    missing   the rates that are missing
    """

    accounts: dict[str, Account]
    columns: dict[str, Ints]
    missing: list[Problem]


def expected(evidence: Evidence, day: date) -> Expected:
    """Balances by account at the close of a day. Contracts in foreign currency are translated as the journal does it:
    deferred revenue and refund liabilities by layers, contract assets and receivables at the rate of the day, costs at
    the rate of theirs (ASC 830-10-45-17, 45-18; IAS 21.23)."""
    in_contract = _in_contract_currency(evidence, day)
    columns, missing = in_contract, list[Problem]()
    abroad = _abroad(evidence)
    if is_foreign(evidence.schedule):
        try:
            columns = _in_reporting_currency(evidence, day, in_contract, abroad)
        except BookRefused as refused:
            missing = refused.problems
            columns = {role: np.where(abroad, 0, column) for role, column in in_contract.items()}
    of_role = dict(zip(evidence.book.accounts["role"], evidence.book.accounts["account"], strict=True))
    own, accounts = _own_deferred_accounts(evidence), defaultdict[str, Account](Account)
    for role, owed in columns.items():
        if role in of_role:
            accounts[of_role[role]].roles.append(role)
        for contract in np.flatnonzero((owed != 0) | (in_contract[role] != 0)).tolist():
            name = (own.get(contract) if role.startswith("deferred") else None) or of_role.get(role)
            if name is None:
                continue
            account = accounts[name]
            if role not in account.roles:
                account.roles.append(role)
            account.debit += int(owed[contract])
            if missing and abroad[contract]:
                account.unknown.add(evidence.contract(contract, "currency"))
    return Expected(dict(accounts), columns, missing)


def _abroad(evidence: Evidence) -> Bools:
    """Which contracts are in another currency than the one the entity reports in."""
    reporting, rows = evidence.book.settings.reporting_currency, evidence.layout.contracts.tolist()
    currencies = evidence.book.contracts["currency"]
    return np.array([currencies[row] != reporting for row in rows], bool)


def _own_deferred_accounts(evidence: Evidence) -> dict[int, str]:
    """Contracts whose deferred revenue has an account of its own: that of all their obligations."""
    found: dict[int, set[str | None]] = defaultdict(set)
    accounts = evidence.schedule.obligation_column("deferred_account")
    for contract, account in zip(evidence.layout.contract.tolist(), accounts, strict=True):
        found[contract].add(account)
    single = {contract: next(iter(accounts)) for contract, accounts in found.items() if len(accounts) == 1}
    return {contract: account for contract, account in single.items() if account}


def _in_contract_currency(evidence: Evidence, day: date) -> dict[str, Ints]:
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


def _in_reporting_currency(
    evidence: Evidence, day: date, in_contract: dict[str, Ints], abroad: Bools
) -> dict[str, Ints]:
    """The same in reporting currency.

    raises BookRefused where a rate is missing
    """
    schedule, layout = evidence.schedule, evidence.layout
    of = valuation(schedule, "reporting")
    assert isinstance(of, InReportingCurrency)
    posted = Entries(schedule, (valuation(schedule), of)).balances(day, "reporting").T
    result = {role: _SIGNS[role] * column for role, column in zip(BALANCES, posted, strict=True)}
    if "receivable" in in_contract:
        result["receivable"] = _at_closing_rate(evidence, day, in_contract["receivable"], abroad, of)
    if "contract_cost" in in_contract:
        capitalized, amortized, impaired = of.costs(day)
        carried = np.asarray(capitalized - amortized - impaired)
        result["contract_cost"] = added(carried, schedule.costs.contract, len(layout.contracts))
    return result


def _at_closing_rate(evidence: Evidence, day: date, amounts: Ints, abroad: Bools, of: InReportingCurrency) -> Ints:
    """Amounts of contracts at the rate of a day."""
    result, rows = amounts.copy(), evidence.layout.contracts.tolist()
    for contract in np.flatnonzero(abroad & (amounts != 0)).tolist():
        rate = of.rates.at(evidence.contract(contract, "currency"), day.toordinal(), rows[contract])
        result[contract] = rounded(int(amounts[contract]), rate)
    of.refuse_missing()
    return result
