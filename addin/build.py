"""Writes everything made from the catalogue anew: `python -m addin.build`. The same sources give the same bytes."""

from __future__ import annotations

import sys
from pathlib import Path

from addin.excel.addin_file import ADDIN, addin_file
from addin.excel.package import Kind, packed
from addin.excel.ribbon_xml import ribbon_xml
from addin.excel.self_test import SELF_TEST, self_test
from addin.excel.template import TEMPLATE, template
from addin.excel.vba_project import vba_project
from addin.formulas.document import document
from addin.libreoffice.extension import EXTENSION, extension

ROOT = Path(__file__).parent.parent


def made() -> dict[str, bytes]:
    """Every file by its path in the repository."""
    workbooks: dict[str, tuple[bytes, Kind]] = {
        ADDIN: (addin_file(), "xlam"), TEMPLATE: (template(), "xlsm"), SELF_TEST: (self_test(), "xlsm"),
    }  # fmt: skip
    files = {
        f"workbook_templates/{name}": packed(workbook, kind, vba_project(workbook), ribbon_xml())
        for name, (workbook, kind) in workbooks.items()
    }
    return files | {f"workbook_templates/{EXTENSION}": extension(), "docs/formulas.md": document().encode()}


def main(folder: Path = ROOT) -> None:
    for name, content in made().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{name}  {len(content):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
