"""Asking a benefit what it proposes, and refusing what is no proposal: the plugin, the hook and the field are named."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from billing_domain.discounts.protocols import Base, Proposal
from billing_domain.errors import BillingError, PluginError
from billing_domain.money import Money, add_up
from billing_domain.money.amounts import LARGEST_EXPONENT

_FINEST = 100


def propose(benefit: Any, base: Base) -> Proposal:
    """Ask a benefit, and refuse what is not a proposal.

    Raises:
        PluginError: It raised, returned something else, or changed what it was given.
    """
    known = list(_parts(base))
    try:
        answer = benefit.propose(base)
    except PluginError:
        raise
    except Exception as error:
        shown = str(error) if isinstance(error, BillingError) else repr(error)
        raise PluginError(shown, "a benefit does not raise", "propose zero, with a reason", benefit.code, "propose") from error
    if not isinstance(answer, Proposal):
        raise PluginError(answer, "a benefit returns a Proposal", "return Proposal(amount)", benefit.code, "propose")
    if any([before is not after for before, after in zip(known, _parts(base), strict=True)]):
        raise PluginError(
            type(benefit).__name__, "a benefit does not change what it is given", "return what it would take off", benefit.code, "propose"
        )
    return answer


def _parts(base: Base) -> Iterator[object]:
    """Return what a base is made of, down to where values cannot be changed any more."""
    facts = base.facts
    yield from (base.lines, base.currency, facts, base.given, base.documents, facts.stored, facts._values)  # noqa: SLF001  it is looked at alone


def checked(code: str, proposal: Proposal, base: Base) -> Decimal:
    """Return the amount that is proposed, in the currency of the document.

    Raises:
        PluginError: It is no amount of this currency, zero or more, or what lines bear is not that amount.
    """
    amount = proposal.amount
    if isinstance(amount, Money):
        if base.currency and amount.currency.code != base.currency:
            raise PluginError(amount, f"a proposal is in {base.currency}", "propose zero for another currency", code, "propose", "amount")
        amount = amount.amount
    _check_amount(code, amount, "amount")
    if not isinstance(proposal.reason, str):
        raise PluginError(proposal.reason, "a reason is a code", "give a str", code, "propose", "reason")
    _check_lines(code, proposal.lines, amount, base)
    return amount


def _check_lines(code: str, lines: object, amount: Decimal, base: Base) -> None:
    if not isinstance(lines, tuple | list):
        raise PluginError(lines, "what lines bear stands in a list", "give one Decimal a line", code, "propose", "lines")
    for part in lines:
        _check_amount(code, part, "lines")
    if not lines:
        return
    if len(lines) != len(base.lines):
        raise PluginError(len(lines), f"there are {len(base.lines)} lines to bear it", "give one Decimal a line", code, "propose", "lines")
    if add_up(lines) != amount:
        raise PluginError(add_up(lines), f"what lines bear sums to {amount}", "return both from the same sum", code, "propose", "lines")


def _check_amount(code: str, amount: object, field: str) -> None:
    if not isinstance(amount, Decimal):
        raise PluginError(amount, "a proposal is a Decimal, never a float", "work in Decimals", code, "propose", field)
    if not amount.is_finite() or amount < 0:
        raise PluginError(
            amount, "a proposal is finite and zero or more", "propose zero where there is nothing to give", code, "propose", field
        )
    if amount and not -_FINEST <= amount.adjusted() <= LARGEST_EXPONENT:
        raise PluginError(
            amount, f"a proposal has at most {LARGEST_EXPONENT} digits before the point", "propose what you mean", code, "propose", field
        )
