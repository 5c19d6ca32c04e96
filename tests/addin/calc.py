"""A real LibreOffice without a window, in a profile of its own, with Ratable.oxt installed through unopkg.

Nothing here skips: where LibreOffice, its Python or the program is missing, the tests that need them fail.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from addin.libreoffice.extension import EXTENSION
from workbook_templates import sample_book

_DRIVER = Path(__file__).with_name("calc_driver.py")
#: The folder of the `ratable` that the extension is to start.
HOME = Path(sys.executable).parent
OXT = sample_book().with_name(EXTENSION)


class Missing(Exception):
    """A tool that is not installed; .ci/libreoffice installs it."""


class Calc:
    """LibreOffice Calc, until `end`."""

    def __init__(self, folder: Path, extensions: Iterable[Path] = (OXT,), home: Path | None = HOME) -> None:
        if home == HOME and not (HOME / "ratable").exists():
            raise Missing(f"no program ratable in {HOME}: pip install -e .")
        self._where = [f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # root may not install for itself alone
            (folder / "shared").mkdir(parents=True, exist_ok=True)
            self._where.append(f"-env:UNO_SHARED_PACKAGES_CACHE={(folder / 'shared').as_uri()}")
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self._mark = f"RATABLE_TEST={uuid.uuid4().hex}"
        self._environment |= dict([self._mark.split("=")])
        self._environment |= {"RATABLE_HOME": str(home)} if home else {"RATABLE_HOME": str(folder / "nothing here")}
        for extension in extensions:
            self.unopkg("add", "-f", "-s", str(extension))
        self._driver: subprocess.Popen[str] | None = None

    def unopkg(self, verb: str, *arguments: str) -> str:
        """Run unopkg; what it says."""
        shared = ["--shared"] if len(self._where) > 1 else []
        command = [_tool("unopkg"), verb, *shared, *arguments, *self._where]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def convert(self, path: Path, folder: Path) -> Path:
        """The file as LibreOffice saves it again, by its own command line."""
        command = [
            _tool("soffice"),
            "--headless",
            *self._where,
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder),
            str(path),
        ]
        for _ in range(2):  # a fresh profile may ask to be started again
            done = subprocess.run(command, env=self._environment, capture_output=True, timeout=180, check=False)
            if done.returncode == 0:
                break
        return folder / path.with_suffix(".xlsx").name

    def do(self, name: str, *arguments: Any) -> Any:
        """Have the driver do something; see calc_driver.Driver."""
        if self._driver is None:
            self._driver = self._started()
        assert self._driver.stdin is not None
        self._driver.stdin.write(json.dumps([name, arguments]) + "\n")
        self._driver.stdin.flush()
        return self._told()

    def _started(self) -> subprocess.Popen[str]:
        command = [_tool("soffice"), "--headless", "--norestore", "--nologo", "--nodefault", *self._where]
        process = subprocess.Popen(
            [_python(), str(_DRIVER), json.dumps(command), f"ratable{uuid.uuid4().hex}"],
            env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._driver = process
        self._told()
        return process

    def _told(self) -> Any:
        assert self._driver is not None and self._driver.stdout is not None
        line = self._driver.stdout.readline()
        assert line, "LibreOffice has ended"
        state, *told = json.loads(line)
        assert state != "failed", told[0]
        return told[0] if told else None

    def programs(self) -> list[int]:
        """The processes of `ratable calc-server` that this LibreOffice has started."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                ours = self._mark.encode() in (process / "environ").read_bytes()
                if ours and b"calc-server" in (process / "cmdline").read_bytes():
                    found.append(int(process.name))
        return found

    def end(self) -> None:
        if self._driver is not None and self._driver.stdin is not None:
            self._driver.stdin.close()
            self._driver.wait(60)
            self._driver = None

    # what tests say most

    def open(self, path: Path | None = None) -> int:
        """A document, opened or new."""
        return int(self.do("open", str(path) if path else None))

    def values(self, document: int, sheet: str = "", area: str = "") -> list[list[Any]]:
        """What cells show; an error is a list of its code."""
        found: list[list[Any]] = self.do("values", document, sheet, area)
        return found

    def value(self, document: int, sheet: str, cell: str) -> Any:
        return self.values(document, sheet, cell)[0][0]

    def put(self, document: int, sheet: str, area: str, *rows: list[Any]) -> None:
        """Type values or formulas (in the English of LibreOffice: arguments are parted by ;)."""
        self.do("put", document, sheet, area, rows)


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not installed: bash .ci/libreoffice")
    return str(Path(found).resolve()) if name == "unopkg" else found


def _python() -> str:
    """A Python that knows UNO: the system's, or LibreOffice's own."""
    own = Path(_tool("soffice")).resolve().parent / "python"
    for python in ("/usr/bin/python3", str(own)):
        if (
            Path(python).exists()
            and not subprocess.run([python, "-c", "import uno"], capture_output=True, env={}).returncode
        ):
            return python
    raise Missing("no Python that knows UNO (python3-uno): bash .ci/libreoffice")
