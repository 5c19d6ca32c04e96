"""The installer for Windows, compiled by NSIS from a bundle: what it brings, and the list by which that goes again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath
from tempfile import TemporaryDirectory

from addin.packaging.icon import icon
from engine.version import VERSION

SCRIPT = Path(__file__).with_name("ratable.nsi")
PROGRAMS = ("ratable.exe", "RatableDesktop.exe")


class NotCompiled(Exception):
    """There is no installer; the message says why."""


def compiled(bundle: Path, out: Path) -> Path:
    """Write the installer of a bundle for Windows; the same bundle gives the same bytes.

    raises NotCompiled
    """
    compiler = shutil.which("makensis")
    if compiler is None:
        raise NotCompiled("makensis is missing: install NSIS (on Debian: apt-get install nsis)")
    if missing := [name for name in (*PROGRAMS, "_internal") if not (bundle / name).exists()]:
        raise NotCompiled(f"{bundle} is no bundle for Windows: {', '.join(missing)} missing")
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as made:
        folder = Path(made)
        inside = sorted(path for path in (bundle / "_internal").rglob("*"))
        files = [path for path in inside if path.is_file()]
        relative = [path.relative_to(bundle / "_internal") for path in files]
        folders = [path.relative_to(bundle / "_internal") for path in inside if path.is_dir()]
        _write(folder / "installed.txt", listed(relative, folders))
        _write(folder / "files.nsh", brought(bundle, relative, folder / "installed.txt"))
        (folder / "ratable.ico").write_bytes(icon())
        size = sum(path.stat().st_size for path in [*files, *(bundle / name for name in PROGRAMS)])
        values = {
            "VERSION": VERSION, "FILES": folder / "files.nsh", "OUT": out.resolve(), "ICON": folder / "ratable.ico",
            "KILOBYTES": size // 1024,
        }  # fmt: skip
        # an argument of makensis starts with a dash here and on Windows alike
        command = [compiler, "-V2", "-INPUTCHARSET", "UTF8", *(f"-D{name}={value}" for name, value in values.items())]
        done = subprocess.run([*command, str(SCRIPT)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotCompiled(done.stdout + done.stderr)
    return out


def listed(files: Sequence[Path], folders: Sequence[Path]) -> str:
    """What the uninstaller deletes: files, then folders from the inner to the outer ones, which end in a backslash."""
    deep_first = sorted(folders, key=lambda path: (-len(path.parts), path))
    return "\r\n".join([*map(_windows, files), *(_windows(path) + "\\" for path in deep_first), ""])


def brought(bundle: Path, files: Sequence[Path], list_of_files: Path) -> str:
    """The lines of NSIS that unpack everything into _internal.new, in an order of our own: a folder has none."""
    lines, current = [], None
    for path in files:
        if path.parent != current:
            current = path.parent
            inside = "" if current == Path() else "\\" + _windows(current)
            lines.append(f'SetOutPath "$INSTDIR\\_internal.new{inside}"')
        lines.append(f'File "{(bundle / "_internal" / path).resolve()}"')
    lines.append('SetOutPath "$INSTDIR\\_internal.new"')
    lines += [f'File "{(bundle / name).resolve()}"' for name in PROGRAMS]
    lines.append(f'File "{list_of_files}"')
    return "\n".join(lines) + "\n"


def _windows(path: Path) -> str:
    name = str(PureWindowsPath(*path.parts))
    if not name.isascii() or "$" in name:
        raise NotCompiled(f"the uninstaller cannot name {path}")
    return name


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="")
