"""When another plan may be had, and that what is shown of a change is the bill that then comes."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_domain import Account, AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, UsageRecord, bill, credit, presets
from billing_domain.care import AnyTime, SwitchRules, compare_plans, explain, next_bill, what_if
from billing_domain.catalog import Graduated, RecurringCharge, Tier, UsageCharge
from billing_domain.conditions import Facts
from billing_domain.discounts import Grant, Percent
from billing_domain.errors import InvalidAmountError, InvalidTypeError, InvalidValueError, PluginError, RefusedError
from billing_domain.invoicing import EntryKind, Void
from billing_domain.money import add_up
from billing_domain.payments import Hold, Payment
from billing_domain.periods import BillingCycle, Frequency
from billing_domain.subscriptions import Item, Order, Product
from billing_domain.subscriptions.contract import Contract, DecliningFee, FlatFee
from billing_domain.tax import NoTax, TaxClass
from foreign_bills import DATA, VILNIUS

ONA = Account(id="A-1", currency="EUR", zone=VILNIUS, locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
RULES = Rulebook(seller=Party("Mobilis, UAB", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT)
TODAY = date(2026, 6, 30)


def plan(code, fee):
    """Return a plan with a fee and data beyond an allowance."""
    data = UsageCharge("data", "Mobile data", DATA, Graduated([Tier(10, 0), Tier(None, "1.50")]))
    return Plan(code, 1, code.title(), "EUR", [RecurringCharge("base", "Monthly fee", fee), data])


SMALL, MEDIUM, LARGE = plan("small", "9.90"), plan("medium", "14.90"), plan("large", "19.90")
FEE = DecliningFee(Money("365.00", "EUR"), tax=TaxClass.STANDARD)
BOUND = Subscription.start(MEDIUM, id="S-1", on=date(2026, 1, 1), contract=Contract(date(2026, 1, 1), Frequency.yearly(), fee=FEE))


def choices(subscription=BOUND, **more):
    """Return the choices by the code of their plan."""
    found = compare_plans(AccountSnapshot(ONA, [subscription]), [SMALL, LARGE], as_of=TODAY, rules=RULES, **more)
    return {choice.plan.code: choice for choice in found}


class TestSwitching:
    """A plan that may not be had is not offered, and one that may be had later says so."""

    def test_any_time(self):
        """Without rules every plan may begin the next day, for the fee of that day."""
        found = choices(switching=AnyTime())
        assert {choice.earliest for choice in found.values()} == {date(2026, 7, 1)}
        assert (found["small"].exit_net, found["small"].exit_fee) == (Decimal("184.00"), Money("222.64", "EUR"))
        assert found == choices()

    def test_cheaper_after_the_term(self):
        """A cheaper plan waits for the end of the term and then costs no fee; a dearer one does not wait."""
        found = choices(switching=SwitchRules(cheaper_after_term=True))
        small = found["small"]
        assert (small.earliest, small.exit_fee, small.term_end, small.remaining_days) == (date(2027, 1, 1), Money("0", "EUR"), None, 0)
        assert found["large"].earliest == date(2026, 7, 1)
        free = attrs.evolve(BOUND, contract=None)
        assert choices(free, switching=SwitchRules(cheaper_after_term=True))["small"].earliest == date(2026, 7, 1)

    def test_paths(self):
        """A plan leads only where its path leads, and anywhere where it has none."""
        assert set(choices(switching=SwitchRules({"medium": ["large"]}))) == {"large"}
        assert set(choices(switching=SwitchRules({"small": ["large"]}))) == {"small", "large"}

    def test_days_between(self):
        """So many days lie between two changes; the start is none."""
        rules = SwitchRules(days_between=90)
        moved = Subscription.start(SMALL, id="S-1", on=date(2026, 1, 1)).change_plan(MEDIUM, on=date(2026, 6, 1))
        assert choices(moved, switching=rules)["large"].earliest == date(2026, 8, 30)
        assert choices(switching=rules)["large"].earliest == date(2026, 7, 1)

    def test_change_and_fee(self):
        """A choice becomes the change and the order for its fee, and both together are what then is billed."""
        small = choices()["small"]
        on = date(2026, 7, 1)
        order = small.exit_order(on=on, id="O-1")
        snapshot = AccountSnapshot(ONA, [BOUND])
        for month in range(1, 7):
            day = date(2026, month, 1)
            snapshot = snapshot.add(bill(snapshot, through=day, rules=RULES).invoice.issue(number=f"I-{month}", on=day))
        effect = what_if(snapshot, [small.change(on=on), order], through=on, rules=RULES)
        assert effect.difference.amount == small.exit_fee.amount + Decimal("-6.05")
        assert small.exit_order(on=date(2027, 1, 1), id="O-1") is None
        late = choices(switching=SwitchRules(cheaper_after_term=True))["small"]
        with pytest.raises(RefusedError, match="may begin on 2027-01-01"):
            late.change(on=on)

    def test_fee_without_tax(self):
        """Where nothing is taxed the fee is the same with tax."""
        snapshot, rules = AccountSnapshot(ONA, [BOUND]), attrs.evolve(RULES, tax=NoTax())
        (choice,) = compare_plans(snapshot, [LARGE], as_of=TODAY, rules=rules)
        assert choice.exit_amount == choice.exit_net == Decimal("184.00")

    @pytest.mark.parametrize("day", [date(2026, 6, 30), datetime(2026, 7, 1, tzinfo=VILNIUS), "soon"], ids=str)
    def test_bad_rules(self, day):
        """Rules of a host that answer with a day that has passed, or with no day, are named."""
        with pytest.raises(PluginError, match="acme:never"):
            choices(switching=_Fixed(day))

    def test_bad_data(self):
        """Rules as data are checked where they enter."""
        with pytest.raises(InvalidTypeError, match="several plans"):
            SwitchRules({"small": "large"})
        with pytest.raises(InvalidTypeError, match="whole days"):
            SwitchRules(days_between="90")
        with pytest.raises(InvalidValueError, match="zero or more"):
            SwitchRules(days_between=-1)


@attrs.frozen
class _Fixed:
    """Rules of a host."""

    code = "acme:never"
    day: object

    def earliest(self, switch):
        """Return what was given."""
        return self.day


class TestBadInput:
    """What is given is what its name says."""

    @pytest.mark.parametrize(
        "given",
        [{"snapshot": "A-1"}, {"plans": LARGE}, {"plans": ["large"]}, {"months": "12"}, {"months": True}, {"rules": None},
         {"subscription": "S-1"}, {"switching": "any"}, {"as_of": "today"}],
        ids=str,
    )  # fmt: skip
    def test_compare(self, given):
        """Anything else is an error of type that says what to give."""
        known = {"snapshot": AccountSnapshot(ONA, [BOUND]), "plans": [LARGE], "as_of": TODAY, "rules": RULES} | given
        with pytest.raises(InvalidTypeError, match="; give"):
            compare_plans(known.pop("snapshot"), known.pop("plans"), **known)

    def test_what_if_and_next_bill(self):
        """Only an account is changed or foreseen, and days are days."""
        with pytest.raises(InvalidTypeError, match="the snapshot of what_if"):
            what_if("A-1", BOUND, through=TODAY, rules=RULES)
        with pytest.raises(InvalidTypeError, match="the snapshot of next_bill"):
            next_bill("A-1", as_of=TODAY, rules=RULES)
        with pytest.raises(InvalidTypeError, match="the as_of of next_bill is a day"):
            next_bill(AccountSnapshot(ONA), as_of="today", rules=RULES)

    def test_explain(self):
        """A balance has the decimals of its currency, and grants are grants."""
        invoice = bill(AccountSnapshot(ONA, [BOUND]), through=date(2026, 1, 1), rules=RULES).invoice
        with pytest.raises(InvalidAmountError, match="what was open from before"):
            explain(invoice, locale="lt_LT", carried=Money("0.001", "EUR"))
        for bad in ("G-1", ["G-1"]):
            with pytest.raises(InvalidTypeError, match="a Grant"):
                explain(invoice, locale="lt_LT", grants=bad)


def june():
    """Return an account that was billed for May and June, with two subscriptions."""
    tv = Plan("tv", 1, "TV", "EUR", [RecurringCharge("tv", "Television", "8.00")])
    snapshot = AccountSnapshot(
        ONA, [Subscription.start(MEDIUM, id="S-1", on=date(2026, 5, 1)), Subscription.start(tv, id="S-2", on=date(2026, 5, 1))]
    )
    for month in (5, 6):
        day = date(2026, month, 1)
        snapshot = snapshot.add(bill(snapshot, through=day, rules=RULES).invoice.issue(number=f"I-{month}", on=day))
    return snapshot


def changes(known, day):
    """Return every kind of change that an account can know of a day, by name."""
    main, tv = known.subscriptions
    bound = attrs.evolve(
        main, contract=Contract(date(2026, 5, 1), Frequency.yearly(), fee=FlatFee(Money("50", "EUR"), tax=TaxClass.STANDARD))
    )
    usage = UsageRecord("U-1", "S-1", DATA, 25, datetime(day.year, day.month, day.day, 9, tzinfo=VILNIUS))
    last = known.invoices[-1]
    note = credit(known, last.part(last.lines[0], net=Money("2.00", "EUR")), kind=EntryKind.CORRECTION, reason="wrong price")
    return {
        "plan": main.change_plan(LARGE, on=day),
        "cheaper plan": main.change_plan(SMALL, on=day),
        "quantity": main.change_quantity(3, on=day),
        "price": main.override_price("base", "12.00", on=day),
        "plan's own price": main.override_price("base", "12.00", on=day).plan_price("base", on=day + timedelta(days=3)),
        "pause": main.pause(on=day),
        "pause and resume": main.pause(on=day).resume(on=day + timedelta(days=5)),
        "cycle": main.change_cycle(BillingCycle.calendar(), on=day),
        "cancel": main.cancel(on=day),
        "cancel the other": tv.cancel(on=day),
        "new subscription": Subscription.start(SMALL, id="S-3", on=day),
        "add-on": main.add_on(plan("extra", "3.00"), id="S-3", on=day),
        "contract": bound,
        "grant": Grant("G-1", "acme:s@1", Percent(10), day, name="Summer"),
        "order": Order("O-1", day, [Item(Product("router", "Router", goods=True), "89.00")]),
        "usage": usage,
        "payment": Payment("P-1", Money("10.00", "EUR"), day),
        "hold": Hold(last.number, 1, Money("1.00", "EUR"), day),
        "void": Void(last.number, on=day, reason="sent by mistake"),
        "credit note": note.issue(number="CN-1", on=max(day, last.on)),
        "account": attrs.evolve(known.account, holder=Party("Ona K.", "LT")),
        "facts": Facts({}),
        "several": [main.change_plan(LARGE, on=day), tv.cancel(on=day), usage],
    }


@pytest.mark.parametrize("kind", sorted(changes(june(), date(2026, 6, 10))))
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(after=st.integers(0, 45), until=st.integers(0, 90))
def test_what_is_shown_is_the_bill_that_comes(kind, after, until):
    """Whatever changes and whenever, the bill that is shown is the one that then comes, and its drivers make the difference."""
    known = june()
    change = changes(known, date(2026, 6, 2) + timedelta(days=after))[kind]
    through = date(2026, 6, 2) + timedelta(days=until)
    effect = what_if(known, change, through=through, rules=RULES)
    later = known.add(*(change if isinstance(change, list) else [change]))
    assert effect.before == bill(known, through=through, rules=RULES)
    assert effect.after == bill(later, through=through, rules=RULES)
    explained = effect.explanation
    assert explained.difference == effect.difference
    assert add_up(driver.change_amount for driver in explained.drivers) == effect.difference.amount
    assert explained.html().startswith("<!doctype html>")
