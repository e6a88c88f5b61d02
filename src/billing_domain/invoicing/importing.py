"""Documents that another system made, as invoices of this one: for an opening, and for a review of their fairness."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing_domain.accounts import Party
from billing_domain.catalog.working import single
from billing_domain.doors import door
from billing_domain.errors import ExceedsLimitError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.invoicing.details import NO_DETAILS, Details
from billing_domain.invoicing.documents import DraftInvoice, Invoice
from billing_domain.invoicing.foreign import ForeignLine
from billing_domain.invoicing.lines import ChargeKind, Line, LineFacts, Piece, Share, Surcharge, shared, surcharged
from billing_domain.invoicing.totals import Totals, tax_rows, totals_of
from billing_domain.money import exact, minor_unit, not_negative, require_whole
from billing_domain.money.amounts import CONTEXT, LOWERS, ONE
from billing_domain.periods import checked_day
from billing_domain.tax import TaxRounding


def product(quantity: Decimal, price: Decimal, base_quantity: Decimal, step: Decimal) -> Decimal:
    """Return quantity times price over base quantity, rounded half up once (`EN 16931` BT-131 before allowances and charges).

    Example:
        >>> product(Decimal(17), Decimal("30.00"), Decimal(31), Decimal("0.01"))
        Decimal('16.45')
    """
    return CONTEXT.divide(CONTEXT.multiply(quantity, price), base_quantity).quantize(step, context=CONTEXT)


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
    one that does counts as billed, so the next run bills the difference; what it charges beside its price is not compared.
    A line whose price comes to nothing is one unit at what it charges beside it; as that is no price of a subscription, it is never
    reconciled.

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
        ExceedsLimitError: A line takes more off than its price comes to, or states a net amount below its charges.

    Example:
        >>> from datetime import date
        >>> from billing_domain.invoicing import ForeignLine
        >>> from billing_domain.periods import Period
        >>> from billing_domain.tax import TaxCategory, TaxTreatment
        >>> march = Period(date(2026, 3, 1), date(2026, 4, 1))
        >>> fee = ForeignLine(name="Fee", period=march, treatment=TaxTreatment(TaxCategory.STANDARD, 21), price="9.90")
        >>> seller, buyer = Party("Mobilis, UAB", "LT", vat_id="LT100000000001"), Party("Ona Kazlauskienė", "LT")
        >>> known = {"account_id": "A-1", "currency": "EUR", "seller": seller, "buyer": buyer}
        >>> old = imported_invoice(number="OLD-1", on=march.start, due=march.last, lines=[fee], **known)
        >>> old.totals.payable.amount, old.through
        (Decimal('11.98'), datetime.date(2026, 3, 31))
    """
    checked_id(number, "an invoice", name="number")
    checked_day(on, "the day of issue")
    step = minor_unit(currency)
    with exact():
        foreign = list(lines)
        if not foreign:
            raise InvalidValueError(number, "an invoice has at least one line (BR-16)", "give its lines")
        rows = [_row(line, number, place, currency) for place, line in enumerate(foreign, 1)]
        charged = [row.charged for row in rows]
        taxed = tax_rows([line.treatment for line in foreign], charged, step, inclusive=prices_include_tax, rounding=tax_rounding)
        made = [
            Line(place, row.facts, line.treatment, currency, row.shares, net, line.tax_point or on, prices_include_tax, row.surcharges)
            for place, (line, row, net) in enumerate(zip(foreign, rows, taxed.nets, strict=True), 1)
        ]
        totals = _checked(stated, currency) or totals_of(taxed, (), currency)
        last = through or max(line.period.last for line in foreign)
        draft = DraftInvoice(account_id, currency, seller, buyer, made, (), totals, last, prices_include_tax, tax_rounding, details=details)
        return draft.issue(number=number, on=on, due=due)


class _Row(NamedTuple):
    facts: LineFacts
    shares: tuple[Share, ...]
    surcharges: tuple[Surcharge, ...]

    @property
    def charged(self) -> Decimal:
        return CONTEXT.add(CONTEXT.subtract(self.facts.amount, shared(self.shares)), surcharged(self.surcharges))


def _row(line: ForeignLine, number: str, place: int, currency: str) -> _Row:
    """Return what makes a line; its price, where the rest does not come to what is stated, and its charges, where it has no price."""
    shares, surcharges = _shares(line, number, currency), _surcharges(line, currency)
    off, up = shared(shares), surcharged(surcharges)
    by_price = product(line.quantity, line.price, line.base_quantity, minor_unit(currency))
    amount = by_price if line.net is None else CONTEXT.subtract(CONTEXT.add(_net(line.net, currency), off), up)
    if off > amount:
        rest = "take off no more than that" if line.net is None else "state a net amount that holds all charges"
        raise ExceedsLimitError(off, f"line {place} of {number} charges {amount} before allowances and charges", rest)
    owned = bool(line.subscription_id)
    if surcharges and not amount:
        amount, surcharges, owned = up, (), False  # no credit could bring a charge back from a line that charges nothing else
    of, part = line.base_quantity.as_integer_ratio()
    piece = Piece(line.period.start, line.period.end, line.quantity, single("stated", line.quantity, line.price), part, of)
    if amount != by_price:
        piece = piece._replace(working=single("stated", ONE, amount), part=1, of=1)
    return _Row(_facts(line, (number, place), piece, amount, owned=owned), shares, surcharges)


def _net(stated: Decimal, currency: str) -> Decimal:
    what = "the net amount of a line"
    return require_whole(not_negative(stated, what, LOWERS), currency, what)


def _facts(line: ForeignLine, apart: tuple[str, int], piece: Piece, amount: Decimal, *, owned: bool) -> LineFacts:
    """Return the facts of a line of its subscription, or of one that stands apart under the document's number and its place there."""
    slot = line.slot or line.period
    owner, charge = (line.subscription_id, line.charge) if owned else (apart[0], str(apart[1]))
    kind = ChargeKind.RECURRING if owned else ChargeKind.FOREIGN
    return LineFacts(
        owner, charge, slot.start, slot.end, line.period.start, line.period.end, line.name, kind, line.plan, line.unit, (piece,), amount
    )


def _shares(line: ForeignLine, number: str, currency: str) -> tuple[Share, ...]:
    return tuple(
        Share(f"{number}/{place}", require_whole(each.amount, currency, "an allowance"), each.reason, each.code)
        for place, each in enumerate(line.allowances, 1)
        if each.amount
    )


def _surcharges(line: ForeignLine, currency: str) -> tuple[Surcharge, ...]:
    found = [each for each in line.charges if each.amount]
    return tuple(
        Surcharge(place, require_whole(each.amount, currency, "a charge"), each.reason, each.code) for place, each in enumerate(found, 1)
    )


def _checked(stated: Totals | None, currency: str) -> Totals | None:
    if stated is not None and stated.currency != currency:
        raise InvalidValueError(stated.currency, f"the totals of a document are in its currency, {currency}", "give them in that currency")
    return stated
