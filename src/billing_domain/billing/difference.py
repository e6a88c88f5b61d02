"""What a run compares by, and what it finds: settings, lines to be, and the difference between owed and billed."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.billing.rulebook import AtIssue, Rulebook
from billing_domain.billing.treatments import BuyerTreatments
from billing_domain.invoicing import CreditEntry, LineFacts, LineKey, Share, Surcharge
from billing_domain.money import Money, money
from billing_domain.money.amounts import minor_unit
from billing_domain.tax import TaxTreatment
from billing_domain.unchecked import unchecked

NewRow = tuple[LineFacts, TaxTreatment, date, bool, date, tuple[Share, ...] | None, tuple[Surcharge, ...]]
"""A line to be, before discount; a plain tuple, which is taken apart several times as quickly as a named one.

What makes it, how it is taxed, the day whose rates hold, whether its price contains the tax, the day on which it fell due,
what grants take off it (None where that is decided now), and what a credit brought back of surcharges that are charged again.
"""


@attrs.frozen
class Pending:
    """What is owed for a key but held back by corrections that people made.

    Args:
        key: Subscription, charge and start of the period.
        amount_held: How much, before discount.
        currency: ISO 4217 code.
    """

    key: LineKey
    amount_held: Decimal
    currency: str

    @property
    def amount(self) -> Money:
        """How much, before discount."""
        return money(self.amount_held, self.currency)


class Difference(NamedTuple):
    """What one run adds to the documents of an account.

    Args:
        rows: Lines to be, before discount.
        reversals: Credit entries.
        pending: What corrections hold back.
        beyond: By key, what would be reversed too if more of its lines were left.
    """

    rows: list[NewRow]
    reversals: list[CreditEntry]
    pending: list[Pending]
    beyond: dict[LineKey, Decimal]


@attrs.frozen
class Settings:
    """What reconciling needs beside owed and billed.

    Args:
        currency: ISO 4217 code.
        step: Its smallest amount.
        on: The day that new documents bear.
        at_issue: Whether that day is the tax point of all new lines, the ordinary case.
        through: The last day.
        settled: Periods that ended by this day are left alone.
        rules: The seller's strategies.
        treatments: How things are taxed.
    """

    currency: str
    step: Decimal
    on: date
    at_issue: bool
    through: date
    settled: date
    rules: Rulebook
    treatments: BuyerTreatments


_settings = unchecked(Settings)
Kept = dict[int, Settings]
"""Settings by the `id` of the treatments that they hold, so that it stays their own."""


def settings(currency: str, on: date, through: date, settled: date, rules: Rulebook, treatments: BuyerTreatments, kept: Kept) -> Settings:
    """Return the settings of one run; those of the last account with such a buyer where they are the same.

    Args:
        currency: See `Settings`; so are the others.
        on: The day that new documents bear.
        through: The last day.
        settled: Periods that ended by this day are left alone.
        rules: The seller's strategies.
        treatments: How things are taxed.
        kept: The last ones by the `id` of what they hold.

    Raises:
        ExceedsLimitError: The last day is too far ahead.
    """
    last = kept.get(id(treatments))
    if last is not None and last.through == through and last.currency == currency and last.settled == settled:
        return last
    rules.bounds.check_days(since=None, on=on, through=through)
    at_issue = rules.tax_point.__class__ is AtIssue
    found = _settings(currency, minor_unit(currency), on, at_issue, through, settled, rules, treatments)
    if treatments.is_shared:
        kept[id(treatments)] = found
    return found
