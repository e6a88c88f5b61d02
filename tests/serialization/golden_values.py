"""Values made by hand, which the golden files hold too: what was written must be read to exactly these."""
# ruff: noqa: E501  values made by hand, one a line

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs

from billing_domain import Account, AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, UsageRecord, presets
from billing_domain.accounts import Address, Contact, ContactKind, TaxProfile
from billing_domain.billing import AtPeriodEnd, CatchUp, Opening
from billing_domain.catalog import (
    Aggregation,
    Bounded,
    Capacity,
    Catalog,
    Flat,
    Graduated,
    GraduatedPercentage,
    Level,
    Matrix,
    Meter,
    OneOffCharge,
    Package,
    Percentage,
    PercentTier,
    PerUnit,
    Product,
    RecurringCharge,
    Stairstep,
    Step,
    Tier,
    Timing,
    UsageCharge,
    Volume,
    Working,
)
from billing_domain.conditions import ARREARS, SEGMENT, TENURE_MONTHS, Facts, all_of, any_of, not_
from billing_domain.discounts import AllowanceReason, Grant, Percent, Scope
from billing_domain.invoicing import (
    Attachment,
    ChargeKind,
    CreditEntry,
    CreditNote,
    Delivery,
    Details,
    DraftCreditNote,
    DraftInvoice,
    EntryKind,
    EntryRef,
    Invoice,
    ItemClass,
    Line,
    LineDetails,
    LineFacts,
    LineRef,
    PaymentTerms,
    Piece,
    Reinstatement,
    Share,
    Surcharge,
    TaxGroup,
    Totals,
    Void,
)
from billing_domain.payments import Payment
from billing_domain.periods import BillingCycle, Frequency, FrequencyUnit
from billing_domain.reasons import Reason
from billing_domain.retention import Decider, Exposure, Flow, Leaving, Outcome, Response
from billing_domain.subscriptions import Item, Order
from billing_domain.tax import TaxCategory, TaxClass, TaxRounding, TaxTreatment
from billing_domain.waiting import CallQueue, QueuePolicy, Waiting

VILNIUS = ZoneInfo("Europe/Vilnius")
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
DATA = Meter("data", "GB")
PEAK = Meter("peak", "Mbit/s", Aggregation.MAX)
SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001", address=Address("LT", "Gedimino pr. 1", "Vilnius", "01103"))
BUYER = Party("Ona Kazlauskienė", "LT", email="ona@example.lt", electronic_address=("0088", "4012345000009"))
FACTOR = Party("Factor, AB", "LT", legal_id="300000009", identifier="4012345000023", identifier_scheme="0088", legal_scheme="0200")
DETAILS = Details(
    delivery=Delivery(date(2026, 3, 2), location="4012345000009", location_scheme="0088"),
    payee=FACTOR,
    lines=[
        LineDetails(
            line=1,
            object="+37060000001",
            object_scheme="AVF",
            standard_item=("0160", "4012345000016"),
            classes=[ItemClass("STI", "64212000-5"), ItemClass("HS", "8517", "2022")],
            origin="LT",
            properties=[("Speed", "100 Mbit/s")],
        )
    ],
    attachments=[
        Attachment(reference="T-1", description="Calls", location="https://example.org/t-1"),
        Attachment(reference="T-2", content=b"day,hours", mime="text/csv", filename="march.csv"),
    ],
)

CHARGES = [
    RecurringCharge("base", "Monthly fee", Flat("9.90"), Timing.IN_ADVANCE),
    RecurringCharge("seats", "Seats", PerUnit("2.50", included=2), Timing.IN_ARREARS, Frequency(FrequencyUnit.WEEK, 2), TaxClass.BOOKS),
    UsageCharge("data", "Mobile data", DATA, Graduated([Tier(10, 0), Tier(None, "1.50", flat="0.10")]), where={"tariff": "day"}),
    UsageCharge("peak", "Peak", PEAK, Volume([Tier(5, 7), Tier(None, "6.5")])),
    UsageCharge("packs", "Packs", DATA, Package("100", size=10, included=10)),
    UsageCharge("stairs", "Stairs", DATA, Stairstep([Tier(50), Tier(None, flat=99)])),
    UsageCharge("share", "Share", DATA, Percentage("1.3", fixed="0.10", free_events=3)),
    UsageCharge("shares", "Shares", DATA, GraduatedPercentage([PercentTier(100, 1), PercentTier(None, "0.5")])),
    UsageCharge("bounded", "Bounded", DATA, Bounded(12, minimum=120, maximum=240)),
    UsageCharge("matrix", "Matrix", DATA, Matrix("tariff", {"day": "0.20", "night": Flat(1)}, otherwise="0.30")),
    UsageCharge("capacity", "Capacity", DATA, Capacity([Level(10, {"": 100}), Level(25)])),
    OneOffCharge("setup", "Setup", Flat("19.95")),
]
PLAN = Plan("mobile-s", 1, "Mobile S", "EUR", CHARGES)
TEAM = Plan("team", 2, "Team", "EUR", [RecurringCharge("base", "Monthly fee", "12.50")], Frequency.yearly(), prices_include_tax=True)
CATALOG = Catalog([PLAN, TEAM])

ACCOUNT = Account(
    id="A-1",
    currency="EUR",
    zone=VILNIUS,
    locale="lt_LT",
    holder=BUYER,
    cycle=BillingCycle.on_day(31),
    contacts=[Contact(ContactKind.PHONE, "+37060000000", date(2025, 1, 1), ["billing"])],
    tax_profiles=[TaxProfile(MARCH, "exempt-embassy")],
    payer="A-2",
    opened=date(2025, 1, 1),
    traits={"segment": "household"},
    references={"purchase_order": "PO-7"},
)
SUBSCRIPTION = (
    Subscription.start(PLAN, id="S-1", on=MARCH, cycle=BillingCycle.calendar())
    .change_quantity("2.5", on=date(2026, 3, 11))
    .override_price("base", "5.00", on=date(2026, 3, 12), recorded=date(2026, 3, 20))
    .plan_price("base", on=date(2026, 3, 15))
    .change_cycle(BillingCycle.on_day(15), on=date(2026, 3, 16))
    .pause(on=date(2026, 3, 17))
    .resume(on=date(2026, 3, 18))
    .change_plan(TEAM, on=date(2026, 3, 21))
    .cancel(on=date(2026, 6, 1))
)
USAGE = UsageRecord("U-1", "S-1", DATA, "14.20", datetime(2026, 3, 12, 18, tzinfo=VILNIUS), {"tariff": "day"})
CORRECTED = UsageRecord("U-2", "S-1", DATA, "14", datetime(2026, 10, 25, 3, 30, tzinfo=VILNIUS, fold=1), replaces="U-1")
ORDER = Order(
    "O-77", date(2026, 5, 5), [Item(Product("book", "A handbook", TaxClass.BOOKS, goods=True), "19.95", 2)], "EUR", prices_include_tax=True
)
GRANT = Grant(
    "G-1",
    "acme:spring@1",
    Percent("33.3"),
    MARCH,
    date(2026, 6, 1),
    Scope.recurring(),
    "Spring",
    AllowanceReason.TEMPORARY,
    Money("50.00", "EUR"),
)

TREATMENT = TaxTreatment(TaxCategory.STANDARD, "21")
EXEMPT = TaxTreatment(TaxCategory.EXEMPT, 0, exemption_code="VATEX-EU-132")
WORKING = Working([Step("included", Decimal(10), Decimal(0)), Step("tier-2", Decimal("4.2"), Decimal("1.50"))])
PIECE = Piece(MARCH, APRIL, Decimal("14.2"), WORKING, 17, 31, Working([Step("flat", Decimal(1), Decimal("0.10"))]))
FACTS = LineFacts("S-1", "data", MARCH, APRIL, MARCH, APRIL, "Mobile data", ChargeKind.USAGE, "mobile-s@1", "GB", (PIECE,), Decimal("3.40"))
SHARE = Share("G-1", Decimal("0.40"), "Spring", "103")
LINE = Line(1, FACTS, TREATMENT, "EUR", (SHARE,), Decimal("3.00"), APRIL)
SURCHARGE = Surcharge(1, Decimal("0.50"), "Handling", "HD")
AGAIN = Line(
    2, FACTS._replace(reinstates=EntryRef("CN-1", 1)), EXEMPT, "EUR", (), Decimal("4.24"), APRIL,
    surcharges=(SURCHARGE, Surcharge(2, Decimal("0.34"), "Express", "", Decimal(10), Decimal("3.40"))),
)  # fmt: skip
REASON = Reason.of("late-usage", quantity=4, on=APRIL, share=Decimal("0.5"), known=True, ids=("U-1", "U-2"))
ENTRY = CreditEntry(
    1,
    LineRef("MB-1", 1),
    EntryKind.CORRECTION,
    Decimal("1.00"),
    (SHARE,),
    Decimal("0.60"),
    Decimal("0.13"),
    TREATMENT,
    "EUR",
    REASON,
    FACTS,
)
TOTALS = Totals(
    "EUR",
    (TaxGroup(TREATMENT, Decimal("3.00"), Decimal("0.63"), "EUR"), TaxGroup(EXEMPT, Decimal("4.24"), Decimal("0.00"), "EUR")),
    Decimal("7.24"),
    Decimal("0.63"),
)
DRAFT = DraftInvoice(
    "A-1", "EUR", SELLER, BUYER, [LINE, AGAIN], [], TOTALS, APRIL, tax_rounding=TaxRounding.PER_LINE, terms=PaymentTerms(30, "30 days")
)
INVOICE = Invoice("MB-1", APRIL, MAY, DRAFT)
CREDITED = Totals("EUR", (TaxGroup(TREATMENT, Decimal("0.60"), Decimal("0.13"), "EUR"),), Decimal("0.60"), Decimal("0.13"))
NOTE = CreditNote("CN-1", date(2026, 4, 2), DraftCreditNote("A-1", "EUR", SELLER, BUYER, "MB-1", APRIL, [ENTRY], CREDITED, reason=REASON))
OTHER = Invoice(
    "MB-2",
    MAY,
    MAY,
    DraftInvoice("A-1", "EUR", SELLER, BUYER, [attrs.evolve(LINE, prices_include_tax=True)], [], CREDITED, MAY, prices_include_tax=True),
)
OPENING = Opening(MARCH, [INVOICE], [NOTE], {"G-1": Decimal("1.20")})

EXPOSURE = Exposure(
    "loyalty-2026", "A-1", "offer", datetime(2026, 3, 1, 9, tzinfo=UTC), Decider.DRAW, Decimal("0.8"), "acme:loyal", "1", covariates={"calls": 2.5}
)  # fmt: skip
OUTCOME = Outcome(
    EXPOSURE, timedelta(days=40, seconds=1), Leaving.VOLUNTARY, flows=[Flow(timedelta(days=31), "27.00", "3.00")], counts={"disputes": 1}
)

VALUES = {
    "accounts": [ACCOUNT, SELLER, BUYER, FACTOR],
    "catalog": [CATALOG, PLAN, TEAM, DATA, PEAK],
    "subscriptions": [SUBSCRIPTION, SUBSCRIPTION.keep(), ORDER],
    "usage": [USAGE, CORRECTED],
    "discounts": [GRANT],
    "invoicing": [INVOICE, NOTE, DRAFT, OTHER, Void("MB-2", MAY, "wrong address"), Reinstatement(EntryRef("CN-1", 1), MAY, "paid after all"), DETAILS],
    "billing": [
        AccountSnapshot(
            ACCOUNT, [SUBSCRIPTION], [USAGE, CORRECTED], [ORDER], [GRANT], [INVOICE, OTHER], [NOTE],
            [Void("MB-2", MAY, "wrong address")], [Reinstatement(EntryRef("CN-1", 1), MAY, "paid after all")],
        ),
        OPENING,
        Rulebook(SELLER, presets.LT_VAT, AtPeriodEnd(), catch_up=CatchUp.PER_PERIOD, terms=PaymentTerms(30)),
    ],
    "payments": [Payment("P-1", Money("15.00", "EUR"), date(2026, 4, 20), ["MB-1"], "card")],
    "conditions": [
        all_of(TENURE_MONTHS >= 12, any_of(SEGMENT.one_of("student", "household"), not_(ARREARS.is_(Money("0.00", "EUR"))))),
        Facts({TENURE_MONTHS: 24, ARREARS: Money("5.00", "EUR")}),
    ],
    "retention": [OUTCOME, Exposure("waits", "A-1", "short", datetime(2026, 3, 1, tzinfo=VILNIUS), response=Response.DECLINED)],
    "waiting": [CallQueue(QueuePolicy(ageing=timedelta(minutes=2))).join(Waiting("C-1", 2, datetime(2026, 3, 1, 9, 0, 0, 250_000, tzinfo=VILNIUS)))],
}  # fmt: skip
"""Values by the package whose models they are."""
