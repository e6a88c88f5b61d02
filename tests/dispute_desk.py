"""An account with invoices to dispute, and how a case about them is opened."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from billing_domain import Account, AccountSnapshot, Party, Rulebook, bill, presets
from billing_domain.disputes import Claim, Dispute, DisputeReason, Evidence, EvidenceKind, submit
from billing_domain.subscriptions import Item, Order, Product

NOW = datetime(2026, 5, 6, 9, tzinfo=UTC)
RULES = Rulebook(seller=Party("Mobilis, UAB", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT)
ACCOUNT = Account(id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
NOTE = Evidence(EvidenceKind.CALL_NOTE, "note-17", date(2026, 5, 6), party="agent")

PHOTO = Evidence(EvidenceKind.CUSTOMER_DOCUMENT, "photo-1", date(2026, 5, 7), party="customer")


def sold(*orders: str) -> AccountSnapshot:
    """Return an account with one invoice of two lines for each order."""
    snapshot = AccountSnapshot(ACCOUNT)
    for number, order in enumerate(orders, 1):
        snapshot = snapshot.add(
            Order(order, date(2026, 5, number), [Item(Product("visit", "Visit"), "14.00"), Item(Product("router", "Router"), "89.99")])
        )
        draft = bill(snapshot, through=date(2026, 5, number), rules=RULES).invoice
        snapshot = snapshot.add(draft.issue(number=f"I-{number}", on=date(2026, 5, number)))
    return snapshot


SNAPSHOT = sold("O-1", "O-2")
FIRST, SECOND = SNAPSHOT.invoices
VISIT = FIRST.part(FIRST.line("visit"))


def opened(*claims: Claim, snapshot: AccountSnapshot = SNAPSHOT, **more: object) -> Dispute:
    """Open a case."""
    arguments = {"id": "D-1", "regime": presets.LT_CONSUMER, "at": NOW, "actor": "customer", **more}
    return submit(snapshot, claims or [Claim(VISIT, DisputeReason.WRONG_QUANTITY)], **arguments)
