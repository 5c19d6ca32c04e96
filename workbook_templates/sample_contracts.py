"""The contracts of the sample book, each with what it shows, its lines, its documents and its events."""

from __future__ import annotations

from workbook_templates.sample_changes import CHANGED
from workbook_templates.sample_rows import (
    Deal,
    credit_note,
    deal,
    event,
    invoice,
    line,
    monthly_invoices,
    payment,
    void,
)

US, EUROPE, JAPAN = "Quillfern Analytics, Inc.", "Quillfern Europe B.V.", "Quillfern Japan K.K."

ALDER_2025 = deal(
    "C-1001", "Alder & Finch Logistics",
    "A plain annual plan billed and paid in advance (method ratable, convention daily of the settings), now run out.",
    signed_on="2024-12-12", start="2025-01-01", end="2025-12-31",
    entity=US, segment="Enterprise", sales_region="West",
    obligations=[line("plan", "42000.00", product="Platform", quantity="60", recurring="yes")],
    billings=[
        invoice("INV-24118", "2024-12-20", "42000.00", due_on="2025-01-19", tax_amount="3465.00",
                service_start="2025-01-01", service_end="2025-12-31"),
        payment("PAY-25007", "2025-01-15", "42000.00", tax_amount="3465.00", applies_to="INV-24118"),
    ],
)  # fmt: skip

ALDER_2026 = deal(
    "C-1002", "Alder & Finch Logistics",
    "Its renewal (renews); tax on the invoice, which is paid in full.",
    signed_on="2025-12-10", start="2026-01-01", end="2026-12-31", renews="C-1001",
    entity=US, segment="Enterprise", sales_region="West",
    obligations=[line("plan", "48000.00", product="Platform", quantity="66", recurring="yes")],
    billings=[
        invoice("INV-26001", "2026-01-01", "48000.00", due_on="2026-01-31", tax_amount="3960.00",
                service_start="2026-01-01", service_end="2026-12-31"),
        payment("PAY-26019", "2026-01-29", "48000.00", tax_amount="3960.00", applies_to="INV-26001"),
    ],
)  # fmt: skip

BOREALIS = deal(
    "C-1003", "Borealis Outdoor Co.",
    "Three years billed by the month (even_months, plug_last); payments for several invoices at once.",
    signed_on="2025-03-14", start="2025-04-01", end="2028-03-31",
    entity=US, segment="Mid-market", sales_region="East",
    obligations=[
        line("plan", "100000.00", product="Platform", convention="even_months", rounding="plug_last", recurring="yes"),
    ],
    billings=[
        *monthly_invoices("INV-B", "2025-04", 15, "2777.78"),
        payment("PAY-25088", "2025-06-12", "8333.34"),
        payment("PAY-25131", "2025-09-11", "8333.34"),
        payment("PAY-25190", "2025-12-15", "8333.34"),
        payment("PAY-26040", "2026-03-24", "8333.34"),
        payment("PAY-26102", "2026-06-10", "5555.56"),
    ],
)  # fmt: skip

COBALT = deal(
    "C-1004", "Cobalt Ridge Mining",
    "A ramp: each year a line with its own term (full_months), the second year billed before it begins.",
    signed_on="2025-06-30", start="2025-07-10", end="2028-07-09",
    entity=US, segment="Enterprise", sales_region="West",
    obligations=[
        line("year-1", "60000.00", product="Platform", convention="full_months", end="2026-07-09", recurring="yes"),
        line("year-2", "90000.00", product="Platform", convention="full_months", start="2026-07-10", end="2027-07-09",
             recurring="yes"),
        line("year-3", "120000.00", product="Platform", convention="full_months", start="2027-07-10", recurring="yes"),
    ],
    billings=[
        invoice("INV-25074", "2025-07-10", "60000.00", obligation_id="year-1", due_on="2025-08-09"),
        payment("PAY-25117", "2025-08-07", "60000.00", applies_to="INV-25074"),
        invoice("INV-26071", "2026-06-01", "90000.00", obligation_id="year-2", due_on="2026-07-01",
                service_start="2026-07-10", service_end="2027-07-09"),
        payment("PAY-26107", "2026-06-29", "90000.00", applies_to="INV-26071"),
    ],
)  # fmt: skip

DRUMLIN = deal(
    "C-1005", "Drumlin Foods",
    "A bundle allocated by standalone prices (relative); daily_ends; onboarding at a point in time, when delivered.",
    signed_on="2026-02-06", start="2026-02-15", end="2027-02-14",
    entity=US, segment="Enterprise", sales_region="East",
    obligations=[
        line("platform", "120000.00", product="Platform", ssp="132000.00", recurring="yes"),
        line("onboarding", "9000.00", product="Onboarding", method="point_in_time", ssp="18000.00", recurring="no",
             revenue_account="4100"),
        line("support", "21000.00", product="Premium support", convention="daily_ends", ssp="30000.00",
             recurring="yes"),
    ],
    billings=[
        invoice("INV-26023", "2026-02-15", "75000.00", due_on="2026-03-17"),
        payment("PAY-26037", "2026-03-16", "75000.00", applies_to="INV-26023"),
    ],
    events=[event("2026-03-20", "deliver", obligation_id="onboarding", note="Onboarding signed off by the customer")],
)  # fmt: skip

ESTUARY = deal(
    "C-1006", "Estuary Health Partners",
    "A discount of two lines alone (discount_group); training at a point in time by its own start; void and reissue.",
    signed_on="2025-09-22", start="2025-10-01", end="2026-09-30",
    entity=US, segment="Enterprise", sales_region="Central",
    obligations=[
        line("platform", "84000.00", product="Platform", ssp="90000.00", discount_group="suite", recurring="yes"),
        line("insights", "26000.00", product="Insights", ssp="30000.00", discount_group="suite", recurring="yes"),
        line("training", "10000.00", product="Training", method="point_in_time", start="2025-11-12", ssp="10000.00",
             recurring="no", revenue_account="4100"),
    ],
    billings=[
        invoice("INV-25105", "2025-10-01", "120000.00", due_on="2025-10-31"),
        void("VOID-25105", "2025-10-09", "120000.00", applies_to="INV-25105", reason="Purchase order number missing"),
        invoice("INV-25112", "2025-10-10", "120000.00", due_on="2025-11-09"),
        payment("PAY-25166", "2025-11-06", "120000.00", applies_to="INV-25112"),
    ],
)  # fmt: skip

FOXGLOVE = deal(
    "C-1007", "Foxglove Media",
    "A residual within its range for a product without a known price; convention monthly; a billing error credited.",
    signed_on="2026-04-02", start="2026-04-15", end="2027-04-14",
    entity=US, segment="Mid-market", sales_region="West",
    obligations=[
        line("platform", "50000.00", product="Platform", convention="monthly", ssp="54000.00", recurring="yes"),
        line("forecast", "20000.00", product="Forecast (new)", allocation="residual", ssp_low="6000.00",
             ssp_high="24000.00", recurring="yes"),
    ],
    billings=[
        invoice("INV-26049", "2026-04-15", "77000.00", due_on="2026-05-15"),
        credit_note("CN-26006", "2026-04-21", "7000.00", applies_to="INV-26049", reason="billing_error"),
        payment("PAY-26078", "2026-05-14", "70000.00", applies_to="INV-26049"),
    ],
)  # fmt: skip

GULLWING = deal(
    "C-1008", "Gullwing Insurance",
    "Platform and services negotiated together, allocated as one contract with C-1009 from the day the last is signed.",
    signed_on="2026-01-12", start="2026-02-01", end="2027-01-31",
    entity=US, segment="Enterprise", sales_region="Central",
    obligations=[line("platform", "96000.00", product="Platform", ssp="96000.00", recurring="yes")],
    billings=[
        invoice("INV-26014", "2026-02-01", "96000.00", due_on="2026-03-03"),
        payment("PAY-26031", "2026-03-02", "96000.00", applies_to="INV-26014"),
    ],
)  # fmt: skip
GULLWING_SERVICES = deal(
    "C-1009", "Gullwing Insurance",
    "The services (combined_with): progress by hours, their estimated total changed; a workshop at its stated price.",
    signed_on="2026-01-20", combined_with="C-1008",
    entity=US, segment="Enterprise", sales_region="Central",
    obligations=[
        line("implementation", "48000.00", product="Implementation", method="progress", ssp="64000.00",
             expected_total="400", recurring="no", revenue_account="4100"),
        line("workshop", "4000.00", product="Workshop", method="point_in_time", allocation="stated", recurring="no",
             revenue_account="4100"),
    ],
    billings=[
        invoice("INV-26035", "2026-03-10", "4000.00", obligation_id="workshop", due_on="2026-04-09"),
        invoice("INV-26044", "2026-04-01", "24000.00", obligation_id="implementation", due_on="2026-05-01"),
        payment("PAY-26066", "2026-04-28", "28000.00"),
        invoice("INV-26075", "2026-06-05", "12000.00", obligation_id="implementation", due_on="2026-07-05"),
        payment("PAY-26104", "2026-06-26", "12000.00", applies_to="INV-26075"),
    ],
    events=[
        event("2026-02-28", "progress", obligation_id="implementation", quantity="60"),
        event("2026-03-05", "deliver", obligation_id="workshop"),
        event("2026-03-31", "progress", obligation_id="implementation", quantity="110"),
        event("2026-04-30", "progress", obligation_id="implementation", quantity="80"),
        event("2026-05-31", "estimate", obligation_id="implementation", quantity="480",
              note="Data model larger than scoped: 480 hours instead of 400"),
        event("2026-05-31", "progress", obligation_id="implementation", quantity="90"),
        event("2026-06-30", "progress", obligation_id="implementation", quantity="70", recorded_on="2026-07-02"),
    ],
)  # fmt: skip

HARBOR = deal(
    "C-1010", "Harbor Lantern Energy",
    "Milestones by amount and percent, billed after the work (contract asset); goods by quantity; a part payment.",
    signed_on="2026-02-24", start="2026-04-01", end="2028-03-31",
    entity=US, segment="Enterprise", sales_region="Central",
    obligations=[
        line("migration", "90000.00", product="Data migration", method="milestone", recurring="no",
             revenue_account="4100"),
        line("sensors", "32000.00", product="Edge sensors", method="point_in_time", quantity="40", recurring="no",
             revenue_account="4300"),
        line("hosting", "48000.00", product="Hosting", rounding="cumulative_half_even", recurring="yes"),
    ],
    billings=[
        invoice("INV-26046", "2026-04-03", "30000.00", obligation_id="migration", due_on="2026-05-03"),
        invoice("INV-26047", "2026-04-07", "24000.00", obligation_id="hosting", due_on="2026-05-07",
                service_start="2026-04-01", service_end="2027-03-31"),
        invoice("INV-26054", "2026-04-24", "20000.00", obligation_id="sensors", due_on="2026-05-24"),
        payment("PAY-26072", "2026-05-04", "54000.00"),
        payment("PAY-26084", "2026-05-22", "15000.00", applies_to="INV-26054"),
        invoice("INV-26079", "2026-06-19", "12000.00", obligation_id="sensors", due_on="2026-07-19"),
    ],
    events=[
        event("2026-03-27", "deliver", obligation_id="migration", amount="30000.00", note="Milestone 1: data mapped"),
        event("2026-04-22", "deliver", obligation_id="sensors", quantity="25"),
        event("2026-06-12", "deliver", obligation_id="migration", percent="40", note="Milestone 2: data loaded"),
        event("2026-06-18", "deliver", obligation_id="sensors", quantity="15"),
    ],
)  # fmt: skip

IRONBARK = deal(
    "C-1011", "Ironbark Robotics",
    "Usage against a commitment, used up in May and billed beyond it (overage); a sales-based royalty.",
    signed_on="2025-09-18", start="2025-10-01", end="2026-09-30",
    entity=US, segment="Mid-market", sales_region="West",
    obligations=[
        line("calls", "30000.00", product="API calls", method="usage", quantity="3000000", recurring="no",
             revenue_account="4200"),
        line("royalty", "0.00", product="Marketplace royalty", method="usage", rpo_treatment="royalty", recurring="no",
             revenue_account="4200"),
    ],
    billings=[
        invoice("INV-25107", "2025-10-01", "30000.00", obligation_id="calls", due_on="2025-10-31"),
        payment("PAY-25159", "2025-10-29", "30000.00", applies_to="INV-25107"),
        invoice("INV-26051", "2026-04-14", "2310.40", obligation_id="royalty", due_on="2026-05-14"),
        payment("PAY-26080", "2026-05-18", "2310.40", applies_to="INV-26051"),
        invoice("INV-26073", "2026-06-02", "400.00", obligation_id="calls", due_on="2026-07-02"),
    ],
    events=[
        *(event(day, "use", obligation_id="calls", quantity=calls) for day, calls in (
            ("2025-10-31", "240000"), ("2025-11-30", "260000"), ("2025-12-31", "330000"), ("2026-01-31", "380000"),
            ("2026-02-28", "420000"), ("2026-03-31", "450000"), ("2026-04-30", "470000"), ("2026-05-31", "490000"),
        )),
        event("2026-06-30", "use", obligation_id="calls", quantity="500000", price="0.008", note="Overage price"),
        event("2026-03-31", "use", obligation_id="royalty", amount="2310.40", note="Royalty statement, first quarter"),
        event("2026-06-30", "use", obligation_id="royalty", amount="2764.15", note="Royalty statement, second quarter",
              recorded_on="2026-07-09"),
    ],
)  # fmt: skip

JUNIPER = deal(
    "C-1012", "Juniper Falls School District",
    "Three years paid in advance (non-current); pause and resume, the end moved out (extend); an event entered late.",
    signed_on="2025-08-19", start="2025-09-01", end="2028-08-31",
    entity=US, segment="Public sector", sales_region="Central",
    obligations=[line("licenses", "90000.00", product="Classroom licenses", quantity="1200", recurring="yes")],
    billings=[
        invoice("INV-25093", "2025-09-01", "90000.00", due_on="2025-10-31",
                service_start="2025-09-01", service_end="2028-08-31"),
        payment("PAY-25161", "2025-10-30", "90000.00", applies_to="INV-25093"),
    ],
    events=[
        event("2025-12-19", "pause", note="District moves to a new identity provider"),
        event("2026-01-05", "resume", treatment="extend", recorded_on="2026-01-08"),
    ],
)  # fmt: skip

KESTREL = deal(
    "C-1013", "Kestrel Hotels",
    "Three years the customer may leave after one (enforceable_end); a service billed as given (right_to_invoice).",
    signed_on="2025-12-04", start="2026-01-01", end="2028-12-31",
    enforceable_end="2026-12-31", cancellable="yes", entity=US, segment="Mid-market", sales_region="East",
    obligations=[
        line("plan", "72000.00", product="Platform", convention="even_months", recurring="yes"),
        line("managed", "18000.00", product="Managed service", convention="even_months", end="2026-12-31",
             rpo_treatment="right_to_invoice", recurring="no", revenue_account="4100"),
    ],
    billings=[
        invoice("INV-26003", "2026-01-01", "24000.00", obligation_id="plan", due_on="2026-01-31",
                service_start="2026-01-01", service_end="2026-12-31"),
        payment("PAY-26021", "2026-01-30", "24000.00", applies_to="INV-26003"),
        *monthly_invoices("INV-K", "2026-01", 6, "1500.00", obligation_id="managed", at_end=True),
        payment("PAY-26067", "2026-04-29", "4500.00"),
        payment("PAY-26109", "2026-06-30", "4500.00"),
    ],
)  # fmt: skip

LARKSPUR = deal(
    "C-1014", "Larkspur Learning",
    "Prepaid credits redeemed with expected breakage, which is estimated anew; a starter pack that expires.",
    signed_on="2025-12-22", start="2026-01-01", end="2026-12-31",
    entity=US, segment="Mid-market", sales_region="East",
    obligations=[
        line("credits", "20000.00", product="Data credits", method="redemption", quantity="4000", breakage_percent="10",
             recurring="no", revenue_account="4200"),
        line("starter", "1500.00", product="Starter credits", method="redemption", quantity="300",
             breakage_percent="15", recurring="no", revenue_account="4200"),
    ],
    billings=[
        invoice("INV-26005", "2026-01-02", "21500.00", due_on="2026-02-01"),
        payment("PAY-26024", "2026-02-02", "21500.00", applies_to="INV-26005"),
    ],
    events=[
        event("2026-01-31", "redeem", obligation_id="starter", quantity="140"),
        event("2026-02-28", "redeem", obligation_id="starter", quantity="100"),
        event("2026-03-31", "expire", obligation_id="starter", note="Starter credits lapse after 90 days"),
        event("2026-03-31", "redeem", obligation_id="credits", quantity="620"),
        event("2026-04-30", "redeem", obligation_id="credits", quantity="410"),
        event("2026-05-31", "redeem", obligation_id="credits", quantity="455"),
        event("2026-06-30", "estimate", obligation_id="credits", percent="8", note="Cohorts redeem more than expected"),
        event("2026-06-30", "redeem", obligation_id="credits", quantity="430"),
    ],
)  # fmt: skip

MOSSBRIDGE = deal(
    "C-1015", "Mossbridge Foundation",
    "A deposit billed before signing (refund liability until then), deducted by a negative invoice; manual amounts.",
    signed_on="2025-12-18", entity=US, segment="Public sector", sales_region="East",
    obligations=[
        line("study", "40000.00", product="Benchmark study", method="manual", recurring="no", revenue_account="4100"),
    ],
    billings=[
        invoice("INV-25208", "2025-12-05", "5000.00", due_on="2025-12-15"),
        payment("PAY-25195", "2025-12-12", "5000.00", applies_to="INV-25208"),
        invoice("INV-26009", "2026-01-12", "40000.00", due_on="2026-02-11"),
        invoice("INV-26009-D", "2026-01-12", "-5000.00", reason="Deposit INV-25208 deducted"),
        payment("PAY-26026", "2026-02-09", "35000.00", applies_to="INV-26009"),
    ],
    events=[
        event("2026-03-31", "recognize", amount="14000.00", note="Working paper RV-7: interviews completed"),
        event("2026-06-15", "recognize", amount="16500.00", note="Working paper RV-9: draft delivered"),
    ],
)  # fmt: skip

NIGHTJAR = deal(
    "C-1016", "Nightjar Retail Group",
    "The real start (activate); hold and release; one mistake on purpose: Alerts is credited, but its service runs on.",
    signed_on="2026-02-19", start="2026-03-01", end="2027-02-28",
    entity=US, segment="Mid-market", sales_region="West",
    obligations=[
        line("plan", "30000.00", product="Platform", recurring="yes"),
        line("alerts", "6000.00", product="Alerts", recurring="yes"),
    ],
    billings=[
        invoice("INV-26030", "2026-03-02", "30000.00", obligation_id="plan", due_on="2026-04-01"),
        invoice("INV-26032", "2026-03-02", "6000.00", obligation_id="alerts", due_on="2026-04-01"),
        payment("PAY-26059", "2026-04-17", "30000.00", applies_to="INV-26030"),
        credit_note("CN-26011", "2026-06-22", "4200.00", applies_to="INV-26032", reason="cancellation"),
        payment("PAY-26105", "2026-06-26", "1800.00", applies_to="INV-26032"),
    ],
    events=[
        event("2026-03-16", "activate", note="Go-live two weeks after the planned date"),
        event("2026-05-11", "hold", obligation_id="plan", note="Acceptance disputed"),
        event("2026-06-08", "release", obligation_id="plan", note="Acceptance confirmed in writing"),
    ],
)  # fmt: skip

QUERCUS = deal(
    "C-1017", "Quercus Küchen GmbH",
    "A contract in euros (half_month), translated at the rates of the table Rates.",
    signed_on="2026-02-26", currency="EUR", start="2026-03-15", end="2027-03-14",
    entity=EUROPE, segment="Mid-market", sales_region="EMEA",
    obligations=[
        line("plan", "42000.00", product="Platform", convention="half_month", recurring="yes", deferred_account="2430"),
    ],
    billings=[
        invoice("INV-E26004", "2026-03-15", "42000.00", due_on="2026-04-14"),
        payment("PAY-26058", "2026-04-13", "42000.00", applies_to="INV-E26004"),
    ],
)  # fmt: skip

RYUSEI = deal(
    "C-1018", "Ryusei Shoji K.K.",
    "A contract in yen, which has no decimals (30_360); consumption tax; the exchange rate on the invoice.",
    signed_on="2026-03-30", currency="JPY", start="2026-04-10", end="2027-04-09",
    entity=JAPAN, segment="Enterprise", sales_region="APAC",
    obligations=[
        line("plan", "7200000", product="Platform", convention="30_360", recurring="yes", deferred_account="2430"),
    ],
    billings=[
        invoice("INV-J26002", "2026-04-10", "7200000", due_on="2026-05-31", tax_amount="720000", currency="JPY",
                exchange_rate="0.006385"),
        payment("PAY-26093", "2026-05-29", "7200000", tax_amount="720000", applies_to="INV-J26002", currency="JPY"),
    ],
)  # fmt: skip

DEALS: tuple[Deal, ...] = (
    ALDER_2025, ALDER_2026, BOREALIS, COBALT, DRUMLIN, ESTUARY, FOXGLOVE, GULLWING, GULLWING_SERVICES, HARBOR, IRONBARK,
    JUNIPER, KESTREL, LARKSPUR, MOSSBRIDGE, NIGHTJAR, QUERCUS, RYUSEI, *CHANGED,
)  # fmt: skip
