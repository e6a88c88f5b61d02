"""A day sweep over foreign items, which name neither charge nor period: what is still billed, and what a history owes beyond it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from agreement.world import day, rounded
from billing_domain.errors import DuplicateIdError, ExceedsLimitError
from billing_domain.money import add_up, exact

Item = dict[str, Any]
Days = tuple[date, date]


class Billed(NamedTuple):
    """A foreign item with the days that it still covers."""

    item: Item
    days: list[Days]
    left: Decimal


def net_items(existing: list[Item]) -> list[Item]:
    """Return what is still billed once repairs are applied."""
    found = _billed(existing)
    _check_single(found)
    stretches = [_part(billed.item, stretch) for billed in found for stretch in billed.days]
    return stretches + [item for item in existing if item["type"] == "FIXED"]


def merge_items(existing: list[Item], proposed: list[Item]) -> list[Item]:
    """Return what a history owes beyond foreign items: new items, and repairs of days that are not owed."""
    billed = _billed(existing)
    _check_single(billed)
    owed = [item for item in proposed if item["type"] == "RECURRING"]
    _check_single([Billed(item, [_days(item)], Decimal(item["amount"])) for item in owed])
    found = [_part(item, stretch) for item in owed for stretch in _without([_days(item)], _covered(item, billed))]
    for each in billed:
        left = each.left
        for stretch in _without(each.days, [_days(item) for item in owed if _kind(item) == _kind(each.item)]):
            amount = min(Decimal(_part(each.item, stretch)["amount"]), left)
            left -= amount
            if amount:
                found.append({"type": "REPAIR_ADJ", "start": str(stretch[0]), "end": str(stretch[1]), "amount": str(-amount)})
    known = {(_sub(item), item["start"], Decimal(item["amount"])) for item in existing if item["type"] == "FIXED"}
    return found + [
        item for item in proposed if item["type"] == "FIXED" and (_sub(item), item["start"], Decimal(item["amount"])) not in known
    ]


def _covered(wanted: Item, billed: Iterable[Billed]) -> list[Days]:
    return [stretch for each in billed if _kind(each.item) == _kind(wanted) for stretch in each.days]


def _sub(item: Item) -> str:
    return item.get("sub", "")


def _kind(item: Item) -> tuple[Any, ...]:
    return _sub(item), item.get("plan"), item.get("phase"), Decimal(item["rate"]) if item.get("rate") is not None else None


def _days(item: Item) -> Days:
    return day(item["start"]), day(item["end"])


def _billed(existing: list[Item]) -> list[Billed]:
    """Return the items with the days that no repair took away, and what is left of their amounts."""
    found = []
    for item in existing:
        if item["type"] != "RECURRING":
            continue
        linked = [other for other in existing if other.get("links_to") is not None and other["links_to"] == item.get("ref")]
        repairs = [other for other in linked if other["type"] == "REPAIR_ADJ"]
        amount = Decimal(item["amount"])
        taken = add_up(Decimal(other["amount"]) for other in linked)
        if -taken > amount:
            raise ExceedsLimitError(-taken, f"an item of {amount} gives back no more than that", "check the repairs")
        days = _without([_days(item)], [_days(other) for other in repairs])
        found.append(Billed(item, [_days(item)] if not repairs else days, amount + taken))
    return found


def _check_single(billed: list[Billed]) -> None:
    """Refuse days that two items of one subscription bill, unless one of them was given back or is free."""
    live = [(_sub(each.item), stretch) for each in billed if each.left for stretch in each.days]
    for index, (sub, (start, end)) in enumerate(live):
        for other, (its_start, its_end) in live[index + 1 :]:
            if sub == other and max(start, its_start) < min(end, its_end):
                raise DuplicateIdError(f"{max(start, its_start)}", "one item bills a day", "check the items")


def _without(days: list[Days], taken: list[Days]) -> list[Days]:
    """Return the days that are not taken."""
    for gone_start, gone_end in taken:
        rest = []
        for start, end in days:
            for first, last in ((start, min(end, gone_start)), (max(start, gone_end), end)):
                if first < last and (first, last) not in rest:
                    rest.append((first, last))
        days = rest
    return days


def _part(item: Item, stretch: Days) -> Item:
    """Return the part of an item that some of its days bear, rounded once."""
    start, end = _days(item)
    with exact():
        amount = Decimal(item["amount"]) * (stretch[1] - stretch[0]).days / (end - start).days
    return {**item, "start": str(stretch[0]), "end": str(stretch[1]), "amount": str(rounded(amount, 2))}
