"""What late payment costs, as proposals that keep what they were computed on."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby

from billing_domain.doors import door
from billing_domain.ids import content_id
from billing_domain.invoicing import History
from billing_domain.money import Amount, minor_unit
from billing_domain.money.amounts import CONTEXT, HUNDRED, ZERO, add_up, exact
from billing_domain.payments.allocation import STANDARD
from billing_domain.payments.arrangements import Delivery
from billing_domain.payments.books import Owed
from billing_domain.payments.corrections import corrections
from billing_domain.payments.dunning import check_policy_currency
from billing_domain.payments.fees import DayCount, FeeSegment, LateFee, LateFeePolicy
from billing_domain.payments.protocols import Allocation, Ledger
from billing_domain.payments.replay import Replay
from billing_domain.payments.returned_fees import returned_on
from billing_domain.payments.standing import Arrangements
from billing_domain.periods import checked_day
from billing_domain.periods.period import ONE_DAY

_multiply = CONTEXT.multiply
_divide = CONTEXT.divide
Base = Callable[[date], Decimal]


@door
def late_fees(ledger: Ledger, *, policy: LateFeePolicy, as_of: date, allocation: Allocation = STANDARD) -> tuple[LateFee, ...]:
    """Return the late fees that an account's documents bear up to a day and that were not decided before.

    A day counts with what was open at its start, less what is held, arranged or under a flag, and less what was corrected
    by now, since that was never owed. A document of late fees bears none. A fee that is decided is added to the snapshot,
    and so is its order, by which it reaches the bill.

    Args:
        ledger: The account with its documents and facts about money, for example a snapshot.
        policy: What late payment costs.
        as_of: The last day that counts.
        allocation: Where money goes that names no document.

    Returns:
        One proposal a document, by day of issue and number; amounts are rounded once, half up.

    Raises:
        CurrencyMismatchError: The policy names amounts in another currency.

    Example:
        See the how-to guide on chasing debt.
    """
    check_policy_currency(policy.currencies, ledger)
    replay = Replay(ledger, checked_day(as_of, "as_of"), allocation)
    with exact():
        history = History(ledger)
        free = _Free(Arrangements(ledger, replay), corrections(history, through=as_of), returned_on(ledger, history, as_of))
        debts = sorted(replay.books.debts.values(), key=lambda debt: (debt.invoice.on, debt.number))
        found = (
            _fee(ledger, debt, replay.due(debt.number, as_of), policy, as_of, free)
            for debt in debts
            if _may_bear(ledger, debt, replay, policy)
        )
        return tuple(fee for fee in found if fee is not None)


class _Free:
    """What may be chased on a document at the start of a day, worked out once for all days on which it is the same."""

    __slots__ = ("_arrangements", "_corrections", "_known", "_marks", "returned")

    def __init__(
        self, arrangements: Arrangements, corrected: Mapping[str, Sequence[tuple[date, Decimal]]], returned: Mapping[str, Decimal]
    ) -> None:
        self.returned = returned
        self._arrangements = arrangements
        self._corrections = corrected
        self._marks = arrangements.marks()
        self._known: dict[int, dict[str, Decimal]] = {}

    def at_start(self, number: str, day: date) -> Decimal:
        """Return it for the start of a day."""
        before = day - ONE_DAY
        mark = bisect_right(self._marks, before)
        known = self._known.get(mark)
        if known is None:
            flagged = self._arrangements.flag(before) is not None
            standings = () if flagged else self._arrangements.standings(before)
            known = self._known[mark] = {standing.number: standing.free for standing in standings}
        owed = CONTEXT.subtract(known.get(number, ZERO), self.corrected(number, since=day))
        return max(owed, ZERO)

    def corrected(self, number: str, *, since: date = date.min) -> Decimal:
        """Return what was corrected on a document from a day on: it was open before, and never owed."""
        return add_up(amount for on, amount in self._corrections.get(number, ()) if on >= since)


def _may_bear(ledger: Ledger, debt: Owed, replay: Replay, policy: LateFeePolicy) -> bool:
    charges = {line.charge for line in debt.invoice.lines}
    if debt.void or charges == {policy.product.code}:
        return False
    if policy.notice_days is None:
        return True
    latest = replay.due(debt.number, replay.as_of) - timedelta(days=policy.notice_days)
    return not any(isinstance(fact, Delivery) and fact.invoice == debt.number and fact.on > latest for fact in ledger.ledger)


def _fee(ledger: Ledger, debt: Owed, due: date, policy: LateFeePolicy, as_of: date, free: _Free) -> LateFee | None:
    base = partial(free.at_start, debt.number)
    grace_over = due + timedelta(days=policy.grace_days + 1)
    last = as_of if debt.open else min(as_of, debt.history[-1][0])  # once it is settled, no day counts
    missed = next((day for day in _days(grace_over, last) if base(day) > 0), None)
    if missed is None:
        return None
    segments = tuple(_segments(policy, base, due + ONE_DAY, missed, last))
    before = _decided(ledger, debt, policy, as_of, free.returned)
    total = min(
        [
            add_up(segment.exact for segment in segments).quantize(minor_unit(ledger.account.currency), context=CONTEXT),
            *_caps(policy, debt, ledger.account.currency),
        ]
    )
    amount = CONTEXT.subtract(total, before)
    if amount <= 0 or amount < (policy.minimum_amount or ZERO):
        return None
    name = content_id("late-fee", ledger.account.id, policy.key, debt.number, as_of, before)
    charged = Amount(amount, ledger.account.currency)
    corrected = free.corrected(debt.number) or None
    return LateFee(name, as_of, debt.number, charged, policy.key, segments, before, product=policy.product, corrected=corrected)


def _caps(policy: LateFeePolicy, debt: Owed, currency: str) -> Iterator[Decimal]:
    if policy.cap_amount is not None:
        yield policy.cap_amount
    if policy.cap_percent is not None:
        yield _divide(_multiply(debt.total, policy.cap_percent), HUNDRED).quantize(minor_unit(currency), context=CONTEXT)


def _decided(ledger: Ledger, debt: Owed, policy: LateFeePolicy, as_of: date, returned: Mapping[str, Decimal]) -> Decimal:
    """Return what earlier fees of the policy charged on a document, waived ones too, less what went back since."""
    return add_up(
        CONTEXT.subtract(fact.decimal_amount, returned.get(fact.id, ZERO))
        for fact in ledger.ledger
        if isinstance(fact, LateFee) and fact.invoice == debt.number and fact.policy_code == policy.code and fact.on <= as_of
    )


def _days(start: date, last: date) -> Iterator[date]:
    return (start + timedelta(days=number) for number in range((last - start).days + 1))


def _segments(policy: LateFeePolicy, base: Base, start: date, missed: date, last: date) -> Iterator[FeeSegment]:
    if policy.flat_amount is not None:
        yield FeeSegment("flat", base(missed), missed, missed + ONE_DAY, ZERO, policy.flat_amount)
    if policy.percent is not None:
        yield FeeSegment(
            "percent", base(missed), missed, missed + ONE_DAY, policy.percent, _divide(_multiply(base(missed), policy.percent), HUNDRED)
        )
    if policy.annual_rate is not None:
        for (opened, year), days in groupby(_days(start, last), key=lambda day: (base(day), _year(day, policy.day_count))):
            run = list(days)
            if opened:
                interest = _divide(_multiply(_multiply(opened, policy.annual_rate), Decimal(len(run))), Decimal(year * 100))
                yield FeeSegment("interest", opened, run[0], run[-1] + ONE_DAY, policy.annual_rate, interest)


def _year(day: date, day_count: DayCount) -> int:
    if day_count is DayCount.ACTUAL:
        return (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days
    return int(day_count.value)
