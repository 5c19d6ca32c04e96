"""What an obligation has earned, version by version: since when, at what price, what share, and the rows that count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction

from engine.reports.checks.stops import stop
from engine.reports.explain.changed import pool_rows
from engine.reports.explain.clock_words import term_words
from engine.reports.explain.formula import Term, total
from engine.reports.explain.price import price_row
from engine.reports.explain.running import day_words, running_term
from engine.reports.explain.story import Chapter
from engine.reports.explain.subject import Row, Subject, Version
from engine.reports.explain.worked import breakage_terms, work_words, worked_terms
from engine.schedule.clocks import NONE
from engine.schedule.course import Course, Pause, course
from engine.schedule.kernel import rounded
from engine.schedule.line import Line
from engine.schedule.promise import Reach, Strand
from engine.schedule.segment import HALF_EVEN, PLUGS, Segment


def version_rows(subject: Subject, place: int) -> Iterator[Row]:
    """Each version of an obligation: what changed, the price, what the rows of its day caught up, what it earned."""
    before: Version | None = None
    for version in subject.versions(place):
        if before is not None or version.chapter.moves:
            yield from pool_rows(subject, place, version.since.toordinal())
        priced = price_row(subject, place, version, before)
        if priced is not None:
            yield priced
        if before is None:
            yield from _taken_over(subject, place)
        yield from _catch_up(subject, place, version, before)
        yield _earned(subject, place, version, before)
        before = version
    if before is not None:
        yield from _breakage(subject, place, before)


def _taken_over(subject: Subject, place: int) -> Iterator[Row]:
    """Where an obligation stood on the day it was taken over from a former system."""
    found = subject.opening(place)
    if found is None:
        return
    row, opening = found
    words = f"as entered; {subject.money(opening.billed)} billed; what is left of the price begins anew on the next day"
    if opening.quantity is not None:
        words += f"; measure to date {float(opening.quantity):g}"
    cells = [subject.book.openings.where(row, column) for column in ("recognized", "billed", "cut_over")]
    yield Row(
        subject.evidence.name(place), f"taken over {opening.cut_over}", opening.recognized, words, ", ".join(cells)
    )


def _earned(subject: Subject, place: int, version: Version, before: Version | None) -> Row:
    """Revenue to date at the close of a version."""
    opening = subject.opening(place)
    if opening is not None and version.last == opening[1].cut_over:
        words = "as it was taken over"  # what is left is earned from the next day on
    else:
        words = earned_words(subject, place, version.chapter, version.last.toordinal(), version.last == subject.as_of)
    if before is not None:
        words += f"; {subject.money(version.to_date - before.to_date)} of it in these days"
    moved = "; ".join([*subject.movers_on(place, version.since), *_first_invoice(subject, place, version)])
    span = f"earned {version.since} to {version.last}"
    return Row(subject.evidence.name(place), span, version.to_date, words, moved or subject.term_cells(place))


def _catch_up(subject: Subject, place: int, version: Version, before: Version | None) -> Iterator[Row]:
    """Revenue of service before the day, moved by its rows: as it would stand on the eve, less as it stood."""
    day = version.since.toordinal()
    amount = subject.caught_up(place, day)
    if not amount:
        return
    eve = version.since - timedelta(1)
    stood = before.chapter.to_date(day - 1) if before is not None else 0
    words = total([Term(amount + stood, "by the rows of the day"), Term(-stood, "as it stood")], subject.money)
    rows = "; ".join(subject.movers_on(place, version.since))
    key = subject.evidence.name(place)
    yield Row(key, f"catch-up {version.since}", amount, f"{words or 'nothing'}; service to {eve}", rows)


def _first_invoice(subject: Subject, place: int, version: Version) -> Iterator[str]:
    """The invoices of the day, where revenue waits for the first of them."""
    documents = subject.evidence.documents
    if subject.book.settings.early_service == "catch_up":
        for row in documents.of(subject.contract):
            if documents.obligation[row] in (-1, place) and documents.day[row] == version.since.toordinal():
                yield f"invoice {documents.id(row)} {documents.rows.where(row, 'date')}"


# -- revenue to date in words -----------------------------------------------------------------------------------------


def earned_words(subject: Subject, place: int, chapter: Chapter, day: int, is_last: bool) -> str:
    """How revenue to date at the close of a day comes about: a formula, and remarks."""
    line = chapter.line
    if line.ended is not None:
        kept = "what was kept of the price" if line.ended.total else "nothing is kept"
        return f"{kept}; the service ended on {day_words(line.ended.last)}"
    reach = line.reach(day, chapter.day)
    if reach is None:
        held = " and is held" if line.held_at_nothing else ""
        return f"nothing before its first invoice{held}" if not line.invoiced else "nothing; held before it began"
    terms, remarks = [Term(line.settled, "before")], []
    if line.promise.row.method == "manual":
        terms.append(Term(rounded(1, reach.measure.money - line.by_hand), "entered by hand"))
        remarks.append("the amounts entered")
    elif line.promise.runs:
        remarks += _running(subject, chapter, reach, terms)
    else:
        terms += worked_terms(subject, line, reach)
        remarks.append(_of_work(subject, line, reach))
    terms.append(Term(reach.measure.beyond, "beyond the commitment"))
    if line.held is not None:
        remarks.append(f"held since {day_words(line.held.day + 1)}: it stands at what it had earned")
    elif is_last and (stopped := stop(subject.evidence, place)) and stopped.row is not None:
        remarks.append(f"{stopped.words}: it stands at what it had earned")
    return "; ".join([total(terms, subject.money) or "nothing", *(remark for remark in remarks if remark)])


def _of_work(subject: Subject, line: Line, reach: Reach) -> str:
    delivered = line.promise.row.method != "point_in_time" or reach.measure.done
    return work_words(subject, line, reach) if delivered else "not delivered"


def _running(subject: Subject, chapter: Chapter, reach: Reach, terms: list[Term]) -> Iterator[str]:
    """What each part of a price earns by its clock, put to the terms; yields the days it runs over."""
    line = chapter.line
    for strand in line.strands:
        pauses = _pauses(strand, reach)
        served = course(strand.span or line.clock(reach.pauses), pauses).after(_gone(line, strand, reach))
        if served.stopped is None:
            segment = _segment(line, strand, served, chapter.day)
            terms.append(running_term(segment, reach.day, subject.money))
        else:
            segment = _until_pause(line, strand, reach, chapter.day)
            earned = rounded(strand.amount, served.stopped, segment.rounding == HALF_EVEN)
            day = min(reach.day, pauses[-1].paused)
            earned = segment.to_date(day) if segment.rounding in PLUGS else earned
            stood = running_term(segment, day, subject.money)
            terms.append(stood if stood.amount == earned else Term(earned, "when it was paused"))
        assert segment.clock is not None
        yield f"{subject.money(strand.amount)} over {term_words(segment.clock)}"


def _gone(line: Line, strand: Strand, reach: Reach) -> Fraction:
    """What was behind the line when a strand began; nothing of one with days of its own."""
    return NONE if strand.span is not None else line.gone(strand.since, reach)


def _pauses(strand: Strand, reach: Reach) -> Sequence[Pause]:
    """The pauses that stop a strand: of one with days of its own those from its start on."""
    start = strand.span.start if strand.span is not None else 0
    return [pause for pause in reach.pauses if pause.paused >= start]


def _until_pause(line: Line, strand: Strand, reach: Reach, since: int) -> Segment:
    """A strand as it ran before the pause that stops it."""
    pauses = _pauses(strand, reach)[:-1]
    before = reach._replace(pauses=reach.pauses[:-1])
    served = course(strand.span or line.clock(before.pauses), pauses).after(_gone(line, strand, before))
    return _segment(line, strand, served, since)


def _segment(line: Line, strand: Strand, served: Course, since: int) -> Segment:
    amount, rounding = strand.amount, line.promise.rounding
    return Segment(0, since, amount, 0, amount, served.clock, served.pace, served.shift, rounding)


def _breakage(subject: Subject, place: int, version: Version) -> Iterator[Row]:
    """Breakage in revenue to date: what is earned beyond the work itself."""
    line, day = version.chapter.line, version.last.toordinal()
    reach = line.reach(day, version.chapter.day)
    breakage = line.ended.breakage if line.ended is not None else line.recognized(reach)[1]
    if not breakage:
        return
    words = ""
    if line.ended is None and reach is not None:
        used = breakage_terms(line, reach)
        words = total([Term(line.settled_breakage, "before"), *used], subject.money)
    yield Row(subject.evidence.name(place), "of it breakage", breakage, words or "as it stood when the service ended")
