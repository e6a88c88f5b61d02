"""Every price model of the library in plain words, in English and Lithuanian, and turns of a discount."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from billing_domain import Account, AccountSnapshot, Party, Plan, Rulebook, Subscription, UsageRecord, bill, explain, presets
from billing_domain.care import Detail
from billing_domain.care.explanation_steps import working_in_words
from billing_domain.care.phrases import Words
from billing_domain.care.step_kinds import kind_of, together
from billing_domain.catalog import (
    Bounded,
    Capacity,
    Flat,
    Graduated,
    GraduatedPercentage,
    Level,
    Matrix,
    Meter,
    Package,
    PercentTier,
    PerUnit,
    RecurringCharge,
    Stairstep,
    Step,
    Tier,
    UsageCharge,
    Volume,
    Working,
)
from billing_domain.catalog import Percentage as PercentPrice
from billing_domain.discounts import Grant, Percent, Scope

VILNIUS = ZoneInfo("Europe/Vilnius")
DATA = Meter("data", "GB")
ONA = Account(id="A-1", currency="EUR", zone=VILNIUS, locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
RULES = Rulebook(seller=Party("Mobilis, UAB", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT)
USAGE = [
    UsageRecord(f"U-{place}", "S-1", DATA, quantity, datetime(2026, 3, 4 + place, tzinfo=VILNIUS), properties={"zone": zone})
    for place, (quantity, zone) in enumerate([("14.5", "eu"), ("60", "us"), ("1", "xx")])
]

MODELS = [
    (Flat("9.90"), (), ()),
    (
        PerUnit("0.50", included=3),
        ("3 GB included, 72.5 GB at €0.50",),
        ("įskaičiuota 3 GB, 72,5 GB po 0,50 €",),
    ),
    (
        Graduated([Tier(10, 0), Tier(50, "1.50"), Tier(None, "1.20", flat="2.00")]),
        ("10 GB included, 40 GB at €1.50, 25.5 GB at €1.20, €2.00 for tier 3",),
        ("įskaičiuota 10 GB, 40 GB po 1,50 €, 25,5 GB po 1,20 €, 2,00 € už 3 pakopą",),
    ),
    (
        Graduated([Tier(10, 0, package=5), Tier(None, "3.00", package=20, maximum="10")]),
        ("10 GB included, 4 packages at €3.00, lowered by €2.00 to the maximum",),
        ("įskaičiuota 10 GB, 4 paketai po 3,00 €, sumažinta 2,00 € iki didžiausios sumos",),
    ),
    (Volume([Tier(10, 2), Tier(None, "1.50")]), ("75.5 GB at €1.50",), ("75,5 GB po 1,50 €",)),
    (Package("5.00", size=10), ("75.5 GB, 8 packages at €5.00",), ("75,5 GB, 8 paketai po 5,00 €",)),
    (Stairstep([Tier(10, flat=20), Tier(None, flat=40)]), ("75.5 GB, €40.00 for tier 2",), ("75,5 GB, 40,00 € už 2 pakopą",)),
    (
        Capacity([Level(5, {"": 10}), Level(20)]),
        ("75.5 GB, €20.00 for level 2",),
        ("75,5 GB, 20,00 € už 2 lygį",),
    ),
    (
        PercentPrice("1.5", fixed="0.10", free_events=1, free_amount=5, minimum="0.2"),
        ("5 GB included, 70.5 GB at 1.5%, 3 times €0.10, raised by €0.085 to the minimum",),
        ("įskaičiuota 5 GB, 70,5 GB po 1,5 %, 3 kartai po 0,10 €, padidinta 0,085 € iki mažiausios sumos",),
    ),
    (
        GraduatedPercentage([PercentTier(50, 2), PercentTier(None, "0.5")]),
        ("50 GB at 2%, 25.5 GB at 0.5%",),
        ("50 GB po 2 %, 25,5 GB po 0,5 %",),
    ),
    (
        Matrix("zone", {"eu": "0.10", "us": Flat("5.00")}, otherwise=1),
        ("eu: 14.5 GB at €0.10, us: €5.00, other: 1 GB at €1.00",),
        ("eu: 14,5 GB po 0,10 €, us: 5,00 €, kita: 1 GB po 1,00 €",),
    ),
    (
        Bounded("0.10", minimum=30),
        ("75.5 GB at €0.10, raised by €22.45 to the minimum",),
        ("75,5 GB po 0,10 €, padidinta 22,45 € iki mažiausios sumos",),
    ),
]


def details(price, locale, detail=Detail.CUSTOMER):
    """Return what is said of March's usage at a price."""
    plan = Plan("p", 1, "Plan", "EUR", [UsageCharge("data", "Data", DATA, price)])
    snapshot = AccountSnapshot(ONA, [Subscription.start(plan, id="S-1", on=date(2026, 3, 1))], usage=USAGE)
    invoice = bill(snapshot, through=date(2026, 4, 1), rules=RULES).invoice
    said = explain(invoice, locale=locale, detail=detail)
    return tuple(text.replace("\xa0", " ") for text in said.lines[0].details), said.closing


@pytest.mark.parametrize(("price", "english", "lithuanian"), MODELS, ids=[type(price).__name__ for price, _, _ in MODELS])
def test_every_price_model_in_words(price, english, lithuanian):
    """No step is shown by its code, no flat fee as a price for a unit, and no percentage as an amount."""
    assert details(price, "en_IE")[0] == english
    assert details(price, "lt_LT")[0] == lithuanian


def test_auditor_sees_the_tax_being_rounded():
    """The tax of a group is shown before and after rounding; where there is nothing to round it is shown once."""
    closing = details(PerUnit("0.51"), "en_IE", Detail.AUDITOR)[1]
    assert closing[1] == "Tax S 21%: €8.0871 on €38.51, rounded to €8.09."
    assert details(Flat("10.00"), "en_IE", Detail.AUDITOR)[1][1] == "Tax S 21%: €2.10 on €10.00."


def test_codes():
    """A code says its kind, its tier and its cell; a code of a plugin stays whole."""
    assert kind_of("eu/day/tier-2-packages") == ("packages", "2", "eu/day")
    assert kind_of("event-minimum").is_clip
    assert kind_of("acme:zone-flat") == ("acme:zone-flat", "", "")
    assert kind_of("early-bird") == ("early-bird", "", "")
    assert kind_of("tier-1").is_rung


def test_steps_together():
    """Steps of one code and price are one, and what minimums add is added up."""
    steps = [Step("units", Decimal(1), Decimal(2)), Step("minimum", Decimal(1), Decimal(3)), Step("units", Decimal(4), Decimal(2))]
    steps.append(Step("minimum", Decimal(1), Decimal(5)))
    assert together(steps) == [Step("units", Decimal(5), Decimal(2)), Step("minimum", Decimal(1), Decimal(8))]


def test_nothing_used():
    """A price that found no usage says so."""
    words = Words.of("lt_LT")
    nothing = Working([Step("nothing", Decimal(0), Decimal(0))])
    assert working_in_words(nothing, "GB", "EUR", words) == "nieko nesunaudota"


@pytest.mark.parametrize(
    ("months", "month", "english", "lithuanian"),
    [
        (3, 3, "third of three months", "trečias iš trijų mėnesių"),
        (12, 11, "eleventh of twelve months", "vienuoliktas iš dvylikos mėnesių"),
        (1, 1, "for one month", "vieną mėnesį"),
        (24, 7, "month 7 of 24", "7 mėnuo iš 24"),
    ],
)
def test_turns(months, month, english, lithuanian):
    """A discount says which month of its term it is, in words up to twelve."""
    end = date(2026 + months // 12, 1 + months % 12, 1)
    loyalty = Grant("G-1", "acme:loyalty@1", Percent(10), date(2026, 1, 1), end, scope=Scope.recurring(), name="loyalty discount")
    plan = Plan("p", 1, "Plan", "EUR", [RecurringCharge("base", "Fee", "10.00")])
    start = date(2026, month, 1)
    snapshot = AccountSnapshot(ONA, [Subscription.start(plan, id="S-1", on=start)], grants=[loyalty])
    invoice = bill(snapshot, through=start, rules=RULES).invoice
    said = [explain(invoice, locale=locale, grants=[loyalty]).lines[0].details[-1] for locale in ("en_IE", "lt_LT")]
    assert said[0] == f"10% loyalty discount −€1.00, {english}"
    assert said[1].replace("\xa0", " ") == f"10 % nuolaida „loyalty discount“ −1,00 €, {lithuanian}"
