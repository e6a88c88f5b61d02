"""Notes without what does not belong in them: card numbers, bank accounts, e-mail addresses and phone numbers."""

import re

_CARD = re.compile(r"(?<![\w])(?:\d[ -]?){12,18}\d(?![\w])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]*@([\w-])[\w-]*((?:\.[\w-]+)*\.[A-Za-z]{2,})")
_PHONE = re.compile(r"(?<![\w+])\+?\d(?:[ ()-]?\d){7,13}(?!\w)")
_SHOWN = 4
_TEN = 10


def redact(text: str) -> str:
    """Return the text with cards, IBANs, e-mail addresses and phone numbers masked.

    Of a card, an IBAN and a phone number the last four characters stay, of an address the first letters.

    Example:
        >>> redact("card 4111 1111 1111 1111, LT12 1000 0111 0100 1000, ona@example.lt, +370 600 00000")
        'card ************1111, ****************1000, o***@e***.lt, *******0000'
    """
    text = _EMAIL.sub(r"\1***@\2***\3", text)
    text = _IBAN.sub(_masked, text)
    text = _CARD.sub(lambda found: _masked(found) if _luhn(found.group()) else found.group(), text)
    return _PHONE.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    kept = re.sub(r"[^A-Za-z0-9]", "", found.group())
    return "*" * (len(kept) - _SHOWN) + kept[-_SHOWN:]


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in number if digit.isdigit()]
    doubled = [digit if place % 2 else sum(divmod(2 * digit, _TEN)) for place, digit in enumerate(reversed(digits), 1)]
    return sum(doubled) % _TEN == 0
