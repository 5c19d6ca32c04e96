"""What goes into a bundle and what stays out: modules of each program, and of Qt what a window of widgets needs.

PyInstaller lists files as (name in the bundle, where it lies, kind); these functions cut such lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

Entry = tuple[str, str, str]

#: never in a bundle: what only builds and tests, and what packages would use if it happened to be there
UNUSED = (
    "addin.build", "addin.packaging", "addin.excel.vba_project", "addin.libreoffice.component.ratable_addin", "tests",
    "pyopenvba", "PyInstaller", "pip", "setuptools", "pkg_resources", "distutils", "wheel", "pytest", "_pytest",
    "hypothesis", "unittest", "doctest", "pydoc", "pydoc_data", "pdb", "lib2to3", "mypy", "IPython", "pygments",
    "pandas", "polars", "matplotlib", "plotly", "PIL", "lxml", "defusedxml", "yaml", "email_validator", "cryptography",
    "numpy.f2py", "numpy.distutils", "numpy.testing", "numpy.ctypeslib", "pydantic.v1", "pydantic.mypy",
    "tkinter", "_tkinter", "curses", "_curses", "Pythonwin", "win32ui", "dde",
    # under another license than the rest of xlwings, or useless without it
    "xlwings.pro", "xlwings.server", "xlwings.rest", "xlwings.reports", "xlwings.ext", "xlwings.xlwingslib",
    "xlwings.cli", "xlwings.quickstart", "xlwings.html",
    # GPL
    "readline", "dbm", "_gdbm", "_dbm",
    # nothing here talks to a network, so nothing needs what would encrypt it; hashlib has its digests without OpenSSL
    "ssl", "_ssl", "_hashlib", "nis", "http.server", "ftplib", "smtplib", "xmlrpc", "webbrowser",
)  # fmt: skip
GUI = ("PySide6", "shiboken6", "addin.desktop")
QT = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets")
EXCEL = (
    "xlwings",
    "win32com",
    "win32api",
    "win32con",
    "win32event",
    "pythoncom",
    "pywintypes",
    "addin.excel.udf_server",
)
#: found by name at run time, where no analysis sees them
EXCEL_BY_NAME = (
    "addin.excel.udf_server", "win32com.client.dynamic", "win32com.client.gencache", "win32com.server.policy",
    "win32com.server.util", "win32timezone",
)  # fmt: skip
GOING_TO_EXCEL_BY_NAME = ("pythoncom", "pywintypes", "win32com.client", "win32com.client.dynamic", "win32timezone")
FORMULAS_BY_NAME = "addin.formulas"

_QT_LIBRARIES = {"Core", "Gui", "Widgets", "XcbQpa", "DBus"}  # of these Gui needs DBus on Linux
_QT_PLUGINS = {"qwindows", "qoffscreen", "qxcb", "qmodernwindowsstyle", "qwindowsvistastyle", "qico"}
#: software rendering of OpenGL and its compiler: a window of widgets draws without
_QT_STRAYS = {"opengl32sw.dll", "d3dcompiler_47.dll"}
#: libraries that are opened by name, so that nothing seems to need them
_OPENED_BY_NAME = re.compile(r"^(lib)?python3|^xlwings|^(pythoncom|pywintypes)\d|^(vcruntime|msvcp)\d", re.IGNORECASE)


def wanted(name: str) -> bool:
    """Whether a file of Qt has a use here; every other file has."""
    path = PurePosixPath(name.replace("\\", "/"))
    if "PySide6" not in path.parts and not re.match(r"(lib)?Qt6", path.name):
        return path.name.lower() not in _QT_STRAYS
    if {"translations", "qml", "metatypes", "resources", "typesystems", "glue"} & set(path.parts):
        return False
    if "plugins" in path.parts:
        return re.split(r"\W", path.name.removeprefix("lib"))[0] in _QT_PLUGINS
    if library := re.match(r"(?:lib)?Qt6(\w+?)\.(?:so|dll)", path.name):
        return library.group(1) in _QT_LIBRARIES
    return path.name.lower() not in _QT_STRAYS


def reached(entries: Iterable[Entry], needs: Callable[[str], Iterable[str]]) -> list[Entry]:
    """The libraries that something kept needs: extension modules, plugins, what is opened by name, and theirs.

    needs  the names of the libraries that the file at a path needs
    """
    entries = list(entries)
    files = [entry for entry in entries if entry[2] != "SYMLINK"]
    by_name = {PurePosixPath(entry[0].replace("\\", "/")).name.lower(): entry for entry in files}
    todo = [entry for entry in entries if _root(entry)]
    found: set[str] = set()
    while todo:
        entry = todo.pop()
        if entry[0] in found:
            continue
        found.add(entry[0])
        names = (PurePosixPath(name.replace("\\", "/")).name.lower() for name in needs(entry[1]))
        todo += [by_name[name] for name in names if name in by_name]
    kept = {PurePosixPath(name.replace("\\", "/")).name for name in found}
    links = {e[0] for e in entries if e[2] == "SYMLINK" and PurePosixPath(e[0].replace("\\", "/")).name in kept}
    return [entry for entry in entries if entry[0] in found | links]


def _root(entry: Entry) -> bool:
    path = PurePosixPath(entry[0].replace("\\", "/"))
    return entry[2] == "EXTENSION" or "plugins" in path.parts or bool(_OPENED_BY_NAME.match(path.name))


def leaks(names: Iterable[str], forbidden: Iterable[str]) -> list[str]:
    """Modules and files among some names that a program must not have, given modules it must not have."""
    prefixes = tuple(forbidden)
    dotted = ((name, name.replace("\\", "/").replace("/", ".")) for name in names)
    return sorted(name for name, module in dotted if any(module == p or module.startswith(p + ".") for p in prefixes))
