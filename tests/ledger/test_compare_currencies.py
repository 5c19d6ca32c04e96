"""`ratable compare` of a book with contracts in two currencies: in each of them, and in the one it reports in, opening
and lines add up to the closing balance."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from .test_closing import ask, change, close, rows

TABLES = {
    "settings": "name,value\nas_of,2025-03-31\nconvention,monthly\nreporting_currency,USD\n",
    "contracts": "contract_id,customer,signed_on,currency\nC1,Acme,2025-01-01,USD\nC2,Birch,2025-01-01,EUR\n",
    "obligations": "contract_id,obligation_id,product,price,start,end\n"
    "C1,plan,Cloud,1200.00,2025-01-01,2025-12-31\nC2,plan,Cloud,2400.00,2025-01-01,2025-12-31\n",
    "billings": "document_id,contract_id,date,amount\nD1,C1,2025-01-01,1200.00\nD2,C2,2025-01-01,1200.00\n",
    "rates": "date,from,to,rate\n2025-01-01,EUR,USD,1.10\n2025-02-28,EUR,USD,1.20\n2025-03-31,EUR,USD,1.30\n",
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "Two currencies"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


def summed(found: list[dict[str, str]]) -> dict[tuple[str, str], tuple[Decimal, Decimal, Decimal]]:
    """Of each balance and currency: opening, all lines together, closing."""
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for row in found:
        place = {"opening": 0, "closing": 2}.get(row["line"], 1)
        sums[row["of"], row["currency"]][place] += Decimal(row["amount"])
    return {key: (opening, moved, closing) for key, (opening, moved, closing) in sums.items()}


def balance(
    capsys: pytest.CaptureFixture[str], book: Path, of: str, day: str, currency: str, *manner: str
) -> dict[str, Decimal]:
    """A balance of the whole book by currency, as `ratable balances` says."""
    found = rows(capsys, "balances", book, "--as-of", day, "--by", "total", "--currency", currency, *manner)
    return {row["currency"]: Decimal(row[of]) for row in found}


@pytest.mark.parametrize("currency", ["contract", "reporting"])
def test_a_comparison_adds_up_in_either_currency(currency: str, capsys: pytest.CaptureFixture[str], book: Path) -> None:
    close(capsys, book, "2025-01", "2025-02")
    change(book, "obligations", "C2,plan,Cloud,2400.00", "C2,plan,Cloud,3000.00")
    change(book, "billings", "D2,C2,2025-01-01,1200.00", "D2,C2,2025-01-01,1000.00\nD3,C2,2025-03-10,900.00")
    change(book, "rates", "2025-01-01,EUR,USD,1.10", "2025-01-01,EUR,USD,1.12")
    found = rows(capsys, "compare", book, "--from-close", "2025-02", "--currency", currency)
    assert {row["currency"] for row in found} == ({"USD"} if currency == "reporting" else {"USD", "EUR"})
    sums = summed(found)
    assert {of for of, _ in sums} == {"deferred", "backlog"}
    for (of, code), (opening, moved, closing) in sums.items():
        assert opening + moved == closing
        assert moved != 0
        assert opening == balance(capsys, book, of, "2025-02", currency)[code]
        assert closing == balance(capsys, book, of, "2025-03", currency)[code]
    there_is_fx = any(row["line"] == "fx" for row in found)
    assert there_is_fx == (currency == "reporting")


def test_what_rates_did_is_fx_and_other_rates_of_earlier_days_are_corrections(
    capsys: pytest.CaptureFixture[str], book: Path
) -> None:
    """C2: 2,400.00 EUR, 200.00 a month, of which 1,200.00 EUR billed at 1.10; unbilled backlog is at the rate of the
    day."""
    close(capsys, book, "2025-01", "2025-02")
    options = ("--from-close", "2025-02", "--of", "backlog", "--currency", "reporting")
    found = rows(capsys, "compare", book, *options)
    assert [(row["line"], row["contract"], row["amount"]) for row in found] == [
        ("opening", "", "3320.00"),  # C1 1,000.00; C2 800.00 deferred at 1.10 and 1,200.00 unbilled at 1.20
        ("recognized", "C1", "-100.00"),
        ("recognized", "C2", "-220.00"),  # 200.00 out of what was billed at 1.10
        ("fx", "C2", "120.00"),  # 1,200.00 unbilled, from 1.20 to 1.30
        ("closing", "", "3120.00"),
    ]
    change(book, "rates", "2025-02-28,EUR,USD,1.20", "2025-02-28,EUR,USD,1.25")
    found = rows(capsys, "compare", book, *options)
    assert [(row["line"], row["contract"], row["amount"]) for row in found][1:] == [
        ("correction", "C2", "60.00"),  # 1,200.00 unbilled on 2025-02-28, from 1.20 to 1.25
        ("recognized", "C1", "-100.00"),
        ("recognized", "C2", "-220.00"),
        ("fx", "C2", "60.00"),
        ("closing", "", "3120.00"),
    ]


def test_a_comparison_in_reporting_currency_without_a_rate_is_refused_with_its_cell(
    capsys: pytest.CaptureFixture[str], book: Path
) -> None:
    close(capsys, book, "2025-01", "2025-02")
    (book / "rates.csv").write_text("date,from,to,rate\n2099-12-31,EUR,USD,1.10\n", "utf-8")
    code, out, err = ask(capsys, "compare", book, "--from-close", "2025-02", "--currency", "reporting")
    assert (code, out) == (3, "")
    assert "EUR to USD on" in err
    assert ask(capsys, "compare", book, "--from-close", "2025-02")[0] == 0
