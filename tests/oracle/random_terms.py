"""Settings, days, terms and amounts of a random book: everyday ones, and those where something goes wrong."""

from __future__ import annotations

import random
from datetime import date, timedelta

from .calendars import ONE_DAY, add_months, month_end
from .random_scope import CONVENTIONS, ROUNDINGS, Scope

SPECIAL_DAYS = ["2024-01-31", "2024-02-28", "2024-02-29", "2024-03-01", "2023-12-31", "2024-12-30", "2025-02-28"]
SPECIAL_DAYS += ["2023-01-01", "2024-01-15", "2025-05-31", "2025-04-30", "2026-01-30", "2025-08-29", "2026-12-31"]


def settings_of(rng: random.Random, scope: Scope) -> dict[str, str]:
    """Some of the settings, at random."""
    settings = {
        "reporting_currency": rng.choice(["USD", "EUR", "JPY", "KWD"]),
        "as_of": "2025-12-31",
        "convention": rng.choice(CONVENTIONS),
        "rounding": some_rounding(rng, plugs=scope.plugs),
        "netting": rng.choice(["contract", "contract", "obligation"]),
        "deferral_basis": rng.choice(["invoice", "invoice", "due", "paid", "unconditional"]),
        "early_service": rng.choice(["accrue", "accrue", "catch_up"]),
        "short_contracts": rng.choice(["disclose", "exclude"]),
        "current_months": str(rng.choice([1, 6, 12, 12, 12, 18, 60])),
        "progress_decimals": rng.choice(["none", "none", "0", "2", "3"]),
    }
    if scope.calendars and rng.random() < 0.3:
        settings["calendar"] = rng.choice(["4-4-5", "4-5-4", "5-4-4"])
    if rng.random() < 0.4:
        settings["fiscal_year_start"] = str(rng.randint(1, 12))
    return {name: value for name, value in settings.items() if name == "as_of" or rng.random() < 0.8}


def some_rounding(rng: random.Random, *, plugs: bool) -> str:
    """A rounding policy."""
    return rng.choice(ROUNDINGS if plugs else ROUNDINGS[:2])


def some_day(rng: random.Random) -> date:
    """A day of four years, often the first or last of a month."""
    if rng.random() < 0.25:
        return date.fromisoformat(rng.choice(SPECIAL_DAYS))
    day = date(2023, 1, 1) + timedelta(days=rng.randrange(4 * 365))
    if rng.random() < 0.4:
        return day.replace(day=1)
    return month_end(day.year, day.month) if rng.random() < 0.1 else day


def some_term(rng: random.Random, start: date) -> date:
    """The end of a term: one day, some days, whole months, or any length up to six years."""
    kind = rng.choice(["day", "days", "months", "months", "months", "years", "any"])
    if kind == "day":
        return start
    if kind == "days":
        return start + timedelta(days=rng.randint(1, 60))
    if kind == "months":
        return add_months(start, rng.randint(1, 24)) - ONE_DAY
    if kind == "years":
        return add_months(start, 12 * rng.randint(1, 6)) - ONE_DAY
    return start + timedelta(days=rng.randint(1, 6 * 365))


def some_amount(rng: random.Random) -> int:
    """Minor units: tiny, everyday, round or huge."""
    kind = rng.choice(["tiny", "small", "usual", "usual", "round", "round", "huge"])
    if kind == "tiny":
        return rng.randint(1, 9)
    if kind == "small":
        return rng.randint(10, 2000)
    if kind == "usual":
        return rng.randint(1000, 5_000_000)
    if kind == "round":
        return 1200 * rng.randint(1, 2000)
    return rng.randint(10**10, 10**13)
