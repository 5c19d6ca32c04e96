"""The close pack as a workbook: the file a controller hands to the auditor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.sheets import words
from engine.sheets.balances_sheet import ContractBalances
from engine.sheets.binder import Binder, Foot, Progress
from engine.sheets.checks_sheet import ChecksSheet, in_order_of_sheets
from engine.sheets.contents_sheet import ContentsSheet
from engine.sheets.costs_sheet import ContractCosts
from engine.sheets.currency_sheet import CurrencySheet
from engine.sheets.disclosure_sheet import Disclosure
from engine.sheets.formulas import Formula, Ref, link
from engine.sheets.journal_sheet import Journal
from engine.sheets.judgments_sheet import Judgments
from engine.sheets.pack import Pack
from engine.sheets.page import day_in_words
from engine.sheets.revenue_sheet import RevenueSchedule
from engine.sheets.rollforward_sheet import BACKLOG_LINES, DEFERRED_LINES, RollForward
from engine.sheets.rpo_sheet import RpoSheet
from engine.sheets.sheet import LIGHT_ROW, Heading, Sheet
from engine.sheets.styles import BLUE, NAVY, SKY
from engine.sheets.summary_sheet import Summary
from engine.sheets.tie_out_sheet import TieOut
from engine.sheets.waterfall_sheets import BacklogWaterfall, DeferredWaterfall

_TABS = {words.CONTENTS: NAVY, words.CHECKS: NAVY, words.SUMMARY: BLUE}


def write_pack(pack: Pack, path: Path, progress: Progress | None = None) -> None:
    """Write `pack` to `path`, whole or not at all.

    progress  called as progress(sheet, rows done, rows in all) while sheets are written; raise in it to cancel
    raises    TooManyRows if a sheet would not fit; FileInUse if `path` is open in Excel; FolderNotWritable. In every
              case, as after a cancel, no partial file is left and a file that was there is as it was.
    """
    title = f"{pack.entity} - {pack.title}" if pack.entity else pack.title
    foot = Foot(
        f"Ratable {pack.version} · {title}", f"Book {pack.fingerprint[:16]} · {day_in_words(pack.as_of)}", pack.paper
    )
    with Binder(title, f"As of {pack.as_of.isoformat()}", pack.prepared_on, foot, progress) as binder:
        binder.expect(sum(len(table.rows) for table in pack.tables) + len(pack.checks))
        for name in pack.sheets:
            binder.add(name, _heading(pack, name), _TABS.get(name, SKY))
        _fill(binder, pack)
        binder.save(path)


def _heading(pack: Pack, name: str) -> Heading:
    title, about = words.SHEETS[name]
    money = f"amounts in {pack.currencies[0]}" if pack.one_currency else "amounts in contract currency"
    parts = (pack.entity, pack.title, f"as of {day_in_words(pack.as_of)}", money)
    return Heading("  ·  ".join(part for part in parts if part), title, about)


def _fill(binder: Binder, pack: Pack) -> None:
    """Write the sheets in the order they need each other: totals first, the checks and the contents last."""
    sheet = binder.sheets
    # What others refer to comes with them, so a sheet that is there finds the totals it needs.
    balances: dict[str, dict[str, Ref]] = {}
    bands: dict[str, dict[str, Ref]] = {}
    if words.BALANCES in sheet:
        balances = ContractBalances(binder, sheet[words.BALANCES], pack).write()
    if words.RPO in sheet:
        bands = RpoSheet(binder, sheet[words.RPO], pack).write(balances["backlog"], balances["rpo"])
    others: dict[str, Callable[[Sheet], object]] = {
        words.SUMMARY: lambda own: Summary(binder, own, pack).write(balances, bands),
        words.DEFERRED_ROLL: lambda own: RollForward(
            binder, own, pack, pack.deferred_rollforward, DEFERRED_LINES
        ).write(balances["deferred"]),
        words.BACKLOG_ROLL: lambda own: RollForward(binder, own, pack, pack.backlog_rollforward, BACKLOG_LINES).write(
            balances["backlog"]
        ),
        words.DEFERRED_FALL: lambda own: DeferredWaterfall(binder, own, pack).write(balances["deferred"]),
        words.BACKLOG_FALL: lambda own: BacklogWaterfall(binder, own, pack).write(balances["backlog"]),
        words.REVENUE: lambda own: RevenueSchedule(binder, own, pack).write(),
        words.COSTS: lambda own: ContractCosts(binder, own, pack).write(),
        words.CURRENCY: lambda own: CurrencySheet(binder, own, pack).write(),
        words.TIE_OUT: lambda own: TieOut(binder, own, pack).write(),
        words.DISCLOSURE: lambda own: Disclosure(binder, own, pack).write(),
        words.JUDGMENTS: lambda own: Judgments(binder, own, pack).write(),
        words.JOURNAL: lambda own: Journal(binder, own, pack).write(),
    }
    for name, write in others.items():
        if name in sheet:
            write(sheet[name])
    in_order_of_sheets(binder)
    lit, differences = ChecksSheet(binder, sheet[words.CHECKS], pack).write()
    ContentsSheet(sheet[words.CONTENTS], pack).write(differences)
    _finish(binder, lit)


def _finish(binder: Binder, lit: Formula) -> None:
    """The heading of every sheet, with the check light: made on Checks, linked everywhere else."""
    there = Ref(words.CHECKS, 1, LIGHT_ROW, lit.value)
    for name, sheet in binder.sheets.items():
        sheet.finish(lit if name == words.CHECKS else link(there), None if name == words.CONTENTS else words.CONTENTS)
        if name != words.CHECKS:
            sheet.hyperlink(there.row, there.column, words.CHECKS)
