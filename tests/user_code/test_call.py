"""The code behind a call, as users write it: who calls, is all well, what does the bill say, what is disputed, offered and decided."""

from datetime import date

import pytest

from billing_domain import (
    Money,
    UsageRecord,
    approve,
    bill,
    compare_plans,
    explain,
    grant,
    open_dispute,
    options,
    presets,
    review,
    settle,
    statement,
    verify,
    what_if,
)
from billing_domain.care import (
    Action,
    Claim,
    DisputeReason,
    FactorKind,
    Granted,
    GrantReason,
    LockedOut,
    MoreNeeded,
    NeedsApproval,
    Refused,
    Ruling,
    Verified,
    VerifiedCaller,
    attempt,
    enrol,
)
from billing_domain.discounts import Agent, DiscountPolicy, Duration, Percent, Scope
from billing_domain.disputes import DisputeOutcome, Evidence, EvidenceKind
from billing_domain.errors import AccessError, BillingError
from user_code.host import CALLS, later, maris, now, rules, shop, snapshot, two_bills

MARCH, APRIL = two_bills()
known = snapshot.add(MARCH, APRIL)
pin = enrol("8261", account_id="A-7", factor=FactorKind.PIN, salt=b"sixteen bytes or more", since=date(2026, 1, 1))
agent, manager = Agent("ilze", "agent"), Agent("janis", "manager")
call_log = Evidence(EvidenceKind.CALL_NOTE, reference="call 17", obtained=later.date())
half_price = DiscountPolicy(
    code="acme:half", version=1, name="Half price", benefit=Percent(50), scope=Scope.recurring(), duration=Duration.periods(12)
)


def verified() -> VerifiedCaller:
    """Return the caller who knows the number, matched rather than hoped for."""
    tries = [attempt(pin, "8261", account_id="A-7", factor=FactorKind.PIN, at=now)]
    match verify(maris, tries, policy=presets.IDENTITY, at=now):
        case Verified(caller=caller):
            return caller
        case MoreNeeded() | LockedOut() as other:
            pytest.fail(str(other))


def test_only_a_verified_caller_is_told_and_heard() -> None:
    """Without a factor nobody is verified; what is asked for is gated by level."""
    assert not isinstance(verify(maris, [], policy=presets.IDENTITY, at=now), Verified)
    with pytest.raises(BillingError):
        _ = verify(maris, [], policy=presets.IDENTITY, at=now).caller
    caller = verified()
    caller.require(Action.EXPLAIN_BILL)
    with pytest.raises(AccessError):
        caller.require(Action.EXPLAIN_BILL, account_id="A-8")


def test_the_bill_explains_itself_and_is_fair() -> None:
    """No caller is needed for either: they also run at night and on paper."""
    assert list(review(known, as_of=now.date(), rules=rules).findings) == []
    first = explain(APRIL, previous=MARCH, locale="lt_LT").text.splitlines()[0].replace("\xa0", " ")
    assert first == "Sąskaita 2,18 € didesnė nei praėjusį mėnesį: sunaudojote 36 min daugiau, nei įskaičiuota į planą."
    corrected = UsageRecord(id="U-2", subscription_id="S-7", meter=CALLS, quantity=70, at=known.usage[0].at, replaces="U-1")
    findings = review(known.add(corrected), as_of=now.date(), rules=rules).findings
    assert "1.30" in {str(finding.amount.amount) for finding in findings}  # 26 of the 36 minutes at 0.05
    assert all(finding.text for finding in findings)


def test_a_claim_is_held_decided_and_credited() -> None:
    """The unpaid part of what is claimed is not chased; what is approved decides the outcome."""
    caller = verified()
    claim = Claim(APRIL.part(APRIL.line("calls")), reason=DisputeReason.WRONG_QUANTITY)
    dispute = open_dispute(known, [claim], id="D-1", regime=presets.LT_CONSUMER, caller=caller, at=now)
    held = known.add(dispute)
    assert str(statement(held, as_of=now.date()).disputed.amount) == "2.18"
    ruling = Ruling(claim, approved=Money("1.00", "EUR"), evidence=[call_log])
    settled = settle(held, dispute, rulings=[ruling], at=later)
    assert settled.outcome is DisputeOutcome.PARTIALLY_UPHELD
    assert settled.credit_note
    note = settled.credit_note.issue(number="C-1", on=later.date())
    assert str(note.totals.payable.amount) == "1.21"
    after = held.add(settled.dispute, note)
    assert str(statement(after, as_of=later.date()).disputed.amount) == "0.00"


def test_what_an_agent_may_not_grant_somebody_else_approves() -> None:
    """Only what may be offered is offered; an answer above the agent's limit names the rule, and who may."""
    offers = options(known, [half_price], agent=agent, caller=verified(), authority=presets.AUTHORITY, rules=rules, at=now)
    answer = grant(offers[0], id="G-1", reason=GrantReason.COMPLAINT, at=now)
    assert isinstance(answer, NeedsApproval)
    assert answer.failed
    assert manager.role in answer.roles
    match approve(answer, by=manager, at=later):
        case Granted(grant=given):
            assert given in known.add(given).grants
        case Refused(failed=failed, nearest=nearest) | NeedsApproval(failed=failed, nearest=nearest):
            pytest.fail(f"{[rule.text for rule in failed]}, {nearest}")


def test_advice_is_an_order_that_need_not_be_typed_again() -> None:
    """A choice gives the change, and what-if says what a bill would then be, by the same engine."""
    choices = compare_plans(known, shop.plans, months=1, as_of=date(2026, 4, 30), rules=rules)
    best = choices[0]
    assert best.yearly_saving >= choices[-1].yearly_saving
    assert best.exit_fee == best.discounts_lost == Money("0.00", "EUR")
    assert best.break_even is not None
    assert best.worst_month is not None
    moved = best.change(on=date(2026, 5, 1))
    effect = what_if(known, moved, through=date(2026, 6, 1), rules=rules)
    assert effect.after == bill(known.add(moved), through=date(2026, 6, 1), rules=rules)
    assert effect.explanation.text
    assert effect.difference.amount < 0
