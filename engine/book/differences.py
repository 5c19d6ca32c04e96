"""What was done to the rows of a book since: each row added, deleted or changed, and in which columns; and where rows
of a contract stand in another order, by which cents are shared out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.book import catalogue
from engine.book.book import Book, Rows

_KEYS = {
    "Contracts": ("contract_id",),
    "Obligations": ("contract_id", "obligation_id"),
    "Billings": ("source", "document_id"),
    "Events": ("event_id",),
    "Estimates": ("contract_id", "obligation_id", "kind", "date"),
    "Openings": ("contract_id", "obligation_id"),
    "Costs": ("cost_id",),
}
#: tables without contracts: a change in them may move any contract
_GENERAL = {"Rates": ("date", "from_currency", "to_currency")}


@dataclass(frozen=True)
class RowChange:
    """One row that is not what it was.

    table      name of the table, `Settings` too
    row        its key in words, as "C1/plan"
    what       added, deleted or changed; reordered of all rows of a contract
    columns    those that changed, as the header names them
    contracts  those it belongs to or belonged to; none: it may move any
    """

    table: str
    row: str
    what: Literal["added", "deleted", "changed", "reordered"]
    columns: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """In words, as in `Billings D7 changed (amount)`."""
        said = f"{self.table} {self.row} {self.what}"
        return f"{said} ({', '.join(self.columns)})" if self.columns else said


def changed_rows(before: Book, after: Book) -> list[RowChange]:
    """Every row of `after` that differs from `before`, and every row that is gone, in the order of the tables."""
    if before.fingerprint == after.fingerprint:
        return []
    found = list(_settings(before, after))
    for name, key in {**_KEYS, **_GENERAL}.items():
        found += _of_table(name, key, getattr(before, name.lower()), getattr(after, name.lower()))
    return found


def _settings(before: Book, after: Book) -> Iterator[RowChange]:
    for column in catalogue.settings():
        name = column.field
        if name not in ("as_of", "entity") and getattr(before.settings, name) != getattr(after.settings, name):
            yield RowChange("Settings", name, "changed")


def _of_table(name: str, key: tuple[str, ...], before: Rows[Any], after: Rows[Any]) -> Iterator[RowChange]:
    columns = list(dict.fromkeys([*before.columns, *after.columns]))
    headers = {column.field: column.name for column in catalogue.columns(name)}
    old, new = _by_key(before, key, columns), _by_key(after, key, columns)
    place = columns.index("contract_id") if "contract_id" in columns else None

    def change(id_: tuple[Any, ...], what: Literal["added", "deleted", "changed"], *rows: tuple[Any, ...]) -> RowChange:
        differs: tuple[str, ...] = ()
        if len(rows) == 2:
            differs = tuple(
                headers.get(columns[n], columns[n]) for n in range(len(columns)) if rows[0][n] != rows[1][n]
            )
        contracts = () if place is None else tuple(dict.fromkeys(str(row[place]) for row in rows))
        return RowChange(name, "/".join(str(part) for part in id_[:-1] if part is not None), what, differs, contracts)

    for id_, row in old.items():
        if id_ not in new:
            yield change(id_, "deleted", row)
        elif new[id_] != row:
            yield change(id_, "changed", row, new[id_])
    for id_, row in new.items():
        if id_ not in old:
            yield change(id_, "added", row)
    if place is not None:
        then, now = (_order(rows, other, place) for rows, other in ((old, new), (new, old)))
        for contract, order in now.items():
            if order != then.get(contract):
                yield RowChange(name, contract, "reordered", (), (contract,))


def _order(
    rows: Mapping[tuple[Any, ...], tuple[Any, ...]], other: Mapping[tuple[Any, ...], tuple[Any, ...]], place: int
) -> dict[str, list[tuple[Any, ...]]]:
    """Keys of the rows of each contract in their order, of those that the other table has of it as well."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for id_, row in rows.items():
        if id_ in other and other[id_][place] == row[place]:
            found[str(row[place])].append(id_)
    return found


def _by_key(rows: Rows[Any], key: tuple[str, ...], columns: list[str]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Rows by their key and, where several have the same, the number of each among them."""
    blank = [None] * len(rows)
    cells = zip(*(rows.columns.get(column, blank) for column in columns), strict=True)
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for id_, row in zip(zip(*(rows[column] for column in key), strict=True), cells, strict=True):
        nth = 1
        while (*id_, nth) in found:
            nth += 1
        found[(*id_, nth)] = row
    return found
