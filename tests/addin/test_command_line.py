"""The command line as a person meets it: verbs, formats, exit codes, help and plain words when something is wrong."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from addin.command_line.parser import build
from addin.command_line.verbs import run
from engine.version import VERSION

CONTRACTS = (
    "contract_id,customer,signed_on,currency,segment\nC1,Acme,2025-01-01,USD,north\nC2,Birch,2025-02-01,USD,south\n"
)
OBLIGATIONS = (
    "contract_id,obligation_id,price,start,end\n"
    "C1,plan,1200.00,2025-01-01,2025-12-31\nC2,plan,2400.00,2025-02-01,2027-01-31\n"
)
BILLINGS = "document_id,contract_id,date,amount\nD1,C1,2025-01-01,1200.00\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "Büro book"
    folder.mkdir()
    (folder / "settings.csv").write_text("name,value\nas_of,2025-06-30\nconvention,monthly\n", "utf-8")
    (folder / "contracts.csv").write_text(CONTRACTS, "utf-8")
    (folder / "obligations.csv").write_text(OBLIGATIONS, "utf-8")
    (folder / "billings.csv").write_text(BILLINGS, "utf-8")
    return folder


def ask(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = run([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_version_is_told_without_loading_what_it_does_not_need() -> None:
    loads = (
        "import sys; sys.argv = ['ratable', '--version']; "
        "from addin.command_line import main; main(); print(sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    version, modules = done.stdout.splitlines()
    assert version == f"ratable {VERSION}"
    assert not [
        name for name in ("numpy", "pydantic", "openpyxl", "argparse", "python_calamine") if f"'{name}'" in modules
    ]


def test_json_has_columns_and_rows_with_money_as_decimal_text(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    code, out, err = ask(capsys, "balances", book, "--by", "contract", "--format", "json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["columns"] == [
        "contract",
        "currency",
        "contracted",
        "recognized",
        "billed",
        "deferred",
        "deferred_current",
        "deferred_noncurrent",
        "contract_asset",
        "refund_liability",
        "backlog",
        "backlog_unbilled",
        "rpo",
    ]
    assert found["rows"][0] == [
        "C1",
        "USD",
        "1200.00",
        "600.00",
        "1200.00",
        "600.00",
        "600.00",
        "0.00",
        "0.00",
        "0.00",
        "600.00",
        "0.00",
        "600.00",
    ]


def test_csv_and_json_say_the_same(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    words = ("revenue", book, "--from", "2025-01", "--to", "2025-Q2", "--by", "customer")
    found = json.loads(ask(capsys, *words, "--format", "json")[1])
    rows = list(csv.reader(io.StringIO(ask(capsys, *words, "--format", "csv")[1])))
    assert rows == [found["columns"], *found["rows"]]
    assert found["columns"] == ["customer", "currency", *(f"2025-0{n}" for n in range(1, 7)), "total"]


def test_a_table_is_aligned_and_folds_where_the_terminal_ends(
    capsys: pytest.CaptureFixture[str], book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = ask(capsys, "waterfall", book, "--as-of", "2025-06", "--months", "12")
    folds = out.rstrip("\n").split("\n\n")
    assert code == 0
    assert len(folds) > 1
    for fold in folds:
        lines = fold.splitlines()
        assert lines[0].startswith("contract  currency")
        assert max(map(len, lines)) <= 80
        assert len({len(line) for line in lines}) == 1
    assert "2,400.00" in out


def test_an_answer_goes_to_a_file_whole(capsys: pytest.CaptureFixture[str], book: Path, tmp_path: Path) -> None:
    target = tmp_path / "june.csv"
    target.write_text("what was there before")
    code, out, _ = ask(capsys, "journal", book, "--from", "2025-06", "--to", "2025-06", "--format", "csv", "-o", target)
    assert (code, out) == (0, "")
    assert target.read_text("utf-8").startswith("date,contract_id,obligation_id,role,account,debit,credit,currency")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Büro book", "june.csv"]


def test_the_end_of_the_name_says_the_form_unless_one_is_asked_for(
    capsys: pytest.CaptureFixture[str], book: Path, tmp_path: Path
) -> None:
    for name in ("a.csv", "a.json", "a.xlsx", "a.txt"):
        assert ask(capsys, "balances", book, "-o", tmp_path / name) == (0, "", "")
    assert (tmp_path / "a.csv").read_text("utf-8").startswith("contract,currency,")
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["columns"][:2] == ["contract", "currency"]
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active is not None
    assert (tmp_path / "a.txt").read_text("utf-8").startswith("contract  currency")


def test_an_answer_never_takes_the_place_of_the_book(
    capsys: pytest.CaptureFixture[str], book: Path, tmp_path: Path
) -> None:
    workbook = tmp_path / "Revenue.xlsx"
    assert ask(capsys, "new", workbook)[0] == 0
    for words in (
        ("pack", workbook, "-o", workbook),
        ("balances", workbook, "-o", workbook),
        ("check", workbook, "-o", tmp_path / "Büro book" / ".." / "Revenue.xlsx"),
        ("balances", book, "-o", book / "contracts.csv"),
    ):
        before = {path: path.read_bytes() for path in (workbook, *book.iterdir())}
        code, out, err = ask(capsys, *words)
        assert (code, out) == (2, "")
        assert "it would be lost" in err
        assert {path: path.read_bytes() for path in (workbook, *book.iterdir())} == before


def test_a_demo_needs_a_folder_that_can_be_made(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    code, _, err = ask(capsys, "demo", "-o", tmp_path / "taken")
    assert code == 2
    assert "cannot be made a folder" in err


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
def test_a_full_disk_is_told_in_words(book: Path) -> None:
    program = [sys.executable, "-m", "addin.command_line", "balances", str(book)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert "the answer cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_rows_can_be_chosen_by_any_column(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    _, out, _ = ask(capsys, "balances", book, "--by", "total", "--where", "segment=NORTH", "--format", "json")
    assert [row[2] for row in json.loads(out)["rows"]] == ["1200.00"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["balances", "BOOK", "--by", "colour"], "no column 'colour'"),
        (["balances", "BOOK", "--as-of", "June"], "neither a day"),
        (["revenue", "BOOK", "--from", "2025-06", "--to", "2025-01"], "ends on"),
        (["balances", "BOOK", "--where", "north"], "COLUMN=VALUE"),
        (["balances", "BOOK", "--known-at", "31.12.2025"], "2026-03-31"),
        (["waterfall", "BOOK", "--months", "many"], "whole number"),
        (["rollforward", "BOOK", "--of", "cash"], "invalid choice"),
        (["balances", "BOOK", "--format", "xlsx"], "-o FILE.xlsx"),
        (["explain", "BOOK", "C9"], "C9"),
        (["pack", "BOOK", "-o", "pack.pdf"], "pack.xlsx"),
        (["new", "book.xls"], "book.xlsx"),
        (["get", "BOOK", "NO_SUCH_FORMULA"], "there is no formula"),
        (["get", "BOOK", "RATABLE", "1200"], "arguments"),
        (["conclude", "BOOK"], "invalid choice"),
        (["waterfall", "BOOK", "--as-of", "0001-01-01"], "outside the years 1900 to 2199"),
        (["balances", "BOOK", "--as-of", "9999-12-31"], "outside the years 1900 to 2199"),
        (["balances", "BOOK", "--as-of", "FY2200"], "outside the years 1900 to 2199"),
        (["compare-conventions", "BOOK", "C1", "--from", "2025-06", "--to", "2025-01"], "ends on"),
        (["balances", "BOOK", "-o", "."], "is a folder"),
        (["balances", "BOOK", "-o", "nowhere/x.csv"], "there is no folder nowhere"),
        (["pack", "BOOK", "-o", "nowhere/x.xlsx"], "there is no folder nowhere"),
        (["balances", "BOOK", "--format", "csv", "-o", "x.xlsx"], "end it in .csv"),
        (["balances", "BOOK", "--format", "xlsx", "-o", "x.csv"], "end it in .xlsx"),
        ([], "usage"),
    ],
)
def test_wrong_usage_is_told_in_words_with_exit_2(
    words: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    book: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = ask(capsys, *(book if word == "BOOK" else word for word in words))
    assert code == 2
    assert said in err + out
    assert "Traceback" not in err


def test_a_book_that_cannot_be_used_is_refused_with_every_problem_and_exit_3(
    capsys: pytest.CaptureFixture[str], book: Path
) -> None:
    (book / "obligations.csv").write_text(OBLIGATIONS.replace("1200.00", "12oo"), "utf-8")
    (book / "billings.csv").write_text(BILLINGS.replace("C1", "C9"), "utf-8")
    code, out, err = ask(capsys, "balances", book)
    assert (code, out) == (3, "")
    assert "obligations.csv:2 price" in err
    assert "billings.csv:2 contract_id" in err
    assert "cannot be used until the 2 problems above are mended" in err


def test_check_lists_problems_and_checks_as_rows(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    code, out, _ = ask(capsys, "check", book, "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["columns"] == ["severity", "name", "where", "found", "remedy"]
    assert {row[1] for row in found["rows"] if row[0] == "ok"} >= {
        "identities",
        "rollforward-closes",
        "entries-balance",
    }
    code, out, _ = ask(capsys, "check", book)
    assert "[ok] identities" in out


def test_a_new_book_is_never_written_over_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "Revenue 2026.xlsx"
    code, out, _ = ask(capsys, "new", target)
    assert code == 0
    assert str(target) in out
    before = target.read_bytes()
    code, _, err = ask(capsys, "new", target)
    assert code == 2
    assert "never written over" in err
    assert target.read_bytes() == before
    assert ask(capsys, "check", target)[0] == 0


def test_a_pack_takes_a_free_name_beside_the_book(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    first = ask(capsys, "pack", book)[1].strip()
    second = ask(capsys, "pack", book)[1].strip()
    assert Path(first).name == "Büro book close pack 2025-06.xlsx"
    assert Path(second).name == "Büro book close pack 2025-06 (2).xlsx"
    assert Path(first).parent == book.parent


def test_a_pack_of_chosen_sheets_has_them_and_says_what_it_is_without(
    capsys: pytest.CaptureFixture[str], book: Path, tmp_path: Path
) -> None:
    target = tmp_path / "part.xlsx"
    code, _, _ = ask(capsys, "pack", book, "--sheets", "rpo, Journal", "-o", target)
    shown = openpyxl.load_workbook(target, data_only=True)
    assert code == 0
    assert shown.sheetnames == ["Contents", "Checks", "Contract balances", "RPO", "Journal"]
    basis = [str(cell.value) for cell in shown["Contents"]["B"]]
    assert any("A selection of reports, without Summary, Deferred roll-forward" in text for text in basis)


def test_a_sheet_that_is_none_is_refused_with_those_there_are(
    capsys: pytest.CaptureFixture[str], book: Path, tmp_path: Path
) -> None:
    for words in ("rpo,Cash flow", ","):
        code, out, err = ask(capsys, "pack", book, "--sheets", words, "-o", tmp_path / "part.xlsx")
        assert (code, out) == (2, "") and "Contract balances" in err
    assert "Cash flow" in ask(capsys, "pack", book, "--sheets", "rpo,Cash flow")[2]
    assert not list(tmp_path.glob("*.xlsx"))


def test_a_waterfall_goes_back_before_the_day_if_asked(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    words = ("waterfall", book, "--back", "1", "--months", "2", "--format", "csv")
    lines = ask(capsys, *words)[1].splitlines()
    assert lines[0] == "contract,currency,contracted,before,2025-05,2025-06,2025-07,2025-08,thereafter"
    assert lines[1] == "C1,USD,1200.00,400.00,100.00,100.00,100.00,100.00,400.00"
    left = ask(capsys, *words, "--measure", "balance")[1].splitlines()
    assert left[1] == "C1,USD,1200.00,800.00,700.00,600.00,500.00,400.00,400.00"


def test_a_pack_of_a_failing_check_says_so_with_exit_1(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    (book / "accounts.csv").write_text("role,account\ndeferred_current,2400\n", "utf-8")
    (book / "ledger.csv").write_text("account,date,balance\n2400,2025-06-30,599.00\n", "utf-8")
    assert ask(capsys, "check", book)[0] == 1
    code, out, err = ask(capsys, "pack", book)
    assert code == 1
    assert Path(out.strip()).exists()
    assert "A check fails" in err


@pytest.mark.parametrize("verb", sorted(build()._subparsers._group_actions[0].choices))  # type: ignore[union-attr, arg-type]
def test_every_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ask(capsys, verb, "--help")
    assert code == 0
    assert f"example:\n  ratable {verb}" in out
    assert max(map(len, out.splitlines())) <= 110


def test_a_formula_answers_and_explains_its_arguments(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    assert ask(capsys, "get", book, "DEFERRED_BALANCE", "C1", "2025-06-30")[1] == "600.00\n"
    assert ask(capsys, "get", book, "deferred_balance")[1] == "600.00\n"
    assert ask(capsys, "get", book, "BACKLOG", "", "2025-06")[1] == "2500.00\n"
    code, out, err = ask(capsys, "get", book, "BACKLOG", "C9")
    assert (code, out) == (2, "#N/A\n")
    assert "C9" in err
    code, out, _ = ask(capsys, "get", book, "RATABLE", "--help-formula")
    assert out.startswith("RATABLE(amount, service_start, service_end, start_date, end_date, [convention])")


def test_the_demo_makes_a_sample_book_and_its_pack(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = ask(capsys, "demo", "-o", tmp_path / "demo")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["sample", "close"]
    assert sorted(path.suffix for path in (tmp_path / "demo").iterdir()) == [".xlsx", ".xlsx"]


def test_a_formula_takes_ranges_in_braces(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    assert ask(capsys, "get", book, "ALLOCATE", "100", "{50;25;75}", "0")[1] == "33.00\n17.00\n50.00\n"
    code, out, _ = ask(capsys, "get", book, "DEFERRED_BALANCE", '{"C1";"C9"}', '{"2025-03-31","2025-06-30"}')
    assert (code, out.splitlines()[1]) == (0, "#N/A\t#N/A")
    assert ask(capsys, "get", book, "BACKLOG", '{"a" b}')[0] == 2


def test_control_formulas_answer_about_a_book_of_the_command_line(
    capsys: pytest.CaptureFixture[str], book: Path
) -> None:
    assert ask(capsys, "get", book, "RATABLE_BOOK")[1].startswith("Ratable book ")
    assert ask(capsys, "get", book, "RATABLE_PROBLEMS")[1].startswith("severity\tname")
    assert "identities" in ask(capsys, "get", book, "RATABLE_CHECK")[1]
