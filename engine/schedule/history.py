"""What was reported and what is known now: each closed period answered by the rows it was closed on, the open ones by
today's.

A closed period is never restated. So a day in it is asked of the schedule its books were closed on, whatever was done
to the rows since, and a day after the last close of the schedule of today's rows. Where two schedules meet, both know a
balance for the last day of the closed period; what lies between is the difference that the first period after it takes
up as `prior_period`. As reported and prior_period so add up to what today's rows say, in every figure that can be asked
at a day, by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

from engine.schedule.calendar import Calendar
from engine.schedule.schedule import Schedule

T = TypeVar("T")
_ONE_DAY = timedelta(1)


class NotClosed(ValueError):
    """A figure as reported was asked of a day that nothing was reported for."""


@dataclass
class Closed:
    """A closed period.

    label        as "2026-03"
    first, last  its days; the first period closed answers for all days before it too
    load         its schedule, compiled when it is first asked
    """

    label: str
    first: date
    last: date
    load: Callable[[], Schedule]

    @cached_property
    def schedule(self) -> Schedule:
        return self.load()


@dataclass(frozen=True)
class Stretch:
    """Days that one schedule answers.

    before  the schedule that answers for the eve, if it is another: then the figures of the eve differ by prior_period
    """

    first: date
    last: date
    schedule: Schedule
    before: Schedule | None = None

    @property
    def eve(self) -> date:
        return self.first - _ONE_DAY


class History:
    """The schedules of closed periods, oldest first, and today's.

    only_reported  days that are not closed are not answered
    """

    def __init__(self, today: Schedule, closed: Sequence[Closed] = (), *, only_reported: bool = False) -> None:
        self.today, self.closed, self.only_reported = today, closed, only_reported
        self._memory: dict[Hashable, Any] = {}

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` answers, worked out once for this history; the answer must not be changed."""
        if key not in self._memory:
            self._memory[key] = work()
        answer: T = self._memory[key]
        return answer

    @property
    def calendar(self) -> Calendar:
        return self.today.calendar

    @property
    def first_open(self) -> date | None:
        """First day that is not closed; None if nothing is."""
        return self.closed[-1].last + _ONE_DAY if self.closed else None

    def at(self, day: date) -> Schedule:
        """The schedule that answers for a day.

        raises NotClosed
        """
        for period in self.closed:
            if day <= period.last:
                return period.schedule
        if self.only_reported:
            last = f"the last period closed is {self.closed[-1].label}" if self.closed else "no period is closed"
            raise NotClosed(f"nothing was reported for {day}: {last}")
        return self.today

    def asked(self, first: date, last: date) -> list[Schedule]:
        """Every schedule that has a say in first..last, the one that answers for the last day at the end.

        raises NotClosed
        """
        found = [schedule for part in self.stretches(first, last) for schedule in (part.before, part.schedule)]
        return list({id(schedule): schedule for schedule in found if schedule is not None}.values())

    def stretches(self, first: date, last: date) -> Iterator[Stretch]:
        """The days first..last by who answers for them, in order.

        raises NotClosed
        """
        while first <= last:
            end = min((period.last for period in self.closed if first <= period.last), default=last)
            schedule, before = self.at(min(end, last)), None
            if any(period.last + _ONE_DAY == first for period in self.closed):
                before = self.at(first - _ONE_DAY)
            yield Stretch(first, min(end, last), schedule, before)
            first = end + _ONE_DAY
