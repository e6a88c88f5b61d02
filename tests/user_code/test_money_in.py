"""The code of a collections desk, as users write it: a payment, a statement, a part of a line that is credited, and a reminder."""

from datetime import date, timedelta

import pytest

from billing_domain import Money, bill, credit, statement
from billing_domain.errors import BillingError
from billing_domain.invoicing import EntryKind as OfInvoicing
from billing_domain.payments import Act, Clear, DunningAction, DunningPolicy, DunningStep, EntryKind, Paused, Payment, Wait, dun
from user_code.host import rules, snapshot, two_bills

MARCH, APRIL = two_bills()
TODAY = date(2026, 5, 20)
patient = DunningPolicy(
    code="patient",
    version=1,
    minimum=Money("2.00", "EUR"),
    steps=[
        DunningStep(days_overdue=5, action=DunningAction.REMIND),
        DunningStep(days_overdue=20, action=DunningAction.FEE, fee=Money("3.00", "EUR")),
    ],
)
paid = snapshot.add(MARCH, APRIL, Payment(id="P-1", amount=Money("30.13", "EUR"), received=date(2026, 3, 10)))


def test_what_is_open_and_since_when() -> None:
    """March is paid, so April is what is left, and it stands in the bucket of its age."""
    position = statement(paid, as_of=TODAY)
    assert [str(amount.amount) for amount in (position.balance, position.disputed, position.collectable)] == ["32.31", "0.00", "32.31"]
    assert {bucket.name: str(bucket.amount.amount) for bucket in position.aging if bucket.amount.amount} == {"31 to 60": "32.31"}


def test_a_part_of_a_line_is_credited_and_the_rest_is_chased() -> None:
    """One euro of the calls comes back with its own tax; the reminder is over what is left."""
    assert EntryKind is OfInvoicing
    part = APRIL.part(APRIL.line("calls"), net=Money("1.00", "EUR"))
    note = credit(paid, part, kind=EntryKind.CORRECTION, reason="twenty minutes were counted twice").issue(number="C-1", on=TODAY)
    assert str(note.totals.payable.amount) == "1.21"
    known = paid.add(note)
    match dun(known, policy=patient, as_of=date(2026, 4, 22)):
        case Act(step=step, amount=amount) as act:
            assert step.action is DunningAction.REMIND
            assert str(amount.amount) == "32.31"
            known = known.add(act.done(on=date(2026, 4, 22)))
        case Wait() | Paused() | Clear() as other:
            pytest.fail(str(other))
    again = dun(known, policy=patient, as_of=date(2026, 4, 22))
    assert isinstance(again, Wait)
    assert again.until is not None
    fee = dun(known, policy=patient, as_of=TODAY)
    assert isinstance(fee, Act)
    assert (fee.step.action, str(fee.amount.amount)) == (DunningAction.FEE, "31.10")
    known = known.add(Payment(id="P-2", amount=Money("31.10", "EUR"), received=TODAY))
    assert isinstance(dun(known, policy=patient, as_of=TODAY + timedelta(days=1)), Clear)


def test_only_what_was_issued_can_be_credited() -> None:
    """A draft has no parts, so a checker and the library refuse it."""
    draft = bill(snapshot, through=date(2026, 3, 1), rules=rules).invoice
    assert not hasattr(draft, "part")
    with pytest.raises(BillingError):
        credit(snapshot, draft, kind=EntryKind.CORRECTION, reason="too early")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
