"""The contracts of the sample book to which something happens after signing: changes, estimates, refunds, financing."""

from __future__ import annotations

from workbook_templates.sample_rows import (
    Deal,
    cost,
    credit_note,
    deal,
    estimate,
    event,
    invoice,
    line,
    payment,
    refund,
    write_off,
)

US = "Quillfern Analytics, Inc."

OSPREY = deal(
    "C-1019", "Osprey Freight Systems",
    "An upgrade on 1 April: a line replaced by a larger one, an add-on to the same end; the pool is spread.",
    signed_on="2025-12-29", start="2026-01-01", end="2026-12-31",
    entity=US, segment="Enterprise", sales_region="East",
    obligations=[
        line("team", "36000.00", product="Platform", quantity="50", ssp="36000.00", recurring="yes"),
        line("enterprise", "45000.00", product="Platform", quantity="80", start="2026-04-01", added_on="2026-04-01",
             ssp="48000.00", recurring="yes"),
        line("sandbox", "2700.00", product="Sandbox", start="2026-04-01", added_on="2026-04-01", ssp="2700.00",
             recurring="yes"),
    ],
    billings=[
        invoice("INV-26002", "2026-01-01", "36000.00", due_on="2026-01-31"),
        payment("PAY-26022", "2026-01-30", "36000.00", applies_to="INV-26002"),
        invoice("INV-26042", "2026-04-01", "20576.71", obligation_id="enterprise", due_on="2026-05-01"),
        payment("PAY-26070", "2026-04-30", "20576.71", applies_to="INV-26042"),
    ],
    events=[
        event("2026-03-31", "cancel", obligation_id="team",
              note="Replaced by enterprise; its unearned 27,123.29 is deducted from the new invoice"),
    ],
    costs=[cost("K-26001", "2025-12-29", "4320.00", kind="obtain")],
)  # fmt: skip

PEREGRINE = deal(
    "C-1020", "Peregrine Clinics",
    "Cancelled with a part of the unearned price credited and refunded; the rest is kept and recognized at once.",
    signed_on="2025-10-27", start="2025-11-01", end="2026-10-31",
    entity=US, segment="Mid-market", sales_region="West",
    obligations=[line("plan", "36500.00", product="Platform", recurring="yes")],
    billings=[
        invoice("INV-25130", "2025-11-01", "36500.00", due_on="2025-12-01"),
        payment("PAY-25188", "2025-11-28", "36500.00", applies_to="INV-25130"),
        credit_note("CN-26008", "2026-05-04", "12000.00", applies_to="INV-25130", reason="cancellation"),
        refund("REF-26002", "2026-05-11", "12000.00", applies_to="CN-26008"),
    ],
    events=[event("2026-04-30", "cancel", amount="12000.00", note="Clinics sold; 12,000 given back by agreement")],
    costs=[cost("K-25014", "2025-10-27", "2920.00", kind="obtain")],
)  # fmt: skip

ROWAN = deal(
    "C-1021", "Rowan Building Supply",
    "A volume rebate estimated and estimated anew; a price cut that holds from the start (catch_up); goodwill.",
    signed_on="2026-01-05", start="2026-01-01", end="2026-12-31",
    entity=US, segment="Mid-market", sales_region="Central",
    obligations=[
        line("plan", "60000.00", product="Platform", ssp="62000.00", recurring="yes"),
        line("exchange", "18000.00", product="Supplier exchange", ssp="20000.00", recurring="yes"),
    ],
    billings=[
        invoice("INV-26008", "2026-01-08", "78000.00", due_on="2026-02-07"),
        payment("PAY-26028", "2026-02-06", "78000.00", applies_to="INV-26008"),
        credit_note("CN-26009", "2026-05-19", "3600.00", applies_to="INV-26008", reason="billing_error"),
        credit_note("CN-26010", "2026-06-10", "900.00", applies_to="INV-26008", reason="goodwill"),
    ],
    events=[
        event("2026-05-15", "change", obligation_id="exchange", price="14400.00", treatment="catch_up",
              note="Wrong price list used at signing; corrected from the start"),
    ],
    estimates=[
        estimate("2026-01-05", "rebate", "-2400.00", note="Volume tier 1"),
        estimate("2026-06-30", "rebate", "-3600.00", note="Volume tier 2 now expected"),
    ],
)  # fmt: skip

SANDPIPER = deal(
    "C-1022", "Sandpiper Robotics",
    "Renewed early for a second year at a new price (renew): a separate contract over the days it adds.",
    signed_on="2025-06-24", start="2025-07-01", end="2026-06-30",
    entity=US, segment="Mid-market", sales_region="West",
    obligations=[line("plan", "24000.00", product="Platform", recurring="yes")],
    billings=[
        invoice("INV-25070", "2025-07-01", "24000.00", due_on="2025-07-31"),
        payment("PAY-25110", "2025-07-30", "24000.00", applies_to="INV-25070"),
        invoice("INV-26080", "2026-06-15", "26400.00", due_on="2026-07-15",
                service_start="2026-07-01", service_end="2027-06-30"),
        payment("PAY-26108", "2026-06-29", "26400.00", applies_to="INV-26080"),
    ],
    events=[event("2026-06-12", "renew", price="50400.00", end="2027-06-30", note="Signed early, at 2,200 a month")],
)  # fmt: skip

TAMARACK = deal(
    "C-1023", "Tamarack Credit Union",
    "Three years paid in advance with a significant financing component: interest accretes on the contract liability.",
    signed_on="2026-01-02", start="2026-01-02", end="2029-01-01", financing_rate="0.05",
    entity=US, segment="Enterprise", sales_region="Central",
    obligations=[line("plan", "150000.00", product="Platform", recurring="yes")],
    billings=[
        invoice("INV-26004", "2026-01-02", "150000.00", due_on="2026-01-16"),
        payment("PAY-26015", "2026-01-15", "150000.00", applies_to="INV-26004"),
    ],
    costs=[cost("K-26002", "2026-01-02", "9000.00", kind="obtain")],
)  # fmt: skip

UMBERFIELD = deal(
    "C-1024", "Umberfield Games",
    "A customer that has stopped paying: what is open of its last invoice is written off and the service ends.",
    signed_on="2026-01-19", start="2026-02-01", end="2027-01-31",
    entity=US, segment="Mid-market", sales_region="East",
    obligations=[line("plan", "12000.00", product="Platform", recurring="yes")],
    billings=[
        invoice("INV-26016", "2026-02-01", "6000.00", due_on="2026-03-03"),
        payment("PAY-26033", "2026-03-05", "2500.00", applies_to="INV-26016"),
        write_off("WO-26001", "2026-06-16", "3500.00", applies_to="INV-26016", reason="Insolvency filed 12 June"),
    ],
)  # fmt: skip

CHANGED: tuple[Deal, ...] = (OSPREY, PEREGRINE, ROWAN, SANDPIPER, TAMARACK, UMBERFIELD)
