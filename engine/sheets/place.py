"""A file that appears whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from engine.sheets.errors import FileInUse, FolderNotWritable, NoPlace


class Draft:
    """A file that is whole and on the disk, beside the name it will take."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.draft = path, path.with_name(name)

    @property
    def digest(self) -> str:
        """SHA-256 of its content."""
        with self.draft.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def place(self) -> None:
        """Let it take its name.

        raises  FileInUse, FolderNotWritable
        """
        _move(self.draft, self.path)

    def discard(self) -> None:
        """Take it away; nothing happens if it has taken its name."""
        with suppress(FileNotFoundError):
            self.draft.unlink()


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file beside `path`; it takes the name `path` when the block ends well and is gone when it does not.

    A link keeps its place: what it points to is replaced.
    raises  FolderNotWritable, FileInUse, NoPlace
    """
    path = _place(path)
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


def _place(path: Path) -> Path:
    """Where the file will be, if there can be one: never a folder, nor a device or pipe, which would be replaced."""
    whole = Path(os.path.realpath(path))
    if whole.is_dir():
        raise NoPlace(f"{path} is a folder. Give the name of a file.")
    if whole.exists() and not whole.is_file():
        raise NoPlace(f"{path} is no file. Give the name of a file.")
    if not whole.parent.is_dir():
        raise NoPlace(f"there is no folder {path.parent}. Make it first, or choose another.")
    return whole if path.is_symlink() else path


def _move(draft: Path, path: Path) -> None:
    try:
        draft.replace(path)
    except PermissionError as error:
        raise FileInUse(
            f"{path.name} is open in another program, most likely Excel. Close it there and write it again; "
            "the file is as it was."
        ) from error
