"""From a table as found to its typed columns: headers matched, every cell read, every missing one named."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from engine.book import catalogue
from engine.book.catalogue import Column
from engine.book.cells import Manner, Unreadable, fold, is_blank, read_number, shown, trimmed
from engine.book.columns import Failures, check_limits, read_column, read_further_column, read_money_column
from engine.book.draft import Draft, empty_draft, listed
from engine.book.field import Kind
from engine.book.findings import Findings
from engine.book.raw import RawTable
from engine.book.tables import TABLES

Decimals = Callable[[list[Any]], int | list[int]]


def shape(name: str, raw: RawTable | None, findings: Findings, decimals: Decimals) -> Draft:
    """The typed table. `decimals` answers those of each row's currency, given its contract ids."""
    if raw is None:
        return empty_draft(name, list(TABLES[name].model_fields))
    if raw.refused:
        return _refused(name, raw)
    draft = Draft(name, {}, raw)
    draft.positions, further = match_headers(raw, findings)
    _read_cells(draft, findings, decimals)
    for position, header in further.items():
        draft.columns[header] = list(read_further_column(raw.columns[position], raw.manner))
        draft.positions[header] = position
        draft.further.append(header)
    return draft


def _refused(name: str, raw: RawTable) -> Draft:
    """A table that is there but could not be read: nothing can be said about its rows."""
    draft = empty_draft(name, list(TABLES[name].model_fields))
    draft.raw, draft.absent = raw, {column.field for column in catalogue.columns(name) if column.required}
    return draft


def match_headers(raw: RawTable, findings: Findings) -> tuple[dict[str, int], dict[int, str]]:
    """Known columns -> their position, and position -> name of the further ones; problems of the header are noted."""
    known = _known_headers(raw.name)
    positions: dict[str, int] = {}
    further: dict[int, str] = {}
    seen: dict[str, int] = {}
    for position, text in enumerate(map(trimmed, map(shown, raw.headers))):
        if not text:
            continue
        if fold(text) in seen:
            _note_duplicate(raw, seen[fold(text)], position, findings)
            continue
        seen[fold(text)] = position
        column = known.get(fold(text))
        if column is None:
            further[position] = text
        elif column.field in positions:
            _note_duplicate(raw, positions[column.field], position, findings)
        else:
            positions[column.field] = position
    _note_likeness(raw, positions, further, findings)
    return positions, further


def _known_headers(table: str) -> Mapping[str, Column]:
    columns = catalogue.columns(table)
    return {fold(name): column for column in columns for name in (column.field, column.name)}


def _note_duplicate(raw: RawTable, first: int, second: int, findings: Findings) -> None:
    where, other = raw.place.header(second), raw.place.header(first)
    findings.of_table(
        "duplicate-column",
        raw.name,
        where,
        f"{shown(raw.headers[second])}, as already in {other}",
        "Nobody can say which of the two counts. Delete or rename one.",
        second,
    )


def _note_likeness(raw: RawTable, positions: dict[str, int], further: dict[int, str], findings: Findings) -> None:
    """A misspelt name would silently leave a column out."""
    columns = catalogue.columns(raw.name)
    missing = {fold(column.name): column.name for column in columns if column.field not in positions}
    for position, text in further.items():
        near = difflib.get_close_matches(fold(text), missing, 1, 0.8)
        if near:
            findings.of_table(
                "column-looks-like",
                raw.name,
                raw.place.header(position),
                f"{text}, and no column {missing[near[0]]}",
                f"It is kept as a column of your own. If {missing[near[0]]} is meant, correct the name.",
                position,
            )


def _read_cells(draft: Draft, findings: Findings, decimals: Decimals) -> None:
    columns = catalogue.columns(draft.name)
    missing = [column for column in columns if column.required and column.field not in draft.positions]
    if missing:
        draft.absent = {column.field for column in missing}
        _note_missing(draft, missing, findings)
    for column in sorted(columns, key=lambda column: column.kind in (Kind.MONEY, Kind.PRICE)):
        if column.kind in (Kind.MONEY, Kind.PRICE) and draft.positions.keys() >= {column.field}:
            draft.decimals = _decimals_of(draft, decimals)
        _read_one_column(draft, column, findings)


def _decimals_of(draft: Draft, decimals: Decimals) -> int | list[int]:
    return decimals(draft.columns.get("contract_id", []))


def _note_missing(draft: Draft, missing: list[Column], findings: Findings) -> None:
    assert draft.raw is not None
    names = listed(column.name for column in missing)
    there = listed(text for text in map(trimmed, map(shown, draft.raw.headers)) if text)
    findings.of_table(
        "missing-column",
        draft.name,
        draft.raw.place.table(),
        f"no column {names}; there are {there or 'none'}",
        f"Every row of {draft.name} needs {'it' if len(missing) == 1 else 'them'}. Add the column to the header row.",
    )


def _read_one_column(draft: Draft, column: Column, findings: Findings) -> None:
    assert draft.raw is not None
    position = draft.positions.get(column.field)
    if position is None:
        draft.columns[column.field] = [column.default_value] * len(draft)
        return
    found = draft.raw.columns[position]
    values, failures = _typed(draft, column, found, draft.raw.manner)
    draft.columns[column.field] = values
    for row, reason in failures:
        findings.of_cell(reason.name, draft, row, column.field, reason.remedy)
    if column.required:
        _note_blank(draft, column, values, findings)
    elif column.default_value is not None and None in values:
        draft.columns[column.field] = [column.default_value if value is None else value for value in values]


def _typed(draft: Draft, column: Column, found: Any, manner: Manner) -> tuple[list[Any], Failures]:
    if column.kind is Kind.PRICE:
        return _read_prices(draft, found, manner)
    if column.kind is not Kind.MONEY:
        return read_column(column, found, manner)
    values, failures = read_money_column(found, manner, draft.decimals)
    if column.at_least is not None and any(value is not None and value < column.at_least for value in values):
        for row, value in enumerate(values):
            try:
                check_limits(column, value if value is not None else column.at_least)
            except Unreadable as reason:
                failures.append((row, reason))
    return values, failures


def _read_prices(draft: Draft, found: Any, manner: Manner) -> tuple[list[Any], Failures]:
    """Prices of events: of one unit, exact, for `use`; money for the others."""
    types = draft.columns["type"]
    values, failures = read_money_column(found, manner, draft.decimals)
    failed = {row: reason for row, reason in failures if types[row] not in ("use", None)}  # None: told at the type
    for row, type in enumerate(types):
        if type == "use":
            try:
                values[row] = read_number(found[row], manner)
            except Unreadable as reason:
                values[row], failed[row] = None, reason
    return values, sorted(failed.items())


def _note_blank(draft: Draft, column: Column, values: list[Any], findings: Findings) -> None:
    assert draft.raw is not None
    if None not in values:
        return
    found = draft.raw.columns[draft.positions[column.field]]
    for row, value in enumerate(values):
        if value is None and is_blank(found[row]):
            example = f", as {column.example}" if column.example else ""
            findings.of_cell(
                "missing-cell",
                draft,
                row,
                column.field,
                f"{column.help}: without it the row cannot be used. Fill it in{example}.",
            )
