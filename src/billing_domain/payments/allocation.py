"""Which debts money goes to: strategies that ship, and the check of what any of them answers."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from billing_domain.doors import door, guarded
from billing_domain.errors import BillingError, PluginError
from billing_domain.invoicing import Invoice, LineRef
from billing_domain.money import Money, allocate, amount_of, minor_unit, require_whole
from billing_domain.money.amounts import CONTEXT, ZERO, add_up
from billing_domain.payments.protocols import Allocation, Allotment, Debt

_subtract = CONTEXT.subtract


def _in_order(amount: Decimal, debts: Iterable[Debt], room: Callable[[Debt], Decimal]) -> dict[str, Decimal]:
    given: dict[str, Decimal] = {}
    for debt in debts:
        part = min(amount, room(debt))
        if part > 0:
            given[debt.number] = part
            amount = _subtract(amount, part)
    return given


def _open(debt: Debt) -> Decimal:
    return debt.open


@guarded
@attrs.frozen
class OldestDueFirst:
    """The debt that was due first is paid first, then the next.

    Example:
        >>> OldestDueFirst().code
        'oldest-due-first'
    """

    code = "oldest-due-first"

    def allot(self, allotment: Allotment) -> Mapping[str, Decimal]:
        """Return the amounts by number."""
        return _in_order(allotment.amount, sorted(allotment.debts, key=lambda debt: (debt.due, debt.on, debt.number)), _open)


@guarded
@attrs.frozen
class SmallestFirst:
    """The smallest open amount is paid first, so that as many documents as possible are settled."""

    code = "smallest-first"

    def allot(self, allotment: Allotment) -> Mapping[str, Decimal]:
        """Return the amounts by number."""
        return _in_order(allotment.amount, sorted(allotment.debts, key=lambda debt: (debt.open, debt.due, debt.number)), _open)


@guarded
@attrs.frozen
class Proportional:
    """Every debt gets its share of the money, in proportion to what is open on it."""

    code = "proportional"

    def allot(self, allotment: Allotment) -> Mapping[str, Decimal]:
        """Return the amounts by number."""
        opened = [debt.open for debt in allotment.debts]
        parts = allocate(min(allotment.amount, add_up(opened)), opened, minor_unit(allotment.currency))
        return {debt.number: part for debt, part in zip(allotment.debts, parts, strict=True) if part}


@guarded
@attrs.frozen
class NamedOnly:
    """Money goes to the documents that its payer named, and the rest waits."""

    code = "named-only"

    def allot(self, allotment: Allotment) -> Mapping[str, Decimal]:  # noqa: ARG002  the protocol's signature
        """Return nothing."""
        return {}


@guarded
@attrs.frozen
class UndisputedFirst:
    """What is not held is paid first, on every document; only then what is held.

    Args:
        then: The strategy by which each of the two is paid.

    Source: 12 CFR 1026.13 (d)(1): a consumer need not pay what is in dispute while it is.
    """

    then: Allocation = OldestDueFirst()
    code = "undisputed-first"

    def allot(self, allotment: Allotment) -> Mapping[str, Decimal]:
        """Return the amounts by number."""
        free = [debt._replace(open=debt.collectable, held=ZERO) for debt in allotment.debts if debt.collectable > 0]
        given = allotted(self.then, allotment._replace(debts=free)) if free else {}
        rest = _subtract(allotment.amount, add_up(given.values()))
        held = [debt._replace(open=debt.held) for debt in allotment.debts if debt.held > 0]
        more = allotted(self.then, allotment._replace(amount=rest, debts=held)) if held and rest else {}
        return {number: add_up(found[number] for found in (given, more) if number in found) for number in {**given, **more}}


STANDARD = UndisputedFirst()
"""What holds where a host says nothing: undisputed parts before disputed ones, the oldest due first."""


def allotted(strategy: Allocation, allotment: Allotment) -> dict[str, Decimal]:
    """Return what a strategy gives out, checked.

    Raises:
        PluginError: It raised, or gave out more than there is, more than a debt's open part, or to somebody else.

    Example:
        >>> from datetime import date
        >>> day = date(2026, 5, 1)
        >>> debt = Debt("MB-1", day, day, Decimal("30.00"), Decimal("30.00"), Decimal("0.00"))
        >>> allotted(OldestDueFirst(), Allotment(Decimal("12.00"), "EUR", [debt], day))
        {'MB-1': Decimal('12.00')}
    """
    try:
        answer = strategy.allot(allotment)
    except BillingError:
        raise
    except Exception as error:
        raise PluginError(repr(error), "a strategy answers with amounts by number", "mend the plugin", strategy.code, "allot") from error
    room = {debt.number: debt.open for debt in allotment.debts}
    left = allotment.amount
    given: dict[str, Decimal] = {}
    for number, part in _pairs(strategy, answer):
        if number not in room:
            raise _refused(strategy, number, "money goes to an open document of the account", "name one of the debts")
        amount = _amount(strategy, part, allotment.currency)
        if amount > room[number] or amount > left:
            raise _refused(
                strategy, amount, f"{number} has {room[number]} open and {left} is left to give", "give out no more than there is"
            )
        left = _subtract(left, amount)
        if amount:
            given[number] = amount
    return given


def _pairs(strategy: Allocation, answer: object) -> Iterable[tuple[str, Any]]:
    if not isinstance(answer, Mapping):
        raise _refused(strategy, answer, "a strategy answers with amounts by number", "return a mapping")
    return answer.items()


def _amount(strategy: Allocation, part: object, currency: str) -> Decimal:
    if not isinstance(part, Decimal) or not part.is_finite() or part < 0:
        raise _refused(strategy, part, "a part is a finite Decimal of zero or more", "give Decimals")
    try:
        return require_whole(part, currency, "a part")
    except BillingError as error:
        raise _refused(strategy, part, error.rule, error.remedy) from error


def _refused(strategy: Allocation, value: object, rule: str, remedy: str) -> PluginError:
    return PluginError(value, rule, remedy, strategy.code, "allot", "answer")


@door
def over_lines(invoice: Invoice, amount: Money) -> dict[LineRef, Money]:
    """Return how an amount spreads over the lines of an invoice, in proportion to what each charges with tax, exactly.

    It is for reports: the ledger sets money against documents, never against lines.

    Args:
        invoice: The invoice.
        amount: What was set against it, in its currency.

    Raises:
        InvalidAmountError: The amount is not in whole minor units.
    """
    paid = amount_of(amount, invoice.currency)
    gross = [CONTEXT.multiply(line.net_amount, CONTEXT.add(Decimal(100), line.treatment.rate or ZERO)) for line in invoice.lines]
    parts = allocate(paid, gross, minor_unit(invoice.currency))
    return {LineRef(invoice.number, line.number): Money(part, invoice.currency) for line, part in zip(invoice.lines, parts, strict=True)}
