"""Discounts in billing: policies become grants, grants become shares, and the facts come from the snapshot."""

from datetime import date, datetime
from decimal import Decimal
from threading import Barrier, Lock, Thread
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import presets
from billing_domain.accounts import Account, Party
from billing_domain.billing import AccountSnapshot, Billed, CatchUp, Halted, Rulebook, bill, close, facts
from billing_domain.billing.facts import months_between
from billing_domain.catalog import Flat, Meter, OneOffCharge, Plan, Product, RecurringCharge, UsageCharge
from billing_domain.conditions import (
    ARREARS,
    AUTOPAY,
    COMPLAINTS,
    CONTRACT_END,
    CONTRACT_MONTHS_LEFT,
    CONTRACT_START,
    GRANTED,
    GRANTED_POLICIES,
    GRANTS,
    LAST_GRANT,
    MONTHLY_SPEND,
    NOTICE_GIVEN,
    OVERDUE_DAYS,
    PLAN,
    PRODUCTS,
    SEGMENT,
    SUBSCRIPTIONS,
    TENURE_MONTHS,
    YEARLY_SPEND,
    Fact,
    Facts,
)
from billing_domain.discounts import (
    DOCUMENT_TOTAL,
    NOTHING_GIVEN,
    Asked,
    BudgetClaim,
    Caps,
    Claimed,
    DiscountPolicy,
    Discounts,
    Duration,
    FixedAmount,
    FreePeriods,
    Grant,
    Lane,
    Percent,
    Scope,
    Stack,
    Stage,
    Surplus,
    WaivedFee,
    claims_of,
    commit,
    compare_discounts,
    evaluate,
    past_document,
    why,
)
from billing_domain.errors import (
    CurrencyMismatchError,
    ExceedsLimitError,
    InvalidTypeError,
    NaiveInstantError,
    NoSuchResultError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.invoicing import EntryKind, EntryRef, Reinstatement, Void, credit
from billing_domain.money import Money
from billing_domain.payments import Payment
from billing_domain.periods import Frequency
from billing_domain.subscriptions import Contract, Item, Order, Renewal, Subscription
from billing_domain.tax import TaxClass
from billing_domain.usage import UsageRecord

VILNIUS = ZoneInfo("Europe/Vilnius")
DATA = Meter("data", "GB")
HOME = Plan("home", 1, "Home", "EUR", [
    RecurringCharge("base", "Monthly fee", Flat("30.00")),
    UsageCharge("data", "Data", DATA, "1.00"),
    OneOffCharge("setup", "Setup", "25.00", tax=TaxClass.STANDARD),
])  # fmt: skip
SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
START = date(2026, 3, 1)


def eur(amount):
    """Return euros."""
    return Money(amount, "EUR")


def offer(code="acme:p", benefit=None, **more):
    """Return a policy."""
    return DiscountPolicy(code=code, version=1, name=code, benefit=benefit or Percent(10), **more)


def rules(*policies, lanes=(), **more):
    """Return a rulebook with policies."""
    return Rulebook(seller=SELLER, tax=presets.LT_VAT, discounts=Discounts(policies, lanes), **more)


def customer(**more):
    """Return an account with one subscription."""
    account = Account("A-1", "EUR", VILNIUS, "lt_LT", Party("Ona Kazlauskienė", "LT"), **more)
    return AccountSnapshot(account, [Subscription.start(HOME, id="S-1", on=START)])


def used(snapshot, quantity, day):
    """Return the snapshot with some usage."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=VILNIUS)
    return snapshot.add(UsageRecord(f"U-{len(snapshot.usage)}", "S-1", DATA, quantity, at))


def month(snapshot, day, using, *, keep=True, paid=True):
    """Bill, issue and keep; return the snapshot, the result and the invoice."""
    result = bill(snapshot, through=day, rules=using)
    invoice = result.invoice.issue(number=f"N-{len(snapshot.invoices)}", on=day)
    known = snapshot.add(invoice, *(result.grants if keep else ()))
    if paid and invoice.totals.payable.amount:
        known = known.add(Payment(f"P-{len(snapshot.invoices)}", invoice.totals.payable, day))
    return known, result, invoice


def shown(invoice):
    """Return what each line bears, by charge."""
    return {line.charge: str(line.discount.amount) for line in invoice.lines if line.shares}


FIRST, SECOND, THIRD, FOURTH = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)


def test_a_policy_becomes_a_grant_for_its_periods():
    """10 % for two periods: March and April, then nothing; the grant comes with the result once."""
    using = rules(offer(duration=Duration.periods(2), scope=Scope(charges=["base"])))
    known, first, march = month(customer(), FIRST, using)
    assert [(grant.id, grant.start, grant.end) for grant in first.grants] == [("A-1/acme:p@1/2026-03-01", FIRST, THIRD)]
    known, second, april = month(known, SECOND, using)
    known, third, may = month(known, THIRD, using)
    assert [shown(each) for each in (march, april, may)] == [{"base": "3.00"}, {"base": "3.00"}, {}]
    assert (second.grants, third.grants) == ((), ())
    assert first.discounts[0].granted == Decimal("3.00")
    assert bill(known, through=THIRD, rules=using).grants == ()


def test_a_grant_that_was_not_kept_is_not_given_twice():
    """Where the host forgets to store the grant, the customer loses the rest of it, and nothing is given again."""
    using = rules(offer(duration=Duration.periods(2)))
    known, _, march = month(customer(), FIRST, using, keep=False)
    _, second, april = month(known, SECOND, using, keep=False)
    assert (bool(shown(march)), shown(april), second.grants) == (True, {}, ())


def test_for_one_document_is_for_one_document():
    """What is for one document stands on the first that is issued; where that is void, on the next."""
    using = rules(offer(benefit=FixedAmount(eur("5.00"))))
    known, first, march = month(customer(), FIRST, using, paid=False)
    assert shown(march) == {"base": "2.73", "setup": "2.27"}
    assert shown(month(known, SECOND, using)[2]) == {}
    void = known.add(Void(march.number, FIRST, "a slip"))
    again = bill(void, through=FIRST, rules=using)
    assert shown(again.invoice) == {"base": "2.73", "setup": "2.27"}
    assert again.grants == ()
    assert first.grants[0].once


def test_a_carried_amount_lasts_until_it_is_used_up():
    """60.00 once, with the surplus carried, pays March whole and five of April; a credit gives it back to the grant."""
    using = rules(offer(benefit=FixedAmount(eur("60.00")), surplus=Surplus.CARRIED))
    known, _, march = month(customer(), FIRST, using)
    known, _, april = month(known, SECOND, using)
    assert (shown(march), shown(april)) == ({"base": "30.00", "setup": "25.00"}, {"base": "5.00"})
    note = credit(known, march.part(march.line("setup")), kind=EntryKind.CORRECTION, reason="no setup").issue(number="C-1", on=SECOND)
    assert shown(bill(known.add(note), through=THIRD, rules=using).invoice) == {"base": "25.00"}


def test_a_carried_amount_for_each_document():
    """40.00 each month with the surplus carried: 55.00 in March is 40.00 off, then 30.00 off, and ten are left over for June's usage."""
    using = rules(offer(benefit=FixedAmount(eur("40.00")), surplus=Surplus.CARRIED, duration=Duration.forever()))
    known, _, march = month(customer(), FIRST, using)
    known, _, april = month(known, SECOND, using)
    known, _, may = month(used(known, 25, SECOND), THIRD, using)
    assert [sum(Decimal(amount) for amount in shown(each).values()) for each in (march, april, may)] == [40, 30, 50]


def test_free_periods_and_waived_fees():
    """The first month free, and no setup fee, from two lanes."""
    using = rules(
        offer("acme:free", FreePeriods(1), scope=Scope.recurring(), lane="one"), offer("acme:setup", WaivedFee(), lane="two"),
        lanes=[Lane("one", Stack.BEST_OF), Lane("two")],
    )  # fmt: skip
    known, first, march = month(customer(), FIRST, using)
    assert (shown(march), march.totals.payable, len(first.grants)) == ({"base": "30.00", "setup": "25.00"}, eur("0.00"), 2)
    assert shown(month(known, SECOND, using)[2]) == {}


def test_unknown_never_grants_and_is_told():
    """A policy that reads a fact that is not known grants nothing, and the result names the fact; the host adds it to the snapshot."""
    using = rules(offer(condition=AUTOPAY.is_true()), offer("acme:q", condition=SEGMENT.is_("student")))
    result = bill(customer(traits={"segment": "household"}), through=FIRST, rules=using)
    assert [(record.policy, record.stage, record.missing) for record in result.discounts] == [("acme:p@1", Stage.CONDITION, ("autopay",))]
    assert shown(bill(customer().add(Facts({AUTOPAY: True})), through=FIRST, rules=using).invoice) == {"base": "3.00", "setup": "2.50"}


def test_a_minimum_spend_is_judged_on_the_document():
    """The total before discounts is a fact of each document."""
    for least, expected in (("55.00", {"base": "3.00", "setup": "2.50"}), ("55.01", {})):
        enough = DOCUMENT_TOTAL >= eur(least)  # noqa: SIM300  a fact is no constant
        assert shown(bill(customer(), through=FIRST, rules=rules(offer(condition=enough))).invoice) == expected


def test_documents_of_one_run_share_a_limit():
    """Three months billed at once, one document each: a limit of 7.00 is used up in order."""
    grant = Grant("G-1", "acme:p@1", Percent(10), START, limit=eur("7.00"), scope=Scope(charges=["base"]))
    result = bill(customer().add(grant), through=THIRD, rules=rules(catch_up=CatchUp.PER_PERIOD))
    assert [shown(draft) for draft in result.invoices] == [{"base": "3.00"}, {"base": "3.00"}, {"base": "1.00"}]
    once = bill(customer(), through=THIRD, rules=rules(offer(), catch_up=CatchUp.PER_PERIOD))
    assert [bool(shown(draft)) for draft in once.invoices] == [True, False, False]
    lasting = bill(customer(), through=THIRD, rules=rules(offer(duration=Duration.forever()), catch_up=CatchUp.PER_PERIOD))
    assert ([bool(shown(draft)) for draft in lasting.invoices], len(lasting.grants)) == ([True, True, True], 1)


def test_period_caps_count_over_documents():
    """Three euros at most for lines of one period, whatever document they stand on."""
    using = rules(offer(duration=Duration.forever(), benefit=Percent(50), caps=Caps(period=eur("3.00"))))
    known, _, march = month(customer(), FIRST, using)
    known, _, april = month(used(known, 10, FIRST), SECOND, using)
    assert shown(march) == {"base": "1.64", "setup": "1.36"}
    assert shown(april) == {"base": "3.00"}


def test_a_reinstated_line_bears_what_its_grant_has_left():
    """A credit gives a share back; meanwhile the limit is used elsewhere, so the line that comes back bears less."""
    grant = Grant("G-1", "acme:p@1", Percent(10), START, limit=eur("4.00"), scope=Scope(charges=["base"]))
    known, _, march = month(customer().add(grant), FIRST, rules())
    note = credit(known, march.part(march.line("base")), kind=EntryKind.CORRECTION, reason="an error").issue(number="C-1", on=FIRST)
    known, _, april = month(known.add(note), SECOND, rules())
    back = known.add(Reinstatement(EntryRef("C-1", 1), SECOND, "it was right"))
    assert shown(april) == {"base": "3.00"}
    assert [str(line.discount.amount) for line in bill(back, through=SECOND, rules=rules()).invoice.lines] == ["1.00"]


def test_reinstated_lines_keep_shares_without_a_limit_and_lose_those_that_are_used_up():
    """Without a limit a line that comes back bears its share again; where the limit is used up, it bears none."""
    free = Grant("G-1", "acme:p@1", Percent(10), START, scope=Scope(charges=["base"]))
    for grant, expected in ((free, ["3.00"]), (attrs.evolve(free, limit=eur("3.00")), ["0.00"])):
        known, _, march = month(customer().add(grant), FIRST, rules())
        note = credit(known, march.part(march.line("base")), kind=EntryKind.CORRECTION, reason="an error").issue(number="C-1", on=FIRST)
        known, _, _ = month(known.add(note), SECOND, rules())
        back = known.add(Reinstatement(EntryRef("C-1", 1), SECOND, "it was right"))
        assert [str(line.discount.amount) for line in bill(back, through=SECOND, rules=rules()).invoice.lines] == expected


def test_a_grant_that_is_on_no_document_of_its_run_counts_later():
    """A limit that is first asked for on the second document of a run counts the first."""
    grants = [
        Grant("G-1", "acme:p@1", Percent(10), START, SECOND, scope=Scope(charges=["base"])),
        Grant("G-2", "acme:q@1", Percent(10), SECOND, limit=eur("1.00"), scope=Scope(charges=["base"])),
    ]
    result = bill(customer().add(*grants), through=SECOND, rules=rules(catch_up=CatchUp.PER_PERIOD))
    assert [shown(draft) for draft in result.invoices] == [{"base": "3.00"}, {"base": "1.00"}]


def test_an_opening_keeps_what_grants_gave():
    """After the books are closed, a limit and a grant for one document are used as far as they were."""
    lasting, once = offer(duration=Duration.forever(), caps=Caps(total=eur("8.00")), scope=Scope.recurring()), offer("acme:q", WaivedFee())
    known, _, _ = month(customer(), FIRST, rules(lasting, once))
    known, _, _ = month(known, SECOND, rules(lasting, once))
    opened = AccountSnapshot(known.account, known.subscriptions, grants=known.grants, opening=close(known, through=SECOND))
    for snapshot in (known, opened):
        assert shown(bill(snapshot, through=THIRD, rules=rules(lasting, once)).invoice) == {"base": "2.00"}


def test_each_account_of_a_family_has_its_own_policies():
    """A payer and a child that it pays for are asked each by their own facts."""
    child = attrs.evolve(customer(traits={"segment": "student"}).account, id="A-2", payer="A-1")
    family = customer().add(AccountSnapshot(child, [Subscription.start(HOME, id="S-2", on=START)]))
    result = bill(family, through=FIRST, rules=rules(offer(condition=SEGMENT.is_("student"))))
    assert [grant.id for grant in result.grants] == ["A-2/acme:p@1/2026-03-01"]
    assert {line.facts.subscription_id for line in result.invoice.lines if line.shares} == {"S-2"}
    abroad = attrs.evolve(child, tax_profiles=[], holder=Party("Jonas", "LV"))
    apart = customer().add(AccountSnapshot(abroad, [Subscription.start(HOME, id="S-2", on=START)]))
    both = bill(apart, through=FIRST, rules=rules(offer()))
    assert [grant.id for grant in both.grants] == ["A-1/acme:p@1/2026-03-01", "A-2/acme:p@1/2026-03-01"]
    assert len(both.discounts) == 2


def test_a_reinstated_line_of_a_child_keeps_its_shares():
    """A line of a child that comes back bears what it bore, whatever was granted since."""
    child = attrs.evolve(customer().account, id="A-2", payer="A-1")
    grown = AccountSnapshot(child, [Subscription.start(HOME, id="S-2", on=START)])
    known, _, march = month(customer().add(grown), FIRST, rules())
    line = next(each for each in march.lines if each.facts.subscription_id == "S-2" and each.charge == "base")
    note = credit(known, march.part(line), kind=EntryKind.CORRECTION, reason="an error").issue(number="C-1", on=FIRST)
    later = grown.add(Grant("G-1", "acme:p@1", Percent(50), START))
    back = known.add(note, later, Reinstatement(EntryRef("C-1", 1), FIRST, "it was right"))
    assert [str(each.discount.amount) for each in bill(back, through=FIRST, rules=rules()).invoice.lines] == ["0.00"]


@attrs.frozen
class Broken:
    """A benefit that raises."""

    code = "acme:broken"

    def propose(self, base):
        """Raise."""
        raise ZeroDivisionError


def test_a_broken_plugin_halts_the_account_and_bills_nothing():
    """No bill is made with a discount that could not be worked out; the problem names the plugin."""
    result = bill(customer(), through=FIRST, rules=rules(offer(benefit=Broken())))
    assert isinstance(result, Halted)
    assert "acme:broken" in result.problems[0].text
    with pytest.raises(NoSuchResultError):
        _ = result.grants


def test_a_rulebook_takes_discounts():
    """A list of policies is not yet discounts."""
    with pytest.raises(InvalidTypeError):
        Rulebook(seller=SELLER, tax=presets.LT_VAT, discounts=[offer()])


benefits = st.sampled_from([Percent(10), Percent(100), FixedAmount(eur("7.00")), FreePeriods(2), WaivedFee()])
policies = st.lists(
    st.builds(
        lambda benefit, length, again, surplus: (benefit, Duration() if isinstance(benefit, FreePeriods) else length, again, surplus),
        benefits,
        st.sampled_from([Duration.once(), Duration.periods(2), Duration.forever()]),
        st.booleans(),
        st.sampled_from(Surplus),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@given(policies, st.booleans())
def test_a_second_run_is_empty_and_shares_stay(drawn, keep):
    """With any policies: a second run bills nothing, no line falls below zero, and a preview changes nothing."""
    using = rules(*[offer(f"acme:{n}", b, duration=d, repeatable=r, surplus=s) for n, (b, d, r, s) in enumerate(drawn)])
    known = customer()
    for day in (FIRST, SECOND, THIRD, FOURTH):
        preview = bill(known, through=day, rules=using)
        assert preview == bill(known, through=day, rules=using)
        known, result, invoice = month(used(known, 3, day), day, using, keep=keep)
        assert all(line.charged_amount >= 0 for line in invoice.lines)
        assert not bill(known, through=day, rules=using).invoices
        assert {grant.id for grant in result.grants} <= {share.grant_id for line in invoice.lines for share in line.shares}


# ------------------------------------------------------------------------------------------------------------- facts


def test_facts_are_read_off_the_snapshot():
    """Tenure, plan, contract, spend, arrears and grants, as they stand at an instant."""
    contract = Contract(START, Frequency.yearly(), renewal=Renewal.ENDS)
    account = Account(
        "A-1", "EUR", VILNIUS, "lt_LT", Party("UAB Ona", "LT", legal_id="1"), opened=date(2024, 3, 31), traits={"segment": "b2b", "x": "y"}
    )
    snapshot = AccountSnapshot(account, [Subscription.start(HOME, id="S-1", on=START, contract=contract)])
    known, _, invoice = month(snapshot, FIRST, rules(offer()), paid=False)
    known = known.add(Grant("G-9", "acme:old@1", Percent(5), date(2024, 1, 1), date(2024, 2, 1)))
    found = facts(known, datetime(2026, 4, 20, 12, tzinfo=VILNIUS))
    assert (found[TENURE_MONTHS], found[SEGMENT], found[PLAN], found[PRODUCTS], found[SUBSCRIPTIONS]) == (24, "b2b", "home", {"home"}, 1)
    assert (found[CONTRACT_START], found[CONTRACT_END], found[CONTRACT_MONTHS_LEFT]) == (START, date(2027, 3, 1), 10)
    assert (found[YEARLY_SPEND], found[MONTHLY_SPEND]) == (eur("49.50"), eur("24.75"))
    assert (found[ARREARS], found[OVERDUE_DAYS], found[COMPLAINTS]) == (invoice.totals.payable, 36, 0)
    assert (found[GRANTS], found[GRANTED], found[LAST_GRANT], found[GRANTED_POLICIES]) == (1, eur("5.50"), START, {"acme:p", "acme:old"})
    assert found[NOTICE_GIVEN]
    assert facts(known, datetime(2026, 2, 1, tzinfo=VILNIUS)).get(MONTHLY_SPEND) is None
    with pytest.raises(NaiveInstantError):
        facts(known, datetime(2026, 4, 20))  # noqa: DTZ001  that is the mistake


def test_what_cannot_be_told_is_not_there():
    """Without subscriptions there is no tenure; with two plans there is no plan; with a paused one the plan goes on."""
    empty = facts(AccountSnapshot(customer().account), datetime(2026, 4, 20, tzinfo=VILNIUS))
    assert TENURE_MONTHS not in empty
    other = attrs.evolve(HOME, code="other")
    two = customer().add(Subscription.start(other, id="S-2", on=START, contract=Contract(date(2030, 1, 1), Frequency.yearly())))
    found = facts(two, datetime(2026, 4, 20, tzinfo=VILNIUS))
    assert PLAN not in found
    assert CONTRACT_END not in found
    changed = customer().subscription("S-1").change_plan(other, on=SECOND).pause(on=date(2026, 4, 10))
    assert facts(customer().add(changed), datetime(2026, 4, 20, tzinfo=VILNIUS))[PLAN] == "other"
    assert facts(customer().add(changed), datetime(2026, 3, 20, tzinfo=VILNIUS))[PLAN] == "home"


def test_what_the_host_knows_counts_first():
    """Facts of the host replace those that are gathered, and a later one an earlier one."""
    score = Fact("acme:score", int, title="score")
    known = customer().add(Facts({score: 1, TENURE_MONTHS: 99}), Facts({score: 2}))
    found = facts(known, datetime(2026, 4, 20, tzinfo=VILNIUS))
    assert (found[score], found[TENURE_MONTHS]) == (2, 99)


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 2_000))
def test_whole_months(start, days):
    """So many whole months fit between two days, and one more does not."""
    from billing_domain.periods import Schedule

    day = date.fromordinal(start.toordinal() + days)
    months, schedule = months_between(start, day), Schedule(Frequency.monthly(), start)
    assert schedule.boundary(months) <= day < schedule.boundary(months + 1)
    assert months_between(day, start) == 0


# ------------------------------------------------------------------------------------------------------------ claims

LIMITED = offer(budget=eur("20.00"), uses=3)


def test_claims_are_absolute_amounts():
    """An invoice claims what its shares give; the same claim twice is one claim, and a void gives it back."""
    known, result, invoice = month(customer(), FIRST, rules(LIMITED, offer("acme:free")))
    (claim,) = claims_of(invoice, known.grants, [LIMITED, offer("acme:free")])
    assert claim == BudgetClaim("acme:p", "A-1/acme:p@1/2026-03-01", "N-0", Decimal("4.95"), "EUR")
    assert len(result.grants) == 2
    once = Claimed.of(LIMITED).take(claim)
    assert once.take(claim) is once
    assert once.used == 1
    assert once.left == eur("15.05")
    assert once.take(claim.released()) == Claimed.of(LIMITED)
    with pytest.raises(UnknownReferenceError):
        claims_of(invoice, [], [LIMITED])


def test_claims_beyond_the_budget_are_refused():
    """A budget, a number of uses, another currency and another policy are each kept."""
    spent = Claimed("acme:p", eur("10.00"), 1).take(BudgetClaim("acme:p", "G-1", "N-1", "9.00", "EUR"))
    with pytest.raises(ExceedsLimitError):
        spent.take(BudgetClaim("acme:p", "G-1", "N-2", "2.00", "EUR"))
    with pytest.raises(ExceedsLimitError, match="1 grants"):
        spent.take(BudgetClaim("acme:p", "G-2", "N-2", "1.00", "EUR"))
    with pytest.raises(CurrencyMismatchError):
        spent.take(BudgetClaim("acme:p", "G-1", "N-2", "1.00", "NOK"))
    with pytest.raises(UnknownReferenceError):
        spent.take(BudgetClaim("acme:q", "G-1", "N-2", "1.00", "EUR"))
    free = Claimed("acme:p")
    assert (free.left, free.budget, spent.budget) == (None, None, eur("10.00"))
    lowered = attrs.evolve(spent, budget=eur("1.00")).take(BudgetClaim("acme:p", "G-1", "N-1", "8.00", "EUR"))
    assert lowered.left == eur("-7.00")


class ToyStore:
    """A store in memory that compares and sets under a lock."""

    def __init__(self, *claimed):
        """Keep what is claimed by policy."""
        self.kept = {each.policy: each for each in claimed}
        self.lock = Lock()

    def read(self, policy):
        """Return what is claimed."""
        return self.kept[policy]

    def replace(self, before, after):
        """Compare and set."""
        with self.lock:
            if self.kept[before.policy] != before:
                return False
            self.kept[before.policy] = after
            return True


def test_parallel_claims_never_overspend():
    """Twelve threads claim 1.00 each, twice, on a budget of 7.00: exactly seven succeed."""
    store, gate, done = ToyStore(Claimed("acme:p", eur("7.00"))), Barrier(12), []

    def take(number):
        gate.wait()
        claim = BudgetClaim("acme:p", f"G-{number}", "N-1", "1.00", "EUR")
        for _ in range(2):
            try:
                commit(store, claim)
            except ExceedsLimitError:
                return
        done.append(number)

    threads = [Thread(target=take, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), store.kept["acme:p"].left) == (7, eur("0.00"))


def test_a_store_that_never_agrees_is_given_up():
    """After so many attempts the claim is refused."""

    class Never(ToyStore):
        def replace(self, before, after):
            return False

    with pytest.raises(RefusedError):
        commit(Never(Claimed("acme:p")), BudgetClaim("acme:p", "G-1", "N-1", "1.00", "EUR"), attempts=3)


# ----------------------------------------------------------------------------------------------------------- what if


def test_two_sets_of_policies_on_the_same_documents():
    """Past documents under another version: so much more would have been given, and by which policy."""
    known, _, march = month(customer(), FIRST, rules(offer()))
    at = datetime(2026, 3, 1, tzinfo=VILNIUS)
    document = past_document(march, facts=facts(customer(), at), at=at)
    (compared,) = compare_discounts(
        Discounts([offer()]), Discounts([attrs.evolve(offer(), version=2, benefit=Percent(20))]), [document], currency="EUR"
    )
    assert compared.before.total == eur("5.50")
    assert compared.before.shares == [line.shares for line in march.lines]
    assert (compared.difference, compared.after.by_policy()) == (eur("5.50"), {"acme:p@2": Decimal("11.00")})
    assert known.grants == compared.before.grants


def test_the_nearest_miss_is_told():
    """Two months short of twelve: the one thing that stands in the way, with its distance."""
    policy, at = offer(condition=TENURE_MONTHS >= 12), datetime(2026, 3, 1, tzinfo=VILNIUS)
    lines = [line.facts for line in bill(customer(), through=FIRST, rules=rules()).invoice.lines]
    document = Asked("A-1", at, lines, Facts({TENURE_MONTHS: 10}), (), NOTHING_GIVEN, traced=True)
    (miss,) = evaluate(Discounts([policy]), document, currency="EUR").misses()["acme:p@1"]
    assert miss.text(locale="en_GB") == "tenure: 10 months, short by 2 months"
    untraced = evaluate(Discounts([policy]), document._replace(traced=False), currency="EUR")
    assert (untraced.misses(), untraced.by_policy()) == ({}, {})


def test_why_a_grant_was_made_is_derived_again():
    """The trace of a grant comes from the facts of its day while its policy says the same; else there is none."""
    policy = offer(condition=TENURE_MONTHS >= 12)
    grant = policy.promise(id="G-1", start=START)
    assert why(grant, policy, Facts({TENURE_MONTHS: 14})).observed == {"tenure_months": 14}
    assert why(grant, attrs.evolve(policy, version=2), Facts()) is None
    assert why(offer().promise(id="G-1", start=START), offer(), Facts()) is None


def test_orders_bear_discounts_too():
    """A sale outside any plan is discounted like any line, in its own document where prices include tax."""
    order = Order("O-1", FIRST, [Item(Product("router", "Router"), "100.00")], prices_include_tax=True)
    result = bill(customer().add(order), through=FIRST, rules=rules(offer(scope=Scope(charges=["router"]), duration=Duration.periods(1))))
    assert [shown(draft) for draft in result.invoices if shown(draft)] == [{"router": "10.00"}]
    assert isinstance(result, Billed)
    assert result.grants[0].end == SECOND
