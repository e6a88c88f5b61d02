"""The contract classes pass sound plugins, and each broken one fails exactly the check that is meant for it."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, getcontext
from typing import Any, get_type_hints

import pytest
from attrs import define, frozen
from hypothesis import strategies as st

from billing_domain.care import Concern, Direction, PhraseTable, Remedy, SwitchRules
from billing_domain.conditions import TENURE_MONTHS, condition, observe
from billing_domain.errors import MissingRateError, RefusedError
from billing_domain.money import Money, minor_unit
from billing_domain.plugins import (
    KINDS,
    AccountSnapshot,
    Allotment,
    Base,
    Bid,
    Claimed,
    DraftInvoice,
    Facts,
    Grant,
    Leaving,
    Measured,
    Outcome,
    Outlook,
    Phrase,
    Phrasebook,
    Proposal,
    ReplayedPolicy,
    ReviewCase,
    ReviewFinding,
    Served,
    Share,
    Step,
    Stretch,
    Supply,
    Switch,
    Target,
    TaxCategory,
    TaxClass,
    TaxTreatment,
    Units,
    Working,
)
from billing_domain.testing import (
    AllocationContract,
    BenefitContract,
    ClaimStoreContract,
    ConditionContract,
    EarlyFeeContract,
    HoldContract,
    PhrasebookContract,
    PriceModelContract,
    PropensityModelContract,
    ProrationContract,
    ReplayedPolicyContract,
    ReviewCheckContract,
    SecretVerifierContract,
    StackingContract,
    SwitchingContract,
    TargetContract,
    TaxPointContract,
    TaxPolicyContract,
    ThreadedClaims,
)
from billing_domain.testing.plugin_contract import sample
from billing_domain.testing.strategies import bases
from billing_domain.waiting import ServiceLevel
from contract_runs import ask_the_same, failing

# ------------------------------------------------------------------------------------------------------ sound plugins


@frozen
class DayAndNight:
    """One price by day, another by night."""

    code = "acme:day-night"
    day: Decimal
    night: Decimal

    def work_out(self, measured: Measured) -> Working:
        """Return a step for each tariff."""
        return Working([Step("day", measured.where(tariff="day"), self.day), Step("night", measured.where(tariff="night"), self.night)])


@frozen
class Weighted:
    """Days count as they are."""

    code = "acme:weighted"

    def share(self, stretch: Stretch) -> Share:
        """Return days over days."""
        return Share(stretch.part.days, of=stretch.whole.days)


@frozen
class AtHome:
    """Consumers at home pay 21 %, others are refused."""

    code = "acme:home"

    def treat(self, supply: Supply) -> TaxTreatment:
        """Return the standard rate, or refuse."""
        if supply.buyer_country != "LT":
            raise MissingRateError(supply.buyer_country, "only customers at home are taxed here", "use another policy")
        return TaxTreatment(TaxCategory.STANDARD, "21")


@condition("acme:loyal")
def loyal(facts: Facts) -> bool:
    """Say whether the customer has been here for two years."""
    return facts[TENURE_MONTHS] >= 24


@frozen
class HalfOf:
    """Half of one charge."""

    code = "acme:half-of"
    charge: str

    def propose(self, base: Base) -> Proposal:
        """Return half of the charge, exactly."""
        return Proposal(base.charge(self.charge) * Decimal("0.5"))


class TestDayAndNight(PriceModelContract):
    """A sound price model that reads a property."""

    plugin = DayAndNight(Decimal("0.12"), Decimal("0.08"))
    properties = {"tariff": ["day", "night"]}  # noqa: RUF012


class TestWeighted(ProrationContract):
    """A sound proration."""

    plugin = Weighted()


class TestAtHome(TaxPolicyContract):
    """A sound tax policy that refuses with a typed error."""

    plugin = AtHome()


class TestLoyal(ConditionContract):
    """A sound condition."""

    plugin = loyal
    facts = {TENURE_MONTHS: st.integers(0, 600)}  # noqa: RUF012


class TestHalfOf(BenefitContract):
    """A sound benefit."""

    plugin = HalfOf("base")


# ----------------------------------------------------------------------------------------------------- broken plugins


@frozen
class Negative:
    """Proposes less than nothing."""

    code = "acme:negative"

    def propose(self, base: Base) -> Proposal:
        """Return a surcharge."""
        return Proposal(Decimal(-1))


@frozen
class NotANumber:
    """Proposes what is no number."""

    code = "acme:nan"

    def propose(self, base: Base) -> Proposal:
        """Return infinity."""
        return Proposal(Decimal("Infinity"))


@frozen
class Floating:
    """Proposes a float."""

    code = "acme:float"

    def propose(self, base: Base) -> Proposal:
        """Return a float."""
        return Proposal(0.5)  # type: ignore[arg-type]


@frozen
class Foreign:
    """Proposes dollars."""

    code = "acme:dollars"

    def propose(self, base: Base) -> Proposal:
        """Return a dollar."""
        return Proposal(Money("1.00", "USD"))


@frozen
class FirstLine:
    """Depends on the order of lines."""

    code = "acme:first"

    def propose(self, base: Base) -> Proposal:
        """Return the first line's amount."""
        return Proposal(base.lines[0].amount if base.lines else Decimal(0))


@frozen
class Crashing:
    """Raises where there are no lines."""

    code = "acme:crashing"

    def propose(self, base: Base) -> Proposal:
        """Return the average."""
        return Proposal(base.total / len(base.lines))


_CALLS: list[int] = []


@frozen
class Untidy:
    """Leaves the context of decimals with three digits."""

    code = "acme:untidy"

    def propose(self, base: Base) -> Proposal:
        """Return nothing."""
        getcontext().prec = 3
        return Proposal(Decimal(0))


@frozen
class Forgetful:
    """Answers otherwise the second time."""

    code = "acme:forgetful"

    def propose(self, base: Base) -> Proposal:
        """Return how often it was asked."""
        _CALLS.append(1)
        return Proposal(Decimal(len(_CALLS)))


@define
class Loose:
    """Can be changed."""

    code = "acme:loose"
    amount: int = 1

    def propose(self, base: Base) -> Proposal:
        """Return nothing."""
        return Proposal(Decimal(0))


@frozen
class Unnamed:
    """Its code has no namespace."""

    code = "unnamed"

    def propose(self, base: Base) -> Proposal:
        """Return nothing."""
        return Proposal(Decimal(0))


@frozen
class Rounded:
    """Rounds days to weeks, so that parts do not make one."""

    code = "acme:weeks"

    def share(self, stretch: Stretch) -> Share:
        """Return weeks over weeks."""
        return Share(stretch.part.days // 7, of=max(1, stretch.whole.days // 7))


@frozen
class Amount:
    """Returns an amount where a working is asked for."""

    code = "acme:amount"

    def work_out(self, measured: Measured) -> Working:
        """Return a number."""
        return measured.quantity  # type: ignore[return-value]


@frozen
class Falling:
    """Costs less the more there is, though it says that it is monotone."""

    code = "acme:falling"

    def work_out(self, measured: Measured) -> Working:
        """Return one step."""
        return Working([Step("rest", Decimal(1), max(Decimal(1_000_000) - measured.quantity, Decimal(0)))])


@frozen
class Hopeful:
    """Grants what is not known."""

    code = "acme:hopeful"

    def outcome(self, facts: Facts) -> Outcome:
        """Return MET where nothing is known."""
        return Outcome.MET if TENURE_MONTHS not in facts or facts[TENURE_MONTHS] > 12 else Outcome.UNMET

    def finding(self, facts: Facts) -> Any:
        """Return the outcome with its reasons."""
        return observe(self, facts)


@frozen
class Untyped:
    """Raises what is no error of the library."""

    code = "acme:untyped"

    def treat(self, supply: Supply) -> TaxTreatment:
        """Raise."""
        raise KeyError(supply.buyer_country)


@frozen
class Wrathful:
    """Raises, whatever is known."""

    code = "acme:wrathful"

    def outcome(self, facts: Facts) -> Outcome:
        """Raise."""
        raise RuntimeError("no")

    def finding(self, facts: Facts) -> Any:
        """Raise."""
        raise RuntimeError("no")


# --------------------------------------------------------------------------------------------------- the other protocols


@frozen
class FirstOnly:
    """The first by priority, else by id."""

    code = "acme:first-only"
    running = False

    def choose(self, bids: Sequence[Bid]) -> Sequence[Bid]:
        """Return one bid, or none."""
        return sorted(bids, key=lambda bid: (-bid.priority, bid.id))[:1]


@frozen
class AsGiven(FirstOnly):
    """The first that is given."""

    code = "acme:as-given"

    def choose(self, bids: Sequence[Bid]) -> Sequence[Bid]:
        """Return the first."""
        return bids[:1]


@frozen
class Twice(FirstOnly):
    """Each twice."""

    code = "acme:twice"

    def choose(self, bids: Sequence[Bid]) -> Sequence[Bid]:
        """Return all of them twice."""
        return sorted([*bids, *bids], key=lambda bid: bid.id)


@frozen
class Undecided(FirstOnly):
    """Does not say on what each works."""

    code = "acme:undecided"
    running = "sometimes"


@frozen
class Even:
    """As much to each debt, in whole minor units."""

    code = "acme:even"

    def allot(self, allotment: Allotment) -> dict[str, Decimal]:
        """Return amounts by number."""
        step = minor_unit(allotment.currency)
        each = allotment.amount / step // max(1, len(allotment.debts)) * step
        return {debt.number: min(debt.open, each) for debt in allotment.debts}


@frozen
class Lavish:
    """All that is open, whatever there is."""

    code = "acme:lavish"

    def allot(self, allotment: Allotment) -> dict[str, Decimal]:
        """Return all."""
        return {debt.number: debt.open for debt in allotment.debts}


@frozen
class TooMuch:
    """All there is to the first debt."""

    code = "acme:too-much"

    def allot(self, allotment: Allotment) -> dict[str, Decimal]:
        """Return one amount."""
        return {debt.number: allotment.amount for debt in allotment.debts[:1]}


@frozen
class Fine:
    """A third of a debt, to the last digit."""

    code = "acme:fine"

    def allot(self, allotment: Allotment) -> dict[str, Decimal]:
        """Return a third of what the first debt could get."""
        return {debt.number: min(debt.open, allotment.amount) / 3 for debt in allotment.debts[:1]}


@frozen
class Stranger:
    """Names what was not given."""

    code = "acme:stranger"

    def allot(self, allotment: Allotment) -> dict[str, Decimal]:
        """Return nothing to a stranger."""
        return {"I-unknown": Decimal(0)}


@frozen
class InFloats(Even):
    """The amounts of another rule, as floats."""

    code = "acme:in-floats"

    def allot(self, allotment: Allotment) -> Any:
        """Return floats."""
        return {number: float(amount) for number, amount in Even.allot(self, allotment).items()}


@frozen
class Weekends:
    """A draft waits where its last day is on a weekend."""

    code = "acme:weekends"

    def holds(self, draft: DraftInvoice) -> bool:
        """Say whether it is Saturday or Sunday."""
        return draft.through.weekday() > 4


@frozen
class Maybe:
    """Answers with an amount."""

    code = "acme:maybe"

    def holds(self, draft: DraftInvoice) -> bool:
        """Return what is payable."""
        return draft.totals.payable.amount  # type: ignore[return-value]


@frozen
class FirstOfMonth:
    """The first of the month of issue."""

    code = "acme:first-of-month"

    def tax_point(self, served: Served) -> date:
        """Return a day."""
        return served.issued.replace(day=1)


@frozen
class DayBefore:
    """The day before the issue, so that it moves with each run."""

    code = "acme:day-before"

    def tax_point(self, served: Served) -> date:
        """Return a day."""
        return served.issued - timedelta(days=1)


@frozen
class Timely:
    """Answers with an instant."""

    code = "acme:timely"

    def tax_point(self, served: Served) -> date:
        """Return midnight."""
        return datetime(2026, 3, 1, tzinfo=UTC)


@frozen
class Never:
    """Knows no day."""

    code = "acme:never"

    def tax_point(self, served: Served) -> date:
        """Raise."""
        raise LookupError(served.issued)


@frozen
class Whenever(FirstOfMonth):
    """Names an event that no document knows."""

    code = "acme:whenever"
    event_code = "7"


@frozen
class PerMonth:
    """Five for each month that remains."""

    code = "acme:per-month"
    tax = TaxClass.STANDARD

    def fee(self, leaving: Leaving) -> Decimal:
        """Return an amount."""
        return Decimal(5) * leaving.months


@frozen
class Reward:
    """Pays whoever leaves."""

    code = "acme:reward"
    tax = TaxClass.STANDARD

    def fee(self, leaving: Leaving) -> Decimal:
        """Return less than nothing."""
        return Decimal(-5)


@frozen
class Untaxed:
    """Does not say what it is to the tax table."""

    code = "acme:untaxed"
    tax = None

    def fee(self, leaving: Leaving) -> Decimal:
        """Return nothing."""
        return Decimal(0)


@frozen
class Rising:
    """Costs more the later one leaves, though it says that it falls."""

    code = "acme:rising"
    tax = TaxClass.STANDARD

    def fee(self, leaving: Leaving) -> Decimal:
        """Return the days that were served."""
        return Decimal((leaving.on - leaving.term.start).days)


@frozen
class Sha:
    """A keyed hash."""

    code = "acme:sha"

    def derive(self, secret: bytes, salt: bytes) -> bytes:
        """Return 32 bytes."""
        return hashlib.blake2b(secret, key=salt, digest_size=32).digest()


@frozen
class Peppered(Sha):
    """Holds a secret of the host."""

    code = "acme:peppered"

    def __reduce__(self) -> Any:
        """Refuse to be pickled."""
        raise RefusedError("Peppered", "a secret is never pickled", "make it anew")


@frozen
class Saltless:
    """Forgets the salt."""

    code = "acme:saltless"

    def derive(self, secret: bytes, salt: bytes) -> bytes:
        """Return 32 bytes."""
        return hashlib.blake2b(secret, digest_size=32).digest()


@frozen
class Short:
    """Reads the first three bytes only."""

    code = "acme:short"

    def derive(self, secret: bytes, salt: bytes) -> bytes:
        """Return 32 bytes."""
        return hashlib.blake2b(secret[:3], key=salt, digest_size=32).digest()


@frozen
class Open:
    """Shows the secret."""

    code = "acme:open"

    def derive(self, secret: bytes, salt: bytes) -> bytes:
        """Return the salt with the secret."""
        return salt + secret


@frozen
class Idle:
    """Finds something on every account with a bill."""

    code = "acme:idle"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Yield a finding for each line."""
        for line in case.lines:
            yield finding_of(self.code, case.left(line))


@frozen
class Below(Idle):
    """Finds less than nothing."""

    code = "acme:below"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Yield a finding that is negative."""
        yield finding_of(self.code, Decimal(-1))


@frozen
class Wordy(Idle):
    """Yields words."""

    code = "acme:wordy"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Yield a text."""
        yield "unfair"  # type: ignore[misc]


def finding_of(code: str, amount: Decimal) -> ReviewFinding:
    """Return a finding of an amount."""
    return ReviewFinding(
        code=code, direction=Direction.CUSTOMER_HARMED, concern=Concern.CHARGE, found_amount=amount, currency="EUR",
        remedy=Remedy.POST_CREDIT, rule="a rule", name="a name",
    )  # fmt: skip


@frozen
class Chatty:
    """Has a sentence for everything."""

    language = "de"

    def phrase(self, code: str) -> Phrase | None:
        """Return a sentence."""
        return "Hallo"


@frozen
class Placeless:
    """Numbers its places."""

    language = "de"

    def phrase(self, code: str) -> Phrase | None:
        """Return a sentence with a place."""
        return "{0} mehr" if code == "change.up" else None


@frozen
class Formless:
    """Has no form for all other numbers."""

    language = "de"

    def phrase(self, code: str) -> Phrase | None:
        """Return one form."""
        return {"one": "{part} von {count} Tag"} if code == "line.days" else None


@frozen
class Inventive:
    """Asks for a fact that nobody has."""

    language = "de"

    def phrase(self, code: str) -> Phrase | None:
        """Return a sentence with a place for the weather."""
        return "{amount} bei {weather}" if code == "change.up" else None


@frozen
class Nowhere(Chatty):
    """Is in no language."""

    language = "Deutsch, bitte"

    def phrase(self, code: str) -> Phrase | None:
        """Return nothing."""
        return None


@frozen
class Coin:
    """One half for each."""

    code = "acme:coin"

    def probabilities(self, units: Units) -> Sequence[float]:
        """Return halves."""
        return [0.5 for _ in units.treated]


@frozen
class Certain(Coin):
    """Is sure."""

    code = "acme:certain"

    def probabilities(self, units: Units) -> Sequence[float]:
        """Return what happened."""
        return [float(treated) for treated in units.treated]


@frozen
class Few(Coin):
    """Forgets one."""

    code = "acme:forgets"

    def probabilities(self, units: Units) -> Sequence[float]:
        """Return one too few."""
        return [0.5 for _ in units.treated[1:]]


@frozen
class Nobody:
    """Grants nothing."""

    def propose(self, snapshot: AccountSnapshot, at: datetime) -> Grant | None:
        """Return None."""
        return None


@frozen
class Anybody:
    """Answers yes."""

    def propose(self, snapshot: AccountSnapshot, at: datetime) -> Grant | None:
        """Return True."""
        return True  # type: ignore[return-value]


@frozen
class Busy:
    """Nobody is idle: more agents miss it."""

    def met(self, outlook: Outlook) -> bool:
        """Say whether more than half of the time is worked."""
        return outlook.occupancy > 0.5


@frozen
class Numeric:
    """Answers with a share."""

    def met(self, outlook: Outlook) -> bool:
        """Return a number."""
        return outlook.occupancy  # type: ignore[return-value]


class Careless(ThreadedClaims):
    """Stores whatever it is given."""

    def replace(self, before: Claimed, after: Claimed) -> bool:
        """Store it."""
        self._kept[after.policy] = after
        return True


class Mute(ThreadedClaims):
    """Does not say whether it stored."""

    def replace(self, before: Claimed, after: Claimed) -> bool:
        """Store it, and return None where it did."""
        return None if super().replace(before, after) else False  # type: ignore[return-value]


@frozen
class OwnRules(SwitchRules):
    """The rules of the library, under a name of a host."""

    code = "acme:rules"


@frozen
class Monthly:
    """On the first of a month, and never for somebody who pays for several."""

    code = "acme:monthly"

    def earliest(self, switch: Switch) -> date | None:
        """Return the first of the next month."""
        if switch.subscription.quantity > 1:
            return None
        return (switch.on.replace(day=1) + timedelta(days=31)).replace(day=1)


@frozen
class Backwards:
    """From the day on which the subscription began."""

    code = "acme:backwards"

    def earliest(self, switch: Switch) -> date:
        """Return a day that has passed."""
        return switch.subscription.start_on


@frozen
class AtMidnight:
    """An instant in place of a day."""

    code = "acme:at-midnight"

    def earliest(self, switch: Switch) -> datetime:
        """Return the day as an instant."""
        return datetime.combine(switch.on, datetime.min.time(), UTC)


SOUND = [
    (PriceModelContract, DayAndNight(Decimal("0.12"), Decimal("0.08")), {"properties": {"tariff": ["day", "night"]}}),
    (ProrationContract, Weighted(), {}),
    (TaxPolicyContract, AtHome(), {}),
    (TaxPointContract, FirstOfMonth(), {}),
    (HoldContract, Weekends(), {}),
    (EarlyFeeContract, PerMonth(), {"falls": True}),
    (ConditionContract, loyal, {}),
    (BenefitContract, HalfOf("base"), {}),
    (StackingContract, FirstOnly(), {}),
    (AllocationContract, Even(), {}),
    (ReviewCheckContract, Idle(), {}),
    (PhrasebookContract, PhraseTable("de", {"line.days": {"one": "{part} von {count} Tag", "other": "{part} von {count} Tagen"}}), {}),
    (SecretVerifierContract, Sha(), {}),
    (SecretVerifierContract, Peppered(), {}),
    (SwitchingContract, OwnRules({"s": ["l"]}, cheaper_after_term=True, days_between=30), {}),
    (SwitchingContract, Monthly(), {}),
    (PropensityModelContract, Coin(), {}),
    (ReplayedPolicyContract, Nobody(), {}),
    (TargetContract, ServiceLevel(80, timedelta(seconds=20)), {}),
]

PROPOSES, BOUNDS = "test_it_proposes_on_every_document", "test_it_takes_nothing_or_more"
CURRENCY, EXACT, ORDER = "test_it_keeps_to_the_currency", "test_it_is_exact", "test_the_order_of_lines_changes_nothing"

BROKEN = [
    (BenefitContract, Negative(), {}, BOUNDS),
    (BenefitContract, NotANumber(), {}, BOUNDS),
    (BenefitContract, Floating(), {}, EXACT),
    (BenefitContract, Foreign(), {}, CURRENCY),
    (BenefitContract, FirstLine(), {}, ORDER),
    (BenefitContract, Crashing(), {}, PROPOSES),
    (BenefitContract, Forgetful(), {}, "test_it_answers_the_same_again"),
    (BenefitContract, Untidy(), {}, "test_it_changes_nothing"),
    (BenefitContract, Loose(), {}, "test_it_can_not_be_changed"),
    (BenefitContract, Unnamed(), {}, "test_its_code_has_a_namespace"),
    (ProrationContract, Rounded(), {}, "test_the_parts_of_a_period_make_one"),
    (PriceModelContract, Amount(), {}, "test_it_answers_with_a_working"),
    (PriceModelContract, Falling(), {"monotone": True}, "test_more_never_costs_less"),
    (ConditionContract, Hopeful(), {"facts": {TENURE_MONTHS: st.integers(0, 24)}}, "test_knowing_less_never_turns_an_answer_round"),
    (ConditionContract, Wrathful(), {}, "test_it_answers"),
    (TaxPolicyContract, Untyped(), {}, "test_it_treats_or_refuses"),
    (TaxPointContract, DayBefore(), {}, "test_a_billed_line_keeps_its_tax_point"),
    (TaxPointContract, Timely(), {}, "test_it_answers_with_a_day"),
    (TaxPointContract, Never(), {}, "test_it_answers_with_a_day"),
    (TaxPointContract, Whenever(), {}, "test_its_event_is_one_that_documents_know"),
    (HoldContract, Maybe(), {}, "test_it_says_yes_or_no"),
    (EarlyFeeContract, Reward(), {}, "test_it_answers_with_an_amount"),
    (EarlyFeeContract, Untaxed(), {}, "test_it_says_what_it_is_to_the_tax_table"),
    (EarlyFeeContract, Rising(), {"falls": True}, "test_leaving_later_never_costs_more"),
    (StackingContract, AsGiven(), {}, "test_the_order_of_bids_changes_nothing"),
    (StackingContract, Twice(), {}, "test_it_chooses_among_the_bids"),
    (StackingContract, Undecided(), {}, "test_it_says_on_what_each_works"),
    (AllocationContract, Lavish(), {}, "test_it_gives_out_no_more_than_there_is"),
    (AllocationContract, TooMuch(), {}, "test_no_debt_gets_more_than_is_open"),
    (AllocationContract, Fine(), {}, "test_it_gives_out_whole_minor_units"),
    (AllocationContract, Stranger(), {}, "test_it_answers_by_number"),
    (AllocationContract, InFloats(), {}, "test_it_answers_by_number"),
    (ReviewCheckContract, Below(), {}, "test_it_finds_amounts_that_are_not_negative"),
    (ReviewCheckContract, Wordy(), {}, "test_it_yields_findings"),
    (PhrasebookContract, Chatty(), {}, "test_it_is_silent_where_it_knows_nothing"),
    (PhrasebookContract, Placeless(), {}, "test_its_sentences_have_named_places"),
    (PhrasebookContract, Formless(), {}, "test_its_sentences_have_named_places"),
    (PhrasebookContract, Inventive(), {}, "test_it_asks_for_no_fact_that_is_not_there"),
    (PhrasebookContract, Nowhere(), {}, "test_its_code_has_a_namespace"),
    (SecretVerifierContract, Saltless(), {}, "test_another_salt_gives_another_digest"),
    (SecretVerifierContract, Short(), {}, "test_another_secret_gives_another_digest"),
    (SecretVerifierContract, Open(), {}, "test_it_answers_with_a_digest"),
    (SwitchingContract, Backwards(), {}, "test_a_plan_begins_on_the_day_or_later"),
    (SwitchingContract, AtMidnight(), {}, "test_it_answers_with_a_day_or_none"),
    (PropensityModelContract, Certain(), {}, "test_it_gives_probabilities"),
    (PropensityModelContract, Few(), {}, "test_it_gives_probabilities"),
    (ReplayedPolicyContract, Anybody(), {}, "test_it_grants_or_not"),
    (TargetContract, Busy(), {}, "test_more_agents_never_miss_what_fewer_met"),
    (TargetContract, Numeric(), {}, "test_it_says_yes_or_no"),
]


@pytest.fixture(autouse=True)
def without_shrinking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the same questions each time, and look for no smaller ones."""
    ask_the_same(monkeypatch, {contract for contract, _, _ in SOUND})


@pytest.mark.parametrize(("contract", "plugin", "more"), SOUND, ids=[contract.__name__ for contract, _, _ in SOUND])
def test_sound_plugins_fail_nothing(contract: type, plugin: object, more: dict[str, object]) -> None:
    """One of each protocol passes every check of its contract."""
    assert failing(contract, plugin=plugin, **more) == []


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "plugin", "more", "check"), BROKEN, ids=[f"{type(each[1]).__name__}-{each[3]}" for each in BROKEN])
def test_each_broken_plugin_fails_its_check_alone(contract: type, plugin: object, more: dict[str, object], check: str) -> None:
    """What is broken in one way is told by one check, and by no other."""
    assert failing(contract, plugin=plugin, **more) == [check]


def test_a_benefit_is_asked_on_documents_of_ones_own() -> None:
    """Where the author names the documents, a benefit that raises on empty ones is never shown an empty one beside the check for that."""
    lines = bases(charges=["base"]).filter(lambda base: bool(base.lines))
    own = type("Own", (BenefitContract,), {"plugin": Crashing(), "asked": lines})
    assert own.questions() is lines
    assert all([base.lines for base in sample(own.questions(), 5)])


def test_every_protocol_that_hosts_write_has_a_contract() -> None:
    """Each kind of plugin, and each protocol on the page of plugins, has one class of checks, and something fails it."""
    by_protocol = {get_type_hints(contract)["plugin"].__args__[0]: contract for contract, _, _ in SOUND}
    wanted = {kind.protocol for kind in KINDS} | {ReplayedPolicy, Target, Phrasebook}
    assert by_protocol.keys() == wanted
    assert {contract for contract, _, _, _ in BROKEN} == set(by_protocol.values())


def test_stores_of_claims() -> None:
    """A store under a lock passes; one that does not compare loses claims, and one that does not answer is found out."""
    assert failing(ClaimStoreContract, plugin=None, store=ThreadedClaims) == []
    stale = "test_it_refuses_what_is_stale"
    assert stale in failing(ClaimStoreContract, plugin=None, store=Careless)
    assert failing(ClaimStoreContract, plugin=None, store=Mute) != []
