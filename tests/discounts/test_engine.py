"""The engine: what grants do to the lines of one document."""

from decimal import Decimal, localcontext

import attrs
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st
from made import APRIL, CENT, MARCH, Gave, Says, eur, line, promise, records, shares

from billing_domain.catalog import Step
from billing_domain.discounts import (
    Basis,
    Bid,
    Caps,
    Exclusive,
    FixedAmount,
    FixedPrice,
    FreeUnits,
    Lane,
    Percent,
    PercentTier,
    Proposal,
    Scope,
    Stack,
    Stage,
    Surplus,
    TieredPercent,
    WaivedFee,
    apply,
    share_out,
)
from billing_domain.errors import InvalidAmountError, InvalidTypeError, PluginError
from billing_domain.invoicing import ChargeKind
from billing_domain.money import Money

benefits = st.one_of(
    st.integers(1, 100).map(Percent),
    st.integers(1, 9_000).map(lambda cents: FixedAmount(Money(Decimal(cents) / 100, "EUR"))),
    st.integers(0, 5_000).map(lambda cents: FixedPrice(Money(Decimal(cents) / 100, "EUR"))),
    st.just(WaivedFee(["base"])),
    st.just(TieredPercent([PercentTier(50, 5), PercentTier(None, 20)])),
    st.just(Percent(30, of=["data"])),
)
maybe_eur = st.none() | st.integers(0, 3_000).map(lambda cents: Money(Decimal(cents) / 100, "EUR"))
caps = st.builds(Caps, line=maybe_eur, document=maybe_eur, period=maybe_eur, total=maybe_eur, net_price=maybe_eur)
amounts = st.integers(0, 20_000).map(lambda cents: str(Decimal(cents) / 100)) | st.just("0")
lines = st.lists(
    st.builds(line, amounts, st.sampled_from(["base", "data", "seats"]), st.sampled_from([ChargeKind.RECURRING, ChargeKind.USAGE])),
    min_size=1,
    max_size=7,
)
LANES = st.lists(st.sampled_from(Stack), min_size=2, max_size=2).map(lambda stacks: [Lane("one", stacks[0]), Lane("two", stacks[1])])


@st.composite
def grants(draw):
    """Return one to six grants in different lanes."""
    return [
        promise(
            f"G-{number}",
            draw(benefits),
            lane=draw(st.sampled_from(["one", "two", "", "elsewhere"])),
            priority=draw(st.integers(0, 2)),
            base=draw(st.sampled_from(Basis)),
            caps=draw(caps),
            surplus=draw(st.sampled_from(Surplus)),
            exclusive=draw(st.sampled_from([Exclusive.NO, Exclusive.NO, Exclusive.NO, *Exclusive])),
        )
        for number in range(draw(st.integers(1, 6)))
    ]


@given(lines, grants(), LANES)
def test_no_line_falls_below_zero_and_every_cent_is_recorded(lines, grants, lanes):
    """Whatever meets in whatever lanes, a line never falls below zero, and a grant's shares sum to what its record grants."""
    found = apply(lines, grants, step=CENT, currency="EUR", lanes=lanes)
    for facts, borne in zip(lines, found.shares, strict=True):
        assert all(share.amount > 0 for share in borne)
        assert sum(share.amount for share in borne) <= facts.amount
    for grant in grants:
        given_by = sum(share.amount for borne in found.shares for share in borne if share.grant_id == grant.id)
        kept = [record for record in found.applications if record.grant_id == grant.id]
        assert sum(record.granted for record in kept) == given_by
        assert len(kept) <= 1
        for record in kept:
            assert (record.stage is Stage.APPLIED) is (record.granted > 0)
            assert record.granted <= record.requested
            assert record.granted == record.requested or record.capped_by or record.stage is Stage.STACK
            assert record.stage is Stage.APPLIED or record.reason
        limit = grant.caps.document
        assert limit is None or given_by <= limit.amount
        assert grant.limit is None or given_by <= grant.limit.amount


@given(lines, grants(), LANES, st.randoms())
def test_the_order_of_grants_is_free(lines, grants, lanes, random):
    """The order in which grants are given changes nothing, nor does the caller's decimal context."""
    mixed = grants[:]
    random.shuffle(mixed)
    once = apply(lines, grants, step=CENT, currency="EUR", lanes=lanes)
    with localcontext(prec=4):
        assert apply(lines, mixed, step=CENT, currency="EUR", lanes=lanes) == once


@given(lines, st.lists(st.tuples(st.integers(1, 100), st.none() | st.integers(0, 40)), max_size=4), st.sampled_from(["EUR", "", "NOK"]))
def test_the_short_way_gives_what_the_engine_gives(lines, drawn, currency):
    """Plain percentages take a short way; with a lane they take the long one, and come to the same."""
    plain = [promise(f"G-{n}", Percent(percent), limit=None if limit is None else eur(limit)) for n, (percent, limit) in enumerate(drawn)]
    in_lane = [attrs.evolve(grant, lane="one") for grant in plain]
    assert all(grant.plain for grant in plain)
    assert not any(grant.plain for grant in in_lane)
    more = {"step": CENT, "currency": currency, "given": Gave({"G-0": 3})}
    short, long = apply(lines, plain, **more), apply(lines, in_lane, lanes=[Lane("one")], **more)
    assert short.shares == long.shares
    assert short.applications == [record._replace(lane="") for record in long.applications]


def test_what_a_discount_covers_is_not_below_zero():
    """A line below zero, which billing never makes, is refused and not discounted upwards."""
    with pytest.raises(InvalidAmountError, match="a weight is not negative"):
        share_out([line("10.00"), line("2.00")._replace(amount=Decimal("-2.00"))], [promise()], CENT, lambda _: Decimal(0))


def test_share_out_splits_exactly():
    """10 % of 10.01, 10.01 and 10.01 is 3.00, split by the largest remainder."""
    assert [
        [str(share.amount) for share in borne] for borne in share_out([line("10.01")] * 3, [promise()], CENT, lambda _: Decimal(0))
    ] == [["1.00"]] * 3


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (Stack.BEST_OF, {"G-2": "20.00"}),
        (Stack.FIRST, {"G-1": "10.00"}),
        (Stack.LOWEST, {"G-1": "10.00"}),
        (Stack.SEQUENTIAL, {"G-1": "10.00", "G-2": "20.00"}),
        (Stack.ADDITIVE, {"G-1": "10.00", "G-2": "20.00"}),
    ],
)
def test_each_way_of_stacking(stack, expected):
    """10 % with priority and 20.00 off a line of 100.00, in each way of stacking; what loses is recorded with who won."""
    both = [promise("G-1", Percent(10), lane="one", priority=1), promise("G-2", FixedAmount(eur(20)), lane="one")]
    assert shares([line("100.00")], both, lanes=[Lane("one", stack)]) == [expected]
    for grant_id, record in records([line("100.00")], both, lanes=[Lane("one", stack)]).items():
        if grant_id not in expected:
            assert (record.stage, record.reason, record.by) == (Stage.STACK, "outbid", tuple(expected))


def test_sequential_and_additive_differ_in_their_base():
    """10 % and 5 % of 100.00 leave 85.50 one after the other, and 85.00 added up."""
    both = [promise("G-1", Percent(10), lane="one"), promise("G-2", Percent(5), lane="one")]
    assert shares([line("100.00")], both, lanes=[Lane("one", Stack.SEQUENTIAL)]) == [{"G-1": "10.00", "G-2": "4.50"}]
    assert shares([line("100.00")], both, lanes=[Lane("one", Stack.ADDITIVE)]) == [{"G-1": "10.00", "G-2": "5.00"}]


def test_additive_discounts_stop_at_zero():
    """70 % and 40 % added up take all of it, and the second is capped by what is left."""
    both = [promise("G-1", Percent(70), lane="one"), promise("G-2", Percent(40), lane="one")]
    assert shares([line("100.00")], both, lanes=[Lane("one", Stack.ADDITIVE)]) == [{"G-1": "70.00", "G-2": "30.00"}]
    assert records([line("100.00")], both, lanes=[Lane("one", Stack.ADDITIVE)])["G-2"].capped_by == ("base",)


def test_best_of_compares_what_touches_the_same_lines():
    """Discounts of different lines do not compete."""
    both = [promise("G-1", Percent(10, of=["base"]), lane="one"), promise("G-2", Percent(50, of=["data"]), lane="one")]
    assert shares([line("10.00"), line("10.00", "data")], both, lanes=[Lane("one", Stack.BEST_OF)]) == [{"G-1": "1.00"}, {"G-2": "5.00"}]


def test_ties_go_by_priority_then_policy():
    """Two offers that take off the same: priority decides, then the code of the policy, then the id."""
    offers = [promise("G-1", policy="acme:b@1", lane="one"), promise("G-2", policy="acme:a@1", lane="one")]
    assert shares([line("10.00")], offers, lanes=[Lane("one", Stack.BEST_OF)]) == [{"G-2": "1.00"}]
    offers[0] = promise("G-1", policy="acme:b@1", lane="one", priority=1)
    assert shares([line("10.00")], offers, lanes=[Lane("one", Stack.BEST_OF)]) == [{"G-1": "1.00"}]


@pytest.mark.parametrize(("base", "second"), [(Basis.ORIGINAL, "10.00"), (Basis.AFTER_LANES, "8.00"), (Basis.RUNNING, "7.20")])
def test_each_base(base, second):
    """After 20 % in the first lane and 10 % in the second, 10 % more: of the original, of what the first lane left, of what stands."""
    stack = [promise("A", Percent(20), lane="one"), promise("B", Percent(10), lane="two"), promise("C", Percent(10), lane="two", base=base)]
    assert shares([line("100.00")], stack, lanes=[Lane("one"), Lane("two")])[0]["C"] == second


def test_lanes_keep_their_order_and_unknown_ones_follow():
    """A grant in a lane that the rulebook does not have comes after all lanes."""
    both = [promise("A", FixedAmount(eur(5)), lane="elsewhere", priority=9), promise("B", Percent(50), lane="one")]
    assert shares([line("10.00")], both, lanes=[Lane("one")]) == [{"B": "5.00", "A": "5.00"}]


def test_exclusive_by_priority_needs_to_come_first():
    """An exclusive discount applies alone if it comes first by priority, and not at all if another one does."""
    alone = promise("A", Percent(10), exclusive=Exclusive.BY_PRIORITY)
    assert shares([line("100.00")], [alone, promise("B", Percent(50))]) == [{"A": "10.00"}]
    assert shares([line("100.00")], [alone, promise("B", Percent(50), priority=1)]) == [{"B": "50.00"}]
    found = records([line("100.00")], [alone, promise("B", Percent(50), priority=1)])["A"]
    assert (found.stage, found.reason, found.by) == (Stage.STACK, "exclusive", ("B",))


def test_exclusive_above_all_beats_priority():
    """One that stands above all beats what has a higher priority, if it gives anything."""
    alone = promise("A", Percent(10), exclusive=Exclusive.ABOVE_ALL)
    assert shares([line("100.00")], [alone, promise("B", Percent(50), priority=9)]) == [{"A": "10.00"}]
    nothing = promise("A", FixedAmount(Money("1.00", "NOK")), exclusive=Exclusive.ABOVE_ALL)
    assert shares([line("100.00")], [nothing, promise("B", Percent(50), priority=9)]) == [{"B": "50.00"}]


@pytest.mark.parametrize(
    ("cap", "expected", "name"),
    [
        (Caps(line=eur(3)), ["3.00", "1.00"], "line"),
        (Caps(document=eur(8)), ["7.27", "0.73"], "document"),
        (Caps(period=eur(8)), ["7.27", "0.73"], "period"),
        (Caps(total=eur(8)), ["7.27", "0.73"], "total"),
        (Caps(net_price=eur(95)), ["5.00"], "net_price"),
    ],
)
def test_each_cap(cap, expected, name):
    """10 % of 100.00 and 10.00 under each cap: a cap of a line moves nothing to another line; other caps are split anew."""
    lines = [line("100.00"), line("10.00", "data")]
    found = shares(lines, [promise(caps=cap)])
    assert [borne["G-1"] for borne in found if borne] == expected
    record = records(lines, [promise(caps=cap)])["G-1"]
    assert (str(record.requested), record.capped_by) == ("11.00", (name,))


def test_caps_count_what_was_given_before():
    """Total and period caps count earlier documents."""
    before = Gave({"G-1": 7}, {("G-1", MARCH): 7})
    assert shares([line("100.00")], [promise(caps=Caps(total=eur(8)))], given=before) == [{"G-1": "1.00"}]
    assert shares([line("100.00")], [promise(caps=Caps(period=eur(8)))], given=before) == [{"G-1": "1.00"}]
    assert shares([line("100.00", slot=APRIL)], [promise(caps=Caps(period=eur(8)))], given=before) == [{"G-1": "8.00"}]
    nothing = records([line("100.00")], [promise(caps=Caps(total=eur(7)))], given=before)["G-1"]
    assert (nothing.stage, nothing.reason, nothing.capped_by) == (Stage.CAPS, "capped", ("total",))


def test_caps_in_another_currency_grant_nothing():
    """A cap or limit in another currency is no reason to give without it."""
    assert shares([line("10.00")], [promise(caps=Caps(line=Money("1.00", "NOK")))]) == [{}]
    assert shares([line("10.00")], [promise(limit=Money("1.00", "NOK"))]) == [{}]


def test_fixed_amounts_stop_at_the_base_and_lose_or_carry_the_rest():
    """12.00 off 6.00 takes 6.00; a carried surplus is added to what the next document gives."""
    lost = promise(benefit=FixedAmount(eur(12)))
    assert records([line("4.00"), line("2.00")], [lost])["G-1"].capped_by == ("base",)
    carried = promise(benefit=FixedAmount(eur(12)), surplus=Surplus.CARRIED)
    assert shares([line("100.00")], [carried], given=Gave({"G-1": 6}, documents=1)) == [{"G-1": "18.00"}]
    assert shares([line("100.00")], [lost], given=Gave({"G-1": 6}, documents=1)) == [{"G-1": "12.00"}]
    assert shares([line("100.00")], [carried], given=Gave({"G-1": 30}, documents=1)) == [{}]


def test_another_currency_takes_nothing_off_and_says_so():
    """Amounts in another currency are skipped with the reason, as coupons in another currency are."""
    foreign = Money("10.00", "NOK")
    for benefit in (FixedAmount(foreign), FixedPrice(foreign), TieredPercent([PercentTier(None, 10)], currency="NOK")):
        record = records([line("100.00")], [promise(benefit=benefit)])["G-1"]
        assert (record.stage, record.reason) == (Stage.PROPOSAL, "other-currency")


def test_a_fixed_price_is_prorated_with_its_line():
    """A price of 20.00 for 17 of 31 days is 10.97: a line of 16.45 costs that."""
    assert shares([line("16.45", part=17, of=31)], [promise(benefit=FixedPrice(eur(20)))]) == [{"G-1": "5.48"}]
    assert shares([line("5.00")], [promise(benefit=FixedPrice(eur(20)))]) == [{}]


def test_free_units_are_the_last_ones():
    """With 10 units at nothing and 4.2 at 1.50, two free units are worth 3.00, and twenty 6.30."""
    steps = [Step("included", Decimal(10), Decimal(0)), Step("above", Decimal("4.2"), Decimal("1.50"))]
    usage = line("6.30", "data", ChargeKind.USAGE, steps=steps)
    assert shares([usage, line("9.90")], [promise(benefit=FreeUnits(2))]) == [{"G-1": "3.00"}, {}]
    assert shares([usage], [promise(benefit=FreeUnits(20))]) == [{"G-1": "6.30"}]
    assert shares([usage], [promise(benefit=FreeUnits(2, charges=["calls"]))]) == [{}]
    half = [promise("A", Percent(50)), promise("B", FreeUnits(2))]
    assert shares([usage], half) == [{"A": "3.15", "B": "1.50"}]


def test_fees_are_waived_by_name_or_as_one_off():
    """A waived fee takes all of the fees it names, or of all one-off charges."""
    lines = [line("25.00", "setup", ChargeKind.ONE_OFF), line("9.90")]
    assert shares(lines, [promise(benefit=WaivedFee())]) == [{"G-1": "25.00"}, {}]
    assert shares(lines, [promise(benefit=WaivedFee(["base"]))]) == [{}, {"G-1": "9.90"}]


def test_tiers_take_the_percentage_of_the_whole():
    """Up to 100.00 5 %, above 20 % of all of it."""
    tiers = TieredPercent([PercentTier(100, 5), PercentTier(None, 20)])
    assert shares([line("60.00"), line("40.00")], [promise(benefit=tiers)]) == [{"G-1": "3.00"}, {"G-1": "2.00"}]
    assert shares([line("60.00"), line("60.00")], [promise(benefit=tiers)]) == [{"G-1": "12.00"}, {"G-1": "12.00"}]


def test_a_grant_for_one_document_is_used_up():
    """What was for one document and stands on one covers no other."""
    assert shares([line("10.00")], [promise(once=True)], given=Gave(times={"G-1": 1})) == [{}]
    assert shares([line("10.00")], [promise(once=True)]) == [{"G-1": "1.00"}]


def test_scope_and_window_keep_lines_out():
    """Lines of another scope, of a day outside the window, or of nothing bear no share."""
    assert shares([line("10.00")], [promise(scope=Scope(charges=["data"]))]) == [{}]
    assert shares([line("10.00")], [promise(start=APRIL)]) == [{}]
    assert shares([line("0")], [promise()]) == [{}]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (ValueError("boom"), "does not raise"),
        (None, "returns a Proposal"),
        (Proposal(1.5), "never a float"),
        (Proposal(Decimal("NaN")), "finite"),
        (Proposal(Decimal("Infinity")), "finite"),
        (Proposal(Decimal(-1)), "zero or more"),
        (Proposal(Money("1.00", "NOK")), "is in EUR"),
        (Proposal(Decimal(2), [Decimal(1)]), "sums to"),
        (Proposal(Decimal(1), [1]), "never a float"),
        (lambda base: setattr(base, "lines", ()), "does not raise"),
        (lambda base: base.facts.add({}).missing, "does not raise"),
    ],
)
def test_bad_proposals_name_the_plugin(answer, told):
    """A benefit that raises, or proposes what is no amount of this currency, is an error that names it."""
    with pytest.raises(PluginError, match=told) as caught:
        shares([line("10.00")], [promise(benefit=Says(answer))])
    assert (caught.value.plugin, caught.value.hook) == ("acme:says", "propose")


def test_a_plugin_error_of_a_benefit_passes_as_it_is():
    """A plugin that refuses by itself is not wrapped again."""
    mine = PluginError(1, "mine", "mend", "acme:says", "propose")
    with pytest.raises(PluginError) as caught:
        shares([line("10.00")], [promise(benefit=Says(mine))])
    assert caught.value is mine


def test_more_than_the_base_is_all_of_it():
    """A proposal above the base is clamped, and the record says by what."""
    record = records([line("10.00")], [promise(benefit=Says(Proposal(Money("99.00", "EUR"))))])["G-1"]
    assert (str(record.requested), str(record.granted), record.capped_by) == ("99.00", "10.00", ("base",))


def test_what_lines_are_meant_to_bear_is_kept():
    """A proposal line by line is split as it says, and what one line cannot take moves to the others."""
    by_line = Says(lambda base: Proposal(Decimal(6), [Decimal(5), Decimal(1)]))
    assert shares([line("10.00"), line("10.00")], [promise(benefit=by_line)]) == [{"G-1": "5.00"}, {"G-1": "1.00"}]
    assert shares([line("2.00"), line("10.00")], [promise(benefit=by_line)]) == [{"G-1": "2.00"}, {"G-1": "4.00"}]


@frozen
class Mine:
    """A way of stacking that answers as it is told."""

    code = "acme:mine"
    running = False
    answer: object

    def choose(self, bids):
        """Return the answer for the bids."""
        return self.answer(bids)


def test_a_way_of_stacking_of_ones_own():
    """A host's strategy picks from the bids and sees what each would take off."""
    both = [promise("A", Percent(10), lane="one"), promise("B", Percent(30), lane="one")]
    lanes = [Lane("one", Mine(lambda bids: [bid for bid in bids if bid.amount == Decimal(10)]))]
    assert shares([line("100.00")], both, lanes=lanes) == [{"A": "10.00"}]


@pytest.mark.parametrize(
    "answer",
    [
        lambda bids: 1 / 0,
        lambda bids: None,
        lambda bids: [1],
        lambda bids: [*bids, *bids],
        lambda bids: [Bid("X", "p@1", 0, Decimal(1), frozenset())],
    ],
)
def test_bad_ways_of_stacking_are_errors(answer):
    """A strategy that raises, or returns what it was not given, is an error that names it."""
    with pytest.raises(PluginError, match="acme:mine"):
        shares([line("100.00")], [promise(lane="one")], lanes=[Lane("one", Mine(answer))])


def test_a_lane_takes_a_way_of_stacking():
    """A lane refuses what cannot choose."""
    for wrong in ("best-of", Mine):
        with pytest.raises(InvalidTypeError):
            Lane("one", wrong)


def test_lanes_without_competition_choose_everything_in_order():
    """Asked as a strategy, a sequential or additive lane chooses all bids by priority, then policy, then id."""
    bids = [
        Bid("B", "p@1", 0, Decimal(1), frozenset({0})),
        Bid("A", "p@1", 0, Decimal(0), frozenset()),
        Bid("C", "p@1", 1, Decimal(1), frozenset({0})),
    ]
    for stack in (Stack.SEQUENTIAL, Stack.ADDITIVE):
        assert [bid.id for bid in stack.choose(bids)] == ["C", "A", "B"]
        assert stack.code == stack.value


def test_nothing_bids_nothing():
    """A bid of nothing in a best-of lane is recorded as what it is."""
    both = [promise("A", FixedAmount(Money("9.00", "NOK")), lane="one"), promise("B", lane="one")]
    found = records([line("100.00")], both, lanes=[Lane("one", Stack.BEST_OF)])
    assert (found["A"].stage, found["B"].stage) == (Stage.PROPOSAL, Stage.APPLIED)


def test_currencies_without_and_with_three_decimals():
    """Shares are in whole minor units of the currency: yen have none, dinars three."""
    yen = apply([line("101")], [promise()], step=Decimal(1), currency="JPY")
    dinar = apply([line("1.005")], [promise()], step=Decimal("0.001"), currency="BHD")
    assert [str(found.shares[0][0].amount) for found in (yen, dinar)] == ["10", "0.101"]


def test_a_lane_of_competitors_takes_the_first_that_touches_a_line():
    """Three bids of which two touch the same line: the best of these, and the one apart; a bid of nothing is no winner."""
    three = [
        promise("A", Percent(10, of=["base"]), lane="one"),
        promise("B", Percent(20, of=["base"]), lane="one"),
        promise("C", Percent(5, of=["data"]), lane="one"),
    ]
    found = shares([line("10.00"), line("10.00", "data")], three, lanes=[Lane("one", Stack.BEST_OF)])
    assert found == [{"B": "2.00"}, {"C": "0.50"}]


def test_a_base_tells_amounts_by_charge_and_kind():
    """A benefit asks its base for charges and kinds, and for all of it."""
    seen = []

    def look(base):
        seen.append((base.total, base.charge("base", "seats"), base.charge("none"), base.kind(ChargeKind.USAGE)))
        return Proposal(Decimal(0), (), "looked")

    lines = [line("10.00"), line("5.00", "seats"), line("2.00", "data", ChargeKind.USAGE)]
    assert records(lines, [promise(benefit=Says(look))])["G-1"].reason == "looked"
    assert seen == [(Decimal("17.00"), Decimal("15.00"), Decimal(0), Decimal("2.00"))]
