"""The add-in in Excel's start folder: put there, taken away, and what to do where Excel will not load it.

Excel opens every workbook in XLSTART when it starts, without asking, and trusts that folder. The file is written anew
rather than copied, because a copy would carry along the mark a browser puts on what it downloads (Mark of the Web), and
Excel blocks macros of files with that mark.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

ADDIN = "ratable.xlam"
PROGRAM = "ratable.exe"
BLOCKED = (
    "If Excel shows no tab Ratable: File, Options, Trust Center, Trust Center Settings. Under Trusted Locations the "
    "folder XLSTART must be listed and 'Disable all Trusted Locations' must be off; under Macro Settings macros must "
    "not be disabled without notification. Where your company sets these, ask IT to trust that folder. More in "
    "docs/install.md."
)


class NotInstalled(Exception):
    """Nothing could be done; the message says what to do."""


@dataclass(frozen=True)
class Status:
    """What is where.

    current  whether the installed file is that of this version
    marked   whether it carries the mark of a download, so that Excel blocks it
    program  where the program that answers lies; None if Excel would not find it
    listed   the add-in that stands in Excel's own list of add-ins, where the installer puts it; None if there is none
    """

    path: Path
    installed: bool
    current: bool
    marked: bool
    program: Path | None
    listed: Path | None


def start_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Excel's start folder of this user.

    raises NotInstalled where there is no Excel for Windows
    """
    if platform != "win32":
        extension = files("workbook_templates") / "Ratable.oxt"
        raise NotInstalled(
            "The add-in is for Excel on Windows. Here LibreOffice has the same formulas; with it closed: "
            f'unopkg add -f "{extension}". Or ask on the command line: ratable get BOOK FORMULA.'
        )
    if "APPDATA" not in environment:
        raise NotInstalled("The variable APPDATA is not set: sign in as the user of Excel and try again.")
    return Path(environment["APPDATA"]) / "Microsoft" / "Excel" / "XLSTART"


def install(folder: Path) -> Path:
    """Write the add-in into Excel's start folder, in place of an older one; it is there when Excel next starts.

    raises NotInstalled if Excel has the old one open, the folder cannot be written to, or the installer has put the
    add-in into Excel's list already: Excel would open it twice
    """
    path = folder / ADDIN
    if there := listed(opened_by_excel()):
        raise NotInstalled(f"Excel opens {there} already, as the installer has set it up. Nothing is left to do.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            path.unlink()  # overwriting would leave a mark of the old file in place
        path.write_bytes(_content())
    except PermissionError:
        raise NotInstalled(f"{path} is open in Excel. Close Excel and run this again.") from None
    except OSError as error:
        raise NotInstalled(f"{path} cannot be written ({error.strerror}).") from None
    return path


def remove(folder: Path) -> Path | None:
    """Take the add-in out of Excel's start folder; None if it was not there.

    raises NotInstalled if Excel has it open
    """
    path = folder / ADDIN
    try:
        path.unlink()
    except FileNotFoundError:
        return None
    except PermissionError:
        raise NotInstalled(f"{path} is open in Excel. Close Excel and run this again.") from None
    return path


def status(folder: Path, environment: Mapping[str, str] = os.environ) -> Status:
    """What is installed, and whether Excel will find what it needs."""
    path = folder / ADDIN
    there = path.is_file()
    current = there and path.read_bytes() == _content()
    marked = there and _is_marked(path)
    return Status(path, there, current, marked, _program(environment), listed(opened_by_excel()))


def opened_by_excel() -> list[str]:
    """What Excel opens whenever it starts: its values OPEN, OPEN1, OPEN2 ..., up to the first that is missing."""
    found: list[str] = []
    if sys.platform == "win32":
        import winreg

        with suppress(FileNotFoundError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _OPTIONS) as key:
            while True:
                found.append(str(winreg.QueryValueEx(key, f"OPEN{len(found) or ''}")[0]))
    return found


def listed(opened: Sequence[str]) -> Path | None:
    """Our add-in among what Excel opens; an entry whose file is gone is none."""
    entries = (re.fullmatch(rf'(?:/R )?"(.*[\\/]{re.escape(ADDIN)})"', entry, re.IGNORECASE) for entry in opened)
    paths = (Path(entry.group(1)) for entry in entries if entry)
    return next((path for path in paths if path.is_file()), None)


def _program(environment: Mapping[str, str]) -> Path | None:
    """The places the bridge in the workbook looks at, in its order."""
    places = [environment.get("RATABLE_HOME", "")]
    places += [str(Path(environment[name]) / rest) for name, rest in _PLACES if name in environment]
    return next((Path(place) / PROGRAM for place in places if place and (Path(place) / PROGRAM).is_file()), None)


_OPTIONS = r"Software\Microsoft\Office\16.0\Excel\Options"
_PLACES = (("LOCALAPPDATA", "Programs/Ratable"), ("ProgramFiles", "Ratable"))


def _is_marked(path: Path) -> bool:
    """A download's zone stands in a second stream of the file, which only NTFS has."""
    try:
        return b"ZoneId" in Path(f"{path}:Zone.Identifier").read_bytes()
    except OSError:
        return False


def _content() -> bytes:
    """The add-in of this version."""
    return (files("workbook_templates") / ADDIN).read_bytes()
