"""Late fees on what turned out not to be owed go back, once, whatever way the error was found and in whatever order things came."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import AccountSnapshot, Money, bill, credit, presets, settle
from billing_domain.disputes import Claim, DisputeReason, Ruling, Settlement, submit
from billing_domain.errors import NoSuchResultError
from billing_domain.invoicing import CreditNote, DraftCreditNote, EntryKind, EntryRef, Reinstatement
from billing_domain.payments import LateFee, LateFeePolicy, fee_on, late_fees, return_fees
from billing_domain.subscriptions import Item, Order, Product
from billing_domain.tax import TaxClass
from dispute_desk import ACCOUNT, NOTE, RULES

INTEREST = LateFeePolicy("interest", 1, annual_rate="36.5")
BOTH = LateFeePolicy("both", 1, annual_rate="36.5", flat=Money("5.00", "EUR"))
SOLD = AccountSnapshot(ACCOUNT).add(
    Order("O-1", date(2026, 5, 1), [Item(Product("visit", "Visit"), "100.00"), Item(Product("router", "Router"), "100.00")])
)
FIRST = bill(SOLD, through=date(2026, 5, 1), rules=RULES).invoice.issue(number="I-1", on=date(2026, 5, 1))
LATE = SOLD.add(FIRST)
VISIT, ROUTER = (FIRST.part(FIRST.line(code)) for code in ("visit", "router"))
AT = datetime(2026, 5, 26, 9, tzinfo=UTC)


def eur(amount: object) -> Money:
    """Return euros."""
    return Money(str(amount), "EUR")


def charged(policy: LateFeePolicy = INTEREST, on: date = date(2026, 5, 25), snapshot: AccountSnapshot = LATE) -> AccountSnapshot:
    """Return the account with the late fees of a day, not billed yet."""
    fees = late_fees(snapshot, policy=policy, as_of=on)
    return snapshot.add(*fees, *(fee.order() for fee in fees))


def billed(snapshot: AccountSnapshot, number: str = "I-2", on: date = date(2026, 5, 25)) -> AccountSnapshot:
    """Return the account with its next invoice."""
    return snapshot.add(bill(snapshot, through=on, rules=RULES).invoice.issue(number=number, on=on))


def upheld(
    snapshot: AccountSnapshot,
    amount: object,
    *,
    id: str = "D-1",  # noqa: A002
    part: object = VISIT,
    days: int = 3,
) -> tuple[AccountSnapshot, Settlement]:
    """Return the account after a dispute in which an amount was approved, and the settlement."""
    claim = Claim(part, DisputeReason.WRONG_PRICE)
    case = submit(snapshot, [claim], id=id, regime=presets.LT_CONSUMER, at=AT, actor="customer")
    settled = settle(snapshot.add(case), case, rulings=[Ruling(claim, approved=eur(amount), evidence=[NOTE])], at=AT + timedelta(days=days))
    return snapshot.add(settled.dispute, *issued(settled.credit_notes, id, date(2026, 5, 26) + timedelta(days=days))), settled


def issued(notes: tuple[DraftCreditNote, ...], name: str, on: date) -> list[CreditNote]:
    """Issue drafts."""
    return [note.issue(number=f"C-{name}-{place}", on=on) for place, note in enumerate(notes)]


def fee(snapshot: AccountSnapshot) -> LateFee:
    """Return the only late fee."""
    [found] = [fact for fact in snapshot.ledger if isinstance(fact, LateFee)]
    return found


class TestSettling:
    """Settling a dispute gives the fees back by itself."""

    def test_interest_goes_back_in_proportion(self) -> None:
        """60.50 of 242.00 were not owed: a quarter of 2.42, half up, on the document that bears the fee."""
        known, settled = upheld(billed(charged()), "50.00")
        assert [(note.invoice, note.totals.payable) for note in settled.credit_notes] == [("I-1", eur("60.50")), ("I-2", eur("0.61"))]
        assert settled.returned_fees == eur("0.61")
        assert {entry.kind for note in settled.credit_notes for entry in note.entries} == {EntryKind.CORRECTION}
        with pytest.raises(NoSuchResultError, match="2 invoices are lowered"):
            _ = settled.credit_note
        assert return_fees(known) == ()

    def test_a_flat_fee_goes_back_with_the_last_of_what_was_late(self) -> None:
        """Half of the invoice gives back half of the interest; the other half gives back the rest and the flat fee."""
        known, first = upheld(billed(charged(BOTH)), "100.00")
        assert first.returned_fees == eur("1.21")
        known, second = upheld(known, "100.00", id="D-2", part=ROUTER)
        assert second.returned_fees == eur("6.21")
        assert fee(known).amount == eur("7.42")

    def test_nothing_goes_back_where_nothing_is_approved(self) -> None:
        """A rejected claim, goodwill, and an account without late fees."""
        _, rejected = upheld(billed(charged()), "0.00")
        assert (rejected.credit_notes, rejected.returned_fees) == ((), None)
        claim = Claim(VISIT, DisputeReason.WRONG_PRICE)
        case = submit(billed(charged()), [claim], id="D-1", regime=presets.LT_CONSUMER, at=AT, actor="customer")
        given_ = settle(billed(charged()), case, rulings=[Ruling(claim, approved=eur(0), evidence=[NOTE], goodwill=eur(9))], at=AT)
        assert given_.returned_fees is None
        _, plain = upheld(LATE, "50.00")
        assert plain.credit_note is not None

    def test_the_fee_may_be_disputed_with_it(self) -> None:
        """What the case approves on the fee itself goes back once."""
        known = billed(charged())
        late = known.invoice("I-2")
        claims = [Claim(VISIT, DisputeReason.WRONG_PRICE), Claim(late.part(late.lines[0]), DisputeReason.LATE_FEE)]
        case = submit(known, claims, id="D-1", regime=presets.LT_CONSUMER, at=AT, actor="customer")
        rulings = [Ruling(claims[0], approved=eur("50.00")), Ruling(claims[1], approved=eur("2.42"))]
        notes = settle(known, case, rulings=rulings, at=AT).credit_notes
        assert [(note.invoice, note.totals.payable) for note in notes] == [("I-1", eur("60.50")), ("I-2", eur("2.42"))]

    def test_a_fee_with_tax_gives_its_tax_back(self) -> None:
        """Where a host's fee is taxed, its line is credited with its own tax."""
        policy = LateFeePolicy("taxed", 1, annual_rate="36.5", product=Product("reminder", "Reminder", tax=TaxClass.STANDARD))
        _, settled = upheld(billed(charged(policy)), "100.00")
        assert (settled.returned_fees, settled.credit_notes[1].totals.payable) == (eur("1.21"), eur("1.46"))


class TestOtherWays:
    """Corrections that no dispute made, and fees that were not billed yet."""

    def test_a_correction_by_hand(self) -> None:
        """`return_fees` gives back what a credit note made necessary, and then nothing more."""
        known = billed(charged())
        part = FIRST.part(FIRST.line("visit"), net=eur("50.00"))
        known = known.add(credit(known, part, kind=EntryKind.CORRECTION, reason="wrong price").issue(number="C-1", on=date(2026, 5, 28)))
        [note] = return_fees(known)
        assert (note.invoice, note.totals.payable) == ("I-2", eur("0.61"))
        known = known.add(note.issue(number="C-2", on=date(2026, 5, 28)))
        assert return_fees(known) == ()

    def test_a_fee_that_is_billed_after_the_decision(self) -> None:
        """Nothing to credit at first; once it is billed, it goes back."""
        known, settled = upheld(charged(), "50.00")
        assert (len(settled.credit_notes), return_fees(known)) == (1, ())
        [note] = return_fees(billed(known, on=date(2026, 6, 1)))
        assert note.totals.payable == eur("0.61")

    def test_a_fee_after_the_decision_is_right_from_the_start(self) -> None:
        """Interest of the days before the dispute is charged on what was owed alone, and nothing of it goes back."""
        known, _ = upheld(LATE, "50.00")
        known = billed(charged(snapshot=known, on=date(2026, 5, 29)), on=date(2026, 5, 29))
        assert fee(known).corrected == eur("60.50").amount
        assert [segment.base for segment in fee(known).segments] == [Decimal("181.50"), Decimal("60.50")]
        assert return_fees(known) == ()

    def test_a_fee_that_was_credited_is_not_charged_again(self) -> None:
        """What went back because of an error lowers what counts as charged; a fee that was given up for another reason does not."""
        known, _ = upheld(billed(charged()), "50.00")
        late = known.invoice("I-2")
        known = known.add(credit(known, late, kind=EntryKind.CORRECTION, reason="sorry").issue(number="C-9", on=date(2026, 5, 29)))
        [again] = late_fees(known, policy=INTEREST, as_of=date(2026, 6, 20))
        assert (again.before, again.amount) == (Decimal("1.81"), eur("3.70"))

    def test_waived_fees_and_goodwill_give_nothing_back(self) -> None:
        """What was not charged does not go back, and goodwill does not say that something was not owed."""
        [proposed] = late_fees(LATE, policy=INTEREST, as_of=date(2026, 5, 25))
        assert upheld(LATE.add(proposed.waive()), "50.00")[1].returned_fees is None
        known = billed(charged())
        part = FIRST.part(FIRST.line("visit"), net=eur("50.00"))
        note = credit(known, part, kind=EntryKind.GOODWILL, reason="sorry").issue(number="C-1", on=date(2026, 5, 28))
        assert return_fees(known.add(note)) == ()

    def test_a_correction_that_was_taken_back(self) -> None:
        """What was corrected by mistake was owed after all."""
        known = billed(charged())
        part = FIRST.part(FIRST.line("visit"), net=eur("50.00"))
        note = credit(known, part, kind=EntryKind.CORRECTION, reason="wrong price").issue(number="C-1", on=date(2026, 5, 28))
        known = known.add(note, Reinstatement(EntryRef("C-1", 1), date(2026, 5, 29), "the price was right"))
        assert return_fees(billed(known, number="I-3", on=date(2026, 6, 1))) == ()


@given(st.lists(st.integers(1, 12000), min_size=1, max_size=4), st.integers(0, 20), st.booleans())
def test_fees_end_as_if_the_error_had_never_been(cents: list[int], later: int, flat: bool) -> None:
    """Fees charged, corrected and charged again come to what they are where the correction was known from the beginning."""
    policy = BOTH if flat else INTEREST
    known = billed(charged(policy))
    for place, amount in enumerate(cents):
        left = sum((note.totals.payable_amount for note in known.credit_notes if note.invoice == "I-1"), Decimal(0))
        if Decimal(amount) / 100 > Decimal("242.00") - left:
            continue
        lines = [FIRST.line("visit"), FIRST.line("router")]
        try:
            note = credit(known, FIRST.part(lines[place % 2], gross=eur(Decimal(amount) / 100)), kind=EntryKind.CORRECTION, reason="wrong")
        except ValueError:
            continue
        known = known.add(note.issue(number=f"C-{place}", on=date(2026, 5, 26)))
        known = known.add(*issued(return_fees(known), f"R{place}", date(2026, 5, 26)))
    end = date(2026, 5, 26) + timedelta(days=later)
    again = late_fees(known, policy=policy, as_of=end)
    net = sum((fact.decimal_amount for fact in (*known.ledger, *again) if isinstance(fact, LateFee)), Decimal(0))
    net -= sum((entry.net_amount for note in known.credit_notes if note.invoice == "I-2" for entry in note.entries), Decimal(0))
    notes = [note for note in known.credit_notes if note.invoice == "I-1"]
    [*right] = late_fees(LATE.add(*notes), policy=policy, as_of=end)
    assert abs(net - sum((fact.decimal_amount for fact in right), Decimal(0))) <= Decimal("0.01") * len(cents)
    assert fee_on(fee(known), eur("242.00")) == fee(known).amount


@given(
    st.lists(st.tuples(st.sampled_from([EntryKind.GOODWILL, EntryKind.CORRECTION]), st.integers(1, 60)), max_size=3), st.integers(1, 12000)
)
def test_a_fee_on_several_lines_goes_back_once(credits_: list[tuple[EntryKind, int]], wrong: int) -> None:
    """Parts of the fee that were credited, taken back and billed again change nothing of what goes back in all."""
    known, number = billed(charged(BOTH)), 3
    line = known.invoice("I-2").lines[0]
    for kind, cents in credits_:
        part = known.invoice("I-2").part(line, net=eur(Decimal(cents) / 100))
        note = credit(known, part, kind=kind, reason="by mistake").issue(number=f"C-{number}", on=date(2026, 5, 28))
        known = known.add(note, Reinstatement(EntryRef(note.number, 1), date(2026, 5, 29), "it was right"))
        known, number = billed(known, number=f"I-{number}", on=date(2026, 5, 29)), number + 1
    part = FIRST.part(FIRST.line("visit"), gross=eur(Decimal(wrong) / 100))
    note = credit(known, part, kind=EntryKind.CORRECTION, reason="wrong price").issue(number="C-1", on=date(2026, 5, 30))
    known = known.add(note)
    expected = fee_on(fee(known), note.totals.payable)
    drafts = return_fees(known)
    assert sum((draft.totals.payable_amount for draft in drafts), Decimal(0)) == expected.amount
    assert return_fees(known.add(*issued(drafts, "R", date(2026, 5, 30)))) == ()


def test_what_was_corrected_on_an_older_line_counts() -> None:
    """A fee of 7.42, of which 5.00 were credited and billed again and 1.00 corrected by hand, gives back 0.21 of 1.21."""
    known = billed(charged(BOTH))
    first = known.invoice("I-2")
    note = credit(known, first.part(first.lines[0], net=eur("5.00")), kind=EntryKind.GOODWILL, reason="by mistake")
    known = known.add(note.issue(number="C-3", on=date(2026, 5, 28)), Reinstatement(EntryRef("C-3", 1), date(2026, 5, 29), "it was right"))
    known = billed(known, number="I-3", on=date(2026, 5, 29))
    by_hand = credit(known, first.part(first.lines[0], net=eur("1.00")), kind=EntryKind.CORRECTION, reason="sorry")
    known = known.add(by_hand.issue(number="C-4", on=date(2026, 5, 29)))
    half = credit(known, FIRST.part(FIRST.line("visit")), kind=EntryKind.CORRECTION, reason="wrong price")
    known = known.add(half.issue(number="C-5", on=date(2026, 5, 30)))
    [back] = return_fees(known)
    assert (back.invoice, back.totals.payable) == ("I-3", eur("0.21"))
