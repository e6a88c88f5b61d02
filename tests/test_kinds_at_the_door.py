"""What a newcomer gets wrong is refused where it enters, in words that say what to do."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing_domain import Account, AccountSnapshot, Money, Subscription, UsageRecord, bill, credit, presets
from billing_domain.accounts import Party
from billing_domain.billing import NothingDue
from billing_domain.catalog import Meter, OneOffCharge, Plan, Product, RecurringCharge, UsageCharge
from billing_domain.disputes import submit
from billing_domain.errors import BillingError, DuplicateIdError, InvalidTypeError, InvalidValueError, NoSuchResultError, RefusedError
from billing_domain.invoicing import EntryKind
from billing_domain.subscriptions import Item, Order
from billing_domain.testing import a_plan, a_snapshot, an_account, rules

DAY = date(2026, 3, 1)
BASE = RecurringCharge("base", "Monthly fee", "10.00")


def any_of(kind: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Call something with arguments that a type checker would refuse."""
    return kind(*args, **kwargs)


class TestKinds:
    """A text where a kind is needed never passes for another one of the kind."""

    @pytest.mark.parametrize(
        ("kind", "args", "kwargs"),
        [
            (RecurringCharge, ("base", "Fee", 1), {"timing": "in-advance"}),
            (RecurringCharge, ("base", "Fee", 1), {"tax": "books"}),
            (RecurringCharge, ("base", "Fee", 1), {"frequency": "yearly"}),
            (OneOffCharge, ("setup", "Setup", 1), {"tax": "books"}),
            (UsageCharge, ("data", "Data", "data", 1), {}),
            (Meter, ("data", "GB", "max"), {}),
            (Product, ("book", "Book", "books"), {}),
            (Plan, ("s", 1, "S", "EUR", [BASE]), {"frequency": "monthly"}),
        ],
    )
    def test_a_text_is_no_kind(self, kind: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """The value is named in quotes, with the rule and an example of what to give."""
        with pytest.raises(InvalidTypeError, match=r"^'[a-z-]+': .* is an? [A-Z]\w+; give ") as caught:
            any_of(kind, *args, **kwargs)
        assert isinstance(caught.value.value, str)

    def test_an_account_needs_a_cycle(self) -> None:
        """A day of the month alone is no cycle."""
        known = an_account("A-1")
        with pytest.raises(InvalidTypeError, match="15: the cycle of an account is a BillingCycle"):
            any_of(Account, "A-1", "EUR", known.zone, "lt_LT", Party("Ona", "LT"), cycle=15)

    def test_a_version_is_a_whole_number(self) -> None:
        """A text that looks like a version is shown as a text."""
        with pytest.raises(InvalidTypeError, match="'1': the version of a plan is a whole number"):
            any_of(Plan, "s", "1", "S", "EUR", [BASE])

    @pytest.mark.parametrize("price", [9.9, Money("9.90", "EUR")])
    def test_a_charge_takes_no_float(self, price: object) -> None:
        """The message says that a float or a `Money` is no price, whichever charge it is."""
        with pytest.raises(InvalidTypeError, match="never float or Money"):
            any_of(RecurringCharge, "base", "Fee", price)
        with pytest.raises(InvalidTypeError, match="never float or Money"):
            any_of(UsageCharge, "data", "Data", Meter("data"), price)


class TestSnapshots:
    """What a snapshot refuses, and what it says."""

    def test_a_text_is_no_kind_of_credit(self) -> None:
        """A credit whose kind is a text would not be held back from the next bill, so it is refused."""
        known = a_snapshot(a_plan())
        invoice = bill(known, through=DAY, rules=rules()).invoice.issue(number="I-1", on=DAY)
        with pytest.raises(InvalidTypeError, match="'correction': the kind of a credit is an EntryKind"):
            any_of(credit, known.add(invoice), invoice, kind="correction", reason="counted twice")

    def test_a_credit_is_over_parts(self) -> None:
        """A number, a line and the code of a charge are no parts; each is told how to become one."""
        known = a_snapshot(a_plan())
        invoice = bill(known, through=DAY, rules=rules()).invoice.issue(number="I-1", on=DAY)
        for what in ("I-1", invoice.lines[0], [invoice.lines[0]]):
            with pytest.raises(InvalidTypeError, match=r"give the invoice, or invoice\.part"):
                any_of(credit, known.add(invoice), what, kind=EntryKind.CORRECTION, reason="counted twice")
        with pytest.raises(InvalidTypeError, match="'base': a part is of a Line"):
            any_of(invoice.part, "base")

    def test_a_bill_needs_a_snapshot_and_rules(self) -> None:
        """An account alone can not be billed, nor can anything without rules."""
        known = a_snapshot(a_plan())
        with pytest.raises(InvalidTypeError, match="what is billed is an AccountSnapshot"):
            any_of(bill, known.account, through=DAY, rules=rules())
        with pytest.raises(InvalidTypeError, match="None: rules are a Rulebook"):
            any_of(bill, known, through=DAY, rules=None)

    def test_a_dispute_stays_with_its_account(self) -> None:
        """A case of somebody else would hold nothing here, and be answered to the wrong customer."""
        dispute = submit(
            a_snapshot(a_plan()), [], id="D-1", regime=presets.LT_CONSUMER, at=datetime(2026, 3, 2, tzinfo=UTC), actor="customer"
        )
        with pytest.raises(RefusedError, match="the dispute is of account"):
            AccountSnapshot(an_account("A-other")).add(dispute)

    def test_an_order_holds_items(self) -> None:
        """A product alone has no price."""
        with pytest.raises(InvalidTypeError, match="what is on order O-1 is an Item"):
            any_of(Order, "O-1", DAY, [Product("visit", "Visit")])

    def test_an_order_has_an_id_of_its_own(self) -> None:
        """An order under the id of a subscription could take the place of its charges."""
        known = a_snapshot(a_plan())
        order = Order(known.subscriptions[0].id, DAY, [Item(Product("base", "Visit"), "5.00")])
        with pytest.raises(DuplicateIdError, match="give the order another id"):
            known.add(order)

    def test_usage_is_counted_in_the_unit_of_its_meter(self) -> None:
        """5,000 MB are not billed as 5,000 GB; a record without a unit takes that of the plan."""
        gigabytes, megabytes = Meter("data", "GB"), Meter("data", "MB")
        plan = Plan("s", 1, "S", "EUR", [BASE, UsageCharge("data", "Data", gigabytes, "1.00")])
        known = AccountSnapshot(an_account("A-1"), [Subscription.start(plan, id="S-1", on=DAY)])
        at = datetime(2026, 3, 2, tzinfo=UTC)
        with pytest.raises(InvalidValueError, match="U-1 in MB: meter data of subscription S-1 counts in GB; convert"):
            known.add(UsageRecord("U-1", "S-1", megabytes, 5000, at))
        assert known.add(UsageRecord("U-1", "S-1", Meter("data"), 5, at)).usage
        newer = Plan(
            "s", 2, "S", "EUR", [UsageCharge("data", "Data", megabytes, "0.001"), UsageCharge("night", "Night", gigabytes, "0.50")]
        )
        moved = known.add(known.subscriptions[0].change_plan(newer, on=date(2026, 4, 1)))
        assert moved.add(UsageRecord("U-1", "S-1", megabytes, 5000, at)).usage

    def test_what_it_does_not_hold_has_a_remedy(self) -> None:
        """A draft is issued first, a list is spread, and of anything else the parts are added; the message stays short."""
        known = a_snapshot(a_plan())
        result = bill(known, through=DAY, rules=rules())
        for thing, remedy in ((result.invoice, "issue the draft"), ([result.invoice], "one by one"), (result, "what is in it")):
            with pytest.raises(InvalidTypeError, match=remedy) as caught:
                any_of(AccountSnapshot.add, known, thing)
            assert len(str(caught.value)) < 300
            assert caught.value.value is thing

    def test_a_result_without_an_invoice_says_so_shortly(self) -> None:
        """The rule and the remedy are not hidden behind the account."""
        result = bill(a_snapshot(a_plan()), through=date(2020, 1, 1), rules=rules())
        assert isinstance(result, NothingDue)
        with pytest.raises(NoSuchResultError) as caught:
            _ = result.invoice
        assert len(str(caught.value)) < 300
        assert caught.value.value is result


def test_an_add_on_is_told_to_take_an_id_of_its_own() -> None:
    """The remedy fits what was asked for."""
    known = a_snapshot(a_plan())
    base = known.subscriptions[0]
    with pytest.raises(BillingError, match="give it an id of its own"):
        base.add_on(a_plan(), id=base.id, on=DAY)
