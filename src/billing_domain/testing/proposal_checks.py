"""What a proposal has to be, check by check; contracts of benefits and of policies share it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import attrs

from billing_domain.discounts import Base, Proposal
from billing_domain.money import Money, exact


def number_in(proposal: Any) -> Decimal | None:
    """Return the amount of a proposal as a number; None where it has none, or one that is not finite."""
    amount = getattr(proposal, "amount", None)
    if isinstance(amount, Money):
        amount = amount.amount
    return amount if isinstance(amount, Decimal) and amount.is_finite() else None


def check_answer(proposal: object) -> None:
    """Refuse what is no proposal."""
    assert isinstance(proposal, Proposal), "return Proposal(amount)"


def check_bounds(proposal: Proposal) -> None:
    """Refuse amounts that are not finite, and surcharges."""
    for amount in (proposal.amount, *proposal.lines):
        number = amount.amount if isinstance(amount, Money) else amount
        if isinstance(number, Decimal):
            assert number.is_finite(), "an amount is finite"
            assert number >= 0, "a discount is not negative"


def check_currency(proposal: Proposal, base: Base, held: Iterable[str]) -> None:
    """Refuse money of another currency, and numbers that were taken from it.

    Args:
        proposal: What is proposed.
        base: The document.
        held: The currencies of all amounts that the benefit holds.
    """
    if isinstance(proposal.amount, Money):
        assert proposal.amount.currency.code == base.currency, "the amount is in the document's currency"
    own = set(held)
    if own and base.currency not in own:
        assert not number_in(proposal), f"on a document in {base.currency} a benefit of {', '.join(sorted(own))} proposes zero"


def check_exact(proposal: Proposal, base: Base) -> None:
    """Refuse floats, and lines that do not sum to the amount."""
    for amount in (proposal.amount, *proposal.lines):
        assert isinstance(amount, Decimal | Money), "an amount is a Decimal or a Money, never a float"
    number = number_in(proposal)
    if proposal.lines and number is not None:
        assert len(proposal.lines) == len(base.lines), "lines, where given, are one amount for each line of the base"
        with exact():
            assert sum(proposal.lines, start=Decimal(0)) == number, "what lines bear sums to the amount"


def turned(base: Base, places: list[int]) -> Base:
    """Return the base with its lines in another order."""
    return attrs.evolve(base, lines=tuple(base.lines[place] for place in places))


def check_order(one: Proposal, other: Proposal, places: list[int]) -> None:
    """Refuse an amount that depends on the order of lines.

    Args:
        one: What is proposed for the lines as they stand.
        other: What is proposed for them in another order.
        places: Where each line of the other order stands in the first.
    """
    assert number_in(one) == number_in(other), "a document is a set of lines; their order changes no amount"
    if one.lines and other.lines:
        assert [one.lines[place] for place in places] == list(other.lines), "each line bears the same in any order"
