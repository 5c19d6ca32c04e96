"""The bundles under test: that of Linux (mark frozen), and that of Windows under Wine (mark wine)."""

from __future__ import annotations

import pytest

from .programs import Programs, WindowsPrograms, linux, windows


@pytest.fixture(
    scope="session",
    params=[pytest.param("linux", marks=pytest.mark.frozen), pytest.param("windows", marks=pytest.mark.wine)],
)
def programs(request: pytest.FixtureRequest) -> Programs:
    if request.param == "windows":
        found: Programs = request.getfixturevalue("wine")
        return found
    return linux(request.getfixturevalue("tmp_path_factory").mktemp("linux"))


@pytest.fixture(scope="session")
def wine() -> WindowsPrograms:
    return windows()
