"""Cases about lines: what can be claimed, what is held, how a case moves, and what a settlement gives back."""

from datetime import UTC, date, datetime, timedelta

import attrs
import pytest

from billing_domain import AccountSnapshot, Money, bill, credit, presets
from billing_domain.billing import NothingDue
from billing_domain.disputes import (
    Claim,
    DisputeKind,
    DisputeOutcome,
    DisputeReason,
    DisputeRegime,
    DisputeState,
    Escalation,
    Evidence,
    EvidenceKind,
    Ruling,
    breaches,
    deadlines_of,
    escalate,
    move,
    paused_days,
    reopen,
    settle,
    submit,
    withdraw,
)
from billing_domain.disputes.regimes import Calendar
from billing_domain.errors import (
    CurrencyMismatchError,
    DuplicateIdError,
    ExceedsLimitError,
    InvalidAmountError,
    InvalidTypeError,
    InvalidValueError,
    NoSuchResultError,
    OutOfOrderError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.invoicing import EntryKind, LineRef
from billing_domain.payments import statement
from dispute_desk import ACCOUNT, FIRST, NOTE, NOW, PHOTO, RULES, SECOND, SNAPSHOT, VISIT, opened


class TestOpening:
    """What may be claimed, and what is fixed when a case is opened."""

    def test_a_claim_without_an_amount_is_all_that_is_left(self) -> None:
        """Net and tax are those of a full credit of the line."""
        case = opened()
        (line,) = case.lines
        assert (line.net.amount, line.gross.amount) == (Money("14.00", "EUR").amount, Money("16.94", "EUR").amount)
        assert (case.kind, case.state, case.outcome) == (DisputeKind.DISPUTE, DisputeState.SUBMITTED, DisputeOutcome.OPEN)
        assert (case.opened_on, case.ended_on) == (date(2026, 5, 6), None)

    def test_net_and_gross_amounts(self) -> None:
        """A part in net or in gross comes to the same claim."""
        line = FIRST.line("visit")
        net = opened(Claim(FIRST.part(line, net=Money("6.00", "EUR")), DisputeReason.WRONG_PRICE))
        gross = opened(Claim(FIRST.part(line, gross=Money("7.26", "EUR")), DisputeReason.WRONG_PRICE))
        assert net.lines == gross.lines

    def test_credits_and_other_open_claims_bound_it(self) -> None:
        """No more than what is left of the line, less what other open cases claim."""
        line = FIRST.line("visit")
        note = credit(SNAPSHOT, FIRST.part(line, net=Money("4.00", "EUR")), kind=EntryKind.CORRECTION, reason="one hour less")
        known = SNAPSHOT.add(note.issue(number="C-1", on=date(2026, 5, 5)))
        known = known.add(opened(Claim(FIRST.part(line, net=Money("6.00", "EUR")), DisputeReason.WRONG_PRICE), snapshot=known))
        rest = opened(Claim(VISIT, DisputeReason.ARITHMETIC), snapshot=known, id="D-2")
        assert rest.lines[0].net.amount == Money("4.00", "EUR").amount
        with pytest.raises(ExceedsLimitError, match="neither credited nor claimed"):
            opened(Claim(FIRST.part(line, net=Money("4.01", "EUR")), DisputeReason.ARITHMETIC), snapshot=known, id="D-2")

    def test_a_fully_credited_line_can_not_be_claimed(self) -> None:
        """Nothing is left of it."""
        known = SNAPSHOT.add(credit(SNAPSHOT, VISIT, kind=EntryKind.GOODWILL, reason="late").issue(number="C-1", on=date(2026, 5, 5)))
        with pytest.raises(ExceedsLimitError):
            opened(snapshot=known)

    def test_the_same_case_is_not_opened_twice(self) -> None:
        """An id, a line within a case, and what was decided before."""
        known = SNAPSHOT.add(opened())
        with pytest.raises(DuplicateIdError, match="one id"):
            opened(snapshot=known)
        with pytest.raises(DuplicateIdError, match="stands once"):
            opened(
                Claim(VISIT, DisputeReason.DUPLICATE),
                Claim(FIRST.part(FIRST.line("visit"), net=Money("1.00", "EUR")), DisputeReason.WRONG_PRICE),
            )
        decided = known.add(settle(known, known.disputes[0], rulings=[reject()], at=NOW).dispute)
        with pytest.raises(RefusedError, match="D-1 decided this"):
            opened(snapshot=decided, id="D-2")
        with pytest.raises(RefusedError, match="D-1 decided this"):
            opened(Claim(VISIT, DisputeReason.WRONG_QUANTITY, evidence=[NOTE]), snapshot=decided, id="D-2")
        assert opened(Claim(VISIT, DisputeReason.WRONG_QUANTITY, evidence=[PHOTO]), snapshot=decided, id="D-2").lines
        assert opened(Claim(VISIT, DisputeReason.WRONG_PRICE), snapshot=decided, id="D-2").lines

    def test_a_regime_holds_for_its_time(self) -> None:
        """Out of force, and out of the customer's time."""
        with pytest.raises(RefusedError, match="not in force"):
            opened(regime=presets.UK_OFCOM)
        late = datetime(2026, 8, 2, tzinfo=UTC)
        assert opened(at=late).lines
        with pytest.raises(RefusedError, match="until 2026-08-01"):
            opened(at=late, calendar=Calendar())
        assert opened(at=late - timedelta(days=1), calendar=Calendar()).lines
        assert opened(regime=presets.LT_ENERGY, at=late, calendar=Calendar()).lines

    def test_an_inquiry_claims_nothing(self) -> None:
        """A question has no lines, and a dispute has at least one."""
        case = submit(SNAPSHOT, [], id="D-9", regime=presets.LT_CONSUMER, at=NOW, actor="customer", text="why is it more?")
        assert (case.kind, case.text) == (DisputeKind.INQUIRY, "why is it more?")
        answered = settle(SNAPSHOT, case, rulings=[], at=NOW)
        assert (answered.outcome, answered.credit_note) == (DisputeOutcome.EXPLAINED, None)
        with pytest.raises(InvalidValueError, match="at least one line"):
            attrs.evolve(case, kind=DisputeKind.DISPUTE)
        with pytest.raises(InvalidValueError, match="the step that opened it"):
            attrs.evolve(case, steps=[])

    def test_a_line_of_another_account_is_refused(self) -> None:
        """Claims are about lines that the snapshot knows."""
        with pytest.raises(UnknownReferenceError):
            submit(
                AccountSnapshot(ACCOUNT),
                [Claim(VISIT, DisputeReason.DUPLICATE)],
                id="D-1",
                regime=presets.LT_CONSUMER,
                at=NOW,
                actor="customer",
            )

    def test_claims_are_checked(self) -> None:
        """Kinds are never converted, and the reason says what else to ask for."""
        with pytest.raises(InvalidTypeError, match="about a Part"):
            Claim("visit", DisputeReason.DUPLICATE)  # type: ignore[arg-type]
        with pytest.raises(InvalidTypeError, match="DisputeReason"):
            Claim(VISIT, "wrong")  # type: ignore[arg-type]
        assert Claim(VISIT, DisputeReason.NOT_DELIVERED, details={"from": "2026-05-01"}).missing_details == ("until",)
        assert Claim(VISIT, DisputeReason.EXPLAIN).missing_details == ()


def reject(part: object = VISIT) -> Ruling:
    """Return a ruling that approves nothing."""
    return Ruling(Claim(part, DisputeReason.WRONG_QUANTITY), approved=Money("0.00", "EUR"), evidence=[NOTE])


def approve(amount: str, **more: object) -> Ruling:
    """Return a ruling on the visit."""
    return Ruling(Claim(VISIT, DisputeReason.WRONG_QUANTITY), approved=Money(amount, "EUR"), **more)


class TestMoney:
    """What is claimed is held while the case is open."""

    def test_held_and_collectable_are_what_is_open(self) -> None:
        """Opening holds, withdrawing gives everything back as it was."""
        before = statement(SNAPSHOT, as_of=date(2026, 5, 20))
        case = opened()
        during = statement(SNAPSHOT.add(case), as_of=date(2026, 5, 20))
        assert during.balance == before.balance
        assert during.disputed == Money("16.94", "EUR")
        assert during.disputed + during.collectable == during.balance
        after = statement(SNAPSHOT.add(withdraw(case, at=NOW, actor="customer")), as_of=date(2026, 5, 20))
        assert (after.balance, after.collectable, after.disputed.amount) == (before.balance, before.collectable, 0)

    def test_the_worked_example(self) -> None:
        """Usage of 14.00 disputed, 6.00 upheld: a credit note of 7.26, nothing billed again, 6.00 pending."""
        case = opened()
        known = SNAPSHOT.add(case)
        settled = settle(known, case, rulings=[approve("6.00")], at=NOW + timedelta(days=14), actor="rasa")
        assert settled.outcome is DisputeOutcome.PARTIALLY_UPHELD
        assert settled.credit_note is not None
        assert settled.credit_note.totals.payable == Money("7.26", "EUR")
        known = known.add(settled.dispute, settled.credit_note.issue(number="C-1", on=date(2026, 5, 20)))
        assert statement(known, as_of=date(2026, 5, 20)).disputed.amount == 0
        run = bill(known, through=date(2026, 6, 1), rules=RULES)
        assert isinstance(run, NothingDue)
        assert [pending.amount for pending in run.pending] == [Money("6.00", "EUR")]


class TestSettlement:
    """Outcomes follow from amounts."""

    @pytest.mark.parametrize(
        ("ruling", "outcome", "kinds"),
        [
            (approve("14.00"), DisputeOutcome.UPHELD, [EntryKind.CORRECTION]),
            (approve("13.99"), DisputeOutcome.PARTIALLY_UPHELD, [EntryKind.CORRECTION]),
            (reject(), DisputeOutcome.REJECTED, []),
            (approve("0.00", evidence=[NOTE], goodwill=Money("5.00", "EUR")), DisputeOutcome.GOODWILL, [EntryKind.GOODWILL]),
            (approve("6.00", goodwill=Money("5.00", "EUR")), DisputeOutcome.PARTIALLY_UPHELD, [EntryKind.CORRECTION, EntryKind.GOODWILL]),
        ],
    )
    def test_outcome_and_entries(self, ruling: Ruling, outcome: DisputeOutcome, kinds: list[EntryKind]) -> None:
        """Approved amounts become corrections, what is given besides becomes goodwill."""
        settled = settle(SNAPSHOT, opened(), rulings=[ruling], at=NOW)
        assert settled.outcome is outcome
        assert [entry.kind for note in settled.credit_notes for entry in note.entries] == kinds
        assert settled.dispute.ended_on == date(2026, 5, 6)

    def test_two_invoices_make_two_notes(self) -> None:
        """A credit note lowers one invoice."""
        both = [Claim(VISIT, DisputeReason.DUPLICATE), Claim(SECOND.part(SECOND.line("visit")), DisputeReason.DUPLICATE)]
        settled = settle(SNAPSHOT, opened(*both), rulings=[Ruling(claim, approved=Money("14.00", "EUR")) for claim in both], at=NOW)
        assert [note.invoice for note in settled.credit_notes] == ["I-1", "I-2"]
        with pytest.raises(NoSuchResultError, match="2 invoices"):
            _ = settled.credit_note

    def test_bad_rulings_are_refused(self) -> None:
        """More than claimed, another line, a claim without ruling, no evidence, another currency, a case that is over."""
        case = opened()
        for ruling, error in (
            (approve("14.01"), ExceedsLimitError),
            (approve("1.00", goodwill=Money("13.01", "EUR")), ExceedsLimitError),
            (reject(FIRST.part(FIRST.line("router"))), UnknownReferenceError),
            (Ruling(Claim(VISIT, DisputeReason.DUPLICATE), approved=Money("1.00", "USD")), CurrencyMismatchError),
        ):
            with pytest.raises(error):
                settle(SNAPSHOT, case, rulings=[ruling], at=NOW)
        with pytest.raises(UnknownReferenceError, match="one ruling"):
            settle(SNAPSHOT, case, rulings=[], at=NOW)
        with pytest.raises(InvalidValueError, match="needs evidence"):
            approve("0.00")
        with pytest.raises(InvalidAmountError):
            approve("-1.00")
        with pytest.raises(InvalidAmountError):
            approve("1.00", goodwill=Money("-1.00", "EUR"))
        with pytest.raises(RefusedError, match="not settled"):
            settle(SNAPSHOT, withdraw(case, at=NOW, actor="customer"), rulings=[reject()], at=NOW)


class TestLifecycle:
    """A case moves by stated steps, and its history only grows."""

    def test_the_usual_way(self) -> None:
        """Acknowledged, investigated, waiting for the customer, resolved, closed."""
        case = move(opened(), DisputeState.ACKNOWLEDGED, at=NOW, actor="rasa")
        case = move(case, DisputeState.INVESTIGATING, at=NOW + timedelta(days=1), actor="rasa")
        case = move(case, DisputeState.AWAITING_CUSTOMER, at=NOW + timedelta(days=2), actor="rasa", note="which day?")
        assert paused_days(case, date(2026, 5, 10)) == 2
        case = move(case, DisputeState.INVESTIGATING, at=NOW + timedelta(days=5), actor="rasa")
        assert paused_days(case, date(2026, 5, 30)) == 3
        case = settle(SNAPSHOT, case, rulings=[approve("14.00")], at=NOW + timedelta(days=6)).dispute
        case = move(case, DisputeState.CLOSED, at=NOW + timedelta(days=7), actor="customer")
        assert [step.state.value for step in case.steps] == [
            "submitted", "acknowledged", "investigating", "awaiting-customer", "investigating", "resolved", "closed",
        ]  # fmt: skip
        assert case.outcome is DisputeOutcome.UPHELD

    @pytest.mark.parametrize("state", [DisputeState.RESOLVED, DisputeState.CLOSED, DisputeState.SUBMITTED])
    def test_other_moves_are_refused(self, state: DisputeState) -> None:
        """Deciding is settling, and nothing goes back."""
        with pytest.raises(RefusedError, match="after submitted comes"):
            move(opened(), state, at=NOW, actor="rasa")
        ended = withdraw(opened(), at=NOW, actor="customer")
        with pytest.raises(RefusedError, match="after withdrawn comes nothing"):
            move(ended, state, at=NOW, actor="rasa")

    def test_history_is_appended_to(self) -> None:
        """A step before the last one is refused."""
        with pytest.raises(OutOfOrderError, match="only appended"):
            move(opened(), DisputeState.ACKNOWLEDGED, at=NOW - timedelta(seconds=1), actor="rasa")

    def test_refused_cases(self) -> None:
        """A case that is not eligible holds nothing."""
        case = move(opened(), DisputeState.INELIGIBLE, at=NOW, actor="rasa", note="out of time")
        assert case.outcome is DisputeOutcome.INELIGIBLE
        assert withdraw(opened(), at=NOW, actor="customer").outcome is DisputeOutcome.WITHDRAWN

    def test_escalation_is_beside_the_state(self) -> None:
        """Somebody else looks at it; the state stays, and a reason is stated."""
        case = escalate(opened(), Escalation.SUPERVISOR, at=NOW, actor="rasa", note="asks for a supervisor")
        assert (case.state, case.escalation) == (DisputeState.SUBMITTED, Escalation.SUPERVISOR)
        assert move(case, DisputeState.ACKNOWLEDGED, at=NOW, actor="rasa").escalation is Escalation.SUPERVISOR
        with pytest.raises(InvalidValueError, match="says why"):
            escalate(case, Escalation.COURT, at=NOW, actor="rasa", note=" ")

    def test_reopening(self) -> None:
        """Within thirty days, or with new evidence; what was approved is not claimed again."""
        settled = settle(SNAPSHOT, opened(), rulings=[approve("6.00")], at=NOW).dispute
        again = reopen(settled, at=NOW + timedelta(days=30), actor="customer", note="there is more")
        assert (again.is_open, again.claimed[0].net, again.claimed[0].gross) == (True, Money("8.00", "EUR"), Money("9.68", "EUR"))
        with pytest.raises(RefusedError, match="within 30 days"):
            reopen(settled, at=NOW + timedelta(days=31), actor="customer", note="late")
        later = reopen(settled, at=NOW + timedelta(days=31), actor="customer", note="late", evidence=[PHOTO])
        assert later.steps[-1].evidence == (PHOTO,)
        with pytest.raises(RefusedError, match="everything"):
            reopen(settle(SNAPSHOT, opened(), rulings=[approve("14.00")], at=NOW).dispute, at=NOW, actor="customer", note="more")
        with pytest.raises(RefusedError, match="not reopened"):
            reopen(opened(), at=NOW, actor="customer", note="early")


class TestDeadlines:
    """What must have happened when, and what was missed."""

    def test_due_met_and_missed(self) -> None:
        """Fourteen days to resolve: due, met in time, met late, and missed."""
        case = opened()
        (due,) = deadlines_of(case, as_of=date(2026, 5, 10), calendar=Calendar())
        assert due.day == date(2026, 5, 20)
        assert breaches(case, as_of=due.day, calendar=Calendar()) == ()
        assert breaches(case, as_of=due.day + timedelta(days=1), calendar=Calendar()) == (due,)
        in_time = settle(SNAPSHOT, case, rulings=[reject()], at=NOW + timedelta(days=14)).dispute
        assert deadlines_of(in_time, as_of=date(2026, 6, 1), calendar=Calendar()) == ()
        assert breaches(in_time, as_of=date(2027, 1, 1), calendar=Calendar()) == ()
        late = settle(SNAPSHOT, case, rulings=[reject()], at=NOW + timedelta(days=15)).dispute
        assert breaches(late, as_of=date(2027, 1, 1), calendar=Calendar()) == (due,)

    def test_acknowledging_has_its_own(self) -> None:
        """A second clock is met by the first answer."""
        case = opened(regime=presets.US_REG_Z)
        calendar = Calendar(cycles=ACCOUNT.cycle.schedule(monthly(), start=date(2026, 1, 15)))
        assert [due.kind.value for due in deadlines_of(case, as_of=date(2026, 5, 7), calendar=calendar)] == ["acknowledge", "resolve"]
        case = move(case, DisputeState.ACKNOWLEDGED, at=NOW, actor="rasa")
        assert [due.kind.value for due in deadlines_of(case, as_of=date(2026, 5, 7), calendar=calendar)] == ["resolve"]

    def test_an_ombudsman_is_no_breach(self) -> None:
        """That the customer may go further is a day to know, not a duty that was missed."""
        case = opened(regime=presets.UK_OFCOM_2026)
        assert deadlines_of(case, as_of=date(2026, 5, 7), calendar=Calendar())[0].day == date(2026, 6, 17)
        assert breaches(case, as_of=date(2027, 1, 1), calendar=Calendar()) == ()


def monthly() -> object:
    """Return "every month"."""
    from billing_domain.periods import Frequency

    return Frequency.monthly()


class TestEvidence:
    """Proofs are references."""

    def test_needs_a_reference(self) -> None:
        """A proof that nobody can find is none."""
        with pytest.raises(InvalidValueError):
            Evidence(EvidenceKind.CONTRACT, " ", date(2026, 5, 1))

    def test_refs_name_the_line(self) -> None:
        """A ruling names the line of its claim."""
        assert approve("1.00").ref == LineRef("I-1", 1)
        assert approve("1.00").goodwill is None
        assert approve("1.00", goodwill=Money("2.00", "EUR")).goodwill == Money("2.00", "EUR")


class TestSnapshot:
    """A snapshot keeps the newest state of each case."""

    def test_the_newer_replaces_the_older(self) -> None:
        """The same id is the same case."""
        case = opened()
        known = SNAPSHOT.add(case).add(move(case, DisputeState.ACKNOWLEDGED, at=NOW, actor="rasa"))
        assert [dispute.state for dispute in known.disputes] == [DisputeState.ACKNOWLEDGED]

    def test_a_regime_is_checked(self) -> None:
        """A regime is a value of the library."""
        assert isinstance(presets.LT_CONSUMER, DisputeRegime)
