"""The track of an obligation: the segments and steps that its life leaves behind, day by day."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.book.tables import Opening
from engine.schedule.estimates import Sizes
from engine.schedule.flow import Flow, Step
from engine.schedule.line import Line
from engine.schedule.segment import Segment


@dataclass(slots=True)
class Track:
    """What is told of one obligation so far.

    latest  the segment of each strand in force
    sizes   (day, size of the estimates in force from then on)
    opening where it stands on the day `signed`, if it is taken over from a former system then
    """

    index: int
    signed: int
    opening: Opening | None = None
    segments: list[Segment] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    latest: list[Segment] = field(default_factory=list)
    sizes: list[tuple[int, Sizes]] = field(default_factory=list)
    contracted: int = 0
    breakage: int = 0
    cancelled: int = 0
    undone: int = 0

    def to_date(self, day: int) -> int:
        """Revenue to date at the close of `day`, as far as the life is told."""
        return sum(segment.to_date(day) for segment in self.latest)

    def follow(self, line: Line, day: int) -> None:
        """Follow a line to the close of `day`."""
        before = self.latest
        if self._open(line.segments(day)) or not line.promise.runs:  # work of the day may hide what it caught up
            earned = sum(segment.to_date(day - 1) for segment in before)
            if day != self.signed or self.opening is None:
                self._step(day, Flow.CATCH_UP, self._looking_back(line, day) - earned)
        ended = line.ended
        cancelled, undone = (ended.cancelled, ended.undone) if ended else (0, 0)
        contracted, fallen = line.contracted, cancelled - self.cancelled
        change = contracted - self.contracted
        if day == self.signed and self.opening is not None:
            self._step(day, Flow.OPENING_CONTRACTED, change)
            self._step(day, Flow.OPENING_RECOGNIZED, self.opening.recognized)
        elif day == self.signed:
            self._step(day, Flow.NEW, change)
        else:
            self._step(day, Flow.CHANGE, change + fallen)
            self._step(day, Flow.CANCELLATION, -fallen)
        breakage = line.breakage_on(day)
        self._step(day, Flow.BREAKAGE, breakage - self.breakage)
        self._step(day, Flow.CONTRA_REVENUE, undone - self.undone)
        self.contracted, self.breakage, self.cancelled, self.undone = contracted, breakage, cancelled, undone

    def note(self, day: int, sizes: Sizes) -> None:
        """Note the size of the estimates in force."""
        if self.size != sizes:
            self.sizes.append((day, sizes))

    @property
    def size(self) -> Sizes:
        """Size of the estimates in force."""
        return self.sizes[-1][1] if self.sizes else Sizes()

    def _open(self, segments: list[Segment]) -> bool:
        """Close the segments in force and open others, where they differ; whether any did."""
        moved, latest = False, list(self.latest)
        for strand in range(max(len(segments), len(self.latest))):
            if strand < len(segments):
                segment = segments[strand]
            else:  # what ran on its own has become part of the rest
                segment = Segment(self.index, segments[0].since, 0, 0, strand=strand)
            before = latest[strand] if strand < len(latest) else None
            if before is None or not segment.earns_like(before):
                moved = True
                self.segments.append(segment)
                latest[strand : strand + 1] = [segment]
        self.latest = latest
        return moved

    def _step(self, day: int, kind: Flow, amount: int) -> None:
        if amount:
            self.steps.append(Step(self.index, day, kind, amount))

    def _looking_back(self, line: Line, day: int) -> int:
        """Revenue to date at the close of the eve, by the rows of the day."""
        ended, reversed_today = line.ended, 0
        if line.promise.runs and not line.pauses and (ended is None or ended.day < day):
            return self.to_date(day - 1)  # what a clock alone earns is what the segments say
        while ended is not None and ended.day == day:
            reversed_today += ended.reversed
            ended = ended.earlier
        before = ended.total if ended is not None else line.recognized(line.looking_back(day))[0]
        return before + reversed_today
