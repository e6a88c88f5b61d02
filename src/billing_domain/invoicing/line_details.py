"""What a document may say about single lines: what they are about, what the item is to others, and the price before a discount on it."""

from collections.abc import Iterable
from decimal import Decimal

import attrs

from billing_domain.accounts.model import checked_country
from billing_domain.doors import guarded
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id, checked_scheme, coded_id
from billing_domain.money import Number, not_negative


@guarded
@attrs.frozen
class ItemClass:
    """The class of an item in a list that others keep (`EN 16931` BT-158).

    Args:
        scheme: The list, as a code of UNTDID 7143, such as `STI` for the common procurement vocabulary.
        code: The class.
        version: The edition of the list; empty where it does not matter.

    Raises:
        InvalidValueError: List or class is blank (`BR-65`).

    Example:
        >>> ItemClass("STI", "64212000-5").code
        '64212000-5'
    """

    scheme: str
    code: str
    version: str = ""

    def __attrs_post_init__(self) -> None:
        coded_id((self.scheme, self.code), "the class of an item (BR-65)")


def _discount(value: Number | None) -> Decimal | None:
    return None if value is None else not_negative(value, "a price discount")


def _standard_item(value: tuple[str, str] | None) -> tuple[str, str] | None:
    return coded_id(value, "a standard item (BR-64)")


def _classes(values: Iterable[ItemClass]) -> tuple[ItemClass, ...]:
    return tuple(values)


def _properties(values: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    found = []
    for pair in values:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise InvalidTypeError(pair, "a property of an item is a name and a value", 'give a pair such as ("Speed", "100 Mbit/s")')
        found.append((checked_id(pair[0], "a property (BR-54)"), checked_id(pair[1], "the value of a property (BR-54)")))
    return tuple(found)


@guarded
@attrs.frozen(kw_only=True)
class LineDetails:
    """What a document says about one of its lines beside what made it; nothing of it changes an amount.

    Args:
        line: The number of the line; on a credit note, of the entry.
        note: A note (BT-127).
        object: What the line is about, such as a phone number or a meter (BT-128); its subscription or order where empty.
        object_scheme: What sort of number that is, as a code of UNTDID 1153.
        order_line: The line of the buyer's order (BT-132).
        accounting: Where the buyer books it (BT-133).
        description: More about the item than its name (BT-154).
        buyer_item: The buyer's code of the item (BT-156).
        standard_item: Scheme of ISO 6523 and code of the item, such as `("0160", "4012345000009")` for a GTIN (BT-157).
        classes: Classes of the item (BT-158).
        origin: The country that the item comes from, as a code of ISO 3166-1 (BT-159).
        properties: Pairs of name and value that tell more of the item, in the order in which they are shown (BG-32).
        price_discount: What the price was lowered by, without tax (BT-147); the gross price (BT-148) is the line's price and this.

    Raises:
        InvalidAmountError: The price discount is negative.
        InvalidTypeError: Standard item or a property is no pair.
        InvalidValueError: The line does not count from 1, a scheme stands without its number, or half of a pair is blank.

    Example:
        >>> LineDetails(line=1, object="+37060000001", buyer_item="ART-7", price_discount="1.00").price_discount
        Decimal('1.00')
    """

    line: int
    note: str = ""
    object: str = ""
    object_scheme: str = ""
    order_line: str = ""
    accounting: str = ""
    description: str = ""
    buyer_item: str = ""
    standard_item: tuple[str, str] | None = attrs.field(converter=_standard_item, default=None)
    classes: tuple[ItemClass, ...] = attrs.field(converter=_classes, default=())
    origin: str = ""
    properties: tuple[tuple[str, str], ...] = attrs.field(converter=_properties, default=())
    price_discount: Decimal | None = attrs.field(converter=_discount, default=None)

    def __attrs_post_init__(self) -> None:
        if self.line < 1:
            raise InvalidValueError(self.line, "lines count from 1", "give line.number")
        checked_scheme(self.object_scheme, self.object, "the object of a line")
        if self.origin:
            checked_country(self.origin)

    def of_entry(self, entry: int) -> "LineDetails":
        """Return what is said of an entry that lowers the line: what it is about and what the item is, without note and price discount."""
        return attrs.evolve(self, line=entry, note="", price_discount=None)


def told_once(values: Iterable[LineDetails]) -> tuple[LineDetails, ...]:
    """Return what is said of lines, each said once: a line is about one thing (`PEPPOL-EN16931-R100`).

    Raises:
        DuplicateIdError: A line is described twice.
    """
    found = tuple(values)
    numbers = [each.line for each in found]
    if len(set(numbers)) != len(numbers):
        doubled = next(number for number in numbers if numbers.count(number) > 1)
        raise DuplicateIdError(doubled, "a line is described once", "put both in one LineDetails")
    return found
