"""Each rule by one document that breaks it and one that does not."""

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.en16931 import (
    CII,
    EXACT,
    PEPPOL,
    RULES,
    UBL,
    Adjustment,
    DeliveryView,
    Document,
    LineView,
    PartyView,
    PaymentView,
    PrecedingInvoice,
    TaxRow,
    Violation,
    check,
    derive,
)
from billing_domain.errors import InvalidTypeError, InvalidValueError, UnknownReferenceError

SELLER = PartyView(name="Mobilis, UAB", country="LT", vat_id="LT100000000001")
BUYER = PartyView(name="SIA Ābele", country="LV", vat_id="LV40000000000")
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
REASONS = {"E": "exempt", "AE": "reverse charge", "K": "intra-community", "G": "export", "O": "not subject to VAT"}
RATES = {"S": 21, "Z": 0, "E": 0, "AE": 0, "K": 0, "G": 0, "O": None, "L": 7, "M": 4, "B": 22}
PREFIXES = {"S": "BR-S", "Z": "BR-Z", "E": "BR-E", "AE": "BR-AE", "K": "BR-IC", "G": "BR-G", "O": "BR-O", "L": "BR-AF", "M": "BR-AG"}


def good(category="S", **changes):
    """Return a document of one category that breaks no rule, with changes."""
    rate = RATES[category]
    hidden = {"vat_id": "", "identifier": "X"} if category == "O" else {}
    country = "IT" if category == "B" else "LT"
    line = LineView(id="1", quantity=3, unit="C62", price="9.95", category=category, rate=rate, name="Fee", first_day=FIRST, last_day=LAST)
    plain = Document(
        number="MB-1",
        on=FIRST,
        type_code="380",
        currency="EUR",
        due=date(2026, 3, 15),
        seller=attrs.evolve(SELLER, country=country, **hidden),
        buyer=attrs.evolve(BUYER, country=country, **hidden),
        first_day=FIRST,
        last_day=LAST,
        delivery=DeliveryView(on=FIRST, country="IT" if category == "B" else "LV"),
        taxes=[TaxRow(category=category, reason=REASONS.get(category, ""))],
        lines=[line],
        allowances=[Adjustment(amount="1.00", category=category, rate=rate, reason="Loyalty")],
        charges=[Adjustment(base="10.00", percent=20, category=category, rate=rate, code="FC")],
    )
    return attrs.evolve(derive(plain), **changes)


def broken(document, **settings):
    """Return the ids of the rules that a document breaks."""
    return {violation.rule for violation in check(document, **settings)}


def line(**changes):
    """Return the good document's line with changes."""
    return {"lines": [attrs.evolve(good().lines[0], **changes)]}


def off(**changes):
    """Return the good document's allowance with changes."""
    return {"allowances": [attrs.evolve(good().allowances[0], **changes)]}


def up(**changes):
    """Return the good document's charge with changes."""
    return {"charges": [attrs.evolve(good().charges[0], **changes)]}


def on_line(kind, **changes):
    """Return the good document's line with an allowance or charge."""
    stated = {"amount": "1.00", "reason": "Loyalty"} | changes
    shift = Decimal(stated["amount"] or 0) * (1 if kind == "charges" else -1)
    return {"lines": [attrs.evolve(good().lines[0], net=Decimal("29.85") + shift, **{kind: [Adjustment(**stated)]})]}


@pytest.mark.parametrize("category", RATES)
def test_a_good_document_of_each_category_breaks_no_rule(category):
    """Documents of all ten categories keep every rule of every set."""
    for by in (UBL, CII, PEPPOL, EXACT):
        assert check(good(category), by=by) == ()


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("BR-01", {"specification": ""}),
        ("BR-02", {"number": ""}),
        ("BR-03", {"on": None}),
        ("BR-04", {"type_code": ""}),
        ("BR-05", {"currency": ""}),
        ("BR-06", {"seller": attrs.evolve(SELLER, name="")}),
        ("BR-06", {"seller": None}),
        ("BR-07", {"buyer": attrs.evolve(BUYER, name="")}),
        ("BR-07", {"buyer": None}),
        ("BR-09", {"seller": attrs.evolve(SELLER, country="", city="Vilnius")}),
        ("BR-11", {"buyer": attrs.evolve(BUYER, country="", city="Rīga")}),
        ("BR-12", {"line_total": None}),
        ("BR-13", {"tax_exclusive": None}),
        ("BR-14", {"tax_inclusive": None}),
        ("BR-15", {"payable": None}),
        ("BR-16", {"lines": ()}),
        ("BR-17", {"payee": PartyView()}),
        ("BR-18", {"representative": PartyView(country="LT")}),
        ("BR-20", {"representative": PartyView(name="Agent", city="Vilnius")}),
        ("BR-21", line(id="")),
        ("BR-22", line(quantity=None)),
        ("BR-23", line(unit="")),
        ("BR-24", line(net=None)),
        ("BR-25", line(name="")),
        ("BR-26", line(price=None)),
        ("BR-27", line(price="-9.95", quantity=-3)),
        ("BR-28", line(gross_price="-1.00")),
        ("BR-29", {"last_day": date(2026, 2, 1)}),
        ("BR-30", line(last_day=date(2026, 2, 1))),
        ("BR-31", off(amount=None)),
        ("BR-32", off(category="")),
        ("BR-33", off(reason="")),
        ("BR-36", up(amount=None)),
        ("BR-37", up(category="")),
        ("BR-38", up(code="")),
        ("BR-41", on_line("allowances", amount=None)),
        ("BR-42", on_line("allowances", reason="")),
        ("BR-43", on_line("charges", amount=None)),
        ("BR-44", on_line("charges", reason="")),
        ("BR-45", {"taxes": [attrs.evolve(good().taxes[0], taxable=None)]}),
        ("BR-46", {"taxes": [attrs.evolve(good().taxes[0], tax=None)]}),
        ("BR-47", {"taxes": [attrs.evolve(good().taxes[0], category="")]}),
        ("BR-48", {"taxes": [attrs.evolve(good().taxes[0], rate=None)]}),
        ("BR-49", {"payment": PaymentView(account="LT1")}),
        ("BR-50", {"payment": PaymentView(means="58", account_name="Mobilis")}),
        ("BR-53", {"tax_currency": "USD"}),
        ("BR-55", {"preceding": [PrecedingInvoice()]}),
        ("BR-57", {"delivery": DeliveryView(city="Rīga")}),
        ("BR-61", {"payment": PaymentView(means="30")}),
        ("BR-CO-03", {"tax_point": FIRST, "tax_point_code": "3"}),
        ("BR-CO-04", line(category="")),
        ("BR-CO-09", {"seller": attrs.evolve(SELLER, vat_id="100000000001")}),
        ("BR-CO-10", {"line_total": Decimal("29.86")}),
        ("BR-CO-11", {"allowance_total": None}),
        ("BR-CO-12", {"charge_total": Decimal("2.01")}),
        ("BR-CO-13", {"tax_exclusive": Decimal("30.86")}),
        ("BR-CO-14", {"tax_total": Decimal("6.49")}),
        ("BR-CO-15", {"tax_inclusive": Decimal("37.34")}),
        ("BR-CO-16", {"payable": Decimal("37.34")}),
        ("BR-CO-18", {"taxes": ()}),
        ("BR-CO-25", {"due": None}),
        ("BR-CO-26", {"seller": attrs.evolve(SELLER, vat_id="", tax_registration="X")}),
        ("BR-DEC-15", {"tax_currency": "USD", "tax_total_accounting": Decimal("7.001")}),
        ("BR-DEC-23", line(net=Decimal("29.851"))),
        ("PEPPOL-EN16931-R005", {"tax_currency": "EUR", "tax_total_accounting": Decimal("6.48")}),
        ("PEPPOL-EN16931-R040", up(amount="2.03")),
        ("PEPPOL-EN16931-R041", up(base=None)),
        ("PEPPOL-EN16931-R042", up(percent=None)),
        ("PEPPOL-EN16931-R046", line(gross_price="11.00", price_discount="1.00")),
        ("PEPPOL-EN16931-R055", {"tax_currency": "USD", "tax_total_accounting": Decimal("-7.00")}),
        ("PEPPOL-EN16931-R110", line(first_day=date(2026, 2, 28))),
        ("PEPPOL-EN16931-R111", line(last_day=date(2026, 4, 1))),
        ("PEPPOL-EN16931-R120", line(price="9.96")),
        ("PEPPOL-EN16931-R121", line(base_quantity=0)),
    ],
)
def test_a_document_that_breaks_a_rule_is_reported(rule, changes):
    """The rule is named, and a good document does not break it."""
    assert rule in broken(good(**changes))
    assert rule not in broken(good())


@pytest.mark.parametrize("category", PREFIXES)
def test_the_rules_of_each_category(category):
    """Rows, rates, amounts, tax and reasons of each category have rules of their own."""
    document, prefix = good(category), PREFIXES[category]
    row = document.taxes[0]
    wrong_rate = Decimal(21) if category not in {"S", "L", "M"} else Decimal(-1)
    for number, changes in {
        "01": {"taxes": [attrs.evolve(row, category="B")]},
        "05": {"lines": [attrs.evolve(document.lines[0], rate=wrong_rate)]},
        "06": {"allowances": [attrs.evolve(document.allowances[0], rate=wrong_rate)]},
        "07": {"charges": [attrs.evolve(document.charges[0], rate=wrong_rate)]},
        "08": {"taxes": [attrs.evolve(row, taxable=row.taxable + 2)]},
        "09": {"taxes": [attrs.evolve(row, tax=row.tax + 2)]},
        "10": {"taxes": [attrs.evolve(row, reason="" if row.reason else "why")]},
    }.items():
        assert f"{prefix}-{number}" in broken(attrs.evolve(document, **changes)), number


@pytest.mark.parametrize(
    ("category", "seller", "buyer"),
    [
        ("S", {"vat_id": ""}, {}),
        ("E", {"vat_id": ""}, {}),
        ("AE", {"vat_id": ""}, {}),
        ("AE", {}, {"vat_id": ""}),
        ("K", {"vat_id": ""}, {}),
        ("K", {}, {"vat_id": ""}),
        ("G", {"vat_id": ""}, {}),
        ("O", {"vat_id": "LT1"}, {}),
        ("O", {}, {"vat_id": "LV1"}),
    ],
)
def test_the_parties_that_each_category_names(category, seller, buyer):
    """Lines, allowances and charges each ask for the ids that the category needs, or none."""
    document = good(category)
    wrong = attrs.evolve(document, seller=attrs.evolve(document.seller, **seller), buyer=attrs.evolve(document.buyer, **buyer))
    prefix = PREFIXES[category]
    assert {f"{prefix}-02", f"{prefix}-03", f"{prefix}-04"} <= broken(wrong)


def test_a_representative_stands_for_the_seller():
    """A tax representative's VAT id is enough for export, not for a document out of scope."""
    agent = PartyView(name="Agent", country="LT", vat_id="LT5")
    export = good("G", representative=agent)
    assert broken(attrs.evolve(export, seller=attrs.evolve(export.seller, vat_id="", legal_id="1"))) == set()
    assert "BR-O-02" in broken(good("O", representative=agent))


def test_goods_within_the_union_say_when_and_where_they_went():
    """A day or a period, and the country."""
    document = good("K", delivery=None)
    assert broken(document) == {"BR-IC-12"}
    assert broken(
        attrs.evolve(document, first_day=None, last_day=None, lines=[attrs.evolve(document.lines[0], first_day=None, last_day=None)])
    ) == {"BR-IC-11", "BR-IC-12"}


def test_out_of_scope_stands_alone():
    """Beside a row that is out of scope nothing else may stand, in any place."""
    document, other = good("O"), good("S")
    mixed = attrs.evolve(
        document, taxes=[*document.taxes, *other.taxes], lines=other.lines, allowances=other.allowances, charges=other.charges
    )
    assert {"BR-O-11", "BR-O-12", "BR-O-13", "BR-O-14"} <= broken(mixed)


def test_split_payment_is_italian():
    """Category B needs Italy on both sides and no S beside it."""
    document = good("B")
    assert "BR-B-01" in broken(attrs.evolve(document, buyer=attrs.evolve(document.buyer, country="LT")))
    assert "BR-B-01" not in broken(attrs.evolve(document, buyer=None, seller=None))
    assert "BR-B-01" in broken(attrs.evolve(document, lines=[attrs.evolve(document.lines[0], origin="LT")]))
    assert "BR-B-02" in broken(attrs.evolve(document, allowances=good("S").allowances))


def test_a_credit_note_and_a_document_with_nothing_to_pay_need_no_due_day():
    """Only an invoice with something to pay says when."""
    assert broken(good(type_code="381", due=None)) == set()
    assert "BR-CO-25" not in broken(good(due=None, payable=Decimal(0)))
    assert "BR-CO-25" not in broken(good(due=None, payable=None))
    assert "BR-CO-25" not in broken(good(due=None, terms="in 14 days"))


def test_tolerances_are_those_of_the_rule_files():
    """Tax off by exactly 1 passes CII and not UBL; off by 0.99 passes both; nothing passes exactly."""

    def off_by(amount):
        document = good()
        return attrs.evolve(document, taxes=[attrs.evolve(document.taxes[0], tax=document.taxes[0].tax + Decimal(amount))])

    rules = ["BR-CO-17", "BR-S-09"]
    assert broken(off_by("1.00"), by=UBL, only=rules) == set(rules)
    assert broken(off_by("1.00"), by=CII, only=rules) == set()
    assert broken(off_by("1.01"), by=CII, only=rules) == set(rules)
    assert broken(off_by("0.99"), by=UBL, only=rules) == set()
    assert broken(off_by("0.01"), by=EXACT, only=rules) == set(rules)


def test_a_taxable_amount_may_be_off_by_less_than_one_in_ubl_alone():
    """BR-S-08 lets less than 1 pass in UBL and nothing in CII; a rate that no line has is wrong everywhere."""
    document = good()
    shifted = attrs.evolve(document, taxes=[attrs.evolve(document.taxes[0], taxable=document.taxes[0].taxable + Decimal("0.99"))])
    assert broken(shifted, by=UBL, only="BR-S-08") == set()
    assert broken(shifted, by=CII, only="BR-S-08") == {"BR-S-08"}
    assert broken(attrs.evolve(document, taxes=[attrs.evolve(document.taxes[0], rate=19)]), by=UBL, only="BR-S-08") == {"BR-S-08"}


def test_decimals_are_those_of_the_currency_where_the_set_says_so():
    """Three decimals are wrong in EN 16931 and right for a dinar in its own decimals."""
    plain = attrs.evolve(good(), currency="BHD", lines=[attrs.evolve(good().lines[0], price="9.951", net=None)], allowances=(), charges=())
    document = derive(plain)
    assert document.payable == Decimal("36.122")
    assert {"BR-DEC-18", "BR-DEC-23"} <= broken(document, by=UBL)
    assert broken(document, by=EXACT) == set()
    assert broken(Document(line_total="1.001"), by=EXACT, only="BR-DEC-09") == {"BR-DEC-09"}


def test_totals_that_are_not_stated_break_the_rules_about_them():
    """A sum whose parts are not stated cannot be right; a fragment without any totals breaks no rule about them."""
    assert broken(good(line_total=None), only=["BR-CO-10", "BR-CO-13"]) == {"BR-CO-10", "BR-CO-13"}
    assert broken(good(tax_inclusive=None), only=["BR-CO-15", "BR-CO-16"]) == {"BR-CO-15", "BR-CO-16"}
    assert broken(good(tax_total=None), by=UBL, only=["BR-CO-14", "BR-CO-15"]) == {"BR-CO-14", "BR-CO-15"}
    assert broken(good(tax_total=None), by=CII, only=["BR-CO-14"]) == set()
    nothing = dict.fromkeys(("line_total", "tax_exclusive", "tax_inclusive", "payable", "tax_total"))
    assert broken(good(**nothing), only=[f"BR-CO-{number}" for number in (10, 13, 14, 15, 16)]) == set()


def test_tax_at_a_rate_below_one_half_rounds_to_nothing():
    """At such a rate, and without one, what rounds to no whole unit passes (BR-CO-17)."""

    def taxed(rate, tax):
        return Document(currency="EUR", taxes=[TaxRow(category="S", rate=rate, taxable="1000.00", tax=tax)])

    assert broken(taxed("0.4", "0.49"), by=UBL, only="BR-CO-17") == set()
    assert broken(taxed("0.4", "0.50"), by=UBL, only="BR-CO-17") == {"BR-CO-17"}
    assert broken(taxed(None, "0.50"), by=UBL, only="BR-CO-17") == {"BR-CO-17"}
    assert broken(taxed("0.5", "4.50"), by=UBL, only="BR-CO-17") == set()


def test_says_where_and_what():
    """A violation names place, what stands there and what should."""
    found = check(good(number=""))
    assert found == (Violation("BR-02", "BT-1", "", "a number"),)
    assert str(found[0]) == "BR-02 at BT-1: nothing is stated, a number is right"


def test_refuses_what_is_no_document_and_no_rule():
    """A mapping is no document, and a rule that is not known is not passed over."""
    with pytest.raises(InvalidTypeError):
        check({"number": "MB-1"})
    with pytest.raises(UnknownReferenceError):
        check(good(), only=["BR-99"])
    with pytest.raises(InvalidTypeError):
        Document(lines=["a line"])
    assert all(rule_id.startswith(("BR-", "PEPPOL-")) for rule_id in RULES)


@pytest.mark.parametrize("wrong", [{"lines": [LineView(id="1", quantity=1)]}, {"allowances": [Adjustment(base="1.00")]}])
def test_nothing_is_derived_from_nothing(wrong):
    """A line without net and price, and an allowance without amount and percentage, are refused."""
    with pytest.raises(InvalidValueError):
        derive(Document(currency="EUR", **wrong))


cents = st.integers(-5_000, 100_000).map(lambda units: Decimal(units).scaleb(-2))
plain_lines = st.builds(
    LineView,
    id=st.just("1"),
    quantity=st.integers(1, 99),
    price=st.integers(0, 99_999).map(lambda units: Decimal(units).scaleb(-3)),
    category=st.just("S"),
    rate=st.sampled_from([21, 5, 12]),
)


@given(lines=st.lists(plain_lines, min_size=1, max_size=6), order=st.randoms(use_true_random=False), prepaid=cents)
def test_totals_do_not_depend_on_the_order_of_lines(lines, order, prepaid):
    """Any order of the lines gives the same totals and the same groups, and `check` agrees exactly."""
    numbered = [attrs.evolve(each, id=str(number)) for number, each in enumerate(lines, 1)]
    built = derive(Document(currency="EUR", lines=numbered, prepaid=prepaid))
    order.shuffle(numbered)
    again = derive(Document(currency="EUR", lines=numbered, prepaid=prepaid))
    assert (built.payable, built.tax_total, set(built.taxes)) == (again.payable, again.tax_total, set(again.taxes))
    assert not broken(built, by=EXACT) & {
        "BR-CO-10",
        "BR-CO-13",
        "BR-CO-14",
        "BR-CO-15",
        "BR-CO-16",
        "BR-CO-17",
        "BR-S-08",
        "PEPPOL-EN16931-R120",
    }
