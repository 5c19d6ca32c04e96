"""The fingerprint of a book: one digest over settings and rows, the same whatever file they were read from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from engine.book.tables import Settings


def fingerprint(settings: Settings, tables: Mapping[str, Mapping[str, list[Any]]]) -> str:
    """A hex digest of the typed cells: not of formats, file kinds, the order of columns, or columns without a cell.

    The order of rows counts, because amounts are shared over obligations in table order.
    """
    digest = hashlib.sha256()
    _add(digest, "Settings", (f"{name}={getattr(settings, name)}" for name in sorted(type(settings).model_fields)))
    for table in sorted(tables):
        columns = tables[table]
        for name in sorted(columns):
            cells = columns[name]
            if cells.count(None) < len(cells):
                _add(digest, f"{table}.{name}", _texts(cells))
    return digest.hexdigest()


def _add(digest: Any, name: str, cells: Iterable[str]) -> None:
    """Cells are kept apart by a character no cell can hold, as trimming and reading leave none."""
    digest.update(f"\x1d{name}\x1d".encode())
    digest.update("\x1f".join(cells).encode("utf-8", "surrogatepass"))


def _texts(cells: list[Any]) -> Iterable[str]:
    if set(map(type, cells)) <= {str, int}:
        return map(str, cells)
    texts = {cell: _text(cell) for cell in set(cells)}
    return [texts[cell] for cell in cells]


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)
