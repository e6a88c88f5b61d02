"""Contract of discount policies: the whole of a policy, with its condition, its benefit and its terms."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.conditions import Combination, Fact, Finding, Join, Outcome, nearest_misses
from billing_domain.discounts import (
    BudgetClaim,
    Claimed,
    Discounted,
    DiscountPolicy,
    Evaluation,
    Proposal,
    Stage,
    claims_of,
    dump_policy,
    evaluate,
    load_policies,
    policy_sentence,
)
from billing_domain.errors import CurrencyMismatchError, ExceedsLimitError
from billing_domain.invoicing import LineFacts, Share
from billing_domain.money import add_up, exact, minor_unit
from billing_domain.testing.plugin_contract import PluginContract, check_code, copied, kept, shared
from billing_domain.testing.policy_cases import (
    PolicyCase,
    anchors,
    applied,
    codes_of,
    discounts_of,
    forgotten,
    is_shipped,
    monies_in,
    plain_benefit,
    policy_cases,
    promised,
    written_conditions,
)
from billing_domain.testing.proposal_checks import (
    check_answer,
    check_bounds,
    check_currency,
    check_exact,
    check_order,
    number_in,
    turned,
)
from billing_domain.testing.reading import leaves

LOCALES = ("en_GB", "lt_LT")
ZONES = (ZoneInfo("UTC"), ZoneInfo("Europe/Vilnius"), ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe"))
TICK = timedelta(microseconds=1)


class Decided(NamedTuple):
    """What a policy answers for one document.

    Args:
        finding: What its condition found.
        evaluation: What it does if its condition holds.
        applied: What it takes off whatever its condition says.
    """

    finding: Finding | None

    evaluation: Evaluation
    applied: Discounted


class _Paper(NamedTuple):
    """As much of an issued invoice as claims read."""

    number: str
    currency: str
    lines: tuple["_Line", ...]


class _Line(NamedTuple):
    shares: tuple[Share, ...]


class DiscountPolicyContract(PluginContract):
    """What a discount policy promises, in seventeen checks; naming the policy is enough.

    Documents are drawn that it covers and does not, in its currencies and others; the facts that it reads are found by themselves.

    Attributes:
        policy: The policy under test.
        facts: Values of facts whose range matters, as Hypothesis strategies.
        monotone: Facts of which more never makes the discount smaller, where the policy promises that.
        grows: Whether a larger amount never makes the discount smaller, where the policy promises that.
        settles: Whether it takes nothing more off what it left itself, where the policy promises that.

    Example:
        >>> from billing_domain.conditions import TENURE_MONTHS
        >>> from billing_domain.discounts import Percent
        >>> spring = DiscountPolicy(code="acme:spring", version=1, name="Spring", benefit=Percent(10), condition=TENURE_MONTHS >= 12)
        >>> class TestSpring(DiscountPolicyContract):
        ...     policy = spring
        >>> TestSpring().test_knowing_less_never_grants_more()
    """

    policy: ClassVar[DiscountPolicy]
    facts: ClassVar[dict[Fact[Any], st.SearchStrategy[Any]]] = {}
    monotone: ClassVar[tuple[Fact[Any], ...]] = ()
    grows: ClassVar[bool] = False
    settles: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        """Take the policy as the plugin under test."""
        super().__init_subclass__()
        if "policy" in cls.__dict__:
            cls.plugin = cls.policy

    @staticmethod
    def ask(plugin: DiscountPolicy, question: PolicyCase) -> Decided:
        """Ask what the policy does with a document."""
        found = evaluate(discounts_of(plugin), question.asked(traced=True), currency=question.currency)
        finding = None if plugin.condition is None else plugin.condition.finding(question.facts)
        return Decided(finding, found, applied(plugin, question))

    @classmethod
    def questions(cls) -> st.SearchStrategy[PolicyCase]:
        """Return documents, some of their facts missing."""
        return policy_cases(cls.policy, facts=cls.facts)

    def proposal(self, case: PolicyCase) -> Proposal | None:
        """Return what the benefit proposes; None where it raises, or proposes otherwise the second time."""
        try:
            with exact():
                one, other = (self.policy.benefit.propose(copied(case).base) for _ in range(2))
        except Exception:  # noqa: BLE001  another check is for that
            return None
        return one if isinstance(one, Proposal) and repr(one) == repr(other) else None

    # ------------------------------------------------------------------------------------------------------- the checks

    def test_its_code_has_a_namespace(self) -> None:
        """Codes of the policy, its benefit and its conditions are stored, so they say whose they are."""
        check_code(self.policy)
        for part in (self.policy.benefit, *written_conditions(self.policy.condition)):
            if not is_shipped(part):
                check_code(part)

    @shared
    @given(st.data())
    def test_it_changes_nothing(self, data: st.DataObject) -> None:
        """Neither what it is given nor the policy itself is another one afterwards; its benefit and its condition are plugins too."""
        case = copied(self.draw(data))
        base, facts = case.base, copied(case.facts)
        self.check_changes_nothing(lambda _, given: self.policy.benefit.propose(given), base)
        self.check_changes_nothing(lambda _, given: [leaf.finding(given) for leaf in leaves(self.policy.condition)], facts)

    @shared
    @given(st.data())
    def test_every_document_gets_an_answer(self, data: st.DataObject) -> None:
        """Whatever the document and however little is known: an answer, and nothing raised."""
        case = self.draw(data)
        with exact():
            check_answer(self.policy.benefit.propose(case.base))
            for leaf in leaves(self.policy.condition):
                assert isinstance(leaf.finding(case.facts), Finding), "finding returns a Finding"

    @shared
    @given(st.data())
    def test_it_takes_between_nothing_and_all(self, data: st.DataObject) -> None:
        """No line costs less than nothing, and none more than before."""
        case = self.draw(data)
        if (proposal := self.proposal(case)) is not None:
            check_bounds(proposal)
        if isinstance(answer := self.sound(case), Decided):
            for line, shares in zip(case.lines, answer.applied.shares, strict=True):
                assert 0 <= _total(shares) <= line.amount, "a line bears between nothing and all of itself"

    @shared
    @given(st.data())
    def test_it_keeps_to_the_currency(self, data: st.DataObject) -> None:
        """Amounts are in the currency of the document; what the policy holds in another one takes nothing off."""
        case = self.draw(data)
        if (proposal := self.proposal(case)) is not None:
            check_currency(proposal, case.base, monies_in(plain_benefit(self.policy.benefit)))
        caps = self.policy.caps.currency
        if isinstance(answer := self.sound(case), Decided) and caps not in {"", case.currency}:
            assert not any(answer.applied.shares), f"with caps in {caps} nothing is given in {case.currency}"

    @shared
    @given(st.data())
    def test_it_is_exact(self, data: st.DataObject) -> None:
        """Decimals that sum, and shares in whole minor units, with no decimals, two and three."""
        case = self.draw(data)
        if (proposal := self.proposal(case)) is not None:
            check_exact(proposal, case.base)
        if isinstance(answer := self.sound(case), Decided):
            shares = [share for borne in answer.applied.shares for share in borne]
            assert all([share.amount % minor_unit(case.currency) == 0 for share in shares]), "shares are whole minor units"
            assert _total(shares) == add_up(record.granted for record in answer.applied.applications), "shares sum to what was granted"

    @shared
    @given(st.data())
    def test_the_order_changes_nothing(self, data: st.DataObject) -> None:
        """A document is a set of lines, and what is known is a set of facts."""
        case = self.draw(data)
        places = data.draw(st.permutations(range(len(case.lines))))
        other = case._replace(lines=tuple(case.lines[place] for place in places))
        one, two = self.proposal(case), self.proposal(other)
        if one is not None and two is not None:
            check_order(one, two, places)
            assert turned(case.base, places) == other.base, "lines are kept"

    @shared
    @given(st.data())
    def test_its_window_is_half_open(self, data: st.DataObject) -> None:
        """It holds from its start to before its end, to the microsecond, in whatever zone the instant is told."""
        case = self.draw(data)
        window = self.policy.window
        for end, opens in ((window.start, True), (window.end, False)):
            if end is None:
                continue
            shift, zone = data.draw(st.sampled_from([-1, 0, 1])), data.draw(st.sampled_from(ZONES))
            at = (end.astimezone(ZONES[0]) + shift * TICK).astimezone(zone)
            assert self._open(case, at) is ((shift >= 0) is opens), "a window holds at its start and not at its end"
        if window.start is None and window.end is None:
            at = data.draw(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.sampled_from(ZONES)))  # noqa: DTZ001
            assert self._open(case, at), "without ends a window is always open"

    def _open(self, case: PolicyCase, at: datetime) -> bool:
        if not isinstance(self.sound(case), Decided):
            return self.policy.window.holds(at)
        records = evaluate(discounts_of(self.policy), case._replace(at=at).asked(), currency=case.currency).records
        return all(record.stage is not Stage.WINDOW for record in records)

    @shared
    @given(st.data())
    def test_knowing_less_never_grants_more(self, data: st.DataObject) -> None:
        """Without a fact the condition stays as it was or becomes unknown, and the discount becomes no larger."""
        case = data.draw(self._known_cases())
        gone = kept(type(self), "_kept_forgotten", lambda: forgotten(anchors(self.policy), least=1))
        less = case._replace(facts=case.facts.without(*data.draw(gone)))
        one, other = self._outcome(case), self._outcome(less)
        if one is not None and other is not None:
            assert other in {one, Outcome.UNKNOWN}, "a missing fact makes a condition unknown, never another answer"
        self._at_most(less, case, "a missing fact never makes a discount larger")

    def _known_cases(self) -> st.SearchStrategy[PolicyCase]:
        return kept(type(self), "_kept_cases", lambda: policy_cases(self.policy, facts=self.facts, forget=False))

    def _outcome(self, case: PolicyCase) -> Outcome | None:
        """Return what the condition says; None where it raises or changes its mind."""
        if self.policy.condition is None:
            return Outcome.MET
        try:
            one, other = (self.policy.condition.outcome(copied(case.facts)) for _ in range(2))
        except Exception:  # noqa: BLE001  another check is for that
            return None
        return one if one is other else None

    def _at_most(self, smaller: PolicyCase, larger: PolicyCase, why: str) -> None:
        """Refuse a policy that proposes more for the first case than for the second."""
        one, other = self.proposal(smaller), self.proposal(larger)
        low, high = (None if each is None else number_in(each) for each in (one, other))
        if low is not None and high is not None:
            assert low <= high, why

    @shared
    @given(st.data())
    def test_it_explains_itself(self, data: st.DataObject) -> None:
        """Every part of the condition has a finding, the findings make the outcome, a refusal has a reason, and all of it has words."""
        case = self.draw(data)
        outcome = self._outcome(case)
        if self.policy.condition is not None and outcome is not None:
            finding = self.policy.condition.finding(case.facts)
            assert finding.outcome is outcome, "outcome and finding agree"
            _check_trace(self.policy.condition, finding)
            assert all([miss.text(locale=locale) for miss in nearest_misses(finding) for locale in LOCALES])
        if isinstance(answer := self.sound(case), Decided):
            refused = [record for record in answer.evaluation.records if record.stage is not Stage.APPLIED]
            assert all([record.reason for record in refused]), "a refusal has a reason"
        assert len({policy_sentence(self.policy, locale=locale) for locale in LOCALES}) == len(LOCALES)

    @shared
    @given(st.data())
    def test_plain_data_brings_it_back(self, data: st.DataObject) -> None:
        """Written as JSON and read again it is the same policy, decides the same, and a key that is not known is refused."""
        case = self.draw(data)
        plain = json.loads(json.dumps(dump_policy(self.policy), allow_nan=False))
        (read,) = load_policies([plain], codes=codes_of(self.policy))
        assert read.content_hash == self.policy.content_hash, "what is read says what was written"
        assert read.benefit == self.policy.benefit, "a benefit is made of plain values, by the names of its fields"
        assert read.condition == self.policy.condition, "a condition is named by its code"
        if isinstance(answer := self.sound(case), Decided):
            other = self.answer(read, case)
            assert answer != self.sound(case) or other == answer, "what is read decides the same"

    @shared
    @given(st.data())
    def test_it_claims_what_it_gives(self, data: st.DataObject) -> None:
        """A limited policy claims what a document bears of it, once however often, and nothing where it gives nothing."""
        case = self.draw(data)
        if not isinstance(answer := self.sound(case), Decided):
            return
        paper: Any = _Paper("I-1", case.currency, tuple(_Line(shares) for shares in answer.applied.shares))
        claims = claims_of(paper, [promised(self.policy, case)], [self.policy])
        given = _total(share for line in paper.lines for share in line.shares)
        limited = self.policy.budget is not None or self.policy.uses is not None
        assert [claim.amount for claim in claims] == ([given] if limited and given else []), "a claim is what is given, where it is limited"
        for claim in claims:
            _check_claim(self.policy, claim)

    @shared
    @given(st.data())
    def test_more_never_gives_less(self, data: st.DataObject) -> None:
        """Where the policy promises it: a larger amount, or more of a fact, makes the discount no smaller."""
        if not self.monotone and not self.grows:
            pytest.skip("it promises nothing of the kind; say `monotone` or `grows`")
        case = data.draw(self._known_cases())
        for fact in self.monotone:
            if fact in case.facts:
                self._monotone(case, fact, case.facts[fact] + data.draw(st.integers(1, 100).map(type(case.facts[fact]))))
        if self.grows and case.lines:
            more = data.draw(st.integers(1, 1_000)) * minor_unit(case.currency)
            first = case.lines[0]._replace(amount=add_up([case.lines[0].amount, more]))
            self._at_most(case, case._replace(lines=(first, *case.lines[1:])), "a larger amount never makes the discount smaller")

    def _monotone(self, case: PolicyCase, fact: Fact[Any], more: Any) -> None:
        higher = case._replace(facts=case.facts.add({fact: more}))
        if self._outcome(case) is Outcome.MET:
            assert self._outcome(higher) is Outcome.MET, f"more of {fact.code} never takes the discount away"
        self._at_most(case, higher, f"more of {fact.code} never makes the discount smaller")

    @shared
    @given(st.data())
    def test_again_it_takes_nothing_more(self, data: st.DataObject) -> None:
        """Where the policy promises it: what it left is not lowered again."""
        if not self.settles:
            pytest.skip("it promises nothing of the kind; say `settles`")
        case = self.draw(data)
        if isinstance(answer := self.sound(case), Decided):
            left = [_less(line, shares) for line, shares in zip(case.lines, answer.applied.shares, strict=True)]
            assert not any(applied(self.policy, case._replace(lines=tuple(left))).shares), "what it left is not lowered again"


def _total(shares: Any) -> Decimal:
    return add_up(share.amount for share in shares)


def _less(line: LineFacts, shares: tuple[Share, ...]) -> LineFacts:
    return line._replace(amount=line.amount - _total(shares))


def _check_trace(condition: Any, finding: Finding) -> None:
    """Refuse a finding that leaves out a part, or whose parts do not make its outcome."""
    assert finding.condition == condition, "a finding says whose it is"
    assert bool(finding.missing) is (finding.outcome is Outcome.UNKNOWN), "what is unknown, and nothing else, names what is missing"
    if not isinstance(condition, Combination):
        return
    assert len(finding.parts) == len(condition.parts), "every part has a finding"
    for part, found in zip(condition.parts, finding.parts, strict=True):
        _check_trace(part, found)
    assert finding.outcome is _folded(condition, [found.outcome for found in finding.parts]), "the parts make the outcome"


def _folded(condition: Combination, outcomes: list[Outcome]) -> Outcome:
    """Return what outcomes make together, told anew."""
    if condition.join is Join.NOT:
        return {Outcome.MET: Outcome.UNMET, Outcome.UNMET: Outcome.MET}.get(outcomes[0], Outcome.UNKNOWN)
    needed = {Join.ALL: len(outcomes), Join.ANY: 1}.get(condition.join, condition.number)
    if outcomes.count(Outcome.MET) >= needed:
        return Outcome.MET
    return Outcome.UNMET if len(outcomes) - outcomes.count(Outcome.UNMET) < needed else Outcome.UNKNOWN


def _check_claim(policy: DiscountPolicy, claim: BudgetClaim) -> None:
    assert claim.policy == policy.code, "a claim is on the policy that is limited"
    try:
        taken = Claimed.of(policy).take(claim)
    except (ExceedsLimitError, CurrencyMismatchError):
        return
    assert taken.take(claim) is taken, "the same claim again is the same claim"
    assert taken.take(claim.released()) == Claimed.of(policy), "a claim of zero takes it back"
