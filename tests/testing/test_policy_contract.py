"""The contract of discount policies passes sound ones, and each broken policy fails exactly the check that is meant for it."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from attrs import frozen

from billing_domain.conditions import (
    ARREARS,
    AT,
    AUTOPAY,
    CONTRACT_END,
    DAY,
    MONTHLY_SPEND,
    PRODUCTS,
    REGION,
    SEGMENT,
    TENURE_MONTHS,
    USAGE_PERCENT,
    Fact,
    Facts,
    Finding,
    Outcome,
    all_of,
    any_of,
    at_least,
    condition,
    not_,
    observe,
)
from billing_domain.discounts import (
    Base,
    Basis,
    Caps,
    DiscountPolicy,
    Duration,
    Exclusive,
    FixedAmount,
    FixedPrice,
    FreePeriods,
    FreeUnits,
    Percent,
    PercentTier,
    Proposal,
    Scope,
    Surplus,
    TieredPercent,
    WaivedFee,
    Window,
)
from billing_domain.money import Money
from billing_domain.testing import DiscountPolicyContract
from billing_domain.testing.policy_contract import _folded
from contract_runs import ask_the_same, failing

VILNIUS = ZoneInfo("Europe/Vilnius")
SCORE = Fact("acme:score", int, title="score")
COLOUR = Fact("acme:colour", str, title="colour", choices=("red", "blue"))
HALF = Decimal("0.5")
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


@condition("acme:scored")
def scored(facts: Facts) -> bool:
    """Say whether the host's own score is high, or the customer pays by direct debit."""
    return facts[SCORE] >= 700 or facts[AUTOPAY]


@frozen
class HalfOf:
    """Half of one charge."""

    code = "acme:half-of"
    charge: str

    def propose(self, base: Base) -> Proposal:
        """Return half of what the charge stands at."""
        return Proposal(base.charge(self.charge) * HALF)


def offer(benefit: Any = None, rule: Any = None, **more: Any) -> DiscountPolicy:
    """Return a policy with the code `acme:p`."""
    return DiscountPolicy(code="acme:p", version=1, name="Offer", benefit=benefit or Percent(10), condition=rule, **more)


# ------------------------------------------------------------------------------------------------------ sound policies


class TestHalfOf(DiscountPolicyContract):
    """A benefit and a condition of a host, in a lane, with a window, caps and a budget."""

    policy = offer(
        HalfOf("base"),
        all_of(scored, ARREARS <= Money("0.00", "EUR"), not_(SEGMENT.is_("staff"))),  # noqa: SIM300  a fact is no constant
        lane="loyalty",
        window=Window.days(date(2026, 3, 29), date(2026, 10, 25), VILNIUS),
        duration=Duration.periods(3),
        scope=Scope(charges=["base"]),
        caps=Caps(document=Money("5.00", "EUR"), line=Money("4.00", "EUR")),
        budget=Money("1000.00", "EUR"),
    )
    grows = True


SOUND = [
    offer(Percent("33.333", ["base"]), TENURE_MONTHS.between(12, 24), uses=3, duration=Duration.until(date(2026, 3, 2))),
    offer(FixedAmount(Money("5.00", "EUR")), at_least(2, DAY < date(2027, 1, 1), REGION.none_of("north"), Decimal(80) < USAGE_PERCENT)),  # noqa: SIM300
    offer(FixedAmount(Money("50", "JPY")), COLOUR.one_of("red"), surplus=Surplus.CARRIED, caps=Caps(total=Money("90", "JPY"))),
    offer(FixedPrice(Money("2.005", "EUR")), any_of(PRODUCTS.contains("tv"), MONTHLY_SPEND > Money("30.00", "EUR")), base=Basis.ORIGINAL),  # noqa: SIM300
    offer(FreePeriods(2), CONTRACT_END > date(2027, 6, 1), scope=Scope.recurring(), exclusive=Exclusive.ABOVE_ALL),  # noqa: SIM300
    offer(FreeUnits(5, ["data"]), AT < NEW_YEAR, duration=Duration.forever(), window=Window(end=NEW_YEAR)),
    offer(WaivedFee(["setup"]), duration=Duration.for_contract(), window=Window(datetime(2026, 10, 25, 3, 30, fold=1, tzinfo=VILNIUS))),
    offer(TieredPercent([PercentTier(100, 5), PercentTier(None, 10)], "EUR"), repeatable=True, names={"lt": "Pasiūlymas"}),
    offer(Percent(50), budget=Money("0.01", "EUR")),
]  # fmt: skip


# ----------------------------------------------------------------------------------------------------- broken policies


@frozen
class Reads:
    """A benefit that is half of the base, and does something else before."""

    code = "acme:reads"

    def propose(self, base: Base) -> Proposal:
        """Return half of all."""
        self.before(base)
        return Proposal(base.total * HALF)

    def before(self, base: Base) -> None:
        """Do nothing."""


@frozen
class Clock(Reads):
    """Looks at the clock."""

    def before(self, base: Base) -> None:
        """Read the year."""
        datetime.now(UTC)


@frozen
class Chance(Reads):
    """Draws a lot that decides nothing."""

    def before(self, base: Base) -> None:
        """Throw dice."""
        random.random()


@frozen
class Nosy(Reads):
    """Reads a file."""

    def before(self, base: Base) -> None:
        """Open this file."""
        Path(__file__).read_bytes()


@frozen
class Meddler(Reads):
    """Changes what it is given."""

    def before(self, base: Base) -> None:
        """Say that something was given."""
        object.__setattr__(base, "documents", base.documents + 1)
        object.__setattr__(base, "facts", base.facts)


_ASKED: list[int] = []


@frozen
class Forgetful:
    """Answers otherwise each time."""

    code = "acme:forgetful"

    def propose(self, base: Base) -> Proposal:
        """Return half, a third, and so on down to an eighth."""
        _ASKED.append(1)
        return Proposal(base.total / (2 + len(_ASKED) % 7))


@frozen
class Hashing:
    """Depends on the hash seed of the process."""

    code = "acme:hashing"

    def propose(self, base: Base) -> Proposal:
        """Return a part that differs by process."""
        return Proposal(base.total * (hash("offer") % 97) / 200)


@condition("acme:morning")
def morning(facts: Facts) -> bool:
    """Say whether it is morning where the machine stands."""
    return facts[AT].astimezone().hour < 12


@frozen
class Surcharge:
    """Takes less than nothing."""

    code = "acme:surcharge"

    def propose(self, base: Base) -> Proposal:
        """Return a surcharge."""
        return Proposal(Decimal(-1))


@frozen
class NotANumber:
    """Takes what is no number."""

    code = "acme:nan"

    def propose(self, base: Base) -> Proposal:
        """Return NaN."""
        return Proposal(Decimal("NaN"))


@frozen
class Dollars:
    """Takes dollars off euros."""

    code = "acme:dollars"

    def propose(self, base: Base) -> Proposal:
        """Return a dollar."""
        return Proposal(Money("1.00", "USD"))


@frozen
class Swallowed:
    """Holds euros, and takes as many yen."""

    code = "acme:swallowed"
    off: Money

    def __hash__(self) -> int:
        """Return a hash; a `Money` has one too."""
        return hash(self.off)

    def propose(self, base: Base) -> Proposal:
        """Return the amount without its currency."""
        return Proposal(self.off.amount)


@frozen
class Floating:
    """Takes floats."""

    code = "acme:floating"

    def propose(self, base: Base) -> Proposal:
        """Return a float."""
        return Proposal(float(base.total) / 3)  # type: ignore[arg-type]


@frozen
class Leaking:
    """Rounds every line, and not their sum."""

    code = "acme:leaking"

    def propose(self, base: Base) -> Proposal:
        """Return lines that do not sum to the amount."""
        half = [line.amount * HALF for line in base.lines]
        return Proposal(sum(half, start=Decimal(0)), [round(part, 0) for part in half])


@frozen
class FirstLine:
    """Takes the first line, whichever that is."""

    code = "acme:first"

    def propose(self, base: Base) -> Proposal:
        """Return the first line."""
        return Proposal(base.lines[0].amount if base.lines else Decimal(0))


class Closed(Window):
    """Holds at its end too."""

    def holds(self, at: datetime) -> bool:
        """Say whether the instant lies in it, the end included."""
        return super().holds(at) or at == self.end


@frozen
class Hopeful:
    """Grants what is not known."""

    code = "acme:hopeful"

    def outcome(self, facts: Facts) -> Outcome:
        """Return MET where nothing is known."""
        return Outcome.MET if facts.get(TENURE_MONTHS, 24) >= 24 else Outcome.UNMET

    def finding(self, facts: Facts) -> Finding:
        """Return the outcome with its reasons."""
        return observe(self, facts)


@frozen
class Generous:
    """Gives more where a fact is missing."""

    code = "acme:generous"

    def propose(self, base: Base) -> Proposal:
        """Return half, less where somebody complained."""
        return Proposal(base.total * HALF / (1 + base.facts.get(SCORE, 0)))


@frozen
class Silent:
    """Explains nothing."""

    code = "acme:silent"

    def outcome(self, facts: Facts) -> Outcome:
        """Return whether the tenure is long."""
        return observe(TENURE_MONTHS >= 24, facts).outcome

    def finding(self, facts: Facts) -> Finding:
        """Return the outcome without what is missing."""
        return Finding(self.outcome(facts), self)


@frozen
class Lossy:
    """Holds what plain data does not bring back: a length of time becomes an object."""

    code = "acme:lossy"
    grace: timedelta

    def propose(self, base: Base) -> Proposal:
        """Return half of all."""
        return Proposal(base.total * HALF)


@frozen
class Crashing:
    """Divides by the number of lines."""

    code = "acme:crashing"

    def propose(self, base: Base) -> Proposal:
        """Return the average."""
        return Proposal(base.total / len(base.lines))


@frozen
class Demanding:
    """Raises where a fact is missing."""

    code = "acme:demanding"

    def propose(self, base: Base) -> Proposal:
        """Return as many hundredths as there are points."""
        return Proposal(base.total * min(base.facts[SCORE], 100) / 100)


@frozen
class Number:
    """Returns a number where a proposal is asked for."""

    code = "acme:number"

    def propose(self, base: Base) -> Proposal:
        """Return a number."""
        return base.total  # type: ignore[return-value]


@frozen
class Wrathful:
    """A condition that raises, whatever is known."""

    code = "acme:wrathful"

    def outcome(self, facts: Facts) -> Outcome:
        """Raise."""
        raise RuntimeError("no")

    def finding(self, facts: Facts) -> Finding:
        """Raise."""
        raise RuntimeError("no")


class Modest(DiscountPolicy):
    """Says that it is not limited, though it has a budget."""

    @property
    def limited(self) -> bool:
        """Say no."""
        return False


@attrs.define(eq=True)
class Loose:
    """Can be changed."""

    code = "acme:loose"
    charge: str = "base"

    def propose(self, base: Base) -> Proposal:
        """Return half of a charge."""
        return Proposal(base.charge(self.charge) * HALF)


@frozen
class Unnamed(Reads):
    """Its code has no namespace."""

    code = "unnamed"


@condition("acme:few")
def few(facts: Facts) -> bool:
    """Say whether the customer is new."""
    return facts[TENURE_MONTHS] < 12


@frozen
class Greedy:
    """Leaves ten, and lowers that again."""

    code = "acme:third"

    def propose(self, base: Base) -> Proposal:
        """Return a third."""
        return Proposal(base.total / 3)


BROKEN: list[tuple[DiscountPolicy, dict[str, Any], str]] = [
    (offer(Clock()), {}, "test_it_reads_nothing_but_what_it_is_given"),
    (offer(Chance()), {}, "test_it_reads_nothing_but_what_it_is_given"),
    (offer(Nosy()), {}, "test_it_reads_nothing_but_what_it_is_given"),
    (offer(Meddler()), {}, "test_it_changes_nothing"),
    (offer(Forgetful()), {}, "test_it_answers_the_same_again"),
    (offer(Hashing()), {}, "test_it_answers_the_same_in_other_processes"),
    (offer(rule=morning), {}, "test_it_answers_the_same_in_other_processes"),
    (offer(Surcharge()), {}, "test_it_takes_between_nothing_and_all"),
    (offer(NotANumber()), {}, "test_it_takes_between_nothing_and_all"),
    (offer(Dollars()), {}, "test_it_keeps_to_the_currency"),
    (offer(Swallowed(Money("5", "EUR"))), {}, "test_it_keeps_to_the_currency"),
    (offer(Floating()), {}, "test_it_is_exact"),
    (offer(Leaking()), {}, "test_it_is_exact"),
    (offer(FirstLine()), {}, "test_the_order_changes_nothing"),
    (offer(window=Closed(end=datetime(2026, 6, 1, tzinfo=UTC))), {}, "test_its_window_is_half_open"),
    (offer(rule=Hopeful()), {}, "test_knowing_less_never_grants_more"),
    (offer(Generous()), {}, "test_knowing_less_never_grants_more"),
    (offer(rule=all_of(Silent(), AUTOPAY.is_true())), {}, "test_it_explains_itself"),
    (offer(Lossy(timedelta(days=3))), {}, "test_plain_data_brings_it_back"),
    (offer(Crashing()), {}, "test_every_document_gets_an_answer"),
    (offer(Demanding()), {}, "test_every_document_gets_an_answer"),
    (offer(Number()), {}, "test_every_document_gets_an_answer"),
    (offer(rule=Wrathful()), {"settles": True}, "test_every_document_gets_an_answer"),
    (
        Modest(code="acme:p", version=1, name="Offer", benefit=Percent(10), budget=Money("9.00", "EUR")),
        {},
        "test_it_claims_what_it_gives",
    ),
    (offer(Loose()), {}, "test_it_can_not_be_changed"),
    (offer(Unnamed()), {}, "test_its_code_has_a_namespace"),
    (offer(rule=few), {"monotone": (TENURE_MONTHS,)}, "test_more_never_gives_less"),
    (offer(FixedPrice(Money("5.00", "EUR"))), {"monotone": (TENURE_MONTHS,), "grows": True}, ""),
    (offer(Greedy()), {"settles": True}, "test_again_it_takes_nothing_more"),
    (offer(FixedPrice(Money("5.00", "EUR"))), {"settles": True}, ""),
]


@pytest.fixture(autouse=True)
def without_shrinking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the same questions each time, and look for no smaller ones."""
    ask_the_same(monkeypatch, [DiscountPolicyContract])


def _named(values: Sequence[tuple[DiscountPolicy, dict[str, Any], str]]) -> list[str]:
    return [f"{place}-{type(policy.benefit).__name__}-{check}" for place, (policy, _, check) in enumerate(values)]


@pytest.mark.parametrize("policy", SOUND, ids=lambda policy: type(policy.benefit).__name__)
def test_sound_policies_fail_nothing(policy: DiscountPolicy) -> None:
    """Every benefit that ships, with every kind of fact and every term, passes all checks."""
    assert failing(DiscountPolicyContract, policy=policy) == []


@pytest.mark.slow
@pytest.mark.parametrize(("policy", "more", "check"), BROKEN, ids=_named(BROKEN))
def test_each_broken_policy_fails_its_check_alone(policy: DiscountPolicy, more: dict[str, Any], check: str) -> None:
    """What is broken in one way is told by one check, and by no other."""
    assert failing(DiscountPolicyContract, policy=policy, **more) == ([check] if check else [])


def test_checks_may_be_shared_before_a_policy_is_named() -> None:
    """A class between names no policy; each below it has its own."""
    between = type("Between", (DiscountPolicyContract,), {"settles": True})
    below = type("Below", (between,), {"policy": SOUND[0]})
    assert not hasattr(between, "plugin")
    assert below.plugin is SOUND[0]


def test_every_check_has_a_policy_that_fails_it() -> None:
    """A check that nothing fails shows nothing; only travelling is shown below."""
    checks = {name for name in dir(DiscountPolicyContract) if name.startswith("test_")}
    assert checks - {check for _, _, check in BROKEN} == {"test_it_travels_to_another_process"}


def test_a_policy_that_does_not_travel() -> None:
    """A class inside a function is found in no other process; one check says so."""

    @frozen
    class Local(Reads):
        code = "acme:local"

    assert failing(DiscountPolicyContract, policy=offer(Local())) == ["test_it_travels_to_another_process"]


def test_folding_follows_kleene() -> None:
    """The kit tells anew what parts make together, and agrees with the library."""
    parts = [TENURE_MONTHS >= 1, AUTOPAY.is_true(), SEGMENT.is_("x")]
    for rule in (all_of(*parts), any_of(*parts), at_least(2, *parts), not_(parts[0])):
        for facts in (Facts(), Facts({TENURE_MONTHS: 1, SEGMENT: "y"}), Facts({TENURE_MONTHS: 0, AUTOPAY: True, SEGMENT: "x"})):
            finding = rule.finding(facts)
            assert _folded(rule, [part.outcome for part in finding.parts]) is finding.outcome
