"""Work on blocks of rows, some at a time: numpy lets other threads run while it computes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

#: more processors than this only wait for memory
_MOST = 8

Result = TypeVar("Result")


def side_by_side(work: Callable[[slice], Result], blocks: Sequence[slice]) -> list[Result]:
    """The results of `work` on every block, in no order; on as many threads as there are processors.

    An error of any is raised. `work` may not call this itself: all threads might wait for a free one then.
    """
    left, results = iter(blocks), list[Result]()

    def until_none_is_left() -> None:
        for block in left:
            results.append(work(block))

    helpers = min(_processors() - 1, len(blocks) // 2)
    helping = [_threads().submit(until_none_is_left) for _ in range(helpers)]
    until_none_is_left()
    for helper in helping:
        helper.result()
    return results


@cache
def _processors() -> int:
    return min(os.cpu_count() or 1, _MOST)


@cache
def _threads() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(_processors() - 1, "ratable-blocks")
