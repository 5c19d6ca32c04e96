"""What lives ask of documents: how a note moves the price, and whether there is an invoice."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from .rows import Document, Obligation


class Notes(Protocol):
    """What the documents have to say about prices."""

    def parts(self, note: Document) -> dict[Obligation, int]:
        """What a note takes of each obligation."""

    def unearned(self, note: Document) -> dict[Obligation, int]:
        """What of a dispute or bad debt leaves the price of each obligation covered."""

    def ends_service(self, note: Document) -> bool:
        """True if all that was open of what a dispute or bad debt covers is credited."""

    def is_invoiced(self, o: Obligation, known: date) -> bool:
        """True if an invoice covers an obligation by a day."""
