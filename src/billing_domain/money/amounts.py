"""Exact amounts: what counts as a number, the library's own decimal context, and currencies.

The arithmetic of the library never depends on the caller's decimal context: engines run inside `exact()`,
which holds 60 digits and makes every wrong operation an error.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from decimal import (
    ROUND_HALF_UP,
    Clamped,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    Underflow,
    getcontext,
    localcontext,
)
from functools import lru_cache, reduce
from typing import NamedTuple

from babel.numbers import get_currency_precision
from moneyed import CURRENCIES, Currency, Money

from billing_domain.errors import (
    CurrencyMismatchError,
    InvalidAmountError,
    InvalidTypeError,
    UnknownCurrencyError,
)

Number = Decimal | int | str
"""What a user may write where a number is wanted: a Decimal, a whole number or text, never a float."""

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
LARGEST_EXPONENT = 30

CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP, Emin=-999, Emax=999, capitals=1, clamp=0,
                  flags=[], traps=[InvalidOperation, DivisionByZero, Overflow, Underflow, Clamped])  # fmt: skip


def exact() -> AbstractContextManager[Context]:
    """Return a context manager that sets the library's decimal context and puts the caller's back.

    Example:
        >>> from decimal import Decimal, getcontext, localcontext
        >>> with localcontext(prec=3), exact():
        ...     Decimal("123456.78") + Decimal("0.01")
        Decimal('123456.79')
    """
    return localcontext(CONTEXT)


def is_exact(context: Context) -> bool:
    """Say whether a context that `exact` gave is still the one that counts, and as it was.

    Args:
        context: The context.

    Example:
        >>> with exact() as context:
        ...     before = is_exact(context)
        ...     context.prec = 3
        ...     before, is_exact(context)
        (True, False)
    """
    return getcontext() is context and _ways(context) == _ways(CONTEXT)


def _ways(context: Context) -> tuple[object, ...]:
    return context.prec, context.rounding, context.Emin, context.Emax, context.clamp, context.traps


def to_decimal(value: Number, what: str = "amount") -> Decimal:
    """Return the value as a finite Decimal, exactly as written.

    Args:
        value: A Decimal, a whole number, or text such as `"9.90"`.
        what: What the number is, for the message.

    Raises:
        InvalidTypeError: A float, a bool or anything else that is not a `Number`.
        InvalidAmountError: NaN, infinity, text that is not a plain number, or a size beyond 30 digits.

    Example:
        >>> to_decimal("9.90")
        Decimal('9.90')
    """
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, bool) or not isinstance(value, int | str):
        raise InvalidTypeError(
            value, f"{what} is a Decimal, an int or text, never {type(value).__name__}", 'write it as text, such as "9.90"'
        )
    else:
        number = _parsed(value, what)
    if not number.is_finite():
        raise InvalidAmountError(value, f"{what} is a finite number", "give a real amount")
    if number and (number.adjusted() > LARGEST_EXPONENT or decimals(number) > LARGEST_EXPONENT):
        raise InvalidAmountError(value, f"{what} has at most {LARGEST_EXPONENT} digits on either side of the point", "check the unit")
    return number


def _parsed(value: int | str, what: str) -> Decimal:
    if isinstance(value, str) and (not value.isascii() or "_" in value or value != value.strip()):
        raise InvalidAmountError(value, f"{what} is a plain number", 'write it with a point, such as "9.90"')
    try:
        return Decimal(value)
    except InvalidOperation:
        raise InvalidAmountError(value, f"{what} is a plain number", 'write it with a point, such as "9.90"') from None


def decimals(value: Decimal) -> int:
    """Return how many decimals a finite Decimal is written with; 0 for whole numbers.

    Example:
        >>> decimals(Decimal("9.90")), decimals(Decimal("1E+2"))
        (2, 0)
    """
    places = value.as_tuple().exponent
    return max(-places, 0) if isinstance(places, int) else 0


@lru_cache(maxsize=64)
def places_of(step: Decimal) -> int:
    """Return how many decimals a step needs; equal steps need the same, however they are written, so the answer is kept.

    Example:
        >>> places_of(Decimal("0.01")), places_of(Decimal("0.050")), places_of(Decimal(1))
        (2, 2, 0)
    """
    return decimals(step.normalize(CONTEXT))


@lru_cache(maxsize=64)
def units_of(step: Decimal) -> tuple[Decimal, Decimal]:
    """Return how many units that the decimals of a step count go into one, and what each of them is worth.

    Example:
        >>> units_of(Decimal("0.01")), units_of(Decimal("0.050"))
        ((Decimal('1E+2'), Decimal('0.01')), (Decimal('1E+2'), Decimal('0.01')))
    """
    places = places_of(step)
    return ONE.scaleb(places, CONTEXT), ONE.scaleb(-places, CONTEXT)


LOWERS = "give zero or more; what lowers a bill is a credit or a discount"
"""The remedy where somebody may have meant to lower a bill by a price or quantity below zero."""


def not_negative(value: Number, what: str, remedy: str = "give zero or more") -> Decimal:
    """Return the value as a Decimal that is zero or more.

    Raises:
        InvalidAmountError: It is below zero.

    Example:
        >>> not_negative(3, "quantity")
        Decimal('3')
    """
    number = to_decimal(value, what)
    if number < 0:
        raise InvalidAmountError(value, f"{what} is not negative", remedy)
    return number


@lru_cache(maxsize=512)
def exponent(currency: str) -> int:
    """Return how many decimals an amount of the currency has.

    Args:
        currency: A code of ISO 4217 in capitals.

    Returns:
        2 for EUR, 0 for JPY, 3 for BHD; the figures are those of Unicode CLDR.

    Raises:
        UnknownCurrencyError: The code is not known.

    Example:
        >>> [exponent(code) for code in ("EUR", "JPY", "BHD")]
        [2, 0, 3]
    """
    if not isinstance(currency, str) or currency not in CURRENCIES:
        raise UnknownCurrencyError(currency, "a currency is a code of ISO 4217 in capitals", 'give a code such as "EUR"')
    return get_currency_precision(currency)


@lru_cache(maxsize=512)
def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount of the currency.

    Example:
        >>> minor_unit("EUR"), minor_unit("JPY")
        (Decimal('0.01'), Decimal('1'))
    """
    return ONE.scaleb(-exponent(currency), CONTEXT)


@lru_cache(maxsize=512)
def _currency(code: str) -> Currency:
    exponent(code)
    return CURRENCIES[code]


class Amount(NamedTuple):
    """An amount with its currency as models hold it: unlike a `Money` it can not be changed.

    Args:
        amount: In major units, exact.
        currency: ISO 4217 code.
    """

    amount: Decimal
    currency: str

    @property
    def money(self) -> Money:
        """The same as a fresh `Money`."""
        return money(self.amount, self.currency)


def frozen_amount(value: "Money | Amount") -> Amount:
    """Return a `Money` as a model holds it.

    Raises:
        InvalidTypeError: It is neither a `Money` nor an `Amount`.

    Example:
        >>> frozen_amount(Money("3.00", "EUR"))
        Amount(amount=Decimal('3.00'), currency='EUR')
    """
    if isinstance(value, Amount):
        return Amount(to_decimal(value.amount), _currency(value.currency).code)
    if not isinstance(value, Money):
        raise InvalidTypeError(value, "an amount of money is a Money", 'write Money("3.00", "EUR")')
    return Amount(to_decimal(value.amount), value.currency.code)


def frozen_amount_or_none(value: "Money | Amount | None") -> Amount | None:
    """Return a `Money` as a model holds it, and None as None."""
    return None if value is None else frozen_amount(value)


def money(amount: Number, currency: str) -> Money:
    """Return a fresh `Money`, exactly as written.

    Args:
        amount: The amount in major units.
        currency: A code of ISO 4217.

    Raises:
        InvalidTypeError: The amount is a float.
        UnknownCurrencyError: The code is not known.

    Example:
        >>> money("9.90", "EUR").amount
        Decimal('9.90')
    """
    return Money(to_decimal(amount), _currency(currency))


def amount_of(value: Money, currency: str, what: str = "amount") -> Decimal:
    """Return the finite amount of a `Money` in the currency that is wanted.

    Raises:
        InvalidTypeError: It is not a `Money`.
        CurrencyMismatchError: It is in another currency.

    Example:
        >>> amount_of(Money("3.00", "EUR"), "EUR")
        Decimal('3.00')
    """
    if not isinstance(value, Money):
        raise InvalidTypeError(value, f"{what} is a Money", f'write Money("3.00", "{currency}")')
    if value.currency.code != currency:
        raise CurrencyMismatchError(f"{value.amount} {value.currency.code}", f"{what} is in {currency} here", "convert it first")
    return to_decimal(value.amount, what)


def add_up(values: Iterable[Decimal]) -> Decimal:
    """Return the exact sum, whatever the caller's decimal context.

    Example:
        >>> add_up([Decimal("0.10"), Decimal("0.20")])
        Decimal('0.30')
    """
    return reduce(CONTEXT.add, values, ZERO)


def sum_money(values: Iterable[Money], currency: str) -> Money:
    """Return the exact sum, right for no values at all.

    Raises:
        CurrencyMismatchError: One of them is in another currency.

    Example:
        >>> sum_money([Money("0.10", "EUR"), Money("0.20", "EUR")], "EUR").amount
        Decimal('0.30')
    """
    return money(add_up(amount_of(value, currency) for value in values), currency)
