"""What a document states: lines and credit entries, each with the facts that made it."""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

import attrs

from billing_domain.catalog import Working
from billing_domain.money import Money, money
from billing_domain.money.amounts import CONTEXT, ONE, add_up, decimals, minor_unit
from billing_domain.periods import Period
from billing_domain.reasons import Reason
from billing_domain.tax import TaxTreatment

LineKey = tuple[str, str, date]
"""Subscription or order, charge, start of the aligned service period: what is billed once."""


class ChargeKind(Enum):
    """What sort of charge a line comes from."""

    RECURRING = "recurring"
    USAGE = "usage"
    ONE_OFF = "one-off"
    ORDER = "order"
    DOCUMENT = "document"
    """A charge of a document as a whole, such as freight (`EN 16931` BG-21); no plan or order owes it."""
    FOREIGN = "foreign"
    """A line of a document that was made elsewhere and belongs to no subscription here."""


class EntryKind(Enum):
    """Why a credit entry lowers a line."""

    REVERSAL = "reversal"
    """Less is owed than was billed; made by reconciling."""
    CORRECTION = "correction"
    """An error, found by a person, a review or a dispute."""
    GOODWILL = "goodwill"
    """Nothing was wrong; the company gives something."""


class Piece(NamedTuple):
    """Some days of a charge: how much at which working, as a share of the whole period.

    Args:
        start: The first day.
        end: The day after the last.
        quantity: Units agreed, or usage measured.
        working: The price of a whole period.
        part: The share of the period, as `part` of `of`.
        of: See `part`.
        instead_of: The working that was billed for these days before; None where nothing was.
    """

    start: date
    end: date
    quantity: Decimal
    working: Working
    part: int = 1
    of: int = 1
    instead_of: Working | None = None

    @property
    def exact(self) -> Decimal:
        """What the piece adds, before rounding."""
        total = self.working.total
        if self.instead_of is not None:
            total = CONTEXT.subtract(total, self.instead_of.total)
        return CONTEXT.divide(CONTEXT.multiply(total, Decimal(self.part)), Decimal(self.of))

    @property
    def text(self) -> str:
        """The piece as a sum, such as `(3 × 12.50) × 17/31`."""
        shown = self.working.text
        if self.instead_of is not None:
            shown = f"{shown} − ({self.instead_of.text})"
        if self.part == self.of:
            return shown
        return f"({shown}) × {self.part}/{self.of}"


class LineFacts(NamedTuple):
    """Everything that made a line, stored exactly; explaining reads it and never rates again.

    Args:
        subscription_id: The subscription, or the order.
        charge: The code of the charge, or of the product.
        slot: Start of the aligned service period; the day of the change where one of length or anchor cut into it.
        slot_end: End of the aligned service period, half-open.
        start: The first day served.
        end: The day after the last day served.
        name: What documents call it.
        kind: What sort of charge it is.
        plan: The plan version as `code@version`; empty for an order.
        unit: What the quantity counts in; may be empty.
        pieces: The days and workings that make the amount; a reversal shows what is taken back.
        amount: The amount before discount, rounded.
        reinstates: Document and number of the entry that the line takes back; None for others.
    """

    subscription_id: str
    charge: str
    slot: date
    slot_end: date
    start: date
    end: date
    name: str
    kind: ChargeKind
    plan: str
    unit: str
    pieces: tuple[Piece, ...]
    amount: Decimal
    reinstates: "EntryRef | None" = None

    @property
    def key(self) -> LineKey:
        """What is billed once."""
        return (self.subscription_id, self.charge, self.slot)

    def of(self, pieces: tuple[Piece, ...], amount: Decimal) -> "LineFacts":
        """Return the facts of a part of the same thing: some pieces, at least one and in order of days, and what they come to."""
        name, charge, slot, slot_end, _, _, title, kind, plan, unit, _, _, _ = self
        part = (name, charge, slot, slot_end, pieces[0][0], pieces[-1][1], title, kind, plan, unit, pieces, amount, None)
        return tuple.__new__(LineFacts, part)

    @property
    def exact(self) -> Decimal:
        """The sum of the pieces, before rounding."""
        return add_up(piece.exact for piece in self.pieces)

    @property
    def text(self) -> str:
        """The whole working as one sum."""
        return " + ".join(piece.text for piece in self.pieces)


class LineRef(NamedTuple):
    """One line of one issued invoice.

    Args:
        invoice: The invoice's number.
        line: The line's number on it.
    """

    invoice: str
    line: int


class EntryRef(NamedTuple):
    """One credit entry of one issued document.

    Args:
        document: The number of the invoice or credit note that carries it.
        entry: The entry's number on it.
    """

    document: str
    entry: int


class Share(NamedTuple):
    """The part of a discount that one line bears.

    Args:
        grant_id: The grant that gives it.
        amount: How much, above zero.
        name: What documents call it.
        reason_code: Why, as a code of UNCL5189 (`EN 16931` BT-140, BT-98).
        on_document: Whether paper shows it as an allowance of the document (BG-20) instead of the line (BG-27).
    """

    grant_id: str
    amount: Decimal
    name: str = ""
    reason_code: str = ""
    on_document: bool = False


class Surcharge(NamedTuple):
    """What one line charges beside its price, such as handling (`EN 16931` BG-28); it is taxed like the line.

    Args:
        number: Its place on the line, from 1.
        amount: How much, above zero; with tax where the line's prices include it.
        name: What documents call it (BT-144).
        reason_code: Why, as a code of UNCL7161 (BT-145).
        percent: So many percent of `base` it was (BT-143); None where an amount was given, and where a part of it comes back.
        base: What the line charged after its own discount (BT-142); None where `percent` is.
    """

    number: int
    amount: Decimal
    name: str = ""
    reason_code: str = ""
    percent: Decimal | None = None
    base: Decimal | None = None


def shared(shares: tuple[Share, ...]) -> Decimal:
    """Return the sum of the shares."""
    if len(shares) == 1:
        return shares[0].amount
    return add_up([share.amount for share in shares])


def allowance_number(share: Share) -> int:
    """Return which allowance of a document as a whole gave a share, from 1; 0 for a share that a grant gave."""
    owner, _, number = share.grant_id.partition("/")
    return int(number) if owner == "document" and number.isdecimal() else 0


def surcharged(surcharges: tuple[Surcharge, ...]) -> Decimal:
    """Return the sum of the surcharges."""
    return add_up([surcharge.amount for surcharge in surcharges])


@attrs.frozen
class Line:
    """One charge on a document; never negative.

    Args:
        number: Its place on the document, from 1 (`EN 16931` BT-126).
        facts: What made it.
        treatment: How it is taxed.
        currency: The document's currency.
        shares: What grants take off it.
        net_amount: What is charged without tax.
        tax_point: The day whose rates hold.
        prices_include_tax: Whether its amounts before tax contain the tax.
        surcharges: What it charges beside its price; reconciling compares the amount without them.
    """

    number: int
    facts: LineFacts
    treatment: TaxTreatment
    currency: str
    shares: tuple[Share, ...]
    net_amount: Decimal
    tax_point: date
    prices_include_tax: bool = False
    surcharges: tuple[Surcharge, ...] = ()

    @property
    def id(self) -> str:
        """Its name within the account: subscription, charge, period and place."""
        facts = self.facts
        return f"{facts.subscription_id}/{facts.charge}/{facts.slot.isoformat()}/{self.number}"

    @property
    def key(self) -> LineKey:
        """What is billed once: subscription, charge, start of the aligned period."""
        return self.facts.key

    @property
    def charge(self) -> str:
        """The code of the charge or product."""
        return self.facts.charge

    @property
    def name(self) -> str:
        """What the document calls it."""
        return self.facts.name

    @property
    def period(self) -> Period:
        """The days served."""
        return Period(self.facts.start, self.facts.end)

    @property
    def working(self) -> "LineWorking":
        """How the amount comes about."""
        return LineWorking(self.facts.pieces, self.facts.amount)

    @property
    def list_amount(self) -> Decimal:
        """The amount before discount; with tax where prices include it."""
        return self.facts.amount

    @property
    def charged_amount(self) -> Decimal:
        """The amount after discount and with surcharges; with tax where prices include it."""
        amount = CONTEXT.subtract(self.facts.amount, shared(self.shares)) if self.shares else self.facts.amount
        return CONTEXT.add(amount, surcharged(self.surcharges)) if self.surcharges else amount

    @property
    def amount(self) -> Money:
        """The amount before discount and without surcharges."""
        return money(self.facts.amount, self.currency)

    @property
    def discount(self) -> Money:
        """What grants take off."""
        return money(shared(self.shares).quantize(minor_unit(self.currency), context=CONTEXT), self.currency)

    @property
    def surcharge(self) -> Money:
        """What it charges beside its price."""
        return money(surcharged(self.surcharges).quantize(minor_unit(self.currency), context=CONTEXT), self.currency)

    @property
    def net(self) -> Money:
        """What is charged without tax (`EN 16931` BT-131)."""
        return money(self.net_amount, self.currency)

    @property
    def quantity(self) -> Decimal:
        """The quantity that goes with `unit_price`; 1 where the working has several steps."""
        return _stated(self)[0]

    @property
    def unit_price(self) -> Decimal:
        """The price that goes with `quantity`: their product over `base_quantity` rounds to the amount (`EN 16931` BT-146)."""
        return _stated(self)[1]

    @property
    def base_quantity(self) -> Decimal:
        """How many units the price is for (`EN 16931` BT-149)."""
        return _stated(self)[2]


class LineWorking(NamedTuple):
    """How the amount of a line comes about.

    Args:
        pieces: The days and workings.
        amount: What they were rounded to.
    """

    pieces: tuple[Piece, ...]
    amount: Decimal

    @property
    def text(self) -> str:
        """The working as one sum with its result; where the line charges a part of it again, both the whole and the part."""
        whole, shown = add_up(piece.exact for piece in self.pieces), " + ".join(piece.text for piece in self.pieces)
        unit = ONE.scaleb(-decimals(self.amount), CONTEXT)
        if CONTEXT.subtract(whole, self.amount) < unit:
            return f"{shown} = {self.amount:f}"
        return f"{shown} = {whole.quantize(unit, context=CONTEXT):f}, of which {self.amount:f}"


def _stated(line: Line) -> tuple[Decimal, Decimal, Decimal]:
    """Return quantity, price and base quantity; one unit at the amount where a single product would not round to it."""
    whole = (ONE, line.facts.amount, ONE)
    if len(line.facts.pieces) != 1:
        return whole
    piece = line.facts.pieces[0]
    if len(piece.working.steps) != 1:
        return whole
    step = piece.working.steps[0]
    quantity, price = step.quantity, step.price
    if piece.instead_of is not None:
        before = piece.instead_of.steps
        if len(before) != 1 or before[0].price != price:
            return whole
        quantity = CONTEXT.subtract(quantity, before[0].quantity)
    quantity, base = CONTEXT.multiply(quantity, Decimal(piece.part)), Decimal(piece.of)
    if quantity < 0:
        return whole
    product = CONTEXT.divide(CONTEXT.multiply(quantity, price), base)
    fits = product.quantize(minor_unit(line.currency), context=CONTEXT) == line.facts.amount
    return (quantity, price, base) if fits else whole


@attrs.frozen
class CreditEntry:
    """What lowers one line of one issued invoice; all figures positive.

    Args:
        number: Its place on the document that carries it, from 1.
        ref: The line that it lowers.
        kind: Why.
        list_amount: What it lowers before discount and without surcharges; with tax where the line's prices include it.
        shares: What comes back to grants.
        net_amount: What it lowers without tax.
        tax_amount: The tax that comes back with it.
        treatment: How the line is taxed.
        currency: The line's currency.
        reason: Why, in words or as a code.
        facts: What was taken back: the line's own facts, with the pieces and the amount of the entry.
        surcharges: What comes back of the line's surcharges.
    """

    number: int
    ref: LineRef
    kind: EntryKind
    list_amount: Decimal
    shares: tuple[Share, ...]
    net_amount: Decimal
    tax_amount: Decimal
    treatment: TaxTreatment
    currency: str
    reason: Reason
    facts: LineFacts
    surcharges: tuple[Surcharge, ...] = ()

    def at(self, number: int) -> "CreditEntry":
        """Return the same entry at another place."""
        return attrs.evolve(self, number=number)

    @property
    def line(self) -> LineRef:
        """The line that it lowers."""
        return self.ref

    @property
    def period(self) -> Period:
        """The days of service that its facts cover: those of what was taken back."""
        return Period(self.facts.start, self.facts.end)

    @property
    def charged_amount(self) -> Decimal:
        """What it lowers after discount and with surcharges, in the terms of the line's prices."""
        amount = CONTEXT.subtract(self.list_amount, shared(self.shares)) if self.shares else self.list_amount
        return CONTEXT.add(amount, surcharged(self.surcharges)) if self.surcharges else amount

    @property
    def amount(self) -> Money:
        """What it lowers before discount and without surcharges."""
        return money(self.list_amount, self.currency)

    @property
    def net(self) -> Money:
        """What it lowers without tax."""
        return money(self.net_amount, self.currency)

    @property
    def tax(self) -> Money:
        """The tax that comes back with it."""
        return money(self.tax_amount, self.currency)

    @property
    def total_amount(self) -> Decimal:
        """Net and tax together."""
        return CONTEXT.add(self.net_amount, self.tax_amount)

    @property
    def total(self) -> Money:
        """Net and tax together."""
        return money(self.total_amount, self.currency)

    @property
    def name(self) -> str:
        """What the document calls the line."""
        return self.facts.name
