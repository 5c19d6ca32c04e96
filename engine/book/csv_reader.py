"""A folder of CSV files as tables: one file a table, UTF-8, separated by commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.book import catalogue
from engine.book.cells import Manner, fold, trimmed
from engine.book.findings import Findings
from engine.book.numerals import NumberStyle
from engine.book.raw import FilePlace, RawTable, without_blank_rows
from engine.book.reading_problems import file_problem, note_table_names

_CELL_LIMIT = 1_000_000  # characters; more is a quotation mark that never ends
SEPARATORS = (",", ";", "\t")
Lines = list[tuple[int, list[str]]]


def read_folder(folder: Path, findings: Findings) -> dict[str, RawTable]:
    """The tables of a folder by name; what is wrong with its files is noted."""
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.casefold() == ".csv")
    except OSError as error:
        file_problem(findings, folder, error)
        return {}
    if not files:
        findings.of_file(
            "folder-without-tables",
            folder.name,
            f"{folder.name} has no CSV file",
            "A book of CSV files has at least contracts.csv and obligations.csv. Name the folder they are in, or a "
            "workbook.",
        )
        return {}
    by_name = {name.casefold(): name for name in catalogue.table_names()}
    chosen: dict[str, Path] = {}
    others: list[str] = []
    for file in files:
        name = by_name.get(file.stem.strip().casefold())
        if name is None:
            others.append(file.stem)
        elif name in chosen:
            _note_twice(name, chosen[name], file, findings)
        else:
            chosen[name] = file
    note_table_names(others, set(chosen), "file", findings)
    read = {name: _read_file(name, file, findings) for name, file in chosen.items()}
    return {name: raw for name, raw in read.items() if raw is not None}


def _note_twice(name: str, first: Path, second: Path, findings: Findings) -> None:
    findings.of_table(
        "duplicate-table",
        name,
        second.name,
        f"{second.name} beside {first.name}",
        "Nobody can say which of the two counts. Remove one from the folder.",
    )


def _read_file(name: str, file: Path, findings: Findings) -> RawTable | None:
    try:
        octets = file.read_bytes()
    except OSError as error:
        file_problem(findings, file, error, name)
        return _refused(name, file)
    text = decoded(name, file, octets, findings)
    if text is None:
        return _refused(name, file)
    separator = _separator(name, text)
    try:
        lines = parsed(text, separator)
    except csv.Error as error:
        findings.of_table(
            "csv-broken",
            name,
            file.name,
            str(error),
            "A quotation mark is probably not closed, so rows would run into each other. Correct it, or save the table "
            "anew.",
        )
        return _refused(name, file)
    return _table(name, file, lines, separator, findings)


def _refused(name: str, file: Path) -> RawTable:
    return RawTable(name, (), (), FilePlace(file.name, 1, (), ()), refused=True)


def _empty(name: str, file: Path, findings: Findings) -> RawTable | None:
    """An empty file is an absent table, unless the book needs it."""
    if not catalogue.is_required(name):
        return None
    columns = ",".join(column.name for column in catalogue.columns(name) if column.required)
    findings.of_table(
        "missing-header", name, file.name, f"{file.name} is empty", f"Its first row names the columns: {columns}."
    )
    return _refused(name, file)


def decoded(name: str, file: Path, octets: bytes, findings: Findings) -> str | None:
    """The text of a file that is UTF-8; what is not is noted of the table `name`."""
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets[: error.start].count(b"\n") + 1
        found = f"byte {octets[error.start]:02x} is no UTF-8"
        if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):
            found = "the file is UTF-16"
    else:
        line = text[: text.index("\0")].count("\n") + 1 if "\0" in text else 0
        if not line:
            return text
        found = "a byte of zero stands in the text"
    findings.of_table(
        "csv-encoding",
        name,
        f"{file.name}:{line}",
        found,
        'Names with accents would be garbled. Save it as "CSV UTF-8", or enter the rows in a workbook.',
    )
    return None


def parsed(text: str, separator: str) -> Lines:
    """The rows, each with the line it begins on.

    raises csv.Error
    """
    limit = csv.field_size_limit(_CELL_LIMIT)
    try:
        return list(_numbered(text, separator))
    finally:
        csv.field_size_limit(limit)


def _numbered(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    for row in reader:
        if not (begins == 1 and _names_separator(row)):
            yield begins, row
        begins = reader.line_num + 1


def _names_separator(row: list[str]) -> bool:
    """Is it Excel's own first line, which names the separator (`sep=;`)?"""
    return len(row) in (1, 2) and row[0].strip().casefold() in ("sep=", "sep=,", "sep=;", "sep=\t")


def _separator(name: str, text: str) -> str:
    """The separator that makes most sense of the header."""
    known = {fold(column.name) for column in catalogue.columns(name)}

    def sense(separator: str) -> int:
        try:
            reader = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=separator)
            rows: Iterable[list[str]] = itertools.islice(reader, 20)
            rows = (row for row in rows if len(row) > 1 and any(map(trimmed, row)))
            header = next((row for row in rows if not _names_separator(row)), [])
        except csv.Error:
            return 0
        return sum(fold(trimmed(cell)) in known for cell in header)

    return max(SEPARATORS, key=sense)  # of equals the first: the comma


def _table(name: str, file: Path, lines: Lines, separator: str, findings: Findings) -> RawTable | None:
    first = next((at for at, (_, row) in enumerate(lines) if any(map(trimmed, row))), None)
    if first is None:
        return _empty(name, file, findings)
    header_line, headers = lines[first]
    width = max(at for at, cell in enumerate(headers) if trimmed(cell)) + 1
    headers = headers[:width]
    rows = lines[first + 1 :]
    _note_extra_cells(name, file, rows, width, findings)
    columns, kept = without_blank_rows(_columns([row for _, row in rows], width), len(rows))
    place = FilePlace(file.name, header_line, headers, [rows[row][0] for row in kept])
    return RawTable(name, headers, columns, place, Manner(numbers=number_style(separator)))


def number_style(separator: str) -> NumberStyle:
    """A file separated by commas has decimal points; any other may come from a country that writes commas."""
    return NumberStyle.POINT if separator == "," else NumberStyle.EITHER


def _columns(rows: list[list[str]], width: int) -> list[Sequence[object]]:
    if any(len(row) != width for row in rows):
        rows = [row[:width] + [""] * (width - len(row)) for row in rows]
    return [list(cells) for cells in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _note_extra_cells(name: str, file: Path, rows: Lines, width: int, findings: Findings) -> None:
    for line, row in rows:
        if len(row) > width and any(map(trimmed, row[width:])):
            findings.of_table(
                "csv-extra-cells",
                name,
                f"{file.name}:{line}",
                f"{len(row)} cells under {width} headers: {','.join(row)[:80]}",
                "A separator inside a cell (1,234.50) shifts all cells after it. Write it without, or in quotation "
                "marks.",
                line,
            )
