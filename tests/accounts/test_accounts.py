"""Accounts, parties and dated tax profiles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.accounts import Account, Address, Contact, ContactKind, Party, TaxProfile
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError
from strategies import BUYER, VILNIUS, days


def account(**more):
    """Return an account."""
    return Account(**{"id": "A-1", "currency": "EUR", "zone": VILNIUS, "locale": "lt_LT", "holder": BUYER} | more)


@given(st.lists(st.tuples(days, st.sampled_from(["", "LV"])), max_size=5, unique_by=lambda pair: pair[0]), days, st.randoms())
def test_the_tax_profile_in_force_is_the_latest_that_began(listed, on, random):
    """Profiles may come in any order; before the first the holder's own country and VAT id hold."""
    profiles = [TaxProfile(start, f"from-{start}", country=country) for start, country in listed]
    random.shuffle(profiles)
    found = account(tax_profiles=profiles).tax_profile(on)
    begun = max((pair for pair in listed if pair[0] <= on), default=None)
    assert (found.code, found.country) == ((f"from-{begun[0]}", begun[1] or "LT") if begun else ("", "LT"))


def test_traits_and_references_are_read_only_and_in_any_order():
    """Pairs and mappings come to the same, and nothing changes them."""
    one = account(traits={"b": "2", "a": "1"}, references=[("purchase_order", "PO-7")])
    other = account(traits=[("a", "1"), ("b", "2")], references={"purchase_order": "PO-7"})
    assert one == other
    assert hash(one) == hash(other)
    assert (one.traits["a"], one.references["purchase_order"]) == ("1", "PO-7")
    with pytest.raises(TypeError):
        one.traits["a"] = "3"


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"id": ""}, InvalidValueError),
        ({"payer": "A-1"}, InvalidValueError),
        ({"tax_profiles": [TaxProfile(date(2026, 1, 1)), TaxProfile(date(2026, 1, 1), "x")]}, DuplicateIdError),
        ({"locale": "Lithuanian"}, InvalidValueError),
    ],
)
def test_what_an_account_refuses(more, kind):
    """Blank ids, an account that names itself as payer, two profiles of one day, an unknown locale."""
    with pytest.raises(kind):
        account(**more)


def test_what_parties_refuse():
    """A party has a name and a country in two capitals; a profile starts on a day."""
    for make in (lambda: Party(" ", "LT"), lambda: Party("Ona", "lt"), lambda: Address("LTU")):
        with pytest.raises(InvalidValueError):
            make()
    with pytest.raises(InvalidTypeError):
        TaxProfile("2026-01-01")
    assert Contact(ContactKind.EMAIL, "ona@example.org", roles=["billing"]).roles == ("billing",)
