"""What an obligation has earned, version by version: since when, at what price, what share, and the rows that count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from engine.book.draft import number
from engine.reports.checks.stops import stop
from engine.reports.explain.clock_words import mixed, share_words, term_words
from engine.reports.explain.subject import Row, Subject, Version
from engine.schedule.kernel import rounded
from engine.schedule.measure import LAPSING, Measure, measure
from engine.schedule.segment import ALL, HALF_EVEN, NONE, PLUG_LAST, PLUGS


def served_rows(subject: Subject, place: int) -> Iterator[Row]:
    """Revenue to date at the end of each version of the terms."""
    key, before = subject.evidence.name(place), 0
    versions = subject.versions(place)
    for n, version in enumerate(versions):
        words = _words(subject, place, version)
        if n:
            words += f"; {subject.money(version.to_date - before)} of it in these days"
        moved = "; ".join([*subject.movers_on(place, version.since), *_first_invoice(subject, place, version)])
        span = f"earned {version.since} to {version.last}"
        yield Row(key, span, version.to_date, words, moved or subject.term_cells(place))
        before = version.to_date


def _first_invoice(subject: Subject, place: int, version: Version) -> Iterator[str]:
    """The invoices of the day, where revenue waits for the first of them."""
    documents = subject.evidence.documents
    if subject.book.settings.early_service == "catch_up":
        for row in documents.of(subject.contract):
            if documents.obligation[row] in (-1, place) and documents.day[row] == version.since.toordinal():
                yield f"invoice {documents.id(row)} {documents.rows.where(row, 'date')}"


def _words(subject: Subject, place: int, version: Version) -> str:
    segment = version.segment
    if segment is None:
        return "paused so often that its share is a fraction too long to print"
    if segment.clock is None:
        return _still(subject, place, version)
    base = f"{subject.money(segment.base)} before + " if segment.base else ""
    amount, term = subject.money(segment.amount), term_words(segment.clock)
    gone = segment.clock.share(version.last.toordinal())
    share = min(max(segment.shift + segment.pace * gone, NONE), ALL)
    if share in (NONE, ALL):
        return f"{base}{'all' if share else 'nothing'} of {amount} ({term})"
    words = share_words(segment.clock, version.last.toordinal())
    if segment.pace != 1 or segment.shift:
        words = f"({segment.shift} + {segment.pace} x {words})"
    if segment.rounding in PLUGS:
        which = "last" if segment.rounding == PLUG_LAST else "first"
        return f"{base}{amount} x {words}, periods rounded one by one, the {which} takes the rest ({term})"
    word = "ROUND half to even" if segment.rounding == HALF_EVEN else "ROUND"
    return f"{base}{word}({amount} x {words}) ({term})"


def _still(subject: Subject, place: int, version: Version) -> str:
    """Why an obligation without a running clock has earned what it has."""
    method, amount = subject.evidence.obligation(place, "method"), version.to_date
    stopped = stop(subject.evidence, place) if version.last == subject.as_of else None
    if stopped:
        return stopped.words if stopped.row is None else f"{stopped.words}: it stands at what it had earned"
    work = _measured(subject, place, version)
    if work and _worked(subject, place, version, work) == amount:
        return _measure_words(subject, place, version, work)
    if method == "point_in_time" and not amount:
        return "not delivered"
    return "by the rows in force" if amount and method != "ratable" else _stood(amount)


def _stood(amount: int) -> str:
    return "it stands at what it had earned" if amount else "nothing is earned in these days"


def _measured(subject: Subject, place: int, version: Version) -> Measure | None:
    """The measure of work at the end of a version."""
    if subject.evidence.obligation(place, "method") == "ratable":
        return None
    decimals = subject.book.settings.progress_decimals
    row = subject.book.obligations.record(int(subject.layout.obligations[place]))
    found = measure(row, subject.layout.decimals(subject.contract), decimals)
    for event in subject.work(place, version.last):
        found = found.after(event)
    end = row.end or subject.evidence.contract(subject.contract, "end")
    if row.method in LAPSING and end is not None and end <= version.last:
        return replace(found, lapsed=True)
    if row.method == "point_in_time" and not found.done:
        return None
    return found


def _worked(subject: Subject, place: int, version: Version, work: Measure) -> int:
    """Revenue to date that a measure gives."""
    if work.method == "manual":
        return int(work.done)
    assert version.segment is not None
    return rounded(version.price - work.beyond, work.share, version.segment.rounding == HALF_EVEN) + work.beyond


def _measure_words(subject: Subject, place: int, version: Version, work: Measure) -> str:
    money = subject.money
    if work.method == "manual":
        return "the amounts entered"
    price = money(version.price - work.beyond)
    beyond = f" + {money(work.beyond)} beyond it" if work.beyond else ""
    if work.lapsed:
        return f"{price}: what was not used has lapsed{beyond}"
    done, total = (_amount(subject, work, figure) for figure in (work.done, work.total))
    if work.method == "redemption" and work.breakage:
        total = f"({total} x (1 - {float(work.breakage):g}))"
    if work.used_share == 1 or work.share == 1:
        return f"all of {price}, {done} of {total}{beyond}"
    share = f"{done} / {total}"
    if work.decimals is not None:
        share = f"{float(work.share):.{work.decimals}f} ({done} / {total} to {work.decimals} decimals)"
    return f"ROUND({price} x {share}){beyond}"


def _amount(subject: Subject, work: Measure, figure: Fraction) -> str:
    """A quantity of work; of milestones and usage it is money."""
    if work.method in ("milestone", "usage") and figure.denominator == 1:
        return subject.money(int(figure))
    return mixed(figure) if 1 < figure.denominator < 1000 else number(figure)
