"""The tree in docs/architecture.md, made from the first sentences of the modules' docstrings: `python -m
tests.documented_tree`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
FOLDERS = (
    "engine",
    "engine/book",
    "engine/book/checks",
    "engine/schedule",
    "engine/reports",
    "engine/reports/checks",
    "engine/sheets",
    "addin",
    "addin/command_line",
    "addin/formulas",
    "addin/excel",
    "addin/libreoffice",
    "addin/libreoffice/component",
    "addin/desktop",
    "addin/packaging",
    "workbook_templates",
)
_BEGIN, _END = "<!-- tree: made by python -m tests.documented_tree -->\n", "<!-- end of tree -->"
_WIDTH = 28


def sentence(file: Path) -> str:
    """The first sentence of a module."""
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return re.split(r"\.\s|\.$", text.split("\n\n")[0].replace("\n", " "))[0]


def tree() -> str:
    """Every folder and module with what it gives."""
    lines = []
    for folder in FOLDERS:
        lines.append(f"    {folder + '/':<{_WIDTH}}{sentence(ROOT / folder / '__init__.py')}".rstrip())
        for file in sorted((ROOT / folder).glob("*.py")):
            if not file.name.startswith("__"):
                lines.append(f"      {file.name:<{_WIDTH - 2}}{sentence(file)}".rstrip())
    return "\n" + "\n".join(lines) + "\n\n"


def page_with_tree(page: str) -> str:
    """The page with the tree between its marks."""
    before, rest = page.split(_BEGIN)
    return before + _BEGIN + tree() + _END + rest.split(_END)[1]


if __name__ == "__main__":
    PAGE.write_text(page_with_tree(PAGE.read_text("utf-8")), "utf-8")
