"""A host's collections desk in small: it issues invoices, books what comes in, and keeps the snapshot."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from billing_domain import Account, AccountSnapshot, Money, Party, credit
from billing_domain.errors import BillingError
from billing_domain.invoicing import ChargeKind, DraftInvoice, EntryKind, Line, LineFacts, TaxGroup, Totals
from billing_domain.money import allocate
from billing_domain.payments import (
    AccountCredit,
    Application,
    CreditKind,
    Hold,
    MoneyKind,
    Payment,
    Recovery,
    Refund,
    Reversal,
    SettledOutside,
    WriteOff,
    balances,
)
from billing_domain.tax import TaxCategory, TaxTreatment

VILNIUS = ZoneInfo("Europe/Vilnius")
ONA = Account(id="A-1", currency="EUR", zone=VILNIUS, locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
UNTAXED = TaxTreatment(TaxCategory.OUT_OF_SCOPE, exemption_reason="not subject to VAT")
START = date(2026, 1, 1)
CENT = Decimal("0.01")


def eur(amount):
    """Return an amount in euros."""
    return Money(str(amount), "EUR")


def day(number):
    """Return a day by its number from the first of January 2026."""
    return START + timedelta(days=number)


def make_line(number, amount, on, name="Service"):
    """Return an untaxed line."""
    facts = LineFacts(
        "O-1", f"p-{number}", on, on + timedelta(days=1), on, on + timedelta(days=1), name, ChargeKind.ORDER, "", "", (), amount
    )
    return Line(number, facts, UNTAXED, "EUR", (), amount, on)


def make_invoice(number, amount, on=START, due=None, account=ONA, lines=1):
    """Return an issued invoice over an amount, untaxed, in nearly equal lines."""
    total = Decimal(str(amount)).quantize(CENT)
    made = [make_line(index, part, on) for index, part in enumerate(allocate(total, [1] * lines, CENT), 1)]
    totals = Totals("EUR", (TaxGroup(UNTAXED, total, Decimal(0), "EUR"),), total, Decimal(0))
    draft = DraftInvoice(account.id, "EUR", SELLER, account.holder, made, (), totals, on)
    return draft.issue(number=number, on=on, due=due or on + timedelta(days=14))


def with_invoices(*invoices, account=ONA):
    """Return a snapshot that holds invoices and nothing else."""
    return AccountSnapshot(account, invoices=invoices)


def make_note(snapshot, invoice, amount, number="CN-1", on=None):
    """Return a credit note over a gross amount of the first line of an invoice."""
    part = invoice.part(invoice.lines[0], gross=eur(amount))
    return credit(snapshot, part, kind=EntryKind.CORRECTION, reason="counted twice").issue(number=number, on=on or invoice.on)


class Desk:
    """Plays steps on a ledger; what the rules refuse is left out, and must leave nothing behind."""

    def __init__(self):
        """Open an account without anything."""
        self.snapshot = AccountSnapshot(ONA)
        self.today, self.serial = START, 0

    def do(self, step):
        """Play one step of `steps`."""
        name, *arguments = step
        before = self.snapshot
        try:
            getattr(self, name)(*arguments)
        except BillingError:
            assert self.snapshot is before

    def name(self, letter):
        """Return an id that was not used before."""
        self.serial += 1
        return f"{letter}-{self.serial:03}"

    def now(self):
        """Return the balances of today."""
        return balances(self.snapshot, as_of=self.today)

    def pick(self, things, which):
        """Return one of the things; refuse, as the rules would, where there is none."""
        listed = list(things)
        if not listed:
            raise BillingError("nothing", "there is nothing to choose from", "wait")
        return listed[which % len(listed)]

    def sources(self, *kinds):
        """Return what money waits or is set against documents, by kind."""
        return [item for item in self.now().money if item.kind in kinds]

    def wait(self, days):
        """Let days pass."""
        self.today += timedelta(days=days)

    def invoice(self, amount, due_in):
        """Issue an invoice."""
        self.snapshot = self.snapshot.add(make_invoice(self.name("I"), amount, self.today, self.today + timedelta(days=due_in)))

    def note(self, which, amount):
        """Credit some of an invoice."""
        invoice = self.pick(self.snapshot.invoices, which)
        self.snapshot = self.snapshot.add(make_note(self.snapshot, invoice, amount, self.name("C"), self.today))

    def pay(self, amount, named):
        """Receive a payment, perhaps for a named invoice."""
        documents = [self.pick(self.snapshot.invoices, named)] if named is not None else []
        self.snapshot = self.snapshot.add(Payment(self.name("P"), eur(amount), self.today, documents))

    def reverse(self, which, amount):
        """Take back some of a payment."""
        source = self.pick(self.sources(MoneyKind.PAYMENT), which)
        self.snapshot = self.snapshot.add(Reversal(self.name("R"), eur(amount), source.id, self.today, "chargeback"))

    def refund(self, which, amount):
        """Send money back."""
        source = self.pick(self.now().money, which)
        self.snapshot = self.snapshot.add(Refund(self.name("F"), eur(amount), source.id, self.today))

    def outside(self, which, amount):
        """Settle money elsewhere."""
        source = self.pick(self.now().money, which)
        self.snapshot = self.snapshot.add(SettledOutside(self.name("S"), eur(amount), source.id, self.today, "offset"))

    def credit(self, which, amount, days, deposit):
        """Give account credit, or make some of a payment or credit note."""
        sources = [None, *(item.id for item in self.sources(MoneyKind.PAYMENT, MoneyKind.CREDIT_NOTE))]
        kind = CreditKind.DEPOSIT if deposit else CreditKind.CREDIT
        through = None if days is None else self.today + timedelta(days=days)
        self.snapshot = self.snapshot.add(
            AccountCredit(self.name("K"), eur(amount), self.today, sources[which % len(sources)], through, kind=kind)
        )

    def apply(self, which, document, amount):
        """Set money against a document by decision."""
        source, invoice = self.pick(self.now().money, which), self.pick(self.snapshot.invoices, document)
        self.snapshot = self.snapshot.add(Application(self.name("A"), eur(amount), source.id, invoice, self.today))

    def write_off(self, which, amount):
        """Give a debt up."""
        invoice = self.pick(self.snapshot.invoices, which)
        self.snapshot = self.snapshot.add(WriteOff(self.name("W"), eur(amount), invoice, self.today, "cannot be found"))

    def recover(self, which, amount):
        """Take a write-off back."""
        fact = self.pick([fact for fact in self.snapshot.ledger if isinstance(fact, WriteOff)], which)
        self.snapshot = self.snapshot.add(Recovery(self.name("V"), eur(amount), fact.id, self.today))

    def hold(self, which, amount, days):
        """Hold some of a document, as a dispute does."""
        invoice = self.pick(self.snapshot.invoices, which)
        until = None if days is None else self.today + timedelta(days=days)
        self.snapshot = self.snapshot.add(Hold(invoice.number, None, eur(amount), self.today, until))


some = st.integers(0, 5)
sums = st.integers(1, 6000).map(lambda units: units * CENT)
simple_steps = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 20)),
    st.tuples(st.just("invoice"), sums, st.integers(0, 20)),
    st.tuples(st.just("pay"), sums, st.none() | some),
    st.tuples(st.just("hold"), some, sums, st.none() | st.integers(1, 20)),
)
"""Bills, payments and holds."""

steps = st.one_of(
    simple_steps,
    st.tuples(st.just("note"), some, sums),
    st.tuples(st.just("reverse"), some, sums),
    st.tuples(st.just("refund"), some, sums),
    st.tuples(st.just("outside"), some, sums),
    st.tuples(st.just("credit"), some, sums, st.none() | st.integers(0, 20), st.booleans()),
    st.tuples(st.just("apply"), some, some, sums),
    st.tuples(st.just("write_off"), some, sums),
    st.tuples(st.just("recover"), some, sums),
)
"""One thing that may happen; most figures are small, so that much of it is refused and much is not."""


def played(list_of_steps):
    """Return a desk at which these steps were played, after two invoices and a payment."""
    desk = Desk()
    for step in [("invoice", Decimal(30), 14), ("invoice", Decimal(20), 3), ("pay", Decimal(35), None), *list_of_steps]:
        desk.do(step)
    return desk


desks = st.lists(steps, max_size=14).map(played)
"""Desks at which something happened."""


def check(desk):
    """Check what must hold of a ledger at all times."""
    found = desk.now()
    for item in found.money:
        parts = [item.applied, item.unapplied, item.refunded, item.reversed, item.moved, item.expired, item.outside]
        assert min(parts) >= 0
        assert sum(parts) == item.amount
    for item in found.items:
        assert item.credited + item.paid + item.written_off + item.open == item.total
        assert min(item.open, item.held, item.collectable, item.credited, item.paid, item.written_off) >= 0
        assert item.held + item.collectable == item.open
    assert found.balance.amount == sum(item.open for item in found.items) - found.unapplied.amount
    for applied in found.applied:
        assert applied.amount > 0
        assert applied.on <= found.as_of
