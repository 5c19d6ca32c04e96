"""A file that appears whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from engine.sheets.errors import FileInUse, FolderNotWritable


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file beside `path`; it takes the name `path` when the block ends well and is gone when it does not.

    raises  FolderNotWritable, FileInUse
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        file = draft.open("xb")
    except OSError as error:
        raise FolderNotWritable(
            f"{path.parent} cannot be written to ({error.strerror}). Choose another folder, or ask for access to it."
        ) from error
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _move(draft, path)
    finally:
        # After a successful move there is nothing left to remove.
        with suppress(FileNotFoundError):
            draft.unlink()


def _move(draft: Path, path: Path) -> None:
    try:
        draft.replace(path)
    except PermissionError as error:
        raise FileInUse(
            f"{path.name} is open in another program, most likely Excel. Close it there and write it again; "
            "the file is as it was."
        ) from error
    except IsADirectoryError as error:
        raise FolderNotWritable(f"{path} is a folder. Give the name of a file.") from error
