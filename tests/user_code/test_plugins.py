"""The code of an integrator, as users write it: plugins, a table of policies, the registry, and the contract that the kit checks."""

import json
import pickle
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from billing_domain import AccountSnapshot, Money, Plan, Rulebook, Subscription, UsageRecord, bill, presets
from billing_domain.catalog import Meter, UsageCharge
from billing_domain.conditions import Fact, Facts
from billing_domain.discounts import ARREARS, SEGMENT, TENURE_MONTHS
from billing_domain.errors import LoadError
from billing_domain.periods import Alignment, BillingCycle
from billing_domain.plugins import PRICE_MODELS, Discounts, Lane, Registry, Stack, load_policies
from billing_domain.plugins.registry import discovered
from billing_domain.testing import DiscountPolicyContract, PriceModelContract, ProrationContract, TaxPolicyContract
from user_code.acme import RIGA, HalfOf, PeakAndRest, Weekdays, WhereTheBuyerLives, faithful, thanks
from user_code.host import fibre, maris, rules, seller

spring: dict[str, Any] = {
    "code": "acme:spring",
    "version": 1,
    "name": "Spring",
    "lane": "campaign",
    "reason": "95",
    "window": {"start": "2026-03-01", "end": "2026-06-01", "zone": "Europe/Riga"},
    "condition": {"any": [{"fact": "tenure_months", "op": "<", "value": 3}, {"condition": "acme:faithful"}]},
    "benefit": {"percent": "10", "of": ["base"]},
    "duration": {"periods": 3},
}
registry = Registry().add(faithful, HalfOf, PeakAndRest)


def facts(months: int) -> Facts:
    """Return what is known of a household that owes nothing."""
    return Facts({TENURE_MONTHS: months, ARREARS: Money("0.00", "EUR"), SEGMENT: "household"})


@pytest.mark.parametrize(("months", "net"), [(40, "12.41"), (12, "24.90"), (1, "22.41")])
def test_policies_from_code_and_from_a_table_stand_in_one_rulebook(months: int, net: str) -> None:
    """The faithful get both, one on what the other left; the new get the campaign; the rest pay the list price."""
    campaign = load_policies(json.loads(json.dumps([spring])), codes=registry)
    lanes = [Lane("campaign", Stack.BEST_OF), Lane("loyalty", Stack.SEQUENTIAL)]
    generous = Rulebook(seller=seller, tax=presets.LT_VAT, discounts=Discounts(policies=[thanks, *campaign], lanes=lanes))
    start = Subscription.start(fibre, id="S-1", on=date(2026, 3, 1))
    known = AccountSnapshot(account=maris, subscriptions=[start], facts=facts(months))
    draft = bill(known, through=date(2026, 3, 1), rules=generous).invoice
    assert str(draft.lines[0].net_amount) == net


def test_a_table_tells_all_its_mistakes_at_once() -> None:
    """Each fault has the path at which it stands."""
    wrong = {**spring, "version": 0, "benefit": {"percent": "ten"}, "condition": {"condition": "acme:nobody"}, "colour": "red"}
    with pytest.raises(LoadError) as caught:
        load_policies([spring, wrong], codes=registry)
    paths = {path for path, _ in caught.value.faults}
    assert len(paths) >= 3
    assert all(path.startswith("1") or "[1]" in path for path in paths)


def test_a_fact_keeps_its_type() -> None:
    """A host's fact is read like those of the field, and a whole number stays one."""
    score = Fact("acme:score", int, title="score")
    known = Facts({score: 7})
    points: int = known[score]
    assert points + 1 == 8


def test_what_is_decorated_or_registered_travels_by_name() -> None:
    """A process pool carries a rulebook with all that it holds."""
    offered = Discounts(policies=[thanks], lanes=[Lane("loyalty")])
    carried = Rulebook(seller=seller, tax=WhereTheBuyerLives(presets.LT_VAT_TABLE), proration=Weekdays(), discounts=offered)
    assert pickle.loads(pickle.dumps(carried)) == carried
    assert pickle.loads(pickle.dumps(faithful)) is faithful
    assert pickle.loads(pickle.dumps(registry)) == registry


def test_what_packages_offer_is_found_when_asked() -> None:
    """Entry points lead to plugins; those that lead nowhere are told together."""
    group = PRICE_MODELS.group
    good = EntryPoint(name="peak", value="user_code.acme:PeakAndRest", group=group)
    assert discovered(Registry(), [good]).plugin(PRICE_MODELS.protocol, "acme:peak") is PeakAndRest
    bad = [EntryPoint(name=f"bad-{number}", value=f"user_code.acme:Nothing{number}", group=group) for number in range(2)]
    with pytest.raises(LoadError) as caught:
        discovered(Registry(), [good, *bad])
    assert len(caught.value.faults) == 2
    assert isinstance(Registry.discover(), Registry)


def test_a_price_model_a_proration_and_a_tax_policy_of_the_host() -> None:
    """Each answers one question; the line shows both prices, weekdays alone are charged, and the rate is that of the table."""
    power = Meter("power", "kWh")
    plan = Plan(
        "power",
        1,
        "Power",
        "EUR",
        [*fibre.charges[:1], UsageCharge("power", "Power", power, PeakAndRest(Decimal("0.30"), Decimal("0.10")))],
    )
    start = Subscription.start(plan, id="S-1", on=date(2026, 3, 30))
    used = [
        UsageRecord("U-1", "S-1", power, 10, datetime(2026, 3, 30, 12, tzinfo=RIGA), properties={"hours": "peak"}),
        UsageRecord("U-2", "S-1", power, 30, datetime(2026, 3, 31, 2, tzinfo=RIGA), properties={"hours": "rest"}),
    ]
    known = AccountSnapshot(account=maris, subscriptions=[start], usage=used)
    ours = Rulebook(seller=seller, tax=WhereTheBuyerLives(presets.LT_VAT_TABLE), proration=Weekdays())
    monthly = known.add(start.change_cycle(BillingCycle(Alignment.CALENDAR), on=date(2026, 3, 30)))
    draft = bill(monthly, through=date(2026, 4, 1), rules=ours).invoice
    shown = {(line.name, str(line.net_amount)) for line in draft.lines}
    assert ("Power", "6.00") in shown
    assert ("Line", "2.26") in shown  # two weekdays of twenty-two: 24.90 × 2 / 22
    assert {str(group.rate) for group in draft.totals.groups} == {"21"}
    plain = bill(monthly, through=date(2026, 4, 1), rules=rules).invoice
    assert ("Line", "1.61") in {(line.name, str(line.net_amount)) for line in plain.lines}


class TestThanks(DiscountPolicyContract):
    """The kit tries the policy."""

    policy = thanks


class TestPeakAndRest(PriceModelContract):
    """The kit tries the price model."""

    plugin = PeakAndRest(Decimal("0.30"), Decimal("0.10"))
    properties = {"hours": ["peak", "rest"]}  # noqa: RUF012


class TestWeekdays(ProrationContract):
    """The kit tries the proration."""

    plugin = Weekdays()


class TestWhereTheBuyerLives(TaxPolicyContract):
    """The kit tries the tax policy."""

    plugin = WhereTheBuyerLives(presets.LT_VAT_TABLE)
