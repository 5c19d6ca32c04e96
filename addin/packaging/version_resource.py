"""What Windows shows under Properties, Details of a program: name, version, whose it is."""

from __future__ import annotations

from typing import Any

from engine.version import VERSION


def version_resource(program: str, about: str) -> Any:
    """PyInstaller's form of the resource; only on Windows can it be written."""
    from PyInstaller.utils.win32 import versioninfo as parts

    numbers = (*map(int, VERSION.split(".")), 0)
    texts = {
        "CompanyName": "Ratable", "FileDescription": about, "FileVersion": VERSION, "InternalName": program,
        "OriginalFilename": f"{program}.exe", "ProductName": "Ratable", "ProductVersion": VERSION,
    }  # fmt: skip
    english = parts.StringTable("040904B0", [parts.StringStruct(name, text) for name, text in texts.items()])
    return parts.VSVersionInfo(
        ffi=parts.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[parts.StringFileInfo([english]), parts.VarFileInfo([parts.VarStruct("Translation", [1033, 1200])])],
    )
