"""The rules of the VAT categories: who must be named, which rates may stand, how the breakdown adds up.

Source: `EN 16931 BR-S-*`, `BR-Z-*`, `BR-E-*`, `BR-AE-*`, `BR-IC-*`, `BR-G-*`, `BR-O-*`, `BR-AF-*`, `BR-AG-*`, `BR-B-*`.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from billing_domain.en16931.arithmetic import tax_is_off
from billing_domain.en16931.judged import Fault, Judged, Rule, missing
from billing_domain.en16931.model import Document, TaxRow, amount
from billing_domain.en16931.parts import PartyView
from billing_domain.money.amounts import CONTEXT, ZERO, add_up

PREFIXES = {"S": "BR-S", "Z": "BR-Z", "E": "BR-E", "AE": "BR-AE", "K": "BR-IC", "G": "BR-G", "O": "BR-O", "L": "BR-AF", "M": "BR-AG"}
"""The beginning of the ids of each category's rules."""

_RATED = frozenset({"S", "L", "M"})
_NOBODY = PartyView()


def _rows(document: Document, category: str) -> list[TaxRow]:
    return [row for row in document.taxes if row.category == category]


def _members(document: Document, category: str) -> list[tuple[Decimal | None, Decimal]]:
    """Return rate and signed amount of everything with the category: lines, document charges, document allowances."""
    found = [(line.rate, amount(line.net)) for line in document.lines if line.category == category]
    found += [(each.rate, amount(each.amount)) for each in document.charges if each.category == category]
    found += [(each.rate, CONTEXT.minus(amount(each.amount))) for each in document.allowances if each.category == category]
    return found


def _one_row(category: str) -> Rule:
    """Return the rule about rows: of a rated category at least one where it is used and none where not, of another exactly one."""

    def rule(judged: Judged) -> Iterator[Fault]:
        used = bool(_members(judged.document, category))
        rows = len(_rows(judged.document, category))
        fits = used is bool(rows) if category in _RATED else rows == 1 or not (used or rows)
        if not fits:
            yield Fault(f"BG-23 of {category}", f"{rows} rows", "one row for each rate in use" if category in _RATED else "one row")

    return rule


_Parties = Callable[[PartyView, PartyView, PartyView], str]


def _registered(seller: PartyView, _: PartyView, agent: PartyView) -> str:
    return (
        ""
        if seller.vat_id or seller.tax_registration or agent.vat_id
        else "the seller's VAT id (BT-31), tax registration (BT-32) or representative (BT-63)"
    )


def _reverse_charge(seller: PartyView, buyer: PartyView, agent: PartyView) -> str:
    lacks = _registered(seller, buyer, agent)
    return lacks or ("" if buyer.vat_id or buyer.legal_id else "the buyer's VAT id (BT-48) or registration (BT-47)")


def _intra_community(seller: PartyView, buyer: PartyView, agent: PartyView) -> str:
    lacks = _export(seller, buyer, agent)
    return lacks or ("" if buyer.vat_id else "the buyer's VAT id (BT-48)")


def _export(seller: PartyView, _: PartyView, agent: PartyView) -> str:
    return "" if seller.vat_id or agent.vat_id else "the seller's VAT id (BT-31) or that of the representative (BT-63)"


def _no_ids(seller: PartyView, buyer: PartyView, agent: PartyView) -> str:
    return "no VAT id of seller, buyer or representative" if seller.vat_id or buyer.vat_id or agent.vat_id else ""


_NAMED: dict[str, _Parties] = {
    "AE": _reverse_charge,
    "K": _intra_community,
    "G": _export,
    "O": _no_ids,
}


def _parties(category: str, used: Callable[[Document, str], bool]) -> Rule:
    lacks = _NAMED.get(category, _registered)

    def rule(judged: Judged) -> Iterator[Fault]:
        document = judged.document
        if used(document, category):
            what = lacks(document.seller or _NOBODY, document.buyer or _NOBODY, document.representative or _NOBODY)
            if what:
                yield missing(f"BG-4, BG-7 for {category}", what)

    return rule


def _on_lines(document: Document, category: str) -> bool:
    return any(line.category == category for line in document.lines)


def _on_allowances(document: Document, category: str) -> bool:
    return any(each.category == category for each in document.allowances)


def _on_charges(document: Document, category: str) -> bool:
    return any(each.category == category for each in document.charges)


def _rate_fits(category: str, rate: Decimal | None) -> str:
    """Return what the rate should be; nothing where it is."""
    if category == "O":
        return "" if rate is None else "no rate"
    if category == "S":
        return "" if rate is not None and rate > 0 else "above zero"
    if category in _RATED:
        return "" if rate is not None and rate >= 0 else "zero or more"
    return "" if rate is not None and rate == 0 else "zero"


def _rates(category: str, read: Callable[[Document], list[tuple[str, str, Decimal | None]]]) -> Rule:
    def rule(judged: Judged) -> Iterator[Fault]:
        for where, found, rate in read(judged.document):
            wanted = _rate_fits(category, rate) if found == category else ""
            if wanted:
                yield Fault(where, "" if rate is None else f"{rate:f}", wanted)

    return rule


def _line_rates(document: Document) -> list[tuple[str, str, Decimal | None]]:
    return [(f"BT-152 of line {line.id}", line.category, line.rate) for line in document.lines]


def _allowance_rates(document: Document) -> list[tuple[str, str, Decimal | None]]:
    return [("BT-96", each.category, each.rate) for each in document.allowances]


def _charge_rates(document: Document) -> list[tuple[str, str, Decimal | None]]:
    return [("BT-103", each.category, each.rate) for each in document.charges]


def _taxable(category: str) -> Rule:
    def rule(judged: Judged) -> Iterator[Fault]:
        members = _members(judged.document, category)
        for row in _rows(judged.document, category):
            if category not in _RATED:
                total = add_up(value for _, value in members)
                if row.taxable != total or not judged.document.lines:
                    yield Fault(f"BT-116 of {category}", "" if row.taxable is None else f"{row.taxable:f}", f"{total:f}")
            else:
                yield from _taxable_of_rate(row, members, judged)

    return rule


def _taxable_of_rate(row: TaxRow, members: list[tuple[Decimal | None, Decimal]], judged: Judged) -> Iterator[Fault]:
    if row.rate is None:
        return
    same = [value for rate, value in members if rate == row.rate]
    expected = add_up(same)
    unused = row.category == "S" and not same
    if unused or row.taxable is None or _apart(row.taxable, expected, judged):
        wanted = "a line with the category and the rate" if unused else f"{expected:f}"
        yield Fault(f"BT-116 of {row.category} {row.rate:f}", "" if row.taxable is None else f"{row.taxable:f}", wanted)


def _apart(taxable: Decimal, expected: Decimal, judged: Judged) -> bool:
    """Say whether a taxable amount is further from its lines than the rules let pass: exactly, or by less than a limit."""
    limit = judged.by.taxable
    if not limit:
        return judged.round(taxable) != judged.round(expected)
    return CONTEXT.abs(CONTEXT.subtract(taxable, expected)) >= limit


def _tax(category: str) -> Rule:
    def rule(judged: Judged) -> Iterator[Fault]:
        for row in _rows(judged.document, category):
            if category in _RATED and row.rate is None:
                yield missing(f"BT-119 of {category}", "a rate")
            elif category in _RATED:
                yield from tax_is_off(row, judged)
            elif row.tax != 0:
                yield Fault(f"BT-117 of {category}", "" if row.tax is None else f"{row.tax:f}", f"{judged.round(ZERO):f}")

    return rule


def _reasons(category: str) -> Rule:
    wanted = category not in {"S", "Z", "L", "M"}

    def rule(judged: Judged) -> Iterator[Fault]:
        for row in _rows(judged.document, category):
            if bool(row.reason or row.code) is not wanted:
                yield Fault(f"BT-120 of {category}", row.reason or row.code, "an exemption reason" if wanted else "no exemption reason")

    return rule


def _delivered(judged: Judged) -> Iterator[Fault]:
    document = judged.document
    if (
        _rows(document, "K")
        and not (document.delivery and document.delivery.on)
        and document.first_day is None
        and document.last_day is None
    ):
        yield missing("BT-72, BG-14", "the day of delivery or the invoicing period")


def _deliver_to(judged: Judged) -> Iterator[Fault]:
    document = judged.document
    if _rows(document, "K") and not (document.delivery and document.delivery.country):
        yield missing("BT-80", "the country to which it was delivered")


def _not_mixed(read: Callable[[Document], list[str]], term: str) -> Rule:
    """Return the rule that nothing else stands on a document whose breakdown is out of scope."""

    def rule(judged: Judged) -> Iterator[Fault]:
        if _rows(judged.document, "O"):
            for category in read(judged.document):
                if category != "O":
                    yield Fault(term, category, "O alone")

    return rule


def _italian(judged: Judged) -> Iterator[Fault]:
    document = judged.document
    countries = {(party or _NOBODY).country for party in (document.seller, document.buyer, document.representative)}
    countries |= {line.origin for line in document.lines} | {document.delivery.country if document.delivery else ""}
    foreign = sorted(countries - {"", "IT"})
    if "B" in _categories(document) and foreign:
        yield Fault("BT-40, BT-55, BT-69, BT-80, BT-159", " and ".join(foreign), "IT alone")


def _italian_alone(judged: Judged) -> Iterator[Fault]:
    if {"B", "S"} <= _categories(judged.document):
        yield Fault("BG-23", "B and S", "one of them")


def _categories(document: Document) -> set[str]:
    found = {line.category for line in document.lines} | {row.category for row in document.taxes}
    return found | {each.category for each in (*document.allowances, *document.charges)}


def _of(category: str, prefix: str) -> dict[str, Rule]:
    return {
        f"{prefix}-01": _one_row(category),
        f"{prefix}-02": _parties(category, _on_lines),
        f"{prefix}-03": _parties(category, _on_allowances),
        f"{prefix}-04": _parties(category, _on_charges),
        f"{prefix}-05": _rates(category, _line_rates),
        f"{prefix}-06": _rates(category, _allowance_rates),
        f"{prefix}-07": _rates(category, _charge_rates),
        f"{prefix}-08": _taxable(category),
        f"{prefix}-09": _tax(category),
        f"{prefix}-10": _reasons(category),
    }


CATEGORIES: dict[str, Rule] = {
    **{rule_id: rule for category, prefix in PREFIXES.items() for rule_id, rule in _of(category, prefix).items()},
    "BR-IC-11": _delivered,
    "BR-IC-12": _deliver_to,
    "BR-O-11": _not_mixed(lambda document: [row.category for row in document.taxes], "BT-118"),
    "BR-O-12": _not_mixed(lambda document: [line.category for line in document.lines], "BT-151"),
    "BR-O-13": _not_mixed(lambda document: [each.category for each in document.allowances if each.category], "BT-95"),
    "BR-O-14": _not_mixed(lambda document: [each.category for each in document.charges if each.category], "BT-102"),
    "BR-B-01": _italian,
    "BR-B-02": _italian_alone,
}
"""The rules of the VAT categories, by rule id."""

CATEGORY_ARITHMETIC = frozenset(f"{prefix}-{number}" for prefix in PREFIXES.values() for number in ("05", "06", "07", "08", "09"))
"""Those of them that are about rates and amounts."""
