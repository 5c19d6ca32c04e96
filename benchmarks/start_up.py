"""Start-up: `ratable --version` beside an interpreter that does nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Comparison, Skipped, at_most


def comparisons() -> Iterator[Comparison]:
    script = Path(sys.executable).with_name("ratable.exe" if sys.platform == "win32" else "ratable")
    if not script.exists():
        raise Skipped(f"there is no {script.name} beside the interpreter (pip install .)")
    asked = subprocess.run([script, "--version"], capture_output=True, text=True, check=False)
    if asked.returncode:
        raise Skipped(f"{script.name} --version does not run yet")
    assert asked.stdout.startswith("ratable "), asked.stdout
    yield Comparison(
        "ratable --version",
        "python -c pass",
        lambda: subprocess.run([script, "--version"], capture_output=True, check=True),
        lambda: subprocess.run([sys.executable, "-c", "pass"], capture_output=True, check=True),
        at_most(2),
        turns=41,
    )
