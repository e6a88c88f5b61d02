"""Lines, grants and policies for the tests of discounts."""

from datetime import UTC, date, datetime
from decimal import Decimal

from attrs import frozen

from billing_domain.catalog import Step, Working
from billing_domain.conditions import Facts
from billing_domain.discounts import NOTHING_GIVEN, Asked, DiscountPolicy, Grant, Percent, apply, granted
from billing_domain.invoicing import ChargeKind, LineFacts, Piece
from billing_domain.money import Money

CENT = Decimal("0.01")
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def eur(amount):
    """Return euros."""
    return Money(str(amount), "EUR")


def line(
    amount, charge="base", kind=ChargeKind.RECURRING, *, start=MARCH, end=APRIL, slot=None, steps=None, part=1, of=1, plan="s@1", sub="S-1"
):
    """Return the facts of a line."""
    working = Working(steps or [Step("flat", Decimal(1), Decimal(amount))])
    return LineFacts(
        sub,
        charge,
        slot or start,
        end,
        start,
        end,
        charge.title(),
        kind,
        plan,
        "",
        (Piece(start, end, Decimal(1), working, part, of),),
        Decimal(amount),
    )


def promise(id="G-1", benefit=None, policy="acme:p@1", start=MARCH, **more):  # noqa: A002  as the field is called
    """Return a grant."""
    return Grant(id, policy, benefit or Percent(10), start, **more)


def offer(code="acme:p", benefit=None, version=1, **more):
    """Return a policy."""
    return DiscountPolicy(code=code, version=version, name=code.title(), benefit=benefit or Percent(10), **more)


def shares(lines, grants, **more):
    """Return for each line what each grant takes off it, as text."""
    found = apply(lines, grants, step=CENT, currency="EUR", **more)
    return [{share.grant_id: str(share.amount) for share in borne} for borne in found.shares]


def records(lines, grants, **more):
    """Return the records of a document by grant."""
    found = apply(lines, grants, step=CENT, currency="EUR", **more)
    return {record.grant_id: record for record in found.applications}


def asked(lines, facts=None, *, at=NOON, grants=(), given=NOTHING_GIVEN, seen=(), traced=False):
    """Return a document for which policies are asked."""
    return Asked("A-1", at, lines, facts or Facts(), list(grants), given, frozenset(seen), traced)


def decided(policies, lines, facts=None, **more):
    """Return the grants that policies make, and the records of the others by policy."""
    grants, refused = granted(policies, asked(lines, facts, **more))
    return grants, {record.policy: record for record in refused}


@frozen
class Says:
    """A benefit that answers as it is told."""

    code = "acme:says"
    answer: object = None

    def propose(self, base):
        """Return the answer, or raise it."""
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer(base) if callable(self.answer) else self.answer


class Gave:
    """What grants gave before, as a table."""

    def __init__(self, totals=None, periods=None, times=None, documents=0):
        """Keep the table."""
        self.totals, self.periods, self.counted, self.borne = totals or {}, periods or {}, times or {}, documents

    def total(self, grant_id):
        """Return the total."""
        return Decimal(self.totals.get(grant_id, 0))

    def in_period(self, grant_id, slot):
        """Return what was given in a period."""
        return Decimal(self.periods.get((grant_id, slot), 0))

    def times(self, grant_id):
        """Return the number of documents with a share."""
        return self.counted.get(grant_id, 0)

    def documents(self, covers):
        """Return the number of documents with a line."""
        return self.borne
