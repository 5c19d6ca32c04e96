"""Timing: two pieces of work in alternating turns, their medians, the ratio and how steady it is."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

Work = Callable[[], object]

#: ratios that spread further than this, from quartile to quartile, are not to be trusted
UNSTEADY = 0.25


class Skipped(Exception):
    """A benchmark that cannot run here; the text says why."""


@dataclass(frozen=True)
class Aim:
    """A bound of the ratio: at most so many times as long as the peer, or at least so many times as fast."""

    bound: float
    faster: bool

    def ratio(self, ours: float, theirs: float) -> float:
        return theirs / ours if self.faster else ours / theirs

    def met(self, ratio: float) -> bool:
        return ratio >= self.bound if self.faster else ratio <= self.bound

    def __str__(self) -> str:
        return f">= {self.bound:g}x faster" if self.faster else f"<= {self.bound:g}x as long"


def at_most(times: float) -> Aim:
    return Aim(times, faster=False)


def faster(times: float) -> Aim:
    return Aim(times, faster=True)


@dataclass(frozen=True)
class Comparison:
    """Ours beside a peer. Times are divided by the units of each: lines, where a slow peer does fewer of them.

    judged  False for a comparison that only informs
    """

    name: str
    peer: str
    ours: Work
    theirs: Work
    aim: Aim
    turns: int = 9
    our_units: int = 1
    their_units: int = 1
    judged: bool = True


@dataclass(frozen=True)
class Result:
    """What was measured: seconds per unit, turn by turn."""

    comparison: Comparison
    ours: Sequence[float]
    theirs: Sequence[float]

    @property
    def ratio(self) -> float:
        return self.comparison.aim.ratio(median(self.ours), median(self.theirs))

    @property
    def spread(self) -> float:
        """From quartile to quartile of the ratios of single turns, as a part of their median."""
        ratios = [self.comparison.aim.ratio(*pair) for pair in zip(self.ours, self.theirs, strict=True)]
        low, _, high = quantiles(ratios, n=4)
        return (high - low) / median(ratios)

    @property
    def verdict(self) -> str:
        if not self.comparison.judged:
            return "-"
        verdict = "yes" if self.comparison.aim.met(self.ratio) else "NO"
        return verdict if self.spread <= UNSTEADY else f"{verdict} (unsteady)"

    def record(self) -> dict[str, object]:
        """For JSON."""
        return {
            "name": self.comparison.name,
            "peer": self.comparison.peer,
            "ours_seconds": median(self.ours),
            "peer_seconds": median(self.theirs),
            "ratio": self.ratio,
            "spread": self.spread,
            "aim": str(self.comparison.aim) if self.comparison.judged else None,
            "met": self.comparison.aim.met(self.ratio) if self.comparison.judged else None,
            "turns": len(self.ours),
        }


def measured(comparison: Comparison) -> Result:
    """Time both in alternating turns, each turn beginning with the other one; a first turn of both is not counted."""
    ours: list[float] = []
    theirs: list[float] = []
    sides = [(comparison.ours, ours, comparison.our_units), (comparison.theirs, theirs, comparison.their_units)]
    for turn in range(comparison.turns + 1):
        for work, times, units in sides if turn % 2 else reversed(sides):
            times.append(seconds(work) / units)
    return Result(comparison, ours[1:], theirs[1:])


def seconds(work: Work) -> float:
    gc.collect()
    begin = perf_counter()
    work()
    return perf_counter() - begin


def fastest(forms: Mapping[str, Work], turns: int = 3) -> str:
    """The form of a peer that is fastest here."""
    return min(forms, key=lambda name: min(seconds(forms[name]) for _ in range(turns)))


def table(results: Sequence[Result]) -> str:
    """All results as lines of aligned columns."""
    rows = [("name", "ours", "peer", "", "ratio", "spread", "aim", "met?")]
    for result in results:
        told = result.comparison
        ours, theirs = as_time(median(result.ours)), as_time(median(result.theirs))
        aim = str(told.aim) if told.judged else "-"
        ratio = f"{result.ratio:,.2f}x" if result.ratio < 10 else f"{result.ratio:,.0f}x"
        rows.append((told.name, ours, theirs, told.peer, ratio, f"{result.spread:.0%}", aim, result.verdict))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = {1, 2, 4, 5}
    return "\n".join(
        "  ".join(
            cell.rjust(width) if n in right else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def as_time(value: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if value >= size:
            return f"{value / size:,.3g} {unit}"
    return f"{value / 1e-9:,.3g} ns"


def busy() -> str | None:
    """A warning if other work runs on this machine: it slows down most who use all cores."""
    load, cores = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0, os.cpu_count() or 1
    return f"{load:.1f} other programs on {cores} cores: take these times with care" if load > 0.5 else None


def say(text: str) -> None:
    """To the person who waits, not into the answer."""
    print(text, file=sys.stderr, flush=True)
