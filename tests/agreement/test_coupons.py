"""Coupons, discount stacks and limits of other systems, on this library's own words; no arithmetic is repeated here.

What Lago leaves unrounded on each fee is in whole minor units here, so a share agrees if it is less than one minor unit away.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from billing_domain.accounts import IdentityLevel
from billing_domain.catalog import Step, Working
from billing_domain.discounts import (
    Agent,
    AuthorityMatrix,
    FixedAmount,
    Grant,
    Granted,
    GrantKind,
    GrantReason,
    GrantRequest,
    Lane,
    Limit,
    Percent,
    Scope,
    Stack,
    Surplus,
    apply,
    judge,
)
from billing_domain.discounts.given import OnlyTotals
from billing_domain.invoicing import ChargeKind, LineFacts, Piece
from billing_domain.money import Money, minor_unit
from billing_domain.tax import tax_on

DATA = Path(__file__).parents[1] / "data" / "coupons"
LAGO = json.loads((DATA / "lago.json").read_text("utf-8"))
SAAS = json.loads((DATA / "saas.json").read_text("utf-8"))
DAY, NEXT = date(2026, 3, 1), date(2026, 4, 1)
LANES = [Lane("metrics"), Lane("plans"), Lane("all")]


def major(minor, currency):
    """Return minor units as an amount."""
    return Decimal(minor) * minor_unit(currency)


def minor(amount, currency):
    """Return an amount in minor units."""
    return amount / minor_unit(currency)


def fee_line(fee, currency):
    """Return a fee as a line; what it is already discounted by is no longer there to be discounted."""
    amount = major(fee["amount_minor"] - fee.get("already_discounted_minor", fee.get("already_discounted", 0)), currency)
    working = Working([Step("flat", Decimal(1), amount)])
    charge, plan = f"metric:{fee['metric']}" if "metric" in fee else fee["id"], f"{fee['plan']}@1" if "plan" in fee else ""
    return LineFacts(
        "S", charge, DAY, NEXT, DAY, NEXT, fee["id"], ChargeKind.USAGE, plan, "", (Piece(DAY, NEXT, Decimal(1), working),), amount
    )


def coupon_grant(coupon, number, currency):
    """Return a coupon as a grant: the older, the earlier; a fixed one that is for once keeps what is left of it."""
    metrics, plans = coupon.get("limited_to_metrics", ()), coupon.get("limited_to_plans", ())
    lane = "metrics" if metrics else "plans" if plans else "all"
    scope = Scope(charges=[f"metric:{code}" for code in metrics], plans=plans)
    more = {"lane": lane, "priority": -number, "scope": scope}
    if coupon["type"] == "percentage":
        return Grant(f"C-{number}", "coupon@1", Percent(coupon["rate"]), DAY, once=coupon["frequency"] == "once", **more)
    of = coupon.get("currency", currency)
    amount = Money(major(coupon["amount_minor"], of), of)
    once = coupon["frequency"] == "once"
    return Grant(f"C-{number}", "coupon@1", FixedAmount(amount), DAY, limit=amount if once else None, surplus=Surplus.LOST, **more)


def given_before(coupons, currency):
    """Return what coupons gave on earlier invoices."""
    table = {f"C-{number}": major(coupon.get("already_used_minor", 0), currency) for number, coupon in enumerate(coupons)}
    return OnlyTotals(lambda grant_id: table[grant_id])


def redeemed(fees, coupons, currency):
    """Return what coupons take off fees."""
    grants = [coupon_grant(coupon, number, currency) for number, coupon in enumerate(coupons)]
    lines = [fee_line(fee, currency) for fee in fees]
    return apply(lines, grants, step=minor_unit(currency), currency=currency, lanes=LANES, given=given_before(coupons, currency))


def by_fee(fees, found, currency):
    """Return what each fee bears, in minor units."""
    return {fee["id"]: minor(sum(share.amount for share in borne), currency) for fee, borne in zip(fees, found.shares, strict=True)}


def close_to(ours, theirs):
    """Say whether whole minor units stand for an exact share."""
    return set(ours) == set(theirs) and all(abs(ours[name] - Decimal(theirs[name])) < 1 for name in theirs)


def coupon_amount(given, expect):
    """One coupon on one base."""
    currency = given.get("currency", "EUR")
    fee = {"id": "fee", "amount_minor": given["base_minor"]}
    coupon = {name: value for name, value in given["coupon"].items() if not name.startswith("limited")}
    assert by_fee([fee], redeemed([fee], [coupon], currency), currency) == {"fee": expect["discount_minor"]}


def coupon_application(given, expect):
    """One coupon on several fees: in all, fee by fee, and whether anything of it is left."""
    currency, coupon = given["currency"], given["coupon"]
    found = redeemed(given["fees"], [coupon], currency)
    ours = by_fee(given["fees"], found, currency)
    total = sum(ours.values())
    assert bool(total) is expect.get("applied", True)
    if "discount_minor" in expect:
        assert total == expect["discount_minor"]
    if "fee_allocation" in expect:
        assert close_to(ours, expect["fee_allocation"])
    if "terminated" in expect and coupon["frequency"] == "once":
        spent = coupon["type"] == "percentage" or total + coupon.get("already_used_minor", 0) == coupon["amount_minor"]
        assert spent is expect["terminated"]


def coupon_stack(given, expect):
    """Several coupons, each on what the ones before it left."""
    currency = given["currency"]
    found = redeemed(given["fees"], given["coupons_in_creation_order"], currency)
    total = sum(by_fee(given["fees"], found, currency).values())
    assert total == expect["coupons_total_minor"]
    if "subtotal_after_minor" in expect:
        subtotal = given.get("invoice_subtotal_minor", sum(fee["amount_minor"] for fee in given["fees"]))
        assert subtotal - total == expect["subtotal_after_minor"]
    assert sum(record.granted > 0 for record in found.applications) == expect.get("applied_count", len(given["coupons_in_creation_order"]))


def invoice_pipeline(given, expect):
    """Fees, coupons, and tax on what is left of each rate."""
    currency, fees = given["currency"], given["fees"]
    found = redeemed(fees, given["coupons_in_creation_order"], currency)
    ours = by_fee(fees, found, currency)
    nets = {fee["id"]: fee["amount_minor"] - ours[fee["id"]] for fee in fees}
    groups = {}
    for fee in fees:
        rate = sum(Decimal(each) for each in fee["tax_rates"])
        groups[rate] = groups.get(rate, 0) + nets[fee["id"]]
    tax = sum(minor(tax_on(major(net, currency), rate, minor_unit(currency)), currency) for rate, net in groups.items())
    figures = {
        "fees_minor": sum(fee["amount_minor"] for fee in fees),
        "coupons_minor": sum(ours.values()),
        "subtotal_ex_tax_minor": sum(nets.values()),
        "tax_minor": tax,
        "total_minor": sum(nets.values()) + tax,
    }
    assert {name: figures[name] for name in figures if name in expect} == {name: expect[name] for name in figures if name in expect}
    if "fee_discount" in expect:
        assert close_to({name: ours[name] for name in expect["fee_discount"]}, expect["fee_discount"])


KINDS = {
    "coupon_amount": coupon_amount,
    "coupon_application": coupon_application,
    "coupon_stack": coupon_stack,
    "invoice_pipeline": invoice_pipeline,
}


@pytest.mark.parametrize("case", LAGO, ids=lambda case: case["id"])
def test_lagos_coupons(case):
    """Each case of coupons comes to the same figures."""
    KINDS[case["kind"]](case["given"], case["expect"])


def stacked(price, benefits, stack, currency="EUR"):
    """Return what a price comes to after discounts, and what each took off."""
    grants = [Grant(f"D-{number}", "d@1", benefit, DAY, lane="one", priority=-number) for number, benefit in enumerate(benefits)]
    line = fee_line({"id": "f", "amount_minor": minor(Decimal(price), currency)}, currency)
    found = apply([line], grants, step=minor_unit(currency), currency=currency, lanes=[Lane("one", stack)])
    return Decimal(price) - sum(record.granted for record in found.applications), found.applications


def benefit_of(discount, currency="EUR"):
    """Return one discount of a stack."""
    ((name, value),) = discount.items()
    return Percent(value) if "percent" in name else FixedAmount(Money(value, currency))


def discount_stack(given, expect):
    """Order and base of percentages."""
    stack = Stack.ADDITIVE if given.get("percent_base") == "original" else Stack.SEQUENTIAL
    price = given.get("price", "100")
    final, records = stacked(price, [benefit_of(discount) for discount in given["discounts"]], stack)
    if "final" in expect:
        assert final == Decimal(expect["final"])
    if "effective_percent" in expect:
        assert (Decimal(price) - final) / Decimal(price) * 100 == Decimal(expect["effective_percent"])
    if "base_of_percent" in expect:
        (percent,) = [Decimal(value) for discount in given["discounts"] for name, value in discount.items() if "percent" in name]
        assert records[-1].requested == Decimal(expect["base_of_percent"]) * percent / 100


def discount_allocation(given, expect):
    """One amount over lines: the same total; where a remainder goes to the last line there, the largest one takes it here."""
    currency = given["currency"]
    fees = [{"id": str(number), "amount_minor": minor(Decimal(line), currency)} for number, line in enumerate(given["lines"])]
    coupon = {"type": "fixed", "amount_minor": minor(Decimal(given["amount_off"]), currency), "frequency": "forever"}
    ours = by_fee(fees, redeemed(fees, [coupon], currency), currency)
    theirs = [minor(Decimal(amount), currency) for amount in expect["line_discounts"]]
    assert sum(ours.values()) == sum(theirs)
    assert all(abs(mine - other) <= 1 for mine, other in zip(ours.values(), theirs, strict=True))


def authority_limit(given, expect):
    """A ceiling by currency: granted at the limit, not one minor unit above."""
    limits = [
        Limit(role=given["role"], kind=GrantKind.CREDIT, currency=currency, amount=Money(most, currency))
        for currency, most in expect["max_by_currency"].items()
    ]
    matrix = AuthorityMatrix("case", 1, [given["role"]], limits)
    for currency, most in expect["max_by_currency"].items():
        for above in (Decimal(0), minor_unit(currency)):
            asked = GrantRequest(
                id="G", agent=Agent("a", given["role"]), account_id="A", kind=GrantKind.CREDIT, reason=GrantReason.COMPLAINT,
                value=Money(Decimal(most) + above, currency), at=datetime(2026, 3, 1, tzinfo=UTC), identity=IdentityLevel.STRONG,
            )  # fmt: skip
            assert isinstance(judge(asked, matrix), Granted) is not bool(above)


SOLD = {"discount_stack": discount_stack, "discount_allocation": discount_allocation, "authority_limit": authority_limit}


@pytest.mark.parametrize("case", SAAS, ids=lambda case: case["id"])
def test_discounts_of_commercial_products(case):
    """Each stack, split and limit comes to the same figures."""
    SOLD[case["kind"]](case["given"], case["expect"])
