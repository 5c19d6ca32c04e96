"""What the window remembers from one day to the next: recent books, the look, the reports chosen for a
pack, who closes.

One small JSON file in the user's folder for such things. It is a convenience: a file that is damaged, or cannot be read
or written, is as good as none, and the window opens all the same.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

_RECENT = 8
THEMES = ("system", "light", "dark")


def config_file(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Where it is kept: %APPDATA%\\Ratable, ~/Library/Application Support/Ratable or $XDG_CONFIG_HOME/ratable."""
    home = Path(environment.get("USERPROFILE" if platform == "win32" else "HOME") or Path.cwd())
    if platform == "win32":
        folder = Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "Ratable"
    elif platform == "darwin":
        folder = home / "Library" / "Application Support" / "Ratable"
    else:
        folder = Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "ratable"
    return folder / "desktop.json"


@dataclass
class Memory:
    """What is remembered.

    file         None to remember nothing
    recent       books, the latest first
    theme        system, light or dark
    left_out     sheets not wanted in a close pack
    open_packs   whether a pack is opened once it is written
    name         of whoever closed a period last
    """

    file: Path | None
    recent: list[str] = field(default_factory=list)
    theme: str = "system"
    left_out: list[str] = field(default_factory=list)
    open_packs: bool = True
    name: str = ""

    @staticmethod
    def of(file: Path | None) -> Memory:
        """As far as the file can be read."""
        memory = Memory(file)
        known: Any = None
        if file:
            with suppress(OSError, ValueError, RecursionError):
                known = json.loads(file.read_text("utf-8"))
        if isinstance(known, dict):
            memory.recent = _texts(known.get("recent"))[:_RECENT]
            memory.left_out = _texts(known.get("left_out"))
            memory.theme = known["theme"] if known.get("theme") in THEMES else "system"
            memory.open_packs = known.get("open_packs") is not False
            memory.name = known["name"] if isinstance(known.get("name"), str) else ""
        return memory

    def opened(self, book: Path) -> None:
        """Put a book first."""
        name = str(book.absolute())
        self.recent = [name, *(other for other in self.recent if other != name)][:_RECENT]
        self.keep()

    def forget(self) -> None:
        """Forget the books."""
        self.recent = []
        self.keep()

    def keep(self) -> None:
        """Write the file, if it can be written."""
        if self.file is None:
            return
        from engine.sheets.errors import NotWritten
        from engine.sheets.place import whole_file

        said = {name: value for name, value in asdict(self).items() if name != "file"}
        with suppress(OSError, NotWritten):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(self.file) as target:
                target.write((json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace"))


def _texts(found: Any) -> list[str]:
    return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []


#: what may stand in the file
NAMES = tuple(part.name for part in fields(Memory) if part.name != "file")
