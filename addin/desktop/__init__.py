"""The window of Ratable: drop a workbook on it, read the figures, create the close pack. Nothing leaves the machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

_USAGE = """usage: ratable-desktop [BOOK] [--smoke] [--version]

BOOK     workbook (.xlsx, .xlsm) or folder of CSV files to open
--smoke  open the window without a screen, read the sample book, exit 0 if that went well"""


def main(argv: list[str] | None = None) -> int:
    """Entry point of the program `ratable-desktop`. Exit code: 0 all well, 1 the smoke test failed, 2 it cannot run."""
    arguments = sys.argv[1:] if argv is None else argv
    words = [word for word in arguments if word.startswith("-")]
    books = [word for word in arguments if not word.startswith("-")]
    if words and words[0] in ("--version", "-V"):
        from engine.version import VERSION

        _say(f"ratable-desktop {VERSION}")
        return 0
    if words in (["--help"], ["-h"]):
        _say(_USAGE)
        return 0
    if set(words) - {"--smoke"} or len(books) > 1:
        return _refuse(_USAGE)
    return _open(books, smoke=bool(words))


def _open(books: Sequence[str], smoke: bool) -> int:
    if smoke:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from addin.desktop import program
    except ImportError as missing:
        return _refuse(f'ratable-desktop: its window needs Qt ({missing}): pip install "ratable[desktop]"')
    return program.smoke() if smoke else program.run(books[0] if books else None)


def _say(words: str) -> None:
    """To the terminal, if the program was started from one: on Windows a window has none."""
    if sys.stdout is not None:
        print(words, flush=True)


def _refuse(words: str) -> int:
    if sys.stderr is not None:
        print(words, file=sys.stderr)
    return 2
