"""Show an invoice and a credit note as text and as a page of HTML, in the customer's own language.

The library makes facts; a host makes words. This script is all that it takes: labels in two languages, and the library's own formatting of
money, days and rates. Nothing is rounded, added up or worked out here.

    python examples/render_invoice.py                 # text, Lithuanian
    python examples/render_invoice.py en_IE html      # HTML, English
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from html import escape
from zoneinfo import ZoneInfo

from billing_domain import Account, AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, bill, credit, presets
from billing_domain.accounts import Address
from billing_domain.catalog import Flat, PerUnit, Product, RecurringCharge, Timing
from billing_domain.discounts import Grant, Percent, Scope
from billing_domain.en16931 import Document, LineView, PartyView, view
from billing_domain.invoicing import CreditNote, Details, EntryKind, Invoice, PaymentInstructions, describe
from billing_domain.money import format_day, format_days, format_money, format_number, format_percent, format_price
from billing_domain.periods import Period
from billing_domain.subscriptions import Item, Order
from billing_domain.tax import TaxClass

LABELS = {
    "lt": {
        "380": "PVM sąskaita faktūra",
        "381": "Kreditinė PVM sąskaita faktūra",
        "number": "Serija ir numeris",
        "on": "Išrašyta",
        "due": "Apmokėti iki",
        "seller": "Pardavėjas",
        "buyer": "Pirkėjas",
        "vat_id": "PVM kodas",
        "item": "Prekė ar paslauga",
        "quantity": "Kiekis",
        "price": "Kaina be PVM",
        "net": "Suma be PVM",
        "rate": "PVM",
        "taxable": "Apmokestinama {rate}",
        "tax": "PVM {rate}",
        "exclusive": "Iš viso be PVM",
        "inclusive": "Iš viso su PVM",
        "payable": "Mokėti",
        "credited": "Grąžinama",
        "preceding": "Prie sąskaitos",
        "account": "Sąskaita banke",
        "exempt": "neapmokestinama",
    },
    "en": {
        "380": "VAT invoice",
        "381": "Credit note",
        "number": "Number",
        "on": "Issued",
        "due": "Due by",
        "seller": "Seller",
        "buyer": "Buyer",
        "vat_id": "VAT id",
        "item": "Item",
        "quantity": "Quantity",
        "price": "Price without VAT",
        "net": "Amount without VAT",
        "rate": "VAT",
        "taxable": "Taxable at {rate}",
        "tax": "VAT {rate}",
        "exclusive": "Total without VAT",
        "inclusive": "Total with VAT",
        "payable": "To pay",
        "credited": "Credited",
        "preceding": "To invoice",
        "account": "Bank account",
        "exempt": "exempt",
    },
}


class Words:
    """Labels and formats of one language.

    Args:
        locale: The account's locale.
        currency: The document's currency.
    """

    def __init__(self, locale: str, currency: str) -> None:
        self.locale = locale
        self.labels = LABELS[locale[:2]]
        self.currency = currency

    def label(self, name: str, **facts: str) -> str:
        """Return a label."""
        return self.labels[name].format(**facts)

    def money(self, amount: Decimal | None) -> str:
        """Return an amount."""
        return format_money(Money(amount or 0, self.currency), locale=self.locale)

    def price(self, price: Decimal | None) -> str:
        """Return a unit price with all its decimals."""
        return format_price(Money(price or 0, self.currency), locale=self.locale)

    def rate(self, rate: Decimal | None) -> str:
        """Return a tax rate."""
        return self.labels["exempt"] if rate is None else format_percent(rate, locale=self.locale)

    def day(self, day: date | None) -> str:
        """Return a day."""
        return "" if day is None else format_day(day, locale=self.locale)

    def days(self, line: LineView) -> str:
        """Return the days that a line serves."""
        if line.first_day is None or line.last_day is None or line.first_day == line.last_day:
            return ""
        return format_days(line.first_day, line.last_day, locale=self.locale)


def head(document: Document, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what stands above the lines: pairs of label and text."""
    yield words.label("number"), document.number
    yield words.label("on"), words.day(document.on)
    if document.due is not None:
        yield words.label("due"), words.day(document.due)
    for each in document.preceding:
        yield words.label("preceding"), " ".join(part for part in (each.number, words.day(each.on)) if part)
    if document.payment is not None:
        yield words.label("account"), document.payment.account


def party(who: PartyView | None, words: Words) -> list[str]:
    """Return name, address and VAT id."""
    if who is None:
        return []
    place = ", ".join(part for part in (who.street, f"{who.postcode} {who.city}".strip()) if part)
    return [part for part in (who.name, place, f"{words.label('vat_id')} {who.vat_id}" if who.vat_id else "") if part]


def rows(document: Document, words: Words) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield each line, each allowance and each charge: what, how many, at which price, how much, at which rate."""
    for line in document.lines:
        quantity = format_number(line.quantity or 0, locale=words.locale)
        if line.base_quantity is not None:
            quantity += f" / {format_number(line.base_quantity, locale=words.locale)}"
        beside = [-(each.amount or 0) for each in line.allowances] + [each.amount or Decimal(0) for each in line.charges]
        name = " ".join(part for part in (line.name, words.days(line)) if part)
        yield name, quantity, words.price(line.price), words.money((line.net or 0) - sum(beside, Decimal(0))), words.rate(line.rate)
        for each in line.allowances:
            yield f"  – {each.reason}", "", "", f"−{words.money(each.amount)}", ""
        for each in line.charges:
            yield f"  + {each.reason}", "", "", words.money(each.amount), ""
    for each in document.allowances:
        yield f"– {each.reason}", "", "", f"−{words.money(each.amount)}", words.rate(each.rate)
    for each in document.charges:
        yield each.reason, "", "", words.money(each.amount), words.rate(each.rate)


def totals(document: Document, words: Words) -> Iterator[tuple[str, str]]:
    """Yield the totals: pairs of label and amount."""
    yield words.label("exclusive"), words.money(document.tax_exclusive)
    for row in document.taxes:
        if row.rate:
            yield words.label("taxable", rate=words.rate(row.rate)), words.money(row.taxable)
            yield words.label("tax", rate=words.rate(row.rate)), words.money(row.tax)
        elif row.reason:
            yield row.reason, words.money(row.taxable)
    yield words.label("inclusive"), words.money(document.tax_inclusive)
    yield words.label("credited" if document.is_credit_note else "payable"), words.money(document.payable)


def as_text(issued: Invoice | CreditNote, locale: str) -> str:
    """Return the document as plain text."""
    document = view(issued)
    words = Words(locale, document.currency)
    out = [words.label(document.type_code).upper(), ""]
    out += [f"{label}: {text}" for label, text in head(document, words)]
    for role, who in (("seller", document.seller), ("buyer", document.buyer)):
        out += ["", words.label(role), *(f"  {part}" for part in party(who, words))]
    table = [tuple(words.label(name) for name in ("item", "quantity", "price", "net", "rate")), *rows(document, words)]
    widths = [max(len(row[place]) for row in table) for place in range(5)]
    out += ["", *(_columns(row, widths) for row in table), ""]
    listed = list(totals(document, words))
    label_width, amount_width = max(len(label) for label, _ in listed), max(len(amount) for _, amount in listed)
    return "\n".join([*out, *(f"{label:<{label_width}}  {amount:>{amount_width}}" for label, amount in listed), ""])


def _columns(row: Iterable[str], widths: list[int]) -> str:
    first, *others = row
    return "  ".join([f"{first:<{widths[0]}}", *(f"{text:>{width}}" for text, width in zip(others, widths[1:], strict=True))])


STYLE = """
  body { font: 14px/1.45 "DejaVu Sans", sans-serif; color: #1c2733; margin: 40px; width: 720px }
  h1 { font-size: 22px; margin: 0 0 16px }
  dl { display: grid; grid-template-columns: 170px 1fr; margin: 0 0 20px }
  dt { color: #66758a }
  dd { margin: 0 }
  .who { width: 49%; display: inline-block; vertical-align: top; margin-bottom: 20px }
  .who b { display: block; color: #66758a; font-weight: normal }
  table { border-collapse: collapse; width: 100% }
  th { text-align: right; color: #66758a; font-weight: normal; border-bottom: 1px solid #b8c2cf }
  td { text-align: right; padding: 4px 0 4px 12px; white-space: nowrap; border-bottom: 1px solid #e6eaef }
  th:first-child, td:first-child { text-align: left; padding-left: 0 }
  table.totals { width: 380px; margin: 20px 0 0 auto }
  table.totals td { border: 0 }
  table.totals tr:last-child td { font-weight: bold; border-top: 1px solid #1c2733 }
"""


def as_html(issued: Invoice | CreditNote, locale: str) -> str:
    """Return the document as a page of HTML."""
    document = view(issued)
    words = Words(locale, document.currency)
    facts = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in head(document, words))
    sides = "".join(
        f'<div class="who"><b>{escape(words.label(role))}</b>{"<br>".join(escape(part) for part in party(who, words))}</div>'
        for role, who in (("seller", document.seller), ("buyer", document.buyer))
    )
    names = "".join(f"<th>{escape(words.label(name))}</th>" for name in ("item", "quantity", "price", "net", "rate"))
    lines = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows(document, words))
    sums = "".join(f"<tr><td>{escape(label)}</td><td>{escape(amount)}</td></tr>" for label, amount in totals(document, words))
    title = escape(words.label(document.type_code))
    number, language = escape(document.number), locale[:2]
    top = f'<html lang="{language}"><head><meta charset="utf-8"><title>{title} {number}</title><style>{STYLE}</style></head>'
    tables = f'<table><tr>{names}</tr>{lines}</table>\n<table class="totals">{sums}</table>'
    return f"<!doctype html>\n{top}\n<body><h1>{title}</h1><dl>{facts}</dl>{sides}\n{tables}</body></html>\n"


NAMES = {
    "lt": {
        "base": "Namai 100",
        "tv": "Televizija",
        "book": "Knyga „Namų tinklai“",
        "grant": "Dveji metai su mumis",
        "why": "tris dienas nebuvo ryšio",
    },
    "en": {
        "base": "Home 100",
        "tv": "TV",
        "book": "Home networks, a handbook",
        "grant": "Two years with us",
        "why": "three days without service",
    },
}


def sample(locale: str) -> tuple[Invoice, CreditNote]:
    """Return an invoice over a month with a discount and a sale, and a credit note over three days without service."""
    names = NAMES[locale[:2]]
    vilnius = Address("LT", street="Gedimino pr. 1", city="Vilnius", postcode="01103")
    mobilis = Party(name="Mobilis, UAB", country="LT", vat_id="LT100000000001", address=vilnius)
    home = Plan(
        code="home",
        version=1,
        name="Home",
        currency="EUR",
        charges=[
            RecurringCharge(code="base", name=names["base"], price=Flat("30.00"), timing=Timing.IN_ADVANCE),
            RecurringCharge(code="tv", name=names["tv"], price=PerUnit("4.95"), timing=Timing.IN_ADVANCE),
        ],
    )
    ona = Account(
        id="A-1",
        currency="EUR",
        zone=ZoneInfo("Europe/Vilnius"),
        locale=locale,
        holder=Party(name="Ona Kazlauskienė", country="LT", address=Address("LT", street="Laisvės al. 5", city="Kaunas", postcode="44238")),
    )
    start = date(2026, 3, 1)
    book = Product(code="book", name=names["book"], tax=TaxClass.BOOKS)
    sale = Order(id="O-77", on=start, items=[Item(book, price="18.10", quantity=2)])
    loyal = Grant("G-1", "acme:loyal@1", Percent("10"), start, scope=Scope.recurring(), name=names["grant"])
    agreed = Subscription.start(home, id="S-1", on=start, quantity=2)
    snapshot = AccountSnapshot(account=ona, subscriptions=[agreed], orders=[sale], grants=[loyal])
    draft = bill(snapshot, through=start, rules=Rulebook(seller=mobilis, tax=presets.LT_VAT)).invoice
    invoice = describe(draft, Details(payment=PaymentInstructions("58", "LT60 1010 0123 4567 8901"))).issue(number="MB-000123", on=start)
    part = invoice.part(invoice.line("base"), days=Period(date(2026, 3, 9), date(2026, 3, 12)))
    note = credit(snapshot.add(invoice), part, kind=EntryKind.CORRECTION, reason=names["why"])
    return invoice, note.issue(number="KS-000007", on=date(2026, 3, 13))


def main(locale: str = "lt_LT", form: str = "text") -> None:
    """Print an invoice and a credit note."""
    for document in sample(locale):
        print(as_html(document, locale) if form == "html" else as_text(document, locale))


if __name__ == "__main__":
    main(*sys.argv[1:])
