"""Drivers in words."""

from decimal import Decimal

import attrs

from billing_domain.care.driver_model import Driver, DriverKind
from billing_domain.care.explanation_model import Detail
from billing_domain.care.phrases import Percentage, Sayable, UnitPrice, Words
from billing_domain.money import money

_PRICES = frozenset({"before", "after"})
_TAX = frozenset({DriverKind.TAX_BASE, DriverKind.TAX_RATE})


def worded(driver: Driver, words: Words, detail: Detail) -> Driver:
    """Return the driver with its reason in words."""
    text = words.say(_code(driver), **_facts(driver))
    if detail is not Detail.CUSTOMER:
        who = words.say("responsible", who=words.say(f"who.{driver.responsible.value}"))
        text = f"{text} ({who})"
    return attrs.evolve(driver, text=text)


def _code(driver: Driver) -> str:
    """Return the code of the phrase: by what the facts allow to say, or by direction."""
    said = _SAID.get(driver.kind, _by_direction)(driver)
    return f"driver.{driver.kind.value}.{said}"


def _by_direction(driver: Driver) -> str:
    return "up" if driver.change_amount > 0 else "down"


def _first(driver: Driver) -> str:
    return str(driver.facts["sort"])


def _past_or_direction(driver: Driver) -> str:
    return "past" if "past" in driver.facts else _by_direction(driver)


def _days(driver: Driver) -> str:
    if "past" in driver.facts:
        return _by_direction(driver)
    return "days" if driver.facts.get("part") != driver.facts.get("of") else _by_direction(driver)


def _units(driver: Driver) -> str:
    if "after" in driver.facts:
        return _by_direction(driver)
    return "past" if "past" in driver.facts else "plain"


def _price(driver: Driver) -> str:
    if "after" in driver.facts:
        return "from-to"
    return "included" if "included" in driver.facts else _past_or_direction(driver)


def _overage(driver: Driver) -> str:
    return "new" if driver.facts.get("over") and not driver.facts.get("over_before") else _by_direction(driver)


def _credit(driver: Driver) -> str:
    """Tell a line that takes a credit back from a credit."""
    if "again" not in driver.facts:
        return _by_direction(driver)
    return "again" if driver.change_amount > 0 else "again-past"


def _tax(driver: Driver) -> str:
    """Return what can be said of tax: from nothing, to nothing, another rate, or only that it is another."""
    before, after = driver.facts.get("before"), driver.facts.get("after")
    if before is None:
        return "other"
    if driver.kind is DriverKind.TAX_BASE:
        return "taxed" if not before else "untaxed" if not after else "other"
    return _by_direction(driver)


_SAID = {
    DriverKind.FIRST_BILL: _first,
    DriverKind.PERIOD_LENGTH: _days,
    DriverKind.QUANTITY: _units,
    DriverKind.PRICE: _price,
    DriverKind.OVERAGE: _overage,
    DriverKind.CREDIT: _credit,
    DriverKind.TRUE_UP: _past_or_direction,
    DriverKind.TAX_BASE: _tax,
    DriverKind.TAX_RATE: _tax,
}
"""What can be said of a kind by its facts; of all others only whether it makes the bill higher or lower."""


def _facts(driver: Driver) -> dict[str, Sayable]:
    shown: dict[str, Sayable] = {"name": driver.name}
    for name, value in driver.facts.items():
        if isinstance(value, Decimal) and driver.kind is DriverKind.PRICE and name in _PRICES:
            shown[name] = UnitPrice(money(value, driver.currency))
        elif isinstance(value, Decimal) and driver.kind in _TAX:
            shown[name] = Percentage(value)
        elif isinstance(value, str | int | Decimal) and not isinstance(value, bool):  # a flag chooses the phrase and is no figure
            shown[name] = value
    if isinstance(shown.get("of"), int):
        shown["count"] = shown["of"]
    return shown
