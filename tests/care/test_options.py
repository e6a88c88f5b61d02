"""What an agent may offer, granting within authority, approval, and the record of a call."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import Money, approve, bill, credit, grant, options, presets, verify
from billing_domain.accounts import IdentityLevel
from billing_domain.care import (
    Action,
    Attempt,
    Authorisation,
    FactorKind,
    Granted,
    GrantReason,
    NeedsApproval,
    Offer,
    Refused,
    VerifiedCaller,
    concede,
    overdue_promises,
)
from billing_domain.care.review_records import AgentPromise
from billing_domain.conditions import TENURE_MONTHS
from billing_domain.discounts import (
    Agent,
    AuthorityMatrix,
    Budget,
    DiscountPolicy,
    Duration,
    FixedAmount,
    GrantKind,
    GrantRecord,
    Limit,
    Percent,
    Scope,
    WaivedFee,
    Window,
)
from billing_domain.disputes import Claim, DisputeOutcome, DisputeReason, Ruling, settle, submit
from billing_domain.errors import AccessError, InvalidPeriodError, InvalidValueError
from billing_domain.invoicing import EntryKind
from billing_domain.periods import Frequency
from billing_domain.subscriptions import Contract
from billing_domain.testing import a_plan, a_snapshot, an_account, billed_months, rules

VILNIUS = ZoneInfo("Europe/Vilnius")
NOW = datetime(2026, 4, 10, 9, tzinfo=UTC)
RULES = rules()
KNOWN = billed_months(a_snapshot(), 2)
EUR = "EUR"


def money(amount: str) -> Money:
    """Return euros."""
    return Money(amount, EUR)


MATRIX = AuthorityMatrix(
    "test",
    1,
    ["agent", "senior"],
    [
        Limit(
            role="agent", kind=GrantKind.CREDIT, currency=EUR, amount=money("5.00"), approvers=["senior"], agent=Budget(30, money("8.00"))
        ),
        Limit(role="agent", kind=GrantKind.RECURRING_DISCOUNT, currency=EUR, amount=money("5.00"), approvers=["senior"]),
        Limit(role="senior", kind=GrantKind.CREDIT, currency=EUR, amount=money("50.00")),
        Limit(role="senior", kind=GrantKind.RECURRING_DISCOUNT, currency=EUR, amount=money("50.00")),
    ],
)
RASA, JONAS = Agent("rasa", "agent"), Agent("jonas", "senior")
ONCE = DiscountPolicy(code="acme:once", version=1, name="Once", benefit=Percent(30), scope=Scope.recurring())
QUARTER = DiscountPolicy(
    code="acme:quarter", version=1, name="A quarter", benefit=Percent(20), scope=Scope.recurring(), duration=Duration.periods(3)
)
POLICIES = [ONCE, QUARTER]


def caller(account_id: str = "A-1", **more: object) -> VerifiedCaller:
    """Return a caller who has proved who he is."""
    attempts = [Attempt(account_id, FactorKind.PIN, True, NOW, holder="jonas" if more else "")]
    return verify(an_account(account_id), attempts, policy=presets.IDENTITY, at=NOW, **more).caller


def offers(policies: list[DiscountPolicy] = POLICIES, **changes: object) -> tuple[Offer, ...]:
    """Ask what may be offered."""
    arguments = {"agent": RASA, "caller": caller(), "authority": MATRIX, "rules": RULES, "at": NOW, **changes}
    snapshot = arguments.pop("snapshot", KNOWN)
    return options(snapshot, policies, **arguments)


class TestOptions:
    """What may be offered now."""

    def test_names_saving_value_and_budget(self) -> None:
        """The next bill's saving, the whole value over all periods, and what the budgets leave."""
        quarter, once = offers()
        assert (quarter.policy, quarter.saving, quarter.value, quarter.periods) == (QUARTER, money("2.00"), money("6.00"), 3)
        assert (once.policy, once.saving, once.value, once.periods) == (ONCE, money("3.00"), money("3.00"), 1)
        assert (quarter.remaining, once.remaining) == (None, money("8.00"))
        assert (quarter.kind, once.kind) == (GrantKind.RECURRING_DISCOUNT, GrantKind.CREDIT)
        assert once.percent == 30

    def test_what_was_granted_lowers_the_budget(self) -> None:
        """The agent's earlier grants count, to whomever they were; those that are too old do not."""
        records = [
            GrantRecord("G-8", "A-9", "rasa", "", GrantKind.CREDIT, GrantReason.DELAY, money("5.50"), NOW - timedelta(days=3)),
            GrantRecord("G-7", "A-9", "rasa", "", GrantKind.CREDIT, GrantReason.DELAY, money("7.00"), NOW - timedelta(days=31)),
        ]
        assert offers([ONCE], granted=records)[0].remaining == money("2.50")
        assert offers([ONCE], granted=[attrs.evolve(records[0], value=money("80.00"))])[0].remaining == money("0.00")

    def test_who_is_paid_for_is_offered_what_its_own_bill_would_save(self) -> None:
        """A promise to an account that another one pays for is worked out as if it paid for itself."""
        child = KNOWN.add(attrs.evolve(KNOWN.account, payer="A-9"))
        assert [offer.saving for offer in offers(snapshot=child)] == [offer.saving for offer in offers()]

    def test_leaves_out_what_does_not_fit(self) -> None:
        """Closed windows, conditions that are not met, nothing to take off, no limit for the role, no bill to come."""
        closed = attrs.evolve(ONCE, window=Window(end=NOW))
        loyal = attrs.evolve(ONCE, condition=TENURE_MONTHS >= 24)
        elsewhere = attrs.evolve(ONCE, scope=Scope(charges=["other"]))
        assert offers([closed, loyal, elsewhere]) == ()
        assert offers(agent=Agent("ieva", "nobody")) == ()
        ended = KNOWN.add(KNOWN.subscriptions[0].cancel(on=date(2026, 4, 1)))
        assert (
            offers(
                snapshot=ended.add(
                    bill(ended, through=date(2026, 4, 1), rules=RULES).credit_notes[0].issue(number="C-1", on=date(2026, 4, 2))
                )
            )
            == ()
        )

    def test_a_promise_without_end_counts_as_two_years(self) -> None:
        """The whole value is compared, so that nobody splits a promise to fit."""
        forever = attrs.evolve(QUARTER, code="acme:ever", duration=Duration.forever())
        assert offers([forever])[0].value == money("48.00")

    def test_until_a_day_counts_the_periods_up_to_it(self) -> None:
        """A promise until the first of August holds for three months from May."""
        until = attrs.evolve(QUARTER, code="acme:until", duration=Duration.until(date(2026, 8, 1)))
        assert offers([until])[0].periods == 3

    def test_a_waived_fee_is_its_own_kind(self) -> None:
        """Limits may treat it apart, and without a limit it is not offered."""
        waived = DiscountPolicy(code="acme:waive", version=1, name="Waived", benefit=WaivedFee(["fee"]))
        assert offers([waived]) == ()
        matrix = attrs.evolve(MATRIX, limits=[*MATRIX.limits, Limit(role="agent", kind=GrantKind.FEE_WAIVER, currency=EUR)])
        (found,) = offers([waived], authority=matrix)
        assert (found.kind, found.saving, found.percent) == (GrantKind.FEE_WAIVER, money("10.00"), None)

    def test_a_promise_for_the_contract_is_its_own_kind(self) -> None:
        """What changes the terms of a contract has limits of its own, and a budget may count grants alone."""
        bound = attrs.evolve(QUARTER, code="acme:contract", duration=Duration.for_contract())
        limit = Limit(role="agent", kind=GrantKind.CONTRACT_CONCESSION, currency=EUR, customer=Budget(365, count=1))
        matrix = attrs.evolve(MATRIX, limits=[*MATRIX.limits, limit])
        known = billed_months(a_snapshot(), 1)
        year = Contract(date(2026, 3, 1), Frequency.yearly())
        known = known.add(attrs.evolve(known.subscriptions[0], contract=year))
        (found,) = offers([bound], snapshot=known, authority=matrix)
        assert (found.kind, found.remaining) == (GrantKind.CONTRACT_CONCESSION, None)

    def test_the_rulebooks_own_policies_do_not_mix_in(self) -> None:
        """What is granted by itself anyway is not counted as the offer's saving."""
        from billing_domain.discounts import Discounts

        mixed = attrs.evolve(RULES, discounts=Discounts(policies=[QUARTER]))
        assert offers([ONCE], rules=mixed)[0].saving == money("3.00")

    def test_needs_a_verified_caller_of_the_account(self) -> None:
        """Another account, an expired verification and an old hour are refused."""
        with pytest.raises(AccessError):
            offers(caller=caller("A-2"))
        with pytest.raises(AccessError):
            offers(at=NOW + timedelta(hours=1))


class TestGranting:
    """Within authority, with approval, or not at all."""

    def test_within_the_limit(self) -> None:
        """The promise goes into the snapshot and lowers the next bill by what was said."""
        offer = offers()[1]
        answer = grant(offer, id="G-1", reason=GrantReason.COMPLAINT, at=NOW)
        assert isinstance(answer, Granted)
        before = bill(KNOWN, through=date(2026, 5, 1), rules=RULES).invoice
        after = bill(KNOWN.add(answer.grant), through=date(2026, 5, 1), rules=RULES).invoice
        assert before.totals.net - after.totals.net == offer.saving
        assert (answer.grant.id, answer.record.value) == ("G-1", money("3.00"))

    def test_above_the_limit_somebody_else_approves(self) -> None:
        """Not the one who asked, and somebody with authority; the nearest thing that would pass is named."""
        answer = grant(offers()[0], id="G-1", reason=GrantReason.COMPLAINT, at=NOW)
        assert isinstance(answer, NeedsApproval)
        assert answer.nearest is not None
        assert answer.nearest.value == money("5.00")
        assert isinstance(approve(answer, by=RASA, at=NOW), NeedsApproval)
        granted = approve(answer, by=JONAS, at=NOW)
        assert isinstance(granted, Granted)
        with pytest.raises(AccessError, match="needs approval"):
            approve(granted, by=JONAS, at=NOW)

    def test_correcting_an_error_is_no_grant(self) -> None:
        """An error is credited in full and uses no goodwill."""
        assert isinstance(grant(offers()[1], id="G-1", reason=GrantReason.CORRECTION, at=NOW), Refused)

    def test_a_representative_may_go_so_far(self) -> None:
        """The limit of an authorisation bounds what may be granted on his call."""
        given = Authorisation("A-1", "jonas", [Action.GRANT_DISCOUNT], date(2026, 1, 1), limit=money("2.00"))
        by_jonas = offers([ONCE], caller=caller(acting_for=given))
        with pytest.raises(AccessError, match="up to"):
            grant(by_jonas[0], id="G-1", reason=GrantReason.COMPLAINT, at=NOW)

    def test_an_expired_call_grants_nothing(self) -> None:
        """Verification is checked again when it is granted."""
        with pytest.raises(AccessError, match="verify again"):
            grant(offers()[1], id="G-1", reason=GrantReason.COMPLAINT, at=NOW + timedelta(minutes=30))


class TestAgents:
    """Who may offer, and how budgets see what was granted a minute ago."""

    @pytest.mark.parametrize(
        ("change", "text"), [({"active": False}, "at work"), ({"on_shift": False}, "at work"), ({"related": ["A-1"]}, "close")]
    )
    def test_some_may_offer_nothing(self, change: dict[str, object], text: str) -> None:
        """An agent who left, who is off, or whose own account it is: an error says so, and no list that could not be granted."""
        agent = Agent("rasa", "agent", **change)
        with pytest.raises(AccessError, match=text):
            options(KNOWN, [ONCE], agent=agent, caller=caller(), authority=presets.AUTHORITY, rules=RULES, at=NOW)

    def test_two_grants_on_one_call_share_a_budget(self) -> None:
        """The second is judged with the record of the first: together they are above what one grant may give."""
        first = grant(offers([ONCE])[0], id="G-1", reason=GrantReason.COMPLAINT, at=NOW)
        assert isinstance(first, Granted)
        again = grant(offers([ONCE])[0], id="G-2", reason=GrantReason.COMPLAINT, at=NOW, granted=[first.record])
        assert "splitting" in [rule.code for rule in again.failed]


class TestConcession:
    """One record of what was done."""

    def test_keeps_correction_goodwill_and_discount_apart(self) -> None:
        """A dispute upheld in part, goodwill beside it, and a discount."""
        invoice = KNOWN.invoices[0]
        claim = Claim(invoice.part(invoice.line("fee")), DisputeReason.WRONG_PRICE)
        case = submit(KNOWN, [claim], id="D-1", regime=presets.LT_CONSUMER, at=NOW, actor="customer")
        settled = settle(KNOWN, case, rulings=[Ruling(claim, approved=money("3.00"), goodwill=money("1.50"))], at=NOW)
        note = settled.credit_note.issue(number="C-1", on=NOW.date())
        answer = grant(offers([ONCE])[0], id="G-1", reason=GrantReason.COMPLAINT, at=NOW)
        promise = AgentPromise("P-1", NOW.date(), NOW.date() + timedelta(days=7), "we call back")
        record = concede(
            caller(),
            id="K-1",
            agent="rasa",
            at=NOW,
            currency=EUR,
            zone=VILNIUS,
            settlement=settled,
            granted=answer,
            credit_notes=[note],
            promises=[promise],
            follow_up=date(2026, 5, 10),
        )
        assert (record.correction, record.goodwill, record.discount) == (money("3.00"), money("1.50"), money("3.00"))
        assert (record.outcome, record.dispute, record.grant, record.policy) == (
            DisputeOutcome.PARTIALLY_UPHELD,
            "D-1",
            "G-1",
            "acme:once@1",
        )
        assert (record.level, record.credit_notes) == (IdentityLevel.VERIFIED, ("C-1",))
        assert (record.proofs, record.represented_by) == (caller().evidence, "")
        assert (record.authority, record.approved_by) == (answer.matrix, ())
        due = promise.due + timedelta(days=1)
        assert overdue_promises([record], kept=[], as_of=due) == (promise,)
        assert overdue_promises([record], kept=["P-1"], as_of=due) == ()
        assert overdue_promises([record], kept=[], as_of=promise.due) == ()
        assert overdue_promises([attrs.evolve(record, promises=[promise.keep("C-1")])], as_of=due) == ()

    def test_a_quiet_call_is_a_record_too(self) -> None:
        """Nothing was wrong and nothing was given."""
        record = concede(caller(), id="K-1", agent="rasa", at=NOW, currency=EUR, zone=VILNIUS)
        assert (record.correction.amount, record.goodwill.amount, record.discount.amount, record.outcome) == (0, 0, 0, None)

    def test_a_decision_comes_with_its_credit_notes(self) -> None:
        """Without the note, what was corrected would count as nothing."""
        invoice = KNOWN.invoices[0]
        claim = Claim(invoice.part(invoice.line("fee")), DisputeReason.WRONG_PRICE)
        case = submit(KNOWN, [claim], id="D-1", regime=presets.LT_CONSUMER, at=NOW, actor="customer")
        settled = settle(KNOWN, case, rulings=[Ruling(claim, approved=money("3.00"))], at=NOW)
        other = credit(KNOWN, invoice, kind=EntryKind.GOODWILL, reason="late").issue(number="C-1", on=NOW.date())
        for notes in ([], [other]):
            with pytest.raises(InvalidValueError, match="credit note is missing"):
                concede(caller(), id="K-1", agent="rasa", at=NOW, currency=EUR, zone=VILNIUS, settlement=settled, credit_notes=notes)

    def test_parts_are_of_one_account(self) -> None:
        """A note of another account or currency, and a follow-up before the call, are refused."""
        foreign = billed_months(a_snapshot(account=an_account("A-2")), 1)
        note = credit(foreign, foreign.invoices[0], kind=EntryKind.GOODWILL, reason="late").issue(number="C-1", on=date(2026, 3, 2))
        with pytest.raises(InvalidValueError, match="verified for A-1"):
            concede(caller(), id="K-1", agent="rasa", at=NOW, currency=EUR, zone=VILNIUS, credit_notes=[note])
        own = credit(KNOWN, KNOWN.invoices[0], kind=EntryKind.GOODWILL, reason="late").issue(number="C-1", on=date(2026, 3, 2))
        with pytest.raises(InvalidValueError, match="in JPY"):
            concede(caller(), id="K-1", agent="rasa", at=NOW, currency="JPY", zone=VILNIUS, credit_notes=[own])
        with pytest.raises(InvalidValueError, match="in JPY"):
            concede(
                caller(),
                id="K-1",
                agent="rasa",
                at=NOW,
                currency="JPY",
                zone=VILNIUS,
                granted=grant(offers([ONCE])[0], id="G-1", reason=GrantReason.COMPLAINT, at=NOW),
            )
        with pytest.raises(InvalidPeriodError, match="after the call"):
            concede(caller(), id="K-1", agent="rasa", at=NOW, currency=EUR, zone=VILNIUS, follow_up=date(2026, 4, 9))

    @given(st.integers(0, 47), st.sampled_from([timezone(timedelta(hours=hours)) for hours in (-11, 0, 14)]))
    def test_the_day_of_the_call_is_the_account_s(self, hours: int, clock: timezone) -> None:
        """Whatever clock tells the instant, a follow-up may be on the account's day of the call, and not on the day before."""
        at = (caller().at + timedelta(hours=hours)).astimezone(clock)
        day = at.astimezone(VILNIUS).date()
        record = concede(caller(), id="K-1", agent="rasa", at=at, currency=EUR, zone=VILNIUS, follow_up=day)
        assert record.follow_up == day
        with pytest.raises(InvalidPeriodError, match="after the call"):
            concede(caller(), id="K-1", agent="rasa", at=at, currency=EUR, zone=VILNIUS, follow_up=day - timedelta(days=1))


def test_a_plan_can_be_given_to_the_builders() -> None:
    """A fixed amount off a plan of one's own."""
    plain = DiscountPolicy(code="acme:fixed", version=1, name="Fixed", benefit=FixedAmount(money("4.00")), scope=Scope.recurring())
    known = billed_months(a_snapshot(a_plan()), 1)
    assert offers([plain], snapshot=known)[0].saving == money("4.00")
