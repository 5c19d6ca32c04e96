"""Folders of CSV files as programs and spreadsheets of many countries write them."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from engine.book.problems import BookRefused
from engine.book.reading import examine_book, read_book

from .books import GOOD, TODAY, write_folder

CONTRACTS = "contract_id,customer,signed_on\nC1,Acme,2026-01-01\n"
OBLIGATIONS = "contract_id,obligation_id,price,start,end\nC1,plan,1200.00,2026-01-01,2026-12-31\n"


def folder(path: Path, **files: str | bytes) -> Path:
    for name, text in {"contracts": CONTRACTS, "obligations": OBLIGATIONS, **files}.items():
        (path / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def found(path: Path) -> list[tuple[str, str]]:
    return [(problem.name, problem.where) for problem in examine_book(path, TODAY)[1]]


def test_two_files_make_a_book(tmp_path: Path) -> None:
    book = read_book(folder(tmp_path), TODAY)
    assert book.obligations["price"] == [120000] and book.contracts["currency"] == ["USD"]
    assert book.settings.as_of == dt.date(2026, 10, 31) and len(book.billings) == 0
    assert book.obligations.where(0, "end") == "obligations.csv:2 end"


@pytest.mark.parametrize(
    "written",
    [
        OBLIGATIONS.encode("utf-8-sig"),
        OBLIGATIONS.replace("\n", "\r\n").encode(),
        OBLIGATIONS.replace("\n", "\r").encode(),
        OBLIGATIONS.replace(",", ";").encode(),
        OBLIGATIONS.replace(",", ";").replace("1200.00", "1.200,00").encode(),
        OBLIGATIONS.replace(",", "\t").encode(),
        b"sep=;\r\n" + OBLIGATIONS.replace(",", ";").encode(),
        OBLIGATIONS.rstrip().encode(),
        b"\n,,,,\n" + OBLIGATIONS.encode() + b"\n,,,,\n  , ,,,\n",
        OBLIGATIONS.replace("1200.00", '"1,200.00"').encode(),
        OBLIGATIONS.replace("C1", " C1\u00a0").encode(),
        OBLIGATIONS.replace("price", '" Price "').encode(),
        b"end,price,obligation_id,start,contract_id,\n2026-12-31,1200,plan,2026-01-01,C1,\n",
    ],
)
def test_the_same_table_however_it_is_written(written: bytes, tmp_path: Path) -> None:
    book = read_book(folder(tmp_path, obligations=written), TODAY)
    assert [book.obligations[column] for column in ("contract_id", "obligation_id", "price", "end")] == [
        ["C1"], ["plan"], [120000], [dt.date(2026, 12, 31)]
    ]  # fmt: skip


def test_names_of_files_compare_without_regard_to_case(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "contracts.csv").rename(tmp_path / "CONTRACTS.CSV")
    assert found(tmp_path) == []


def test_lines_are_counted_as_in_the_file(tmp_path: Path) -> None:
    rows = 'contract_id,obligation_id,price,note\n\nC1,a,1,"two\nlines"\nC1,b,x,\n'
    found_in = examine_book(folder(tmp_path, obligations=rows.replace("price", "method,price").replace(",1,",
        ",manual,1,")
                                   .replace(",x,", ",manual,x,")), TODAY)[1]  # fmt: skip
    assert [problem.where for problem in found_in] == ["obligations.csv:5 price"]


def test_further_columns_are_kept_as_text(tmp_path: Path) -> None:
    text = "contract_id,obligation_id,price,start,end,Cost Center\nC1,plan,1200.00,2026-01-01,2026-12-31, 007 \n"
    assert read_book(folder(tmp_path, obligations=text), TODAY).obligations["Cost Center"] == ["007"]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    path = folder(
        tmp_path, contracts="contract_id,customer,signed_on\n", obligations="contract_id,obligation_id,price\n"
    )
    assert found(path) == []


def test_an_empty_file_of_an_optional_table_is_no_table(tmp_path: Path) -> None:
    assert found(folder(tmp_path, billings="", events="\n\n", settings=b"\xef\xbb\xbf")) == []


@pytest.mark.parametrize(
    ("files", "problems"),
    [
        ({"obligations": ""}, [("missing-header", "obligations.csv")]),
        ({"contracts": " \n ,\n"}, [("missing-header", "contracts.csv")]),
        ({"contracts": CONTRACTS.replace("Acme", "Café").encode("cp1252")}, [("csv-encoding", "contracts.csv:2")]),
        ({"contracts": CONTRACTS.encode("utf-16")}, [("csv-encoding", "contracts.csv:1")]),
        ({"contracts": CONTRACTS.encode() + b"C2,\0,2026-01-01\n"}, [("csv-encoding", "contracts.csv:3")]),
        ({"billings": 'document_id,contract_id,date,amount\n"D1,C1,2026-01-01,5\n'}, [("csv-broken", "billings.csv")]),
        ({"billings": "document_id,contract_id,date,amount\nD1,C1,2026-01-01,1,234.50\n"},
         [("csv-extra-cells", "billings.csv:2"), ]),
        ({"billing": "document_id\n"}, [("table-looks-like", "billing")]),
        ({"contract": CONTRACTS}, []),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_one_problem(
    files: dict[str, str | bytes], problems: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert found(folder(tmp_path, **files)) == problems


def test_short_rows_end_in_blanks(tmp_path: Path) -> None:
    assert found(folder(tmp_path, obligations="contract_id,obligation_id,price,start,end\nC1,plan,1200.00\n")) == [
        ("term-missing", "obligations.csv:2 start")
    ]


def test_a_missing_table_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "obligations.csv").write_text(OBLIGATIONS)
    assert found(tmp_path) == [("missing-table", "contracts.csv")]


def test_a_misspelt_required_table_is_missing_and_the_name_offered(tmp_path: Path) -> None:
    (tmp_path / "obligations.csv").write_text(OBLIGATIONS)
    (tmp_path / "contract.csv").write_text(CONTRACTS)
    assert found(tmp_path) == [("table-looks-like", "contract"), ("missing-table", "contracts.csv")]


@pytest.mark.skipif(os.path.normcase("A") == "a", reason="the file system knows one case only")
def test_one_table_in_two_files_is_a_problem(tmp_path: Path) -> None:
    folder(tmp_path, Contracts=CONTRACTS)
    assert found(tmp_path) == [("duplicate-table", "contracts.csv")]


@pytest.mark.parametrize("name", ["nowhere", "nowhere.xlsx", "nowhere.csv"])
def test_a_path_that_is_not_there_is_one_problem(name: str, tmp_path: Path) -> None:
    assert found(tmp_path / name) == [("file-missing", name)]


def test_a_folder_without_tables_is_one_problem(tmp_path: Path) -> None:
    assert [name for name, _ in found(tmp_path)] == ["folder-without-tables"]


def test_one_table_of_a_folder_is_no_book_and_the_folder_is_named(tmp_path: Path) -> None:
    book, (problem,) = examine_book(folder(tmp_path) / "contracts.csv", TODAY)
    assert book is None and problem.name == "not-a-book" and str(tmp_path) in problem.remedy


@pytest.mark.parametrize("name", ["book.xls", "book.xlsb", "book.numbers", "book.txt", "book", "~$book.xlsx"])
def test_a_file_of_another_kind_is_one_problem(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"something")
    assert found(tmp_path / name) == [("not-a-book", name)]


def test_a_file_the_system_withholds_is_one_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder(tmp_path)
    read = Path.read_bytes

    def withhold(file: Path) -> bytes:
        if file.name == "contracts.csv":
            raise PermissionError(13, "Permission denied")
        return read(file)

    monkeypatch.setattr(Path, "read_bytes", withhold)
    assert found(path) == [("file-in-use", "contracts.csv")]


def test_a_disk_that_fails_is_one_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "iterdir", fail)
    assert found(tmp_path) == [("file-unreadable", tmp_path.name)]


def test_a_refused_book_carries_all_its_problems(tmp_path: Path) -> None:
    path = folder(tmp_path, contracts=CONTRACTS + "C1,Birch,soon\n", obligations=OBLIGATIONS.replace("1200", "x"))
    with pytest.raises(BookRefused) as refused:
        read_book(path, TODAY)
    assert [problem.name for problem in refused.value.problems] == ["duplicate-id", "not-a-date", "not-a-number"]


def test_a_cell_of_a_hundred_thousand_characters_is_read(tmp_path: Path) -> None:
    long = "x" * 200_000
    book = read_book(folder(tmp_path, contracts=CONTRACTS.replace("Acme", long)), TODAY)
    assert book.contracts["customer"] == [long]


def test_the_good_book_reads_from_a_folder_with_an_umlaut(tmp_path: Path) -> None:
    assert found(write_folder(GOOD, tmp_path / "Bücher 2026")) == []
