"""Installing the add-in, and the server Excel starts: told in words wherever it cannot be done."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from addin.command_line import main
from addin.excel import serving, xlstart
from addin.excel.xlstart import ADDIN, NotInstalled, install, remove, start_folder, status
from workbook_templates import sample_book

CLSID = "{506e67c3-55b5-48c3-a035-eed5deea7d6d}"


def test_the_start_folder_is_that_of_the_user() -> None:
    folder = start_folder({"APPDATA": "/roaming"}, "win32")
    assert folder == Path("/roaming/Microsoft/Excel/XLSTART")
    with pytest.raises(NotInstalled, match="APPDATA"):
        start_folder({}, "win32")
    with pytest.raises(NotInstalled, match="LibreOffice"):
        start_folder({"APPDATA": "/roaming"}, "linux")


def test_installing_writes_the_file_anew_and_removing_takes_it_away(tmp_path: Path) -> None:
    folder = tmp_path / "Excel" / "XLSTART"
    assert not status(folder, {}).installed
    path = install(folder)
    assert path.read_bytes() == sample_book().with_name(ADDIN).read_bytes()
    assert status(folder, {}).current
    path.write_bytes(b"older")
    assert status(folder, {}).installed and not status(folder, {}).current
    install(folder)
    assert status(folder, {}).current
    assert remove(folder) == path
    assert remove(folder) is None


def test_a_mark_of_a_download_is_seen_and_gone_after_installing(tmp_path: Path) -> None:
    path = install(tmp_path)
    Path(f"{path}:Zone.Identifier").write_bytes(b"[ZoneTransfer]\r\nZoneId=3\r\n")  # where there is no NTFS, a file
    assert status(tmp_path, {}).marked


def test_a_file_excel_has_open_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    for action in (install, remove):
        with pytest.raises(NotInstalled, match="Close Excel"):
            action(tmp_path)


def test_the_program_is_looked_for_where_the_bridge_looks(tmp_path: Path) -> None:
    bridge = (Path(xlstart.__file__).parent / "vba" / "RatableServer.bas").read_text("utf-8")
    for name, rest in xlstart._PLACES:
        assert f'Environ$("{name}") & "\\{rest.replace("/", chr(92))}"' in bridge
        program = tmp_path / name / rest / "ratable.exe"
        program.parent.mkdir(parents=True)
        program.touch()
        assert status(tmp_path, {name: str(tmp_path / name)}).program == program
    assert 'Environ$("RATABLE_HOME")' in bridge
    assert status(tmp_path, {}).program is None


def test_the_add_in_of_the_installer_is_not_installed_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "Programs" / "Ratable.XLAM"
    entries = ['/R "C:\\Others\\solver.xlam"', f'/R "{there}"']
    assert xlstart.listed(entries) is None  # its file is gone
    there.parent.mkdir()
    there.touch()
    assert xlstart.listed(entries) == there
    assert xlstart.listed(entries[:1]) is None
    monkeypatch.setattr(xlstart, "opened_by_excel", lambda: entries)
    with pytest.raises(NotInstalled, match="already, as the installer"):
        install(tmp_path)
    assert not (tmp_path / ADDIN).exists()
    (tmp_path / ADDIN).write_bytes(b"by hand, before")
    monkeypatch.setattr(xlstart, "start_folder", lambda: tmp_path)
    monkeypatch.setattr(sys, "argv", ["ratable", "addin", "status"])
    assert main() == 0
    told = capsys.readouterr().out
    assert f"{there}  (in Excel's list of add-ins)" in told
    assert "one too many: ratable addin remove" in told


@pytest.mark.skipif(sys.platform == "win32", reason="there it installs")
def test_the_verb_says_that_it_is_for_windows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["ratable", "addin", "install"])
    assert main() == 2
    assert "Excel on Windows" in capsys.readouterr().err


def test_the_verb_installs_tells_and_removes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(xlstart, "start_folder", lambda: tmp_path)

    def run(what: str) -> str:
        monkeypatch.setattr(sys, "argv", ["ratable", "addin", what])
        assert main() == 0
        return capsys.readouterr().out

    assert "not installed" in run("status")
    assert "is installed. Start Excel" in run("install")
    assert "(installed)" in run("status")
    (tmp_path / ADDIN).write_bytes(b"older")
    assert "another version" in run("status")
    assert "is removed" in run("remove")
    assert "not installed" in run("remove")


@pytest.mark.parametrize(
    "arguments", [[], ["{}"], ["calc.exe"], [CLSID, "more"], ["{506e67c3-55b5-48c3-a035-eed5deea7d6d};x"]]
)
def test_the_server_takes_a_class_id_and_nothing_else(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert serving.serve(arguments) == 2
    assert "class id" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "served"),
    [
        ("import xlwings.com_server; xlwings.serve('" + CLSID + "')", [CLSID]),
        ("open('executed.txt', 'w')", []),
        (f"serve('{CLSID}'); serve('{CLSID.replace('5', '6')}')", sorted([CLSID, CLSID.replace("5", "6")])),
    ],
)
def test_of_the_command_that_xlwings_itself_gives_only_the_class_id_is_read(
    text: str, served: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[list[str]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serving, "serve", lambda arguments: asked.append(list(arguments)) or 7)
    monkeypatch.setattr(sys, "argv", ["ratable", "-B", "-c", text])
    assert main() == 7
    assert asked == [served]
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="there it serves")
def test_the_server_is_for_windows(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["ratable", "udf-server", CLSID])
    assert main() == 2
    assert "here there is none" in capsys.readouterr().err


def test_a_missing_xlwings_is_told_and_its_other_license_is_left_off(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("XLWINGS_LICENSE_KEY", "noncommercial")
    monkeypatch.setenv("XLWINGS_ON_SERVER", "true")
    monkeypatch.setitem(sys.modules, "addin.excel.udf_server", None)
    assert serving.serve([CLSID]) == 2
    assert 'pip install "ratable[excel]"' in capsys.readouterr().err
    assert not {"XLWINGS_LICENSE_KEY", "XLWINGS_ON_SERVER"} & set(serving.os.environ)
