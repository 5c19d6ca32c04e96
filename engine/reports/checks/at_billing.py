"""Revenue at billing: services over time whose revenue is recognized at once, on the day they are invoiced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.book.problems import Problem
from engine.reports.checks.evidence import Evidence, counted
from engine.reports.checks.rule import Rule
from engine.reports.checks.service import NEVER
from engine.schedule.kernel import Bools

AT_BILLING = Rule(
    "revenue-at-billing",
    "no service over time is recognized on its billing date",
    "a service over time is recognized on its billing date",
)

#: methods that recognize on the day of an event, and the events that do it
_AT_ONCE = {"point_in_time": "deliver", "milestone": "deliver", "manual": "recognize"}
_SERVICE = re.compile(r"\b(subscriptions?|saas|hosting|maintenance|memberships?|retainer|support)\b", re.IGNORECASE)
_REMEDY = (
    "A service over time is earned as it is served, not when it is billed (606-10-25-27): what is not served yet "
    "belongs in deferred revenue. Use method ratable with start and end. If the whole is delivered on that day, "
    "clear the dates or the mark that say otherwise."
)


@dataclass(frozen=True, slots=True)
class _AtBilling:
    """An obligation recognized on the day of a document although its service goes on after it."""

    place: int
    document: int
    why: str


def revenue_at_billing(evidence: Evidence) -> list[Problem]:
    """Obligations recognized at once on the date of an invoice, with a sign that their service lasts longer."""
    candidates = np.flatnonzero(_at_once(evidence)).tolist()
    cases = [case for place in candidates if (case := _case(evidence, place))]
    return AT_BILLING.told(
        cases,
        lambda case: AT_BILLING.warn(evidence.at_obligation(case.place, "method"), _words(evidence, case), _REMEDY),
        lambda case: evidence.name(case.place),
        f"{counted(len(candidates), 'obligation')} recognized at a point in time against their documents",
    )


def _words(evidence: Evidence, case: _AtBilling) -> str:
    place, documents = case.place, evidence.documents
    amount = evidence.amount(evidence.contracted[place], evidence.contract_of(place))
    day = documents.rows["date"][case.document]
    bill = f"{documents.id(case.document)} ({documents.rows.where(case.document, 'date')})"
    method = evidence.obligation(place, "method")
    return f"{evidence.name(place)}  {method}  {amount}   recognized on {day}, the date of {bill}   {case.why}"


def _at_once(evidence: Evidence) -> Bools:
    """Obligations whose revenue is recognized on single days."""
    first, last = evidence.services.first, evidence.services.last
    one_day: Bools = (first == last) & (first != NEVER) & evidence.has_method("ratable")
    return one_day | evidence.has_method(*_AT_ONCE)


def _days(evidence: Evidence, place: int) -> set[int]:
    """Days by `as_of` on which revenue is recognized."""
    method = evidence.obligation(place, "method")
    if method == "ratable":
        days = {int(evidence.services.first[place])}
    else:
        dated = evidence.book.events["date"]
        days = {dated[row].toordinal() for row in evidence.events_of(place, _AT_ONCE[method])}
        start = evidence.obligation(place, "start")
        if method == "point_in_time" and not days and start is not None:
            days = {start.toordinal()}
    return {day for day in days if day <= evidence.day}


def _case(evidence: Evidence, place: int) -> _AtBilling | None:
    days = _days(evidence, place)
    if not days or not evidence.contracted[place]:
        return None
    for document in _covering(evidence, place):
        day = int(evidence.documents.day[document])
        if day in days and not evidence.documents.withdrawn[document]:
            why = next(_signs(evidence, place, document, day), None)
            if why:
                return _AtBilling(place, document, why)
    return None


def _covering(evidence: Evidence, place: int) -> list[int]:
    """Invoices that bill the obligation."""
    documents = evidence.documents
    return [row for row in documents.of(evidence.contract_of(place)) if documents.obligation[row] in (-1, place)]


def _signs(evidence: Evidence, place: int, document: int, day: int) -> Iterator[str]:
    """Signs that the service goes on after the day it is recognized on."""
    start, end = evidence.obligation(place, "start"), evidence.obligation(place, "end")
    contract = evidence.contract_of(place)
    if _goes_on(start or evidence.contract(contract, "start"), end, day):
        yield f"its service ends {end}"
    billed_to = evidence.documents.rows["service_end"][document]
    billed_from = evidence.documents.rows["service_start"][document]
    alone = evidence.documents.obligation[document] == place or _alone(evidence, place)
    if alone and _goes_on(billed_from or date.fromordinal(day), billed_to, day):
        yield f"the document bills service to {billed_to}"
    if billed_to is not None and billed_to.toordinal() <= day:
        return  # billed in arrears: all of it is served
    if evidence.obligation(place, "recurring"):
        yield "it is marked recurring"
    until = evidence.contract(contract, "end")
    if _alone(evidence, place) and end is None and _goes_on(evidence.contract(contract, "start"), until, day):
        yield f"the contract runs to {until} and has no other service"
    name = evidence.obligation(place, "product") or evidence.obligation(place, "obligation_id")
    if _SERVICE.search(re.sub(r"[-_.]", " ", name)):
        yield f"its name is {name}"


def _goes_on(first: date | None, last: date | None, day: int) -> bool:
    """Does a span of more than a day end after `day`?"""
    return last is not None and last.toordinal() > day and (first is None or first < last)


def _alone(evidence: Evidence, place: int) -> bool:
    """Is there no service over time beside it that the contract's dates, or a document of all lines, could be about?"""
    first, last = evidence.services.first, evidence.services.last
    others = (other for other in evidence.layout.members(evidence.contract_of(place)) if other != place)
    return all(evidence.methods[other] in _AT_ONCE or first[other] == last[other] != NEVER for other in others)
