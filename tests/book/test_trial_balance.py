"""Trial balances as accounting systems export them: read leniently, and refused by cell where they cannot be told."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from engine.book.problems import Problem, TrialBalanceRefused
from engine.book.trial_balance import TrialBalance, read_trial_balance

DAY = date(2026, 3, 31)


def read(tmp_path: Path, text: str, currency: str = "USD", name: str = "TB März.csv") -> TrialBalance:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return read_trial_balance(file, DAY, currency)


def refused(tmp_path: Path, text: str, **words: str) -> list[Problem]:
    with pytest.raises(TrialBalanceRefused) as caught:
        read(tmp_path, text, **words)
    assert all(problem.remedy and problem.title for problem in caught.value.problems)
    return caught.value.problems


def balances(found: TrialBalance) -> dict[str, int]:
    rows = found.rows
    assert set(rows["date"]) == {DAY}
    return dict(zip(rows["account"], rows["balance"], strict=True))


def sheet(tmp_path: Path, rows: list[list[Any]], **others: list[list[Any]]) -> Path:
    workbook = Workbook()
    for title, lines in {"TB": rows, **others}.items():
        page = workbook.create_sheet(title)
        for line in lines:
            page.append(line)
    del workbook["Sheet"]
    workbook.save(tmp_path / "tb.xlsx")
    return tmp_path / "tb.xlsx"


def test_account_and_balance_are_all_that_is_needed(tmp_path: Path) -> None:
    found = read(tmp_path, "account,balance\n2400,-1200.00\n1300,600\n")
    assert balances(found) == {"2400": -120000, "1300": 60000}
    assert not found.debit_is_positive
    assert (found.file, len(found.digest)) == ("TB März.csv", 64)
    assert found.rows.where(1, "balance") == "TB März.csv:3 column 2"


def test_debits_are_positive_and_credits_negative(tmp_path: Path) -> None:
    found = read(tmp_path, "Account No.;Account name;Debit (USD);Credit (USD)\n2400;Deferred;;1.200,50\n1300;CA;600;\n")
    assert balances(found) == {"2400": -120050, "1300": 60000}
    assert found.debit_is_positive
    assert [found.rows.where(row, "balance") for row in (0, 1)] == ["TB März.csv:2 column 4", "TB März.csv:3 column 3"]


@pytest.mark.parametrize(
    "header",
    ["GL Account,Closing Balance", "G/L account,Balance", "ACCOUNT CODE,Ending balance USD", "Acct no,Net Balance"],
)
def test_headers_are_matched_leniently(tmp_path: Path, header: str) -> None:
    assert balances(read(tmp_path, f"{header}\n2400,5.00\n")) == {"2400": 500}


def test_titles_headings_totals_and_dashes_do_no_harm(tmp_path: Path) -> None:
    text = (
        "Quillfern Analytics Inc.\nTrial balance,,,\nAs of,31 March 2026,,\n\nAccount,Description,Debit,Credit\n"
        'Assets,,,\n1300,Contract assets,600.00,-\n2400,Deferred revenue,-,"1,200.00"\n2500,Total rewards,–,(1.00)\n'
        "Total assets,,600.00,\n,Grand total,600.00,1200.00\n"
    )
    found = balances(read(tmp_path, text))
    assert found == {"1300": 60000, "2400": -120000, "2500": 100}, "an account may be named after a total"


def test_lines_of_one_account_are_added_up(tmp_path: Path) -> None:
    text = "account,cost centre,balance\n2400,EMEA,-1.10\n1300,EMEA,5\n2400,US,-2.20\n"
    assert balances(read(tmp_path, text)) == {"2400": -330, "1300": 500}


def test_a_closing_balance_counts_where_turnover_stands_beside_it(tmp_path: Path) -> None:
    found = read(tmp_path, "account,debit,credit,balance\n2400,10.00,30.00,-1220.00\n")
    assert balances(found) == {"2400": -122000}
    assert not found.debit_is_positive


def test_a_workbook_is_read_from_the_sheet_that_holds_it(tmp_path: Path) -> None:
    rows = [["Trial balance"], [], [None, "Account", "Name", "Debit", "Credit"], [None, 2400, "Deferred", None, 1200.5]]
    found = read_trial_balance(sheet(tmp_path, rows, Notes=[["Made by", "Ann"]]), DAY, "USD")
    assert balances(found) == {"2400": -120050}
    assert found.rows.where(0, "balance") == "TB!E4"


def test_two_sheets_that_could_be_it_are_refused(tmp_path: Path) -> None:
    rows = [["account", "balance"], ["2400", 1]]
    with pytest.raises(TrialBalanceRefused) as caught:
        read_trial_balance(sheet(tmp_path, rows, February=rows), DAY, "USD")
    assert "TB and February" in str(caught.value.problems[0])


def test_errors_in_cells_are_told(tmp_path: Path) -> None:
    path = sheet(tmp_path, [["account", "balance"], ["2400", "=1/0"], ["2500", "=B2"]])
    with pytest.raises(TrialBalanceRefused) as caught:
        read_trial_balance(path, DAY, "USD")
    assert [(p.name, p.where) for p in caught.value.problems] == [
        ("formula-without-value", "TB!B2"), ("formula-without-value", "TB!B3"),
    ]  # fmt: skip


def test_every_problem_is_told_at_once_by_cell(tmp_path: Path) -> None:
    text = (
        "account,balance,currency\n2400,12x,USD\n,5.00,USD\n2500,1.005,\n2600,7.00,EUR\n2700,8.00,XXQ\n2800,1.00,usd\n"
    )
    found = refused(tmp_path, text)
    assert [(problem.name, problem.where.partition(":")[2]) for problem in found] == [
        ("not-a-number", "2 column 2"), ("missing-cell", "3 column 1"), ("too-many-decimals", "4 column 2"),
        ("trial-balance-currency", "5 column 3"), ("unknown-currency", "6 column 3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Konto,Betrag\n2400,5\n", "found Konto, Betrag"),
        ("account,debit\n2400,5\n", "found account, debit"),
        ("", "found no row of headers"),
        ("account,balance,closing balance\n2400,5,6\n", "headers balance and closing balance could both be meant"),
    ],
)
def test_headers_that_will_not_do_are_named(tmp_path: Path, text: str, words: str) -> None:
    (problem,) = refused(tmp_path, text)
    assert problem.name == "trial-balance-columns" and words in problem.found
    assert "account" in problem.remedy


def test_a_file_without_amounts_is_no_trial_balance(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, "account,balance\n2400,\n")
    assert problem.name == "trial-balance-empty"


def test_a_number_that_reads_two_ways_is_asked_about(tmp_path: Path) -> None:
    assert refused(tmp_path, "account;balance\n2400;1.234\n", currency="KWD")[0].name == "ambiguous-number"


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(TrialBalanceRefused, match="1 problem") as caught:
        read_trial_balance(tmp_path / "gone.csv", DAY, "USD")
    assert caught.value.problems[0].name == "file-missing"
    (tmp_path / "tb.xlsx").write_bytes(b"PK nothing")
    with pytest.raises(TrialBalanceRefused):
        read_trial_balance(tmp_path / "tb.xlsx", DAY, "USD")
    assert refused(tmp_path, "x", name="tb.pdf")[0].name == "trial-balance-kind"
    (tmp_path / "utf16.csv").write_text("account,balance\n2400,5\n", "utf-16")
    with pytest.raises(TrialBalanceRefused) as caught:
        read_trial_balance(tmp_path / "utf16.csv", DAY, "USD")
    assert caught.value.problems[0].name == "csv-encoding"


def test_whatever_stands_in_a_file_it_is_read_or_refused(tmp_path: Path) -> None:
    dice = random.Random(7)
    cells = ["account", "balance", "Debit", "credit", "2400", "1,5", "-", "", '"', "total", "EUR", "currency", "9" * 40]
    for _ in range(300):
        lines = [dice.choice(",;\t").join(dice.choices(cells, k=dice.randint(1, 5))) for _ in range(dice.randint(0, 6))]
        try:
            found = read(tmp_path, "\n".join(lines))
        except TrialBalanceRefused as caught:
            assert caught.problems
        else:
            assert len(found.rows) and all(isinstance(minor, int) for minor in found.rows["balance"])
