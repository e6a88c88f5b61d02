"""What the adapters share: cases, verdicts, and small accounts to bill."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from billing_domain import Account, AccountSnapshot, Party, Rulebook
from billing_domain.billing import rate
from billing_domain.money import add_up, exact, exponent
from billing_domain.periods import ActualDays, Frequency, FrequencyUnit
from billing_domain.tax import TaxCategory, TaxTreatment

DATA = Path(__file__).parent.parent / "data" / "agreement"
UTC = ZoneInfo("UTC")


class CaseRefusedError(Exception):
    """The case follows a rule that this library does not take over, for the reason given."""


class OtherPartError(Exception):
    """The case is about something that another part of the library answers."""


class DifferenceError(AssertionError):
    """Our figure is another one than theirs."""


class Verdict(NamedTuple):
    """What came of one case."""

    system: str
    id: str
    kind: str
    state: str
    text: str = ""


Adapter = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], None]


def cases(system: str) -> list[dict[str, Any]]:
    """Return the cases of a system."""
    found = json.loads((DATA / f"{system}_cases.json").read_text("utf-8"))
    return found["cases"] if isinstance(found, dict) else found


def judge(system: str, case: dict[str, Any], adapters: dict[str, Adapter]) -> Verdict:
    """Run one case and say what came of it."""
    name, kind = case["id"], case["kind"]
    adapter = adapters.get(kind)
    if adapter is None:
        return Verdict(system, name, kind, "elsewhere", "no part of billing")
    try:
        adapter(case["given"], case["expect"], case)
    except CaseRefusedError as reason:
        return Verdict(system, name, kind, "refused", str(reason))
    except OtherPartError as reason:
        return Verdict(system, name, kind, "elsewhere", str(reason))
    except DifferenceError as difference:
        return Verdict(system, name, kind, "differs", str(difference))
    return Verdict(system, name, kind, "agrees")


def judged(system: str, adapters: dict[str, Adapter]) -> Iterator[Verdict]:
    """Return the verdicts on all cases of a system."""
    return (judge(system, case, adapters) for case in cases(system))


def same(what: str, ours: Any, theirs: Any) -> None:
    """Compare one figure."""
    if ours != theirs:
        raise DifferenceError(f"{what}: ours {ours}, theirs {theirs}")


def day(text: str) -> date:
    """Return the day of an ISO text, with or without a time."""
    return date.fromisoformat(text[:10])


def day_or_none(text: str | None) -> date | None:
    """Return the day of an ISO text, and None as None."""
    return None if text is None else day(text)


def minor(value: Decimal, currency: str = "EUR") -> int:
    """Return an amount as whole minor units."""
    return int(value.scaleb(exponent(currency)))


def major(units: int | str, currency: str = "EUR") -> Decimal:
    """Return whole minor units as an amount."""
    return Decimal(units).scaleb(-exponent(currency))


def rounded(value: Decimal | Fraction, places: int) -> Decimal:
    """Return a value half up to so many places."""
    with exact():
        number = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else value
        return number.quantize(Decimal(1).scaleb(-places))


class TaxAt:
    """Everything is taxed at one rate."""

    def __init__(self, percent: str = "0") -> None:
        self.code = "agreement"
        self._treatment = TaxTreatment(TaxCategory.STANDARD if Decimal(percent) else TaxCategory.ZERO, percent)

    def treat(self, supply: Any) -> TaxTreatment:
        """Return the rate."""
        return self._treatment


def rules(*, proration: Any = None, tax: str = "0") -> Rulebook:
    """Return a rulebook with one tax rate."""
    return Rulebook(seller=Party("Seller", "LT"), tax=TaxAt(tax), proration=proration or ActualDays())


def account(*, currency: str = "EUR", zone: ZoneInfo = UTC, cycle: Any = None) -> Account:
    """Return an account."""
    extra = {} if cycle is None else {"cycle": cycle}
    return Account(id="A", currency=currency, zone=zone, locale="en", holder=Party("Buyer", "LT"), **extra)


def owed(snapshot: AccountSnapshot, through: date, rulebook: Rulebook | None = None) -> list[Any]:
    """Return what is owed, in order of periods."""
    found = rate(snapshot, through=through, rules=rulebook or rules())
    return sorted((each.facts for each in found.values()), key=lambda facts: facts.start)


def total(facts: list[Any]) -> Decimal:
    """Return the sum of what is owed."""
    return add_up(each.amount for each in facts)


FREQUENCIES = {
    "DAILY": Frequency.daily(), "WEEKLY": Frequency.weekly(), "BIWEEKLY": Frequency(FrequencyUnit.WEEK, 2),
    "THIRTY_DAYS": Frequency(FrequencyUnit.DAY, 30), "THIRTY_ONE_DAYS": Frequency(FrequencyUnit.DAY, 31),
    "SIXTY_DAYS": Frequency(FrequencyUnit.DAY, 60), "NINETY_DAYS": Frequency(FrequencyUnit.DAY, 90),
    "MONTHLY": Frequency.monthly(), "BIMESTRIAL": Frequency(FrequencyUnit.MONTH, 2), "QUARTERLY": Frequency.quarterly(),
    "TRIANNUAL": Frequency(FrequencyUnit.MONTH, 4), "BIANNUAL": Frequency(FrequencyUnit.MONTH, 6),
    "ANNUAL": Frequency.yearly(), "YEARLY": Frequency.yearly(), "SESQUIENNIAL": Frequency(FrequencyUnit.MONTH, 18),
    "BIENNIAL": Frequency(FrequencyUnit.YEAR, 2), "TRIENNIAL": Frequency(FrequencyUnit.YEAR, 3),
}  # fmt: skip
