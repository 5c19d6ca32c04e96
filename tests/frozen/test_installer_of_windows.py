"""The installer under Wine: installs, upgrades, survives being ended, uninstalls, and touches nothing but ours."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.version import VERSION

from .programs import ROOT, WINE, Done, WindowsPrograms
from .test_excel_chain_of_windows import asked

pytestmark = pytest.mark.wine
SETUP = ROOT / "dist" / "windows" / "RatableSetup.exe"
EXCEL = r"HKCU\Software\Microsoft\Office\16.0\Excel"
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Ratable"
IN_USE = 3
#: add-ins of others, as Excel keeps them
OTHERS = {"OPEN": r'/R "C:\Others\solver.xlam"', "OPEN1": r'"C:\Others\plan Ä.xlam"'}


@dataclass
class Machine:
    """A person's Windows: the registry of Excel, the folder of Ratable, and what is done to both."""

    programs: WindowsPrograms
    folder: Path

    def system(self, program: str, *arguments: str) -> Done:
        drive = self.programs.home.parent
        return self.programs.run(str(drive / "windows" / "system32" / program), *arguments)

    def opened(self) -> dict[str, str]:
        """The add-ins that Excel opens, by name of their value."""
        told = self.system("reg.exe", "query", rf"{EXCEL}\Options").out
        return dict(re.findall(r"^ +(OPEN\d*) +REG_SZ +(.*)$", told, re.MULTILINE))

    def set_opened(self, values: dict[str, str]) -> None:
        self.system("reg.exe", "delete", EXCEL, "/f")
        for name, value in values.items():
            # reg reads a quotation mark that a backslash precedes as part of the value
            assert self.system("reg.exe", "add", rf"{EXCEL}\Options", "/v", name, "/d", value, "/f").code == 0
        assert self.opened() == values

    def install(self) -> Done:
        return self.programs.run(str(SETUP), "/S", patience=300)

    def uninstall(self) -> Done:
        told = self.programs.run(str(self.folder / "uninstall.exe"), "/S", patience=300)
        for _ in range(300):  # it goes on as a copy of itself, so that it can delete itself
            running = subprocess.run(
                ["pgrep", "-f", r"Un\.exe|Au_\.exe|Un_[A-Z]\.exe"], capture_output=True, check=False
            )
            if not running.stdout:
                return told
            time.sleep(0.1)
        raise AssertionError("the uninstaller does not end")

    @property
    def ours(self) -> str:
        return f'/R "{self.programs.named(self.folder)}\\_internal\\workbook_templates\\ratable.xlam"'

    def files(self) -> dict[str, int]:
        return {str(p.relative_to(self.folder)): p.stat().st_size for p in self.folder.rglob("*") if p.is_file()}


def bundle_files() -> dict[str, int]:
    bundle = ROOT / "dist" / "windows" / "Ratable"
    return {str(p.relative_to(bundle)): p.stat().st_size for p in bundle.rglob("*") if p.is_file()}


@pytest.fixture
def machine(wine: WindowsPrograms) -> Iterator[Machine]:
    """Without Ratable, with two add-ins of others."""
    users = wine.home.parent / "users"
    person = next(path for path in users.iterdir() if path.name != "Public")
    found = Machine(wine, person / "AppData" / "Local" / "Programs" / "Ratable")
    shutil.rmtree(found.folder, ignore_errors=True)
    found.set_opened(OTHERS)
    yield found
    if (found.folder / "uninstall.exe").exists():
        found.uninstall()
    shutil.rmtree(found.folder, ignore_errors=True)


def installed(machine: Machine) -> bool:
    """Whole, apart from what the installer adds."""
    found = machine.files()
    added = {"uninstall.exe", "_internal/installed.txt"}
    return {name: size for name, size in found.items() if name not in added} == bundle_files() and added <= set(found)


def test_it_installs_runs_from_excel_and_goes_again(machine: Machine) -> None:
    assert machine.install().code == 0
    assert installed(machine)
    assert machine.opened() == OTHERS | {"OPEN2": machine.ours}
    told = machine.system("reg.exe", "query", UNINSTALL).out
    assert f"DisplayVersion    REG_SZ    {VERSION}" in told
    there = WindowsPrograms(machine.folder, machine.programs.home)
    assert there.run("ratable", "--version").out == f"ratable {VERSION}\n"
    assert there.run("RatableDesktop", "--smoke", QT_QPA_PLATFORM="offscreen").code == 0
    assert "failed" not in asked(there, "udf-server $(CLSID)")
    assert "(in Excel's list of add-ins)" in there.run("ratable", "addin", "status").out
    refused = there.run("ratable", "addin", "install")
    assert (refused.code, "already" in refused.err) == (2, True)
    menu = machine.folder.parents[2] / "Roaming/Microsoft/Windows/Start Menu/Programs/Ratable"
    assert {path.stem for path in menu.iterdir()} == {
        "Ratable", "Ratable workbook", "Ratable self-test", "Ratable command line",
    }  # fmt: skip

    assert machine.uninstall().code == 0
    assert not machine.folder.exists()
    assert not menu.exists()
    assert machine.opened() == OTHERS
    assert machine.system("reg.exe", "query", UNINSTALL).code != 0


def test_an_upgrade_leaves_one_entry_and_nothing_of_the_older_version(machine: Machine) -> None:
    machine.install()
    stale = machine.folder / "_internal" / "docs" / "older.md"
    stale.write_text("of an older version")
    listing = machine.folder / "_internal" / "installed.txt"
    listing.write_bytes(b"docs\\older.md\r\n" + listing.read_bytes())
    assert machine.install().code == 0
    assert installed(machine)
    assert machine.opened() == OTHERS | {"OPEN2": machine.ours}


def test_a_persons_files_stay_through_upgrade_and_removal(machine: Machine) -> None:
    machine.install()
    own = [
        machine.folder / "Revenue 2026.xlsx",
        machine.folder / "_internal" / "my notes.txt",
        machine.folder / "Mine" / "a.csv",
    ]
    for path in own:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    assert machine.install().code == 0
    assert [path.read_text() for path in (own[0], own[2])] == ["mine", "mine"]
    assert [path.name for path in machine.folder.rglob("my notes.txt")] == ["my notes.txt"]
    machine.uninstall()
    left = {path.name for path in machine.folder.rglob("*") if path.is_file()}
    assert left == {"Revenue 2026.xlsx", "my notes.txt", "a.csv"}


def test_what_is_behind_our_entry_moves_up_so_that_no_gap_hides_it(machine: Machine) -> None:
    machine.install()
    behind = {"OPEN3": r'/R "C:\Others\late.xlam"', "OPEN4": r'"C:\Others\last.xlam"'}
    machine.set_opened(OTHERS | {"OPEN2": machine.ours} | behind)
    machine.uninstall()
    assert machine.opened() == OTHERS | {"OPEN2": behind["OPEN3"], "OPEN3": behind["OPEN4"]}


def test_entries_that_got_there_twice_are_all_taken_away(machine: Machine) -> None:
    machine.install()
    twice = {"OPEN": machine.ours, "OPEN1": OTHERS["OPEN"], "OPEN2": r'"C:\Old\RATABLE.XLAM"', "OPEN3": OTHERS["OPEN1"]}
    machine.set_opened(twice)
    machine.uninstall()
    assert machine.opened() == OTHERS


def test_an_add_in_that_was_switched_off_in_excel_stays_off(machine: Machine) -> None:
    machine.install()
    machine.set_opened(OTHERS)
    place = machine.ours.removeprefix('/R "').removesuffix('"')
    machine.system("reg.exe", "add", rf"{EXCEL}\Add-in Manager", "/v", place, "/d", "", "/f")
    machine.install()
    assert machine.opened() == OTHERS
    machine.uninstall()
    assert "ratable" not in machine.system("reg.exe", "query", rf"{EXCEL}\Add-in Manager").out.lower()


def test_while_a_program_runs_nothing_is_changed(machine: Machine) -> None:
    machine.install()
    before = machine.files()
    program = machine.programs.named(machine.folder / "ratable.exe")
    with subprocess.Popen(
        [str(WINE), program, "calc-server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=machine.programs.home,
    ) as running:
        assert running.stdout is not None and running.stdin is not None
        assert b"protocol" in running.stdout.readline()
        refused = machine.install()
        gone = machine.uninstall()
        assert machine.files() == before
        assert machine.opened() == OTHERS | {"OPEN2": machine.ours}
        running.stdin.close()
    assert (refused.code, gone.code) in {(IN_USE, 0), (IN_USE, IN_USE)}


def test_where_it_cannot_write_the_older_version_stays(machine: Machine) -> None:
    machine.install()
    before = machine.files()
    obstacle = machine.folder / "_internal.new"  # a file where the installer wants a folder
    obstacle.write_text("mine")
    assert machine.install().code == 2
    assert machine.files() == before | {"_internal.new": 4}
    obstacle.unlink()
    assert machine.install().code == 0
    assert installed(machine)


@pytest.mark.parametrize("seconds", [0.5, 2.0, 4.0])
def test_an_installer_that_is_ended_leaves_the_older_version_and_can_be_run_again(
    machine: Machine, seconds: float
) -> None:
    machine.install()
    own = machine.folder / "Revenue 2026.xlsx"
    own.write_text("mine")
    with subprocess.Popen([str(WINE), machine.programs.named(SETUP), "/S"], cwd=machine.programs.home) as running:
        time.sleep(seconds)
        running.kill()
    there = WindowsPrograms(machine.folder, machine.programs.home)
    assert there.run("ratable", "--version").out == f"ratable {VERSION}\n"
    assert machine.install().code == 0
    own.unlink()
    assert installed(machine)
    assert machine.opened() == OTHERS | {"OPEN2": machine.ours}
