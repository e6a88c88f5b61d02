"""Parts of another kind are refused where they enter, not deep inside a run."""

from datetime import date

import attrs
import pytest

from billing_domain.billing import AccountSnapshot
from billing_domain.catalog import Flat, Plan
from billing_domain.errors import InvalidTypeError
from billing_domain.subscriptions import Contract, CycleChanged, PlanChanged, Subscription
from billing_domain.testing import a_plan, an_account, rules

RULES, PLAN = rules(), a_plan()


@pytest.mark.parametrize(
    "name", ["seller", "tax_rounding", "rounding", "terms", "catch_up", "discounts", "tax", "tax_point", "proration", "hold"]
)
def test_a_rulebook_refuses_other_kinds(name: str) -> None:
    """Each part says of which kind it is."""
    with pytest.raises(InvalidTypeError, match=name):
        attrs.evolve(RULES, **{name: "something else"})


def test_a_plan_refuses_what_is_no_charge() -> None:
    """A price is not a charge."""
    with pytest.raises(InvalidTypeError, match="one of the catalog's"):
        Plan("s", 1, "S", "EUR", [Flat("9.90")])  # type: ignore[list-item]


@pytest.mark.parametrize("change", [PlanChanged(date(2026, 3, 2), "larger"), CycleChanged(date(2026, 3, 2), 15)])  # type: ignore[arg-type]
def test_a_change_refuses_other_kinds(change: PlanChanged | CycleChanged) -> None:
    """A plan and a cycle are values, not their names."""
    with pytest.raises(InvalidTypeError):
        Subscription("S-1", PLAN, date(2026, 3, 1), changes=[change])


@pytest.mark.parametrize(
    "fields",
    [
        {"subscriptions": [PLAN]},
        {"usage": [PLAN, PLAN]},
        {"grants": [PLAN]},
        {"orders": PLAN},
        {"invoices": "I-1"},
        {"children": [PLAN]},
        {"ledger": [PLAN]},
    ],
)
def test_a_snapshot_refuses_what_belongs_elsewhere(fields: dict[str, object]) -> None:
    """A plan is no subscription, and one thing is no list."""
    with pytest.raises(InvalidTypeError, match=next(iter(fields))):
        AccountSnapshot(an_account(), **fields)


def test_a_contract_has_a_length() -> None:
    """Twelve is no length: twelve of what."""
    with pytest.raises(InvalidTypeError, match="Frequency"):
        Contract(date(2026, 3, 1), 12)  # type: ignore[arg-type]
