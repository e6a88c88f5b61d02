"""What holds for every account, whatever happens in its life."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.billing import AccountSnapshot, NothingDue, bill, rate
from billing_domain.invoicing import History, Void
from billing_domain.money import add_up, minor_unit
from life import Life, reopened
from strategies import accounts, cycle_changes, grants, plan_families, rulebooks, steps


@st.composite
def lives(draw, one_frequency=True, granted=False):
    """Return the beginning of a life."""
    account = draw(accounts())
    plans = draw(plan_families(account.currency, one_frequency=one_frequency))
    given_ = [draw(grants(number, account.currency)) for number in range(draw(st.integers(1, 3)))] if granted else ()
    return Life(account, plans, draw(rulebooks), offset=draw(st.integers(0, 40)), quantity=draw(st.integers(0, 4)), grants=given_)


END = [("wait", 31), ("run", 0)]
stories = st.lists(steps, max_size=14)


def play(life, played):
    """Play the steps and return the life."""
    for step in played:
        life.do(step)
    return life


def sums(snapshot):
    """Return what the documents bill for each key, without keys that come to nothing."""
    history = History(snapshot)
    found = {key: history.net_billed(key)[0] for key in history.billed}
    return {key: amount for key, amount in found.items() if amount}


@given(lives(), stories)
def test_documents_sum_to_what_is_owed(life, played):
    """After any life, and any cutting of it into runs, the documents of each key sum to what is owed; a second run is empty."""
    play(life, [*played, *END])


@given(lives(one_frequency=False), st.lists(steps | cycle_changes, max_size=14))
def test_documents_sum_to_what_is_owed_when_grids_change(life, played):
    """The same holds where plans have other frequencies and the cycle is counted from another day."""
    play(life, [*played, *END])


@given(lives(granted=True), stories)
def test_documents_sum_to_what_is_owed_before_discount(life, played):
    """Discounts change no sum before discount, and no grant gives more than its limit."""
    play(life, [*played, *END])


@given(lives(), stories)
def test_one_late_run_equals_many(life, played):
    """An account that was billed at every turn and one that is billed once at the end owe the same per key."""
    many = play(life, [*played, *END]).snapshot
    through = max(life.clock, many.billed_through or life.clock)
    fresh = AccountSnapshot(many.account, many.subscriptions, many.usage, many.orders)
    once = bill(fresh, through=through, rules=life.rules)
    documents = [draft.issue(number=f"O-{number}", on=life.clock) for number, draft in enumerate(once.invoices)]
    late = sums(fresh.add(*documents))
    often = sums(many)
    assert late == often


@given(lives(granted=True), stories, st.randoms())
def test_order_of_inputs_is_free(life, played, random):
    """Facts may be given in any order, and twice."""
    snapshot = play(life, [*played, *END]).snapshot

    def mixed(values):
        listed = [*values, *values]
        random.shuffle(listed)
        return listed

    other = AccountSnapshot(
        snapshot.account,
        mixed(snapshot.subscriptions),
        mixed(snapshot.usage),
        mixed(snapshot.orders),
        mixed(snapshot.grants),
        mixed(snapshot.invoices),
        mixed(snapshot.credit_notes),
    )
    assert other == snapshot
    through = life.clock + timedelta(days=40)
    assert bill(other, through=through, rules=life.rules) == bill(snapshot, through=through, rules=life.rules)


@given(lives(granted=True), stories)
def test_a_preview_is_a_bill(life, played):
    """Asking twice answers the same, and asking changes nothing."""
    play(life, played)
    through = life.clock + timedelta(days=31)
    first, second = bill(life.snapshot, through=through, rules=life.rules), bill(life.snapshot, through=through, rules=life.rules)
    assert first == second
    assert [draft.id for draft in first.invoices] == [draft.id for draft in second.invoices]


@given(lives(granted=True), stories, st.integers(0, 60), stories)
def test_a_run_after_closing_equals_one_on_the_full_history(life, before, back, after):
    """Closing the books and going on from the opening bills the same as going on with everything."""
    play(life, [*before, *END])
    whole = life.snapshot
    if whole.billed_through is None:
        return
    day = whole.billed_through - timedelta(days=back)
    closed = reopened(whole, day)
    through = max(life.clock, whole.billed_through) + timedelta(days=31)
    assert bill(closed, through=whole.billed_through, rules=life.rules) == bill(whole, through=whole.billed_through, rules=life.rules)
    assert shown(bill(closed, through=through, rules=life.rules)) == shown(bill(whole, through=through, rules=life.rules))


def shown(result):
    """Return the documents of a result, whatever it is."""
    return (type(result), result.invoices, result.credit_notes)


@given(lives(granted=True), stories)
def test_void_and_run_again_bills_the_same_keys_once(life, played):
    """A void of the last invoice and another run bring the same lines back, once."""
    play(life, [*played, *END])
    snapshot = life.snapshot
    credited = {entry.ref.invoice for document in (*snapshot.invoices, *snapshot.credit_notes) for entry in document.entries}
    for invoice in reversed(snapshot.invoices):
        if invoice.number in credited:
            continue
        voided = snapshot.add(Void(invoice.number, life.clock, "a slip"))
        result = bill(voided, through=snapshot.billed_through, rules=life.rules)
        drafts = [*result.credit_notes, *result.invoices]
        again = voided.add(*[draft.issue(number=f"V-{number}", on=max(life.clock, invoice.on)) for number, draft in enumerate(drafts)])
        assert sums(again) == sums(snapshot)
        assert isinstance(bill(again, through=snapshot.billed_through, rules=life.rules), NothingDue)
        return


@given(lives(), stories)
def test_days_billed_over_parts_equal_the_days_of_the_period(life, played):
    """What is owed for a whole period covers each of its days once; parts never overlap."""
    play(life, played)
    through = life.clock + timedelta(days=31)
    for item in rate(life.snapshot, through=through, rules=life.rules).values():
        covered = [(piece.start, piece.end) for piece in item.facts.pieces]
        assert all(end <= start for (_, end), (start, _) in pairwise(covered))
        of = (item.facts.slot_end - item.facts.slot).days
        if item.facts.kind.value == "recurring":
            for piece in item.facts.pieces:
                assert piece.part * of == (piece.end - piece.start).days * piece.of
            assert sum((end - start).days for start, end in covered) <= of


@given(lives(), stories)
def test_every_line_explains_its_amount(life, played):
    """The pieces of a line come to its amount, to within one rounding of the period."""
    play(life, [*played, *END])
    step = minor_unit(life.snapshot.account.currency)
    for invoice in life.snapshot.invoices:
        for line in invoice.lines:
            assert abs(line.facts.exact - line.list_amount) <= step, (line.facts.text, line.list_amount)
    for document in (*life.snapshot.invoices, *life.snapshot.credit_notes):
        taken = {}
        for entry in document.entries:
            assert entry.facts.amount == entry.list_amount
            taken.setdefault((entry.facts.key, entry.facts.pieces), []).append(entry.list_amount)
        for (_, pieces), amounts in taken.items():
            assert abs(add_up(piece.exact for piece in pieces) + add_up(amounts)) <= step
