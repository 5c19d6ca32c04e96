"""The zip file a workbook with macros is: an .xlsx of openpyxl's with project, ribbon and dynamic arrays put in.

openpyxl can write none of the three. Every part has one fixed date, no trace of the system, and is stored as it is -
libraries of compression differ in their bytes -, so the same sources give the same file on any machine.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

Kind = Literal["xlsm", "xlam"]

MAIN_PART, PROJECT_PART = "xl/workbook.xml", "xl/vbaProject.bin"
_RIBBON_PART, _METADATA_PART = "customUI/customUI14.xml", "xl/metadata.xml"
_MAIN = {
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
}
_OVERRIDES = {
    PROJECT_PART: "application/vnd.ms-office.vbaProject",
    _METADATA_PART: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml",
}
_RELATIONS = {
    "xl/_rels/workbook.xml.rels": (
        ("rIdProject", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
        (
            "rIdMetadata",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata",
            "metadata.xml",
        ),
    ),
    "_rels/.rels": (
        ("rIdRibbon", "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility", _RIBBON_PART),
    ),
}
#: Cells with cm="1" are dynamic arrays: Excel lets them spill and shows no @ before the function.
_METADATA = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"><metadataTypes count="1">'
    '<metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" '
    'splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/>'
    '</metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst>'
    '<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext>'
    '</extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
)
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


def packed(workbook: bytes, kind: Kind, project: bytes, ribbon: str) -> bytes:
    """The workbook as an .xlsm or .xlam with macros, ribbon and the metadata of dynamic arrays."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as given, zipfile.ZipFile(target, "w") as archive:
        for name in given.namelist():
            content = given.read(name)
            if name == "[Content_Types].xml":
                content = _with_overrides(content_type(content, MAIN_PART, kind))
            archive.writestr(_entry(name), _with_relations(content, _RELATIONS.get(name, ())))
        for name, text in ((_METADATA_PART, _METADATA), (_RIBBON_PART, ribbon)):
            archive.writestr(_entry(name), text)
        archive.writestr(_entry(PROJECT_PART), project)
    return target.getvalue()


def content_type(types: bytes, part: str, kind: Kind) -> bytes:
    """[Content_Types].xml with the workbook's main part of another kind."""
    text = types.decode()
    found = re.search(rf'<Override (?=[^>]*PartName="/{part}")[^>]*/>', text)
    assert found is not None, f"no part {part}"
    return text.replace(found[0], _override(part, _MAIN[kind])).encode()


def _with_overrides(types: bytes) -> bytes:
    added = "".join(_override(part, kind) for part, kind in _OVERRIDES.items())
    return types.decode().replace("</Types>", f"{added}</Types>").encode()


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="/{part}" ContentType="{kind}"/>'


def _with_relations(content: bytes, relations: tuple[tuple[str, str, str], ...]) -> bytes:
    added = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{to}"/>' for key, kind, to in relations)
    return content.replace(b"</Relationships>", f"{added}</Relationships>".encode()) if added else content


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED_DATE)
    entry.compress_type = zipfile.ZIP_STORED
    entry.create_system = 0
    entry.external_attr = 0
    return entry
