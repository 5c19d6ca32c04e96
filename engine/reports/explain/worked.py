"""What work has earned, in words: a measure of deliveries, progress, use or redemption as a formula."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from engine.book.draft import number
from engine.reports.explain.clock_words import mixed
from engine.reports.explain.formula import Term, fraction
from engine.reports.explain.subject import Subject
from engine.schedule.clocks import ALL, NONE
from engine.schedule.kernel import rounded
from engine.schedule.line import Line
from engine.schedule.measure import LAPSING, Measure
from engine.schedule.promise import Reach, Strand
from engine.schedule.segment import HALF_EVEN


def worked_terms(subject: Subject, line: Line, reach: Reach) -> Iterator[Term]:
    """What each part of the price has earned by a measure."""
    for strand in line.strands:
        share, gone = line.share(reach), line.gone(strand.since, reach)
        part, even = _behind(share, gone), line.promise.rounding == HALF_EVEN
        earned = rounded(strand.amount, part, even)
        if part in (NONE, ALL):
            yield Term(earned)
            continue
        words = _share(subject, line, reach, strand, part) or fraction(part, strand.amount, earned, even)
        yield Term(earned, "", f"{'ROUND_HALF_EVEN' if even else 'ROUND'}({subject.money(strand.amount)} x {words})")


def breakage_terms(line: Line, reach: Reach) -> Iterator[Term]:
    """What rights have earned to date, less what their use has: breakage."""
    for strand in line.strands:
        even = line.promise.rounding == HALF_EVEN
        share, gone = line.share(reach), line.gone(strand.since, reach)
        before = NONE if strand.since is None else reach.measure.at(strand.since.measure).used_share
        yield Term(rounded(strand.amount, _behind(share, gone), even), "earned")
        yield Term(-rounded(strand.amount, _behind(reach.measure.used_share, before), even), "for what was used")


def _behind(share: Fraction, gone: Fraction) -> Fraction:
    """The part of what was left that is behind."""
    return ALL if gone >= 1 else max(share - gone, NONE) / (1 - gone)


def _share(subject: Subject, line: Line, reach: Reach, strand: Strand, part: Fraction) -> str:
    """The share of what was left that is behind, if it can be written as work of work; else nothing."""
    work, before = reach.measure, NONE
    if strand.since is not None:
        before = min(max(work.at(strand.since.measure).done, NONE), work.total)
    done, whole = work.done - before, work.total - before
    expected = 1 - work.breakage
    if not before and work.decimals is not None and whole:
        text = f"{float(work.share):.{work.decimals}f}"
        return text if Fraction(text) == part else ""
    if before and work.breakage:
        whole = work.total * expected - before
    elif work.breakage:
        whole *= expected
    if not whole or done / whole != part:
        return ""
    done_text, total = (_amount(subject, work, figure) for figure in (work.done, work.total))
    behind = f" - {_amount(subject, work, before)}" if before else ""
    whole_text = f"{total} x (1 - {_decimal(work.breakage)})" if work.breakage else total
    done_text = f"({done_text}{behind})" if behind else done_text
    brackets = behind or work.breakage
    return f"{done_text} / {f'({whole_text}{behind})' if brackets else whole_text}"


def work_words(subject: Subject, line: Line, reach: Reach) -> str:
    """How far the work is: `20 of 80`, `500 of 1,000, breakage 0.1`."""
    work = reach.measure
    if line.promise.row.method == "manual":
        return "amounts entered by hand"
    if line.promise.row.method in LAPSING and line.share(reach) == 1 and work.share < 1:
        return "what was not used has lapsed"
    done, total = (_amount(subject, work, figure) for figure in (work.done, work.total))
    breakage = f", breakage {_decimal(work.breakage)}" if work.breakage else ""
    cut = f", to {work.decimals} decimals" if work.decimals is not None else ""
    return f"{done} of {total}{breakage}{cut}"


def _decimal(share: Fraction) -> str:
    """A share as a decimal where that is exact."""
    text = f"{float(share):.10g}"
    return text if "e" not in text and Fraction(text) == share else str(share)


def _amount(subject: Subject, work: Measure, figure: Fraction) -> str:
    """A quantity of work; of milestones and usage it is money."""
    if work.method in ("milestone", "usage"):
        return subject.money(int(figure)) if figure.denominator == 1 else f"({mixed(figure / 10**subject.decimals)})"
    text = number(figure)
    return text if "e" not in text and Fraction(text.replace(",", "")) == figure else f"({figure})"
