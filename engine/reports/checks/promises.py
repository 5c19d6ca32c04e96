"""Promises: several of them in one row, and rights that nobody may ever use."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from engine.book.problems import Problem
from engine.reports.checks.evidence import Evidence, counted
from engine.reports.checks.rule import Rule

BUNDLE = Rule("bundle-as-one", "every obligation names one thing", "one obligation names several things")
RIGHTS = Rule(
    "rights-without-breakage", "rights have an estimate of breakage", "rights without an estimate of breakage"
)

# -- bundles -------------------------------------------------------------------------------------------------

#: words between two things; `R&D`, `24/7`, `A/B`, `1,200` are none: what stands on either side must be a word
_WORD = r"[^\W\d_]{3,}"
#: words that after a comma qualify what stands before it: `Support, annual`
_QUALIFIER = (
    r"(?!(?:annual|yearly|monthly|quarterly|perpetual|enterprise|standard|premium|basic|professional|business|starter|"
    r"renewal|prepaid|tier|version|year|month|term|per|for|from|until|remote|onsite|unlimited|named|users?|seats?|"
    r"edition|inc|ltd|llc|gmbh)\b)"
)
_JOINED = (
    re.compile(rf"{_WORD}\)?\s*[+;&]\s*\(?(?:\d+\s*x?\s*)?{_WORD}"),
    re.compile(r"[^\W\d_]{2,}\)?\s+[+;&]\s+\(?(?:\d+\s*x?\s*)?[^\W\d_]{2,}"),
    re.compile(rf"{_WORD}\)?\s*,\s+{_QUALIFIER}{_WORD}", re.IGNORECASE),
    re.compile(rf"{_WORD}\)?\s*/\s*(?!(?:month|year|quarter|week|day|hour|user|seat|unit|device)\b){_WORD}"),
    re.compile(rf"{_WORD}\)?\s+and\s+(?:\d+\s*x?\s*)?{_WORD}", re.IGNORECASE),
    re.compile(rf"{_WORD}\)?\s*\(?(?:\b(?i:incl|including|with)\b|\bw/|\bplus(?=\s+\d|\s+[a-z]))\W*\w+"),
)
_KINDS = re.compile(
    r"\b(?:[2-9]|\d\d+|two|three|four|five|six|several|various|multiple)\s+(?:different\s+)?"
    r"(?:products|modules|services|kinds|items|components|deliverables|apps|solutions)\b|\bbundle\b|\bcombo\b",
    re.IGNORECASE,
)
_SET_UP = re.compile(
    r"\b(?:set[\s-]?up|onboarding|implementation|training|installation|activation fee|migration|configuration)\b",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"\b(?:subscriptions?|platform|saas|software|support|hosting|maintenance|cloud|licen[cs]es?|plan|access|service)\b",
    re.IGNORECASE,
)
_BUNDLE_REMEDY = (
    "Each distinct promise is an obligation of its own with its own share of the price and its own timing "
    "(606-10-25-19). Give each a row with its ssp. If all of it is served over the same days in the same way, or "
    "is one thing with a long name, the figures stand."
)


def bundle_as_one(evidence: Evidence) -> list[Problem]:
    """Obligations whose text names several things, or a set-up together with a service over time."""
    cases = [place for place in range(evidence.schedule.count) if _why(evidence, place)]

    def tell(place: int) -> Problem:
        column = "product" if evidence.obligation(place, "product") else "obligation_id"
        contract = evidence.contract_of(place)
        amount = evidence.amount(evidence.obligation(place, "price"), contract)
        words = f"{evidence.name(place)}  {_text(evidence, place)}  {amount}   {_why(evidence, place)}"
        return BUNDLE.warn(evidence.at_obligation(place, column), words, _BUNDLE_REMEDY)

    return BUNDLE.told(cases, tell, evidence.name, f"the names of {counted(evidence.schedule.count, 'obligation')}")


def _text(evidence: Evidence, place: int) -> str:
    """What an obligation is called: its product, or its id with spaces."""
    product = evidence.obligation(place, "product")
    return str(product or re.sub(r"[-_.]", " ", evidence.obligation(place, "obligation_id")))


def _why(evidence: Evidence, place: int) -> str:
    text = _text(evidence, place)
    named = _named(text)
    if named != "set-up":
        return named
    if evidence.obligation(place, "method") != "ratable" or _beside(evidence, place, text):
        return ""
    return "a set-up and a service over time"


@lru_cache(maxsize=4096)
def _named(text: str) -> str:
    """What a text names: several things in words, `set-up` for a service followed by its set-up, or nothing."""
    joined = next((found for pattern in _JOINED if (found := pattern.search(text))), None)
    if joined:
        return f"several things: {joined.group().strip()}"
    kinds = _KINDS.search(text)
    if kinds:
        return f"several kinds: {kinds.group()}"
    set_up, service = _SET_UP.search(text), _SERVICE.search(text)
    return "set-up" if set_up and service and service.start() < set_up.start() else ""


def _beside(evidence: Evidence, place: int, text: str) -> bool:
    """Is the service itself a line of the contract, so that this one is its set-up alone?"""
    service = {word.casefold() for word in _SERVICE.findall(text)}
    others = (other for other in evidence.layout.members(evidence.contract_of(place)) if other != place)
    return any(service & set(_text(evidence, other).casefold().split()) for other in others)


# -- rights --------------------------------------------------------------------------------------------------

#: unused rights of less than this part of the price are trivial
_TRIVIAL = 100
_RIGHTS_REMEDY = {
    "redemption": (
        "Some rights are never used, and revenue waits for them until they lapse (606-10-55-46..49). Enter "
        "breakage_percent from experience, or an estimate event with percent; 0 says that none is expected."
    ),
    "usage": (
        "What is prepaid and not used by the end becomes revenue on one day (606-10-55-46..49). If a part is "
        "never used, sell the rights as redemption with a breakage_percent; 0 says that none is expected."
    ),
}


def rights_without_breakage(evidence: Evidence) -> list[Problem]:
    """Rights sold and not used up, of which nobody has said how many will never be used."""
    methods, rights = evidence.methods, evidence.has_method(*_RIGHTS_REMEDY)
    unused = np.abs(evidence.contracted - evidence.recognized)
    left = rights & (unused * _TRIVIAL > np.abs(evidence.contracted))
    cases = [place for place in np.flatnonzero(left).tolist() if not _estimated(evidence, place)]

    def tell(place: int) -> Problem:
        contract = evidence.contract_of(place)
        amounts = [evidence.amount(column[place], contract) for column in (unused, evidence.contracted)]
        words = (
            f"{evidence.name(place)}  {methods[place]}   unused {amounts[0]} of {amounts[1]}   breakage_percent (blank)"
        )
        return RIGHTS.warn(evidence.at_obligation(place, "breakage_percent"), words, _RIGHTS_REMEDY[methods[place]])

    count = int(np.count_nonzero(rights & (evidence.contracted != 0)))
    return RIGHTS.told(cases, tell, evidence.name, f"{counted(count, 'obligation')} with rights to redeem or use")


def _estimated(evidence: Evidence, place: int) -> bool:
    """Has anyone said how much will lapse - or, of usage, is nothing prepaid that could?"""
    if evidence.obligation(place, "breakage_percent") is not None:
        return True
    if evidence.obligation(place, "method") == "usage":
        return not _prepaid(evidence, place)
    percents = evidence.book.events["percent"]
    return any(percents[row] is not None for row in evidence.events_of(place, "estimate"))


def _prepaid(evidence: Evidence, place: int) -> bool:
    """Is usage with an end billed ahead of its use?"""
    ends = evidence.obligation(place, "end") or evidence.contract(evidence.contract_of(place), "end")
    return ends is not None and bool(evidence.billed[place] > evidence.recognized[place])
