"""What came of a call, as one value: the record that studies of practices read."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs

from billing_domain.accounts import IdentityLevel
from billing_domain.care.identity import VerifiedCaller
from billing_domain.care.review_model import ReviewFinding
from billing_domain.care.review_records import AgentPromise
from billing_domain.discounts import Granted
from billing_domain.disputes import DisputeOutcome, Settlement
from billing_domain.doors import door
from billing_domain.errors import InvalidPeriodError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.invoicing import CreditNote, EntryKind
from billing_domain.money import Money, money
from billing_domain.money.amounts import add_up
from billing_domain.periods import checked_day, checked_instant, local_day


def _promises(values: Iterable[AgentPromise]) -> tuple[AgentPromise, ...]:
    return tuple(values)


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class Concession:
    """What a company did for a customer on a call; corrections and goodwill are kept apart.

    Args:
        id: The host's id.
        account_id: For whom.
        agent: Who took the call.
        at: When.
        level: How sure one was of who was calling.
        findings: Codes of what a review found.
        dispute: The id of the case that was decided; empty for none.
        outcome: What came of it.
        grant: The id of the discount that was granted; empty for none.
        policy: Code and version of its policy.
        credit_notes: Numbers of the credit notes that carry it out.
        correction_amount: What corrected an error, without tax.
        goodwill_amount: What was given although nothing was wrong, without tax.
        discount_amount: What the granted discount gives in all, without tax.
        currency: ISO 4217 code.
        promises: What was promised, with days.
        follow_up: The day on which somebody looks again; None for never.
        represented_by: Who called for the customer; empty where the customer did.
        proofs: Which factors were passed and when, without secrets.
        authority: Code and version of the limits by which the discount was granted; empty for none.
        approved_by: Ids of those who approved it beside the agent.
    """

    id: str
    account_id: str
    agent: str
    at: datetime
    level: IdentityLevel
    findings: tuple[str, ...] = attrs.field(converter=_texts, default=())
    dispute: str = ""
    outcome: DisputeOutcome | None = None
    grant: str = ""
    policy: str = ""
    credit_notes: tuple[str, ...] = attrs.field(converter=_texts, default=())
    correction_amount: Decimal
    goodwill_amount: Decimal
    discount_amount: Decimal
    currency: str
    promises: tuple[AgentPromise, ...] = attrs.field(converter=_promises, default=())
    follow_up: date | None = None
    represented_by: str = ""
    proofs: tuple[str, ...] = attrs.field(converter=_texts, default=())
    authority: str = ""
    approved_by: tuple[str, ...] = attrs.field(converter=_texts, default=())

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a concession")
        checked_id(self.agent, "an agent")
        checked_instant(self.at, "the instant of a concession")
        if self.follow_up is not None:
            checked_day(self.follow_up, "the day of a follow-up")

    @property
    def correction(self) -> Money:
        """What corrected an error."""
        return money(self.correction_amount, self.currency)

    @property
    def goodwill(self) -> Money:
        """What was given although nothing was wrong."""
        return money(self.goodwill_amount, self.currency)

    @property
    def discount(self) -> Money:
        """What the granted discount gives in all."""
        return money(self.discount_amount, self.currency)


@door
def concede(
    caller: VerifiedCaller,
    *,
    id: str,  # noqa: A002  the public name
    agent: str,
    at: datetime,
    currency: str,
    zone: ZoneInfo,
    findings: Iterable[ReviewFinding] = (),
    settlement: Settlement | None = None,
    granted: Granted | None = None,
    credit_notes: Iterable[CreditNote] = (),
    promises: Iterable[AgentPromise] = (),
    follow_up: date | None = None,
) -> Concession:
    """Return the record of a call from what was done on it.

    Args:
        caller: Who was verified.
        id: The host's id.
        agent: Who took the call.
        at: When.
        currency: The account's currency.
        zone: The account's zone, in which the day of the call is read.
        findings: What a review found.
        settlement: The case that was decided.
        granted: The discount that was granted.
        credit_notes: The credit notes that were issued.
        promises: What was promised.
        follow_up: The day on which somebody looks again.

    Raises:
        InvalidValueError: A part is of another account or currency than the caller's, or a credit note of the decision is missing.
        InvalidPeriodError: The follow-up lies before the call.
    """
    notes = tuple(credit_notes)
    _same_account(caller, settlement, granted, notes)
    _same_currency(currency, granted, notes)
    _all_issued(settlement, notes)
    if follow_up is not None and follow_up < local_day(at, zone):
        raise InvalidPeriodError(follow_up, "a follow-up comes after the call", "give a later day")
    return Concession(
        id=id,
        account_id=caller.account_id,
        agent=agent,
        at=at,
        level=caller.level,
        findings=sorted({finding.code for finding in findings}),
        dispute="" if settlement is None else settlement.dispute.id,
        outcome=None if settlement is None else settlement.outcome,
        grant="" if granted is None else granted.request.id,
        policy="" if granted is None or granted.request.grant is None else granted.request.grant.policy,
        credit_notes=[note.number for note in notes],
        correction_amount=_credited(notes, EntryKind.CORRECTION),
        goodwill_amount=_credited(notes, EntryKind.GOODWILL),
        discount_amount=granted.request.value_amount if granted is not None else Decimal(0),
        currency=currency,
        promises=promises,
        follow_up=follow_up,
        represented_by="" if caller.acting_for is None else caller.acting_for.holder,
        proofs=caller.evidence,
        authority="" if granted is None else granted.matrix,
        approved_by=[] if granted is None else [approver.id for approver in granted.approved_by],
    )


def _credited(notes: Iterable[CreditNote], kind: EntryKind) -> Decimal:
    return add_up(entry.net_amount for note in notes for entry in note.entries if entry.kind is kind)


def _same_currency(currency: str, granted: Granted | None, notes: Iterable[CreditNote]) -> None:
    for other in [*(note.currency for note in notes), currency if granted is None else granted.request.currency]:
        if other != currency:
            raise InvalidValueError(other, f"the account is in {currency}", "record the other note with its own account")


def _all_issued(settlement: Settlement | None, notes: Iterable[CreditNote]) -> None:
    """Refuse a decision whose credit notes are not all there: what it corrected would not be counted."""
    issued = [note.draft for note in notes]
    for draft in () if settlement is None else settlement.credit_notes:
        if draft not in issued:
            raise InvalidValueError(draft.invoice, "the decision lowers it, and the credit note is missing", "issue and give it")


def _same_account(caller: VerifiedCaller, settlement: Settlement | None, granted: Granted | None, notes: Iterable[CreditNote]) -> None:
    accounts = [note.account_id for note in notes]
    if settlement is not None:
        accounts.append(settlement.dispute.account_id)
    if granted is not None:
        accounts.append(granted.request.account_id)
    for account in accounts:
        if account != caller.account_id:
            raise InvalidValueError(account, f"the caller is verified for {caller.account_id}", "record it with its own call")


@door
def overdue_promises(concessions: Iterable[Concession], *, kept: Iterable[str] = (), as_of: date) -> tuple[AgentPromise, ...]:
    """Return the promises whose day is over and that nobody kept.

    Args:
        concessions: What was promised.
        kept: Ids of promises that were kept and do not say so themselves.
        as_of: The day of the question.
    """
    done = set(kept)
    made = (promise for concession in concessions for promise in concession.promises)
    return tuple(promise for promise in made if promise.due < as_of and promise.id not in done and not promise.kept_by)
