"""The metadata of tables: complete, and what docs/tables.md says."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from engine.book import catalogue
from engine.book.cells import Manner
from engine.book.columns import read_column, read_money_column
from engine.book.document import document
from engine.book.field import Kind
from engine.book.tables import TABLES, Billing, Contract, Rate, Settings

EVERY = [column for name in catalogue.table_names() for column in catalogue.columns(name)] + list(catalogue.settings())


def test_the_page_of_tables_is_up_to_date() -> None:
    """If not, run `python -m engine.book.document`."""
    page = Path(__file__).parents[2] / "docs" / "tables.md"
    assert page.read_text(encoding="utf-8") == document()


@pytest.mark.parametrize("column", EVERY, ids=lambda column: f"{column.table}-{column.name}")
def test_every_column_is_described_and_its_example_can_be_read(column: catalogue.Column) -> None:
    assert 3 < len(column.help) <= 120 and not column.help.endswith(".")
    assert column.example
    if column.kind in (Kind.MONEY, Kind.PRICE):
        values, failures = read_money_column([column.example], Manner(), 2)
    else:
        values, failures = read_column(column, [column.example], Manner())
    assert not failures and values[0] is not None
    assert not column.allowed or column.example in column.allowed
    assert 8 <= column.width <= 40


def test_the_columns_are_those_of_the_tables() -> None:
    assert catalogue.table_names() == tuple(TABLES)
    assert [column.name for column in catalogue.columns("Rates")] == ["date", "from", "to", "rate"]
    assert [column.name for column in catalogue.columns("Settings")] == ["name", "value"]
    required = [column.name for column in catalogue.columns("Contracts") if column.required]
    assert required == ["contract_id", "customer", "signed_on"]
    assert catalogue.is_required("Contracts") and not catalogue.is_required("Billings")
    assert all(catalogue.purpose(name).endswith(".") for name in catalogue.table_names())


def test_defaults_and_limits_are_said_in_words() -> None:
    said = {(column.table, column.name): (column.default, column.limits) for column in EVERY}
    assert said["Contracts", "cancellable"] == ("no", "")
    assert said["Obligations", "method"] == ("ratable", "")
    assert said["Obligations", "breakage_percent"] == ("", "at least 0 and below 100")
    assert said["Events", "percent"] == ("", "0 to 100")
    assert said["Rates", "rate"] == ("", "above 0")
    assert said["Settings", "as_of"][0] == "the last month end before today"


def test_the_models_can_be_made_by_hand() -> None:
    day = dt.date(2026, 1, 1)
    assert Contract(contract_id="C1", customer="Acme", signed_on=day, currency="USD").cancellable is False
    assert Billing(document_id="D1", contract_id="C1", date=day, amount=5).type == "invoice"
    assert Rate(date=day, from_currency="EUR", to_currency="USD", rate=Fraction(1)).rate == 1
    assert Settings().week_start == "monday"
