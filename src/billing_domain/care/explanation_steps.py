"""The steps of a price in words: units, tiers, levels, packages, percentages, fees for each event, minimums and maximums."""

from decimal import Decimal

from billing_domain.care.phrases import Percentage, UnitPrice, Words
from billing_domain.care.step_kinds import StepKind, kind_of, together
from billing_domain.catalog import Step, Working
from billing_domain.money import money
from billing_domain.money.amounts import HUNDRED, ONE, ZERO

_AT = frozenset({"units", "stated", "tier", "percentage", "percent"})
_PERCENT = frozenset({"percentage", "percent"})
_SUMS = frozenset({"commitment", "spent", "minimum", "maximum"})
_BY_RANGE = frozenset({"flat", "level", "packages"})
_OTHERS = "otherwise"


def working_in_words(working: Working, unit: str, currency: str, words: Words, measured: Decimal = ZERO) -> str:
    """Return what a price comes from, step after step; steps of nothing are left out while others say more.

    Args:
        working: The steps.
        unit: What usage or units count in; empty for none.
        currency: ISO 4217 code.
        words: The words.
        measured: What was measured; it is said where no step does, as for a stair or for packages.
    """
    steps = together(step for step in working.steps if step.quantity) or [working.steps[0]]
    said = [_step(step, unit, currency, words) for step in steps]
    if unit and measured and all(kind_of(step.code).kind in _BY_RANGE for step in steps):
        said.insert(0, words.say("line.units", quantity=measured, unit=unit))
    return ", ".join(said)


def _step(step: Step, unit: str, currency: str, words: Words) -> str:
    """Return one multiplication in words; a step of a plugin by its own phrase, or by its code and figures."""
    kind = kind_of(step.code)
    quantity = words.say("line.units", quantity=step.quantity, unit=unit) if unit else words.shown(step.quantity)
    price = Percentage(step.price * HUNDRED) if kind.kind in _PERCENT else UnitPrice(money(step.price, currency))
    own = f"step.{step.code}"
    if words.knows(own):
        return words.say(own, quantity=quantity, price=price)
    said = _known(step, kind, quantity, price, currency, words)
    if not kind.cell:
        return said
    cell = words.say("line.otherwise") if kind.cell == _OTHERS else kind.cell.replace("/", ", ")
    return words.say("line.cell", name=cell, text=said)


def _known(step: Step, kind: StepKind, quantity: str, price: Percentage | UnitPrice, currency: str, words: Words) -> str:  # noqa: PLR0911  one return a sentence
    name = kind.kind
    if kind.is_free(step):
        return words.say("line.included", quantity=quantity) if step.quantity else words.say("line.unused")
    if name in _SUMS:
        return words.say(f"line.{name}", price=UnitPrice(money(abs(step.amount), currency)))
    if name in {"packages", "level", "nothing"}:
        return words.say(f"line.{name}", count=step.quantity, number=kind.number, price=price)
    if name == "flat" and kind.number:
        return words.say("line.tier-flat", number=kind.number, price=price)
    if name == "flat" or (step.quantity == ONE and name in {"fixed", "stated"}) or _is_one(step, name, quantity, words):
        return words.say("line.flat", price=price)
    if name == "fixed":
        return words.say("line.fixed", count=step.quantity, price=price)
    if name in _AT:
        return words.say("line.at", quantity=quantity, price=price)
    return words.say("line.step", code=name, quantity=quantity, price=price)


def _is_one(step: Step, name: str, quantity: str, words: Words) -> bool:
    """Say whether it is one unit without a name, so that the price says all."""
    return name == "units" and step.quantity == ONE and quantity == words.shown(ONE)


def says_nothing(working: Working) -> bool:
    """Say whether a price has one step that says no more than its amount."""
    if len(working.steps) != 1:
        return False
    step = working.steps[0]
    kind = kind_of(step.code)
    return step.quantity == ONE and kind.kind in {"flat", "units", "stated"} and not kind.number
