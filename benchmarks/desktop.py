"""The window: how soon it is shown, whether a large grid scrolls within a frame, and how long a click waits meanwhile.

A click that comes while long work goes on waits for the event loop. That wait is taken every few milliseconds while a
book of 10,000 obligations is read, checked and written as a close pack, and its 99th percentile is held to 50 ms.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.books import TODAY, rows
from benchmarks.timing import Comparison, Result, Skipped, at_most

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
COUNT, TURNS = 10_000, 5
ALL_SIGNED = dt.date(2025, 12, 31)
FRAME, WAIT = 0.016, 0.050

_BARE = (
    "from PySide6.QtWidgets import QApplication, QMainWindow; app = QApplication([]); w = QMainWindow(); "
    "w.resize(1180, 780); w.show(); app.processEvents()"
)
_OURS = (
    "import datetime as dt; from addin.desktop import program; app = program.application(); "
    "w = program.Window(program.Memory.of(None), dt.date.today); w.show(); app.processEvents()"
)


def comparisons() -> Iterator[Comparison | Result]:
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as missing:
        raise Skipped(f'no Qt ({missing}): pip install ".[desktop]", and .ci/desktop on a bare Debian') from None
    yield Comparison("window shown", "a bare PySide6 window", _process(_OURS), _process(_BARE), at_most(2), turns=11)
    with TemporaryDirectory() as folder:
        yield from _with_a_large_book(Path(folder))


def _process(code: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def _with_a_large_book(folder: Path) -> Iterator[Comparison | Result]:
    from addin.desktop.memory import Memory
    from addin.desktop.program import application, dispose
    from addin.desktop.window import Window

    application()
    book = _workbook(folder / "book.xlsx")
    window = Window(Memory.of(None), lambda: TODAY, lambda path: True)
    window.show()
    waits: dict[str, list[float]] = {"reading and checking": [], "writing its close pack": []}
    for turn in range(TURNS):
        waits["reading and checking"].append(_waits(window, lambda: window.open(book)))
        assert window.shows_figures
        pack = folder / f"pack {turn}.xlsx"
        waits["writing its close pack"].append(_waits(window, lambda pack=pack: window.write_pack(pack, None, False)))
        assert pack.exists()
    grid = window.book.grid.body
    columns = window.book.grid.model.columnCount()
    assert window.book.grid.model.rowCount() == COUNT and columns >= 40
    yield Comparison(
        f"a page of {COUNT:,} x {columns} scrolled", "a frame, 16 ms", _scrolled(grid), lambda: time.sleep(FRAME),
        at_most(1), turns=41,
    )  # fmt: skip
    for what, found in waits.items():
        comparison = Comparison(
            f"click waits, p99, {what}", f"{COUNT:,} obligations; 50 ms", _nothing, _nothing, at_most(1), turns=TURNS
        )
        yield Result(comparison, found, [WAIT] * TURNS)
    dispose(window)


def _nothing() -> None:
    """Measured elsewhere."""


def _workbook(path: Path) -> Path:
    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    tables: dict[str, list[dict[str, Any]]] = rows(COUNT, billed=True)
    tables["Settings"] = [{"name": "as_of", "value": ALL_SIGNED}]
    for name, lines in tables.items():
        sheet = workbook.create_sheet(name)
        sheet.append(list(lines[0]))
        for line in lines:
            sheet.append(list(line.values()))
    workbook.save(path)
    return path


def _waits(window: Any, begin: Callable[[], object]) -> float:
    """The 99th percentile of what an event waited while the window worked, in seconds."""
    from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer

    late: list[float] = []
    interval, last = 0.005, time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(max(now - last - interval, 0.0))
        last = now

    timer = QTimer(window)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(int(interval * 1000))
    begin()
    until = dt.datetime.now() + dt.timedelta(minutes=5)
    while window.busy and dt.datetime.now() < until:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    timer.stop()
    late.sort()
    return late[int(len(late) * 0.99)]


def _scrolled(grid: Any) -> Callable[[], object]:
    """One page down and a column to the right, painted."""
    from PySide6.QtCore import QCoreApplication

    def scroll() -> None:
        down, across = grid.verticalScrollBar(), grid.horizontalScrollBar()
        down.setValue((down.value() + down.pageStep()) % (down.maximum() + 1))
        across.setValue((across.value() + 74) % (across.maximum() + 1))
        QCoreApplication.processEvents()

    return scroll
