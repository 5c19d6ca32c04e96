"""The fingerprint of a book: one digest over settings and rows, the same whatever file they were read from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from engine.book import catalogue
from engine.book.tables import Settings


def fingerprint(settings: Settings, tables: Mapping[str, Mapping[str, list[Any]]]) -> str:
    """A hex digest of the typed cells: not of formats, kinds of files, the order of columns, or what has its default.

    The order of rows counts, because amounts are shared over obligations in table order.
    """
    digest = hashlib.sha256()
    given = ((column.field, getattr(settings, column.field), column.default_value) for column in catalogue.settings())
    _add(digest, "Settings", (f"{name}={value}" for name, value, default in sorted(given) if value != default))
    for table in sorted(tables):
        columns = tables[table]
        defaults = {column.field: column.default_value for column in catalogue.columns(table)}
        for name in sorted(columns):
            cells = columns[name]
            if cells.count(defaults.get(name)) < len(cells):
                _add(digest, f"{table}.{name}", _texts(cells))
    return digest.hexdigest()


def _add(digest: Any, name: str, cells: Iterable[str]) -> None:
    """Cells are kept apart by a character no cell can hold, as trimming and reading leave none."""
    digest.update(f"\x1d{name}\x1d".encode())
    digest.update("\x1f".join(cells).encode("utf-8", "surrogatepass"))


def _texts(cells: list[Any]) -> Iterable[str]:
    types = set(map(type, cells)) - {type(None)}
    if types == {str}:
        return [cell or "" for cell in cells]
    if types == {int}:
        return ["" if cell is None else str(cell) for cell in cells]
    texts = {cell: "" if cell is None else str(cell) for cell in set(cells)}
    return [texts[cell] for cell in cells]
