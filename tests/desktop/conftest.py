"""The window without a screen. Nothing here is collected unless asked for: `pytest -m desktop`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from .driving import Driven


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Importing these needs Qt and the libraries Qt needs, which a machine with only Python has not."""
    asked = str(config.getoption("markexpr"))
    return None if "desktop" in asked and "not desktop" not in asked else True


@pytest.fixture(autouse=True)
def mistakes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException]]:
    """What goes wrong inside a slot or a paint event reaches nobody but the hook: it fails the test here."""
    found: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, mistake, trace: found.append(mistake))
    yield found
    assert not found, found


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample book."""
    from workbook_templates import sample_book

    return Path(shutil.copy(sample_book(), tmp_path / "Bücher 2026.xlsx"))


@pytest.fixture
def make_window(today: date) -> Iterator[Callable[..., Driven]]:
    """Opens windows and closes them after the test."""
    from .driving import Driven

    opened: list[Driven] = []

    def make(**words: Any) -> Driven:
        opened.append(Driven(today, **words))
        return opened[-1]

    yield make
    for driven in opened:
        driven.close()


@pytest.fixture
def driven(make_window: Callable[..., Driven]) -> Driven:
    """One window that remembers nothing."""
    return make_window()
