"""What a benefit may get wrong: each is an error with plugin, hook and field, and no line is touched."""

from decimal import Decimal

import pytest
from made import CENT, Says, line, promise

from billing_domain.discounts import Caps, Proposal, apply
from billing_domain.errors import PluginError
from billing_domain.money import Money


def assign(base):
    """Change the lines of a base past its guard."""
    object.__setattr__(base, "lines", ())
    return Proposal(Decimal(1))


def blind(base):
    """Make the facts forget."""
    object.__setattr__(base.facts, "stored", lambda key: None)
    return Proposal(Decimal(1))


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Proposal(Decimal(2), [Decimal(2)]), "lines"),
        (Proposal(Decimal(2), [Decimal(1)] * 3), "lines"),
        (Proposal(Decimal(2), 2), "lines"),
        (Proposal(Decimal(2), "2"), "lines"),
        (Proposal(Decimal(0), (), 7), "reason"),
        (Proposal(Decimal("1E+31")), "amount"),
        (Proposal(Decimal("1E-101")), "amount"),
        (Proposal(Decimal("1E+900")), "amount"),
        (assign, ""),
        (blind, ""),
    ],
)
def test_what_is_no_proposal_names_the_field(answer, field):
    """A wrong number of lines, a reason that is no code, a size out of this world, or a changed base: each is named."""
    with pytest.raises(PluginError) as found:
        apply([line("10.00"), line("5.00", "tv")], [promise(benefit=Says(answer))], step=CENT, currency="EUR")
    assert (found.value.plugin, found.value.hook, found.value.field) == ("acme:says", "propose", field)


@pytest.mark.parametrize("lane", ["", "campaign"])
@pytest.mark.parametrize("bound", [{"limit": Money("5.00", "USD")}, {"caps": Caps(line=Money("5.00", "USD"))}])
def test_a_bound_in_another_currency_says_so(bound, lane):
    """A limit or a cap in another currency than the document's leaves nothing, under the same name in a lane or not."""
    (record,) = apply([line("10.00")], [promise(lane=lane, **bound)], step=CENT, currency="EUR").applications
    assert (record.granted, record.reason, record.capped_by) == (0, "other-currency", ("currency",))


def test_a_part_of_a_cent_is_rounded_once():
    """A proposal finer than the currency is rounded half up over all its lines, not line by line."""
    (record,) = apply(
        [line("10.00"), line("5.00", "tv")], [promise(benefit=Says(Proposal(Decimal("0.005"))))], step=CENT, currency="EUR"
    ).applications
    assert str(record.granted) == "0.01"
