"""The arithmetic checks pass on honest books, whatever is in them, and fail as soon as one figure is off by a cent."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from engine.book.problems import Severity
from engine.book.reading import book_from_rows
from engine.reports.checks import CHECKS, arithmetic, checks, movements
from engine.reports.checks.evidence import Evidence
from engine.reports.checks.rule import TOLD
from engine.reports.table import Table
from engine.schedule.compile import compile_book
from engine.schedule.schedule import Schedule

from ..oracle.random_books import dates_of, random_book
from ..oracle.random_openings import with_openings
from .checked import AS_OF, TODAY, contract, event, findings, invoice, line, one, scheduled

ARITHMETIC = (
    "identities", "schedule-adds-to-price", "rollforward-closes", "opening-is-prior-closing", "waterfall-adds-to-price",
    "entries-balance", "ties-to-ledger",
)  # fmt: skip
MISTAKES = (
    "revenue-at-billing", "billing-without-change", "bundle-as-one", "rights-without-breakage", "billed-twice",
    "credit-runs-on", "ended-not-drained", "active-but-silent", "negative-period", "deferred-is-not-cash",
)  # fmt: skip


@pytest.fixture
def honest() -> Schedule:
    """Two contracts in two currencies: a platform paid a year ahead with a set-up, and support billed in advance."""
    return scheduled(
        contracts=[contract(), contract("C2", customer="Birch", currency="EUR")],
        obligations=[
            line("12000.00", product="Platform"),
            line("600.00", "setup", product="Set-up", method="point_in_time"),
            line("3600.00", contract_id="C2", product="Support", convention="monthly"),
        ],
        billings=[
            invoice("I1", "2026-01-01", "12600.00"),
            invoice("P1", "2026-01-20", "12600.00", type="payment", applies_to="I1"),
            *(invoice(f"J{n}", f"2026-{n:02}-01", "300.00", "C2") for n in range(1, 7)),
            *(
                invoice(f"Q{n}", f"2026-{n:02}-15", "300.00", "C2", type="payment", applies_to=f"J{n}")
                for n in range(1, 7)
            ),
        ],
        events=[event("deliver", "2026-02-10", obligation_id="setup")],
        rates=[{"date": "2025-12-31", "from": "EUR", "to": "USD", "rate": "1.10"}],
    )


def test_every_check_is_told_in_the_order_of_the_specification(honest: Schedule) -> None:
    assert tuple(rule.name for rule, _ in CHECKS) == ARITHMETIC + MISTAKES
    assert tuple(problem.name for problem in checks(honest, AS_OF)) == ARITHMETIC + MISTAKES


def test_an_honest_book_passes_every_check_and_says_what_was_compared(honest: Schedule) -> None:
    for problem in checks(honest, AS_OF):
        assert problem.severity is Severity.OK, problem
        assert problem.found and problem.title and not problem.where and not problem.remedy


def test_a_book_without_contracts_passes_every_check() -> None:
    empty = scheduled(contracts=[], obligations=[])
    assert {problem.severity for problem in checks(empty, AS_OF)} == {Severity.OK}


def test_progress_is_told_before_each_check_and_can_cancel(honest: Schedule) -> None:
    told: list[tuple[str, int, int]] = []
    checks(honest, AS_OF, lambda *step: told.append(step))
    assert [name for name, _, _ in told] == [*ARITHMETIC, *MISTAKES]
    assert {of for _, _, of in told} == {len(CHECKS)} and [done for _, done, _ in told] == list(range(len(CHECKS)))

    def stop(name: str, done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checks(honest, AS_OF, stop)


@pytest.mark.parametrize("seed", range(12))
def test_the_arithmetic_of_random_books_holds_at_any_day(seed: int) -> None:
    tables = random_book(seed)
    if seed % 3 == 0:
        tables = with_openings(tables, random.Random(seed))
    schedule = compile_book(book_from_rows(tables, TODAY))
    for day in random.Random(seed).sample(sorted(dates_of(tables)), 2):
        wrong = [p for p in checks(schedule, day) if p.name in ARITHMETIC and p.severity is not Severity.OK]
        assert not wrong, f"{day}: {wrong[0]}"


# -- each of them can fail ---------------------------------------------------------------------------------------------


def test_a_position_off_by_a_cent_breaks_the_identities(honest: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    def off(schedule: Schedule, day: date) -> Any:
        units, own = genuine(schedule, day)
        return replace(units, deferred=units.deferred + (day == AS_OF)), own

    genuine: Any = vars(arithmetic)["positions"]
    monkeypatch.setattr(arithmetic, "positions", off)
    found = findings(honest, "identities")
    assert {problem.severity for problem in found} == {Severity.FAIL}
    assert found[0].where == "contracts.csv:2 contract_id"
    assert "C1  at 2026-06-30" in found[0].found and "0.01 USD" in found[0].found


def test_a_report_by_obligation_that_misses_the_one_by_contract_breaks_the_identities(
    honest: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    def off(grouping: Any, day: date) -> Any:
        rows, columns = genuine(grouping, day)
        return rows, columns | {"billed": columns["billed"] + (grouping.by == "obligation")}

    genuine: Any = vars(arithmetic)["figures"]
    monkeypatch.setattr(arithmetic, "figures", off)
    assert "billed by obligation differs from billed by contract by 0.0" in findings(honest, "identities")[0].found


def test_a_schedule_that_ends_beside_its_price_fails_at_the_price(honest: Schedule) -> None:
    honest.segments.final[0] += 7
    found = one(honest, "schedule-adds-to-price")
    assert found.severity is Severity.FAIL
    assert found.where == "obligations.csv:2 price" and "C1/plan" in found.found


def test_work_left_undated_fails_unless_something_stops_it() -> None:
    tables: dict[str, Any] = {"contracts": [contract()], "obligations": [line("1200.00")]}
    held = scheduled(**tables, events=[event("hold", "2026-03-01")])
    assert not findings(held, "schedule-adds-to-price")
    stopped = scheduled(**tables)
    stopped.segments.final[0] -= 500
    assert "contracted 1,200.00 USD" in one(stopped, "schedule-adds-to-price").found


def test_a_document_missing_from_the_movements_breaks_the_rollforward(honest: Schedule) -> None:
    honest.steps.amount[:] = np.where(honest.steps.source == 0, 0, honest.steps.amount)
    found = findings(honest, "rollforward-closes")
    assert found[0].severity is Severity.FAIL
    assert "deferred  2026-01" in found[0].found and "12,600.00 USD" in found[0].found


def test_a_closing_that_is_not_the_balance_breaks_the_rollforward(honest: Schedule) -> None:
    evidence = _with_backlog(honest, lambda row: [*row[:2], row[2] + 5, *row[3:-1], row[-1] + 5])
    told = movements.rollforward_closes(evidence)
    assert told[0].severity is Severity.FAIL and "the balance is" in told[0].found


def test_an_opening_that_is_not_the_closing_before_it_fails(honest: Schedule) -> None:
    evidence = _with_backlog(honest, lambda row: [*row[:2], row[2] + (row[0] == "2026-03"), *row[3:]])
    told = movements.opening_is_prior_closing(evidence)
    assert told[0].severity is Severity.FAIL
    assert told[0].found.startswith("backlog  2026-03  opens at")


def _with_backlog(schedule: Schedule, tamper: Callable[[list[Any]], list[Any]]) -> Evidence:
    evidence = Evidence(schedule, AS_OF)
    table = evidence.rollforwards["backlog"]
    evidence.rollforwards["backlog"] = Table(table.columns, [tamper(list(row)) for row in table.rows])
    return evidence


def test_a_waterfall_off_by_a_cent_fails(honest: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    def off(*asked: Any) -> Table:
        table = genuine(*asked)
        return Table(table.columns, [[*row[:-1], row[-1] + (n == 0)] for n, row in enumerate(table.rows)])

    genuine: Any = vars(arithmetic)["waterfall"]
    monkeypatch.setattr(arithmetic, "waterfall", off)
    found = findings(honest, "waterfall-adds-to-price")
    assert found[0].severity is Severity.FAIL and found[0].where == "contracts.csv:2 contract_id"
    assert "the column thereafter" in found[1].found


def test_an_entry_of_one_side_does_not_balance(honest: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine: Any = vars(movements)["journal_lines"]
    monkeypatch.setattr(movements, "journal_lines", lambda *asked: genuine(*asked)[1:])
    found = findings(honest, "entries-balance")
    assert found[0].severity is Severity.FAIL
    assert "debits less credits" in found[0].found


def test_an_entry_to_the_wrong_role_does_not_move_the_balance(
    honest: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine: Any = vars(movements)["journal_lines"]

    def off(*asked: Any) -> Any:
        lines = genuine(*asked)
        return [replace(line, role="contract_asset") if line.role == "deferred_current" else line for line in lines]

    monkeypatch.setattr(movements, "journal_lines", off)
    assert any("deferred_current: entries debit 0.00 USD" in p.found for p in findings(honest, "entries-balance"))


# -- how many findings -------------------------------------------------------------------------------------------------


def test_beyond_so_many_findings_of_one_check_the_rest_is_named_in_one(honest: Schedule) -> None:
    count = TOLD + 15
    many = scheduled(
        contracts=[contract(f"C{n:02}") for n in range(count)],
        obligations=[line("1200.00", contract_id=f"C{n:02}", product="Platform + Support") for n in range(count)],
    )
    found = findings(many, "bundle-as-one")
    assert len(found) == TOLD + 1
    assert found[-1].where == "" and found[-1].found.startswith("and 15 more: C25/plan, C26/plan")
