"""The installer under Wine: installs, upgrades, survives being ended, uninstalls, and touches nothing but ours."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Collection, Iterator
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
CANNOT_WRITE, IN_USE = 2, 3
#: add-ins of others, as Excel keeps them
OTHERS = {"OPEN": r'/R "C:\Others\solver.xlam"', "OPEN1": r'"C:\Others\plan Ä.xlam"'}


@dataclass
class Machine:
    """A person's Windows: the registry of Excel, the folder of Ratable, and what is done to both."""

    programs: WindowsPrograms
    folder: Path

    def system(self, program: str, *arguments: str) -> Done:
        """A program of Windows itself."""
        drive = self.programs.home.parent
        return self.programs.run(str(drive / "windows" / "system32" / program), *arguments)

    def opened(self) -> dict[str, str]:
        """The add-ins that Excel opens, by name of their value."""
        return {name: value for name, value in self.values(rf"{EXCEL}\Options").items() if name.startswith("OPEN")}

    def values(self, key: str) -> dict[str, str]:
        """The texts under a key; exported, as what reg shows is in an encoding of old."""
        out = self.programs.home / "values.reg"
        out.unlink(missing_ok=True)
        self.system("reg.exe", "export", key, self.programs.named(out), "/y")
        found = re.findall(
            r'^"((?:[^"\\]|\\.)*)"="((?:[^"\\]|\\.)*)"', out.read_text("utf-16") if out.exists() else "", re.MULTILINE
        )
        return {re.sub(r"\\(.)", r"\1", name): re.sub(r"\\(.)", r"\1", value) for name, value in found}

    def set_opened(self, values: dict[str, str]) -> None:
        self.system("reg.exe", "delete", EXCEL, "/f")
        for name, value in values.items():
            # reg reads a quotation mark that a backslash precedes as part of the value
            assert self.system("reg.exe", "add", rf"{EXCEL}\Options", "/v", name, "/d", value, "/f").code == 0
        assert self.opened() == values

    def install(self) -> Done:
        """It says nothing but its exit code; a pipe of ours would be held open by what goes on running beside it."""
        command = [str(WINE), self.programs.named(SETUP), "/S"]
        nothing = subprocess.DEVNULL
        done = subprocess.run(
            command, cwd=self.programs.home, stdin=nothing, stdout=nothing, stderr=nothing, timeout=300, check=False
        )
        return Done(done.returncode, "", "")

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


def whole(machine: Machine, own: Collection[str] = ()) -> bool:
    """Whether everything is there, and nothing else but what the installer adds and what is a person's."""
    found = machine.files()
    added = {"uninstall.exe", "_internal/installed.txt"}
    assert added <= set(found)
    return {name: size for name, size in found.items() if name not in added | set(own)} == bundle_files()


def test_it_installs_runs_from_excel_and_goes_again(machine: Machine) -> None:
    assert machine.install().code == 0
    assert whole(machine)
    assert machine.opened() == OTHERS | {"OPEN2": machine.ours}
    assert machine.values(UNINSTALL)["DisplayVersion"] == VERSION
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
    assert not machine.values(UNINSTALL)


def test_an_upgrade_leaves_one_entry_nothing_of_the_older_version_and_all_of_a_person(machine: Machine) -> None:
    machine.install()
    (machine.folder / "_internal" / "docs" / "older.md").write_text("of an older version")
    listing = machine.folder / "_internal" / "installed.txt"
    listing.write_bytes(b"docs\\older.md\r\n" + listing.read_bytes())
    own = ["Revenue 2026.xlsx", "_internal/my notes.txt", "Mine/a.csv"]
    for name in own:
        (machine.folder / name).parent.mkdir(exist_ok=True)
        (machine.folder / name).write_text("mine")
    assert machine.install().code == 0
    assert machine.opened() == OTHERS | {"OPEN2": machine.ours}
    kept = {"Revenue 2026.xlsx", "_internal.old/my notes.txt", "Mine/a.csv"}
    assert kept <= set(machine.files())
    assert whole(machine, kept)

    machine.uninstall()
    assert set(machine.files()) == kept
    assert {(machine.folder / name).read_text() for name in kept} == {"mine"}


def test_entries_that_are_there_twice_go_and_those_behind_move_up(machine: Machine) -> None:
    machine.install()
    late, last = r'/R "C:\Others\late.xlam"', r'"C:\Others\last.xlam"'
    machine.set_opened(
        {
            "OPEN": machine.ours,
            "OPEN1": OTHERS["OPEN"],
            "OPEN2": r'"C:\Old\RATABLE.XLAM"',
            "OPEN3": OTHERS["OPEN1"],
            "OPEN4": machine.ours,
            "OPEN5": late,
            "OPEN6": last,
        }
    )
    machine.uninstall()
    assert machine.opened() == OTHERS | {"OPEN2": late, "OPEN3": last}


def test_what_stands_in_the_way_stops_it_before_anything_is_changed(machine: Machine) -> None:
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
        assert machine.install().code == IN_USE
        machine.uninstall()
        assert machine.files() == before
        assert machine.opened() == OTHERS | {"OPEN2": machine.ours}
        running.stdin.close()

    obstacle = machine.folder / "_internal.new"  # a file where the installer wants a folder
    obstacle.write_text("mine")
    assert machine.install().code == CANNOT_WRITE
    assert machine.files() == before | {"_internal.new": 4}
    obstacle.unlink()

    # an add-in that was switched off in Excel stays off through an upgrade
    machine.set_opened(OTHERS)
    place = machine.ours.removeprefix('/R "').removesuffix('"')
    machine.system("reg.exe", "add", rf"{EXCEL}\Add-in Manager", "/v", place, "/d", "", "/f")
    assert place in machine.values(rf"{EXCEL}\Add-in Manager")
    assert machine.install().code == 0
    assert machine.opened() == OTHERS
    machine.uninstall()
    assert not machine.values(rf"{EXCEL}\Add-in Manager")


def test_an_installer_that_is_ended_leaves_the_older_version_and_can_be_run_again(machine: Machine) -> None:
    machine.install()
    (machine.folder / "Revenue 2026.xlsx").write_text("mine")
    there = WindowsPrograms(machine.folder, machine.programs.home)
    for seconds in (0.3, 1.0, 3.0):
        with subprocess.Popen(
            [str(WINE), machine.programs.named(SETUP), "/S"], cwd=machine.programs.home, stderr=subprocess.DEVNULL
        ) as running:
            time.sleep(seconds)
            running.kill()
        assert there.run("ratable", "--version").out == f"ratable {VERSION}\n", f"ended after {seconds} s"
    assert machine.install().code == 0
    assert whole(machine, {"Revenue 2026.xlsx"})
    assert machine.opened() == OTHERS | {"OPEN2": machine.ours}
