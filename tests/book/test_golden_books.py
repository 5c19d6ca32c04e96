"""The worked examples: those to be refused are refused for the table they name, all others are accepted."""

from __future__ import annotations

from typing import Any

import pytest

from ..golden_cases import golden_cases
from .books import examine


@pytest.mark.parametrize("case", golden_cases(), ids=lambda case: case["id"])
def test_the_book_is_taken_or_refused_as_the_example_says(case: dict[str, Any]) -> None:
    book, problems = examine(case["book"])
    refused = case["expect"].get("refused")
    assert (book is None) == (refused is not None), "\n".join(map(str, problems))
    said = "\n".join(map(str, problems)).lower()
    assert all(name.lower() in said for name in ([refused] if isinstance(refused, str) else refused or []))
