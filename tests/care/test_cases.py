"""Opening, taking back and reopening a case on a call: each time the caller is checked against account, level, scope, limit and expiry."""

from datetime import date, timedelta

import attrs
import pytest

from billing_domain import Money, open_dispute, presets, settle, verify
from billing_domain.accounts import Account, IdentityLevel
from billing_domain.care import (
    Action,
    Attempt,
    Authorisation,
    Claim,
    DisputeReason,
    FactorKind,
    Ruling,
    VerifiedCaller,
    reopen_dispute,
    withdraw_dispute,
)
from billing_domain.disputes import Dispute, DisputeState
from billing_domain.errors import AccessError, UnknownReferenceError
from dispute_desk import ACCOUNT, FIRST, NOTE, NOW, PHOTO, SNAPSHOT, VISIT, sold

CLAIM = Claim(VISIT, DisputeReason.WRONG_QUANTITY)
JONAS = Authorisation("A-1", "jonas", [Action.OPEN_DISPUTE], date(2026, 1, 1), limit=Money("16.94", "EUR"))


def caller(
    account: Account = ACCOUNT, acting_for: Authorisation | None = None, level: IdentityLevel = IdentityLevel.VERIFIED
) -> VerifiedCaller:
    """Return who is calling."""
    holder = "" if acting_for is None else acting_for.holder
    tries = [Attempt(account.id, FactorKind.PIN, True, NOW, holder=holder)] if level is IdentityLevel.VERIFIED else []
    return verify(account, tries, policy=presets.IDENTITY, at=NOW, level=level, acting_for=acting_for).caller


def opened(who: VerifiedCaller, claim: Claim = CLAIM, minutes: int = 1) -> Dispute:
    """Open a case."""
    return open_dispute(SNAPSHOT, [claim], id="D-1", regime=presets.LT_CONSUMER, caller=who, at=NOW + timedelta(minutes=minutes))


STRANGERS = [
    (caller(attrs.evolve(ACCOUNT, id="A-2")), 1, "for A-2 alone"),
    (caller(level=IdentityLevel.IDENTIFIED), 1, "needs level verified"),
    (caller(), 30, "verify again"),
    (caller(acting_for=attrs.evolve(JONAS, scopes=[Action.EXPLAIN_BILL])), 1, "scope"),
]


@pytest.mark.parametrize(("who", "minutes", "text"), STRANGERS)
def test_each_step_checks_the_caller(who: VerifiedCaller, minutes: int, text: str) -> None:
    """Another account, a level too low, an expired verification and a scope without it open, withdraw and reopen nothing."""
    at = NOW + timedelta(minutes=minutes)
    case = opened(caller())
    decided = settle(SNAPSHOT, case, rulings=[Ruling(CLAIM, approved=Money("6.00", "EUR"))], at=NOW + timedelta(minutes=2)).dispute
    with pytest.raises(AccessError, match=text):
        opened(who, minutes=minutes)
    with pytest.raises(AccessError, match=text):
        withdraw_dispute(case, caller=who, at=at)
    with pytest.raises(AccessError, match=text):
        reopen_dispute(decided, caller=who, at=at, note="more", evidence=[PHOTO])


def test_the_history_names_who_it_was() -> None:
    """The customer, or the representative; withdrawing and reopening too."""
    assert opened(caller()).steps[0].actor == "customer"
    case = opened(caller(acting_for=JONAS))
    gone = withdraw_dispute(case, caller=caller(acting_for=JONAS), at=NOW + timedelta(minutes=2), note="found it")
    assert [(step.actor, step.state) for step in gone.steps] == [("jonas", DisputeState.SUBMITTED), ("jonas", DisputeState.WITHDRAWN)]
    ruling = Ruling(CLAIM, approved=Money("0.00", "EUR"), evidence=[NOTE])
    decided = settle(SNAPSHOT, case, rulings=[ruling], at=NOW + timedelta(minutes=3)).dispute
    again = reopen_dispute(decided, caller=caller(), at=NOW + timedelta(minutes=4), note="a photo", evidence=[PHOTO])
    assert (again.steps[-1].actor, again.is_open) == ("customer", True)


def test_a_representative_claims_up_to_his_limit() -> None:
    """With tax the visit is exactly his limit; the router is above it."""
    assert opened(caller(acting_for=JONAS)).lines[0].gross == Money("16.94", "EUR")
    with pytest.raises(AccessError, match=r"up to 16\.94 EUR"):
        opened(caller(acting_for=JONAS), Claim(FIRST.part(FIRST.line("router")), DisputeReason.DUPLICATE))


def test_a_line_of_another_account_is_not_claimed() -> None:
    """The part must stand on an invoice that this account has."""
    [foreign] = sold("O-9").invoices
    with pytest.raises(UnknownReferenceError):
        opened(caller(), Claim(attrs.evolve(foreign, number="X-1").part(foreign.line("visit")), DisputeReason.DUPLICATE))
