"""Pictures of the window in every state, under build/pictures: made to be looked at.

`python -m tests.desktop.test_pictures` takes those in docs/pictures anew.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog

from addin.desktop.memory import Memory

from .driving import Driven, broken, sample_with_a_ledger_that_differs, untied

pytestmark = pytest.mark.desktop

ROOT = Path(__file__).parents[2]
BUILD, DOCS = ROOT / "build" / "pictures", ROOT / "docs" / "pictures"
State = Callable[[Driven, Path], None]


def _sample(driven: Driven, folder: Path) -> None:
    from workbook_templates import sample_book

    folder.mkdir(exist_ok=True)
    book = folder / "Revenue 2026.xlsx"
    book.write_bytes(sample_book().read_bytes())
    driven.open(book)


def _checks(driven: Driven, folder: Path) -> None:
    _sample(driven, folder)
    driven.window.book.show_findings()


def _backlog(driven: Driven, folder: Path) -> None:
    _sample(driven, folder)
    driven.choose("group", "product")
    driven.choose("measure", "balance")


def _failing(driven: Driven, folder: Path) -> None:
    driven.open(sample_with_a_ledger_that_differs(folder / "Revenue 2026.xlsx"))


def _closed(driven: Driven, folder: Path) -> None:
    from addin.closing import Acceptance, close_period
    from addin.opened import open_book

    _sample(driven, folder)
    book = open_book(folder / "Revenue 2026.xlsx", date(2026, 7, 3))
    close_period(book, "2026-06", "Ann Lee", "2026-07-03T10:12:00+00:00", acceptance=Acceptance())
    driven.window.session.read_again()
    driven.settle()


def _translated(driven: Driven, folder: Path) -> None:
    _closed(driven, folder)
    driven.choose("currency", "all")


#: name -> (logical size, theme, what is done)
STATES: dict[str, tuple[tuple[int, int], str, State | None]] = {
    "start": ((1180, 620), "light", None),
    "light": ((1180, 780), "light", _sample),
    "dark": ((1180, 780), "dark", _sample),
    "narrow": ((911, 512), "light", _sample),
    "narrow-dark": ((911, 512), "dark", _sample),
    "checks": ((1180, 780), "light", _checks),
    "backlog-by-product": ((1180, 780), "light", _backlog),
    "failing": ((1180, 780), "light", _failing),
    "closed": ((1180, 780), "light", _closed),
    "closed-narrow-dark": ((911, 512), "dark", _translated),
    "closed-smallest": ((720, 600), "light", _translated),
    "failing-dark": ((911, 512), "dark", lambda driven, folder: driven.open(untied(folder / "Revenue 2026"))),
    "refused": ((1180, 620), "light", lambda driven, folder: driven.open(broken(folder / "Revenue 2026"))),
    "refused-dark": ((911, 512), "dark", lambda driven, folder: driven.open(broken(folder / "Revenue 2026"))),
}


#: those in docs/pictures
DOCUMENTED = ("start", "light", "dark", "narrow", "failing", "refused")


def picture(name: str, make: Callable[..., Driven], folder: Path, scale: float = 1.0, into: Path = BUILD) -> Path:
    """Bring the window into a state and take its picture."""
    size, theme, does = STATES[name]
    memory = Memory.of(None)
    memory.theme = theme
    if not does:
        memory.recent = [str(folder / "Revenue 2026.xlsx"), str(folder.parent / "2025-12" / "Revenue 2025.xlsx")]
    driven = make(memory=memory, size=size)
    if does:
        does(driven, folder)
    driven.rest(0.2)
    image = driven.window.grab().toImage()
    assert abs(image.width() - size[0] * scale) < 1 and abs(image.height() - size[1] * scale) < 1
    colors = {image.pixelColor(x, y).rgb() for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colors) > 12, "there is something to see"
    return _saved(image, f"{name}-{scale * 100:.0f}" if scale != 1 else name, into)


def dialog_picture(make: Callable[..., Driven], folder: Path, into: Path = BUILD) -> Path:
    """The dialog of the close pack."""
    from addin.desktop.pack_dialog import PackDialog

    driven = make()
    dialog = PackDialog(driven.window, Memory.of(None), Path("Revenue 2026 close pack 2026-06.xlsx"), "June 2026")
    dialog.reports["Journal"].setChecked(False)
    return _pictured(driven, dialog, "pack-dialog", into)


def close_picture(make: Callable[..., Driven], folder: Path, into: Path = BUILD, theme: str = "light") -> Path:
    """The dialog that closes a period, of a book whose ledger differs."""
    from addin.closing import checklist
    from addin.desktop.close_dialog import CloseDialog
    from addin.opened import open_book

    memory = Memory.of(None)
    memory.theme = theme
    driven = make(memory=memory)
    seen = checklist(open_book(sample_with_a_ledger_that_differs(folder / "b.xlsx"), date(2026, 7, 3)), "2026-06")
    target = Path("Revenue 2026 close pack 2026-06.xlsx")
    dialog = CloseDialog(driven.window, memory, seen, "June 2026", target, "Ann Lee")
    next(iter(dialog.ticks.values())).setChecked(True)
    return _pictured(driven, dialog, f"close-dialog{'' if theme == 'light' else '-dark'}", into)


def reopen_picture(make: Callable[..., Driven], folder: Path, into: Path = BUILD) -> Path:
    """The dialog that opens a period again."""
    from addin.desktop.reopen_dialog import ReopenDialog

    driven = make()
    closed = "Closed on 3 July 2026 by Ann Lee"
    dialog = ReopenDialog(driven.window, Memory.of(None), "June 2026", closed, "Ann Lee")
    return _pictured(driven, dialog, "reopen-dialog", into)


def _pictured(driven: Driven, dialog: QDialog, name: str, into: Path) -> Path:
    dialog.show()
    driven.rest(0.2)
    file = _saved(dialog.grab().toImage(), name, into)
    dialog.reject()
    return file


DIALOGS = {"pack-dialog": dialog_picture, "close-dialog": close_picture}


def _saved(image: QImage, name: str, into: Path) -> Path:
    into.mkdir(parents=True, exist_ok=True)
    file = into / f"window-{name}.png"
    assert image.convertToFormat(QImage.Format.Format_RGB32).save(str(file), "PNG", 0)  # type: ignore[call-overload]
    return file


@pytest.mark.parametrize("name", STATES)
def test_a_picture_is_taken(name: str, make_window: Callable[..., Driven], tmp_path: Path) -> None:
    picture(name, make_window, tmp_path)


def test_the_dialog_of_the_close_pack_is_taken(make_window: Callable[..., Driven], tmp_path: Path) -> None:
    assert dialog_picture(make_window, tmp_path).exists()


def test_the_dialogs_of_closing_are_taken(make_window: Callable[..., Driven], tmp_path: Path) -> None:
    assert close_picture(make_window, tmp_path).exists()
    assert close_picture(make_window, tmp_path, theme="dark").exists()
    assert reopen_picture(make_window, tmp_path).exists()


def test_the_guide_shows_the_window_in_the_sizes_it_has() -> None:
    for name in DOCUMENTED:
        shown = QImage(str(DOCS / f"window-{name}.png"))
        assert shown.size().toTuple() == STATES[name][0], f"{name}: python -m tests.desktop.test_pictures"


@pytest.mark.parametrize("name", ["narrow", "dark"])
def test_at_150_percent_everything_is_larger_and_in_its_place(name: str, tmp_path: Path, today: date) -> None:
    """The scale is one of the whole process: another one takes the picture."""
    code = (
        "import sys; from datetime import date; from pathlib import Path; "
        "from tests.desktop.driving import Driven; from tests.desktop.test_pictures import picture; "
        f"picture({name!r}, lambda **words: Driven(date({today.year}, {today.month}, {today.day}), **words), "
        f"Path({str(tmp_path)!r}), 1.5)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "QT_SCALE_FACTOR": "1.5", "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def main() -> None:
    """Take the pictures of docs/ anew, with a home that is nobody's."""
    with TemporaryDirectory() as home:
        os.environ["HOME"] = home
        for name in (*DOCUMENTED, *DIALOGS):
            folder = Path(home) / "Close" / "2026-06"
            folder.mkdir(parents=True, exist_ok=True)
            opened: list[Driven] = []

            def make(opened: list[Driven] = opened, **words: Any) -> Driven:
                opened.append(Driven(date(2026, 7, 3), **words))
                return opened[-1]

            print(DIALOGS[name](make, folder, DOCS) if name in DIALOGS else picture(name, make, folder, into=DOCS))
            for driven in opened:
                driven.close()


if __name__ == "__main__":
    main()
