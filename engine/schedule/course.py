"""The course of a service over time: its clock with the pauses left out.

What was earned before a pause stands; the rest is earned in proportion to what is left of the clock of the whole term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from engine.schedule.clocks import ALL, NONE, Clock


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stops after the day `paused` and runs again from `resumed`, None while it stands still; `extends`
    moves the end out by the days between."""

    paused: int
    resumed: int | None = None
    extends: bool = False

    @property
    def extension(self) -> int:
        """By how many days the end moves out."""
        return self.resumed - self.paused - 1 if self.resumed is not None and self.extends else 0


class Course(NamedTuple):
    """Share earned = shift + pace x share of the clock, from the last resume on; `stopped` is the share that stands
    while a pause lasts, else None."""

    clock: Clock
    pace: Fraction = ALL
    shift: Fraction = NONE
    stopped: Fraction | None = None

    def share(self, day: int) -> Fraction:
        """Share earned by the close of a day on which the course is like this."""
        if self.stopped is not None:
            return self.stopped
        if self.pace is ALL and self.shift is NONE:
            return self.clock.share(day)
        return min(max(self.shift + self.pace * self.clock.share(day), NONE), ALL)

    def after(self, gone: Fraction) -> Course:
        """The course of what is left once the share `gone` is earned."""
        if not gone:
            return self
        if gone == 1:
            return Course(self.clock, NONE, ALL)
        left = 1 - gone
        if self.stopped is not None:
            return Course(self.clock, stopped=max(self.stopped - gone, NONE) / left)
        return Course(self.clock, self.pace / left, (self.shift - gone) / left)


def course(clock: Clock, pauses: Sequence[Pause]) -> Course:
    """The course after pauses, in order; the last may still last."""
    found = Course(clock)
    for pause in pauses:
        kept = found.share(pause.paused)
        if pause.resumed is None:
            return Course(found.clock, stopped=kept)
        clock = replace(found.clock, end=found.clock.end + pause.extension) if pause.extends else found.clock
        gone = clock.share(pause.resumed - 1)
        if gone == 1:  # nothing is left of the clock: the rest at once
            found = Course(clock, NONE, ALL)
        else:
            pace = (1 - kept) / (1 - gone)
            found = Course(clock, pace, kept - pace * gone)
    return found


def share_at(clock: Clock, pauses: Sequence[Pause], day: int) -> Fraction:
    """Share earned by the close of any day."""
    if not pauses:
        return clock.share(day)
    begun = [pause for pause in pauses if pause.paused < day]
    if begun and (begun[-1].resumed is None or day < begun[-1].resumed):
        return course(clock, begun[:-1]).share(begun[-1].paused)
    return course(clock, begun).share(day)
