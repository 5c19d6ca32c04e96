"""The oracle itself reproduces the worked examples in its scope, and some arithmetic by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from .calendars import Calendar
from .oracle import NotInScope, Oracle

GOLDEN = Path(__file__).parent.parent / "golden"
TODAY = date(2027, 1, 15)
REPORTS = ["balances", "revenue", "waterfall", "rollforward", "rpo"]


def golden_cases() -> list[dict[str, Any]]:
    """The worked examples that expect a figure of a report the oracle gives."""
    cases = []
    for file in sorted(GOLDEN.glob("*.yaml")):
        cases += yaml.safe_load(file.read_text(encoding="utf-8"))
    return [case for case in cases if any(case["expect"].get(report) for report in REPORTS)]


def is_in_scope(case: Mapping[str, Any]) -> bool:
    """True if the oracle can read the book."""
    try:
        Oracle(case["book"], TODAY)
    except NotInScope:
        return False
    return True


IN_SCOPE = [case for case in golden_cases() if is_in_scope(case)]


def pick(rows: Mapping[str, Mapping[str, Any]], spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row a case speaks of; a row that is not there stands for zeros."""
    key = spec.get("key") or spec.get("currency")
    if key is None:
        assert len(rows) == 1
        key = next(iter(rows))
    return rows.get(str(key), {})


def compare(case: Mapping[str, Any], oracle: Oracle) -> int:
    """Compare every figure of a case that is in contract currency; how many there were."""
    tolerance = Decimal(str(case.get("tolerance", "0")))
    compared = 0

    def same(row: Mapping[str, Any], expected: Mapping[str, str], what: str) -> None:
        nonlocal compared
        for column, value in expected.items():
            found = row[column] if row else Decimal(0)
            assert abs(found - Decimal(value)) <= tolerance, f"{case['id']} {what} {column}: {found}, not {value}"
            compared += 1

    for report in REPORTS:
        for spec in case["expect"].get(report, []):
            if "in" in spec:
                continue
            if report == "balances":
                rows: Mapping[str, Mapping[str, Any]] = oracle.balances(
                    date.fromisoformat(spec["as_of"]), spec.get("by", "total")
                )
                same(pick(rows, spec), spec["values"], f"{spec['as_of']} {spec.get('key', '')}")
            elif report == "revenue":
                rows = oracle.revenue(list(spec["months"]), spec.get("by", "total"))
                same(pick(rows, spec), spec["months"], f"revenue {spec.get('key', '')}")
            elif report == "waterfall":
                rows = oracle.waterfall(
                    date.fromisoformat(spec["as_of"]), spec.get("n", 12), spec.get("by", "contract")
                )
                same(pick(rows, spec), spec["values"], f"waterfall {spec['as_of']}")
            elif report == "rollforward":
                rows = oracle.rollforward(spec["period"], spec.get("of", "deferred"))
                same(pick(rows, spec), spec["values"], f"rollforward {spec['period']}")
            else:
                rows = oracle.rpo(date.fromisoformat(spec["as_of"]))
                same(pick(rows, spec), spec["values"], f"rpo {spec['as_of']}")
    return compared


@pytest.mark.parametrize("case", IN_SCOPE, ids=lambda case: str(case["id"]))
def test_the_oracle_reproduces_the_worked_example(case: dict[str, Any]) -> None:
    only_reporting = all("in" in spec for report in REPORTS for spec in case["expect"].get(report, []))
    assert compare(case, Oracle(case["book"], TODAY)) > 0 or only_reporting


def test_no_worked_example_in_scope_is_left_out() -> None:
    figures = sum(compare(case, Oracle(case["book"], TODAY)) for case in IN_SCOPE)
    assert len(IN_SCOPE) >= 118
    assert figures >= 1547


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("events", {"event_id": "E1", "contract_id": "C1", "date": "2026-03-01", "type": "cancel"}),
        ("events", {"event_id": "E1", "contract_id": "C1", "date": "2026-03-01", "type": "upgrade", "price": "9"}),
        ("billings", {"document_id": "D1", "contract_id": "C1", "date": "2026-03-01", "amount": "1", "type": "refund"}),
        ("estimates", {"contract_id": "C1", "date": "2026-03-01", "kind": "rebate", "amount": "-1"}),
    ],
)
def test_what_is_not_computed_yet_is_said_so(table: str, row: dict[str, str]) -> None:
    book = {
        "contracts": [{"contract_id": "C1", "customer": "Acme", "signed_on": "2026-01-01"}],
        "obligations": [
            {"contract_id": "C1", "obligation_id": "o", "price": "12", "start": "2026-01-01", "end": "2026-12-31"}
        ],
    }
    with pytest.raises(NotInScope):
        Oracle(book | {table: [row]}, TODAY)


# ------------------------------------------------------------------------- by hand, where no example speaks of it


def one_service(settings: dict[str, str], events: list[dict[str, str]], **cells: str) -> Oracle:
    """A book of one obligation, 2026 unless said otherwise."""
    obligation = {"contract_id": "C1", "obligation_id": "o", "price": "3650", "start": "2026-01-01"} | cells
    obligation.setdefault("end", "2026-12-31")
    rows = [{"event_id": f"E{n}", "contract_id": "C1", **event} for n, event in enumerate(events)]
    contract = {"contract_id": "C1", "customer": "Acme", "signed_on": "2026-01-01"}
    return Oracle({"settings": settings, "contracts": [contract], "obligations": [obligation], "events": rows}, TODAY)


def recognized(oracle: Oracle, *days: str) -> list[Decimal]:
    """R of the whole book at some days."""
    found: list[Any] = [oracle.balances(date.fromisoformat(day), "total")["USD"]["recognized"] for day in days]
    return found


def test_a_week_calendar_begins_on_the_nearest_monday_and_a_53rd_week_joins_the_last_period() -> None:
    calendar = Calendar("4-4-5", 1)
    assert calendar.range_of("2026-01") == (date(2025, 12, 29), date(2026, 1, 25))
    assert calendar.range_of("2026-03") == (date(2026, 2, 23), date(2026, 3, 29))
    assert calendar.range_of("2026-12") == (date(2026, 11, 23), date(2027, 1, 3))  # six weeks of a year of 53
    assert calendar.range_of("FY2026") == (date(2025, 12, 29), date(2027, 1, 3))
    assert calendar.range_of("2026-Q1") == (date(2025, 12, 29), date(2026, 3, 29))
    assert calendar.period_of(date(2026, 3, 30)).label == "2026-04"
    assert Calendar("5-4-4", 2).range_of("2026-01") == (date(2025, 2, 3), date(2025, 3, 9))


def test_a_fiscal_year_bears_the_number_of_the_year_it_ends_in() -> None:
    calendar = Calendar("month", 4)
    assert calendar.range_of("FY2026") == (date(2025, 4, 1), date(2026, 3, 31))
    assert calendar.range_of("2026-Q1") == (date(2025, 4, 1), date(2025, 6, 30))
    assert calendar.range_of("2026-03") == (date(2026, 3, 1), date(2026, 3, 31))


def test_the_periods_of_a_week_calendar_share_a_price_evenly() -> None:
    oracle = one_service({"calendar": "4-4-5", "convention": "even_months"}, [], price="1200", end="2026-03-29")
    # Three periods of 400: 1 to 25 January, four weeks, five weeks.
    assert recognized(oracle, "2026-01-25", "2026-02-22", "2026-03-29") == [400, 800, 1200]
    assert recognized(oracle, "2026-02-01") == [500]  # a week of four


def test_a_pause_that_extends_moves_the_last_month_out_under_the_monthly_convention() -> None:
    events = [
        {"date": "2026-01-31", "type": "pause"},
        {"date": "2026-03-01", "type": "resume", "treatment": "extend"},
    ]
    oracle = one_service({"convention": "monthly"}, events, price="1200", end="2026-03-31")
    # A third earned in January; 28 days paused, the end is 28 April. The clock of January to 28 April is
    # 3 + 28/30 months; of the 1 + 28/30 left on 1 March, March is 1: 400 + 800 x 30/58 = 813.79.
    assert recognized(oracle, "2026-01-31", "2026-02-28") == [400, 400]
    assert recognized(oracle, "2026-03-31", "2026-04-28") == [Decimal("813.79"), 1200]


def test_the_day_of_a_hold_is_not_recognized_and_a_hold_on_the_day_of_a_release_starts_again() -> None:
    events = [
        {"date": "2026-01-11", "type": "hold"},
        {"date": "2026-01-21", "type": "release"},
        {"date": "2026-01-21", "type": "hold"},
        {"date": "2026-02-01", "type": "release"},
    ]
    oracle = one_service({}, events)
    found = recognized(oracle, "2026-01-10", "2026-01-20", "2026-01-21", "2026-01-31", "2026-02-01")
    assert found == [100, 100, 200, 200, 320]


def test_held_work_is_undated() -> None:
    oracle = one_service({}, [{"date": "2026-01-11", "type": "hold"}])
    row: dict[str, Any] = oracle.waterfall(date(2026, 1, 31), 2)["C1"]
    assert (row["to_date"], row["2026-02"], row["thereafter"]) == (100, 0, 3550)
    assert oracle.rpo(date(2026, 1, 31))["USD"]["undated"] == 3550
    before: dict[str, Any] = oracle.waterfall(date(2026, 1, 10), 2)["C1"]
    assert (before["2026-01"], before["2026-02"]) == (210, 280)  # the rest of January, as known then


def test_unused_rights_lapse_at_the_end_but_are_no_plan() -> None:
    events = [{"date": "2026-05-01", "type": "redeem", "quantity": "650"}]
    oracle = one_service({}, events, method="redemption")
    assert recognized(oracle, "2026-05-01", "2026-12-30", "2026-12-31") == [650, 650, 3650]
    assert oracle.waterfall(date(2026, 12, 1), 1)["C1"]["2026-12"] == 0
    assert oracle.rollforward("2026-12")["USD"]["breakage"] == -3000


def test_the_plug_first_month_is_shared_by_its_days() -> None:
    oracle = one_service({"convention": "even_months"}, [], price="100", end="2026-03-31", rounding="plug_first")
    # 33.34 + 33.33 + 33.33; 33.34 x 10/31 = 10.7548.
    days = ("2026-01-10", "2026-01-31", "2026-02-28")
    assert recognized(oracle, *days) == [Decimal("10.75"), Decimal("33.34"), Decimal("66.67")]
