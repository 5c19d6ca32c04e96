"""What goes into a bundle, what its notices refuse, and how the installer lists what it brings."""

from __future__ import annotations

import struct
import zlib
from email.message import Message
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from addin.packaging import notices
from addin.packaging.contents import GUI, UNUSED, leaks, reached, wanted
from addin.packaging.icon import SIZES, icon, png
from addin.packaging.installer import NotCompiled, brought, compiled, listed
from addin.packaging.notices import NotToBeShipped, accepted, component_of


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6Core.so.6", "PySide6\\Qt6Widgets.dll", "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so", "PySide6/QtGui.abi3.so", "libxcb.so.1", "xlwings64-0.37.8.dll",
        "workbook_templates/Ratable.xlsm",
    ],
)  # fmt: skip
def test_what_a_window_of_widgets_needs_is_wanted(name: str) -> None:
    assert wanted(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6Network.so.6", "PySide6\\Qt6Quick.dll", "PySide6/plugins/tls/qopensslbackend.dll",
        "PySide6/Qt/plugins/platforms/libqeglfs.so", "PySide6/Qt/translations/qt_de.qm", "PySide6/opengl32sw.dll",
        "PySide6/Qt/qml/QtQuick/qmldir",
    ],
)  # fmt: skip
def test_the_rest_of_qt_is_not(name: str) -> None:
    assert not wanted(name)


def test_libraries_stay_if_something_that_stays_needs_them() -> None:
    entries = [
        ("a.so", "/a.so", "EXTENSION"), ("liba.so.1", "/liba.so.1", "BINARY"),
        ("sub/liba.so.1", "liba.so.1", "SYMLINK"),
        ("libdeep.so", "/libdeep.so", "BINARY"), ("libgtk.so", "/libgtk.so", "BINARY"),
        ("pywin32_system32\\pythoncom311.dll", "/p.dll", "BINARY"), ("xlwings32-0.37.8.dll", "/x.dll", "BINARY"),
    ]  # fmt: skip
    needs = {"/a.so": ["liba.so.1"], "/liba.so.1": ["/usr/lib/libdeep.so", "libc.so.6"], "/libgtk.so": ["libdeep.so"]}
    kept = [name for name, _, _ in reached(entries, lambda path: needs.get(path, []))]
    assert kept == [name for name, _, _ in entries if name != "libgtk.so"]


def test_a_leak_is_a_module_or_file_of_what_must_not_be_there() -> None:
    names = [
        "addin.actions",
        "PySide6.QtCore",
        "PySide6/QtGui.abi3.so",
        "addin.desktop",
        "PySide6x",
        "xlwings.pro.udfs",
    ]
    assert leaks(names, GUI) == ["PySide6.QtCore", "PySide6/QtGui.abi3.so", "addin.desktop"]
    assert leaks(names, UNUSED) == ["xlwings.pro.udfs"]


@pytest.mark.parametrize(
    "expression",
    ["MIT", "BSD-3-Clause AND 0BSD AND Zlib", "MIT OR GPL-3.0-only", "(Apache-2.0 OR MIT) AND BSD-3-Clause", "PSF-2.0"],
)
def test_permissive_licenses_are_accepted(expression: str) -> None:
    assert accepted(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "GPL-3.0-only",
        "MIT AND GPL-2.0-or-later",
        "CC-BY-NC-4.0",
        "PolyForm-Noncommercial-1.0.0",
        "AGPL-3.0 OR SSPL-1.0",
    ],
)
def test_others_are_not(expression: str) -> None:
    assert not accepted(expression)


class Distribution:
    """A package as importlib.metadata shows it."""

    def __init__(self, folder: Path, expression: str, *texts: str) -> None:
        self.metadata, self.version = Message(), "1.0"
        self.metadata["Name"], self.metadata["License-Expression"] = "Some_Package", expression
        place = folder / "some_package-1.0.dist-info" / "licenses"
        place.mkdir(parents=True)
        for name in texts:
            (place / name).write_text(f"text of {name}")
        self.files = [self._file(path) for path in place.iterdir()]

    def _file(self, path: Path) -> Any:
        file = PurePosixPath(path)

        class Named(PurePosixPath):
            def locate(self) -> Path:
                return path

        return Named(file)


def of(monkeypatch: pytest.MonkeyPatch, found: Distribution) -> notices.Component:
    monkeypatch.setattr(notices, "distributions", lambda: [found])
    notices._of_distribution.cache_clear()
    try:
        return notices._of_distribution("some-package")
    finally:
        notices._of_distribution.cache_clear()


def test_a_package_is_named_with_every_text_it_brings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    component = of(monkeypatch, Distribution(tmp_path, "MIT", "LICENSE", "NOTICE.txt", "README"))
    assert "Some_Package 1.0" in str(component)
    assert "text of LICENSE" in str(component)
    assert "text of NOTICE.txt" in str(component)
    assert "README" not in str(component)


def test_a_package_without_a_text_cannot_be_shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(NotToBeShipped, match="some-package comes without the text of its license"):
        of(monkeypatch, Distribution(tmp_path, "MIT"))


def test_nor_can_one_of_the_gpl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(NotToBeShipped, match=r"is under 'GPL-3\.0-only'"):
        of(monkeypatch, Distribution(tmp_path, "GPL-3.0-only", "COPYING"))


def test_nor_can_a_file_that_belongs_to_nothing_known(tmp_path: Path) -> None:
    with pytest.raises(NotToBeShipped, match=r"mystery\.so"):
        component_of(tmp_path / "mystery.so")


def test_our_own_files_need_no_notice_and_those_of_packages_do() -> None:
    import openpyxl

    assert component_of(Path(notices.__file__)) is None
    found = component_of(Path(openpyxl.__file__))
    assert found is not None
    assert (found.name, found.license) == ("openpyxl", "MIT")


def test_the_icon_holds_a_picture_of_every_size() -> None:
    made = icon()
    reserved, kind, count = struct.unpack_from("<HHH", made)
    assert (reserved, kind, count) == (0, 1, len(SIZES))
    for number, size in enumerate(SIZES):
        width, height, _, _, _, bits, length, place = struct.unpack_from("<BBBBHHII", made, 6 + 16 * number)
        assert (width, height, bits) == (size % 256, size % 256, 32)
        assert made[place : place + length] == png(size)
        assert struct.unpack_from(">II", made, place + 16) == (size, size)
        rows = zlib.decompress(made[made.index(b"IDAT", place) + 4 :][: length - 57])
        assert len(rows) == size * (4 * size + 1)
        assert rows[4] < 32  # the corner is clear
        middle = (size // 2) * (4 * size + 1) + 1 + 4 * (size // 16)
        assert rows[middle + 3] == 255  # the side is not


def test_the_list_of_the_uninstaller_names_files_first_and_inner_folders_before_outer_ones() -> None:
    folders = [Path("docs"), Path("docs/pictures"), Path("empty")]
    text = listed([Path("a.dll"), Path("docs/pictures/x y.png")], folders)
    assert text == "a.dll\r\ndocs\\pictures\\x y.png\r\ndocs\\pictures\\\r\ndocs\\\r\nempty\\\r\n"


def test_the_installer_brings_files_in_an_order_of_its_own(tmp_path: Path) -> None:
    lines = brought(tmp_path, [Path("a.dll"), Path("docs/b.md")], tmp_path / "installed.txt").splitlines()
    assert lines[:4] == [
        'SetOutPath "$INSTDIR\\_internal.new"',
        f'File "{tmp_path}/_internal/a.dll"',
        'SetOutPath "$INSTDIR\\_internal.new\\docs"',
        f'File "{tmp_path}/_internal/docs/b.md"',
    ]
    assert [line.rsplit("/")[-1] for line in lines[-3:]] == ['ratable.exe"', 'RatableDesktop.exe"', 'installed.txt"']


@pytest.mark.parametrize("name", ["Bücher.xlsx", "$INSTDIR.txt"])
def test_a_name_that_the_uninstaller_could_mistake_is_refused(name: str) -> None:
    with pytest.raises(NotCompiled, match="cannot name"):
        listed([Path(name)], [])


def test_only_a_bundle_for_windows_makes_an_installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addin.packaging.installer.shutil.which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(NotCompiled, match=r"no bundle for Windows: ratable\.exe, RatableDesktop\.exe, _internal"):
        compiled(tmp_path, tmp_path / "Setup.exe")
    monkeypatch.setattr("addin.packaging.installer.shutil.which", lambda name: None)
    with pytest.raises(NotCompiled, match="install NSIS"):
        compiled(tmp_path, tmp_path / "Setup.exe")
    assert not list(tmp_path.iterdir())
