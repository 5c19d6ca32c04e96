"""The story of a contract, told once more to be explained: what each row did to the price of each of its obligations,
and how they stood at the close of each day that moved them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from engine.schedule.change import Change, Pool
from engine.schedule.line import Line
from engine.schedule.segment import Segment


@dataclass(frozen=True, slots=True)
class Move:
    """What a row put on the price of an obligation, or took off it.

    what    the word of the witness, `recognized` or `part` of a pool, `work` for use beyond the commitment
    by      the row or the figures behind it
    """

    what: str
    by: object = field(compare=False)
    amount: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """An obligation from `day` on.

    line      as it stood at the close of that day
    moves     what its price is made up of, from where its terms began; they add up to it
    segments  what it has contracted and earns from then on
    """

    day: int
    line: Line
    moves: tuple[Move, ...]
    segments: tuple[Segment, ...]

    def to_date(self, day: int) -> int:
        """Revenue to date at the close of a day."""
        return sum(segment.to_date(day) for segment in self.segments)


@dataclass
class Story:
    """A witness that remembers, by index of each obligation in the schedule.

    chapters  in order
    changes   by day, and the pools of prospective ones
    """

    chapters: dict[int, list[Chapter]] = field(default_factory=dict)
    changes: dict[int, Change] = field(default_factory=dict)
    pools: dict[int, Pool] = field(default_factory=dict)
    _moves: dict[int, list[Move]] = field(default_factory=dict)
    _price: dict[int, int] = field(default_factory=dict)

    def begin(self) -> None:
        """The life is told again from its first day."""
        self._moves.clear()
        self._price.clear()

    def saw(self, what: str, by: object, lines: Mapping[int, Line]) -> None:
        """Something was done to the lines in play: what moved since is its work."""
        if isinstance(by, Change):
            self.changes[by.day] = by
            return
        anew = self._begin_anew(by) if isinstance(by, Pool) else ()
        for index, line in lines.items():
            moved = line.contracted - self._price.get(index, 0)
            if moved:
                word = "work" if what == "event" or index in anew else what
                self._moves.setdefault(index, []).append(Move(word, by, moved))
                self._price[index] = line.contracted

    def _begin_anew(self, pool: Pool) -> Collection[int]:
        """What takes a pool is made up of what is recognized and of its part from now on; returns who does."""
        self.pools[pool.change.day] = pool
        assert pool.shared is not None
        for index, amount in zip(pool.shared.taking, pool.shared.parts, strict=False):
            recognized = pool.before[index].rest.recognized
            self._moves[index] = [Move("recognized", pool, recognized), Move("part", pool, amount)]
            self._price[index] = recognized + amount
        for index, (before, _) in pool.replaced.items():
            self._moves[index] = [Move("replaced", pool, before.rest.recognized)]
            self._price[index] = before.rest.recognized
        return pool.shared.taking

    def close(self, line: Line, day: int) -> None:
        """A line at the close of a day: a new chapter, if anything is different."""
        index, segments = line.promise.index, tuple(line.segments(day))
        moved = line.contracted - self._price.get(index, 0)
        moves = tuple(self._moves.get(index, ())) + ((Move("work", None, moved),) if moved else ())
        told = self.chapters.setdefault(index, [])
        if told and _alike(told[-1].segments, segments) and told[-1].moves == moves:
            return
        if told and told[-1].day == day:
            told.pop()
        copied = replace(line, strands=[replace(strand) for strand in line.strands], ends=list(line.ends))
        told.append(Chapter(day, copied, moves, segments))


def _alike(one: tuple[Segment, ...], other: tuple[Segment, ...]) -> bool:
    """Whether segments differ in nothing but their first day."""
    return len(one) == len(other) and all(after.earns_like(before) for before, after in zip(one, other, strict=True))
