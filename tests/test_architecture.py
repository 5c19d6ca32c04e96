"""The house keeps its order: who may import whom, where each library lives, and that the documented tree is the one
that is there."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .documented_tree import PAGE, page_with_tree

ROOT = Path(__file__).parent.parent
#: rooms in the order the data goes; a room imports only rooms before it
ROOMS = (
    "engine.version",
    "engine.book",
    "engine.schedule",
    "engine.reports",
    "engine.ledger",
    "engine.sheets",
    "workbook_templates",
    "addin",
)
#: where each library is at home
HOMES = {
    "pydantic": ("engine.book",),
    "python_calamine": ("engine.book",),
    "numpy": ("engine.schedule", "engine.reports"),
    # the workbook of macros is put together from the sheets of the engine
    "openpyxl": ("engine.sheets", "addin.excel.sample_tables"),
    "xlwings": ("addin.excel",),
    "pyopenvba": ("addin.excel.vba_project",),
    "PySide6": ("addin.desktop",),
    "PyInstaller": ("addin.packaging",),
    # threads take part in one computation, and end with it
    "concurrent": ("engine.schedule.side_by_side",),
    "uno": ("addin.libreoffice.component.ratable_addin",),
    "unohelper": ("addin.libreoffice.component.ratable_addin",),
}
#: what knows a clock, a locale, a screen or another program has no place in the engine
OUTSIDE = ("time", "locale", "curses", "tkinter", "socket", "urllib", "http", "subprocess", "threading", "asyncio")
TOP = {
    "pyproject.toml",
    "addin",
    "engine",
    "workbook_templates",
    "tests",
    "build.spec",
    "docs",
    "benchmarks",
    ".ci",
    "README.md",
    "LICENSE",
    ".gitignore",
    ".gitattributes",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in ("engine", "addin", "workbook_templates"):
        for file in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, ast.parse(file.read_text("utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


MODULES = list(modules())


def room(name: str) -> int | None:
    return next((n for n, prefix in enumerate(ROOMS) if name == prefix or name.startswith(prefix + ".")), None)


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_a_room_imports_only_rooms_before_it(name: str, tree: ast.Module) -> None:
    own = room(name)
    for other in imports(tree):
        theirs = room(other)
        if theirs is not None and own is not None:
            assert theirs <= own, f"{name} imports {other}"
        assert not other.startswith("tests"), f"{name} imports {other}"


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_each_library_has_its_home(name: str, tree: ast.Module) -> None:
    for other in imports(tree):
        homes = HOMES.get(other.split(".")[0])
        assert homes is None or any(name == home or name.startswith(home + ".") for home in homes), (
            f"{name} imports {other}"
        )


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_the_engine_knows_no_clock_and_no_world(name: str, tree: ast.Module) -> None:
    if not name.startswith("engine"):
        return
    assert not {other.split(".")[0] for other in imports(tree)} & set(OUTSIDE)
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not {call for call in calls if re.search(r"\b(today|now|utcnow)$", call)}, name


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_a_room_says_what_it_gives(name: str, tree: ast.Module) -> None:
    assert ast.get_docstring(tree), f"{name} has no docstring"


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [Path(line) for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_the_top_level_is_what_was_agreed() -> None:
    if found := {path.parts[0] for path in tracked()}:
        assert found <= TOP, found - TOP


def test_the_documented_tree_is_the_tree_that_is_there() -> None:
    page = PAGE.read_text("utf-8")
    assert page == page_with_tree(page), "docs/architecture.md is out of date: python -m tests.documented_tree"
