"""Start of the programs people install, beside bare programs frozen in the same way that do nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.timing import Comparison, Skipped, at_most, say

BUNDLE = Path(__file__).parent.parent / "dist" / "Ratable"
TITLE = "Ratable"
_CONSOLE = "print('bare 0.0.0')\n"
_WINDOW = f"""
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv)
window = QMainWindow()
window.setWindowTitle("{TITLE}")
window.show()
sys.exit(app.exec())
"""
_PATIENCE = 30.0


def comparisons() -> Iterator[Comparison]:
    if sys.platform != "linux" or not (BUNDLE / "ratable").exists():
        raise Skipped("there is no bundle for Linux (python -m addin.packaging)")
    with TemporaryDirectory() as place:
        peers = frozen(Path(place), {"console": _CONSOLE, "window": _WINDOW})
        yield Comparison(
            "ratable --version, frozen",
            "print(...), frozen",
            lambda: subprocess.run([BUNDLE / "ratable", "--version"], capture_output=True, check=True),
            lambda: subprocess.run([peers["console"]], capture_output=True, check=True),
            at_most(2),
            turns=41,
        )
        with screen() as environment:
            yield Comparison(
                "window on the screen, frozen",
                "bare QMainWindow, frozen",
                lambda: shown(BUNDLE / "RatableDesktop", environment),
                lambda: shown(peers["window"], environment),
                at_most(2),
                turns=15,
            )


def frozen(place: Path, sources: dict[str, str]) -> dict[str, Path]:
    """A program of each source, as PyInstaller makes it when it is left alone."""
    say("bare programs are being frozen ...")
    made = {}
    for name, source in sources.items():
        script = place / f"bare_{name}.py"
        script.write_text(source, "utf-8")
        command = [
            sys.executable,
            "-m",
            "PyInstaller",
            "--noconfirm",
            "--log-level",
            "ERROR",
            "--distpath",
            place / "dist",
        ]
        subprocess.run([*command, "--workpath", place / "work", script], cwd=place, check=True, capture_output=True)
        made[name] = place / "dist" / script.stem / script.stem
    return made


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """A screen nobody looks at, and a home nobody has lived in, as environment."""
    if not shutil.which("Xvfb") or not shutil.which("xwininfo"):
        raise Skipped("there is no screen (apt-get install xvfb x11-utils)")
    with TemporaryDirectory() as home:
        read, write = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        try:
            os.close(write)
            with os.fdopen(read) as answer:
                display = f":{answer.readline().strip()}"
            yield {"DISPLAY": display, "HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        finally:
            server.terminate()
            server.wait()


def shown(program: Path, environment: dict[str, str]) -> None:
    """Start a program and wait until its window is there; what ends it is not timed by intent, but is little."""
    until = time.monotonic() + _PATIENCE
    running = subprocess.Popen([program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _is_there(environment):
            if running.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{program.name} shows no window")
    finally:
        running.kill()
        running.wait()
        while _is_there(environment):  # the next one must not see this one
            pass


def _is_there(environment: dict[str, str]) -> bool:
    tree = subprocess.run(["xwininfo", "-root", "-tree"], env=environment, capture_output=True, text=True, check=False)
    return any(f'"{TITLE}' in line and "1x1+" not in line for line in tree.stdout.splitlines())
