"""Pictures of the window in every state, under build/pictures: made to be looked at; those in docs/ are the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from addin.desktop.memory import Memory

from .driving import Driven, broken, untied

pytestmark = pytest.mark.desktop

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "pictures"
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


#: name -> (logical size, theme, what is done)
STATES: dict[str, tuple[tuple[int, int], str, State | None]] = {
    "start": ((1180, 620), "light", None),
    "light": ((1180, 780), "light", _sample),
    "dark": ((1180, 780), "dark", _sample),
    "narrow": ((911, 512), "light", _sample),
    "narrow-dark": ((911, 512), "dark", _sample),
    "checks": ((1180, 780), "light", _checks),
    "backlog-by-product": ((1180, 780), "light", _backlog),
    "failing": ((1180, 780), "light", lambda driven, folder: driven.open(untied(folder / "Revenue 2026"))),
    "failing-dark": ((911, 512), "dark", lambda driven, folder: driven.open(untied(folder / "Revenue 2026"))),
    "refused": ((1180, 620), "light", lambda driven, folder: driven.open(broken(folder / "Revenue 2026"))),
    "refused-dark": ((911, 512), "dark", lambda driven, folder: driven.open(broken(folder / "Revenue 2026"))),
}


def picture(name: str, make: Callable[..., Driven], folder: Path, scale: float = 1.0) -> Path:
    """Bring the window into a state and take its picture."""
    size, theme, does = STATES[name]
    memory = Memory.of(None)
    memory.theme = theme
    driven = make(memory=memory, size=size)
    if does:
        does(driven, folder)
    driven.rest(0.2)
    image = driven.window.grab().toImage()
    assert abs(image.width() - size[0] * scale) < 1 and abs(image.height() - size[1] * scale) < 1
    BUILD.mkdir(parents=True, exist_ok=True)
    file = BUILD / (f"{name}.png" if scale == 1 else f"{name}-{scale:.0%}.png".replace("%", ""))
    assert image.save(str(file))
    colors = {image.pixelColor(x, y).rgb() for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colors) > 12, "there is something to see"
    return file


@pytest.mark.parametrize("name", STATES)
def test_a_picture_is_taken(name: str, make_window: Callable[..., Driven], tmp_path: Path) -> None:
    picture(name, make_window, tmp_path)


def test_the_dialog_of_the_close_pack_is_taken(make_window: Callable[..., Driven], tmp_path: Path) -> None:
    from addin.desktop.pack_dialog import PackDialog

    driven = make_window()
    dialog = PackDialog(driven.window, Memory.of(None), Path("Revenue 2026 close pack 2026-06.xlsx"), "June 2026")
    dialog.show()
    driven.rest(0.2)
    assert dialog.grab().save(str(BUILD / "pack-dialog.png"))
    dialog.reject()


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
