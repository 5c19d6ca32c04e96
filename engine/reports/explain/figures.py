"""The balances of an obligation, of what its unit nets, and of its contract: each with its formula and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from engine.reports.explain.formula import Term, total, written
from engine.reports.explain.interest import Interest, interest_of
from engine.reports.explain.subject import Row, Subject
from engine.reports.grouping import NETTING
from engine.reports.rpo import EXEMPTIONS
from engine.schedule.kernel import Ints, rounded
from engine.schedule.positions import Position, current_until, most_kept_by, position, released

_NAMES = (
    "contracted", "recognized", "billed", "kept", "deferred", "deferred_current", "deferred_noncurrent",
    "contract_asset", "refund_liability", "backlog", "backlog_unbilled", "rpo",
)  # fmt: skip


@dataclass(frozen=True)
class _Figures:
    """The balances of one row, in whole minor units, as if its obligations netted as one."""

    subject: Subject
    places: Sequence[int]

    @cached_property
    def position(self) -> Position:
        """The contract balances."""
        evidence = self.subject.evidence
        sums = [self.added(column) for column in (evidence.contracted, evidence.recognized, evidence.billed)]
        contracted, recognized, billed = (np.array([total], np.int64) for total in sums)
        return position(contracted, recognized, billed, self.most_kept)

    @cached_property
    def cap(self) -> str:
        """What of the invoices counted may be kept, as a formula: ROUND(G x T / P)."""
        schedule, day = self.subject.schedule, self.subject.as_of
        sizes = [size for place, size in schedule.sizes(day).items() if place in self.places]
        sign, price = (
            (-1, -self.values["contracted"]) if self.values["contracted"] < 0 else (1, self.values["contracted"])
        )
        size = sum((one.raising if sign < 0 else one.lowering for one in sizes), Fraction(0))
        gross, decimals = sign * self.added(schedule.gross(day)), self.subject.decimals
        limit = sign * self.most_kept[0]
        for digits in range(decimals, 30):
            shown = Fraction(rounded(10 ** (digits - decimals), size), 10 ** (digits - decimals))
            if rounded(gross, price / (price + shown)) == limit:
                words = f"{self._money(price)} + {written(shown / 10**decimals, digits)}"
                return f"ROUND({self._money(gross)} x {self._money(price)} / ({words}))"
        return self._money(limit)

    @cached_property
    def most_kept(self) -> dict[int, int]:
        """What of billed may be kept at most, as row 0, where negative estimates are in force."""
        evidence = self.subject.evidence
        apart = np.ones(evidence.schedule.count, np.int64)
        apart[list(self.places)] = 0
        sums = np.array([self.added(evidence.contracted), 0])
        found = most_kept_by(evidence.schedule, evidence.as_of, sums, apart)
        return {row: limit for row, limit in found.items() if row == 0}

    def added(self, column: Ints) -> int:
        """A column of the book added up over the obligations."""
        return int(column[list(self.places)].sum())

    @cached_property
    def rpo(self) -> dict[str, int]:
        """What is exempted from the disclosure, and what is left."""
        found = self.subject.remaining
        return {
            name: self.added(column)
            for name, column in zip((*EXEMPTIONS, "rpo"), [*found.exempt, found.rpo], strict=True)
        }

    @cached_property
    def values(self) -> dict[str, int]:
        """Every figure by name."""
        found = {name: int(column[0]) for name, column in vars(self.position).items()}
        expected = self.added(self.subject.dated) + self.added(self.subject.undated)
        current = released(self.position.deferred, np.array([expected], np.int64))
        found["kept"] = found["billed"] - found["refund_liability"]
        found["deferred_current"] = int(current[0])
        found["deferred_noncurrent"] = found["deferred"] - found["deferred_current"]
        found["rpo"] = self.rpo["rpo"]
        return {name: found[name] for name in _NAMES}

    def arithmetic(self) -> dict[str, str]:
        """How each figure follows from contracted, recognized and billed; a credit mirrors a charge."""
        sign = -1 if self.values["contracted"] < 0 else 1
        price, earned, billed, kept = (
            self._money(sign * self.values[name]) for name in ("contracted", "recognized", "billed", "kept")
        )
        deferred = self._money(sign * self.values["deferred"])
        until = current_until(self.subject.schedule, self.subject.as_of)
        dated, undated = (sign * self.added(column) for column in (self.subject.dated, self.subject.undated))
        terms = [Term(dated, f"expected by {until}"), Term(undated, "without dates")]
        expected = total(terms, self._money) or self._money(0)
        if dated + undated < 0:
            expected = f"max(0, {expected})"
        formulas = {
            "kept": f"min({billed}, max({price}, {earned}))",
            "deferred": f"max({kept} - {earned}, 0)",
            "deferred_current": f"min({deferred}, {expected})",
            "deferred_noncurrent": f"{deferred} - {self._money(sign * self.values['deferred_current'])}",
            "contract_asset": f"max({earned} - {kept}, 0)",
            "refund_liability": f"{billed} - {kept}",
            "backlog": f"{price} - {earned}",
            "backlog_unbilled": f"{price} - max({kept}, {earned})",
        }
        remark = ""
        if self.most_kept:
            formulas["kept"] = f"min({billed}, max({price}, {earned}), {self.cap})"
            remark = "; the last while negative estimates are in force: invoices x price / price without them"
        mirrored = {name: f"-({words}); a credit" for name, words in formulas.items()}
        words = formulas if sign > 0 else mirrored
        return {**words, "kept": words["kept"] + remark, "rpo": self._rpo_words()}

    def _rpo_words(self) -> str:
        exempt = [Term(amount, name.replace("_", " ")) for name, amount in self.rpo.items() if name != "rpo"]
        return total([Term(self.values["backlog"], "backlog"), *exempt], self._money) or "nothing"

    def _money(self, minor: int) -> str:
        return self.subject.money(minor)


def balance_rows(subject: Subject, place: int) -> Iterator[Row]:
    """The figures of one obligation on its own, as `balances --by obligation` shows them."""
    figures, key = _Figures(subject, [place]), subject.evidence.name(place)
    words = figures.arithmetic()
    in_force = bool(subject.versions(place))
    accreted = interest_of(subject, place)
    documents = "the documents above" if figures.values["billed"] - accreted.billed else "no documents that count"
    nothing = "nothing before it is taken over" if subject.is_to_be_taken_over else "nothing before signing"
    words["contracted"] = "the price in force, above" if in_force else nothing
    words["recognized"] = "earned to date, above" if in_force else nothing
    words["billed"] = documents
    if accreted:
        for name, interest, own in zip(Interest._fields, accreted, ("price", "earned", "documents"), strict=True):
            terms = [Term(figures.values[name] - interest, own), Term(interest, "interest")]
            words[name] = total(terms, subject.money) or "nothing"
    for name, amount in figures.values.items():
        cell = subject.evidence.at_obligation(place, "price") if name == "contracted" else ""
        yield Row(key, name, amount, words[name], cell)


def netting_rows(subject: Subject) -> Iterator[Row]:
    """What the obligations of a netting unit net, and the figures of the contract."""
    members = list(subject.layout.members(subject.contract))
    unit = subject.evidence.unit
    for number in dict.fromkeys(unit[members].tolist()):
        places = np.flatnonzero(unit == number).tolist()
        if len(places) > 1:
            yield from _netting(subject, places)
    yield from _contract(subject, members)


def _netting(subject: Subject, places: list[int]) -> Iterator[Row]:
    """Where the figures of a unit differ from those of its obligations, each on its own."""
    whole, parts = _Figures(subject, places), [_Figures(subject, [place]) for place in places]
    key = f"{subject.layout.contract_id(subject.evidence.contract_of(places[0]))}/{NETTING}"
    for name, amount in whole.values.items():
        apart = sum(part.values[name] for part in parts)
        if amount != apart:
            words = total([Term(amount, "of the unit"), Term(-apart, "of its obligations on their own")], subject.money)
            yield Row(key, name, amount - apart, words)


def _contract(subject: Subject, members: list[int]) -> Iterator[Row]:
    """The figures of the contract, as `balances` shows them."""
    key, parts = subject.layout.contract_id(subject.contract), [_Figures(subject, [place]) for place in members]
    whole, unit = _Figures(subject, members), subject.evidence.unit
    nets = len(set(unit[members].tolist())) == 1 and int(np.count_nonzero(unit == unit[members[0]])) == len(members)
    words = whole.arithmetic()
    for name in _NAMES:
        amounts = [part.values[name] for part in parts]
        added = total([Term(amount) for amount in amounts], subject.money) or "nothing"
        of_parts = name in ("contracted", "recognized", "billed") or not nets
        amount = sum(amounts) if of_parts else whole.values[name]
        why = added if of_parts else words[name]
        yield Row(key, name, amount, why)
