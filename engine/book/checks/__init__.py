"""The rules of a book, a room each: ids, dates, currencies, allocation, documents, events and their totals."""

from __future__ import annotations

from engine.book.checks.allocation import check_allocation
from engine.book.checks.documents import check_documents
from engine.book.checks.endings import check_endings
from engine.book.checks.events import check_events
from engine.book.checks.ids import check_ids
from engine.book.checks.openings import check_openings
from engine.book.checks.plain import check_plain
from engine.book.checks.sequences import check_sequences
from engine.book.checks.terms import check_terms
from engine.book.checks.totals import check_totals
from engine.book.findings import Findings
from engine.book.links import Links
from engine.book.timeline import Timeline


def check_all(links: Links, reporting: str | None, findings: Findings) -> Timeline:
    """Notes every problem of the book's content; answers what its events are about.

    reporting  the reporting currency; None if the setting cannot be read
    """
    check_ids(links, findings)
    check_terms(links, findings)
    check_plain(links, reporting, findings)
    check_allocation(links, findings)
    check_documents(links, findings)
    check_openings(links, findings)
    timeline = Timeline(links)
    check_events(timeline, findings)
    if not links.drafts["Events"].absent and links.obligations_are_known:
        check_sequences(timeline, findings)
        check_endings(timeline, findings)
        check_totals(timeline, findings)
    return timeline
