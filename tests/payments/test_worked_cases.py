"""Worked cases: the example of the design, the promised code of the public interface, and figures of other systems.

Origin of the data: getlago/lago-api at commit 1b1c24a6a, Kill Bill's integration tests, and vendors' public documents;
each case names its place. Only inputs and figures were taken.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from billing_domain import (
    Account,
    AccountSnapshot,
    Money,
    Party,
    Plan,
    Rulebook,
    Subscription,
    UsageRecord,
    bill,
    credit,
    presets,
    statement,
)
from billing_domain.catalog import Flat, Graduated, Meter, RecurringCharge, Tier, Timing, UsageCharge
from billing_domain.errors import CurrencyMismatchError
from billing_domain.invoicing import EntryKind, Void
from billing_domain.money import allocate
from billing_domain.payments import (
    AccountCredit,
    Act,
    Clear,
    DunningAction,
    DunningPolicy,
    DunningStep,
    Hold,
    LateFeePolicy,
    Paused,
    Payment,
    Wait,
    balances,
    dun,
    late_fees,
    over_lines,
    remainder,
)
from desk import CENT, ONA, SELLER, VILNIUS, day, eur, make_invoice, make_note, with_invoices

CASES = json.loads((Path(__file__).parent.parent / "data" / "payments" / "cases.json").read_text("utf-8"))
DATA = Meter(code="data", unit="GB")
MOBILE = Plan(
    code="mobile-s",
    version=1,
    name="Mobile S",
    currency="EUR",
    charges=[
        RecurringCharge(code="base", name="Monthly fee", price=Flat("9.90"), timing=Timing.IN_ADVANCE),
        UsageCharge(
            code="data", name="Mobile data", meter=DATA, price=Graduated([Tier(up_to=10, price=0), Tier(up_to=None, price="1.50")])
        ),
    ],
)
RULES = Rulebook(seller=SELLER, tax=presets.LT_VAT)


def two_months():
    """Return the snapshot and the two invoices of the first section of the public interface."""
    usage = UsageRecord(id="U-1", subscription_id="S-1", meter=DATA, quantity="14.2", at=datetime(2026, 3, 12, 18, tzinfo=VILNIUS))
    snapshot = AccountSnapshot(ONA, [Subscription.start(MOBILE, id="S-1", on=date(2026, 3, 1))], [usage])
    march = bill(snapshot, through=date(2026, 3, 1), rules=RULES).invoice.issue(number="MB-000123", on=date(2026, 3, 1))
    april = bill(snapshot.add(march), through=date(2026, 4, 1), rules=RULES).invoice.issue(number="MB-000184", on=date(2026, 4, 1))
    return snapshot.add(march, april), march, april


def test_the_promised_code_of_section_five():
    """A payment, a statement, a partial credit and a step of dunning, as the public interface promises them."""
    today = date(2026, 5, 2)
    snapshot, _, april = two_months()
    known = snapshot.add(Payment(id="P-1", amount=Money("15.00", "EUR"), received=date(2026, 4, 20)))
    position = statement(known, as_of=today)
    assert (position.balance, position.disputed, position.collectable) == (eur("16.58"), eur(0), eur("16.58"))
    assert [(bucket.name, bucket.amount) for bucket in position.aging if bucket.open] == [("1 to 30", eur("16.58"))]
    part = april.part(april.line("data"), net=Money("3.00", "EUR"))
    note = credit(known, part, kind=EntryKind.CORRECTION, reason="2 GB were counted twice").issue(number="CN-000007", on=today)
    household = DunningPolicy(
        code="household",
        version=1,
        minimum=Money("5.00", "EUR"),
        steps=[
            DunningStep(days_overdue=3, action=DunningAction.REMIND),
            DunningStep(days_overdue=14, action=DunningAction.FEE, fee=Money("2.00", "EUR")),
        ],
    )
    match dun(known.add(note), policy=household, as_of=today):
        case Act(step=step, amount=amount) as act:
            known = known.add(note, act.done(on=today))
            assert (step.action, amount) == (DunningAction.REMIND, eur("12.95"))
        case Wait() | Paused() | Clear() as other:
            pytest.fail(str(other))
    assert dun(known, policy=household, as_of=today) == Wait(date(2026, 5, 13), household.steps[1])


def test_a_dunning_fee_reaches_the_next_bill():
    """The fee of a step becomes an order, which is billed apart, since it is out of scope of tax."""
    snapshot, _, april = two_months()
    policy = DunningPolicy("fees", 1, [DunningStep(1, DunningAction.FEE, fee=eur(2))])
    act = dun(snapshot, policy=policy, as_of=date(2026, 5, 1))
    known = snapshot.add(act.done(on=date(2026, 5, 1)), act.order())
    drafts = bill(known, through=date(2026, 5, 1), rules=RULES).invoices
    assert [draft.totals.payable.amount for draft in drafts if draft.totals.tax.amount == 0] == [2]
    assert act.documents == ("MB-000123", april.number)


def test_the_example_of_the_design():
    """33.45 payable, 16.94 held, 16.51 collectable; paid; 7.26 credited; 9.68 open (design, section 4)."""
    invoice = make_invoice("I-2", "33.45", date(2026, 4, 1), date(2026, 4, 30))
    known = with_invoices(invoice).add(Hold("I-2", 3, eur("16.94"), date(2026, 4, 5), date(2026, 4, 20)))
    found = statement(known, as_of=date(2026, 4, 5))
    assert (found.held, found.collectable) == (eur("16.94"), eur("16.51"))
    known = known.add(Payment("P-1", eur("16.51"), date(2026, 4, 14)))
    found = statement(known, as_of=date(2026, 4, 14))
    assert found.open == found.held == eur("16.94")
    known = known.add(make_note(known, invoice, "7.26", on=date(2026, 4, 20)))
    found = statement(known, as_of=date(2026, 4, 20))
    assert (found.open, found.held.amount, found.items[0].due) == (eur("9.68"), 0, date(2026, 4, 30))


def units(minor):
    """Return whole cents as an amount."""
    return Decimal(minor) * CENT


@pytest.mark.parametrize("case", CASES["credit_note_application"], ids=lambda case: case["id"])
def test_credit_is_applied_oldest_first(case):
    """Lago: credits of earlier notes are used oldest first, up to the invoice; another currency is refused here."""
    given, expect = case["given"], case["expect"]
    invoice = make_invoice("I-1", units(given["invoice_total_minor"]), day(5))
    known = with_invoices(invoice)
    for number, note in enumerate(given["credit_notes_oldest_first"]):
        fact = AccountCredit(note["id"], Money(units(note["balance_minor"]), note["currency"]), day(number))
        if note["currency"] == "EUR":
            known = known.add(fact)
        else:
            with pytest.raises(CurrencyMismatchError):
                known.add(fact)
    found = balances(known, as_of=day(5))
    assert [item.applied for item in found.money if item.applied] == [units(amount) for amount in expect["applied_minor"]]
    assert found.item("I-1").paid == units(expect["applied_total_minor"])
    euros = [
        note
        for note in zip(given["credit_notes_oldest_first"], expect["balances_after_minor"], strict=True)
        if note[0]["currency"] == "EUR"
    ]
    assert [found.by_source[note["id"]].unapplied for note, _ in euros] == [units(after) for _, after in euros]
    if "fee_allocation" in expect:
        shares = allocate(units(expect["applied_total_minor"]), [fee["amount_minor"] for fee in given["fees"]], CENT)
        assert shares == [units(share) for share in expect["fee_allocation"].values()]


def test_what_was_applied_spreads_over_lines():
    """Lago spreads an applied credit of 0.70 over fees of 0.60 and 0.40 as 0.42 and 0.28; two equal lines get half each."""
    invoice = make_invoice("I-1", 1, lines=2)
    assert [part.amount for part in over_lines(invoice, eur("0.70")).values()] == [Decimal("0.35"), Decimal("0.35")]


@pytest.mark.parametrize("case", CASES["termination_credit"], ids=lambda case: case["id"])
def test_a_termination_leaves_money_to_be_placed(case):
    """Lago: 45.00 was billed and paid, 42.85 is credited on termination; the whole credit waits for a decision."""
    expect = case["expect"]
    invoice = make_invoice("I-1", units(expect["first_invoice_total_minor"]), day(0))
    paid = with_invoices(invoice).add(Payment("P-1", Money(units(expect["first_invoice_total_minor"]), "EUR"), day(0)))
    known = paid.add(make_note(paid, invoice, units(expect["credit_note_total_minor"]), on=day(1)))
    assert remainder(known, "CN-1", as_of=day(1)).amount == units(expect["credit_note_total_minor"])
    unpaid = with_invoices(invoice)
    noted = unpaid.add(make_note(unpaid, invoice, units(expect["credit_note_total_minor"]), on=day(1)))
    assert remainder(noted, "CN-1", as_of=day(1)).amount == 0
    assert expect["credit_note_subtotal_minor"] + expect["credit_note_tax_minor"] == expect["credit_note_total_minor"]


@pytest.mark.parametrize("case", CASES["credit_chain"], ids=lambda case: case["id"])
def test_credits_of_paid_invoices_become_account_credit(case):
    """Kill Bill: an adjustment of 10.00 and a repair of 239.95 on a paid invoice leave 240.32 after a new charge of 9.63."""
    first, _second = case["given"]["invoices"]
    charged, adjusted = Decimal(first["items"][0][3]), -Decimal(first["items"][1][3])
    invoice = make_invoice("I-1", charged, day(0))
    known = with_invoices(invoice).add(Payment("P-1", eur(first["paid"]), day(0)))
    known = known.add(make_note(known, invoice, adjusted, "CN-1", day(1)), AccountCredit("K-1", eur(adjusted), day(1), "CN-1"))
    assert balances(known, as_of=day(1)).credit.amount == Decimal(case["expect"]["account_credit_after"][0])
    known = known.add(
        make_note(known, invoice, charged - adjusted, "CN-2", day(1)), AccountCredit("K-2", eur(charged - adjusted), day(1), "CN-2")
    )
    known = known.add(make_invoice("I-2", "9.63", day(1)))
    assert balances(known, as_of=day(1)).credit.amount == Decimal(case["expect"]["account_credit_after"][1])


def test_a_late_fee_of_five_after_five_days():
    """Zuora's workflow: a fee of 5 applies when more than 5 days are overdue."""
    [case] = [case for case in CASES["late_fee_policy"] if case["vendor"] == "Zuora"]
    policy = LateFeePolicy("zuora", 1, flat=eur(case["given"]["fee"]), grace_days=case["given"]["threshold_days"])
    known = with_invoices(make_invoice("I-1", 100, day(0), day(10)))
    assert late_fees(known, policy=policy, as_of=day(15)) == ()
    assert [fee.amount for fee in late_fees(known, policy=policy, as_of=day(16))] == [eur(5)]


def test_a_daily_rate_is_the_annual_rate_over_the_days_of_the_year():
    """Oracle's late payment charge: 12 % a year is 12 % ÷ 365 a day in 2026, so 365 days of 1000 are 120."""
    known = with_invoices(make_invoice("I-1", 1000, date(2025, 12, 1), date(2025, 12, 31)))
    [fee] = late_fees(known, policy=LateFeePolicy("oracle", 1, annual_rate=12), as_of=date(2026, 12, 31))
    assert (fee.amount, fee.segments[0].days) == (eur(120), 365)


def test_prepaid_credit_is_used_after_tax():
    """A top-up becomes account credit; a bill with tax uses it and leaves the document's tax as it is (design, rule 8)."""
    snapshot, march, _ = two_months()
    known = snapshot.add(Payment("P-1", eur(50), date(2026, 2, 1)), AccountCredit("K-1", eur(50), date(2026, 2, 1), "P-1", reason="top-up"))
    found = balances(known, as_of=date(2026, 4, 1))
    assert (march.totals.payable, march.totals.tax) == (eur("11.98"), eur("2.08"))
    assert (found.open.amount, found.credit) == (0, eur("18.42"))
    assert [(applied.invoice, applied.amount) for applied in found.from_source("K-1")] == [
        ("MB-000123", Decimal("11.98")),
        ("MB-000184", Decimal("19.60")),
    ]


def test_an_account_in_another_zone_and_currency():
    """Yen have no decimals, and nothing depends on the zone of the process."""
    tokyo = Account("A-3", "JPY", VILNIUS, "ja_JP", Party("Sora", "JP"))
    known = AccountSnapshot(tokyo).add(Payment("P-1", Money(500, "JPY"), datetime(2026, 3, 1, tzinfo=UTC).date()))
    assert statement(known, as_of=date(2026, 3, 1)).balance == Money(-500, "JPY")


def test_voiding_and_billing_again_moves_unnamed_money_to_the_new_bill():
    """An invoice is voided before anybody paid it; what comes later pays the one that replaced it."""
    known = with_invoices(make_invoice("I-1", 60, day(0))).add(Void("I-1", day(1), "wrong price"), make_invoice("I-2", 50, day(1)))
    known = known.add(Payment("P-1", eur(50), day(1)))
    assert balances(known, as_of=day(1)).item("I-2").open == 0
