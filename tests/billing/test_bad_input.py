"""What comes in wrong is refused where it enters, with value, rule and remedy; in a batch it costs one account."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from batch import DATA, MARCH, RULES, snapshot
from billing_domain import presets
from billing_domain.accounts import Account, Party
from billing_domain.billing import AccountSnapshot, Billed, Halted, Rulebook, bill, bill_many
from billing_domain.catalog import Flat, Graduated, Meter, PerUnit, Plan, RecurringCharge, Step, Tier, UsageCharge, Working
from billing_domain.discounts import Grant, Percent
from billing_domain.errors import (
    BillingError,
    CurrencyMismatchError,
    DuplicateIdError,
    ExceedsLimitError,
    InvalidAmountError,
    InvalidPeriodError,
    InvalidTiersError,
    InvalidTypeError,
    InvalidValueError,
    NaiveInstantError,
    OutOfOrderError,
    RefusedError,
    UnknownCurrencyError,
    UnknownReferenceError,
)
from billing_domain.invoicing import EntryKind, Void, credit
from billing_domain.money import Money, amount_of, money
from billing_domain.periods import BillingCycle, Period, checked_instant
from billing_domain.subscriptions import Item, Order, Product, Subscription
from billing_domain.tax import DomesticTax, TaxTable
from billing_domain.usage import UsageRecord
from strategies import BUYER, SELLER, VILNIUS

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
NAIVE = NOON.replace(tzinfo=None)


def plan(price="9.90", currency="EUR"):
    """Return a plan with one charge."""
    return Plan("s", 1, "S", currency, [RecurringCharge("base", "Monthly fee", price)])


def subscription():
    """Return a subscription that started in March and changed in April."""
    return Subscription.start(plan(), id="S-1", on=MARCH).change_quantity(2, on=date(2026, 4, 10))


REFUSED = {
    "float amount": (InvalidTypeError, lambda: money(9.9, "EUR")),
    "float price": (InvalidTypeError, lambda: Flat(9.9)),
    "bool quantity": (InvalidTypeError, lambda: PerUnit(True)),
    "NaN": (InvalidAmountError, lambda: Flat(Decimal("NaN"))),
    "signalling NaN": (InvalidAmountError, lambda: Flat(Decimal("sNaN"))),
    "NaN text": (InvalidAmountError, lambda: Flat("NaN")),
    "infinite": (InvalidAmountError, lambda: Flat("Infinity")),
    "no number": (InvalidAmountError, lambda: Flat("9,90")),
    "Arabic digits": (InvalidAmountError, lambda: Flat("٩")),
    "underscore": (InvalidAmountError, lambda: Flat("1_000")),
    "huge": (InvalidAmountError, lambda: Flat("1e400")),
    "tiny": (InvalidAmountError, lambda: Flat("1e-400")),
    "other currency": (CurrencyMismatchError, lambda: amount_of(Money("1", "USD"), "EUR")),
    "no money": (InvalidTypeError, lambda: amount_of("1", "EUR")),
    "unknown currency": (UnknownCurrencyError, lambda: plan(currency="EURO")),
    "currency of no text": (UnknownCurrencyError, lambda: plan(currency=978)),
    "plan in another currency": (
        CurrencyMismatchError,
        lambda: attrs.evolve(snapshot(1), subscriptions=[Subscription.start(plan(currency="USD"), id="S-1", on=MARCH)], usage=()),
    ),
    "order in another currency": (
        CurrencyMismatchError,
        lambda: snapshot(1).add(Order("O-1", MARCH, [Item(Product("p", "P"), "1")], currency="USD")),
    ),
    "reversed period": (InvalidPeriodError, lambda: Period(date(2026, 4, 1), MARCH)),
    "empty period": (InvalidPeriodError, lambda: Period(MARCH, MARCH)),
    "period of instants": (InvalidTypeError, lambda: Period(NAIVE, NAIVE + timedelta(days=31))),
    "naive instant": (NaiveInstantError, lambda: checked_instant(NAIVE, "the instant")),
    "naive usage": (NaiveInstantError, lambda: UsageRecord("U-1", "S-1", DATA, 1, NAIVE)),
    "anchor 0": (InvalidPeriodError, lambda: BillingCycle.on_day(0)),
    "anchor 32": (InvalidPeriodError, lambda: BillingCycle.on_day(32)),
    "anchor of text": (InvalidTypeError, lambda: BillingCycle.on_day("1")),
    "tiers that overlap": (InvalidTiersError, lambda: Graduated([Tier(10, 1), Tier(10, 2), Tier(None, 3)])),
    "tiers that go backwards": (InvalidTiersError, lambda: Graduated([Tier(10, 1), Tier(5, 2), Tier(None, 3)])),
    "tiers that end": (InvalidTiersError, lambda: Graduated([Tier(10, 1)])),
    "tiers without a bound inside": (InvalidTiersError, lambda: Graduated([Tier(None, 1), Tier(None, 2)])),
    "no tiers": (InvalidTiersError, lambda: Graduated([])),
    "tier of a pair": (InvalidTypeError, lambda: Graduated([(10, 1)])),
    "negative price": (InvalidAmountError, lambda: Flat("-1")),
    "negative quantity": (InvalidAmountError, lambda: subscription().change_quantity(-1, on=date(2026, 5, 1))),
    "negative usage": (InvalidAmountError, lambda: UsageRecord("U-1", "S-1", DATA, -1, NOON)),
    "negative limit": (InvalidAmountError, lambda: Grant("G-1", "a@1", Percent(10), MARCH, limit=Money("-1", "EUR"))),
    "percent above 100": (InvalidAmountError, lambda: Percent(101)),
    "change before the start": (
        OutOfOrderError,
        lambda: subscription().change_quantity(1, on=date(2026, 2, 1), recorded=date(2026, 4, 20)),
    ),
    "change after the end": (OutOfOrderError, lambda: subscription().cancel(on=date(2026, 5, 1)).pause(on=date(2026, 5, 1))),
    "change out of order": (OutOfOrderError, lambda: subscription().change_quantity(1, on=date(2026, 4, 1))),
    "recorded before it happened": (
        OutOfOrderError,
        lambda: subscription().change_quantity(1, on=date(2026, 4, 5), recorded=date(2026, 4, 1)),
    ),
    "change on no day": (InvalidTypeError, lambda: subscription().change_quantity(1, on="2026-05-01")),
    "change to another currency": (InvalidValueError, lambda: subscription().change_plan(plan(currency="USD"), on=date(2026, 5, 1))),
    "override of an unknown charge": (UnknownReferenceError, lambda: subscription().override_price("nothing", 1, on=date(2026, 5, 1))),
    "two subscriptions of one id": (
        DuplicateIdError,
        lambda: AccountSnapshot(snapshot(1).account, [subscription(), Subscription.start(plan(), id="S-1", on=MARCH)]),
    ),
    "two records of one id": (DuplicateIdError, lambda: snapshot(1).add(UsageRecord("U-1", "S-1", DATA, 5, NOON))),
    "two charges of one code": (
        DuplicateIdError,
        lambda: Plan("s", 1, "S", "EUR", [RecurringCharge("a", "A", 1), RecurringCharge("a", "B", 2)]),
    ),
    "two products at one price": (
        DuplicateIdError,
        lambda: Order("O-1", MARCH, [Item(Product("p", "P"), "1"), Item(Product("p", "P"), "1")]),
    ),
    "usage of an unknown subscription": (UnknownReferenceError, lambda: snapshot(1).add(UsageRecord("U-2", "S-9", DATA, 1, NOON))),
    "blank id": (InvalidValueError, lambda: Subscription.start(plan(), id=" ", on=MARCH)),
    "id of no text": (InvalidTypeError, lambda: Subscription.start(plan(), id=7, on=MARCH)),
    "order without items": (InvalidValueError, lambda: Order("O-1", MARCH, [])),
    "item of nothing": (InvalidValueError, lambda: Item(Product("p", "P"), "1", 0)),
    "item without a product": (InvalidTypeError, lambda: Item("router", "1")),
    "plan by its name": (InvalidTypeError, lambda: Subscription.start("s", id="S-1", on=MARCH)),
    "meter by its name": (InvalidTypeError, lambda: UsageRecord("U-1", "S-1", "data", 1, NOON)),
    "version 0": (InvalidValueError, lambda: Plan("s", 0, "S", "EUR", [])),
    "unknown locale": (InvalidValueError, lambda: Account(id="A", currency="EUR", zone=VILNIUS, locale="xx_XX_XX", holder=BUYER)),
    "zone by its name": (InvalidTypeError, lambda: Account(id="A", currency="EUR", zone="Europe/Vilnius", locale="lt_LT", holder=BUYER)),
    "holder by name": (InvalidTypeError, lambda: Account(id="A", currency="EUR", zone=VILNIUS, locale="lt_LT", holder="Ona")),
    "country by name": (InvalidValueError, lambda: Party("Ona", "Lithuania")),
    "rulebook without a policy": (InvalidTypeError, lambda: Rulebook(seller=SELLER, tax="21 %")),
    "rulebook without a hold": (InvalidTypeError, lambda: Rulebook(seller=SELLER, tax=presets.LT_VAT, hold="5.00")),
    "seller by name": (InvalidTypeError, lambda: Rulebook(seller="Mobilis", tax=presets.LT_VAT)),
    "through an instant": (InvalidTypeError, lambda: bill(snapshot(1), through=NOON, rules=RULES)),
    "draft in a snapshot": (InvalidTypeError, lambda: snapshot(1).add(bill(snapshot(1), through=MARCH, rules=RULES).invoice)),
    "snapshot of no account": (InvalidTypeError, lambda: AccountSnapshot("A-1")),
    "void of an unknown invoice": (UnknownReferenceError, lambda: snapshot(1).add(Void("I-1", MARCH, "a slip"))),
    "float in a step": (InvalidTypeError, lambda: Working([Step("x", 1.5, Decimal(1))])),
    "NaN in a step": (InvalidAmountError, lambda: Working([Step("x", Decimal("NaN"), Decimal(1))])),
    "signalling NaN in a step": (InvalidAmountError, lambda: Working([Step("x", Decimal("sNaN"), Decimal(1))])),
    "overflow in a step": (InvalidAmountError, lambda: Working([Step("x", Decimal("1E+900"), Decimal("1E+900"))])),
    "no steps": (InvalidAmountError, lambda: Working([])),
    "negative working": (InvalidAmountError, lambda: Working([Step("x", Decimal(1), Decimal(-1))])),
}


@pytest.mark.parametrize(("kind", "make"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_refused_where_it_enters(kind, make):
    """The error is of the fitting kind and a built-in too, and names value, rule and remedy in lower case."""
    with pytest.raises(kind) as caught:
        make()
    error = caught.value
    assert type(error) is kind
    assert isinstance(error, ValueError | TypeError)
    assert error.rule
    assert error.remedy
    assert str(error).endswith(f": {error.rule}; {error.remedy}")


def answering(answer):
    """Return a plugin whose every method answers or raises what is given."""

    class Plugin:
        code = "acme:odd"

        def _answer(self, _):
            if isinstance(answer, Exception):
                raise answer
            return answer(_) if callable(answer) else answer

        work_out = treat = share = tax_point = holds = _answer

    return Plugin()


def mutating(asked):
    """Change what was asked, as a plugin must not."""
    asked.quantity = 0


PRICES = [
    None,
    5,
    Decimal("NaN"),
    ZeroDivisionError("x"),
    mutating,
    lambda _: Working([Step("x", Decimal("NaN"), Decimal(1))]),
    lambda _: Working([Step("x", 1.5, 2)]),
]
SHARES = [None, 5, (1,), (1, 0), (-1, 3), (4, 3), (0.5, 1), (True, 1), ZeroDivisionError("x")]
NONSENSE = [
    *[("price", "work_out", value) for value in PRICES],
    *[("proration", "share", value) for value in SHARES],
    *[("tax", "treat", value) for value in (None, 21, Decimal("NaN"), ZeroDivisionError("x"))],
    *[("tax_point", "tax_point", value) for value in (None, "2026-03-01", NOON, [], ZeroDivisionError("x"))],
    *[("hold", "holds", value) for value in (None, "yes", ZeroDivisionError("x"))],
]


@pytest.mark.parametrize(("where", "hook", "answer"), NONSENSE, ids=lambda value: getattr(value, "__name__", str(value))[:40])
def test_a_plugin_that_returns_nonsense_costs_one_account(where, hook, answer):
    """The account is halted with an error that names plugin and hook; the account before it and after it are billed."""
    odd = answering(answer)
    charge = RecurringCharge("base", "Monthly fee", odd if where == "price" else "9.90", proration=odd if where == "proration" else None)
    bad = AccountSnapshot(
        snapshot(2).account,
        [Subscription.start(Plan("p", 1, "P", "EUR", [charge]), id="S-2", on=date(2026, 2, 10)).cancel(on=date(2027, 3, 10))],
    )
    rules = attrs.evolve(RULES, **({where: odd} if where in {"tax", "tax_point", "hold"} else {}))
    [result] = bill_many([bad], through=MARCH, rules=rules)
    if where == "proration":
        bad = attrs.evolve(bad, account=attrs.evolve(bad.account, cycle=BillingCycle.on_day(1)))
        [result] = bill_many([bad], through=MARCH, rules=rules)
    assert isinstance(result, Halted)
    [problem] = result.problems
    assert problem.code == "PluginError"
    assert (problem.error.plugin, problem.error.hook) == ("acme:odd", hook)
    assert bill(bad, through=MARCH, rules=rules) == result
    if where in {"price", "proration"}:
        first, second, third = bill_many([snapshot(1), bad, snapshot(3)], through=MARCH, rules=rules)
        assert isinstance(first, Billed)
        assert isinstance(second, Halted)
        assert isinstance(third, Billed)


def test_usage_of_a_meter_that_nothing_counts_halts_the_account():
    """Nothing is dropped silently: the meter and the subscription are named."""
    result = bill(snapshot(1).add(UsageRecord("U-2", "S-1", Meter("roaming"), 1, NOON)), through=MARCH, rules=RULES)
    assert isinstance(result, Halted)
    assert result.problems[0].text == "roaming: no charge of subscription S-1 counts this meter; add a usage charge, or correct the record"


def test_usage_of_its_own_meter_is_known_while_it_is_paused():
    """A meter that the plan counts is known, also where a pause leaves no day on which it counts."""
    paused = snapshot(1).add(snapshot(1).subscriptions[0].pause(on=date(2026, 2, 1), recorded=date(2026, 2, 20)))
    assert not isinstance(bill(paused, through=MARCH, rules=RULES), Halted)


def test_a_missing_rate_halts_the_account():
    """A billing error that a plugin raises is the account's problem as it stands."""
    result = bill(snapshot(1), through=MARCH, rules=attrs.evolve(RULES, tax=DomesticTax(TaxTable("LT", []))))
    assert [problem.code for problem in result.problems] == ["MissingRateError"]


def test_voiding_what_was_credited_and_crediting_above_what_is_left():
    """An invoice that was credited is not voided, and no credit is above what is left."""
    known = snapshot(1)
    invoice = bill(known, through=MARCH, rules=RULES).invoice.issue(number="I-1", on=MARCH)
    known = known.add(invoice)
    note = credit(known, invoice, kind=EntryKind.GOODWILL, reason="sorry").issue(number="CN-1", on=MARCH)
    with pytest.raises(RefusedError, match="credited"):
        known.add(note, Void("I-1", MARCH, "a slip"))
    with pytest.raises(ExceedsLimitError, match="nothing is left"):
        credit(known.add(note), invoice, kind=EntryKind.GOODWILL, reason="sorry")
    with pytest.raises(DuplicateIdError):
        known.add(attrs.evolve(invoice, due=date(2026, 9, 1)))
    with pytest.raises(RefusedError, match="account A-1"):
        snapshot(2).add(invoice)


def test_every_error_is_a_billing_error():
    """One except clause catches all of them."""
    for kind, make in REFUSED.values():
        assert issubclass(kind, BillingError)
        with pytest.raises(BillingError):
            make()


def test_a_charge_code_that_changes_its_kind_is_refused():
    """A usage charge does not become a fee under the same code."""
    usage = Plan("u", 1, "U", "EUR", [UsageCharge("x", "X", DATA, 1)])
    fee = Plan("f", 1, "F", "EUR", [RecurringCharge("x", "X", 1)])
    for first, then in ((usage, fee), (fee, usage)):
        with pytest.raises(InvalidTypeError, match="keeps its kind"):
            Subscription.start(first, id="S-1", on=MARCH).change_plan(then, on=date(2026, 3, 10))
