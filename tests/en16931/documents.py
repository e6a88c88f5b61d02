"""What Hypothesis draws here: documents with every feature mixed, made by the public verbs alone."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
from hypothesis import strategies as st

from billing_domain import presets
from billing_domain.accounts import Account, Address, Party
from billing_domain.billing import AccountSnapshot, Rulebook, bill
from billing_domain.catalog import Flat, PerUnit, Plan, Product, RecurringCharge, Timing
from billing_domain.discounts import Grant, Percent
from billing_domain.errors import InvalidAmountError
from billing_domain.invoicing import (
    DocumentAllowance,
    DocumentCharge,
    EntryKind,
    ForeignLine,
    adjust,
    credit,
    describe,
    imported_invoice,
)
from billing_domain.money import Money
from billing_domain.money.amounts import minor_unit
from billing_domain.periods import Period
from billing_domain.subscriptions import Item, Order, Subscription
from billing_domain.tax import NoTax, TaxCategory, TaxClass, TaxRate, TaxRounding, TaxTable, TaxTreatment, UnionTax
from billing_domain.testing import details, line_charges, parties

VILNIUS = ZoneInfo("Europe/Vilnius")
SELLER = Party(
    "Mobilis, UAB",
    "LT",
    vat_id="LT100000000001",
    legal_id="300000001",
    address=Address("LT", street="Gedimino pr. 1", city="Vilnius"),
    contact="Billing",
    phone="+37060000000",
)
BUYERS = {
    "LT": Party("Ona Kazlauskienė", "LT"),
    "LV": Party("SIA Ābele", "LV", vat_id="LV40000000000", address=Address("LV", city="Rīga")),
    "DE": Party("Erika Muster", "DE", email="erika@example.org"),
    "NO": Party("Kari Nordmann", "NO"),
}
EXEMPT = TaxTreatment(TaxCategory.EXEMPT, 0, "Insurance, article 135", "VATEX-EU-135-1")
GERMAN = TaxTable("DE", [(TaxClass.STANDARD, TaxRate("19")), (TaxClass.BOOKS, TaxRate("7"))])
POLICIES = [
    presets.LT_VAT,
    presets.LT_EU_VAT,
    UnionTax(presets.LT_VAT_TABLE, presets.EU_MEMBERS, one_stop_shop=[GERMAN], classes={"insurance": EXEMPT}),
    NoTax("small enterprise"),
]
PRODUCTS = [
    Product("router", "Wi-Fi router", goods=True),
    Product("book", "Handbook", TaxClass.BOOKS, goods=True),
    Product("visit", "Installation at home"),
    Product("guard", "Insurance", TaxClass("insurance")),
]
TREATMENTS = [
    TaxTreatment(TaxCategory.STANDARD, 21),
    TaxTreatment(TaxCategory.STANDARD, "5.5"),
    TaxTreatment(TaxCategory.ZERO, 0),
    EXEMPT,
]
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))

prices = st.one_of(
    st.integers(0, 9_999).map(lambda cents: Decimal(cents).scaleb(-2)),
    st.integers(1, 99_999_999).map(lambda digits: Decimal(digits).scaleb(-6)),
)
quantities = st.one_of(st.integers(1, 40).map(Decimal), st.integers(1, 9_999).map(lambda digits: Decimal(digits).scaleb(-3)))


@st.composite
def sellers(draw):
    """Return the seller, with identifiers of any scheme."""
    known = draw(parties())
    names = ("identifier", "identifier_scheme", "legal_id", "legal_scheme", "electronic_address")
    return attrs.evolve(SELLER, **{name: getattr(known, name) for name in names})


REFERENCES = {
    "purchase_order": "PO-7",
    "buyer_reference": "K-3",
    "object": "+37060000001",
    "object_scheme": "AVF",
    "project": "P-1",
    "tender": "L-2",
}


@st.composite
def foreign(draw, currency="EUR"):
    """Return an imported invoice with lines of any price, base quantity, allowance and treatment."""
    inclusive = draw(st.booleans())
    step = minor_unit(currency)

    def line(number):
        price, quantity, base = draw(prices), draw(quantities), draw(st.sampled_from([1, 1, 1, 10, 31]))
        amount = (price * quantity / base).quantize(step)
        off = (amount * draw(st.integers(0, 100)) / 100).quantize(step, "ROUND_DOWN") if draw(st.booleans()) else Decimal(0)
        start = MARCH.start + timedelta(days=draw(st.integers(0, 10)))
        period = Period(start, start + timedelta(days=draw(st.integers(1, 20))))
        return ForeignLine(
            name=f"Service {number}",
            period=period,
            treatment=draw(st.sampled_from(TREATMENTS)),
            price=price,
            quantity=quantity,
            base_quantity=base,
            allowances=[("Loyalty", off, draw(st.sampled_from(["", "95"])))] if off else [],
            charges=[
                ("Packing", draw(st.integers(0, 999)) * step, draw(st.sampled_from(["", "PC"]))) for _ in range(draw(st.integers(0, 2)))
            ],
            unit=draw(st.sampled_from(["", "GB", "month"])),
        )

    return imported_invoice(
        number="OLD-7",
        on=date(2026, 4, 1),
        due=date(2026, 4, 15),
        account_id="A-1",
        currency=currency,
        seller=draw(sellers()),
        buyer=BUYERS["LT"],
        lines=[line(number) for number in range(draw(st.integers(1, 5)))],
        prices_include_tax=inclusive,
        tax_rounding=draw(st.sampled_from(TaxRounding)),
        details=draw(details(currency=currency)),
    )


@st.composite
def adjusted(draw, draft):
    """Return a draft with allowances, charges, something prepaid and a payable rounding, or with none of them."""
    currency = draft.currency
    step = minor_unit(currency)
    allowances, charges = [], []
    if not draft.entries and draw(st.booleans()):
        allowances.append(DocumentAllowance(percent=draw(st.integers(1, 60)), reason="Framework agreement"))
    scope = draft.lines[0].treatment.category is TaxCategory.OUT_OF_SCOPE
    treatments = [draft.lines[0].treatment] if scope or draft.lines[0].treatment.country else [TREATMENTS[0], draft.lines[-1].treatment]
    if draw(st.booleans()):
        amount = Money(draw(st.integers(1, 999)) * step, currency)
        charges.append(DocumentCharge(treatment=draw(st.sampled_from(treatments)), amount=amount, reason="Freight", code="FC"))
    payable_step = draw(st.sampled_from([None, None, Decimal("0.05"), Decimal(1)]))
    made = adjust(draft, allowances=allowances, charges=charges, line_charges=draw(line_charges(draft)))
    if made.totals.tax_inclusive_amount > 1 and draw(st.booleans()):
        return adjust(made, prepaid=Money(step, currency), payable_step=payable_step)
    return adjust(made, payable_step=payable_step)


@attrs.frozen
class Life:
    """A snapshot with the documents that were drawn for it.

    Args:
        snapshot: The account with them.
        documents: All of them, issued.
    """

    snapshot: AccountSnapshot
    documents: tuple


def _plan(draw, currency):
    inclusive = draw(st.booleans())
    charges = [
        RecurringCharge("base", "Monthly fee", Flat(draw(prices)), draw(st.sampled_from(Timing))),
        RecurringCharge(
            "seats", "Seats", PerUnit(draw(prices)), Timing.IN_ADVANCE, tax=draw(st.sampled_from([TaxClass.STANDARD, TaxClass.BOOKS]))
        ),
    ]
    return Plan("office", 1, "Office", currency, charges, prices_include_tax=inclusive)


@st.composite
def lives(draw):
    """Return an account that was billed twice, changed in between, and credited."""
    currency = draw(st.sampled_from(["EUR", "EUR", "SEK"]))
    country = draw(st.sampled_from(sorted(BUYERS)))
    account = Account(
        id="A-1",
        currency=currency,
        zone=VILNIUS,
        locale="lt_LT",
        holder=BUYERS[country],
        references=draw(st.sampled_from([{}, {"buyer_reference": "K-3", "object": "+37060000001"}, REFERENCES])),
    )
    start = date(2025, 12, draw(st.integers(1, 31)))
    subscription = Subscription.start(_plan(draw, currency), id="S-1", on=start, quantity=draw(st.integers(1, 5)))
    policy = draw(st.sampled_from(POLICIES))
    sold = draw(
        st.lists(st.sampled_from(PRODUCTS if policy is POLICIES[2] else PRODUCTS[:3]), max_size=3, unique_by=lambda product: product.code)
    )
    orders = (
        [Order("O-1", start, [Item(product, draw(prices), draw(quantities)) for product in sold], prices_include_tax=draw(st.booleans()))]
        if sold
        else []
    )
    grants = [Grant("G-1", "acme:spring@1", Percent(draw(st.integers(1, 100))), start, name="Spring")] if draw(st.booleans()) else []
    rules = Rulebook(seller=draw(sellers()), tax=policy, tax_rounding=draw(st.sampled_from(TaxRounding)))
    snapshot = AccountSnapshot(account=account, subscriptions=[subscription], orders=orders, grants=grants)
    documents = []

    def issue(result, on):
        nonlocal snapshot
        for draft in result.invoices:
            made = describe(draw(adjusted(draft)), draw(details(currency=currency)))
            documents.append(made.issue(number=f"MB-{len(documents) + 1}", on=on))
            snapshot = snapshot.add(documents[-1])
        for draft in result.credit_notes:
            documents.append(draft.issue(number=f"CN-{len(documents) + 1}", on=on))
            snapshot = snapshot.add(documents[-1])

    issue(bill(snapshot, through=start, rules=rules), start)
    changed = subscription.change_quantity(draw(st.integers(1, 5)), on=start + timedelta(days=draw(st.integers(1, 40))))
    snapshot = snapshot.add(changed)
    later = start + timedelta(days=62)
    issue(bill(snapshot, through=later, rules=rules), later)
    for invoice in [found for found in documents if hasattr(found, "lines")][:2]:
        line = draw(st.sampled_from(invoice.lines))
        left = snapshot_left(snapshot, invoice, line)
        if left > 1 and line.net_amount > 1 and draw(st.booleans()):
            part = invoice.part(line, net=Money(min(left, line.net_amount) // 2 or 1, currency))
            with suppress(InvalidAmountError):  # a line of a few cents with a charge of much more is credited in larger steps
                note = credit(snapshot, part, kind=EntryKind.CORRECTION, reason="counted twice")
                documents.append(note.issue(number=f"CN-{len(documents) + 1}", on=later))
                snapshot = snapshot.add(documents[-1])
    return Life(snapshot, tuple(documents))


def snapshot_left(snapshot, invoice, line):
    """Return what is left of a line without tax, roughly: its net less what entries lowered."""
    taken = sum(
        entry.net_amount
        for document in (*snapshot.invoices, *snapshot.credit_notes)
        for entry in document.entries
        if entry.ref == (invoice.number, line.number)
    )
    return line.net_amount - taken


@st.composite
def documents(draw):
    """Return one of our documents, made in either way."""
    if draw(st.booleans()):
        return draw(foreign())
    found = draw(lives()).documents
    return draw(st.sampled_from(found)) if found else draw(foreign())
