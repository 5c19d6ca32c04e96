"""What a life is told from, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.book.tables import Billing, Estimate, Event
from engine.schedule.measure import Measure
from engine.schedule.notes import Papers
from engine.schedule.promise import Promise
from engine.schedule.track import Track
from engine.schedule.witness import Witness


@dataclass(frozen=True)
class Signed:
    """A contract of a group, with its rows; `documents` are (row of Billings, record)."""

    contract_id: str
    signed: int
    cancellable: bool
    promises: Sequence[Promise]
    events: Sequence[Event]
    estimates: Sequence[Estimate] = ()
    documents: Sequence[tuple[int, Billing]] = ()


@dataclass(frozen=True, slots=True)
class Policies:
    """Settings that lives depend on."""

    basis: str
    netting: str
    waits: bool  # revenue waits for the first invoice


@dataclass(slots=True)
class Told:
    """What a life leaves behind, and what was worked out once, on its day, and holds whenever it is told again.

    fallen   what of the unearned price of each line a cancel took, by event_id
    ended    what of each line's price a note that ended its service took, by row
    opened   where the measure of each line stood when it was taken over
    invoiced day of the first invoice that covers each line
    ends     by contract: (day, last day of service) from which on all its lines have ended; None: it goes on again
    witness  is told what happens, if anyone wants to know
    """

    tracks: dict[int, Track]
    papers: dict[str, Papers]
    fallen: dict[str, dict[int, int]] = field(default_factory=dict)
    ended: dict[int, dict[int, int]] = field(default_factory=dict)
    opened: dict[int, Measure] = field(default_factory=dict)
    invoiced: dict[int, int] = field(default_factory=dict)
    ends: dict[str, list[tuple[int, int | None]]] = field(default_factory=dict)
    witness: Witness | None = None
