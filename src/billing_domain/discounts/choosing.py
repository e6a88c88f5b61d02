"""The policies and lanes of a rulebook, and a document for which they are asked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import attrs

from billing_domain.conditions import Fact, Facts
from billing_domain.discounts.given import NOTHING_GIVEN
from billing_domain.discounts.lanes import Lane
from billing_domain.discounts.model import Grant
from billing_domain.discounts.policy import DiscountPolicy
from billing_domain.discounts.protocols import Given
from billing_domain.doors import guarded
from billing_domain.errors import DuplicateIdError, InvalidTypeError, UnknownReferenceError
from billing_domain.invoicing import LineFacts
from billing_domain.money import Money

DOCUMENT_TOTAL = Fact("document_total", Money, title="total of the document before discounts", titles={"lt": "dokumento suma be nuolaidų"})
"""What the lines of the document come to before any discount, as prices are stated: for a minimum spend."""


def _policies(values: Iterable[DiscountPolicy]) -> tuple[DiscountPolicy, ...]:
    listed = tuple(values)
    for value in listed:
        if not isinstance(value, DiscountPolicy):
            raise InvalidTypeError(value, "discounts are made of policies", "give DiscountPolicy(...)")
    return tuple(sorted(listed, key=lambda policy: (-policy.priority, policy.code, policy.version)))


def _lanes(values: Iterable[Lane]) -> tuple[Lane, ...]:
    return tuple(values)


@guarded
@attrs.frozen
class Discounts:
    """The policies that a seller grants by themselves, and the lanes in which all discounts meet.

    Args:
        policies: The policies, in any order, one version of each; empty where discounts are granted by people alone.
        lanes: The lanes, in order; a policy without a lane comes after them.

    Raises:
        DuplicateIdError: A policy or a lane is there twice.
        UnknownReferenceError: A policy names a lane that is not there.

    Example:
        >>> from billing_domain.discounts import DiscountPolicy, Percent
        >>> spring = DiscountPolicy(code="acme:spring", version=1, name="Spring offer", benefit=Percent(10), lane="campaign")
        >>> Discounts([spring], [Lane("campaign")]).policy("acme:spring").name
        'Spring offer'
    """

    policies: tuple[DiscountPolicy, ...] = attrs.field(converter=_policies, default=())
    lanes: tuple[Lane, ...] = attrs.field(converter=_lanes, default=())

    def __attrs_post_init__(self) -> None:
        lanes = Counter([lane.code for lane in self.lanes])
        for codes, what in ((lanes, "a lane"), (Counter([policy.code for policy in self.policies]), "a policy")):
            for code, times in sorted(codes.items()):
                if times > 1:
                    raise DuplicateIdError(code, f"{what} is there once", "leave one of the two out")
        for policy in self.policies:
            if policy.lane and policy.lane not in lanes:
                raise UnknownReferenceError(policy.lane, f"policy {policy.id} stands in one of the lanes", "add the lane")

    def policy(self, code: str) -> DiscountPolicy:
        """Return the policy with this code.

        Raises:
            UnknownReferenceError: It is not here.
        """
        for policy in self.policies:
            if policy.code == code:
                return policy
        raise UnknownReferenceError(code, "the policy is one of these discounts", "check the code")

    def without(self, *codes: str) -> "Discounts":
        """Return the discounts without some policies, for example one whose budget is spent."""
        return Discounts([policy for policy in self.policies if policy.code not in codes], self.lanes)


NO_DISCOUNTS = Discounts()
"""Nothing is granted by itself."""


class Asked(NamedTuple):
    """One document of an account, for which policies are asked.

    Args:
        account_id: The account.
        at: The instant of the decision.
        lines: The lines that are billed for the first time.
        facts: What is known of the account.
        grants: What the account was granted before.
        given: What these gave.
        seen: The ids of all grants that earlier documents bear shares of, also of those that were not stored.
        traced: Whether the finding of each condition is wanted.
    """

    account_id: str
    at: datetime
    lines: Sequence[LineFacts]
    facts: Facts
    grants: Sequence[Grant] = ()
    given: Given = NOTHING_GIVEN
    seen: frozenset[str] = frozenset()
    traced: bool = False
