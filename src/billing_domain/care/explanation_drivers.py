"""Drivers in words."""

from decimal import Decimal

import attrs

from billing_domain.care.driver_model import Driver, DriverKind
from billing_domain.care.explanation_model import Detail
from billing_domain.care.phrases import Percentage, Sayable, UnitPrice, Words
from billing_domain.money import money


def worded(driver: Driver, words: Words, detail: Detail) -> Driver:
    """Return the driver with its reason in words."""
    text = words.say(_code(driver), **_facts(driver))
    if detail is not Detail.CUSTOMER:
        who = words.say("responsible", who=words.say(f"who.{driver.responsible.value}"))
        text = f"{text} ({who})"
    return attrs.evolve(driver, text=text)


def _code(driver: Driver) -> str:
    """Return the code of the phrase: by direction, or by what the facts allow to say."""
    kind, facts = driver.kind, driver.facts
    base = f"driver.{kind.value}"
    if kind is DriverKind.FIRST_BILL:
        return f"{base}.{facts['sort']}"
    if kind is DriverKind.PERIOD_LENGTH and facts.get("part") != facts.get("of"):
        return f"{base}.days"
    if kind is DriverKind.QUANTITY and "after" not in facts:
        return f"{base}.plain"
    if kind is DriverKind.PRICE and "after" in facts:
        return f"{base}.from-to"
    if kind is DriverKind.OVERAGE and facts.get("over") and not facts.get("over_before"):
        return f"{base}.new"
    return f"{base}.{'up' if driver.change_amount > 0 else 'down'}"


def _facts(driver: Driver) -> dict[str, Sayable]:
    shown: dict[str, Sayable] = {"name": driver.name}
    for name, value in driver.facts.items():
        if isinstance(value, Decimal) and driver.kind is DriverKind.PRICE:
            shown[name] = UnitPrice(money(value, driver.currency))
        elif isinstance(value, Decimal) and driver.kind is DriverKind.TAX:
            shown[name] = Percentage(value)
        elif isinstance(value, str | int | Decimal):
            shown[name] = value
    return shown
