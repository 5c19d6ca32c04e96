"""Bundles and rights: several promises in one row, and rights nobody has estimated, are found; single ones are not."""

from __future__ import annotations

from typing import Any

import pytest

from engine.book.problems import Severity

from .checked import contract, event, findings, invoice, line, one, scheduled

# -- bundle-as-one -----------------------------------------------------------------------------------------------------


def bundle(product: str, **cells: str) -> Any:
    return scheduled(contracts=[contract()], obligations=[line("12000.00", product=product, **cells)])


def test_two_products_in_one_row_are_found_at_the_product() -> None:
    found = one(bundle("Platform + Support"), "bundle-as-one")
    assert found.severity is Severity.WARN and found.where == "obligations.csv:2 product"
    assert "C1/plan  Platform + Support  12,000.00 USD" in found.found and "several things" in found.found
    assert "606-10-25-19" in found.remedy and "ssp" in found.remedy


@pytest.mark.parametrize(
    "product",
    [
        "Licence & maintenance", "Hardware and installation", "Software, hardware", "Router; antenna", "3 products",
        "CRM/support desk", "Licence / updates", "Platform incl. onboarding", "Platform (including training)",
        "Software with support", "Phone w/ plan", "Licence plus support", "Server + 2 licences", "two modules",
        "Starter bundle", "SaaS onboarding", "Subscription set-up", "Software implementation", "Platform training",
        "AI + BI", "Platform and 40 hours of training",
    ],
)  # fmt: skip
def test_texts_that_name_several_things_are_found(product: str) -> None:
    assert findings(bundle(product), "bundle-as-one")


@pytest.mark.parametrize(
    "product",
    [
        "Platform", "R&D platform", "24/7 support", "A/B testing", "CI/CD runner", "C++ compiler", "Support, annual",
        "1,200 seats", "Business Plus plan", "Set-up", "Implementation", "Onboarding platform", "Disney+", "AT&T line",
        "Support, 10 seats", "Training", "2 seats", "Support per user/month", "TCP/IP gateway",
    ],
)  # fmt: skip
def test_texts_that_name_one_thing_are_honest(product: str) -> None:
    assert not findings(bundle(product), "bundle-as-one")


def test_a_set_up_beside_the_service_it_is_for_is_honest() -> None:
    apart = scheduled(
        contracts=[contract()],
        obligations=[
            line("12000.00", product="SaaS platform"),
            line("900.00", "setup", product="SaaS onboarding", start="2026-01-01", end="2026-02-28"),
        ],
    )
    assert not findings(apart, "bundle-as-one")


def test_a_set_up_at_a_point_in_time_is_honest() -> None:
    assert not findings(bundle("SaaS onboarding", method="point_in_time"), "bundle-as-one")


def test_without_a_product_the_id_is_read() -> None:
    named = scheduled(contracts=[contract()], obligations=[line("12000.00", "licence_and_support")])
    assert one(named, "bundle-as-one").where == "obligations.csv:2 obligation_id"
    assert not findings(scheduled(contracts=[contract()], obligations=[line("1.00", "line-1")]), "bundle-as-one")


# -- rights-without-breakage -------------------------------------------------------------------------------------------


def rights(method: str = "redemption", events: Any = (), **cells: str) -> Any:
    return scheduled(
        contracts=[contract(start="", end="")],
        obligations=[line("500.00", "card", method=method, **cells)],
        billings=[invoice("I1", "2026-01-01", "500.00")],
        events=list(events),
    )


def test_gift_cards_without_breakage_are_found_even_if_nothing_is_redeemed_yet() -> None:
    found = one(rights(), "rights-without-breakage")
    assert found.severity is Severity.WARN and found.where.startswith("obligations.csv:2")
    assert "C1/card  redemption   unused 500.00 USD of 500.00 USD" in found.found
    assert "breakage_percent" in found.remedy and "606-10-55-46" in found.remedy


def test_an_expectation_of_breakage_is_honest_and_so_is_the_word_that_there_is_none() -> None:
    assert not findings(rights(breakage_percent="10"), "rights-without-breakage")
    assert not findings(rights(breakage_percent="0"), "rights-without-breakage")
    estimated = [event("estimate", "2026-03-01", percent="12", obligation_id="card")]
    assert not findings(rights(events=estimated), "rights-without-breakage")


def test_rights_that_are_used_up_or_lapsed_need_no_estimate() -> None:
    used = [event("redeem", "2026-03-01", quantity="497", obligation_id="card")]
    assert not findings(rights(events=used), "rights-without-breakage")
    assert not findings(rights(end="2026-05-31"), "rights-without-breakage")


def test_prepaid_usage_with_an_end_is_found_and_usage_billed_as_it_comes_is_not() -> None:
    assert "usage" in one(rights("usage", end="2026-12-31"), "rights-without-breakage").found
    assert not findings(rights("usage"), "rights-without-breakage")
    arrears = scheduled(contracts=[contract()], obligations=[line("500.00", "calls", method="usage")])
    assert not findings(arrears, "rights-without-breakage")
