"""What becomes of a credit note that is more than its invoice has open: refund, account credit, or settled outside."""

from datetime import date

from billing_domain.doors import door
from billing_domain.errors import ExceedsLimitError, InvalidAmountError, UnknownReferenceError
from billing_domain.invoicing import CreditNote
from billing_domain.money import Money, amount_of, money
from billing_domain.money.amounts import ZERO, add_up
from billing_domain.payments.allocation import STANDARD
from billing_domain.payments.balance import balances
from billing_domain.payments.books import MoneyKind
from billing_domain.payments.model import AccountCredit, Refund, SettledOutside
from billing_domain.payments.protocols import Allocation, Ledger


@door
def remainder(ledger: Ledger, note: CreditNote | str, *, as_of: date, allocation: Allocation = STANDARD) -> Money:
    """Return what of a credit note is not set against its own invoice and waits for a decision.

    Args:
        ledger: The account.
        note: The credit note, or its number.
        as_of: The day.
        allocation: Where money goes that names no document.

    Raises:
        UnknownReferenceError: The account has no such credit note on that day.
    """
    number = note.number if isinstance(note, CreditNote) else note
    found = balances(ledger, as_of=as_of, allocation=allocation).by_source.get(number)
    if found is None or found.kind is not MoneyKind.CREDIT_NOTE:
        raise UnknownReferenceError(number, f"account {ledger.account.id} has no such credit note on {as_of}", "add it first")
    return money(found.unapplied, ledger.account.currency)


@door
def place_remainder(
    ledger: Ledger,
    note: CreditNote | str,
    *,
    id: str,  # noqa: A002  the public name
    on: date,
    refund: Money | None = None,
    credit: Money | None = None,
    outside: Money | None = None,
    allocation: Allocation = STANDARD,
) -> tuple[Refund | AccountCredit | SettledOutside, ...]:
    """Return the facts by which the remainder of a credit note is settled: refund, account credit and outside together are all of it.

    Args:
        ledger: The account, with the credit note.
        note: The credit note, or its number.
        id: The host's id; each fact adds what it is to it.
        on: The day.
        refund: What goes back to the customer.
        credit: What becomes account credit.
        outside: What is settled in some other way.
        allocation: Where money goes that names no document.

    Raises:
        ExceedsLimitError: The three are more than the remainder.
        InvalidAmountError: They are less, or one is below zero.

    Source: design of documents, rule 8.
    """
    number = note.number if isinstance(note, CreditNote) else note
    currency = ledger.account.currency
    left = remainder(ledger, note, as_of=on, allocation=allocation).amount
    parts = [ZERO if part is None else amount_of(part, currency) for part in (refund, credit, outside)]
    if any(part < 0 for part in parts):
        raise InvalidAmountError(min(parts), "a part of a remainder is not negative", "leave it out")
    if add_up(parts) > left:
        raise ExceedsLimitError(add_up(parts), f"{left} of {number} is left after its invoice", "give out no more than that")
    if add_up(parts) < left:
        raise InvalidAmountError(
            add_up(parts), f"refund, credit and outside together are the remainder of {number}, {left}", "say what becomes of the rest"
        )
    facts: list[Refund | AccountCredit | SettledOutside] = []
    if parts[0]:
        facts.append(Refund(f"{id}-refund", money(parts[0], currency), number, on))
    if parts[1]:
        facts.append(AccountCredit(f"{id}-credit", money(parts[1], currency), on, number))
    if parts[2]:
        facts.append(SettledOutside(f"{id}-outside", money(parts[2], currency), number, on, "remainder of a credit note"))
    return tuple(facts)
