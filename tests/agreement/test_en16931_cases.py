"""Real and sample European invoices, rebuilt and judged: equal totals, exactly the broken rules, no harmless document reported."""

import json
from datetime import date
from pathlib import Path

import attrs
import pytest

from billing_domain.en16931 import (
    AMOUNT_RULES,
    CII,
    PEPPOL_AMOUNT_RULES,
    UBL,
    Adjustment,
    Document,
    LineView,
    RuleSet,
    TaxRow,
    check,
    derive,
    document_of,
    terms,
)

CASES = json.loads((Path(__file__).parent.parent / "data" / "en16931" / "cases.json").read_text("utf-8"))["cases"]
NATIONAL = RuleSet("national", decimals=None, peppol=False)
TOTALS = ("line_total", "allowance_total", "charge_total", "tax_exclusive", "tax_total", "tax_inclusive", "payable")


def of_kind(*kinds):
    """Return the cases of these kinds as parameters with their ids."""
    return [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] in kinds]


def adjustment(row):
    """Return an allowance or charge."""
    return Adjustment(
        amount=row["amount"],
        base=row["base"],
        percent=row["percent"],
        reason=row["reason"] or "",
        category=row.get("vat_category") or "",
        rate=row.get("vat_rate"),
    )


def line_view(row):
    """Return a line."""
    first, last = (date.fromisoformat(day) if day else None for day in row.get("period") or (None, None))
    return LineView(
        id=row["id"] or "",
        quantity=row["quantity"],
        unit=row["unit"] or "",
        price=row["net_price"],
        base_quantity=row["base_quantity"],
        gross_price=row["gross_price"],
        price_discount=row["price_discount"],
        allowances=[adjustment(each) for each in row["allowances"]],
        charges=[adjustment(each) for each in row["charges"]],
        net=row["net_amount"],
        category=row["vat_category"] or "",
        rate=row["vat_rate"],
        first_day=first,
        last_day=last,
    )


def document(case):
    """Return the whole document as it is stated."""
    stated = case["expect"]
    return Document(
        type_code=case.get("type_code") or ("381" if case["type"] == "credit_note" else "380"),
        currency=case.get("currency") or "",
        tax_currency=case.get("tax_currency") or "",
        lines=[line_view(row) for row in case["lines"]],
        allowances=[adjustment(row) for row in case["document_allowances"]],
        charges=[adjustment(row) for row in case["document_charges"]],
        prepaid=case["prepaid"],
        rounding=case["rounding"],
        tax_total_accounting=stated.get("tax_total_accounting"),
        taxes=[
            TaxRow(category=row["category"] or "", rate=row["rate"], taxable=row["taxable"], tax=row["tax"])
            for row in stated["vat_breakdown"]
        ],
        **{name: stated[name] for name in TOTALS},
    )


def rules_of(case):
    """Return the rule set that judged the case."""
    if case["profile"] != "en16931":
        return NATIONAL
    return CII if case["syntax"] == "cii" else UBL


def groups(built):
    """Return the breakdown in an order of its own; a rate that is absent counts as zero."""
    return sorted((row.category, row.rate or 0, row.taxable, row.tax) for row in built.taxes)


@pytest.mark.parametrize("case", of_kind("valid", "valid_mutated"))
def test_harmless_documents_are_not_reported(case):
    """A valid document breaks no rule about amounts of the set that judged it."""
    assert check(document(case), by=rules_of(case), only=AMOUNT_RULES) == ()


@pytest.mark.parametrize("case", of_kind("valid_mutated"))
def test_harmless_mutations_are_not_reported_by_peppol_either(case):
    """A mutation that changes nothing of weight is reported by neither rule set."""
    assert check(document(case), only=AMOUNT_RULES | PEPPOL_AMOUNT_RULES) == ()


@pytest.mark.parametrize("case", of_kind("invalid_mutated"))
def test_broken_documents_are_reported_with_exactly_the_broken_rules(case):
    """A mutated document is reported with the rules that the official files report, and no other."""
    found = check(document(case), only=AMOUNT_RULES | PEPPOL_AMOUNT_RULES)
    assert {violation.rule for violation in found} == set(case["violates"])


@pytest.mark.parametrize("case", of_kind("valid_fragment", "invalid_fragment"))
def test_fragments_are_judged_by_their_rule(case):
    """A fragment of the official unit tests breaks or keeps the one rule that it is about."""
    rules = case.get("violates") or case["satisfies"]
    assert {violation.rule for violation in check(document(case), only=rules)} == set(case.get("violates", ()))


@pytest.mark.parametrize("case", [found for found in of_kind("valid", "valid_mutated") if "deviations" not in found.values[0]])
def test_valid_documents_are_rebuilt(case):
    """From lines, allowances, charges, prepaid and rounding alone, every total and every tax group comes out as stated."""
    stated = document(case)
    given = "line_net_not_derivable" in case.get("flags", ())
    lines = stated.lines if given else tuple(attrs.evolve(line, net=None) for line in stated.lines)
    built = derive(attrs.evolve(stated, lines=lines, taxes=(), **dict.fromkeys(TOTALS)))
    assert {name: getattr(built, name) or 0 for name in TOTALS} == {name: getattr(stated, name) or 0 for name in TOTALS}
    assert groups(built) == groups(stated)


@pytest.mark.parametrize("case", of_kind("valid"))
def test_documents_survive_plain_data(case):
    """A document is the same after it was written as plain data and read back."""
    stated = document(case)
    assert document_of(json.loads(json.dumps(terms(stated)))) == stated
