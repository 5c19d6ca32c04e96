"""Entries of prior periods: what edits to rows of closed periods do to every account, posted on the first open day.

One entry a contract, role by role, balanced in itself and in both currencies: what today's rows would have posted to
the end of the closed period, less what was posted. It names the rows that were changed. If an account of a role
changed, the balance moves from the old one to the new. What other rates of closed days change is foreign exchange of
prior periods.
"""

from __future__ import annotations

from typing import Any

from engine.reports.reasons import Reasons
from engine.reports.role_balances import Posted, posted_to
from engine.reports.selecting import Selection
from engine.schedule.history import Stretch

_NOTHING = Posted(0, 0)


def prior_entries(part: Stretch, which: Selection) -> list[list[Any]]:
    """Lines of the journal for what differs on the eve of a stretch, contracts in the order of the books.

    raises BookRefused where a rate is missing, in reporting currency
    """
    assert part.before is not None
    reasons, reporting = Reasons(part.before, part.schedule), part.schedule.book.settings.reporting_currency
    only = reasons.contracts
    then, now = (
        posted_to(schedule, part.eve, which.of(schedule), which.currency, only)
        for schedule in (part.before, part.schedule)
    )
    moved = {key: _less(now.get(key, _NOTHING), then.get(key, _NOTHING)) for key in dict.fromkeys([*then, *now])}
    untold = {key[0] for posted in (then, now) for key, each in posted.items() if each.worth is None}
    rows = []
    for (contract, obligation, role, account, currency), (amount, worth) in sorted(
        moved.items(), key=lambda line: (reasons.place(line[0][0]), line[0][1])
    ):
        worth = None if contract in untold else worth  # an entry is translated as a whole, or not at all
        given, code = (worth, reporting) if which.currency == "reporting" else (amount, currency)
        if given or worth:
            rows.append([part.first, contract, obligation, role, account, *_sides(given), code, *_sides(worth),
                         f"prior period: {reasons.of(contract)}"])  # fmt: skip
    return rows


def _less(now: Posted, then: Posted) -> Posted:
    worth = None if now.worth is None or then.worth is None else now.worth - then.worth
    return Posted(now.amount - then.amount, worth)


def _sides(amount: int | None) -> tuple[int | None, int | None]:
    """Debit and credit of an amount."""
    return max(amount or 0, 0) or None, max(-(amount or 0), 0) or None
