"""Layers of a contract in foreign currency: what is left of each document, at what that was worth on its day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

from engine.book.currencies import DECIMALS
from engine.book.draft import money
from engine.book.problems import BookRefused
from engine.reports.explain.formula import written
from engine.reports.explain.subject import Row, Subject
from engine.schedule.currency import InReportingCurrency, valuation
from engine.schedule.kernel import rounded
from engine.schedule.layers import Layer


def layer_rows(subject: Subject) -> Iterator[Row]:
    """Each layer left of the contract's netting unit, then its contract asset and unbilled backlog; nothing of a
    contract in reporting currency, or without the rates."""
    of = valuation(subject.schedule, "reporting")
    if isinstance(of, InReportingCurrency) and subject.currency != of.rates.reporting:
        with suppress(BookRefused):
            yield from list(_rows(subject, of))


def _rows(subject: Subject, of: InReportingCurrency) -> Iterator[Row]:
    key, reporting = subject.layout.contract_id(subject.contract), of.rates.reporting
    found, _ = of.positions(subject.as_of)
    units = of.units(subject.as_of)
    for number in dict.fromkeys(units.unit[list(subject.layout.members(subject.contract))].tolist()):
        stand = units.at(subject.as_of).stand(number)
        at, sign = units.facts(subject.as_of).position, -1 if found.contracted[number] < 0 else 1
        for layer in stand.layers:
            if layer.left:
                name, where = _source(subject, layer)
                words = _layer(subject, layer, reporting, sign)
                yield Row(key, f"layer {name}", sign * layer.worth, words, where, reporting)
        for figure in ("contract_asset", "backlog_unbilled"):
            amount, worth = int(getattr(at, figure)[number]), int(getattr(found, figure)[number])
            if amount:
                rate = _written(subject, reporting, units.rate(number, subject.as_of), amount)
                words = f"ROUND({subject.money(amount)} x {rate})"
                if figure == "contract_asset" and subject.is_taken_over_today:
                    words = "as it was taken over; remeasured from the next day on"
                yield Row(key, figure, worth, words, "", reporting)


def _source(subject: Subject, layer: Layer) -> tuple[str, str]:
    """What a layer comes from, and its cell."""
    if layer.source >= 0:
        return subject.evidence.documents.id(layer.source), subject.book.billings.where(layer.source, "amount")
    opening = next(filter(None, map(subject.opening, subject.layout.members(subject.contract))), None)
    if opening is None:
        return "interest", ""
    own = opening[1].exchange_rate is not None
    return "taken over", subject.book.openings.where(opening[0], "exchange_rate" if own else "cut_over")


def _layer(subject: Subject, layer: Layer, reporting: str, sign: int) -> str:
    """What is left of a layer: what of it is not credited, less what is released."""
    value, whole = money(sign * layer.value, DECIMALS[reporting]), subject.money(layer.amount)
    end = layer.amount - layer.back
    left = value if not layer.back else f"ROUND({value} x {subject.money(end)} / {whole})"
    released = f" - ROUND({value} x {subject.money(layer.front)} / {whole})" if layer.front else ""
    at = _written(subject, reporting, Fraction(layer.value, layer.amount), layer.amount)
    return f"{left}{released}; {whole} {subject.currency} at {at}"


def _written(subject: Subject, reporting: str, rate: Fraction, amount: int) -> str:
    """A rate of minor units as one of currency units, with the decimals that bring an amount to its worth."""
    unit = Fraction(10 ** DECIMALS[subject.currency], 10 ** DECIMALS[reporting])
    for decimals in range(2, 30):
        shown = Fraction(rounded(10**decimals, rate * unit), 10**decimals)
        if rounded(amount, shown / unit) == rounded(amount, rate):
            break
    return written(shown, decimals)
