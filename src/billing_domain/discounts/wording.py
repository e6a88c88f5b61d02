"""A policy read back in words, in English and Lithuanian; a value stands as a figure, so no word is inflected."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from billing_domain.conditions import sentence
from billing_domain.discounts.benefits import FixedAmount, FixedPrice, FreePeriods, FreeUnits, Percent, TieredPercent, WaivedFee
from billing_domain.discounts.duration import DurationKind, Window
from billing_domain.discounts.policy import DiscountPolicy
from billing_domain.discounts.protocols import Benefit
from billing_domain.discounts.scope import Scope, ScopeKind
from billing_domain.discounts.terms import Caps, Exclusive, Surplus
from billing_domain.doors import door
from billing_domain.money import Money, format_day, format_money, format_number, format_percent, parse_locale

ENGLISH = {
    "percent": "{value} off",
    "of": " ({codes})",
    "amount": "{value} off each document",
    "price": "at a price of {value}",
    "free_units": "{value} units free",
    "free_periods": "free for {value} periods",
    "waive": "fee waived",
    "plugin": "“{value}”",
    "tier": "{percent} up to {bound}",
    "last": "{percent} above",
    "tiers": "{value}",
    "once": "for one document",
    "periods": "for {value} periods",
    "until": "before {value}",
    "contract": "until the end of the contract",
    "forever": "without end",
    "recurring": "on recurring charges",
    "usage": "on usage",
    "one-off": "on one-off charges",
    "charges": "on charges {value}",
    "plans": "in plans {value}",
    "subscriptions": "for subscriptions {value}",
    "line": "at most {value} a line",
    "document": "at most {value} a document",
    "period": "at most {value} a period",
    "total": "at most {value} in all",
    "net_price": "no line below {value}",
    "window": "granted from {start} to before {end}",
    "from": "granted from {start}",
    "to": "granted before {end}",
    "if": "Condition: {value}",
    "by-priority": "alone, if it comes first",
    "above-all": "alone, before all others",
    "carried": "what is left over stays for later documents",
    "repeatable": "may be granted again",
    "budget": "{value} for all together",
    "uses": "{value} times in all",
    "end_notice": "the customer is told {value} days before the end",
}

LITHUANIAN = {
    "percent": "nuolaida {value}",
    "of": " ({codes})",
    "amount": "nuolaida {value} kiekvienam dokumentui",
    "price": "kaina {value}",
    "free_units": "nemokamų vienetų: {value}",
    "free_periods": "nemokamų laikotarpių: {value}",
    "waive": "mokestis netaikomas",
    "plugin": "„{value}“",
    "tier": "{percent} iki {bound}",
    "last": "{percent} daugiau",
    "tiers": "nuolaida {value}",
    "once": "vienam dokumentui",
    "periods": "laikotarpių skaičius: {value}",
    "until": "iki {value} (neįskaitant)",
    "contract": "iki sutarties pabaigos",
    "forever": "neribotai",
    "recurring": "periodiniams mokesčiams",
    "usage": "sunaudojimui",
    "one-off": "vienkartiniams mokesčiams",
    "charges": "mokesčiams {value}",
    "plans": "planams {value}",
    "subscriptions": "prenumeratoms {value}",
    "line": "ne daugiau kaip {value} eilutei",
    "document": "ne daugiau kaip {value} dokumentui",
    "period": "ne daugiau kaip {value} laikotarpiui",
    "total": "iš viso ne daugiau kaip {value}",
    "net_price": "eilutės kaina ne mažesnė kaip {value}",
    "window": "suteikiama nuo {start} iki {end} (neįskaitant)",
    "from": "suteikiama nuo {start}",
    "to": "suteikiama iki {end} (neįskaitant)",
    "if": "Sąlyga: {value}",
    "by-priority": "viena, jei yra pirmoji pagal pirmumą",
    "above-all": "viena, pirmiau už visas kitas",
    "carried": "likutis lieka kitiems dokumentams",
    "repeatable": "gali būti suteikta dar kartą",
    "budget": "visiems kartu {value}",
    "uses": "iš viso kartų: {value}",
    "end_notice": "klientui pranešama likus dienų iki pabaigos: {value}",
}

_PHRASES: Mapping[str, Mapping[str, str]] = MappingProxyType({"en": ENGLISH, "lt": LITHUANIAN})


class _Words:
    """The phrases and formats of one locale, and the zone in which days are told."""

    __slots__ = ("locale", "phrases", "zone")

    def __init__(self, locale: str, zone: ZoneInfo | None) -> None:
        self.locale = locale
        self.zone = zone
        self.phrases = _PHRASES.get(parse_locale(locale).language, ENGLISH)

    def say(self, key: str, **values: object) -> str:
        return self.phrases[key].format(**values)

    def money(self, value: Money) -> str:
        return format_money(value, locale=self.locale)


@door
def policy_sentence(policy: DiscountPolicy, *, locale: str, zone: ZoneInfo | None = None) -> str:
    r"""Return a policy in words: what it gives, on what, how long, at most, when, and to whom.

    Args:
        policy: The policy.
        locale: Where it is read, such as `lt_LT`; English where there are no words for its language.
        zone: In which the window is told, such as the account's; each instant in the zone in which it was written where None.

    Example:
        >>> from billing_domain.conditions import TENURE_MONTHS
        >>> from billing_domain.discounts import Duration
        >>> spring = DiscountPolicy(code="acme:spring", version=1, name="Spring offer", benefit=Percent(10, of=["base"]),
        ...                         duration=Duration.periods(3), condition=TENURE_MONTHS >= 12, names={"lt": "Pavasario pasiūlymas"})
        >>> policy_sentence(spring, locale="en_GB")
        'Spring offer: 10% off (base), for 3 periods. Condition: Tenure is at least 12 months.'
        >>> policy_sentence(spring, locale="lt_LT").replace("\xa0", " ")
        'Pavasario pasiūlymas: nuolaida 10 % (base), laikotarpių skaičius: 3. Sąlyga: Kliento stažas – ne mažiau kaip 12 mėn.'
    """
    words = _Words(locale, zone)
    name = dict(policy.names).get(parse_locale(locale).language, policy.name)
    said = f"{name}: {', '.join(_parts(policy, words))}."
    if policy.condition is None:
        return said
    return f"{said} {words.say('if', value=sentence(policy.condition, locale=locale))}"


def _parts(policy: DiscountPolicy, words: _Words) -> Iterator[str]:
    yield _benefit(policy.benefit, words)
    yield from _scope(policy.scope, words)
    if not isinstance(policy.benefit, FreePeriods):
        yield _duration(policy, words)
    yield from _caps(policy.caps, words)
    if policy.surplus is Surplus.CARRIED:
        yield words.say("carried")
    if policy.exclusive is not Exclusive.NO:
        yield words.say(policy.exclusive.value)
    if policy.repeatable:
        yield words.say("repeatable")
    yield from _limits(policy, words)
    yield from _window(policy.window, words)


def _benefit(benefit: Benefit, words: _Words) -> str:  # noqa: PLR0911  one case a benefit
    locale = words.locale
    match benefit:
        case Percent(percent=percent, of=of):
            return words.say("percent", value=format_percent(percent, locale=locale)) + _codes(of, words)
        case FixedAmount(amount=amount):
            return words.say("amount", value=words.money(amount))
        case FixedPrice(price=price):
            return words.say("price", value=words.money(price))
        case FreeUnits(units=units, charges=charges):
            return words.say("free_units", value=format_number(units, locale=locale)) + _codes(charges, words)
        case FreePeriods(periods=periods):
            return words.say("free_periods", value=periods)
        case WaivedFee(charges=charges):
            return words.say("waive") + _codes(charges, words)
        case TieredPercent():
            return words.say("tiers", value=_tiers(benefit, words))
        case _:
            return words.say("plugin", value=benefit.code)


def _codes(codes: frozenset[str], words: _Words) -> str:
    return words.say("of", codes=", ".join(sorted(codes))) if codes else ""


def _tiers(benefit: TieredPercent, words: _Words) -> str:
    said = []
    for tier in benefit.tiers:
        percent = format_percent(tier.percent, locale=words.locale)
        if tier.up_to is None:
            said.append(words.say("last", percent=percent))
        else:
            said.append(words.say("tier", percent=percent, bound=format_number(tier.up_to, locale=words.locale)))
    return "; ".join(said)


def _scope(scope: Scope, words: _Words) -> Iterator[str]:
    if scope.kind is not ScopeKind.ALL:
        yield words.say(scope.kind.value)
    for name in ("charges", "plans", "subscriptions"):
        listed = getattr(scope, name)
        if listed:
            yield words.say(name, value=", ".join(sorted(listed)))


def _duration(policy: DiscountPolicy, words: _Words) -> str:
    duration = policy.duration
    if duration.kind is DurationKind.UNTIL and duration.day is not None:
        return words.say("until", value=format_day(duration.day, locale=words.locale))
    return words.say(duration.kind.value, value=duration.count)


def _caps(caps: Caps, words: _Words) -> Iterator[str]:
    for name in ("line", "document", "period", "total", "net_price"):
        value = getattr(caps, name)
        if value is not None:
            yield words.say(name, value=words.money(value))


def _limits(policy: DiscountPolicy, words: _Words) -> Iterator[str]:
    if policy.budget is not None:
        yield words.say("budget", value=words.money(policy.budget))
    if policy.uses is not None:
        yield words.say("uses", value=policy.uses)
    if policy.end_notice is not None:
        yield words.say("end_notice", value=policy.end_notice)


def _window(window: Window, words: _Words) -> Iterator[str]:
    start, end = window.start, window.end
    if start is not None and end is not None:
        yield words.say("window", start=_day(start, words), end=_day(end, words))
    elif start is not None:
        yield words.say("from", start=_day(start, words))
    elif end is not None:
        yield words.say("to", end=_day(end, words))


def _day(instant: datetime, words: _Words) -> str:
    """Return an instant: the day, and the time where it is not midnight."""
    instant = instant if words.zone is None else instant.astimezone(words.zone)
    day = format_day(instant.date(), locale=words.locale)
    return day if instant.time() == instant.time().min else f"{day} {instant:%H:%M %Z}"
