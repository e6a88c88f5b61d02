"""Requests, records and matrices for the tests of authority."""

from datetime import UTC, datetime, timedelta

from made import eur

from billing_domain.accounts import IdentityLevel
from billing_domain.discounts import Agent, AuthorityMatrix, GrantKind, GrantReason, GrantRecord, GrantRequest, Limit

AT = datetime(2026, 6, 15, 12, tzinfo=UTC)
RASA, JONAS = Agent("rasa", "agent", team="care-1"), Agent("jonas", "senior")


def wants(value="10.00", agent=RASA, **more):
    """Return a request."""
    given = {
        "id": "G-1",
        "account_id": "A-1",
        "kind": GrantKind.CREDIT,
        "reason": GrantReason.COMPLAINT,
        "at": AT,
        "identity": IdentityLevel.VERIFIED,
    }
    return GrantRequest(agent=agent, value=eur(value), **{**given, **more})


def earlier(value="10.00", days=40, id="G-0", account="A-1", agent="rasa", reason=GrantReason.COMPLAINT, **more):  # noqa: A002  as the field is called
    """Return a record of so many days ago."""
    return GrantRecord(
        id, account, agent, more.pop("team", "care-1"), GrantKind.CREDIT, reason, eur(value), AT - timedelta(days=days), **more
    )


def limits(*found, roles=("agent", "senior")):
    """Return a matrix."""
    return AuthorityMatrix("acme", 1, roles, found)


def limit(role="agent", **more):
    """Return a limit on credits in euros."""
    return Limit(role=role, kind=GrantKind.CREDIT, currency="EUR", **more)


def codes(answer):
    """Return the codes of the rules that fail."""
    return [rule.code for rule in answer.failed]
