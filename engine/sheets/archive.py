"""The zip file a workbook is: every part dated alike, and each sheet's rows put where openpyxl left room for them.

openpyxl writes each part through this class. Parts carry one fixed date and no trace of the system, so the same pack
gives the same bytes; a sheet's few placeholder rows are exchanged for the finished rows while it is copied in, in
blocks, so that a long sheet never stands in memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Protocol
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_BLOCK = 1 << 18

# Numbers stored as text (contract ids) and dates above a foot (headers) are meant; green triangles would say otherwise.
_MEANT = '<ignoredErrors><ignoredError sqref="{0}" numberStoredAsText="1" formulaRange="1"/></ignoredErrors>'
_AFTER_MEANT = ("<drawing ", "<legacyDrawing ", "<tableParts", "</worksheet>")


class Rows(Protocol):
    """The finished rows of a sheet."""

    @property
    def extent(self) -> str:
        """The range they fill, as A1:P60."""

    def parts(self) -> list[IO[bytes]]:
        """The `<row>` elements, one file after the other, each at its beginning."""


class Archive:
    """Stands for the ZipFile openpyxl expects; knows the few things openpyxl asks of it."""

    def __init__(self, target: IO[bytes], rows: Mapping[str, Rows]) -> None:
        self._zip = ZipFile(target, "w", ZIP_DEFLATED, allowZip64=True, compresslevel=6)
        self._rows = rows

    def writestr(self, name: str, content: str | bytes) -> None:
        self._zip.writestr(_entry(name), content)

    def write(self, filename: str, arcname: str) -> None:
        """Copy in the sheet openpyxl wrote to `filename`, with the rows that belong to `arcname`."""
        rows = self._rows[arcname]
        before, _, rest = Path(filename).read_text("utf-8").partition("<sheetData>")
        after = rest.rpartition("</sheetData>")[2]
        cut = min(place for place in map(after.find, _AFTER_MEANT) if place >= 0)
        after = after[:cut] + _MEANT.format(rows.extent) + after[cut:]
        with self._zip.open(_entry(arcname), "w", force_zip64=True) as part:
            part.write(f"{before}<sheetData>".encode())
            for file in rows.parts():
                copyfileobj(file, part, _BLOCK)
            part.write(f"</sheetData>{after}".encode())

    def namelist(self) -> list[str]:
        return self._zip.namelist()

    def close(self) -> None:
        self._zip.close()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _FIXED_DATE)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0
    entry.external_attr = 0
    return entry
