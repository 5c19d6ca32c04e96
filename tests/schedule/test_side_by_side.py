"""Blocks of rows are worked on side by side: each once, and no error is lost."""

from __future__ import annotations

import threading

import pytest

from engine.schedule import side_by_side as module
from engine.schedule.side_by_side import side_by_side


def blocks(count: int) -> list[slice]:
    return [slice(n, n + 1) for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 40])
def test_every_block_is_worked_on_once(count: int) -> None:
    done = side_by_side(lambda block: (block.start, block.stop), blocks(count))
    assert sorted(done) == [(n, n + 1) for n in range(count)]


@pytest.mark.parametrize("failing", range(0, 40, 13))
def test_an_error_of_any_block_is_raised(failing: int) -> None:
    def work(block: slice) -> None:
        if block.start == failing:
            raise ArithmeticError("of a block")

    with pytest.raises(ArithmeticError, match="of a block"):
        side_by_side(work, blocks(40))


def test_blocks_are_worked_on_at_the_same_time_where_there_are_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_processors", lambda: 2)
    monkeypatch.setattr(module, "_threads", module._threads.__wrapped__)
    both = threading.Barrier(2, timeout=10)  # broken, unless two threads come to it

    side_by_side(lambda _: both.wait(), blocks(4))


def test_after_an_error_nothing_new_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_processors", lambda: 1)
    begun: list[slice] = []

    def work(block: slice) -> None:
        begun.append(block)
        raise ArithmeticError("of a block")

    with pytest.raises(ArithmeticError):
        side_by_side(work, blocks(8))
    assert begun == blocks(1)


def test_work_may_be_shared_out_again() -> None:
    sums = side_by_side(lambda block: sum(side_by_side(lambda own: own.start, blocks(9))) + block.start, blocks(9))
    assert sorted(sums) == list(range(36, 45))


def test_one_processor_needs_no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_processors", lambda: 1)
    seen: set[int] = set()
    side_by_side(lambda _: seen.add(threading.get_ident()), blocks(8))
    assert seen == {threading.get_ident()}
