"""Documents that another system made, as invoices of this one: for an opening, and for a review of their fairness."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from billing_domain.accounts import Party
from billing_domain.catalog.working import single
from billing_domain.doors import door, guarded
from billing_domain.errors import ExceedsLimitError, InvalidAmountError, InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.invoicing.details import NO_DETAILS, Details
from billing_domain.invoicing.documents import DraftInvoice, Invoice
from billing_domain.invoicing.lines import ChargeKind, Line, LineFacts, Piece, Share
from billing_domain.invoicing.totals import Totals, tax_rows, totals_of
from billing_domain.money import Number, add_up, exact, minor_unit, not_negative, require_whole, to_decimal
from billing_domain.money.amounts import CONTEXT, LOWERS, ONE
from billing_domain.periods import Period, checked_day
from billing_domain.tax import TaxRounding, TaxTreatment


def product(quantity: Decimal, price: Decimal, base_quantity: Decimal, step: Decimal) -> Decimal:
    """Return quantity times price over base quantity, rounded half up once (`EN 16931` BT-131 before allowances and charges).

    Example:
        >>> product(Decimal(17), Decimal("30.00"), Decimal(31), Decimal("0.01"))
        Decimal('16.45')
    """
    return CONTEXT.divide(CONTEXT.multiply(quantity, price), base_quantity).quantize(step, context=CONTEXT)


def _exactly(value: Number) -> Decimal:
    return to_decimal(value)


def _perhaps(value: Number | None) -> Decimal | None:
    return None if value is None else to_decimal(value)


def _not_below_zero(value: Number) -> Decimal:
    return not_negative(value, "an allowance or a charge")


@guarded
@attrs.frozen
class ForeignAdjustment:
    """What lowers or raises a line of another system, as its document states it (`EN 16931` BG-27, BG-28).

    Args:
        reason: Why, in words (BT-139, BT-144).
        amount: How much, zero or more, in the terms of the line's prices.
        code: Why, as a code of UNCL5189 for an allowance (BT-140), or of UNCL7161 for a charge (BT-145).

    Raises:
        InvalidAmountError: The amount is negative: what raises a line is a charge.

    Example:
        >>> ForeignAdjustment("Loyalty", "1.45", "95").amount
        Decimal('1.45')
    """

    reason: str
    amount: Decimal = attrs.field(converter=_not_below_zero)
    code: str = ""


_Adjusted = ForeignAdjustment | tuple[str, Number] | tuple[str, Number, str]


def _adjustments(values: Iterable[_Adjusted]) -> tuple[ForeignAdjustment, ...]:
    return tuple(each if isinstance(each, ForeignAdjustment) else _adjustment(each) for each in values)


def _adjustment(value: tuple[Any, ...]) -> ForeignAdjustment:
    if not isinstance(value, tuple | list) or not 2 <= len(value) <= 3:
        raise InvalidTypeError(value, "what lowers or raises a line has a reason, an amount and perhaps a code", "give a ForeignAdjustment")
    return ForeignAdjustment(*value)


@attrs.frozen(kw_only=True)
class ForeignLine:
    """A line as another system billed it.

    Args:
        name: What was billed.
        period: The days served.
        treatment: How it was taxed.
        price: The price of `base_quantity` units, zero or more.
        quantity: How many; below zero is refused, since what lowers a bill is a credit.
        base_quantity: How many units the price is for.
        net: The amount after allowances that the document states, in the terms of its prices, where it does not follow from the rest.
        allowances: What the document takes off the line (BG-27); pairs of reason and amount, with a code as a third, will do.
        unit: What the quantity counts in.
        subscription_id: The subscription that it belongs to, where it is billed here from now on.
        charge: The code of its charge there.
        slot: The aligned period that it belongs to; `period` where None.
        plan: The plan version as `code@version`.
        tax_point: The day whose rates hold; the day of issue where None.

    Raises:
        InvalidAmountError: Price or quantity is negative, or the base quantity not above zero.

    Example:
        >>> from datetime import date
        >>> from billing_domain.tax import TaxCategory
        >>> march = Period(date(2026, 3, 1), date(2026, 4, 1))
        >>> ForeignLine(name="Fee", period=march, treatment=TaxTreatment(TaxCategory.STANDARD, 21), price="9.90").quantity
        Decimal('1')
    """

    name: str
    period: Period
    treatment: TaxTreatment
    price: Decimal = attrs.field(converter=_exactly)
    quantity: Decimal = attrs.field(converter=_exactly, default=ONE)
    base_quantity: Decimal = attrs.field(converter=_exactly, default=ONE)
    net: Decimal | None = attrs.field(converter=_perhaps, default=None)
    allowances: tuple[ForeignAdjustment, ...] = attrs.field(converter=_adjustments, default=())
    unit: str = ""
    subscription_id: str = ""
    charge: str = ""
    slot: Period | None = None
    plan: str = ""
    tax_point: date | None = None

    def __attrs_post_init__(self) -> None:
        not_negative(self.price, "a price", LOWERS)
        not_negative(self.quantity, "a quantity", LOWERS)
        if self.base_quantity <= 0:
            raise InvalidAmountError(
                self.base_quantity, "a base quantity is above zero (PEPPOL-EN16931-R121)", "leave it out where it is 1"
            )
        if bool(self.subscription_id) is not bool(self.charge):
            raise InvalidValueError(
                self.subscription_id or self.charge, "a line that belongs to a subscription names its charge", "give both or neither"
            )
        if not isinstance(self.period, Period):
            raise InvalidTypeError(self.period, "the days of a line are a Period", "give Period(start, end)")


@door
def imported_invoice(
    *,
    number: str,
    on: date,
    due: date,
    account_id: str,
    currency: str,
    seller: Party,
    buyer: Party,
    lines: Iterable[ForeignLine],
    through: date | None = None,
    prices_include_tax: bool = False,
    tax_rounding: TaxRounding = TaxRounding.PER_GROUP,
    stated: Totals | None = None,
    details: Details = NO_DETAILS,
) -> Invoice:
    """Return a document of another system as an invoice of this one.

    Its lines can be credited, disputed, paid and reviewed like any others. A line that names no subscription is never reconciled;
    one that does counts as billed, so the next run bills the difference.

    Args:
        number: Its number.
        on: The day of issue.
        due: The day on which it falls due.
        account_id: Whose it is.
        currency: ISO 4217 code.
        seller: Who sold.
        buyer: Who owes.
        lines: What it charges.
        through: The last day up to which it bills; the last day of its latest line where None.
        prices_include_tax: Whether its prices contain the tax.
        tax_rounding: Where its tax was rounded.
        stated: The totals that it states; worked out from the lines where None. They are kept as they are, right or wrong.
        details: What else it says.

    Raises:
        InvalidValueError: It has no lines, or its totals are in another currency.
        ExceedsLimitError: A line takes more off than it charges.

    Example:
        >>> from datetime import date
        >>> from billing_domain.tax import TaxCategory
        >>> march = Period(date(2026, 3, 1), date(2026, 4, 1))
        >>> fee = ForeignLine(name="Fee", period=march, treatment=TaxTreatment(TaxCategory.STANDARD, 21), price="9.90")
        >>> seller, buyer = Party("Mobilis, UAB", "LT", vat_id="LT100000000001"), Party("Ona Kazlauskienė", "LT")
        >>> known = {"account_id": "A-1", "currency": "EUR", "seller": seller, "buyer": buyer}
        >>> old = imported_invoice(number="OLD-1", on=march.start, due=march.last, lines=[fee], **known)
        >>> old.totals.payable.amount, old.through
        (Decimal('11.98'), datetime.date(2026, 3, 31))
    """
    checked_id(number, "an invoice")
    checked_day(on, "the day of issue")
    step = minor_unit(currency)
    with exact():
        foreign = list(lines)
        if not foreign:
            raise InvalidValueError(number, "an invoice has at least one line (BR-16)", "give its lines")
        rows = [_facts(line, number, place, currency) for place, line in enumerate(foreign, 1)]
        shares = [_shares(line, number, currency) for line in foreign]
        charged = [
            CONTEXT.subtract(facts.amount, add_up(share.amount for share in given)) for facts, given in zip(rows, shares, strict=True)
        ]
        taxed = tax_rows([line.treatment for line in foreign], charged, step, inclusive=prices_include_tax, rounding=tax_rounding)
        made = [
            Line(place, facts, line.treatment, currency, given, net, line.tax_point or on, prices_include_tax)
            for place, (line, facts, given, net) in enumerate(zip(foreign, rows, shares, taxed.nets, strict=True), 1)
        ]
        totals = _checked(stated, currency) or totals_of(taxed, (), currency)
        last = through or max(line.period.last for line in foreign)
        draft = DraftInvoice(account_id, currency, seller, buyer, made, (), totals, last, prices_include_tax, tax_rounding, details=details)
        return draft.issue(number=number, on=on, due=due)


def _facts(line: ForeignLine, number: str, place: int, currency: str) -> LineFacts:
    slot = line.slot or line.period
    of, part = line.base_quantity.as_integer_ratio()
    piece = Piece(line.period.start, line.period.end, line.quantity, single("stated", line.quantity, line.price), part, of)
    amount = product(line.quantity, line.price, line.base_quantity, minor_unit(currency))
    off = add_up(each.amount for each in line.allowances)
    if off > amount and line.net is None:
        raise ExceedsLimitError(off, f"line {place} of {number} charges {amount}", "take off no more than that")
    if line.net is not None and line.net != CONTEXT.subtract(amount, off):
        net = require_whole(not_negative(line.net, "the net amount of a line", LOWERS), currency, "the net amount of a line")
        amount = CONTEXT.add(net, off)
        piece = piece._replace(working=single("stated", ONE, amount), part=1, of=1)
    owner, charge = (line.subscription_id, line.charge) if line.subscription_id else (number, str(place))
    kind = ChargeKind.RECURRING if line.subscription_id else ChargeKind.FOREIGN
    return LineFacts(
        owner, charge, slot.start, slot.end, line.period.start, line.period.end, line.name, kind, line.plan, line.unit, (piece,), amount
    )


def _shares(line: ForeignLine, number: str, currency: str) -> tuple[Share, ...]:
    return tuple(
        Share(f"{number}/{place}", require_whole(each.amount, currency, "an allowance"), each.reason, each.code)
        for place, each in enumerate(line.allowances, 1)
        if each.amount
    )


def _checked(stated: Totals | None, currency: str) -> Totals | None:
    if stated is not None and stated.currency != currency:
        raise InvalidValueError(stated.currency, f"the totals of a document are in its currency, {currency}", "give them in that currency")
    return stated
