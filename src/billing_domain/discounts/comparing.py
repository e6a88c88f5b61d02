"""What if: the same documents under other policies, why a policy was not granted, and what is nearest to it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.conditions import Facts, Finding, Miss, nearest_misses
from billing_domain.discounts.choosing import DOCUMENT_TOTAL, Asked, Discounts
from billing_domain.discounts.considering import consider
from billing_domain.discounts.engine import apply
from billing_domain.discounts.given import NOTHING_GIVEN
from billing_domain.discounts.model import Grant
from billing_domain.discounts.policy import DiscountPolicy
from billing_domain.discounts.protocols import Given
from billing_domain.discounts.records import DiscountRecord, Stage
from billing_domain.doors import door
from billing_domain.invoicing import Invoice, Share
from billing_domain.money import Money, add_up, money
from billing_domain.money.amounts import CONTEXT, minor_unit

_new = tuple.__new__


class Evaluation(NamedTuple):
    """What discounts do to one document, with a record of every policy and grant that was looked at.

    Args:
        account_id: The account.
        currency: The currency of the document.
        shares: What each line bears.
        grants: What policies granted.
        records: One record for each policy that was not granted and each grant that covers a line.
    """

    account_id: str
    currency: str
    shares: list[tuple[Share, ...]]
    grants: tuple[Grant, ...]
    records: tuple[DiscountRecord, ...]

    @property
    def total(self) -> Money:
        """What is taken off in all."""
        return money(add_up(share.amount for borne in self.shares for share in borne), self.currency)

    def by_policy(self) -> dict[str, Decimal]:
        """Return what each policy takes off, by code and version."""
        found: dict[str, Decimal] = {}
        for record in self.records:
            if record.granted:
                found[record.policy] = CONTEXT.add(found.get(record.policy, Decimal(0)), record.granted)
        return found

    def misses(self) -> dict[str, tuple[Miss, ...]]:
        """Return for each policy whose condition was not MET what alone stands in the way, by code and version; needs a trace."""
        stopped = [record for record in self.records if record.stage is Stage.CONDITION and record.finding is not None]
        return {record.policy: nearest_misses(record.finding) for record in stopped if record.finding is not None}


@door
def evaluate(discounts: Discounts, document: Asked, *, currency: str) -> Evaluation:
    """Return what discounts do to one document; with `traced` set on the document, every condition explains itself.

    Args:
        discounts: Policies and lanes.
        document: The lines, and what is known of the account.
        currency: The currency of the document.

    Raises:
        PluginError: A plugin raised, or answered with what the rules refuse.
    """
    total = money(add_up(line.amount for line in document.lines), currency)
    known = document._replace(facts=document.facts.add({DOCUMENT_TOTAL: total}))
    found = consider(discounts.policies, known)
    applied = apply(
        known.lines,
        [*known.grants, *found.grants],
        step=minor_unit(currency),
        currency=currency,
        lanes=discounts.lanes,
        given=known.given,
        facts=known.facts,
    )
    giving = {share.grant_id for borne in applied.shares for share in borne}
    grants = tuple([grant for grant in found.grants if grant.id in giving])
    return Evaluation(
        known.account_id, currency, applied.shares, grants, (*found.refused, *_explained(applied.applications, found.findings))
    )


def _explained(records: Iterable[DiscountRecord], findings: Mapping[str, Finding]) -> list[DiscountRecord]:
    """Return the records of grants with what the condition of each found, where that is traced."""
    if not findings:
        return list(records)
    return [_new(DiscountRecord, (*record[:-1], findings.get(record.grant_id))) for record in records]


@door
def past_document(invoice: Invoice, *, facts: Facts, at: datetime, grants: Iterable[Grant] = (), given: Given = NOTHING_GIVEN) -> Asked:
    """Return an issued invoice as it stood before discount, to be evaluated under other policies.

    Args:
        invoice: The invoice.
        facts: What was known of the account then.
        at: The instant of the decision.
        grants: What the account had been granted by then.
        given: What these had given by then.
    """
    return Asked(invoice.draft.account_id, at, [line.facts for line in invoice.lines], facts, tuple(grants), given)


@attrs.frozen
class Compared:
    """One document under two sets of policies.

    Args:
        before: Under the first.
        after: Under the second.
    """

    before: Evaluation
    after: Evaluation

    @property
    def difference(self) -> Money:
        """How much more the second takes off; negative where it takes off less."""
        return money(CONTEXT.subtract(self.after.total.amount, self.before.total.amount), self.after.currency)


@door
def compare_discounts(before: Discounts, after: Discounts, documents: Iterable[Asked], *, currency: str) -> list[Compared]:
    """Return the same documents under two sets of policies, in their order.

    Args:
        before: The first set, for example the policies as they are.
        after: The second, for example with another version of one.
        documents: The documents; `past_document` makes one of an issued invoice.
        currency: Their currency.
    """
    return [Compared(evaluate(before, each, currency=currency), evaluate(after, each, currency=currency)) for each in documents]


@door
def why(grant: Grant, policy: DiscountPolicy, facts: Facts) -> Finding | None:
    """Return why a grant was made, derived again from the facts of its day; None where no trace is available.

    A trace is available only while the policy says what it said when the grant was made, and only where it has a condition.

    Args:
        grant: The grant.
        policy: Its policy, as it is now.
        facts: What was known when it was made.
    """
    if grant.policy_hash != policy.content_hash or policy.condition is None:
        return None
    return policy.condition.finding(facts)
