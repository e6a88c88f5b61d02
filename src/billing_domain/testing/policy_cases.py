"""What a discount policy is asked about: documents that it may touch and others, with the facts that it reads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import attrs
from hypothesis import strategies as st

from billing_domain.conditions import AT, CONTRACT_END, DAY, Combination, Comparison, Condition, Fact, Facts, Vocabulary
from billing_domain.discounts import (
    NOTHING_GIVEN,
    Asked,
    Base,
    BaseLine,
    Benefit,
    Discounted,
    DiscountPolicy,
    Discounts,
    Grant,
    Lane,
    PolicyCodes,
    ScopeKind,
    apply,
    dump_policy,
)
from billing_domain.invoicing import ChargeKind, LineFacts
from billing_domain.money import minor_unit
from billing_domain.periods import Frequency, Schedule
from billing_domain.testing.builders import START
from billing_domain.testing.reading import anchors_of, known_facts, leaves
from billing_domain.testing.strategies import CURRENCIES, lines

SHIPPED = "billing_domain."
CONTRACT_LEFT = timedelta(days=400)

_KINDS: Mapping[ScopeKind, tuple[ChargeKind, ...]] = {
    ScopeKind.ALL: (ChargeKind.RECURRING, ChargeKind.USAGE, ChargeKind.ONE_OFF),
    ScopeKind.RECURRING: (ChargeKind.RECURRING, ChargeKind.RECURRING, ChargeKind.USAGE),
    ScopeKind.USAGE: (ChargeKind.USAGE, ChargeKind.USAGE, ChargeKind.RECURRING),
    ScopeKind.ONE_OFF: (ChargeKind.ONE_OFF, ChargeKind.ONE_OFF, ChargeKind.RECURRING),
}


class PolicyCase(NamedTuple):
    """One document of one account, for which a policy is asked.

    Args:
        lines: The facts of its lines.
        currency: Its currency.
        facts: What is known of the account.
        at: The instant of the decision.
    """

    lines: tuple[LineFacts, ...]
    currency: str
    facts: Facts
    at: datetime

    @property
    def base(self) -> Base:
        """The document as a benefit sees it."""
        return Base(tuple(BaseLine(line, line.amount) for line in self.lines), self.currency, self.facts)

    def asked(self, *, traced: bool = False) -> Asked:
        """Return the document as policies see it."""
        return Asked("A-1", self.at, self.lines, self.facts, (), NOTHING_GIVEN, frozenset(), traced)


def is_shipped(plugin: object) -> bool:
    """Say whether a benefit or a condition is one of the library's own."""
    return type(plugin).__module__.startswith(SHIPPED)


def written_conditions(condition: Condition | None) -> list[Condition]:
    """Return the conditions that were written as code, each once."""
    found: list[Condition] = []
    for leaf in leaves(condition):
        if not isinstance(leaf, Comparison | Combination) and leaf not in found:
            found.append(leaf)
    return found


def codes_of(policy: DiscountPolicy) -> PolicyCodes:
    """Return what plain data of the policy names: the facts, conditions and benefit that the library does not ship."""
    compared = {leaf.fact.code: leaf.fact for leaf in leaves(policy.condition) if isinstance(leaf, Comparison)}
    known = Vocabulary()
    own = [fact for code, fact in sorted(compared.items()) if known.fact(code) != fact]
    kept = [fact for fact in known.facts if fact.code not in {each.code for each in own}]
    vocabulary = Vocabulary((*kept, *own), tuple(written_conditions(policy.condition)))
    return PolicyCodes(vocabulary, () if is_shipped(policy.benefit) else (type(policy.benefit),))


def discounts_of(policy: DiscountPolicy) -> Discounts:
    """Return the policy alone, in its lane."""
    return Discounts([policy], [Lane(policy.lane)] if policy.lane else [])


def promised(policy: DiscountPolicy, case: PolicyCase) -> Grant:
    """Return the grant that the policy makes on a document, whatever its condition says."""
    start = case.lines[0].start if case.lines else START
    schedule = Schedule(Frequency.monthly(), start)
    return policy.promise(id="G-1", start=start, schedule=schedule, contract_end=start + CONTRACT_LEFT)


def applied(policy: DiscountPolicy, case: PolicyCase) -> Discounted:
    """Return what the policy takes off a document, whatever its condition says.

    Raises:
        PluginError: Its benefit raised, or proposed what is refused.
    """
    lanes = discounts_of(policy).lanes
    step = minor_unit(case.currency)
    return apply(case.lines, [promised(policy, case)], step=step, currency=case.currency, lanes=lanes, facts=case.facts)


# ----------------------------------------------------------------------------------------------- what documents are of


def texts_in(plain: Any) -> Iterator[str]:
    """Yield every text that stands somewhere in plain data."""
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict | list):
        for each in plain.values() if isinstance(plain, dict) else plain:
            yield from texts_in(each)


def monies_in(plain: Any) -> Iterator[str]:
    """Yield the currency of every amount that stands somewhere in plain data."""
    if isinstance(plain, dict) and plain.keys() == {"amount", "currency"}:
        yield str(plain["currency"])
    elif isinstance(plain, dict | list):
        for each in plain.values() if isinstance(plain, dict) else plain:
            yield from monies_in(each)


def plain_benefit(benefit: Benefit) -> dict[str, Any]:
    """Return the fields of a benefit as plain data."""
    plain: dict[str, Any] = dump_policy(DiscountPolicy(code="kit:any", version=1, name="Any", benefit=benefit))["benefit"]
    return plain


def charges_of(benefit: Benefit) -> list[str]:
    """Return codes of charges: every text that the benefit holds may be one, and two more."""
    held = {text for text in texts_in({**plain_benefit(benefit), "benefit": None}) if not _is_number(text)}
    return sorted(held | {"fee", "data"})


def _is_number(text: str) -> bool:
    return text.replace(".", "").isdigit()


def anchors(policy: DiscountPolicy) -> dict[Fact[Any], frozenset[Any]]:
    """Return the facts that the policy reads, with what it compares them with."""
    sample = PolicyCase((), "EUR", Facts(), datetime(2026, 3, 1, tzinfo=UTC)).base
    return anchors_of(policy.condition, lambda facts: policy.benefit.propose(attrs.evolve(sample, facts=facts)))


# --------------------------------------------------------------------------------------------------------- the strategy


def _start(policy: DiscountPolicy) -> st.SearchStrategy[date]:
    last = policy.duration.day
    first = START if last is None else min(START, last - timedelta(days=60))
    return st.integers(0, 40).map(lambda days: first + timedelta(days=days))


def _instants(policy: DiscountPolicy) -> st.SearchStrategy[datetime]:
    """Return instants at which the policy is open."""
    start, end = policy.window.start, policy.window.end
    first = start or (end - timedelta(days=30) if end is not None else datetime(2026, 3, 1, tzinfo=UTC))
    first = first.astimezone(UTC)
    last = (end.astimezone(UTC) if end is not None else first + timedelta(days=300)) - timedelta(microseconds=1)
    hours = st.sampled_from([timedelta(hours=hour) for hour in range(24)])  # an integer would most often be a small one
    passed = st.builds(timedelta, st.integers(0, 300), st.integers(0, 3_599), st.sampled_from([0, 1, 999_999]))

    def at(hour: timedelta, since: timedelta) -> datetime:
        return min(first + hour + since, last)

    return st.builds(at, hours, passed)


def policy_cases(
    policy: DiscountPolicy,
    *,
    facts: Mapping[Fact[Any], st.SearchStrategy[Any]] | None = None,
    currencies: Sequence[str] = (),
    forget: bool = True,
) -> st.SearchStrategy[PolicyCase]:
    """Return documents for which a policy is asked: with lines that it covers and others, in its currency and others.

    Args:
        policy: The policy.
        facts: Values of facts, where others than the usual ones are wanted.
        currencies: The currencies of documents; those of its amounts, and EUR, JPY and BHD, where they are not given.
        forget: Whether facts may be missing.
    """
    own = sorted(set(monies_in(dump_policy(policy))))
    read = anchors(policy)
    known = known_facts(read, facts or {})
    gone = forgotten(read) if forget else st.just(frozenset[Fact[Any]]())
    documents = [_documents(policy, code) for code in (*(currencies or [*own, *own, *CURRENCIES]),)]

    def case(document: tuple[str, tuple[LineFacts, ...]], told: Facts, at: datetime, left_out: frozenset[Fact[Any]]) -> PolicyCase:
        currency, stated = document
        start = stated[0].start if stated else START
        told = _of_the_day(told.add({CONTRACT_END: start + CONTRACT_LEFT}), at)
        return PolicyCase(stated, currency, told.without(*left_out), at)

    return st.builds(case, st.one_of(documents), known, _instants(policy), gone)


def _documents(policy: DiscountPolicy, currency: str) -> st.SearchStrategy[tuple[str, tuple[LineFacts, ...]]]:
    scope = policy.scope
    stated = lines(
        currency=currency,
        charges=sorted({*(scope.charges or charges_of(policy.benefit)), "other"}),
        kinds=_KINDS[scope.kind],
        plans=sorted(scope.plans) or ["basic"],
        subscriptions=sorted(scope.subscriptions) or ["S-1", "S-2"],
        starts=_start(policy),
    )
    return st.tuples(st.just(currency), stated)


def _of_the_day(facts: Facts, at: datetime) -> Facts:
    if AT in facts:
        facts = facts.add({AT: at})
    return facts.add({DAY: at.date()}) if DAY in facts else facts


def forgotten(read: Iterable[Fact[Any]], *, least: int = 0) -> st.SearchStrategy[frozenset[Fact[Any]]]:
    """Return facts to leave out, of those that are read.

    Args:
        read: What may be forgotten.
        least: How many are forgotten at least, where there are so many; where it is zero, often none is.
    """
    listed = sorted(read, key=lambda fact: fact.code)
    if not listed:
        return st.just(frozenset())
    some = st.frozensets(st.sampled_from(listed), min_size=least)
    return some if least else st.one_of(st.just(frozenset[Fact[Any]]()), some)
