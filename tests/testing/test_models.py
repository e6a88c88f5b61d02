"""Values of every public model can be drawn with one word, or it is said here why not."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from billing_domain import Account, Plan
from billing_domain.care import Driver, ReviewCase
from billing_domain.conditions import TENURE_MONTHS, Facts
from billing_domain.errors import InvalidTypeError
from billing_domain.invoicing import CreditNote, Part
from billing_domain.testing import public_classes, values
from billing_domain.testing.models import _is_model, loyal

MADE_BY_OTHERS = {
    "Loading": "keys of the host with its own function",
    "Offer": "holds a verified caller, so `options` alone makes it",
    "PluginKind": "the library's own list of protocols",
    "Registered": "a registry makes it of what it is given",
    "Settings": "the working set of one run",
    "Verified": "only `verify` makes a verified caller",
    "VerifiedCaller": "only `verify` makes a verified caller",
}
ONE = settings(
    max_examples=1, derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


def models():
    """Return every public class that holds fields."""
    return [kind for kind in public_classes() if _is_model(kind) and not getattr(kind, "_is_protocol", False)]


@pytest.mark.parametrize("kind", [kind for kind in models() if kind.__name__ not in MADE_BY_OTHERS], ids=lambda kind: kind.__name__)
def test_every_model_can_be_drawn(kind):
    """What is drawn is of the class, and hashes and compares as itself."""
    drawn = []

    @ONE
    @given(values(kind))
    def draw(value):
        drawn.append(value)

    draw()
    assert {type(value) for value in drawn} == {kind}
    assert all(value == value for value in drawn)


def test_reasons_are_of_models():
    """Who is listed is public, so that the list does not outlive what it tells of."""
    assert MADE_BY_OTHERS.keys() <= {kind.__name__ for kind in models()}


@given(values(Account), values(Plan), values(Part), values(CreditNote), values(ReviewCase), values(Driver))
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_drawn_is_sound(account, plan, part, note, case, driver):
    """Documents belong to their invoice, and amounts have their currency."""
    assert account.currency == plan.currency == case.currency == "EUR"
    assert note.draft.invoice
    assert part.invoice.number
    assert driver == driver


def test_the_condition_that_models_hold_answers():
    """It is a condition like any other."""
    assert loyal.outcome(Facts({TENURE_MONTHS: 24})).grants


def test_others_are_refused():
    """A class that holds no fields, or none of the library's values, has none."""
    with pytest.raises(InvalidTypeError):
        values(int | str)  # type: ignore[arg-type]
