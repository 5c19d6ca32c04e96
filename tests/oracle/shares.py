"""The clock of a ratable service: which share of the price is earned by the close of a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache

from .calendars import ONE_DAY, Calendar, Period, add_months, days_between, is_month_end, month_end
from .rounding import round_half_away


def thirty_day_number(day: date) -> int:
    """A day counted in months of thirty days; any month end counts as day 30."""
    return 360 * day.year + 30 * day.month + (30 if is_month_end(day) else min(day.day, 30))


def period_weights(start: date, end: date, convention: str, calendar: Calendar) -> list[tuple[Period, Fraction]]:
    """The touched periods, each with its weight; a period's share is its weight over the sum of the weights."""
    periods = calendar.periods_between(start, end)
    served = [len(days_between(max(start, p.first), min(end, p.last))) for p in periods]
    last = len(periods) - 1
    if convention == "daily":
        weights = [Fraction(days) for days in served]
    elif convention == "monthly":
        weights = [Fraction(days, period.days) for days, period in zip(served, periods, strict=True)]
    elif convention == "even_months":
        weights = [Fraction(1) for _ in periods]
    elif convention == "full_months":
        months = len(calendar.periods_between(start, end + ONE_DAY)) - 1  # from the start's to that of the day after
        weights = [Fraction(1) if number < max(months, 1) else Fraction(0) for number in range(len(periods))]
    elif convention == "half_month":
        weights = [Fraction(1) for _ in periods]
        if last > 0 and start > periods[0].first:
            weights[0] = Fraction(1, 2)
        if last > 0 and end < periods[last].last:
            weights[last] = Fraction(1, 2)
    elif convention == "30_360":
        weights = [
            Fraction(thirty_day_number(min(end, p.last) + ONE_DAY) - thirty_day_number(max(start, p.first)))
            for p in periods
        ]
        if sum(weights) == 0:  # a term without any thirty-day day: by its days
            weights = [Fraction(days) for days in served]
    elif convention == "daily_ends":
        term = sum(served)
        weights = [Fraction(days, term) for days in served]
        if last > 1:
            between = 1 - weights[0] - weights[last]
            weights[1:last] = [between / (last - 1)] * (last - 1)
    else:
        raise ValueError(f"no such convention: {convention}")
    return list(zip(periods, weights, strict=True))


@lru_cache(maxsize=4096)
def shares_by_day(start: date, end: date, convention: str, calendar: Calendar) -> dict[date, Fraction]:
    """For each day of a term the share earned by its close.

    A period's share accrues evenly over the days served in it (for `daily` that is the same as day by day).
    """
    weights = period_weights(start, end, convention, calendar)
    total = sum((weight for _, weight in weights), Fraction(0))
    earned = Fraction(0)
    table = {}
    for period, weight in weights:
        days = days_between(max(start, period.first), min(end, period.last))
        for day in days:
            earned += weight / total / len(days)
            table[day] = earned
    assert earned == 1
    return table


def moved_end(start: date, end: date, real_start: date) -> date:
    """The end of a term that really starts another day: whole months keep their months, others their days."""
    months = 1
    while _same_day(start, months) <= end + ONE_DAY:
        if end + ONE_DAY in (_same_day(start, months), add_months(start, months)):
            return add_months(real_start, months) - ONE_DAY
        months += 1
    return real_start + (end - start)


def _same_day(day: date, months: int) -> date:
    """The same day some months later, a month end no exception: 30 November to 29 December is a month, too."""
    moved = add_months(day.replace(day=1), months)
    return moved.replace(day=min(day.day, month_end(moved.year, moved.month).day))


@dataclass(frozen=True)
class Pause:
    """The clock stops after `paused` (that day is still served) and runs again from `resumed` (None: still stopped)."""

    paused: date
    resumed: date | None
    extends: bool


@dataclass(frozen=True)
class Course:
    """The course of a service: its term and its pauses, as far as they are known."""

    start: date
    end: date
    convention: str
    calendar: Calendar
    pauses: tuple[Pause, ...] = ()

    @property
    def is_paused(self) -> bool:
        """True while the last pause has no resume."""
        return bool(self.pauses) and self.pauses[-1].resumed is None

    @property
    def real_end(self) -> date:
        """The end, moved out by the days paused where a resume extends."""
        end = self.end
        for pause in self.pauses:
            if pause.resumed is not None and pause.extends:
                end += pause.resumed - pause.paused - ONE_DAY
        return end

    def term_share(self, day: date, end: date) -> Fraction:
        """The share by the clock of the whole term start..end, as if never paused."""
        if day < self.start:
            return Fraction(0)
        if day >= end:
            return Fraction(1)
        return shares_by_day(self.start, end, self.convention, self.calendar)[day]

    def share(self, day: date) -> Fraction:
        """The share earned by the close of a day: what was earned before a pause stands, the rest is earned
        in proportion to what is left of the clock of the whole term."""
        end = self.end
        kept = Fraction(0)  # earned when the clock last stopped
        resumed_after = self.start - ONE_DAY  # the last day before the clock runs again

        def earned_by(reached: date) -> Fraction:
            gone = self.term_share(resumed_after, end)
            if gone == 1:  # nothing is left of the clock: the rest at once
                return Fraction(1) if reached > resumed_after else kept
            return kept + (1 - kept) * (self.term_share(reached, end) - gone) / (1 - gone)

        for pause in self.pauses:
            if day <= pause.paused:
                break
            earned = earned_by(pause.paused)
            if pause.resumed is None or day < pause.resumed:
                return earned
            kept = earned
            resumed_after = pause.resumed - ONE_DAY
            if pause.extends:
                end += pause.resumed - pause.paused - ONE_DAY
        return earned_by(day)

    def is_served(self, day: date) -> bool:
        """True on a day of service."""
        if not self.start <= day <= self.real_end:
            return False
        return not any(p.paused < day and (p.resumed is None or day < p.resumed) for p in self.pauses)

    def left(self, day: date, since: date | None) -> Fraction:
        """The part of what was left at the close of `since` (None: of all) that is earned by the close of a day."""
        if since is None:
            return self.share(day)
        if day <= since:
            return Fraction(0)
        gone = self.share(since)
        return (self.share(day) - gone) / (1 - gone)

    def plugged(self, price: int, day: date, policy: str, since: date | None = None) -> int:
        """Recognized to date where each period is rounded on its own and the last / first takes the remainder;
        inside a period its amount by days served. With `since`: of a price that is earned after that day only."""
        if day < self.start or (since is not None and day <= since):
            return 0
        if self.is_paused:  # what was earned at the pause stands
            before = replace(self, pauses=self.pauses[:-1])
            return before.plugged(price, min(day, self.pauses[-1].paused), policy, since)
        recognized = 0
        for period, amount, served in _plug_amounts(self, price, policy, since):
            so_far = [d for d in served if d <= day]
            if day >= period.last or (served and served == so_far):
                recognized += amount
            elif so_far:
                recognized += round_half_away(Fraction(amount * len(so_far), len(served)))
        return recognized


@lru_cache(maxsize=4096)
def _plug_amounts(course: Course, price: int, policy: str, since: date | None) -> list[tuple[Period, int, list[date]]]:
    """Each period of a course with its rounded amount and its days of service; the last / first period that has a
    share takes the remainder."""
    first = course.start if since is None else max(course.start, since + ONE_DAY)
    last = max([first, course.real_end, *(p.resumed for p in course.pauses if p.resumed is not None)])
    periods = course.calendar.periods_between(first, last)
    shares = [course.left(p.last, since) - course.left(p.first - ONE_DAY, since) for p in periods]
    amounts = [round_half_away(price * share) for share in shares]
    sharing = [number for number, share in enumerate(shares) if share != 0]
    plug = sharing[-1] if policy == "plug_last" else sharing[0]
    amounts[plug] = price - sum(amount for number, amount in enumerate(amounts) if number != plug)
    served = [[d for d in days_between(max(p.first, first), p.last) if course.is_served(d)] for p in periods]
    return list(zip(periods, amounts, served, strict=True))
