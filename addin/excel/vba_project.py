"""vbaProject.bin: our modules as a VBA project, written by pyOpenVBA, a tool of the build alone."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from addin.excel.package import MAIN_PART, PROJECT_PART, content_type
from addin.excel.wrappers import wrappers

_VBA = Path(__file__).parent / "vba"
_WORKBOOK = "ThisWorkbook"
#: Modules written by hand, in the order the editor shows them.
_WRITTEN = ("RatableServer", "RatableBridge", "RatableRibbon")


def sources() -> dict[str, str]:
    """Every module's text, lines ending as the editor wants them."""
    texts = {name: (_VBA / f"{name}.bas").read_text("utf-8") for name in _WRITTEN}
    texts["RatableFunctions"] = wrappers()
    texts[_WORKBOOK] = (_VBA / f"{_WORKBOOK}.cls").read_text("utf-8")
    return {name: text.replace("\n", "\r\n") for name, text in texts.items()}


def vba_project(workbook: bytes) -> bytes:
    """The project of a workbook: our modules, and an empty one for each of its sheets.

    workbook  an .xlsx whose sheets have code names
    """
    from pyopenvba import ExcelFile

    with TemporaryDirectory() as folder:
        before, after = Path(folder) / "before.xlsm", Path(folder) / "after.xlsm"
        before.write_bytes(_macro_enabled(workbook))
        with ExcelFile(before) as file:
            project = file.add_vba_project()
            for name, text in sources().items():
                if name == _WORKBOOK:
                    file.set_module(name, text)
                else:
                    project.add_module(name, text)
            file.save(after)
        with zipfile.ZipFile(after) as archive:
            return archive.read(PROJECT_PART)


def _macro_enabled(workbook: bytes) -> bytes:
    """The workbook with the content type pyOpenVBA asks for."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as given, zipfile.ZipFile(target, "w") as archive:
        for name in given.namelist():
            content = given.read(name)
            archive.writestr(
                name, content_type(content, MAIN_PART, "xlsm") if name == "[Content_Types].xml" else content
            )
    return target.getvalue()
