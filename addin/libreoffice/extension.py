"""Ratable.oxt: the extension of LibreOffice, made from the catalogue without anything of LibreOffice's own."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from addin.formulas.catalogue import catalogue
from addin.libreoffice.interface import SERVICE, configuration, idl
from engine.book.catalogue import table_names
from engine.version import VERSION

EXTENSION = "Ratable.oxt"
IDENTIFIER = "org.ratable.addin"
_COMPONENT = "ratable_addin.py"
_LIBRARY = "pythonpath/ratable_libreoffice"  # LibreOffice makes `pythonpath` beside a component importable
_MEDIA = {
    "CalcAddIns.xcu": "configuration-data",
    "XRatable.idl": "uno-typelibrary;type=RDB",
    "ratable.components": "uno-components",
}
_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
{entries}
</manifest:manifest>
"""
_ENTRY = '<manifest:file-entry manifest:full-path="{path}" manifest:media-type="application/vnd.sun.star.{kind}"/>'
_COMPONENTS = f"""<?xml version="1.0" encoding="UTF-8"?>
<components xmlns="http://openoffice.org/2010/uno-components">
<component loader="com.sun.star.loader.Python" uri="{_COMPONENT}">
<implementation name="{SERVICE}"><service name="{SERVICE}"/></implementation>
</component>
</components>
"""
_DESCRIPTION = f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006" \
xmlns:xlink="http://www.w3.org/1999/xlink" \
xmlns:lo="http://libreoffice.org/extensions/description/2011">
<identifier value="{IDENTIFIER}"/>
<version value="{VERSION}"/>
<display-name><name lang="en">Ratable</name></display-name>
<publisher><name xlink:href="" lang="en">Ratable</name></publisher>
<extension-description><src xlink:href="about.txt" lang="en"/></extension-description>
<dependencies><lo:LibreOffice-minimal-version value="25.2" lo:name="LibreOffice 25.2"/></dependencies>
</description>
"""
_ABOUT = """\
Deferred revenue and backlog by ASC 606 and IFRS 15 as formulas of Calc: DEFERRED_BALANCE, RPO, WATERFALL.
The figures are those of the program Ratable, which must be installed on this computer; nothing is sent anywhere.
"""
_LICENSE = """\
Ratable {version}. The extension is part of Ratable and used under the terms under which you have Ratable. It
contains nothing of others.
"""
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


def extension() -> bytes:
    """The extension as a file; every part stored as it is, with one date, so that it is the same on any machine."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in parts().items():
            entry = zipfile.ZipInfo(name, _FIXED_DATE)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_STORED, 0, 0
            archive.writestr(entry, text.encode())
    return target.getvalue()


def parts() -> dict[str, str]:
    """The files within."""
    manifest = "\n".join(_ENTRY.format(path=path, kind=kind) for path, kind in _MEDIA.items())
    texts = {
        "META-INF/manifest.xml": _MANIFEST.format(entries=manifest),
        "description.xml": _DESCRIPTION,
        "about.txt": _ABOUT,
        "license.txt": _LICENSE.format(version=VERSION),
        "CalcAddIns.xcu": configuration(),
        "XRatable.idl": idl(),
        "ratable.components": _COMPONENTS,
        "formulas.json": formulas(),
    }
    for file in sorted((Path(__file__).parent / "component").glob("*.py")):
        folder = "" if file.name == _COMPONENT else f"{_LIBRARY}/"
        texts[f"{folder}{file.name}"] = file.read_text("utf-8")
    return texts


def formulas() -> str:
    """What the component needs to know of each formula, and the names of the tables of a book, as JSON."""
    told = {
        formula.name: {
            "kinds": [str(argument.kind) for argument in formula.arguments],
            "result": formula.result,
            "takes_book": formula.takes_book,
        }
        for formula in catalogue().values()
    }
    return json.dumps({"tables": list(table_names()), "formulas": told}, indent=1) + "\n"
