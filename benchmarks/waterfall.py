"""The waterfall of a million obligations: revenue in total of each of 60 months, beside a plain loop and beside
Polars."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from benchmarks.lines import MONTHS, Ints, Lines, changed, made_up, month_ends, segments
from benchmarks.timing import Comparison, Skipped, at_most, faster, fastest
from engine.schedule.clocks import CODES, Clocks

if TYPE_CHECKING:
    import polars as pl

COUNT, SAMPLE, MONTHS_AHEAD = 1_000_000, 1_000, 60
CENT = Decimal(1)


def comparisons() -> Iterator[Comparison]:
    lines, days = made_up(COUNT), month_ends(2022, MONTHS_AHEAD)
    for convention in ("daily", "monthly"):
        of_lines = segments(lines, convention)
        ticks = Ticking(lines, convention)
        totals = np.diff(of_lines.totals(days)[:, 0])
        sample = ticks.first(SAMPLE)
        few = segments(lines.first(SAMPLE), convention)
        assert plain_loop(sample, days) == np.diff(few.totals(days)[:, 0]).tolist()
        yield Comparison(
            f"60 months of 1e6, {convention}",
            "plain Decimal loop",
            partial(of_lines.totals, days),
            partial(plain_loop, sample, days),
            faster(100),
            turns=5,
            our_units=COUNT,
            their_units=SAMPLE,
        )
        forms = polars_forms(ticks, days)
        for name, form in forms.items():
            assert form() == totals.tolist(), name
        best = fastest(forms)
        yield Comparison(
            f"60 months of 1e6, {convention}",
            f"Polars, {best}",
            partial(of_lines.totals, days),
            forms[best],
            faster(2),
            turns=11,
        )
    yield _with_changes(lines, days)


def _with_changes(lines: Lines, days: list[int]) -> Comparison:
    """A fifth of the obligations in two segments, beside the same ones in one each."""
    of_lines, (with_changes, _) = segments(lines), changed(lines)
    totals = with_changes.totals(days)[:, 0]
    for n in range(0, len(days), 12):
        assert totals[n] == with_changes.to_date(days[n]).sum()
    return Comparison(
        "60 months of 1e6, a fifth changed",
        "Ratable without changes",
        partial(with_changes.totals, days),
        partial(of_lines.totals, days),
        at_most(1.5),
        turns=11,
    )


class Ticking:
    """A clock of each line: ticks at a time are head + middle x (time - first), from 0 to whole. Times are days or
    months."""

    def __init__(self, lines: Lines, convention: str) -> None:
        self.monthly = convention != "daily"
        clocks = Clocks(np.full(len(lines.amount), CODES[convention]), lines.start, lines.end, MONTHS)
        self.columns: dict[str, Ints] = {
            "amount": lines.amount,
            "first": clocks.first if self.monthly else lines.start,
            "head": clocks.head,
            "middle": clocks.middle,
            "whole": clocks.whole,
        }

    def first(self, count: int) -> Ticking:
        some = object.__new__(Ticking)
        some.monthly, some.columns = self.monthly, {name: column[:count] for name, column in self.columns.items()}
        return some

    def times(self, days: Sequence[int]) -> list[int]:
        return [MONTHS.period(day) for day in days] if self.monthly else list(days)


def plain_loop(ticks: Ticking, days: Sequence[int]) -> list[int]:
    """Line by line, month by month, as one writes it first; exact."""
    times = ticks.times(days)
    totals = [Decimal(0)] * (len(times) - 1)
    for amount, first, head, middle, whole in zip(*(column.tolist() for column in ticks.columns.values()), strict=True):
        before = Decimal(0)
        for n, time in enumerate(times):
            served = min(max(head + middle * (time - first), 0), whole)
            to_date = (Decimal(amount) * served / whole).quantize(CENT, ROUND_HALF_UP)
            if n:
                totals[n - 1] += to_date - before
            before = to_date
    return [int(total) for total in totals]


def polars_forms(ticks: Ticking, days: Sequence[int]) -> dict[str, Callable[[], list[int]]]:
    """The same figures by Polars, on all cores, in the forms one would try; all are exact for the amounts at hand."""
    try:
        import polars as pl
    except ImportError:
        raise Skipped("Polars is not installed (pip install ratable[benchmark])") from None
    frame = pl.DataFrame(ticks.columns)
    floats = frame.cast(pl.Float64)
    times = ticks.times(days)

    def asked(form: Callable[[pl.Expr], pl.Expr]) -> list[pl.Expr]:
        """The total of each month."""
        column = pl.col
        raw = [column("head") + column("middle") * (time - column("first")) for time in times]
        if not ticks.monthly:
            raw = [time + 1 - column("first") for time in times]
        return [form(ticked).sum().cast(pl.Int64).alias(str(n)) for n, ticked in enumerate(raw)]

    def clipped(ticked: pl.Expr) -> pl.Expr:
        return pl.min_horizontal(pl.max_horizontal(ticked, pl.lit(0)), pl.col("whole"))

    def in_floats(ticked: pl.Expr) -> pl.Expr:
        share = pl.col("amount") * clipped(ticked) / pl.col("whole")
        return share.round(0, mode="half_away_from_zero")

    def in_integers(ticked: pl.Expr) -> pl.Expr:
        twice = 2 * pl.col("amount").abs() * clipped(ticked) + pl.col("whole")
        return pl.col("amount").sign() * (twice // (2 * pl.col("whole")))

    def by_clip(ticked: pl.Expr) -> pl.Expr:
        share = pl.col("amount") * ticked.clip(0, pl.col("whole")) / pl.col("whole")
        return share.round(0, mode="half_away_from_zero")

    forms: dict[str, Callable[[], list[int]]] = {}
    for name, of, form in (("floats", floats, in_floats), ("clip", floats, by_clip), ("integers", frame, in_integers)):
        query = of.lazy().select(asked(form))
        forms[f"{name} eager"] = partial(_eager, of, asked(form))
        forms[f"{name} lazy"] = partial(_collected, query, "auto")
        forms[f"{name} streaming"] = partial(_collected, query, "streaming")
    return forms


def _eager(frame: pl.DataFrame, asked: list[pl.Expr]) -> list[int]:
    return _differences(frame.select(asked))


def _collected(query: pl.LazyFrame, engine: Literal["auto", "streaming"]) -> list[int]:
    return _differences(query.collect(engine=engine))


def _differences(to_date: pl.DataFrame) -> list[int]:
    return [after - before for before, after in pairwise(to_date.row(0))]
