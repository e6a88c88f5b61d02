"""What type checkers must accept and refuse of `billing_domain.care`; checked, never run."""

from datetime import date

from attrs import frozen

from billing_domain import AccountSnapshot, Plan, Rulebook, compare_plans
from billing_domain.care import AnyTime, PlanChoice, Switch, Switching, SwitchRules


@frozen
class NextMonth:
    """Rules of a host: on the first of the next month."""

    code = "acme:next-month"

    def earliest(self, switch: Switch) -> date | None:
        """Return the day."""
        return date(switch.on.year + switch.on.month // 12, switch.on.month % 12 + 1, 1)


@frozen
class Wordy:
    """Rules that answer with a text."""

    code = "acme:wordy"

    def earliest(self, switch: Switch) -> str:
        """Return the day as text."""
        return switch.on.isoformat()


def rules_of_switching() -> list[Switching]:
    """Rules of the library and of a host fit the protocol, and what answers otherwise does not."""
    wrong: Switching = Wordy()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    return [AnyTime(), SwitchRules(days_between=30), NextMonth(), wrong]


def compared(snapshot: AccountSnapshot, plans: list[Plan], rules: Rulebook, today: date) -> list[PlanChoice]:
    """Plans are compared under the rules of a host."""
    return compare_plans(snapshot, plans, as_of=today, rules=rules, switching=NextMonth())
