"""Claims on limited policies: an absolute amount per grant and document, which the host stores by compare-and-set.

A library cannot lock. So a claim says what it is, not what it adds: the same claim twice is one claim, and a void claims zero.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Protocol

import attrs

from billing_domain.discounts.model import Grant
from billing_domain.discounts.policy import DiscountPolicy
from billing_domain.errors import CurrencyMismatchError, ExceedsLimitError, RefusedError, UnknownReferenceError
from billing_domain.invoicing import Invoice
from billing_domain.invoicing.lines import allowance_number
from billing_domain.money import Amount, Money, Number, add_up, frozen_amount_or_none, money, not_negative
from billing_domain.money.amounts import CONTEXT


def _amount(value: Number) -> Decimal:
    return not_negative(value, "a claim")


@attrs.frozen(order=True)
class BudgetClaim:
    """What one grant gives on one document.

    Args:
        policy: The code of the limited policy.
        grant_id: The grant.
        document: The number of the document.
        amount: How much in all on that document; zero takes an earlier claim back.
        currency: ISO 4217 code.
    """

    policy: str
    grant_id: str
    document: str
    amount: Decimal = attrs.field(converter=_amount)
    currency: str

    def released(self) -> "BudgetClaim":
        """Return the claim that takes it back, for a document that is void."""
        return attrs.evolve(self, amount=Decimal(0))


def claims_of(invoice: Invoice, grants: Iterable[Grant], policies: Iterable[DiscountPolicy]) -> tuple[BudgetClaim, ...]:
    """Return the claims that an issued invoice makes on limited policies; a grant that gives nothing claims nothing.

    Args:
        invoice: The invoice.
        grants: The grants of the account, those of the run included.
        policies: The policies; those without a budget or a number of uses are left out.

    Raises:
        UnknownReferenceError: The invoice bears a share of a grant that is not there.
    """
    limited = {policy.code for policy in policies if policy.limited}
    codes: Mapping[str, str] = {grant.id: grant.policy.partition("@")[0] for grant in grants}
    given: dict[str, list[Decimal]] = {}
    for line in invoice.lines:
        for share in line.shares:
            if share.grant_id not in codes and allowance_number(share):
                continue  # what the document as a whole takes off is of no policy
            if share.grant_id not in codes:
                raise UnknownReferenceError(
                    share.grant_id, f"invoice {invoice.number} bears shares of grants of its account", "add the grant"
                )
            given.setdefault(share.grant_id, []).append(share.amount)
    found = [
        BudgetClaim(codes[grant_id], grant_id, invoice.number, add_up(amounts), invoice.currency) for grant_id, amounts in given.items()
    ]
    return tuple(sorted([claim for claim in found if claim.policy in limited]))


def _claims(values: Iterable[BudgetClaim]) -> tuple[BudgetClaim, ...]:
    return tuple(sorted(values))


@attrs.frozen
class Claimed:
    """All claims on one limited policy: what the host stores under its code.

    Args:
        policy: The code of the policy.
        budget: The most that may be claimed; None without limit.
        uses: How many grants may claim; None without limit.
        claims: What is claimed.

    Example:
        >>> spring = Claimed("acme:spring", Money("10.00", "EUR")).take(BudgetClaim("acme:spring", "G-1", "N-1", "7.00", "EUR"))
        >>> spring.left.amount, spring.take(BudgetClaim("acme:spring", "G-1", "N-1", "7.00", "EUR")) is spring
        (Decimal('3.00'), True)
    """

    policy: str
    _budget: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="budget")
    uses: int | None = None
    claims: tuple[BudgetClaim, ...] = attrs.field(converter=_claims, default=())

    @classmethod
    def of(cls, policy: DiscountPolicy) -> "Claimed":
        """Return the policy without claims."""
        return cls(policy.code, policy.budget, policy.uses)

    @property
    def budget(self) -> Money | None:
        """The most that may be claimed."""
        return None if self._budget is None else self._budget.money

    @property
    def left(self) -> Money | None:
        """What is left of the budget; None where there is none."""
        if self._budget is None:
            return None
        return money(CONTEXT.subtract(self._budget.amount, add_up(claim.amount for claim in self.claims)), self._budget.currency)

    @property
    def used(self) -> int:
        """How many grants claim something."""
        return len({claim.grant_id for claim in self.claims})

    def take(self, claim: BudgetClaim) -> "Claimed":
        """Return all claims with this one in place of an earlier one of its grant and document; itself where nothing changes.

        Raises:
            UnknownReferenceError: The claim is on another policy.
            CurrencyMismatchError: It is in another currency than the budget.
            ExceedsLimitError: The budget or the number of uses does not hold it.
        """
        if claim.policy != self.policy:
            raise UnknownReferenceError(claim.policy, f"these are the claims on {self.policy}", "take it from its own policy")
        if self._budget is not None and claim.currency != self._budget.currency:
            raise CurrencyMismatchError(
                claim.currency, f"the budget of {self.policy} is in {self._budget.currency}", "give each currency a policy"
            )
        others = [other for other in self.claims if (other.grant_id, other.document) != (claim.grant_id, claim.document)]
        changed = attrs.evolve(self, claims=[*others, claim] if claim.amount else others)
        if changed == self:
            return self
        lowered = add_up(each.amount for each in changed.claims) <= add_up(each.amount for each in self.claims)
        left = changed.left
        if left is not None and left.amount < 0 and not lowered:
            raise ExceedsLimitError(claim.amount, f"{self.policy} has {self.left} left", "bill without the policy")
        if self.uses is not None and changed.used > max(self.uses, self.used):
            raise ExceedsLimitError(changed.used, f"{self.policy} is for {self.uses} grants", "bill without the policy")
        return changed


class ClaimStore(Protocol):
    """**Protocol:** where a host keeps claims; `commit` calls it, and it must survive any number of callers at once."""

    def read(self, policy: str) -> Claimed:
        """Return all claims on a policy."""
        ...

    def replace(self, before: Claimed, after: Claimed) -> bool:
        """Store what is after if what is stored still equals what was before, in one step; say whether it did."""
        ...


def commit(store: ClaimStore, claim: BudgetClaim, *, attempts: int = 100) -> Claimed:
    """Store a claim, again and again until nobody else was faster.

    Args:
        store: The host's store.
        claim: The claim.
        attempts: How often to try.

    Returns:
        All claims on its policy with this one.

    Raises:
        ExceedsLimitError: The budget does not hold it.
        RefusedError: Somebody else was faster each time.
    """
    for _ in range(attempts):
        before = store.read(claim.policy)
        after = before.take(claim)
        if after is before or store.replace(before, after):
            return after
    raise RefusedError(claim.policy, f"a claim is stored within {attempts} attempts", "try again when fewer do at once")
