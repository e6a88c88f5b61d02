"""Credits of all kinds: never above their line, and everything comes back to the cent, in any order."""

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import presets
from billing_domain.accounts import Account
from billing_domain.billing import AccountSnapshot, Billed, NothingDue, Rulebook, bill
from billing_domain.catalog import Plan, RecurringCharge
from billing_domain.discounts import Grant, Percent
from billing_domain.errors import ExceedsLimitError, InvalidTypeError, InvalidValueError, RefusedError, UnknownReferenceError
from billing_domain.invoicing import EntryKind, EntryRef, History, LineRef, Reinstatement, Void, credit
from billing_domain.money import Money, add_up, minor_unit
from billing_domain.periods import Period
from billing_domain.reasons import Reason
from billing_domain.subscriptions import Item, Order, Product, Subscription
from billing_domain.tax import TaxClass, TaxRounding
from life import check_document, check_lines, gross_of_lines, raised
from strategies import BUYER, SELLER, VILNIUS, currencies, prices

DAY = date(2026, 5, 5)
KINDS = st.sampled_from([EntryKind.CORRECTION, EntryKind.GOODWILL])


def account(currency="EUR"):
    """Return an account."""
    return Account(id="A-1", currency=currency, zone=VILNIUS, locale="lt_LT", holder=BUYER)


def sold(prices_, *, currency="EUR", inclusive=False, rounding=TaxRounding.PER_GROUP, percents=(), surcharges=()):
    """Return a snapshot with one issued invoice over goods, two of three at the standard rate, with charges on its lines."""
    items = [
        Item(Product(f"P-{n}", f"Thing {n}", TaxClass.BOOKS if n % 3 == 2 else TaxClass.STANDARD), price) for n, price in enumerate(prices_)
    ]
    grants = [Grant(f"G-{n}", "acme:spring@1", Percent(percent), DAY) for n, percent in enumerate(percents)]
    snapshot = AccountSnapshot(account(currency), orders=[Order("O-1", DAY, items, prices_include_tax=inclusive)], grants=grants)
    rules = Rulebook(seller=SELLER, tax=presets.LT_VAT, tax_rounding=rounding)
    result = bill(snapshot, through=DAY, rules=rules)
    if isinstance(result, NothingDue):
        return snapshot, rules, None
    invoice = raised(result.invoice, surcharges).issue(number="I-1", on=DAY)
    return snapshot.add(invoice), rules, invoice


@st.composite
def sales(draw):
    """Return a sale that is billed, with discounts."""
    percents = draw(
        st.lists(
            st.sampled_from([Decimal(10), Decimal("16.67"), Decimal(20), Decimal(25), Decimal("33.3"), Decimal(50), Decimal(100)]),
            max_size=5,
        )
    )
    return sold(
        draw(st.lists(prices, min_size=1, max_size=4)),
        currency=draw(currencies),
        inclusive=draw(st.booleans()),
        rounding=draw(st.sampled_from(TaxRounding)),
        percents=percents,
        surcharges=draw(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([1, 15, 333, 1000, 2500])), max_size=3)),
    )


@given(
    sales(),
    st.lists(st.tuples(st.integers(0, 3), KINDS, st.sampled_from(["net", "gross", "whole"]), st.integers(1, 100)), max_size=12),
    st.randoms(),
)
def test_all_credits_of_a_fully_credited_document_return_its_tax(sale, asked, random):
    """Parts net and gross, then all that is left in any order, give back net, tax and discounts exactly."""
    snapshot, _, invoice = sale
    if invoice is None:
        return
    step, notes = minor_unit(invoice.currency), 0
    last = [(number, EntryKind.CORRECTION, "whole", 1) for number in range(len(invoice.lines))]
    random.shuffle(last)
    for number, kind, how, percent in [*asked, *last]:
        line = invoice.lines[number % len(invoice.lines)]
        amount = Money((line.list_amount * percent / 100).quantize(step), invoice.currency)
        try:
            part = invoice.part(line) if how == "whole" else invoice.part(line, **{how: amount})
            draft = credit(snapshot, part, kind=kind, reason="a test")
        except ValueError:
            continue
        if how == "net":
            assert draft.totals.net == amount if not line.prices_include_tax else draft.totals.net <= amount
        if how == "gross":
            assert draft.totals.gross == amount if line.prices_include_tax else draft.totals.gross <= amount
        notes += 1
        note = draft.issue(number=f"CN-{notes}", on=DAY)
        check_document(note)
        snapshot = snapshot.add(note)
        check_lines(History(snapshot))
    entries = [entry for note in snapshot.credit_notes for entry in note.entries]
    assert add_up(entry.list_amount for entry in entries) == add_up(line.list_amount for line in invoice.lines)
    assert add_up(entry.tax_amount for entry in entries) == invoice.totals.tax_total_amount
    assert add_up(entry.net_amount for entry in entries) == invoice.totals.line_total_amount
    assert add_up(entry.total_amount for entry in entries) == gross_of_lines(invoice) == invoice.totals.payable_amount
    history = History(snapshot)
    for grant in snapshot.grants:
        assert history.used(grant.id) == 0
    with pytest.raises(ExceedsLimitError):
        credit(snapshot, invoice, kind=EntryKind.CORRECTION, reason="again")


def test_many_discounts_never_give_back_more_than_is_credited():
    """Three cents of a line that bears five equal discounts give back three cents at most, not five."""
    snapshot, _, invoice = sold(["6.00"], percents=["16.67", "20", "25", "33.3", "50"])
    line = invoice.lines[0]
    assert len(line.shares) == 5
    for number in range(1, 100):
        draft = credit(snapshot, invoice.part(line, net=Money("0.01", "EUR")), kind=EntryKind.GOODWILL, reason="a cent")
        entry = draft.entries[0]
        assert entry.charged_amount == Decimal("0.01")
        snapshot = snapshot.add(draft.issue(number=f"CN-{number}", on=DAY))


def test_a_credit_says_what_is_left():
    """More than is left is refused, net and gross, and the error names the rest."""
    snapshot, _, invoice = sold(["10.00"])
    line = invoice.lines[0]
    with pytest.raises(ExceedsLimitError, match=r"10\.00 net"):
        invoice.part(line, net=Money("10.01", "EUR"))
    with pytest.raises(ExceedsLimitError, match=r"12\.10 gross left"):
        credit(snapshot, invoice.part(line, gross=Money("12.11", "EUR")), kind=EntryKind.CORRECTION, reason="x")
    half = credit(snapshot, invoice.part(line, net=Money("4.00", "EUR")), kind=EntryKind.CORRECTION, reason="x").issue(
        number="CN-1", on=DAY
    )
    with pytest.raises(ExceedsLimitError, match=r"6\.00 net left"):
        credit(snapshot.add(half), invoice.part(line, net=Money("6.01", "EUR")), kind=EntryKind.CORRECTION, reason="x")


def test_what_a_credit_refuses():
    """A reversal, no reason, no parts, two invoices and a foreign invoice are refused."""
    snapshot, _, invoice = sold(["10.00", "5.00"])
    part = invoice.part(invoice.lines[0])
    with pytest.raises(RefusedError, match="made by billing alone"):
        credit(snapshot, part, kind=EntryKind.REVERSAL, reason="x")
    with pytest.raises(InvalidValueError, match="says why"):
        credit(snapshot, part, kind=EntryKind.CORRECTION, reason="  ")
    with pytest.raises(InvalidTypeError, match="text or a Reason"):
        credit(snapshot, part, kind=EntryKind.CORRECTION, reason=5)
    with pytest.raises(InvalidValueError, match="at least one line"):
        credit(snapshot, [], kind=EntryKind.CORRECTION, reason="x")
    other = invoice.draft.issue(number="I-2", on=DAY)
    with pytest.raises(InvalidValueError, match="lowers one invoice"):
        credit(snapshot, [part, other.part(other.lines[0])], kind=EntryKind.CORRECTION, reason="x")
    with pytest.raises(RefusedError, match="not void"):
        credit(snapshot, other.part(other.lines[0]), kind=EntryKind.CORRECTION, reason="x")
    with pytest.raises(ExceedsLimitError):
        credit(snapshot, [part, part], kind=EntryKind.CORRECTION, reason=Reason("twice"))


def test_a_correction_that_is_taken_back_is_billed_again_once():
    """A reinstating line brings back what a correction took, with its discount, and only once."""
    snapshot, rules, invoice = sold(["10.00"], percents=["10"])
    note = credit(snapshot, invoice.part(invoice.lines[0], net=Money("4.50", "EUR")), kind=EntryKind.CORRECTION, reason="x").issue(
        number="CN-1", on=DAY
    )
    wish = Reinstatement(EntryRef("CN-1", 1), DAY, "it was right")
    again = bill(snapshot.add(note, wish, wish), through=DAY, rules=rules).invoice
    assert [(line.list_amount, line.net_amount) for line in again.lines] == [(Decimal("5.00"), Decimal("4.50"))]
    whole = snapshot.add(note, wish, again.issue(number="I-2", on=DAY))
    assert isinstance(bill(whole, through=DAY, rules=rules), NothingDue)
    assert History(whole).net_billed(invoice.lines[0].key)[0] == 10


def test_a_reinstated_goodwill_counts_outside_of_what_is_owed():
    """A goodwill that is taken back is billed again, and no later run takes it for something that was billed too much."""
    snapshot, rules, invoice = sold(["10.00"])
    note = credit(snapshot, invoice.part(invoice.lines[0], net=Money("4.00", "EUR")), kind=EntryKind.GOODWILL, reason="x").issue(
        number="CN-1", on=DAY
    )
    assert isinstance(bill(snapshot.add(note), through=DAY, rules=rules), NothingDue)
    known = snapshot.add(note, Reinstatement(EntryRef("CN-1", 1), DAY, "it was not meant"))
    again = bill(known, through=DAY, rules=rules).invoice
    assert again.totals.line_total_amount == 4
    assert isinstance(bill(known.add(again.issue(number="I-2", on=DAY)), through=DAY, rules=rules), NothingDue)


def test_what_a_reinstatement_refuses():
    """An entry that nobody issued is refused where it enters, and so is a reinstatement without a reason."""
    snapshot, _, invoice = sold(["10.00"])
    note = credit(snapshot, invoice, kind=EntryKind.CORRECTION, reason="x").issue(number="CN-1", on=DAY)
    for wrong in (EntryRef("CN-9", 1), EntryRef("CN-1", 2), EntryRef("I-1", 1)):
        with pytest.raises(UnknownReferenceError, match=f"entry {wrong.entry} of {wrong.document}: no issued document here has such"):
            snapshot.add(note, Reinstatement(wrong, DAY, "x"))
    with pytest.raises(InvalidValueError, match="says why"):
        Reinstatement(EntryRef("CN-9", 1), DAY, " ")


def test_an_entry_of_a_void_document_is_not_reinstated():
    """What a void invoice carried has no effect that could be taken back: the account is halted, and says that it was not found."""
    snapshot, rules, invoice = sold(["10.00"])
    entries = credit(snapshot, invoice, kind=EntryKind.CORRECTION, reason="x").entries
    carrying = attrs.evolve(invoice.draft, entries=entries).issue(number="I-2", on=DAY)
    wish = Reinstatement(carrying.entry_ref(entries[0]), DAY, "it was right")
    known = snapshot.add(carrying, wish, Void("I-2", DAY, "a slip"))
    assert [problem.code for problem in bill(known, through=DAY, rules=rules).problems] == ["UnknownReferenceError"]
    with pytest.raises(UnknownReferenceError, match="entry 1 of I-2: no issued document that is not void has such an entry"):
        History(known).entry(wish.entry)
    with pytest.raises(UnknownReferenceError, match="line 1 of I-2: no issued invoice that is not void has such a line"):
        History(known).line(LineRef("I-2", 1))


def test_a_reinstated_line_stays_within_the_limit_of_its_grant():
    """What a grant gave elsewhere in the meantime is not given twice."""
    products = [Product("P-1", "One"), Product("P-2", "Two")]
    grant = Grant("G-1", "acme:spring@1", Percent("50"), DAY, limit=Money("5.00", "EUR"))
    rules = Rulebook(seller=SELLER, tax=presets.LT_VAT)
    snapshot = AccountSnapshot(account(), orders=[Order("O-1", DAY, [Item(products[0], "10.00")])], grants=[grant])
    first = bill(snapshot, through=DAY, rules=rules).invoice.issue(number="I-1", on=DAY)
    snapshot = snapshot.add(first)
    note = credit(snapshot, first, kind=EntryKind.CORRECTION, reason="x").issue(number="CN-1", on=DAY)
    known = snapshot.add(note, Reinstatement(EntryRef("CN-1", 1), DAY, "it was right"), Order("O-2", DAY, [Item(products[1], "10.00")]))
    both = bill(known, through=DAY, rules=rules).invoice
    assert add_up(share.amount for line in both.lines for share in line.shares) == 5
    assert History(known.add(both.issue(number="I-2", on=DAY))).used("G-1") == 5
    given = known.orders[1]
    used = bill(snapshot.add(note, given), through=DAY, rules=rules).invoice.issue(number="I-2", on=DAY)
    late = snapshot.add(note, given, used, Reinstatement(EntryRef("CN-1", 1), DAY, "it was right"))
    again = bill(late, through=DAY, rules=rules).invoice
    assert [(line.list_amount, line.shares) for line in again.lines] == [(Decimal("10.00"), ())]


def test_void_of_what_reinstated_and_of_what_was_voided():
    """A void of the reinstating invoice makes the wish wait again; an invoice whose crediting document is void may be voided."""
    snapshot, rules, invoice = sold(["10.00"])
    note = credit(snapshot, invoice, kind=EntryKind.CORRECTION, reason="x").issue(number="CN-1", on=DAY)
    known = snapshot.add(note, Reinstatement(EntryRef("CN-1", 1), DAY, "it was right"))
    again = bill(known, through=DAY, rules=rules).invoice
    issued = known.add(again.issue(number="I-2", on=DAY))
    voided = issued.add(Void("I-2", DAY, "a slip"))
    assert bill(voided, through=DAY, rules=rules).invoice.totals == again.totals
    with pytest.raises(RefusedError, match="credited"):
        issued.add(Void("I-1", DAY, "a slip"))
    with pytest.raises(InvalidValueError, match="says why"):
        Void("I-1", DAY, "")
    with pytest.raises(InvalidValueError, match="delivered"):
        Void("I-1", DAY, "a slip", delivered=True)
    result = bill(voided, through=DAY, rules=rules)
    assert isinstance(result, Billed)


def test_an_entry_says_which_days_it_is_about():
    """A credit of a whole line covers the days of the line; what a pause takes back covers the same period."""
    march, rules = date(2026, 3, 1), Rulebook(seller=SELLER, tax=presets.LT_VAT)
    plan = Plan("s", 1, "S", "EUR", [RecurringCharge("base", "Fee", "31.00")])
    subscription = Subscription.start(plan, id="S-1", on=march)
    invoice = bill(AccountSnapshot(account(), [subscription]), through=march, rules=rules).invoice.issue(number="I-1", on=march)
    known = AccountSnapshot(account(), [subscription], invoices=[invoice])
    [whole] = credit(known, invoice, kind=EntryKind.GOODWILL, reason="x").entries
    assert whole.period == invoice.lines[0].period
    [taken_back] = bill(known.add(subscription.pause(on=date(2026, 3, 11))), through=date(2026, 3, 11), rules=rules).credit_notes[0].entries
    assert taken_back.period == Period(taken_back.facts.start, taken_back.facts.end)


@pytest.mark.parametrize("kind", [EntryKind.GOODWILL, EntryKind.CORRECTION])
def test_no_more_is_reinstated_than_is_owed_by_then(kind):
    """A credit of a month is taken back after the plan was paused: only the days served come back, and the matter is closed."""
    march, rules = date(2026, 3, 1), Rulebook(seller=SELLER, tax=presets.LT_VAT)
    plan = Plan("s", 1, "S", "EUR", [RecurringCharge("base", "Fee", "31.00")])
    subscription = Subscription.start(plan, id="S-1", on=march)
    snapshot = AccountSnapshot(account(), [subscription])
    invoice = bill(snapshot, through=march, rules=rules).invoice.issue(number="I-1", on=march)
    note = credit(snapshot.add(invoice), invoice, kind=kind, reason="x").issue(number="CN-1", on=march)
    paused = subscription.pause(on=date(2026, 3, 11))
    known = snapshot.add(invoice, note, Reinstatement(EntryRef("CN-1", 1), march, "it was right"), paused)
    again = bill(known, through=date(2026, 3, 11), rules=rules)
    assert [line.list_amount for line in again.invoice.lines] == [Decimal("10.00")]
    known = known.add(again.invoice.issue(number="I-2", on=date(2026, 3, 11)))
    assert isinstance(bill(known, through=date(2026, 3, 11), rules=rules), NothingDue)
    served = known.add(paused.resume(on=date(2026, 3, 11), recorded=date(2026, 3, 20)))
    late = bill(served, through=date(2026, 3, 20), rules=rules)
    assert [line.list_amount for line in late.invoice.lines] == [Decimal("21.00")]
