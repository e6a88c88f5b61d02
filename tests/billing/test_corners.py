"""Corners of billing that no life story reaches."""

import gc
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest

from billing_domain import Money, bill, bill_many, credit
from billing_domain.accounts import Party, TaxProfile
from billing_domain.billing import (
    Billed,
    Difference,
    Halted,
    NoBillReason,
    NothingDue,
    Settings,
    asking,
    close,
    rate,
    reconcile,
    together,
    treatments,
)  # fmt: skip
from billing_domain.billing.arithmetic import rounded_sum
from billing_domain.billing.coverage import change_of
from billing_domain.billing.pieces import difference
from billing_domain.billing.treatments import Treatments
from billing_domain.catalog import Flat, Product, RecurringCharge
from billing_domain.catalog.working import flat
from billing_domain.conditions import Fact
from billing_domain.discounts import Base, Proposal
from billing_domain.errors import (
    CurrencyMismatchError,
    InvalidTypeError,
    InvalidValueError,
    MissingRateError,
    NoSuchResultError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.invoicing import EntryKind, EntryRef, History, Piece, Reinstatement
from billing_domain.money import Rounding
from billing_domain.periods import Frequency, start_of_day
from billing_domain.plugins import Registry
from billing_domain.reasons import Reason
from billing_domain.subscriptions import Item, Order
from billing_domain.tax import TaxCategory, TaxClass
from billing_domain.testing import BenefitContract, a_plan, a_snapshot, an_account, an_invoice, billed_months, rules

MARCH, RULES = date(2026, 3, 1), rules()


def test_what_breaks_in_one_account_is_its_result(monkeypatch):
    """Even an error of the library itself costs one account, and stands in its result."""

    def broken(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr(together, "STEPS", (broken,))
    (result,) = bill_many([a_snapshot()], through=MARCH, rules=RULES)
    assert isinstance(result, Halted)
    assert result.problems[0].code == "RuntimeError"


def test_workings_are_forgotten_when_there_are_many(monkeypatch):
    """A batch keeps no more workings and periods than it may, and the figures stay the same."""
    monkeypatch.setattr(asking, "MOST_KEPT", 1)
    lengths = (None, Frequency.weekly(), Frequency.quarterly(), None)
    plan = a_plan([RecurringCharge(f"fee-{number}", "Fee", Flat(number), frequency=length) for number, length in enumerate(lengths)])
    assert bill(a_snapshot(plan), through=MARCH, rules=RULES).invoice.totals.net.amount == 6


def test_shares_of_different_wholes_add_up():
    """Parts of months of thirty days and of real days are added exactly before they are rounded once."""
    pieces = [Piece(MARCH, MARCH, Decimal(1), flat(Decimal(3)), part, of) for part, of in ((1, 30), (1, 31), (1, 30))]
    assert rounded_sum(pieces, Decimal("0.0001"), Rounding.HALF_UP) == Decimal("0.2968")


def test_several_documents_have_no_single_one():
    """The one invoice is asked for where there are none."""
    with pytest.raises(NoSuchResultError, match="0 invoices"):
        _ = Billed(an_account()).invoice


def test_lines_of_nothing_make_no_document():
    """A run with nothing but zero lines says so."""
    answer = bill(a_snapshot(a_plan([RecurringCharge("free", "Free", Flat(0))])), through=MARCH, rules=RULES)
    assert isinstance(answer, NothingDue)
    assert answer.reason is NoBillReason.ZERO


def test_a_result_without_an_invoice_names_its_account():
    """What is asked of a result that has none says whose it is, and why."""
    snapshot = a_snapshot()
    with pytest.raises(NoSuchResultError, match=rf"^NothingDue\(account='{snapshot.account.id}', reason=.*nothing is due: not-due"):
        _ = bill(snapshot, through=date(2025, 1, 1), rules=RULES).invoice


def test_other_currencies_are_refused():
    """An order and a document in another currency than the account's."""
    order = Order("O-1", MARCH, [Item(Product("visit", "Visit"), "1.00")], currency="USD")
    with pytest.raises(CurrencyMismatchError, match="sell in that currency"):
        a_snapshot().add(order)
    yen = an_invoice(a_snapshot(a_plan(currency="JPY")))
    with pytest.raises(CurrencyMismatchError, match="fixed once billed"):
        a_snapshot().add(yen)


def test_a_note_without_its_invoice_is_refused():
    """A credit note lowers an invoice that is here."""
    known = billed_months(a_snapshot(), 1)
    note = credit(known, known.invoices[0], kind=EntryKind.GOODWILL, reason="late").issue(number="C-1", on=MARCH)
    with pytest.raises(UnknownReferenceError, match="add the invoice first"):
        a_snapshot().add(note)


@attrs.frozen
class Refusing:
    """A tax point rule that refuses."""

    code = "test:refusing"

    def tax_point(self, served):
        """Refuse."""
        raise MissingRateError(served.start, "no tax point here", "use another rule")


def test_a_rule_may_refuse_with_an_error_of_the_library():
    """It halts the account with its own words."""
    result = bill(a_snapshot(), through=MARCH, rules=attrs.evolve(RULES, tax_point=Refusing()))
    assert isinstance(result, Halted)
    assert result.problems[0].code == "MissingRateError"


def test_an_opening_keeps_what_lowers_its_documents():
    """An invoice whose riding credit lowers a line that reaches beyond the day stays."""
    known = billed_months(a_snapshot(), 1)
    known = known.add(
        known.subscriptions[0].change_plan(a_plan([RecurringCharge("fee", "Fee", Flat("4.00"))], code="small"), on=date(2026, 3, 16))
    )
    second = bill(known, through=date(2026, 4, 1), rules=RULES)
    documents = [
        draft.issue(number=f"X-{number}", on=date(2026, 4, 1)) for number, draft in enumerate([*second.invoices, *second.credit_notes])
    ]
    known = known.add(*documents)
    assert {invoice.number for invoice in close(known, through=MARCH).documents} == {invoice.number for invoice in known.invoices}


def test_a_day_that_a_zone_left_out_has_an_instant():
    """Samoa skipped 30 December 2011; the instant is the one from which the next day counts."""
    assert start_of_day(date(2011, 12, 30), ZoneInfo("Pacific/Apia")).tzinfo is not None


def test_reasons_have_a_code_and_plain_facts():
    """A blank code and a float are refused."""
    with pytest.raises(InvalidValueError, match="has a code"):
        Reason("")
    with pytest.raises(InvalidTypeError, match="convert it first"):
        Reason.of("late", share=0.5)


def test_a_registry_takes_several_facts():
    """Facts with different codes stand beside each other."""
    facts = [Fact("acme:one", int, title="one"), Fact("acme:two", int, title="two")]
    assert Registry().add(*facts).facts == tuple(facts)


@attrs.frozen
class OneEuro:
    """A benefit that proposes money."""

    code = "test:one-euro"

    def propose(self, base: Base) -> Proposal:
        """Return a euro where there is something in euros."""
        return Proposal(Money("1.00", "EUR") if base.lines and base.currency == "EUR" else Decimal(0))


class TestOneEuro(BenefitContract):
    """Money in the document's currency is sound."""

    plugin = OneEuro()


def test_credits_that_are_taken_back_of_what_costs_less_now_settle_in_one_run():
    """Of two corrections on a line whose price fell, what is owed is reinstated, the rest at nothing; the next run is empty."""
    known = a_snapshot(a_plan([RecurringCharge("base", "Fee", "10")]))
    invoice = bill(known, through=MARCH, rules=RULES).invoice.issue(number="I-1", on=MARCH)
    known = known.add(invoice)
    for number, amount in (("C-1", "0.50"), ("C-2", "9.50")):
        part = invoice.part(invoice.lines[0], net=Money(amount, "EUR"))
        known = known.add(credit(known, part, kind=EntryKind.CORRECTION, reason="an error").issue(number=number, on=MARCH))
    known = known.add(known.subscriptions[0].override_price("base", "1", recorded=date(2026, 3, 2)))
    known = known.add(*[Reinstatement(EntryRef(number, 1), MARCH, "it was none") for number in ("C-1", "C-2")])
    draft = bill(known, through=MARCH, rules=RULES).invoice
    assert [(str(line.list_amount), line.facts.reinstates.document) for line in draft.lines] == [("0.00", "C-1"), ("1.00", "C-2")]
    known = known.add(draft.issue(number="I-2", on=MARCH))
    assert isinstance(bill(known, through=MARCH, rules=RULES), NothingDue)


def test_what_days_do_not_explain_is_told_so():
    """Where other people's lines lie between, no pieces come to an amount, and that is said instead of made up."""
    known = a_snapshot()
    invoice = bill(known, through=MARCH, rules=RULES).invoice.issue(number="I-1", on=MARCH)
    history = History(known.add(invoice))
    facts = invoice.lines[0].facts
    lines, cent = history.billed[facts.key], Decimal("0.01")
    assert change_of(facts, lines, history, RULES.proration, Decimal("7.31"), cent, facts.slot) == []


def test_a_line_of_another_period_says_nothing_of_the_days():
    """What was billed for a period of another length is reversed whole, so all days are owed anew."""
    known = a_snapshot()
    invoice = bill(known, through=MARCH, rules=RULES).invoice.issue(number="I-1", on=MARCH)
    history = History(known.add(invoice))
    facts = invoice.lines[0].facts
    longer = facts._replace(slot_end=date(2026, 5, 1))
    (piece,) = change_of(longer, history.billed[facts.key], history, RULES.proration, facts.amount, Decimal("0.01"), facts.slot)
    assert (piece.start, piece.end, piece.working, piece.instead_of) == (facts.start, facts.end, facts.pieces[0].working, None)


def test_what_is_known_of_taxes_stays_little(monkeypatch):
    """However many things are sold on however many days, each is taxed by its own class and day."""
    monkeypatch.setattr(treatments, "MOST_KNOWN", 2)
    monkeypatch.setattr(treatments, "MOST_DAYS", 2)
    asked = Treatments(RULES).of(a_snapshot().account)
    sold = [
        RecurringCharge(f"c{number}", "Fee", "10", tax=tax) for number, tax in enumerate([TaxClass.STANDARD, TaxClass.OUT_OF_SCOPE] * 3)
    ]
    days = [date(2026, 3, day) for day in range(1, 6)]
    found = [[asked.treatment(charge, day).category for charge in sold] for day in days for _ in range(2)]
    assert found == [[TaxCategory.STANDARD, TaxCategory.OUT_OF_SCOPE] * 3] * 10
    assert [len(asked.known(day)) for day in (days[-1], days[0])] == [2, 0]


def test_what_is_known_of_buyers_stays_little(monkeypatch):
    """A batch of businesses, each with a VAT id of its own and some with a dated profile, keeps what it knows of few, and taxes all."""
    monkeypatch.setattr(treatments, "MOST_BUYERS", 2)
    kept = Treatments(RULES)
    charge = RecurringCharge("fee", "Fee", "10")
    plain = [attrs.evolve(an_account(), holder=Party("Buyer", "LT", vat_id=f"LT10000000000{number}")) for number in range(5)]
    dated = [attrs.evolve(each, tax_profiles=[TaxProfile(MARCH, f"P{number}")]) for number, each in enumerate(plain)]
    found = [kept.of(each).treatment(charge, MARCH) for each in (*plain, *dated, *plain)]
    assert {(treatment.category, treatment.rate) for treatment in found} == {(TaxCategory.STANDARD, Decimal(21))}
    assert len(kept._answers) <= 2
    assert len(kept._buyers) <= 2


@pytest.mark.parametrize("profiles", [False, True])
def test_billing_leaves_nothing_that_holds_itself(profiles):
    """What a run made is gone when its results are: the collector of cycles finds nothing, however buyers are taxed."""
    known = [
        attrs.evolve(
            a_snapshot(),
            account=attrs.evolve(
                an_account(),
                holder=Party("Buyer", "LT", vat_id=f"LT10000000000{number}"),
                tax_profiles=[TaxProfile(MARCH, f"P{number}")] if profiles else (),
            ),
        )
        for number in range(3)
    ]
    gc.collect()
    gc.disable()
    try:
        for each in known:
            assert bill(each, through=MARCH, rules=RULES).invoices
        assert len(list(bill_many(known, through=MARCH, rules=RULES))) == 3
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_nothing_is_added_to_what_histories_without_credits_share():
    """What documents without credits say of them is one thing, so it can not be changed."""
    with pytest.raises(AttributeError):
        History(a_snapshot()).reinstated.add(EntryRef("C-1", 1))


def test_days_of_one_change_are_one_piece():
    """Two neighbouring stretches that were billed alike and are owed alike now make one piece of both."""
    first, middle, end = MARCH, date(2026, 3, 11), date(2026, 4, 1)
    old, new = flat(Decimal(31)), flat(Decimal(62))
    owed = [Piece(first, end, Decimal(1), new, 31, 31)]
    billed = [Piece(first, middle, Decimal(1), old, 10, 31), Piece(middle, end, Decimal(1), old, 21, 31)]
    assert difference(owed, billed, (first, end), RULES.proration) == [Piece(first, end, Decimal(0), new, 31, 31, old)]


def test_only_billing_takes_back_its_reversals():
    """A reversal is not reinstated by hand: the account halts and says what to do instead."""
    known = a_snapshot(a_plan([RecurringCharge("base", "Fee", "10")]))
    known = known.add(bill(known, through=MARCH, rules=RULES).invoice.issue(number="I-1", on=MARCH))
    known = known.add(known.subscriptions[0].override_price("base", "1", recorded=date(2026, 3, 2)))
    (note,) = bill(known, through=MARCH, rules=RULES).credit_notes
    known = known.add(note.issue(number="C-1", on=MARCH), Reinstatement(EntryRef("C-1", 1), MARCH, "dear again"))
    result = bill(known, through=MARCH, rules=RULES)
    assert isinstance(result, Halted)
    (problem,) = result.problems
    assert isinstance(problem.error, RefusedError)
    assert str(problem.error) == "entry 1 of C-1: a reversal is not reinstated; correct the subscription; the next run bills again"


def test_reconciling_by_hand_finds_what_billing_drafts():
    """Of what is owed and not billed a row comes of each line of the draft; of what is billed as owed, none."""
    known = a_snapshot()
    owed = rate(known, through=MARCH, rules=RULES)
    assert [(item.key, item.pieces, item.amount) for item in owed.values()] == [
        (key, item.facts.pieces, item.facts.amount) for key, item in owed.items()
    ]
    using = Settings("EUR", Decimal("0.01"), MARCH, True, MARCH, date.min, RULES, Treatments(RULES).of(known.account))
    draft = bill(known, through=MARCH, rules=RULES).invoice
    assert [facts.key for facts, *_ in reconcile(owed, History(known), using).rows] == [line.facts.key for line in draft.lines]
    billed = known.add(draft.issue(number="I-1", on=MARCH))
    assert reconcile(owed, History(billed), using) == Difference([], [], [], {})


def test_what_is_owed_no_more_comes_back_however_little_it_is():
    """A fee of some cents of a subscription that turns out never to have begun is credited whole."""
    known = a_snapshot(a_plan([RecurringCharge("base", "Fee", "0.50")]))
    known = known.add(bill(known, through=MARCH, rules=RULES).invoice.issue(number="I-1", on=MARCH))
    (subscription,) = known.subscriptions
    (note,) = bill(known.add(subscription.cancel(on=subscription.start_on)), through=MARCH, rules=RULES).credit_notes
    assert [(entry.ref.invoice, entry.list_amount) for entry in note.entries] == [("I-1", Decimal("0.50"))]


def test_a_credit_on_what_is_owed_no_more_brings_nothing_back():
    """A subscription that turns out never to have begun owes nothing, so taking a credit on it back charges nothing either."""
    known = a_snapshot(a_plan([RecurringCharge("base", "Fee", "10")]))
    invoice = bill(known, through=MARCH, rules=RULES).invoice.issue(number="I-1", on=MARCH)
    known = known.add(invoice)
    note = credit(known, invoice.part(invoice.lines[0], net=Money("10", "EUR")), kind=EntryKind.CORRECTION, reason="an error")
    known = known.add(note.issue(number="C-1", on=MARCH), known.subscriptions[0].cancel(on=known.subscriptions[0].start_on))
    known = known.add(Reinstatement(EntryRef("C-1", 1), MARCH, "it was none"))
    result = bill(known, through=MARCH, rules=RULES)
    assert isinstance(result, NothingDue)
    assert result.reason is NoBillReason.ZERO
