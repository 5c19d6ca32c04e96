"""Handing entries to the general ledger: a batch of a period as a file, recorded in the ledger of the book.

The file is written in full under a hidden name, then the batch is recorded, then the file takes its name: what was
handed over is recorded, and can be written again under the same id.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from addin.opened import Opened, Usage

if TYPE_CHECKING:
    from engine.reports.table import Table


def post(opened: Opened, period: str, by: str, at: str, target: Path) -> tuple[str, int] | None:
    """Write what the general ledger does not have yet of a period; returns id and number of lines, None if it has all.

    raises Usage, NoAccount, LedgerMoved, LedgerBusy, LedgerDamaged, NotWritten
    """
    from engine.ledger.batches import next_batch
    from engine.sheets.place import Draft

    calendar, end = opened.schedule.calendar, opened.day(period)
    number = calendar.period(end.toordinal())
    label = calendar.label(number)
    days = type(end).fromordinal(calendar.start(number)), type(end).fromordinal(calendar.end(number))
    if end != days[1] or opened.day_of(period, last=False) != days[0]:
        raise Usage(f"{period} is not one accounting period; batches are of one each, as {label}")
    found = next_batch(opened.ledger, opened.history, label, days)
    if found is None:
        return None
    batch, lines = found
    draft = Draft(target, f".{target.stem}.{batch}{target.suffix}")
    try:
        _write(lines, draft.draft, batch)
        opened.ledger.post(label, days, by, at, {"batch": batch, "file": target.name, "digest": draft.digest}, lines)
        draft.place()
    finally:
        draft.discard()
    return batch, len(lines.rows)


def post_again(opened: Opened, batch: str, target: Path) -> int:
    """Write a batch that was handed over once more, under its id; returns the number of its lines.

    raises Usage, LedgerProblem, NotWritten
    """
    from engine.ledger.batches import found_batch
    from engine.ledger.ledger import JOURNAL

    lines = opened.ledger.table(found_batch(opened.ledger, batch), JOURNAL)
    _write(lines, target, batch)
    return len(lines.rows)


def _write(lines: Table, path: Path, batch: str) -> None:
    from addin.command_line.show import as_csv
    from engine.sheets.place import whole_file
    from engine.sheets.table_sheet import write_table

    if path.suffix.lower() == ".xlsx":
        write_table(lines, path, f"Batch {batch}")
    elif path.suffix.lower() == ".csv":
        with whole_file(path) as file:
            file.write(as_csv(lines).encode("utf-8"))
    else:
        raise Usage(f"a batch is a CSV file or a workbook: name it {path.with_suffix('.csv').name}")
