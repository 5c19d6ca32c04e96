"""The window of RatableDesktop.exe on a screen, with the sample book: a picture of it is kept in build/windows."""

from __future__ import annotations

import subprocess
import time

import pytest

from workbook_templates import sample_book

from .programs import ROOT, WINE, WindowsPrograms
from .screen import picture

pytestmark = pytest.mark.wine
PICTURES = ROOT / "build" / "windows"


def test_the_window_shows_a_book_that_lies_in_a_folder_with_umlauts(wine: WindowsPrograms) -> None:
    empty = picture(PICTURES / "screen.png")
    book = wine.home / "Erlöse & Abgrenzung.xlsx"
    book.write_bytes(sample_book().read_bytes())
    command = [str(WINE), wine.named(wine.folder / "RatableDesktop.exe"), wine.named(book)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=wine.home, **pipes) as running:
        last, until = empty, time.monotonic() + 90
        try:
            while True:
                time.sleep(5)
                assert running.poll() is None, "the window has closed"
                assert time.monotonic() < until, "the window never comes to rest"
                seen = picture(PICTURES / "window.png")
                if seen == last != empty:
                    break
                last = seen
        finally:
            running.kill()
    assert (PICTURES / "window.png").stat().st_size > 30_000  # a window of figures, not a blank one
    assert book.read_bytes() == sample_book().read_bytes()
