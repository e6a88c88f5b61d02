"""Notes without what does not belong in them: card numbers, bank accounts, e-mail addresses and phone numbers.

What is likely to be one is masked, whatever separators stand in it; days, amounts and numbers of documents stay readable.
"""

import re
from collections.abc import Callable, Iterator

_SPACE = "[ \u00a0\u2007\u2009\u202f.\\-\u2010-\u2015/]"
_DAY = r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4})(?!\d)"
_EMAIL = re.compile(r"(?<![\w.+%'&-])([\w+])[\w.+%'&-]*@(\w)[\w-]*((?:\.[\w-]+)*\.[\w-]{2,})")
_IBAN = re.compile(rf"(?<![^\W_])[A-Z]{{2}}\d{{2}}(?:{_SPACE}?[A-Z0-9]){{11,30}}(?![^\W_])", re.IGNORECASE | re.ASCII)
_LIKE_IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_CARD = re.compile(rf"(?<!\d)(?:(?!{_DAY})\d{_SPACE}?){{12,18}}(?!{_DAY})\d(?!\d)")
_PHONE = re.compile(
    rf"(?<![\w+])(?<!\w[-./])(?!\d+\.\d{{1,2}}(?![\d.]))\+?(?!{_DAY})\d(?:(?:{_SPACE}|[()]){{0,2}}(?!{_DAY})\d){{7,14}}(?!\w)"
)
_SHOWN = 4
_TEN = 10
_CARD_DIGITS = range(13, 20)


def redact(text: str) -> str:
    """Return the text with cards, IBANs, e-mail addresses and phone numbers masked.

    Of a card, an IBAN and a phone number the last four characters stay, of an address the first letters.

    Example:
        >>> redact("card 4111 1111 1111 1111, LT12 1000 0111 0100 1000, ona@example.lt, +370 600 00000")
        'card ************1111, ****************1000, o***@e***.lt, *******0000'
        >>> redact("on 2026-03-12 she paid 31.58 of MB-00012345")
        'on 2026-03-12 she paid 31.58 of MB-00012345'
    """
    text = _EMAIL.sub(r"\1***@\2***\3", text)
    text = _each(text, _IBAN, _iban)
    text = _each(text, _CARD, _card)
    return _PHONE.sub(lambda found: _masked(found.group()), text)


def _each(text: str, pattern: re.Pattern[str], secret: Callable[[str], str]) -> str:
    """Mask what of each candidate is a secret; a candidate that holds none is looked through from its second character on."""
    parts, done, place = [], 0, 0
    while found := pattern.search(text, place):
        hidden = secret(found.group())
        place = found.start() + (len(hidden) or 1)
        if hidden:
            parts += [text[done : found.start()], _masked(hidden)]
            done = place
    return "".join([*parts, text[done:]])


def _starts(candidate: str) -> Iterator[str]:
    """Return what a candidate begins with, the longest first, up to a separator or its end."""
    ends = [place for place in range(len(candidate)) if not candidate[place].isalnum()]
    return (candidate[:end] for end in (len(candidate), *reversed(ends)) if candidate[end - 1].isalnum())


def _iban(candidate: str) -> str:
    for start in _starts(candidate):
        if _checked(_plain(start)):
            return start
    like = _LIKE_IBAN.match(candidate)  # mistyped, but nothing else looks like it
    return like.group() if like else ""


def _card(candidate: str) -> str:
    return next((start for start in _starts(candidate) if len(_plain(start)) in _CARD_DIGITS and _luhn(_plain(start))), "")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _masked(found: str) -> str:
    kept = _plain(found)
    return "*" * (len(kept) - _SHOWN) + kept[-_SHOWN:]


def _checked(iban: str) -> bool:
    """Say whether the check digits of an IBAN fit (ISO 7064, MOD 97-10)."""
    return int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1


def _luhn(number: str) -> bool:
    doubled = [int(digit) if place % 2 else sum(divmod(2 * int(digit), _TEN)) for place, digit in enumerate(reversed(number), 1)]
    return sum(doubled) % _TEN == 0
