"""The tax function, dated rates and the categories: what they give and what they refuse."""

import os
import pickle
import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import presets
from billing_domain.errors import InvalidAmountError, InvalidPeriodError, InvalidTypeError, InvalidValueError, MissingRateError
from billing_domain.money import add_up, minor_unit
from billing_domain.tax import (
    DomesticTax,
    NoTax,
    Supply,
    TaxCategory,
    TaxClass,
    TaxRate,
    TaxRounding,
    TaxTable,
    TaxTreatment,
    tax_on,
    tax_on_all,
)
from strategies import amounts, currencies, decimals

CENT = Decimal("0.01")
rates = st.sampled_from(["21", "9", "5", "5.5", "0.1", "19.6", "100"]).map(Decimal)


@given(amounts(), rates, st.booleans())
def test_tax_is_the_nearest_cent(amount, rate, inclusive):
    """The tax is within half a cent of the exact one, half up, and never more than a price that contains it."""
    exact = Fraction(amount) * Fraction(rate) / (100 + Fraction(rate) if inclusive else 100)
    found = Fraction(tax_on(amount, rate, CENT, inclusive=inclusive))
    assert -Fraction(1, 200) < found - exact <= Fraction(1, 200)
    if inclusive:
        assert 0 <= found <= amount


@given(currencies, st.lists(st.integers(1, 5_000), min_size=1, max_size=8), rates, st.booleans())
def test_tax_of_growing_credits_never_falls(currency, parts, rate, inclusive):
    """The difference of two values of the function is never negative and the differences sum to the tax of the whole."""
    step = minor_unit(currency)
    credited, before, back = Decimal(0), Decimal(0), []
    for part in parts:
        credited += part * step
        after = tax_on(credited, rate, step, inclusive=inclusive)
        back.append(after - before)
        before = after
    assert min(back) >= 0
    assert add_up(back) == tax_on(credited, rate, step, inclusive=inclusive)


@given(st.lists(amounts(), max_size=6), rates, st.booleans())
def test_tax_per_group_and_per_line(listed, rate, inclusive):
    """Per group the sum is taxed, per line each amount; the two differ by at most half a cent a line."""
    group = tax_on_all(listed, rate, CENT, inclusive=inclusive, rounding=TaxRounding.PER_GROUP)
    lines = tax_on_all(listed, rate, CENT, inclusive=inclusive, rounding=TaxRounding.PER_LINE)
    assert abs(group - lines) <= CENT * (len(listed) + 1) / 2
    assert tax_on_all(listed, None, CENT, inclusive=inclusive, rounding=TaxRounding.PER_GROUP) == 0


@given(st.dates(date(2009, 9, 1), date(2030, 1, 1)))
def test_lithuanian_rates_hold_on_each_day(day):
    """Books bear 9 % until the end of 2025 and 5 % from 2026; the standard rate is 21 % on each day."""
    table = presets.LT_VAT_TABLE
    assert table.rate(TaxClass.STANDARD, on=day, country="LT") == 21
    assert table.rate(TaxClass.BOOKS, on=day) == (5 if day >= date(2026, 1, 1) else 9)


def test_what_a_table_refuses():
    """Another country, a class or day without a rate, rates that overlap or end before they start."""
    with pytest.raises(MissingRateError, match="rates of LT"):
        presets.LT_VAT_TABLE.rate(TaxClass.STANDARD, on=date(2026, 1, 1), country="LV")
    with pytest.raises(MissingRateError, match="2001-01-01"):
        presets.LT_VAT_TABLE.rate(TaxClass.STANDARD, on=date(2001, 1, 1))
    with pytest.raises(MissingRateError, match="district-heating"):
        presets.LT_VAT_TABLE.rate(TaxClass("district-heating"), on=date(2026, 1, 1))
    with pytest.raises(InvalidPeriodError, match="one rate on a day"):
        TaxTable("LT", [(TaxClass.STANDARD, TaxRate("21")), (TaxClass.STANDARD, TaxRate("9", date(2020, 1, 1)))])
    with pytest.raises(InvalidPeriodError, match="ends after it starts"):
        TaxRate("21", date(2026, 1, 1), date(2026, 1, 1))
    with pytest.raises(InvalidTypeError, match="a tax class has a code"):
        TaxClass("")
    with pytest.raises(InvalidAmountError):
        TaxRate("-1")


REASONED = {"exemption_code": "VATEX-EU-AE"}


@pytest.mark.parametrize(
    ("category", "rate", "more", "kind"),
    [
        ("S", 21, {}, InvalidTypeError),
        (TaxCategory.OUT_OF_SCOPE, 0, REASONED, InvalidAmountError),
        (TaxCategory.STANDARD, None, {}, InvalidAmountError),
        (TaxCategory.STANDARD, 0, {}, InvalidAmountError),
        (TaxCategory.REVERSE_CHARGE, 21, REASONED, InvalidAmountError),
        (TaxCategory.EXEMPT, 0, {}, InvalidValueError),
        (TaxCategory.OUT_OF_SCOPE, None, {}, InvalidValueError),
        (TaxCategory.ZERO, 0, REASONED, InvalidValueError),
        (TaxCategory.STANDARD, "21", {"exemption_reason": "none"}, InvalidValueError),
        (TaxCategory.STANDARD, 21.0, {}, InvalidTypeError),
        (TaxCategory.STANDARD, "-21", {}, InvalidAmountError),
    ],
)
def test_what_a_treatment_refuses(category, rate, more, kind):
    """Category, rate and exemption reason fit each other, as EN 16931 wants it."""
    with pytest.raises(kind):
        TaxTreatment(category, rate, **more)


@given(st.sampled_from(TaxCategory), decimals(1, 99, 1))
def test_treatments_that_are_equal_hash_alike(category, rate):
    """A treatment made twice is one key of a group, also where its rate is written with other decimals."""
    more = REASONED if category.needs_reason else {}
    given_ = None if category is TaxCategory.OUT_OF_SCOPE else rate if category.may_have_rate else Decimal(0)
    one, other = (
        TaxTreatment(category, given_, **more),
        TaxTreatment(category, given_ if given_ is None else f"{given_:f}0" if "." in f"{given_:f}" else given_, **more),
    )
    assert one == other
    assert hash(one) == hash(other)
    assert one.has_reason is category.needs_reason


def test_a_treatment_from_another_process_joins_its_group():
    """A treatment that was pickled under one hash seed and read under another is the key it is here: a process never taxes it apart."""
    treatment = TaxTreatment(TaxCategory.EXEMPT, 0, **REASONED)
    code = (
        "import pickle, sys; from billing_domain.tax import TaxCategory, TaxTreatment\n"
        f"read = pickle.loads(bytes.fromhex(sys.argv[1])); made = TaxTreatment(TaxCategory.EXEMPT, 0, **{REASONED!r})\n"
        "print(len({read, made}))"
    )
    command = [sys.executable, "-c", code, pickle.dumps(treatment).hex()]
    printed = [
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2")
    ]
    assert printed == ["1\n", "1\n"]
    assert treatment != "E"


def test_policies_that_ship():
    """A domestic policy answers S, Z or O by the class; no tax at all is O with its reason."""
    policy = DomesticTax(TaxTable("LT", [(TaxClass.STANDARD, TaxRate(21)), (TaxClass.BOOKS, TaxRate(0))]))
    answers = [
        policy.treat(Supply(kind, date(2026, 3, 1), "LT", "LT")).category.value
        for kind in (TaxClass.STANDARD, TaxClass.BOOKS, TaxClass.OUT_OF_SCOPE)
    ]
    assert answers == ["S", "Z", "O"]
    assert NoTax("small").treat(Supply(TaxClass.BOOKS, date(2026, 3, 1), "LT", "LT")).exemption_reason == "small"
