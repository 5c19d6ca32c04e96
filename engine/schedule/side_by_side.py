"""Work on blocks of rows, some at a time: numpy lets other threads run while it computes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

#: rows worked on at a time over many days, so that a block stays in the processor's cache
BLOCK = 8192
#: as many days as make a block of rows large enough
_MANY = 8
#: more processors than this only wait for memory
_MOST = 8

Result = TypeVar("Result")


def blocks(count: int, days: int = _MANY) -> list[slice]:
    """So many rows, a block at a time: larger ones for a few days, as threads wait for each other after each step of
    the work."""
    size = BLOCK * max(_MANY // max(days, 1), 1)
    return [slice(begin, min(begin + size, count)) for begin in range(0, count, size)]


def side_by_side(work: Callable[[slice], Result], pieces: Sequence[slice]) -> list[Result]:
    """The results of `work` on every piece, in no order; on as many threads as there are processors.

    An error of any is raised, once all have come to an end.
    """
    left, results = iter(pieces), list[Result]()

    def until_none_is_left() -> None:
        for piece in left:
            results.append(work(piece))

    helpers = min(_processors() - 1, len(pieces) // 2)
    helping = [_threads().submit(until_none_is_left) for _ in range(helpers)]
    try:
        until_none_is_left()
    finally:
        list(left)  # after an error, nobody needs to begin with the rest
        begun = [helper for helper in helping if not helper.cancel()]
        for helper in begun:
            helper.exception()
    for helper in begun:
        helper.result()
    return results


@cache
def _processors() -> int:
    return min(os.cpu_count() or 1, _MOST)


@cache
def _threads() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(_processors() - 1, "ratable-blocks")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_threads.cache_clear)  # threads stay behind
