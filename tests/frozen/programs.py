"""A bundle put into a folder as people have them, its programs run there without this machine's environment."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

ROOT = Path(__file__).parent.parent.parent
PLACE = "Prüfung & Söhne"  # a blank, umlauts, an ampersand
WINE = Path("/usr/lib/wine/wine64")


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Programs:
    """The programs of a bundle.

    folder  of the bundle, here
    home    of a person who has never used Ratable; also the folder the programs are run in
    """

    folder: Path
    home: Path

    ending = ""

    def run(self, program: str, *arguments: str | Path, patience: float = 120, **environment: str) -> Done:
        command = [str(self.folder / f"{program}{self.ending}"), *map(str, arguments)]
        clean = {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
        return _done(command, self.home, clean | environment, patience)

    def named(self, path: Path) -> str:
        """A path as the programs name it."""
        return str(path)


@dataclass(frozen=True)
class WindowsPrograms(Programs):
    """The same under Wine. What is printed goes through a pipe, as Python there dies of writing to a file."""

    ending = ".exe"

    def run(self, program: str, *arguments: str | Path, patience: float = 180, **environment: str) -> Done:
        path = Path(program) if "/" in program else self.folder / f"{program}{self.ending}"
        words = [self.named(word) if isinstance(word, Path) else word for word in arguments]
        # Wine keeps variables of Qt to itself unless they are named so
        passed = {name.replace("QT_", "WINEQT_", 1): value for name, value in environment.items()}
        return _done([str(WINE), self.named(path), *words], self.home, dict(os.environ) | passed, patience)

    def named(self, path: Path) -> str:
        drive = Path(os.environ["WINEPREFIX"]) / "drive_c"
        if path.is_relative_to(drive):
            return str(PureWindowsPath("C:\\", *path.relative_to(drive).parts))
        return str(PureWindowsPath("Z:\\", *path.resolve().parts[1:]))


def _done(command: list[str], folder: Path, environment: dict[str, str], patience: float) -> Done:
    run = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=patience,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    out, err = (text.decode("utf-8", "replace").replace("\r\n", "\n") for text in (run.stdout, run.stderr))
    return Done(run.returncode, out, err)


def put(bundle: Path, place: Path) -> Path:
    """A copy of a bundle somewhere else."""
    assert bundle.is_dir(), f"there is no bundle {bundle}: docs/release.md says how it is made"
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(bundle, place, symlinks=True)
    return place


def linux(work: Path) -> Programs:
    home = work / "Jörg Müller"
    home.mkdir()
    return Programs(put(ROOT / "dist" / "Ratable", work / PLACE / "Ratable"), home)


def windows() -> WindowsPrograms:
    assert WINE.exists() and "WINEPREFIX" in os.environ and "DISPLAY" in os.environ, "run these by .ci/windows/test"
    drive = Path(os.environ["WINEPREFIX"]) / "drive_c"
    home = drive / "Jörg Müller"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    return WindowsPrograms(put(ROOT / "dist" / "windows" / "Ratable", drive / PLACE / "Ratable"), home)
