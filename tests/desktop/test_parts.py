"""Parts of the window by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from addin.desktop.chart import scale
from addin.desktop.job import Cancelled, Job
from addin.desktop.program import application

from .driving import Driven

pytestmark = pytest.mark.desktop


@pytest.mark.parametrize(
    ("least", "most", "low", "high", "step"),
    [
        (0, 0, 0, 1, 1),
        (0, 100, 0, 100, 25),
        (0, 101, 0, 150, 50),
        (-30, 100, -50, 100, 50),
        (-7, -3, -8, 0, 2),
        (5, 10**15, 0, 10**15, 2.5e14),
    ],
)
def test_an_axis_has_round_numbers_and_holds_every_value(
    least: int, most: int, low: float, high: float, step: float
) -> None:
    assert scale(least, most) == (low, high, step)


def test_a_job_tells_its_answer_or_why_there_is_none() -> None:
    app = application()
    ended: list[Job] = []

    def run(work: object) -> Job:
        job = Job(work, app)  # type: ignore[arg-type]
        job.finished.connect(lambda: ended.append(job))
        job.start()
        job.wait()
        app.processEvents()
        return job

    def fail(progress: object) -> None:
        raise MemoryError

    def refuse(progress: object) -> None:
        raise Cancelled

    done, failed, refused = run(lambda progress: 7), run(fail), run(refuse)
    assert (done.answer, done.failure, done.cancelled) == (7, None, False)
    assert failed.answer is None and isinstance(failed.failure, MemoryError)
    assert (refused.answer, refused.failure, refused.cancelled) == (None, None, True)
    assert ended == [done, failed, refused]


def smoke(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "addin.desktop", *words],
        capture_output=True, text=True, check=False, timeout=180,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
    )  # fmt: skip


def test_the_smoke_test_reads_the_sample_and_ends_well(tmp_path: Path) -> None:
    done = smoke("--smoke", HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path / "config"))
    assert (done.returncode, done.stderr) == (0, ""), done
    assert done.stdout == "READY 1 warning; 16 checks hold.\n"
    assert list(tmp_path.iterdir()) == [], "a test leaves nothing in a home"


def test_a_home_that_cannot_be_written_to_does_not_matter(tmp_path: Path) -> None:
    block = tmp_path / "file"
    block.write_text("", "utf-8")
    code = (
        "import sys; from PySide6.QtCore import QTimer; from addin.desktop import program; "
        "app = program.application(); QTimer.singleShot(300, app.quit); sys.exit(program.run(None))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(block)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_neither_engine_nor_spreadsheets_are_loaded_before_the_window_is_shown() -> None:
    code = (
        "import sys; from addin.desktop import program; import datetime as dt; app = program.application(); "
        "w = program.Window(program.Memory.of(None), dt.date.today); w.show(); app.processEvents(); "
        "print([n for n in ('numpy', 'openpyxl', 'pydantic', 'python_calamine', 'xlwings') if n in sys.modules]); "
        "program.dispose(w)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.stdout == "[]\n", done


def test_none_is_not_lost_at_calls_that_return_nothing(driven: Driven) -> None:
    """What PySide6 is pinned for: 6.12.0 on Python 3.11 gives up a reference to None at every such call."""
    before = sys.getrefcount(None)
    for _ in range(2000):
        driven.window.start.hold(False)
    if before < 1_000_000_000:  # from Python 3.12 on None is not counted
        assert sys.getrefcount(None) > before - 1000
