"""An explanation as a value: sentences, lines and drivers, with its text and its page."""

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum

import attrs

from billing_domain.care.driver_model import Driver
from billing_domain.care.explanation_chart import waterfall
from billing_domain.care.explanation_html import PageReasons, PageRow, page
from billing_domain.care.phrases import Words
from billing_domain.money import Money, money
from billing_domain.money.amounts import CONTEXT, HUNDRED, ZERO, add_up, minor_unit

_FOLDED_FROM = 4
_FEW_PERCENT = Decimal(2)


class Detail(Enum):
    """For whom an explanation is made."""

    CUSTOMER = "customer"
    """Plain words."""
    AGENT = "agent"
    """Also plan, tax, references and who brought a difference about."""
    AUDITOR = "auditor"
    """Also each working as a sum, and each rounding before and after."""


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@attrs.frozen
class LineExplanation:
    """One line or credit entry in words.

    Args:
        number: Its number on the document.
        name: What it is for.
        stated_amount: What it charges after discount, in the terms of its price; below zero for a credit.
        currency: ISO 4217 code.
        text: The line in one sentence.
        details: How the amount comes about, one step after the other.
        heading: The line without its amount, for a table that has a column for it.
    """

    number: int
    name: str
    stated_amount: Decimal
    currency: str
    text: str
    details: tuple[str, ...] = attrs.field(converter=_texts, default=())
    heading: str = ""

    @property
    def amount(self) -> Money:
        """What it charges after discount."""
        return money(self.stated_amount, self.currency)


def _lines(values: Iterable[LineExplanation]) -> tuple[LineExplanation, ...]:
    return tuple(values)


def _drivers(values: Iterable[Driver]) -> tuple[Driver, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class Explanation:
    """A bill in plain words: what stands on it, why it differs from the last one, and what comes next.

    Args:
        title: What is explained.
        summary: The most important in one sentence.
        words: The words it is written in.
        detail: For whom.
        currency: ISO 4217 code.
        before_amount: What the earlier bill came to, with what was open from before; None where none was given.
        after_amount: What this bill comes to, with what was open from before.
        drivers: Why it differs, the largest reason first; they sum exactly to the difference.
        lines: Its lines and credit entries.
        closing: What follows the lines: tax, what was paid before, what is to be paid.
        upcoming: The next bill in one sentence; empty where none was given.
        supposed: Whether it compares a bill as things stand with one after a change, and not with the last one.
    """

    title: str
    summary: str
    words: Words
    detail: Detail
    currency: str
    before_amount: Decimal | None
    after_amount: Decimal
    drivers: tuple[Driver, ...] = attrs.field(converter=_drivers, default=())
    lines: tuple[LineExplanation, ...] = attrs.field(converter=_lines, default=())
    closing: tuple[str, ...] = attrs.field(converter=_texts, default=())
    upcoming: str = ""
    supposed: bool = False

    @property
    def locale(self) -> str:
        """Where it is read."""
        return self.words.locale

    @property
    def language(self) -> str:
        """The language of its sentences: that of the locale where a phrasebook has it, else English with figures as the locale has them."""
        return self.words.language

    @property
    def lacking(self) -> tuple[str, ...]:
        """The codes of sentences that the language lacks, so that they stand in English where the bill needs them; empty for none."""
        return self.words.lacking

    @property
    def difference(self) -> Money:
        """By how much this bill is higher than the earlier one; what it comes to where there is none."""
        return money(CONTEXT.subtract(self.after_amount, self.before_amount or ZERO), self.currency)

    @property
    def shown_drivers(self) -> tuple[tuple[str, Money], ...]:
        """Why it differs as pairs of words and amount, with small reasons folded into one; the sum stays the same."""
        shown = [(driver.text, driver.amount) for driver in self.drivers]
        if len(shown) < _FOLDED_FROM:
            return tuple(shown)
        least = max(HUNDRED * minor_unit(self.currency), CONTEXT.divide(abs(self.difference.amount) * _FEW_PERCENT, HUNDRED))
        small = [amount.amount for _, amount in shown if abs(amount.amount) < least]
        if len(small) < 2:
            return tuple(shown)
        kept = [(text, amount) for text, amount in shown if abs(amount.amount) >= least]
        return (*kept, (self.words.say("driver.other", count=len(small)), money(add_up(small), self.currency)))

    @property
    def text(self) -> str:
        """Everything as plain text."""
        parts = [f"{self.summary}."]
        if len(self.drivers) > 1:
            shown = [f"  {self.words.signed(amount)}  {text}" for text, amount in self.shown_drivers]
            parts.append("\n".join([f"{self.words.say('bill.why')}:", *shown]))
        if self.lines:
            parts.append("\n".join([f"{self.words.say('bill.lines')}:", *(_shown(line) for line in self.lines)]))
        parts.append("\n".join(self.closing))
        if self.upcoming:
            parts.append(self.upcoming)
        return "\n\n".join(part for part in parts if part)

    def waterfall(self) -> str:
        """Return the difference as a drawing: an SVG element from the earlier total over each driver to this one; empty without drivers."""
        if self.before_amount is None or not self.drivers:
            return ""
        sides = ("now", "then") if self.supposed else ("before", "after")
        labels = [self.words.say(f"chart.{side}") for side in sides]
        return waterfall(self.words, (labels[0], labels[1]), money(self.before_amount, self.currency), self.shown_drivers)

    def html(self) -> str:
        """Return everything as a page that stands alone: no script, no font or picture from elsewhere."""
        rows = [PageRow(line.heading or line.text, line.amount, line.details) for line in self.lines]
        closing = [text for text in (*self.closing, self.upcoming) if text]
        return page(self.words, self.title, self.summary, PageReasons(self.waterfall(), self.shown_drivers), rows, closing)


def _shown(line: LineExplanation) -> str:
    return "\n".join([f"  {line.text}", *(f"    {detail}" for detail in line.details)])
