"""What is offered for an id that is not there."""

from __future__ import annotations

from engine.book.nearest import Nearest


def test_the_nearest_ids_are_offered() -> None:
    nearest = Nearest(["C-2040", "C-2042", "C-3000", None], "contract")
    assert nearest.to("C-2041") == "The book has C-2040 and C-2042."
    assert nearest.to("c-3000") == "The book has C-3000; ids compare exactly, capitals too."
    assert nearest.to("Z") == "The book has no contract like it."
    assert Nearest([], "contract").to("C-1") == "The book has no contract at all."


def test_a_table_full_of_unknown_ids_is_answered_from_the_alphabet() -> None:
    nearest = Nearest([f"INV-{n:05}" for n in range(0, 20_000, 2)], "document")
    answers = [nearest.to(f"INV-{n:05}") for n in range(1, 2_001, 2)]
    assert answers[-1] == "The book has INV-01998 and INV-02000."
