"""The engine beside a reference written by hand on fractions, and rules that hold whatever is stacked, capped or carried."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from made import CENT, Gave, eur, line, promise

from billing_domain.discounts import Basis, Caps, FixedAmount, Lane, Percent, PercentTier, Stack, Surplus, TieredPercent, apply

LANES = [Lane("one", Stack.BEST_OF), Lane("two", Stack.SEQUENTIAL), Lane("three", Stack.ADDITIVE), Lane("four", Stack.LOWEST)]
STACKS = {lane.code: lane.stack for lane in LANES} | {"five": Stack.FIRST}
ALL = [*LANES, Lane("five", Stack.FIRST)]

cents = st.integers(0, 20_000)
amounts = st.lists(cents, min_size=1, max_size=5)
benefits = st.integers(1, 100).map(Percent) | st.integers(1, 9_000).map(lambda units: FixedAmount(eur(Decimal(units) / 100)))
terms = st.fixed_dictionaries(
    {
        "benefit": benefits,
        "lane": st.sampled_from([*STACKS, ""]),
        "priority": st.integers(0, 2),
        "base": st.sampled_from(Basis),
        "policy": st.sampled_from(["acme:a@1", "acme:a1@1", "acme:b@1"]),
    }
)
grants_of_terms = st.lists(terms, max_size=6).map(lambda found: [promise(f"G-{number}", **each) for number, each in enumerate(found)])


def split(total, weights, room):
    """Return a split by the largest remainder, earlier lines first; what a line cannot take moves on."""
    parts, open_, rest = [0] * len(weights), list(weights), total
    while rest:
        whole = sum(open_)
        exact = [Fraction(rest * weight, whole) for weight in open_]
        found = [int(part) for part in exact]
        order = sorted(range(len(found)), key=lambda place: (found[place] - exact[place], place))
        for place in order[: rest - sum(found)]:
            found[place] += 1
        over = [place for place, part in enumerate(found) if part > room[place]]
        for place in over or range(len(found)):
            parts[place] = room[place] if over else parts[place] + found[place]
            open_[place] = 0 if over else open_[place]
        rest = total - sum(parts) if over else 0
    return parts


def asks(grant, basis, left):
    """Return what a grant takes off each line."""
    if isinstance(grant.benefit, Percent):
        wanted = Fraction(sum(basis)) * Fraction(grant.benefit.percent) / 100
    else:
        wanted = Fraction(grant.benefit.amount.amount) * 100
    wanted = int(wanted + Fraction(1, 2))
    most = sum(room for room, weight in zip(left, basis, strict=True) if weight)
    return split(min(wanted, most), basis, left) if min(wanted, most) else [0] * len(basis)


def reference(units, grants):
    """Return what is left of each line, worked out lane by lane."""
    original, left = list(units), list(units)
    for code in [*STACKS, ""]:
        stack = STACKS.get(code, Stack.SEQUENTIAL)
        members = sorted(
            (grant for grant in grants if grant.lane == code), key=lambda g: (-g.priority, g.policy.partition("@")[0], g.policy, g.id)
        )
        start = list(left)

        def off(grant, left, start=start, stack=stack):
            running = left if stack is Stack.SEQUENTIAL else start
            return asks(grant, {Basis.ORIGINAL: original, Basis.AFTER_LANES: start, Basis.RUNNING: running}[grant.base], left)

        if stack not in {Stack.SEQUENTIAL, Stack.ADDITIVE}:
            bids = [(grant, off(grant, left)) for grant in members]
            sign = {Stack.BEST_OF: -1, Stack.LOWEST: 1, Stack.FIRST: 0}[stack]
            members, taken = [], set()
            for grant, parts in sorted(bids, key=lambda bid: sign * sum(bid[1])):
                lines = {place for place, part in enumerate(parts) if part}
                if lines and not lines & taken:
                    members.append(grant)
                    taken |= lines
        for grant in members:
            left = [room - part for room, part in zip(left, off(grant, left), strict=True)]
    return left


@given(amounts, grants_of_terms)
def test_lanes_give_what_the_reference_gives(units, grants):
    """Five ways of stacking, three bases, percentages and amounts: what is left of each line is what was worked out by hand."""
    lines = [line(str(Decimal(amount) / 100), f"c{place}") for place, amount in enumerate(units)]
    found = apply(lines, grants, step=CENT, currency="EUR", lanes=ALL)
    left = [amount - int(sum(share.amount for share in borne) * 100) for amount, borne in zip(units, found.shares, strict=True)]
    assert left == reference(units, grants)


money = cents.map(lambda units: eur(Decimal(units) / 100))
caps = st.builds(
    lambda **more: Caps(**{name: cap for name, cap in more.items() if cap}),
    line=st.none() | money,
    document=st.none() | money,
    period=st.none() | money,
    total=st.none() | money,
    net_price=st.none() | money,
)
tiered = st.integers(0, 20_000).map(lambda units: TieredPercent([PercentTier(Decimal(units) / 100, 5), PercentTier(None, 15)]))
before = st.integers(0, 3_000).map(lambda units: Decimal(units) / 100)


@given(amounts, st.lists(st.tuples(benefits | tiered, caps, st.sampled_from(["", "one", "three"])), max_size=4), before)
def test_caps_bound_and_say_so(units, capped, given_before):
    """No cap is exceeded, shares sum to what is granted, and a grant gives less than it asked for if and only if a cap is named."""
    lines = [line(str(Decimal(amount) / 100), f"c{place}") for place, amount in enumerate(units)]
    grants = [promise(f"G-{number}", benefit, caps=cap, lane=lane) for number, (benefit, cap, lane) in enumerate(capped)]
    spent = Gave(totals={grant.id: given_before for grant in grants}, periods={(grant.id, lines[0].slot): given_before for grant in grants})
    found = apply(lines, grants, step=CENT, currency="EUR", lanes=ALL, given=spent)
    borne = {grant.id: [sum(share.amount for share in shares if share.grant_id == grant.id) for shares in found.shares] for grant in grants}
    after = [each.amount - sum(share.amount for share in shares) for each, shares in zip(lines, found.shares, strict=True)]
    assert all(left >= 0 for left in after)
    for record, grant in zip(sorted(found.applications, key=lambda record: record.grant_id), grants, strict=True):
        parts, cap = borne[grant.id], grant.caps
        assert sum(parts) == record.granted <= record.requested
        if record.stage.value in {"applied", "caps"}:
            assert (record.granted < record.requested) == bool(record.capped_by)
        assert cap.line is None or max(parts) <= cap.line.amount
        assert cap.document is None or sum(parts) <= cap.document.amount
        assert cap.period is None or sum(parts) <= max(0, cap.period.amount - given_before)
        assert cap.total is None or sum(parts) <= max(0, cap.total.amount - given_before)
    if len(grants) == 1 and grants[0].caps.net_price is not None:
        floor = grants[0].caps.net_price.amount
        assert all(left >= min(floor, each.amount) for left, each in zip(after, lines, strict=True))


@given(st.integers(1, 5_000), st.lists(st.integers(0, 8_000), min_size=1, max_size=6))
def test_what_is_carried_is_given_later_and_never_more(off, documents):
    """A fixed amount per document whose rest is carried gives what is due by then as far as a document bears it."""
    grant = promise("G-1", FixedAmount(eur(Decimal(off) / 100)), surplus=Surplus.CARRIED)
    given_so_far = room = Decimal(0)
    for number, amount in enumerate(documents):
        bill = [line(str(Decimal(amount) / 100))]
        history = Gave(totals={"G-1": given_so_far}, documents=number)
        found = apply(bill, [grant], step=CENT, currency="EUR", given=history)
        taken = sum((share.amount for shares in found.shares for share in shares), Decimal(0))
        room = Decimal(off * (number + 1)) / 100 - given_so_far
        assert taken == min(room, Decimal(amount) / 100)
        given_so_far += taken
    assert given_so_far <= Decimal(off * len(documents)) / 100
