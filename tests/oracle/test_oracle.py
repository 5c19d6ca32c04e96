"""The oracle itself reproduces the worked examples in its scope, and some arithmetic by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from ..golden_cases import golden_cases
from .calendars import ONE_DAY, Calendar
from .oracle import NotInScope, Oracle
from .rounding import round_half_away
from .shares import Course

TODAY = date(2027, 1, 15)
REPORTS = ["balances", "revenue", "waterfall", "rollforward", "rpo", "journal", "get"]
#: Formulas that read one figure of the balances.
BALANCES = {"DEFERRED_BALANCE": "deferred", "CONTRACT_ASSET": "contract_asset", "REFUND_LIABILITY": "refund_liability"}
BALANCES |= {"BACKLOG": "backlog", "BACKLOG_UNBILLED": "backlog_unbilled", "RPO": "rpo"}
BALANCES |= {"RECOGNIZED_TO_DATE": "recognized", "BILLED_TO_DATE": "billed", "CONTRACTED": "contracted"}


#: The worked examples that expect a figure.
CASES = [case for case in golden_cases() if any(case["expect"].get(report) for report in REPORTS)]


def pick(rows: Mapping[str, Mapping[str, Any]], spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row a case speaks of; a row that is not there stands for zeros."""
    key = spec.get("key") or spec.get("currency")
    if key is None:
        assert len(rows) == 1
        key = next(iter(rows))
    return rows.get(str(key), {})


def ask(oracle: Oracle, report: str, spec: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """What the oracle answers, and what the case expects of it."""
    if report == "balances":
        found: Mapping[str, Any] = oracle.balances(date.fromisoformat(spec["as_of"]), spec.get("by", "total"))
    elif report == "revenue":
        return pick(oracle.revenue(list(spec["months"]), spec.get("by", "total")), spec), spec["months"]
    elif report == "waterfall":
        found = oracle.waterfall(date.fromisoformat(spec["as_of"]), spec.get("n", 12), spec.get("by", "contract"))
    elif report == "rollforward":
        found = oracle.rollforward(spec["period"], spec.get("of", "deferred"))
    elif report == "rpo":
        found = oracle.rpo(date.fromisoformat(spec["as_of"]))
    elif report == "journal":
        rows = oracle.journal(date.fromisoformat(spec["from"]), date.fromisoformat(spec["to"])).values()
        assert not any(sum(row.values()) for row in rows), "an entry is out of balance"
        return {role: sum(row[role] for row in rows) for role in spec["roles"]}, spec["roles"]
    else:
        return {"answer": formula(oracle, *(str(word) for word in spec["call"]))}, {"answer": spec["value"]}
    return pick(found, spec), spec["values"]


def formula(oracle: Oracle, name: str, *words: str) -> Decimal:
    """The answer of a worksheet formula."""
    if name == "RATABLE":
        start, end, first, last = (date.fromisoformat(word) for word in words[1:5])
        return ratable(Decimal(words[0]), start, end, first, last, *words[5:])
    key, dates = words[0], [oracle.book.settings.calendar.range_of(word) for word in words[1:]]
    by = "obligation" if "/" in key else "contract" if key else "total"
    if name in BALANCES:
        rows: Mapping[str, Any] = oracle.balances(dates[0][1], by)
        found = [row[BALANCES[name]] for row_key, row in rows.items() if key in ("", row_key)]
    else:
        flow = {"REVENUE_RECOGNIZED": oracle.revenue_between, "CATCH_UP": oracle.catch_up}[name]
        found = [amount for row_key, amount in flow(dates[0][0], dates[1][1], by).items() if key in ("", row_key)]
    assert len(found) == 1
    return Decimal(found[0])


def ratable(amount: Decimal, start: date, end: date, first: date, last: date, convention: str = "daily") -> Decimal:
    """A flow of one service, cumulative rounding to 2 decimals."""
    course = Course(start, end, convention, Calendar())
    cents = Fraction(amount) * 100
    to_dates = [round_half_away(cents * course.share(day)) for day in (first - ONE_DAY, last)]
    return Decimal(to_dates[1] - to_dates[0]) / 100


def compare(case: Mapping[str, Any], oracle: Oracle) -> int:
    """Compare every figure of a case that is in contract currency; how many there were."""
    tolerance = Decimal(str(case.get("tolerance", "0")))
    compared = 0
    for report in REPORTS:
        for spec in case["expect"].get(report, []):
            if "in" in spec:
                continue
            row, expected = ask(oracle, report, spec)
            for column, value in expected.items():
                found = row[column] if row else Decimal(0)
                where = f"{case['id']} {report} {spec.get('as_of') or spec.get('period') or spec.get('from') or ''}"
                assert abs(found - Decimal(value)) <= tolerance, f"{where} {column}: {found}, not {value}"
                compared += 1
    return compared


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_the_oracle_reproduces_the_worked_example(case: dict[str, Any]) -> None:
    only_reporting = all("in" in spec for report in REPORTS for spec in case["expect"].get(report, []))
    assert compare(case, Oracle(case["book"], TODAY)) > 0 or only_reporting


def test_no_worked_example_is_left_out() -> None:
    figures = sum(compare(case, Oracle(case["book"], TODAY)) for case in CASES)
    assert len(CASES) >= 173
    assert figures >= 2257


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("events", {"event_id": "E1", "contract_id": "C1", "date": "2026-03-01", "type": "terminate"}),
        (
            "billings",
            {"document_id": "D1", "contract_id": "C1", "date": "2026-03-01", "amount": "1", "type": "receipt"},
        ),
    ],
)
def test_what_is_not_computed_is_said_so(table: str, row: dict[str, str]) -> None:
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
