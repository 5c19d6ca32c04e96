"""THIRD-PARTY.txt: everything in a bundle that is not ours, with version, license and the text of it.

Made from what is really in the bundle. Making it fails where something comes from nowhere known, has no text, or has a
license under which it may not be in a program that is not under the GPL.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TEXTS = ROOT / "docs" / "licences"

_ACCEPTED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0",
    "ISC", "MIT", "PSF-2.0", "Unicode-3.0", "Unicode-DFS-2016", "Unlicense", "Zlib",
}  # fmt: skip
#: distributions that say it in other words, or leave a choice: what we take, and where the text is if not with them
_TAKEN: dict[str, tuple[str, tuple[str, ...]]] = {
    "pyside6-essentials": ("LGPL-3.0-only", ("NOTICE-Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt", "qt-third-party.txt")),
    "shiboken6": ("LGPL-3.0-only", ("NOTICE-Qt.txt",)),
    "pywin32": ("PSF-2.0", ()),
    "xlwings": ("BSD-3-Clause", ("LICENSE.txt",)),
    # its boot loader is in our programs; the exception lets them be under any license
    "pyinstaller": ("GPL-2.0-or-later WITH Bootloader-exception", ()),
}
#: Debian's packages of which a bundle for Linux carries libraries; their texts come with them
_LIBRARIES = {
    "MIT": r"libx(11|cb|kb|au|dmcp|ext|render)[\w.-]*|libffi\d|libexpat1|libfontconfig1|libbsd0|libbrotli1",
    "BSD-3-Clause": r"libuuid1|libpcre2-8-0|libmd0",
    "bzip2-1.0.6": r"libbz2-1\.0",
    "public domain": r"liblzma5|libsqlite3-0",
    "Zlib": r"zlib1g|libpng16-16",
    "FTL": r"libfreetype6",
    "AFL-2.1": r"libdbus-1-3",
    "LGPL-2.1 or later": r"libglib2\.0-0|libsystemd0|libgcrypt20|libgpg-error0|libcap2",
    "BSD-3-Clause or LZ4": r"liblz4-1|libzstd1",
    "GPL-3 or later WITH GCC-exception-3.1": r"libgcc-s1|libstdc\+\+6",
}
#: long texts that Debian keeps once for all packages
_COMMON, _REFERRED = Path("/usr/share/common-licenses"), ("LGPL-2.1", "GPL-3")
_RULE = "=" * 100


class NotToBeShipped(Exception):
    """Something in the bundle may not be there, or nobody knows what it is; the message says what."""


@dataclass(frozen=True)
class Component:
    """Something of somebody else.

    texts  (name, text) of each license text and notice
    """

    name: str
    version: str
    license: str
    texts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        parts = [_RULE, f"{self.name} {self.version}", f"License: {self.license}", _RULE, ""]
        return "\n".join([*parts, *(f"--- {name}\n\n{text.strip()}\n" for name, text in self.texts)])


def notices(sources: Iterable[str]) -> str:
    """The whole file.

    sources  where each file and module of the bundle lies on the machine that makes it
    raises   NotToBeShipped
    """
    wrong: list[str] = []
    found = {_python().name: _python()}
    for name in ("pyinstaller", *(source for source in sorted(set(sources)))):
        try:
            component = _of_distribution(name) if name == "pyinstaller" else component_of(Path(name))
        except NotToBeShipped as reason:
            wrong.append(str(reason))
            continue
        if component is not None:
            found[component.name] = component
    if wrong:
        raise NotToBeShipped("\n".join(sorted(set(wrong))))
    ordered = [found[name] for name in sorted(found, key=str.lower)]
    width = max(len(f"{item.name} {item.version}") for item in ordered)
    head = "Software of others in this program, and its licenses. Their texts follow in the same order."
    lines = [f"  {f'{item.name} {item.version}':<{width}}  {item.license}" for item in ordered]
    return "\n".join([head, "", *lines, "", *map(str, ordered)])


def component_of(path: Path) -> Component | None:
    """What a file belongs to; None for our own.

    raises NotToBeShipped
    """
    # libraries of packages lie within the folder of Python, and a virtual environment may lie within our own
    owner = _owners().get(_key(path))
    if owner is not None:
        return None if owner == "ratable" else _of_distribution(owner)
    if path.name.lower().startswith("xlwings"):  # pip puts its libraries beside Python itself
        return _of_distribution("xlwings")
    if "site-packages" in path.parts:
        raise NotToBeShipped(f"{path} belongs to no package")
    if path.is_relative_to(ROOT):
        return None
    if re.match(r"(vcruntime|msvcp)\d", path.name, re.IGNORECASE):
        return Component("Microsoft Visual C++ runtime", "14", "Distributable Code", (_text("microsoft-runtime.txt"),))
    if any(path.is_relative_to(Path(prefix).resolve()) for prefix in (sys.base_prefix, sys.prefix)):
        return _python()
    if sys.platform == "linux":
        return _of_debian(path)
    raise NotToBeShipped(f"{path} belongs to nothing known")


@cache
def _owners() -> dict[str, str]:
    """The distribution of every installed file."""
    return {
        _key(Path(str(file.locate()))): name
        for found in distributions()
        for name in (_plain(found.metadata["Name"]),)
        for file in found.files or ()
        if file.suffix != ".pyc"
    }


def _key(path: Path) -> str:
    return str(path.resolve()).lower()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _of_distribution(name: str) -> Component:
    found = next(each for each in distributions() if _plain(each.metadata["Name"]) == name)
    taken, given = _TAKEN.get(name, ("", ()))
    named = taken or _license(found)
    own = [file for file in found.files or () if _is_text(file.name) and ".dist-info" in str(file)]
    chosen = [file for file in own if not given or file.name in given]
    texts = [(f"{name}: {file.name}", Path(str(file.locate())).read_text("utf-8", "replace")) for file in chosen]
    texts += [_text(file) for file in given if (TEXTS / file).exists()]
    if not texts:
        raise NotToBeShipped(f"{name} comes without the text of its license: put it into {TEXTS}, and into notices.py")
    if not taken and not accepted(named):
        raise NotToBeShipped(f"{name} is under {named!r}, which is not among the accepted licenses")
    crates = _crates(found)
    if crates:
        texts += [(f"{name}: libraries compiled into it", crates), _text("Apache-2.0.txt")]
    return Component(found.metadata["Name"], found.version, named, tuple(texts))


def _is_text(name: str) -> bool:
    return bool(re.match(r"(licen[cs]e|copying|notice)", name, re.IGNORECASE)) and not name.startswith("LicenseRef-Qt")


def _license(found: Distribution) -> str:
    meta = found.metadata
    named = meta["License-Expression"] or meta["License"] or ""
    if not named or "\n" in named:
        kinds = [each.split(" :: ")[-1] for each in meta.get_all("Classifier") or () if each.startswith("License ::")]
        named = " AND ".join(kind.removesuffix(" License") for kind in kinds)
    return named


def accepted(expression: str) -> bool:
    """Whether each part, or of a choice one alternative, is a license we may ship under."""
    parts = re.sub(r"[()]", " ", expression)
    return bool(parts.strip()) and all(
        any(choice.strip() in _ACCEPTED for choice in re.split(r"\bOR\b|/", part))
        for part in re.split(r"\bAND\b", parts)
    )


def _crates(found: Distribution) -> str:
    """Libraries in Rust, by the bill of materials that comes with a package."""
    lines = []
    for file in found.files or ():
        if not file.name.endswith(".cyclonedx.json") or _plain(found.metadata["Name"]) == "xlwings":
            continue  # the Rust part of xlwings belongs to what is left out
        for item in json.loads(Path(str(file.locate())).read_text("utf-8"))["components"]:
            names = [each.get("expression") or each["license"].get("id") for each in item.get("licenses", ())]
            named = " AND ".join(names)
            if not accepted(named):
                raise NotToBeShipped(f"{found.metadata['Name']} contains {item['name']} under {named!r}")
            lines.append(f"{item['name']} {item['version']}: {named} (source: https://crates.io/crates/{item['name']})")
    return "\n".join(sorted(set(lines)))


@cache
def _python() -> Component:
    places = (Path(os.__file__).parent / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt")
    own = next((path for path in places if path.exists()), None)
    if own is None:
        raise NotToBeShipped("this Python comes without the text of its license")
    number = ".".join(map(str, sys.version_info[:3]))
    return Component(
        "Python", number, "PSF-2.0", (("Python", own.read_text("utf-8")), _text("python-incorporated.txt"))
    )


def _of_debian(path: Path) -> Component:
    real = path.resolve()
    for name in (path, real, Path("/", *real.parts[2:])):
        asked = subprocess.run(["dpkg-query", "-S", str(name)], capture_output=True, text=True, check=False)
        if not asked.returncode:
            return _of_package(asked.stdout.split(":")[0])
    raise NotToBeShipped(f"{path} belongs to no package of Debian")


@cache
def _of_package(package: str) -> Component:
    named = next((name for name, names in _LIBRARIES.items() if re.fullmatch(names, package)), None)
    if named is None:
        raise NotToBeShipped(f"{package} is a library nobody has looked at: leave it out, or put it into notices.py")
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=True
    )
    texts = [(f"{package}: copyright", Path(f"/usr/share/doc/{package}/copyright").read_text("utf-8", "replace"))]
    if referred := next((name for name in _REFERRED if name in named), None):
        texts.append((f"{package}: {referred}", (_COMMON / referred).read_text("utf-8")))
    return Component(package, asked.stdout, named, tuple(texts))


def _text(name: str) -> tuple[str, str]:
    return name, (TEXTS / name).read_text("utf-8")
