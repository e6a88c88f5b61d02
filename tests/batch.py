"""Accounts by the dozen, and sinks that a process pool can pickle."""

from datetime import UTC, date, datetime

from billing_domain import presets
from billing_domain.accounts import Account
from billing_domain.billing import AccountSnapshot, Billed, Halted, Problem, Rulebook
from billing_domain.catalog import Graduated, Meter, Plan, RecurringCharge, Tier, UsageCharge
from billing_domain.discounts import Grant, Percent, Scope
from billing_domain.subscriptions import Subscription
from billing_domain.usage import UsageRecord
from strategies import BUYER, SELLER, VILNIUS

MARCH = date(2026, 3, 1)
RULES = Rulebook(seller=SELLER, tax=presets.LT_VAT)
DATA = Meter("data", "GB")
TIERS = [Tier(10, 0), Tier(None, "1.50")]


class Angry:
    """A price model that raises."""

    code = "acme:angry"

    def work_out(self, measured):
        """Raise."""
        raise KeyError("no price today")


def snapshot(number, price="9.90"):
    """Return one account with a plan, usage and a discount."""
    plan = Plan(
        "s", 1, "S", "EUR", [RecurringCharge("base", "Monthly fee", price), UsageCharge("data", "Mobile data", DATA, Graduated(TIERS))]
    )
    account = Account(id=f"A-{number}", currency="EUR", zone=VILNIUS, locale="lt_LT", holder=BUYER)
    subscription = Subscription.start(plan, id=f"S-{number}", on=date(2026, 2, 1), quantity=2).change_quantity(3, on=date(2026, 2, 11))
    record = UsageRecord("U-1", f"S-{number}", DATA, "14.2", datetime(2026, 2, 12, 18, tzinfo=UTC))
    grant = Grant("G-1", "acme:spring@1", Percent("33.3"), date(2026, 2, 1), None, Scope.recurring())
    return AccountSnapshot(account, [subscription], [record], grants=[grant])


def accounts(count, bad=()):
    """Return accounts as a stream; the bad ones can not be billed."""
    return (snapshot(number, Angry() if number in bad else "9.90") for number in range(count))


def totals(results):
    """Return what a host would store: account, gross or the kind of problem."""
    stored = []
    for result in results:
        match result:
            case Billed(account=account, invoices=drafts):
                stored.append((account.id, str(drafts[0].totals.payable_amount)))
            case Halted(account=account, problems=problems):
                stored.append((account.id, problems[0].code))
    return stored


def first_only(results):
    """Take one result and leave the rest."""
    return next(iter(results)).account.id


def broken(results):
    """Fail."""
    raise OSError("the disk is full")


def loaded(names):
    """Load accounts by their names; the third row is damaged."""
    known = [snapshot(int(name.removeprefix("A-"))) for name in names]
    return [Halted(each.account, [Problem.of(ValueError("damaged"))]) if each.id == "A-2" else each for each in known]


def names_of(results):
    """Answer with the account of each result, and what sort it is."""
    return [(result.account.id, type(result).__name__) for result in results]
