"""Benchmarks are run by hand; what they import is there all the same."""

from __future__ import annotations

from importlib import import_module

import pytest

from benchmarks.__main__ import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_finds_what_it_measures(name: str) -> None:
    assert callable(import_module(f"benchmarks.{name}").comparisons)
