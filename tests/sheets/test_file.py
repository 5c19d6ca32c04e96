"""The file appears whole or not at all, is the same for the same pack, and never more than a spreadsheet holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.sheets import listing, sheet
from engine.sheets.errors import FileInUse, NoPlace, NotWritten, TooManyRows
from engine.sheets.place import whole_file
from engine.sheets.write import write_pack
from tests.sheets import made_up_pack, opened

_WRITE = """
import sys; from pathlib import Path
from engine.sheets.place import whole_file
from engine.sheets.write import write_pack
from tests.sheets import made_up_pack
write_pack(made_up_pack.pack(made_up_pack.DEALS_ABROAD), Path(sys.argv[1]))
"""


def test_the_same_pack_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    for number in range(2):
        seeded = os.environ | {"PYTHONHASHSEED": str(number), "TZ": ("UTC", "Asia/Tokyo")[number]}
        subprocess.run([sys.executable, "-c", _WRITE, str(tmp_path / f"{number}.xlsx")], check=True, env=seeded)
    assert (tmp_path / "0.xlsx").read_bytes() == (tmp_path / "1.xlsx").read_bytes()


def test_parts_of_the_file_bear_no_time_of_the_machine(tmp_path: Path) -> None:
    with ZipFile(opened.written(made_up_pack.pack(), tmp_path)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.testzip() is None


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("stage", ["Contract balances", "pack.xlsx"])
def test_a_cancel_leaves_an_earlier_file_and_nothing_else(
    error: type[BaseException], stage: str, tmp_path: Path
) -> None:
    path = tmp_path / "pack.xlsx"
    path.write_bytes(b"earlier")

    def cancel(name: str, done: int, total: int) -> None:
        if name == stage:
            raise error

    with pytest.raises(error):
        write_pack(made_up_pack.pack(), path, cancel)
    assert [file.name for file in tmp_path.iterdir()] == ["pack.xlsx"]
    assert path.read_bytes() == b"earlier"


def test_a_failure_while_the_file_is_put_together_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("openpyxl.writer.excel.ExcelWriter._write_charts", fail)
    with pytest.raises(OSError, match="disk full"):
        write_pack(made_up_pack.pack(), tmp_path / "pack.xlsx")
    assert not list(tmp_path.iterdir())


def test_an_earlier_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pack.xlsx"
    path.write_bytes(b"earlier")
    write_pack(made_up_pack.pack(), path)
    assert path.read_bytes()[:2] == b"PK"
    assert [file.name for file in tmp_path.iterdir()] == ["pack.xlsx"]


def test_a_file_open_in_excel_is_said_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(FileInUse, match=r"pack\.xlsx is open in another program, most likely Excel"):
        write_pack(made_up_pack.pack(), tmp_path / "pack.xlsx")
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_said_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(NoPlace, match="there is no folder"):
        write_pack(made_up_pack.pack(), tmp_path / "nowhere" / "pack.xlsx")


def test_a_folder_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "pack.xlsx").mkdir()
    with pytest.raises(NotWritten, match="is a folder"):
        write_pack(made_up_pack.pack(), tmp_path / "pack.xlsx")


def test_progress_names_the_sheet_and_reaches_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_pack(made_up_pack.pack(), tmp_path / "pack.xlsx", lambda *step: told.append(step))
    assert told[0][0] == "Contract balances"
    assert told[-1][0] == "pack.xlsx"
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert {total for _, _, total in told} == {told[-1][1]}


def test_long_sheets_report_while_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_BLOCK", 5)
    monkeypatch.setattr(sheet, "_BLOCK", 7)
    told: list[str] = []
    write_pack(made_up_pack.pack(), tmp_path / "pack.xlsx", lambda name, *_: told.append(name))
    assert told.count("Journal") == 5
    assert opened.values(tmp_path / "pack.xlsx")["Journal"].max_row == 32


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 30)
    with pytest.raises(TooManyRows, match=r"Backlog waterfall needs 11 rows; a spreadsheet has 1,048,576\."):
        write_pack(made_up_pack.pack(), tmp_path / "pack.xlsx")
    assert not list(tmp_path.iterdir())


def test_a_row_beyond_the_last_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 20)
    with pytest.raises(TooManyRows, match="needs more rows than a sheet holds"):
        write_pack(made_up_pack.pack(), tmp_path / "pack.xlsx")


def test_more_columns_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_COLUMNS", 10)
    with pytest.raises(TooManyRows, match="a sheet holds 10"):
        write_pack(made_up_pack.pack(), tmp_path / "pack.xlsx")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_or_device_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotWritten, match="is no file"), whole_file(tmp_path / "pipe"):
        pass
    assert (tmp_path / "pipe").is_fifo()


def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "pack.xlsx", tmp_path / "pack.xlsx"
    target.write_bytes(b"earlier")
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("links may not be made here")
    with whole_file(link) as file:
        file.write(b"later")
    assert link.is_symlink()
    assert target.read_bytes() == b"later"
