"""What is in a bundle: all it needs, no window in the console program, nothing under a license it may not have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from addin.packaging.contents import GUI, UNUSED, leaks
from engine.version import VERSION

from .programs import Programs

NOT_OURS = re.compile(r"^xlwings\.(pro|server|rest|reports|ext|xlwingslib)\b")
STRAYS = re.compile(
    r"Qt6?(Quick|Qml|Network|WebEngine|Pdf|Svg|Sql|Charts)|opengl32sw|libreadline|libgdbm|pandas|pytest|ssl|crypto",
    re.IGNORECASE,
)


def modules(program: Path) -> set[str]:
    from PyInstaller.archive.readers import CArchiveReader  # there where bundles are made

    return set(CArchiveReader(str(program)).open_embedded_archive("PYZ.pyz").toc)


def files(programs: Programs) -> list[Path]:
    return [path.relative_to(programs.folder) for path in programs.folder.rglob("*") if path.is_file()]


def test_no_window_is_in_the_console_program(programs: Programs) -> None:
    found = modules(programs.folder / f"ratable{programs.ending}")
    assert "addin.command_line.verbs" in found
    assert not leaks(found, GUI)


def test_each_program_has_what_it_runs(programs: Programs) -> None:
    window = modules(programs.folder / f"RatableDesktop{programs.ending}")
    assert {"addin.desktop", "addin.actions", "PySide6"} <= window
    console = modules(programs.folder / f"ratable{programs.ending}")
    assert {"addin.excel.serving", "addin.libreoffice.answering", "addin.formulas.balances"} <= console
    assert ("addin.excel.udf_server" in console) == bool(programs.ending)
    assert ("win32com.client" in window) == bool(programs.ending)  # a cell is shown in Excel through COM


@pytest.mark.parametrize("program", ["ratable", "RatableDesktop"])
def test_nothing_under_another_license_and_nothing_unused_is_inside(programs: Programs, program: str) -> None:
    found = modules(programs.folder / f"{program}{programs.ending}")
    assert not [name for name in found if NOT_OURS.match(name)]
    assert not leaks(found, UNUSED)
    assert not [path for path in files(programs) if STRAYS.search(path.name)]
    assert not [
        path for path in files(programs) if {"pro", "server", "ext"} & set(path.parts) and "xlwings" in path.parts
    ]


def test_a_key_of_xlwings_switches_nothing_on(programs: Programs) -> None:
    told = programs.run("ratable", "--version", XLWINGS_LICENSE_KEY="noncommercial", XLWINGS_ON_SERVER="true")
    assert told.out == f"ratable {VERSION}\n"


@pytest.mark.parametrize(
    "name",
    [
        "Ratable book.xlsx", "Ratable sample.xlsx", "Ratable.xlsm", "Ratable self-test.xlsm", "ratable.xlam",
        "Ratable.oxt", "csv/contracts.csv",
    ],
)  # fmt: skip
def test_what_people_start_from_is_inside(programs: Programs, name: str) -> None:
    made = Path(__file__).parents[2] / "workbook_templates" / name
    assert (programs.folder / "_internal" / "workbook_templates" / name).read_bytes() == made.read_bytes()


def test_the_guides_and_licenses_are_inside(programs: Programs) -> None:
    inside = programs.folder / "_internal"
    assert {"first-close.md", "install.md", "administrator.md"} <= {path.name for path in (inside / "docs").iterdir()}
    text = (inside / "licences" / "THIRD-PARTY.txt").read_text("utf-8")
    for words in ("Qt for Python", "numpy", "python-calamine", "Bootloader Exception", "LESSER GENERAL PUBLIC LICENSE"):
        assert words in text
    assert "You may replace them" in (inside / "licences" / "NOTICE-Qt.txt").read_text("utf-8")


def test_every_library_belongs_to_something_named_in_the_notices(programs: Programs) -> None:
    """The notices are made from the same lists as the bundle; here they are held against what lies in it."""
    text = (programs.folder / "_internal" / "licences" / "THIRD-PARTY.txt").read_text("utf-8").lower()
    heads = set(re.findall(r"^  ([\w.+-]+) \S+ +\S", text.split("=" * 100)[0], re.MULTILINE))
    packages = {re.split(r"\.|-\d", path.parts[1])[0].lower() for path in files(programs) if len(path.parts) > 2}
    ours = {"docs", "licences", "workbook_templates", "python3", "base_library", "python"}
    named = {re.sub(r"[-_]", "", head) for head in heads} | {"pyside6", "win32", "pywin32system32"}
    assert not {p for p in packages - ours if re.sub(r"[-_]", "", p) not in named}


def test_the_size_is_that_of_the_guide(programs: Programs) -> None:
    size = sum(path.stat().st_size for path in programs.folder.rglob("*") if path.is_file() and not path.is_symlink())
    assert size < (115e6 if programs.ending else 200e6)
