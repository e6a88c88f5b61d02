"""A host in small for tests of single features: an account, plans, and runs that are issued."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from billing_domain import Account, AccountSnapshot, Party, Rulebook, bill
from billing_domain.invoicing import EntryKind
from billing_domain.money import add_up
from billing_domain.tax import TaxCategory, TaxTreatment

VILNIUS = ZoneInfo("Europe/Vilnius")


class Untaxed:
    """A tax policy at zero percent."""

    code = "test:untaxed"

    def treat(self, supply):
        """Return a rate of zero."""
        return TaxTreatment(TaxCategory.ZERO, "0")


def rulebook(**changes):
    """Return a rulebook without tax."""
    return Rulebook(**{"seller": Party("Mobilis, UAB", "LT"), "tax": Untaxed(), **changes})


def account(name="A-1", **changes):
    """Return an account in Vilnius."""
    return Account(**{"id": name, "currency": "EUR", "zone": VILNIUS, "locale": "lt_LT", "holder": Party("Ona", "LT"), **changes})


def snapshot(*subscriptions, **changes):
    """Return a snapshot of these subscriptions."""
    return AccountSnapshot(account(), list(subscriptions), **changes)


def issued(known, result, on):
    """Return the snapshot with the documents of a run issued."""
    for draft in (*result.invoices, *result.credit_notes):
        number = f"N-{len(known.invoices) + len(known.credit_notes):04}"
        known = known.add(draft.issue(number=number, on=max(on, getattr(draft, "invoice_on", on))))
    return known


def run(known, through, rules=None):
    """Bill and issue."""
    return issued(known, bill(known, through=through, rules=rules or rulebook()), through)


def net_by_key(known):
    """Return what documents bill for each key: lines less reversals."""
    found = {}
    for invoice in known.invoices:
        for line in invoice.lines:
            found.setdefault(line.key, []).append(line.list_amount)
    for document in (*known.invoices, *known.credit_notes):
        for entry in document.entries:
            assert entry.kind is EntryKind.REVERSAL
            found.setdefault(entry.facts.key, []).append(-entry.list_amount)
    sums = {key: add_up(amounts) for key, amounts in found.items()}
    return {key: amount for key, amount in sums.items() if amount}


def amounts(facts):
    """Return amounts by charge and start."""
    return {(each.charge, str(each.start)): str(each.amount) for each in facts}


def day(text):
    """Return an ISO day."""
    return date.fromisoformat(text)


ZERO = Decimal(0)
