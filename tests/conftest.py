"""What all tests share."""

from __future__ import annotations

from datetime import date

import pytest


@pytest.fixture(scope="session")
def today() -> date:
    """A day on which all tests are run."""
    return date(2026, 11, 21)
