"""The rows a new book begins with: a tiny consistent book, one row a table, to be looked at and then deleted."""

from __future__ import annotations

from engine.sheets.template_rows import TableRows

_CONTRACT = {"contract_id": "EXAMPLE-1"}

#: One subscription of a year, billed in advance; the customer goes live five days late. The ledger agrees with it.
EXAMPLE: TableRows = {
    "Contracts": [
        {
            **_CONTRACT, "customer": "Example customer", "signed_on": "2025-12-15", "start": "2026-01-01",
            "end": "2026-12-31", "segment": "Enterprise",
        }
    ],
    "Obligations": [
        {**_CONTRACT, "obligation_id": "plan", "price": "12000.00", "product": "Platform", "recurring": "yes"}
    ],
    "Billings": [
        {
            **_CONTRACT, "document_id": "EXAMPLE-INV-1", "date": "2026-01-01", "amount": "12000.00", "type": "invoice",
            "due_on": "2026-01-31",
        }
    ],
    "Events": [
        {
            **_CONTRACT, "event_id": "EXAMPLE-E-1", "date": "2026-01-06", "type": "activate", "obligation_id": "plan",
            "note": "Went live five days later than planned",
        }
    ],
    "Rates": [{"date": "2025-12-31", "from": "EUR", "to": "USD", "rate": "1.1750"}],
    "Accounts": [{"role": "deferred_current", "account": "2400", "name": "Deferred revenue, current"}],
    "Judgments": [
        {
            "judgment_id": "EXAMPLE-J-1", **_CONTRACT, "date": "2026-01-06", "refers_to": "EXAMPLE-E-1",
            "what": "Access begins on the day the customer went live", "why": "No use before; see the acceptance note",
            "concluded_by": "Ann Lee", "reviewed_by": "Ben Ode", "paragraph": "606-10-55-58C",
        }
    ],
    "Ledger": [{"account": "2400", "date": "2026-03-31", "balance": "9205.48"}],
}  # fmt: skip
