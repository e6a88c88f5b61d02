"""One side of a comparison: the documents of a bill, read as lines and entries by charge."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.invoicing import ChargeKind, CreditEntry, CreditNote, DraftCreditNote, DraftInvoice, Invoice, Line, LineFacts
from billing_domain.money.amounts import HUNDRED, ONE, ZERO
from billing_domain.payments.fees import LATE_FEE

Document = Invoice | DraftInvoice | CreditNote | DraftCreditNote
"""What a bill can be made of."""

ChargeName = tuple[str, str]
_FEE_ORDER = "fee-"


class Side(NamedTuple):
    """The documents of one bill together.

    Args:
        lines: Its lines.
        entries: Its credit entries.
        payable: What is to be paid, less credit notes.
        prepaid: What was paid before.
        payable_rounding: What reaching a payable step added.
        carried: What was open from before.
        grants: The grants that gave something.
        groups: The number of tax groups.
    """

    lines: tuple[Line, ...]
    entries: tuple[CreditEntry, ...]
    payable: Decimal
    prepaid: Decimal
    payable_rounding: Decimal
    carried: Decimal
    grants: frozenset[str]
    groups: int

    @property
    def total(self) -> Decimal:
        """What is to be paid, with what was open from before."""
        return self.payable + self.carried

    def charges(self) -> dict[ChargeName, list[Line]]:
        """Return the lines by charge, in order of first appearance."""
        found: dict[ChargeName, list[Line]] = {}
        for line in self.lines:
            if line.facts.reinstates is None and not is_late_fee(line.facts):
                found.setdefault(charge_name(line.facts), []).append(line)
        return found

    def plans_of(self, subscription_id: str) -> set[str]:
        """Return the codes of the plans under which a subscription is billed."""
        return {plan_of(line.facts) for line in self.lines if line.facts.subscription_id == subscription_id}


def listed(documents: Document | Iterable[Document]) -> list[Document]:
    """Return the documents of a bill as a list.

    Raises:
        InvalidTypeError: Something is no invoice, credit note or draft of one.
        InvalidValueError: There is no document.
    """
    found: list[Document] = [documents] if isinstance(documents, Document) else list(_iterated(documents))
    for document in found:
        if not isinstance(document, Document):
            raise InvalidTypeError(document, "a bill is made of invoices, credit notes and drafts of them", _REMEDY)
    if not found:
        raise InvalidValueError("no documents", "a bill has at least one document", "give the documents that are compared")
    return found


_REMEDY = "give documents, such as bill(...).invoice, or what issue(...) made of them"


def _iterated(documents: object) -> Iterable[Document]:
    if isinstance(documents, str) or not isinstance(documents, Iterable):
        raise InvalidTypeError(documents, "a bill is made of invoices, credit notes and drafts of them", _REMEDY)
    return documents


def side_of(documents: Iterable[Document], carried: Decimal = ZERO) -> Side:
    """Return the documents of one bill as one side; credit notes lower it."""
    lines: list[Line] = []
    entries: list[CreditEntry] = []
    payable = prepaid = rounding = ZERO
    groups = 0
    for document in documents:
        totals = document.totals
        entries.extend(document.entries)
        groups += len(totals.groups)
        if isinstance(document, CreditNote | DraftCreditNote):
            payable -= totals.payable_amount
            continue
        lines.extend(document.lines)
        payable += totals.payable_amount
        prepaid += totals.prepaid_amount
        rounding += totals.rounding_amount
    grants = frozenset(share.grant_id for line in lines for share in line.shares)
    return Side(tuple(lines), tuple(entries), payable, prepaid, rounding, carried, grants, groups)


def charge_name(facts: LineFacts) -> ChargeName:
    """Return what identifies a charge over several bills: foreign lines and sales go by what they are called."""
    match facts.kind:
        case ChargeKind.FOREIGN | ChargeKind.DOCUMENT:
            return (facts.kind.value, facts.name)
        case ChargeKind.ORDER:
            return (facts.kind.value, facts.charge.partition("@")[0])
        case _:
            return (facts.subscription_id, facts.charge)


def is_late_fee(facts: LineFacts) -> bool:
    """Say whether a line charges a fee for paying late, on a document of any system."""
    if facts.kind is ChargeKind.ORDER and facts.subscription_id.startswith(_FEE_ORDER):
        return True
    return facts.charge.partition("@")[0] == LATE_FEE.code


def plan_of(facts: LineFacts) -> str:
    """Return the code of the plan, without its version."""
    return facts.plan.partition("@")[0]


def factor(line: Line) -> Decimal:
    """Return what one unit of a line's price becomes on the bill: 1 where prices include tax, else 1 and the rate."""
    rate = line.treatment.rate
    if line.prices_include_tax or not rate:
        return ONE
    return ONE + rate / HUNDRED


def gross_of(line: Line) -> Decimal:
    """Return what a line comes to with tax, before the tax of its group is rounded."""
    return line.charged_amount * factor(line)


def by_slot(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of a charge by their period, the latest first."""
    found: dict[date, list[Line]] = {}
    for line in lines:
        found.setdefault(line.facts.slot, []).append(line)
    return [found[slot] for slot in sorted(found, reverse=True)]
