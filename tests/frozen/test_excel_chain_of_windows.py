"""The real DLL of xlwings starts ratable.exe, and formulas answer through COM: numbers, ranges, tables, errors."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from addin.excel import answering
from workbook_templates.sample import sample_rows

from .programs import ROOT, WindowsPrograms

pytestmark = pytest.mark.wine
PYTHON = "drive_c/python311/python.exe"
NOT_AVAILABLE = -2146826246
STOCK = "-B -c \"import sys, os;sys.path[0:0]=['x'];import xlwings.com_server; xlwings.serve('$(CLSID)')\""


def serial(day: str) -> float:
    return float((dt.date.fromisoformat(day) - dt.date(1899, 12, 30)).days)


def tables() -> list[list[Any]]:
    found = []
    for name, rows in sample_rows().items():
        headers = list(dict.fromkeys(column for row in rows for column in row))
        found.append([name, [headers, *([row.get(column) for column in headers] for row in rows)], name, 1, 1])
    return found


IDS = [["C-1002"], [None], [NOT_AVAILABLE], ["C-9"]]
CALLS: list[list[Any]] = [
    ["read", [tables(), False]],
    ["ask", ["DEFERRED_BALANCE", ["C-1002", serial("2026-03-31"), None, "BOOK"], False]],
    ["ask", ["CONTRACTED", ["C-1009", None, None, "BOOK"], False]],
    ["ask", ["BACKLOG", [IDS, [[serial("2026-01-31"), "2026-03"]], None, "BOOK"], False]],
    ["ask", ["JOURNAL", ["C-1002", "2026-01", "2026-03", None, "BOOK"], False]],
    ["ask", ["RPO_BANDS", ["C-1002", serial("2026-03-31") - 1462, None, "BOOK"], True]],
    ["ask", ["BACKLOG", ["Müller ß", None, None, "BOOK"], False]],
    ["ask", ["BACKLOG", ["C-1002", "June", None, "BOOK"], False]],
    ["ask", ["NO_SUCH", [], False]],
    ["read", [[], False]],
]  # fmt: skip


def here() -> list[Any]:
    """The answers of the sources."""

    def rows(value: Any) -> Any:
        return tuple(map(rows, value)) if isinstance(value, list) else value

    text = None
    found = []
    for method, arguments in CALLS:
        values = list(rows(arguments))
        if method == "ask":
            values[1] = tuple(text if each == "BOOK" else each for each in values[1])
        answer = getattr(answering, method)(*values)
        text = text or answer
        found.append(json.loads(json.dumps(answer)))
    return found


def asked(programs: WindowsPrograms, words: str) -> dict[str, Any]:
    """What Excel is told by a program started with some words."""
    calls = programs.home / "calls.json"
    calls.write_text(json.dumps(CALLS), "utf-8")
    bridge = programs.folder / "_internal" / "xlwings64-0.37.8.dll"
    program = f'"{programs.named(programs.folder / "ratable.exe")}" {words}'
    python = Path(programs.home.parents[1], PYTHON)
    told = programs.run(str(python), ROOT / "tests" / "frozen" / "excels_part.py", bridge, program, calls)
    assert told.out.startswith("{"), told
    found: dict[str, Any] = json.loads(told.out.splitlines()[0])
    return found


@pytest.mark.parametrize("words", ["udf-server $(CLSID)", STOCK], ids=["own", "stock"])
def test_formulas_answer_through_com_as_the_sources_do(wine: WindowsPrograms, words: str) -> None:
    told = asked(wine, words)
    assert "failed" not in told
    for call, answer, expected in zip(CALLS, told["answers"], here(), strict=True):
        assert answer == expected, call[1][0]
    print(f"\nserver ready after {told['started']:.2f} s, a call {told['each'] * 1000:.2f} ms")
    assert told["ended"] == 0


def test_nothing_but_the_class_id_of_the_stock_command_is_taken(wine: WindowsPrograms) -> None:
    mark = wine.home / "executed.txt"
    code = f"open(r'{wine.named(mark)}', 'w').close()"
    told = wine.run("ratable", "-B", "-c", code)
    assert told.code == 2
    assert "class id" in told.err
    assert not mark.exists()


def test_the_server_ends_with_the_one_who_started_it(wine: WindowsPrograms) -> None:
    import subprocess
    import time

    asked(wine, "udf-server $(CLSID)")
    for _ in range(50):
        running = subprocess.run(["pgrep", "-f", r"Ratable.ratable\.exe"], capture_output=True, check=False).stdout
        if not running:
            return
        time.sleep(0.1)
    raise AssertionError("ratable.exe still runs")
