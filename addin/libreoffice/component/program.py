"""The program behind the cells: the installed `ratable`, found, started once, started again once if it ends.

It is asked through its standard input and answers through its standard output, a line of JSON each. It ends when
LibreOffice does, whatever way that happens, because its input ends then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

#: What extension and program must agree on; not the version, so that one may be a little older than the other.
PROTOCOL = 2
SERVER = "calc-server"
#: Seconds within which an answer must come, and for which a program that does not start is left alone.
PATIENCE, PAUSE = 120.0, 60.0
_NO_WINDOW = 0x08000000


class Unreachable(Exception):
    """The program cannot be asked; the text says why and what to do."""


class _Ended(Exception):
    pass


class Program:
    """Ratable as another process; one for the whole of LibreOffice."""

    def __init__(
        self, find: Callable[[], Path] | None = None, patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._find = find or (lambda: found(os.environ, sys.platform))
        self._patience, self._clock = patience, clock
        self._process: subprocess.Popen[bytes] | None = None
        self._given_up: tuple[float, str] | None = None

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The answer to a request.

        raises Unreachable
        """
        for last in (False, True):
            try:
                return self._exchanged(request)["answer"]
            except _Ended:
                self.end()
                if last:
                    raise self._give_up(
                        "Ratable ended twice while it answered. Calculate again: Ctrl+Shift+F9."
                    ) from None
        raise AssertionError("unreachable")

    def end(self) -> None:
        """Let the program go; the next question starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with _quietly():
                    pipe.close()

    def _exchanged(self, request: Mapping[str, Any]) -> Any:
        if self._process is None or self._process.poll() is not None:
            self._start()
        return self._line(json.dumps(request).encode("ascii") + b"\n")

    def _start(self) -> None:
        if self._given_up and self._clock() - self._given_up[0] < PAUSE:
            raise Unreachable(self._given_up[1])
        self._given_up = None
        self.end()
        try:
            path = self._find()
            self._process = subprocess.Popen(
                [str(path), SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=_environment(os.environ), creationflags=_NO_WINDOW if sys.platform == "win32" else 0,
            )  # fmt: skip
            greeting = self._line(b"")
        except Unreachable as missing:
            raise self._give_up(str(missing)) from None
        except OSError as refused:
            raise self._give_up(f"Ratable does not start: {refused}.") from None
        except (_Ended, ValueError):
            self.end()
            raise self._give_up(
                f"{path} does not answer. Try `{path} --version` in a terminal, and install Ratable anew."
            ) from None
        if greeting.get("protocol") != PROTOCOL:
            self.end()
            raise self._give_up(
                f"Ratable {greeting.get('ratable')} and this extension do not fit together: install both anew."
            )

    def _line(self, request: bytes) -> Any:
        """One line there, one back. A program that says nothing for too long is ended, so that Calc does not freeze."""
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        watch = threading.Timer(self._patience, process.kill)
        watch.daemon = True
        watch.start()
        try:
            process.stdin.write(request)
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            raise _Ended from None
        finally:
            watch.cancel()
        if not line.endswith(b"\n"):
            raise _Ended
        return json.loads(line)

    def _give_up(self, reason: str) -> Unreachable:
        self._given_up = (self._clock(), reason)
        return Unreachable(reason)


class _quietly:
    """Errors of a pipe whose other end is gone do not matter."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        return isinstance(error, OSError)


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Without what LibreOffice sets for its own Python, which would lead the program's Python astray."""
    return {name: value for name, value in given.items() if not name.upper().startswith("PYTHON")}


def found(environment: Mapping[str, str], platform: str) -> Path:
    """The installed program: in RATABLE_HOME if that is set, else where installers put it. Never beside a workbook.

    raises Unreachable
    """
    name = "ratable.exe" if platform == "win32" else "ratable"
    home = environment.get("RATABLE_HOME")
    folders = [Path(home)] if home else _folders(environment, platform)
    for folder in folders:
        if folder.is_absolute() and (folder / name).is_file():
            return folder / name
    raise Unreachable(
        f"The program {name} is not found. Looked in {', '.join(map(str, folders))}. Install Ratable, or set the "
        "variable RATABLE_HOME to the folder it is in; then start LibreOffice again."
    )


def _folders(environment: Mapping[str, str], platform: str) -> list[Path]:
    if platform == "win32":  # not the PATH, as Excel's macros do not search it either
        roots = (("LOCALAPPDATA", "Programs/Ratable"), ("ProgramFiles", "Ratable"))
        return [Path(environment[root]) / below for root, below in roots if environment.get(root)]
    path = [Path(folder) for folder in environment.get("PATH", "").split(os.pathsep) if folder]
    own = [Path(environment["HOME"]) / ".local/bin"] if environment.get("HOME") else []
    return list(dict.fromkeys([*path, *own, Path("/usr/local/bin"), Path("/opt/homebrew/bin")]))
