"""What a ledger refuses: each a typed error that names the value, the rule and the remedy, and nothing is lost."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing_domain import AccountSnapshot, Money
from billing_domain.errors import (
    CurrencyMismatchError,
    DuplicateIdError,
    ExceedsLimitError,
    InvalidAmountError,
    InvalidPeriodError,
    InvalidTypeError,
    InvalidValueError,
    NoSuchResultError,
    OutOfOrderError,
    PluginError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.invoicing import Void
from billing_domain.payments import (
    AccountCredit,
    Aging,
    Application,
    CreditKind,
    Delivery,
    DueDateChange,
    DunningAction,
    DunningPolicy,
    DunningRecord,
    DunningStep,
    FailedPayment,
    FlagKind,
    Hold,
    HoldFlag,
    Instalment,
    InstalmentPlan,
    LateFee,
    LateFeePolicy,
    Payment,
    PromiseToPay,
    Recovery,
    Refund,
    Reversal,
    SettledOutside,
    WriteOff,
    balances,
    charge_order,
    dun,
    instalments,
    late_fees,
    place_remainder,
    remainder,
    statement,
)
from billing_domain.payments.views import view, with_facts
from desk import ONA, START, day, eur, make_invoice, make_note, with_invoices

INVOICE = make_invoice("I-1", 100)
LATER = make_invoice("I-2", 50, day(10))
SNAPSHOT = with_invoices(INVOICE, LATER)
PAID = SNAPSHOT.add(Payment("P-1", eur(100), day(5), [INVOICE]))
NOTED = PAID.add(make_note(PAID, INVOICE, 30, on=day(6)))


def refused(error, snapshot, *facts, says=None):
    """Check that adding the facts is refused and that the snapshot is as it was."""
    before = (snapshot.ledger, snapshot.held)
    with pytest.raises(error, match=says) as caught:
        snapshot.add(*facts)
    assert (snapshot.ledger, snapshot.held) == before
    assert caught.value.rule
    assert caught.value.remedy[0].islower()


def test_only_an_issued_invoice_is_paid():
    """A draft, a text for a list, or a document named twice is refused when the payment is made."""
    with pytest.raises(InvalidTypeError, match="issued"):
        Payment("P-2", eur(1), day(5), [INVOICE.draft])
    with pytest.raises(InvalidTypeError, match="list"):
        Payment("P-2", eur(1), day(5), "I-1")
    with pytest.raises(DuplicateIdError, match="once"):
        Payment("P-2", eur(1), day(5), ["I-1", INVOICE])
    with pytest.raises(InvalidTypeError, match="issued"):
        Application("A-1", eur(1), "P-1", INVOICE.draft, day(5))


def test_a_void_invoice_is_not_paid():
    """Neither a payment nor a decision names an invoice that is void."""
    voided = SNAPSHOT.add(Void("I-1", day(1), "wrong customer"))
    refused(RefusedError, voided, Payment("P-2", eur(1), day(5), ["I-1"]), says="void")
    refused(RefusedError, voided, WriteOff("W-1", eur(1), "I-1", day(5), "lost"), says="void")
    refused(RefusedError, SNAPSHOT, Void("I-1", day(1), "wrong customer"), Payment("P-2", eur(1), day(1), ["I-1"]), says="not voided")
    assert balances(voided, as_of=day(20)).open == eur(50)


def test_a_ledger_that_nobody_checked_is_refused_while_it_is_played():
    """Facts about documents that are not there or void are refused even where no snapshot holds them."""
    voided = view(SNAPSHOT.add(Void("I-1", day(1), "wrong customer")))
    for number, error in (("I-1", RefusedError), ("I-9", UnknownReferenceError), ("I-2", OutOfOrderError)):
        with pytest.raises(error):
            balances(with_facts(voided, [WriteOff("W-1", eur(1), number, day(5), "lost")]), as_of=day(20))


def test_a_paid_invoice_is_not_voided():
    """After a payment that names it, a decision about it, or a later payment that reached it, it is credited instead."""
    void = Void("I-1", day(7), "wrong customer")
    refused(RefusedError, PAID, void, says="P-1")
    refused(RefusedError, SNAPSHOT.add(Payment("P-2", eur(10), day(5))), void, says="P-2")
    refused(RefusedError, SNAPSHOT.add(WriteOff("W-1", eur(1), "I-1", day(5), "lost")), void, says="W-1")
    early = SNAPSHOT.add(Payment("P-2", eur(10), START - timedelta(days=1)))
    assert balances(early.add(void), as_of=day(20)).open == eur(40)
    late = SNAPSHOT.add(Payment("P-2", eur(10), day(7)))
    assert balances(late.add(void), as_of=day(20)).open == eur(40)


def test_no_more_is_refunded_than_was_paid():
    """Refunds and reversals together are at most the payment, and a credit note gives back its remainder at most."""
    refused(ExceedsLimitError, PAID, Refund("F-1", eur("100.01"), "P-1", day(6)))
    once = PAID.add(Refund("F-1", eur(60), "P-1", day(6)))
    refused(ExceedsLimitError, once, Refund("F-2", eur("40.01"), "P-1", day(6)))
    refused(ExceedsLimitError, once, Reversal("R-1", eur("40.01"), "P-1", day(6), "chargeback"))
    refused(ExceedsLimitError, NOTED, Refund("F-1", eur("30.01"), "CN-1", day(6)))
    unpaid = SNAPSHOT.add(make_note(SNAPSHOT, INVOICE, 30, on=day(6)))
    refused(ExceedsLimitError, unpaid, Refund("F-1", eur(1), "CN-1", day(6)))


def test_no_more_is_applied_than_is_open_or_there():
    """A decision sets no more against a document than is open, and no more than its source has."""
    known = SNAPSHOT.add(Payment("P-1", eur(200), day(12)))
    refused(ExceedsLimitError, known, Application("A-1", eur("100.01"), "P-1", "I-1", day(12)), says="I-1")
    refused(ExceedsLimitError, known, Application("A-1", eur("200.01"), "P-1", "I-1", day(12)), says="P-1")
    refused(ExceedsLimitError, known, WriteOff("W-1", eur("100.01"), "I-1", day(12), "lost"))
    written = SNAPSHOT.add(WriteOff("W-1", eur(10), "I-1", day(12), "lost"))
    refused(ExceedsLimitError, written, Recovery("V-1", eur("10.01"), "W-1", day(13)))
    refused(RefusedError, NOTED, Application("A-1", eur(1), "CN-1", "I-1", day(12)), says="credit note")


def test_money_is_taken_from_what_may_give_it():
    """A reversal takes back a payment, and an account credit is made of a payment or a credit note."""
    known = SNAPSHOT.add(AccountCredit("K-1", eur(5), day(1)))
    refused(RefusedError, known, Reversal("R-1", eur(1), "K-1", day(2), "chargeback"), says="payment")
    refused(RefusedError, known, AccountCredit("K-2", eur(1), day(2), "K-1"), says="payment")
    refused(ExceedsLimitError, PAID, AccountCredit("K-2", eur("100.01"), day(6), "P-1"))
    refused(DuplicateIdError, NOTED, Payment("CN-1", eur(1), day(6)), says="share a name")


def test_days_are_in_order():
    """Nothing is dated before the document or the money that it is about."""
    refused(OutOfOrderError, SNAPSHOT, Payment("P-1", eur(1), day(9), ["I-2"]))
    refused(OutOfOrderError, SNAPSHOT, WriteOff("W-1", eur(1), "I-2", day(9), "lost"))
    refused(OutOfOrderError, SNAPSHOT, Hold("I-2", 1, eur(1), day(9)))
    refused(OutOfOrderError, PAID, Refund("F-1", eur(1), "P-1", day(4)))
    refused(OutOfOrderError, SNAPSHOT, WriteOff("W-1", eur(1), "I-1", day(9), "lost"), Recovery("V-1", eur(1), "W-1", day(8)))


def test_what_is_named_is_there():
    """Documents, payments and write-offs that are not there are refused."""
    refused(UnknownReferenceError, SNAPSHOT, Payment("P-1", eur(1), day(5), ["I-9"]))
    refused(UnknownReferenceError, SNAPSHOT, Refund("F-1", eur(1), "P-9", day(5)))
    refused(UnknownReferenceError, SNAPSHOT, Recovery("V-1", eur(1), "W-9", day(5)))
    refused(UnknownReferenceError, SNAPSHOT, Hold("I-9", None, eur(1), day(5)))
    for missing in ("CN-9", "P-1"):
        with pytest.raises(UnknownReferenceError):
            remainder(PAID, missing, as_of=day(9))
    with pytest.raises(UnknownReferenceError):
        balances(PAID, as_of=day(9)).item("I-9")


def test_one_reference_is_one_payment():
    """Equal content under one reference is the same payment; other content is refused."""
    again = PAID.add(Payment("P-1", eur(100), day(5), [INVOICE]))
    assert again == PAID
    refused(DuplicateIdError, PAID, Payment("P-1", eur(99), day(5), [INVOICE]))
    refused(DuplicateIdError, PAID, Refund("P-1", eur(1), "P-1", day(6)))


def test_currencies_do_not_mix():
    """A fact, a hold or a policy in another currency is refused."""
    dollars = Money("1.00", "USD")
    refused(CurrencyMismatchError, SNAPSHOT, Payment("P-1", dollars, day(5)))
    refused(CurrencyMismatchError, SNAPSHOT, Hold("I-1", 1, dollars, day(5)))
    refused(CurrencyMismatchError, SNAPSHOT, InstalmentPlan("N-1", day(1), ["I-1"], [Instalment(day(5), dollars)]))
    with pytest.raises(CurrencyMismatchError):
        dun(SNAPSHOT, policy=DunningPolicy("a", 1, [], minimum=dollars), as_of=day(5))
    with pytest.raises(CurrencyMismatchError):
        late_fees(SNAPSHOT, policy=LateFeePolicy("a", 1, flat=dollars), as_of=day(5))


@pytest.mark.parametrize("amount", ["-1.00", "0", "0.001"])
def test_amounts_are_above_zero_and_whole(amount):
    """No payment is negative, empty, or smaller than the smallest coin."""
    with pytest.raises(InvalidAmountError):
        Payment("P-1", eur(amount), day(5))


def test_amounts_are_money():
    """A bare number is refused, for it has no currency."""
    with pytest.raises(InvalidTypeError):
        Payment("P-1", Decimal(5), day(5))


BAD_FACTS = [
    lambda: Payment(" ", eur(1), day(5)),
    lambda: Payment("P-1", eur(1), "2026-01-01"),
    lambda: FailedPayment("X-1", eur(1), day(5), " "),
    lambda: Reversal("R-1", eur(1), "P-1", day(5), ""),
    lambda: SettledOutside("S-1", eur(1), "P-1", day(5), ""),
    lambda: WriteOff("W-1", eur(1), "I-1", day(5), ""),
    lambda: AccountCredit("K-1", eur(1), day(5), kind=CreditKind.DEPOSIT),
    lambda: AccountCredit("K-1", eur(1), day(5), through=day(4)),
    lambda: Hold("I-1", None, eur(1), day(5), day(4)),
    lambda: Hold("I-1", None, eur(-1), day(5)),
    lambda: Instalment(day(5), eur(0)),
    lambda: Instalment(day(5), eur(1), eur(-1)),
    lambda: InstalmentPlan("N-1", day(5), [], [Instalment(day(5), eur(1))]),
    lambda: InstalmentPlan("N-1", day(5), ["I-1"], []),
    lambda: InstalmentPlan("N-1", day(5), ["I-1"], [Instalment(day(4), eur(1))]),
    lambda: InstalmentPlan("N-1", day(5), ["I-1"], [Instalment(day(5), eur(1)), Instalment(day(6), Money(1, "USD"))]),
    lambda: InstalmentPlan("N-1", day(5), ["I-1"], [Instalment(day(5), eur(1))], grace_days=-1),
    lambda: InstalmentPlan("N-1", day(5), ["I-1"], [Instalment(day(5), eur(1))], grace_days=True),
    lambda: PromiseToPay("T-1", eur(1), day(5), day(4)),
    lambda: DueDateChange("D-1", day(5), "I-1", day(9), " "),
    lambda: Delivery("D-1", day(5), ""),
    lambda: HoldFlag("H-1", "vulnerable", day(5)),
    lambda: HoldFlag("H-1", FlagKind.LEGAL, day(5), day(5)),
    lambda: DunningStep(0, DunningAction.REMIND),
    lambda: DunningStep(1, DunningAction.REMIND, documents=0),
    lambda: DunningStep(1, "remind"),
    lambda: DunningStep(1, DunningAction.FEE),
    lambda: DunningStep(1, DunningAction.FEE, fee=eur(0)),
    lambda: DunningStep(1, DunningAction.REMIND, minimum=eur(-1)),
    lambda: DunningPolicy("", 1, []),
    lambda: DunningPolicy("a", 0, []),
    lambda: DunningPolicy("a", 1, [DunningStep(5, DunningAction.REMIND), DunningStep(3, DunningAction.REMIND)]),
    lambda: DunningPolicy("a", 1, [], minimum=eur(-1)),
    lambda: DunningRecord("X-1", "a@1", 0, DunningAction.REMIND, day(5), eur(1), ["I-1"]),
    lambda: LateFeePolicy("a", 1),
    lambda: LateFeePolicy("a", 1, flat=eur(-1)),
    lambda: LateFeePolicy("a", 1, annual_rate=-1),
    lambda: LateFeePolicy("a", 1, annual_rate=1, day_count="365"),
    lambda: LateFeePolicy("a", 1, annual_rate=1, notice_days=-1),
    lambda: LateFee("L-1", day(5), "I-1", eur(0), "a@1", ()),
    lambda: LateFee("L-1", day(5), "I-1", eur(1), "a@1", ()).waive().order(),
    lambda: Aging((30, 60)),
    lambda: Aging((0, 60, 30)),
    lambda: Aging(()),
    lambda: statement(SNAPSHOT, since=day(5), as_of=day(4)),
    lambda: instalments(SNAPSHOT, ["I-1"], id="N-1", on=day(1), first=day(5), parts=[]),
    lambda: place_remainder(NOTED, "CN-1", id="X", on=day(6), refund=eur(29)),
    lambda: place_remainder(NOTED, "CN-1", id="X", on=day(6), refund=eur(31)),
    lambda: place_remainder(NOTED, "CN-1", id="X", on=day(6), refund=eur(-1), credit=eur(31)),
    lambda: instalments(PAID, ["I-1"], id="N-1", on=day(6), first=day(9), parts=2),
]


@pytest.mark.parametrize("make", BAD_FACTS)
def test_bad_values_do_not_construct(make):
    """What breaks a rule is refused where it enters."""
    with pytest.raises((InvalidValueError, InvalidTypeError, InvalidPeriodError)):
        make()


def test_there_is_no_order_without_a_charge():
    """A plan that costs nothing and a step without a fee have no order."""
    plan = instalments(SNAPSHOT, ["I-1"], id="N-1", on=day(1), first=day(5), parts=2)
    with pytest.raises(NoSuchResultError):
        charge_order(plan, on=day(5))
    policy = DunningPolicy("a", 1, [DunningStep(1, DunningAction.REMIND)])
    with pytest.raises(NoSuchResultError):
        dun(SNAPSHOT, policy=policy, as_of=day(40)).order()


class Strategy:
    """A plugin that answers what a test tells it to."""

    code = "acme:strategy"

    def __init__(self, answer):
        """Remember the answer."""
        self.answer = answer

    def allot(self, allotment):
        """Return it, or raise it."""
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [
        {"I-1": Decimal("100.01")},
        {"I-1": Decimal(100), "I-2": Decimal("20.01")},
        {"I-9": Decimal(1)},
        {"I-1": Decimal(-1)},
        {"I-1": Decimal("NaN")},
        {"I-1": 1.0},
        {"I-1": Decimal("0.001")},
        ["I-1"],
        KeyError("oops"),
    ],
)
def test_a_bad_strategy_is_named(answer):
    """A strategy that gives out more than there is, to somebody else, or no amounts at all is named in the error."""
    known = SNAPSHOT.add(Payment("P-1", eur(120), day(12)))
    with pytest.raises(PluginError, match="acme:strategy"):
        balances(known, as_of=day(12), allocation=Strategy(answer))


def test_an_error_of_the_library_passes_through_a_strategy():
    """What a strategy refuses in the library's own words is not dressed up."""
    known = SNAPSHOT.add(Payment("P-1", eur(120), day(12)))
    with pytest.raises(RefusedError, match="no"):
        balances(known, as_of=day(12), allocation=Strategy(RefusedError("no", "it is sunday", "wait")))


def test_a_strategy_may_give_nothing():
    """What a strategy does not give out stays unapplied."""
    known = SNAPSHOT.add(Payment("P-1", eur(120), day(12)))
    assert balances(known, as_of=day(12), allocation=Strategy({"I-1": Decimal(0)})).unapplied == eur(120)


def test_children_are_the_parents():
    """A statement covers accounts that name the parent as their payer, in its currency."""
    stranger = AccountSnapshot(ONA)
    with pytest.raises(RefusedError, match="payer"):
        statement(SNAPSHOT, as_of=day(5), children=[stranger])
