"""Explain a bill: what stands on it, why it differs from the last one, and what the next one will be."""

from collections.abc import Iterable, Sequence

from billing_domain.care.driver_model import Driver
from billing_domain.care.driver_sides import Document, listed, side_of
from billing_domain.care.drivers import drivers_between, first_bill
from billing_domain.care.explanation_drivers import worded
from billing_domain.care.explanation_lines import explain_entry, explain_line, grants_by_id
from billing_domain.care.explanation_model import Detail, Explanation, LineExplanation
from billing_domain.care.phrases import Percentage, Phrasebook, Sayable, UnitPrice, Words
from billing_domain.discounts import Grant
from billing_domain.doors import door
from billing_domain.invoicing import CreditNote, DraftCreditNote, DraftInvoice, Invoice, TaxGroup
from billing_domain.money import Money, amount_of, exact, money, require_whole, round_amount
from billing_domain.money.amounts import CONTEXT, HUNDRED, ZERO

NAMED_IN_SUMMARY = 3
_OPEN = "what was open from before"


@door
def explain(
    invoice: Document | Iterable[Document],
    previous: Document | Iterable[Document] | None = None,
    *,
    locale: str,
    detail: Detail = Detail.CUSTOMER,
    first: bool = False,
    grants: Iterable[Grant] = (),
    carried: Money | None = None,
    carried_before: Money | None = None,
    upcoming: DraftInvoice | None = None,
    phrasebooks: Iterable[Phrasebook] = (),
) -> Explanation:
    """Return a bill in plain words, read off the facts of its lines; nothing is rated again.

    Args:
        invoice: The bill: an invoice, a draft, or all documents of one run.
        previous: The bill before it; without it nothing is said about a difference.
        locale: Where it is read, such as `lt_LT`. English words serve where no phrasebook has the language or the
            phrase, with figures as the locale has them; `language` and `lacking` of the answer say so.
        detail: For whom: customer, agent or auditor.
        first: Whether it is the customer's first bill; its drivers then say what it is made of.
        grants: What was granted, for percentages and for the place of a month in the term of a discount.
        carried: What was open from before when the bill was made.
        carried_before: The same for the bill before it.
        upcoming: The next bill as it will be if nothing changes, a draft.
        phrasebooks: Words of plugins, asked before the shipped ones.

    Returns:
        Text, drivers that sum exactly to the difference, lines, and a page with a drawing.

    Raises:
        CurrencyMismatchError: Bills or balances are in different currencies.
        InvalidAmountError: A balance has more decimals than its currency.
        InvalidTypeError: Something is no document, the detail no `Detail`, or the next bill no draft.
        InvalidValueError: The locale is not known, or there is no document.

    Example:
        See the explanation of drivers.
    """
    known = tuple(grants)
    documents, before = listed(invoice), None if previous is None else listed(previous)
    words = Words.of(locale, phrasebooks)
    currency = documents[0].currency
    with exact():
        open_now, open_before = (
            ZERO if value is None else require_whole(amount_of(value, currency, _OPEN), currency, _OPEN)
            for value in (carried, carried_before)
        )
        found: tuple[Driver, ...] = ()
        if before is not None:
            found = drivers_between(before, documents, carried_before=open_before, carried=open_now)
        elif first:
            found = first_bill(documents, carried=open_now)
        drivers = [worded(driver, words, detail) for driver in found]
        after = side_of(documents, open_now).total
        earlier = side_of(before, open_before).total if before is not None else (ZERO if first else None)
        return Explanation(
            title=_title(documents[0], words),
            summary=_summary(
                money(after - (earlier or ZERO), currency), drivers, words, documents, first=first, compared=before is not None
            ),
            words=words,
            detail=detail,
            currency=currency,
            before_amount=earlier,
            after_amount=after,
            drivers=drivers,
            lines=_lines(documents, words, detail, known),
            closing=_closing(documents, words, detail, money(open_now, currency)),
            upcoming=_upcoming(upcoming, words),
        )


def _title(document: Document, words: Words) -> str:
    match document:
        case Invoice():
            return words.say("bill.title", number=document.number, on=document.on)
        case CreditNote():
            return words.say("bill.credit-note", number=document.number, on=document.on, invoice=document.invoice)
        case DraftCreditNote():
            return words.say("bill.credit-draft", invoice=document.invoice)
        case _:
            return words.say("bill.draft", through=document.through)


def _summary(
    difference: Money, drivers: Sequence[Driver], words: Words, documents: Sequence[Document], *, first: bool, compared: bool
) -> str:
    reasons = "; ".join(driver.text for driver in drivers[:NAMED_IN_SUMMARY])
    if compared:
        direction = "same" if not difference.amount else "up" if difference.amount > 0 else "down"
        said = words.say(f"change.{direction}", amount=money(abs(difference.amount), difference.currency.code))
    elif first:
        said = words.say("change.first")
    else:
        return _title(documents[0], words)
    return f"{said}: {reasons}" if reasons else said


def _lines(documents: Iterable[Document], words: Words, detail: Detail, grants: Iterable[Grant]) -> list[LineExplanation]:
    known = grants_by_id(grants)
    found: list[LineExplanation] = []
    for document in documents:
        if isinstance(document, Invoice | DraftInvoice):
            found += [explain_line(line, words, detail, known) for line in document.lines]
        found += [explain_entry(entry, words, detail) for entry in document.entries]
    return found


def _closing(documents: Iterable[Document], words: Words, detail: Detail, carried: Money) -> list[str]:
    said: list[str] = []
    for document in documents:
        totals = document.totals
        said.append(words.say("bill.totals", net=totals.net, tax=totals.tax))
        if detail is not Detail.CUSTOMER:
            said += [_group(group, words, detail) for group in totals.groups]
        if totals.prepaid_amount:
            said.append(words.say("bill.prepaid", amount=totals.prepaid))
        if totals.rounding_amount:
            said.append(words.say("bill.rounding", amount=totals.rounding))
        said.append(_to_pay(document, words))
    if carried.amount:
        said.append(words.say("bill.carried", amount=carried))
    return said


def _group(group: TaxGroup, words: Words, detail: Detail) -> str:
    """Return the tax of a group; for an auditor with its rounding step, where the tax is that of the sum."""
    rate: Sayable = "" if group.rate is None else Percentage(group.rate)
    facts: dict[str, Sayable] = {"category": group.category.value, "rate": rate, "net": group.net, "tax": group.tax}
    unrounded = CONTEXT.divide(CONTEXT.multiply(group.net_amount, group.rate or ZERO), HUNDRED)
    if detail is Detail.AUDITOR and unrounded != group.tax_amount and round_amount(unrounded, group.currency) == group.tax_amount:
        return words.say("bill.group-rounded", exact=UnitPrice(money(unrounded, group.currency)), **facts)
    return words.say("bill.group", **facts)


def _to_pay(document: Document, words: Words) -> str:
    if isinstance(document, Invoice):
        return words.say("bill.payable", amount=document.totals.payable, due=document.due)
    said = "bill.to-pay" if isinstance(document, DraftInvoice) else "bill.credited"
    return words.say(said, amount=document.totals.payable)


def _upcoming(draft: DraftInvoice | None, words: Words) -> str:
    if draft is None:
        return ""
    return words.say("bill.next", through=draft.through, amount=draft.totals.payable) + "."
