"""Interest of contracts with a financing rate: what accreted on advance payments and in arrears, and who has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.reports.explain.formula import Term, part, total
from engine.reports.explain.subject import Row, Subject
from engine.reports.periods import ONE_DAY
from engine.schedule.kernel import Ints

#: periods whose interest is told one by one; those before in one
_TOLD = 12


class Interest(NamedTuple):
    """Interest of an obligation to date, in what is contracted, recognized and billed."""

    contracted: int
    recognized: int
    billed: int

    def __bool__(self) -> bool:
        return any(self)


def interest_of(subject: Subject, place: int) -> Interest:
    """The interest in the balances of an obligation."""
    schedule, day = subject.schedule, subject.as_of
    if not schedule.financing:
        return Interest(0, 0, 0)
    evidence, price = subject.evidence, schedule.price(day)
    versions = subject.versions(place)
    earned = int(evidence.recognized[place]) - (versions[-1].to_date if versions else 0)
    billed = int(evidence.billed[place] - schedule.documented(day)[place])
    return Interest(int(evidence.contracted[place] - price[place]), earned, billed)


def interest_rows(subject: Subject, place: int) -> Iterator[Row]:
    """Interest that an obligation has of its contract: on what is paid in advance, on what is paid in arrears, and how
    much of it is revenue."""
    accreted = interest_of(subject, place)
    if not accreted:
        return
    schedule, day, key = subject.schedule, subject.as_of, subject.evidence.name(place)
    price, cell = schedule.price(day), subject.evidence.at_contract(subject.contract, "financing_rate")
    interest, income = schedule.financing.interest(day, price), schedule.financing.income(day, price)
    for name, column in (("interest", interest), ("interest income", income)):
        if column[place]:
            on = "advance payments" if name == "interest" else "the contract asset"
            words = f"{_shared(subject, place, column, price)}; on {on}, shared by price"
            yield Row(key, name, int(column[place]), words, cell)
    if accreted.recognized:
        money, earned = subject.money, subject.versions(place)[-1].to_date
        words = f"ROUND({money(int(interest[place]))} x {money(earned)} / {money(int(price[place]))})"
        yield Row(key, "interest earned", accreted.recognized, f"{words}; as revenue takes the price", cell)


def _shared(subject: Subject, place: int, column: Ints, price: Ints) -> str:
    members = subject.layout.members(subject.contract)
    own = slice(members.start, members.stop)
    weights, whole = np.abs(price[own]).tolist(), int(column[own].sum())  # financing shares by size of price
    return part(whole, weights, place - members.start, subject.money, decimals=subject.decimals)


def accretion_rows(subject: Subject) -> Iterator[Row]:
    """How the interest of the contract came together, period by period."""
    schedule = subject.schedule
    if not schedule.financing:
        return
    key, rate = (
        subject.layout.contract_id(subject.contract),
        subject.evidence.contract(subject.contract, "financing_rate"),
    )
    members = list(subject.layout.members(subject.contract))
    cell = subject.evidence.at_contract(subject.contract, "financing_rate")
    spans = subject.evidence.periods_back(_TOLD)
    for name, of in (("interest", schedule.financing.interest), ("interest income", schedule.financing.income)):
        ends = [spans[0].first - ONE_DAY, *(span.last for span in spans)]
        to_date = [int(of(end, schedule.price(end))[members].sum()) for end in ends]
        if to_date[-1]:
            terms = [Term(to_date[0], "before")]
            moved = np.diff(to_date).tolist()
            terms += [Term(amount, f"in {span.label}") for span, amount in zip(spans, moved, strict=True)]
            yearly = f"{float(rate):g} a year, compounded by (1 + r)^(months / 12), a part month by days"
            yield Row(key, name, to_date[-1], f"{total(terms, subject.money)}; {yearly}", cell)
