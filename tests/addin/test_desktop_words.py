"""What the window is made of that needs no screen: colors, words, what it remembers, where it goes in Excel."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from addin import actions
from addin.desktop import main
from addin.desktop.memory import NAMES, Memory, config_file
from addin.desktop.palette import DARK, LIGHT, MARKS, TEXTS, Palette, contrast, names
from addin.desktop.words import cell_of, heading, moment_name, money, rounded
from addin.excel.going import go_to
from engine.version import VERSION
from workbook_templates import sample_book

from .windows import ComError

# -- colors ------------------------------------------------------------------------------------------------------------


def test_contrast_is_what_the_web_guidelines_say() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#abcdef", "#abcdef") == 1


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_its_ground_and_every_mark_be_seen(palette: Palette) -> None:
    for least, pairs in ((4.5, TEXTS), (3.0, MARKS)):
        for front, ground in pairs:
            ratio = contrast(getattr(palette, front), getattr(palette, ground))
            assert ratio >= least, f"{front} on {ground}: {ratio:.2f}"
    for band in palette.bands:
        assert contrast(band, palette.card) >= 3


def test_every_color_of_a_text_or_mark_is_held_to_it() -> None:
    grounds = {"paper", "card", "line", "hot", "chosen", "head", "total", "today", "press_hot"}
    grounds |= {name for name in names() if name.endswith("_fill")}
    assert set(names()) - grounds <= {front for front, _ in chain(TEXTS, MARKS)}


# -- words -------------------------------------------------------------------------------------------------------------


def test_money_is_exact_at_any_size() -> None:
    assert money(123_456_789_012_345_678, 2) == "1,234,567,890,123,456.78"
    assert [money(n, 2) for n in (-5, 0, 100)] == ["(0.05)", "–", "1.00"]
    assert [money(1234, decimals) for decimals in (0, 3)] == ["1,234", "1.234"]


def test_figures_of_an_axis_are_short() -> None:
    assert [rounded(n, 2) for n in (150_000_00, 2_500_000_00, 12_00, 3_000_000_000_00)] == ["150k", "2.5m", "12", "3bn"]


def test_months_and_days_are_said_in_words() -> None:
    assert moment_name(date(2026, 2, 28), "month") == "February 2026"
    assert moment_name(date(2026, 2, 27), "month") == "27 February 2026"
    assert moment_name(date(2026, 2, 28), "4-4-5") == "28 February 2026"
    said = ["2026-03", "2026-03 rest", "2026-13", "before", "thereafter"]
    assert [heading(name) for name in said] == ["Mar 2026", "Mar 2026 (rest)", "2026-13", "Earlier", "Thereafter"]
    assert heading("before", measure="balance") == "Opening"
    assert heading("2026-03", "4-4-5") == "2026-03"


def test_a_cell_is_found_in_what_a_problem_says() -> None:
    assert cell_of("Obligations!F14") == ("Obligations", "F14")
    assert cell_of("Billings!$B$88, Billings!B90") == ("Billings", "B88")
    assert cell_of("obligations.csv:14 end") is None
    assert cell_of("") is None


# -- what is remembered ------------------------------------------------------------------------------------------------


def test_the_file_is_where_each_system_keeps_such_things() -> None:
    assert config_file({"APPDATA": "/u/Roaming"}, "win32") == Path("/u/Roaming/Ratable/desktop.json")
    assert config_file({"HOME": "/u"}, "darwin") == Path("/u/Library/Application Support/Ratable/desktop.json")
    assert config_file({"HOME": "/u"}, "linux") == Path("/u/.config/ratable/desktop.json")
    assert config_file({"HOME": "/u", "XDG_CONFIG_HOME": "/c"}, "linux") == Path("/c/ratable/desktop.json")


def test_what_is_remembered_comes_back(tmp_path: Path) -> None:
    memory = Memory.of(tmp_path / "new" / "desktop.json")
    memory.theme, memory.left_out, memory.open_packs = "dark", ["RPO"], False
    for number in range(12):
        memory.opened(tmp_path / f"{number}.xlsx")
    memory.opened(tmp_path / "7.xlsx")
    again = Memory.of(tmp_path / "new" / "desktop.json")
    assert [Path(name).stem for name in again.recent] == ["7", "11", "10", "9", "8", "6", "5", "4"]
    assert (again.theme, again.left_out, again.open_packs) == ("dark", ["RPO"], False)
    assert set(json.loads((tmp_path / "new" / "desktop.json").read_text("utf-8"))) == set(NAMES)
    again.forget()
    assert Memory.of(tmp_path / "new" / "desktop.json").recent == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[1]",
        b"null",
        b'{"recent": 5, "theme": "pink", "left_out": [1, null], "open_packs": 0}',
        b'{"recent": [["x"]], "theme": ["dark"]}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "desktop.json"
    file.write_bytes(content)
    memory = Memory.of(file)
    assert (memory.recent, memory.theme, memory.left_out, memory.open_packs) == ([], "system", [], True)
    memory.opened(tmp_path / "book.xlsx")
    assert len(Memory.of(file).recent) == 1


def test_a_folder_that_cannot_be_written_to_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    memory = Memory.of(tmp_path / "file" / "desktop.json")
    memory.opened(tmp_path / "book.xlsx")
    assert len(memory.recent) == 1


# -- the program -------------------------------------------------------------------------------------------------------


def test_the_version_is_told_without_loading_qt() -> None:
    code = (
        "import sys; from addin.desktop import main; main(['--version']); "
        "print([name for name in ('PySide6', 'numpy', 'openpyxl', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"ratable-desktop {VERSION}\n[]\n"


def test_wrong_usage_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--what"], ["one.xlsx", "two.xlsx"]):
        assert main(words) == 2
        assert "usage: ratable-desktop" in capsys.readouterr().err
    assert main(["--help"]) == 0


def test_without_qt_it_says_how_to_get_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "addin.desktop.program", None)
    monkeypatch.delattr("addin.desktop.program", raising=False)
    assert main([]) == 2
    assert 'pip install "ratable[desktop]"' in capsys.readouterr().err


def test_neither_command_line_nor_formulas_lead_to_the_window() -> None:
    code = (
        "import sys, addin.command_line.verbs, addin.formulas.catalogue as c, addin.actions; c.catalogue(); "
        "print([name for name in sys.modules if name.startswith(('PySide6', 'addin.desktop'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# -- actions of the window ---------------------------------------------------------------------------------------------


def test_a_book_can_be_closed_at_every_period_end_and_at_its_own_day(today: date) -> None:
    opened = actions.open_book(sample_book(), today)
    days = actions.closes(opened, today)
    assert (days[0], len(days)) == (date(2026, 11, 30), len(set(days)))
    signed = min(opened.schedule.book.contracts["signed_on"])
    assert (days[-1].year, days[-1].month) == (signed.year, signed.month)
    assert opened.book_day in days and days == sorted(days, reverse=True)


def test_progress_can_stop_the_reading_of_a_book(today: date) -> None:
    class Enough(Exception):
        pass

    told: list[tuple[str, int, int]] = []

    def tell(*step: Any) -> None:
        told.append(step)
        if step[0] == "compiling":
            raise Enough

    with pytest.raises(Enough):
        actions.open_book(sample_book(), today, progress=tell)
    assert [step[0] for step in told] == ["reading", "reading", "compiling"]


# -- going to a cell in Excel ------------------------------------------------------------------------------------------


class Excel:
    """Plays Excel: which workbook was opened, and where it was gone to."""

    def __init__(self, open_books: list[Path]) -> None:
        self.opened: list[str] = []
        self.went: list[str] = []
        self.Visible = False
        self.Workbooks = Books(self, open_books)

    def Goto(self, reference: str, scroll: bool) -> None:
        assert scroll
        self.went.append(reference)


class Books(list[Any]):
    def __init__(self, excel: Excel, open_books: list[Path]) -> None:
        super().__init__(self._book(str(path)) for path in open_books)
        self._excel = excel

    @staticmethod
    def _book(path: str) -> Any:
        def sheet(name: str) -> Any:
            if name != "Obligations":
                raise ComError("no such sheet")
            return SimpleNamespace(Range=lambda cell: f"{Path(path).name}:{name}!{cell}")

        return SimpleNamespace(FullName=path.upper(), Activate=lambda: None, Worksheets=sheet)

    def Open(self, path: str) -> Any:
        self._excel.opened.append(path)
        return self._book(path)


@pytest.fixture
def excel(monkeypatch: pytest.MonkeyPatch) -> Excel:
    played = Excel([])
    client = SimpleNamespace(Dispatch=lambda name: played if name == "Excel.Application" else None)
    quiet = SimpleNamespace(CoInitialize=lambda: None, CoUninitialize=lambda: None)
    for name, module in (
        ("win32com", SimpleNamespace(client=client)),
        ("win32com.client", client),
        ("pythoncom", quiet),
    ):
        monkeypatch.setitem(sys.modules, name, module)  # type: ignore[arg-type]
    return played


def test_a_workbook_that_is_not_open_is_opened_at_the_cell(excel: Excel, tmp_path: Path) -> None:
    book = tmp_path / "Revenue.xlsx"
    assert go_to(book, "Obligations", "F14")
    assert excel.Visible
    assert (excel.opened, excel.went) == ([str(book.resolve())], ["Revenue.xlsx:Obligations!F14"])


def test_a_workbook_that_is_open_is_only_turned_to(excel: Excel, tmp_path: Path) -> None:
    book = tmp_path / "Revenue.xlsx"
    excel.Workbooks.append(Books._book(str(book.resolve())))
    assert go_to(book, "Obligations", "F14")
    assert (excel.opened, excel.went) == ([], ["Revenue.xlsx:Obligations!F14"])


def test_where_excel_cannot_go_it_says_so(excel: Excel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not go_to(tmp_path / "Revenue.xlsx", "Gone", "A1")
    monkeypatch.setitem(sys.modules, "win32com.client", None)  # type: ignore[arg-type]
    assert not go_to(tmp_path / "Revenue.xlsx", "Obligations", "F14")
