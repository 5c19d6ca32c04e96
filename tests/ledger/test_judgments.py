"""Judgments: each change and estimate has one, or the checklist says so; the pack carries them."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.sheets import words

from .test_closing import ask, book

__all__ = ["book"]

HEADER = "judgment_id,date,contract_id,refers_to,what,why,concluded_by,reviewed_by,paragraph\n"


@pytest.fixture
def changed(book: Path) -> Path:
    (book / "events.csv").write_text(
        "event_id,contract_id,date,type,obligation_id,price,treatment\n"
        "E1,C1,2025-01-15,upgrade,plan,1300.00,prospective\nE2,C2,2025-01-20,change,plan,2300.00,catch_up\n"
        "E3,C2,2025-02-20,cancel,plan,,\n",
        "utf-8",
    )
    (book / "estimates.csv").write_text("contract_id,date,kind,amount\nC1,2025-01-31,Rebate,-50.00\n", "utf-8")
    return book


def missing(err: str) -> list[str]:
    lines = err.splitlines()
    return [lines[n + 1].strip() for n, line in enumerate(lines) if "a change or estimate without a judgment" in line]


def test_changes_and_estimates_without_a_judgment_are_listed(capsys: pytest.CaptureFixture[str], changed: Path) -> None:
    code, _, err = ask(capsys, "close", changed, "2025-01", "--by", "Ann")
    assert code == 0
    assert missing(err) == [
        "E1  C1  upgrade of 2025-01-15", "E2  C2  change of 2025-01-20", "C1  estimate rebate of 2025-01-31",
    ]  # fmt: skip


def test_a_judgment_is_about_a_row_or_about_all_of_a_contract(
    capsys: pytest.CaptureFixture[str], changed: Path
) -> None:
    text = "J1,2025-01-16,C1,E1,pool goes on,not at ssp,Ann,Ben,606-10-25-13\n"
    text += "J2,2025-01-16,C2,,as if from the start,,Ann,,\n"
    (changed / "judgments.csv").write_text(HEADER + text, "utf-8")
    assert ask(capsys, "close", changed, "2025-01")[0] == 3  # a conclusion without a reason is none
    (changed / "judgments.csv").write_text(HEADER + text.replace("start,,", "start,one service,"), "utf-8")
    code, _, err = ask(capsys, "close", changed, "2025-01", "--by", "Ann")
    assert (code, missing(err)) == (0, ["C1  estimate rebate of 2025-01-31"])
    workbook = load_workbook(changed.parent / "Büro book close pack 2025-01.xlsx", data_only=True)
    cells = [cell for row in workbook[words.JUDGMENTS].iter_rows(values_only=True) for cell in row]
    assert {"J1", "J2", "pool goes on", "606-10-25-13", "Ben"} <= set(cells)


def test_a_judgment_on_an_unknown_contract_refuses_the_book(capsys: pytest.CaptureFixture[str], changed: Path) -> None:
    (changed / "judgments.csv").write_text(HEADER + "J1,2025-01-16,C9,,x,y,Ann,,\n", "utf-8")
    code, _, err = ask(capsys, "balances", changed)
    assert (code, "nobody could tell what was concluded" in err) == (3, True)
