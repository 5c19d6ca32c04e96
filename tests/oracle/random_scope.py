"""What a random book may hold: the switches, and ready-made sets of them."""

from __future__ import annotations

from dataclasses import dataclass

CONVENTIONS = ["daily", "monthly", "even_months", "full_months", "half_month", "30_360", "daily_ends"]
ROUNDINGS = ["cumulative", "cumulative_half_even", "plug_last", "plug_first"]
METHODS = ["ratable", "point_in_time", "milestone", "progress", "usage", "redemption", "manual"]


@dataclass(frozen=True)
class Scope:
    """What a random book may hold.

    `changes` lets in events that change terms, lines added later and credit contracts, `cancels` cancels and (with
    changes) upgrades, `estimates` the table Estimates, `every_note` credit notes for every reason, write-offs,
    refunds and tax on all of them, `costs` the table Costs, `financing` contracts with a financing rate.

    `choices` lets in situations where the rules leave a choice: discount groups beside obligations not stated at
    their ssp, pauses under a plug policy, payments on account beside notes, resumes after the end, notes that name
    no document, a manual price that is allocated, holds before signing; and with changes: a separate change that
    takes away, an ssp where others have none, a change before all combined contracts are signed, a note before signing.
    """

    several_currencies: bool = True
    allocation: bool = True
    combined: bool = True
    clocks: bool = True
    holds: bool = True
    documents: bool = True
    notes: bool = True
    calendars: bool = True
    plugs: bool = True
    choices: bool = False
    changes: bool = False
    cancels: bool = False
    estimates: bool = False
    every_note: bool = False
    costs: bool = False
    financing: bool = False
    methods: tuple[str, ...] = tuple(METHODS)
    most_contracts: int = 6
    most_obligations: int = 4


#: Changes, cancels and added lines and nothing that meets them by chance.
CHANGES = Scope(changes=True, cancels=True, combined=False, clocks=False, holds=False, notes=False, most_contracts=4)
#: The same, of services over time only.
RATABLE_CHANGES = Scope(
    changes=True, cancels=True, combined=False, clocks=False, holds=False, notes=False, most_contracts=4,
    methods=("ratable",),
)  # fmt: skip
#: Changes that meet activations, pauses and holds.
CHANGES_ON_CLOCKS = Scope(changes=True, cancels=True, combined=False, notes=False, most_contracts=4)
#: Changes of contracts allocated as one.
COMBINED_CHANGES = Scope(changes=True, cancels=True, clocks=False, holds=False, notes=False, most_contracts=4)
#: Variable consideration, nothing changed or cancelled.
PRICES = Scope(estimates=True, clocks=False, holds=False, notes=False, most_contracts=4)
#: Variable consideration before, on and after changes and cancels.
CHANGED_PRICES = Scope(
    estimates=True, changes=True, cancels=True, combined=False, clocks=False, holds=False, notes=False, most_contracts=4
)
#: Credit notes for every reason, write-offs and refunds.
NOTES = Scope(every_note=True, combined=False, clocks=False, holds=False, most_contracts=3)
#: Notes on contracts that are changed and cancelled.
CHANGED_NOTES = Scope(
    every_note=True, changes=True, cancels=True, combined=False, clocks=False, holds=False, most_contracts=3
)
#: Contract costs, of contracts that may be cancelled.
COSTS = Scope(costs=True, cancels=True, clocks=False, holds=False, notes=False, most_contracts=4)
#: Significant financing.
FINANCED = Scope(financing=True, combined=False, clocks=False, holds=False, notes=False, most_contracts=2)
#: All of it.
EVERYTHING = Scope(
    changes=True, cancels=True, estimates=True, every_note=True, costs=True, financing=True, most_contracts=3
)
SCOPES = {
    "plain": Scope(),
    "changes": CHANGES,
    "ratable changes": RATABLE_CHANGES,
    "changes on clocks": CHANGES_ON_CLOCKS,
    "combined changes": COMBINED_CHANGES,
    "prices": PRICES,
    "changed prices": CHANGED_PRICES,
    "notes": NOTES,
    "changed notes": CHANGED_NOTES,
    "costs": COSTS,
    "financed": FINANCED,
    "everything": EVERYTHING,
}
