"""Every discount that was looked at leaves a record: what it asked for, what it got, and what kept it out."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import APRIL, CENT, MARCH, Gave, asked, eur, line, offer, promise, records, shares

from billing_domain.conditions import SEGMENT, TENURE_MONTHS, Facts, Outcome, all_of
from billing_domain.discounts import (
    Asked,
    Caps,
    Discounts,
    Exclusive,
    FixedAmount,
    Lane,
    Percent,
    Scope,
    Stack,
    Stage,
    Surplus,
    Window,
    apply,
    evaluate,
)
from billing_domain.errors import CurrencyMismatchError, DuplicateIdError, NaiveInstantError
from billing_domain.invoicing import ChargeKind
from billing_domain.money import Money

VILNIUS = ZoneInfo("Europe/Vilnius")
MAY = date(2026, 5, 1)


@pytest.mark.parametrize("lane", ["", "campaign"])
@pytest.mark.parametrize(
    ("grant", "stage", "reason"),
    [
        ({"start": MAY}, Stage.WINDOW, "not-begun"),
        ({"start": date(2026, 1, 1), "end": MARCH}, Stage.WINDOW, "ended"),
        ({"scope": Scope(charges=["gone"])}, Stage.SCOPE, "no-line"),
        ({"scope": Scope(subscriptions=["S-9"])}, Stage.SCOPE, "no-line"),
        ({"scope": Scope(plans=["old"])}, Stage.SCOPE, "no-line"),
        ({"benefit": FixedAmount(eur(5)), "once": True}, Stage.GIVEN, "used"),
        ({"limit": eur(3)}, Stage.CAPS, "capped"),
        ({"caps": Caps(document=eur(0))}, Stage.CAPS, "capped"),
    ],
)
def test_a_grant_that_cannot_apply_says_so(lane, grant, stage, reason):
    """A grant whose days, lines, document or limit leave nothing is in the records with its reason, in a lane or not."""
    given = Gave(totals={"G-1": 3}, times={"G-1": 1})
    lanes = [Lane("campaign", Stack.BEST_OF)]
    found = records([line("100.00")], [promise(**grant, lane=lane)], given=given, lanes=lanes)
    assert (found["G-1"].stage, found["G-1"].reason, found["G-1"].granted) == (stage, reason, 0)


def test_a_grant_between_two_lines_is_not_open():
    """Where some lines begin before a grant and others after it, neither word alone is right."""
    lines = [line("10.00", start=MARCH, end=APRIL), line("10.00", start=MAY, end=date(2026, 6, 1))]
    assert records(lines, [promise(start=APRIL, end=MAY)])["G-1"].reason == "not-open"


@given(st.lists(st.sampled_from(["acme:a", "acme:a-b", "acme:a1", "acme:b"]), min_size=1, max_size=6), st.sampled_from(["", "x"]))
def test_each_grant_has_one_record_and_ties_go_by_code(codes, lane):
    """Of equal priority, what has the first code comes first, whatever version or punctuation follows, then the first id."""
    grants = [promise(f"G-{number}", policy=f"{code}@{number + 1}", lane=lane) for number, code in enumerate(codes)]
    found = apply([line("100.00")], reversed(grants), step=CENT, currency="EUR", lanes=[Lane("x")])
    order = [record.grant_id for record in found.applications]
    assert order == [grant.id for grant in sorted(grants, key=lambda grant: (grant.policy.partition("@")[0], grant.policy, grant.id))]


def test_a_grant_given_twice_is_refused():
    """Two grants of one id would share one limit, so they are an error and not a double discount."""
    with pytest.raises(DuplicateIdError, match="G-1"):
        apply([line("100.00")], [promise(), promise()], step=CENT, currency="EUR")


def test_an_exclusive_one_that_gives_nothing_excludes_nothing():
    """A foreign amount that stands alone takes nothing off, says why itself, and leaves the others their turn."""
    alone = promise("G-1", FixedAmount(eur(5)), priority=9, exclusive=Exclusive.BY_PRIORITY)
    found = apply([line("100.00")], [alone, promise("G-2")], step=CENT, currency="USD").applications
    assert [(record.grant_id, record.stage, record.reason) for record in found] == [
        ("G-1", Stage.PROPOSAL, "other-currency"),
        ("G-2", Stage.APPLIED, ""),
    ]


def test_what_loses_against_an_exclusive_one_names_it():
    """The record of what an exclusive discount keeps out says what it asked for and who won; what asks for nothing says that."""
    grants = [
        promise("G-1", exclusive=Exclusive.ABOVE_ALL),
        promise("G-2", Percent(20), priority=5),
        promise("G-3", FixedAmount(Money("1.00", "USD"))),
    ]
    found = {record.grant_id: record for record in apply([line("100.00")], grants, step=CENT, currency="EUR").applications}
    assert (found["G-2"].stage, found["G-2"].reason, found["G-2"].by, str(found["G-2"].requested)) == (
        Stage.STACK,
        "exclusive",
        ("G-1",),
        "20.00",
    )
    assert (found["G-3"].stage, found["G-3"].reason) == (Stage.PROPOSAL, "other-currency")


def test_what_is_outbid_names_who_took_its_lines():
    """In a lane with two winners on different lines, the loser names the one that touches its own."""
    lines = [line("100.00"), line("50.00", charge="tv")]
    grants = [
        promise("G-1", Percent(20), lane="x", scope=Scope(charges=["base"])),
        promise("G-2", Percent(20), lane="x", scope=Scope(charges=["tv"])),
        promise("G-3", Percent(10), lane="x", scope=Scope(charges=["tv"])),
    ]
    assert records(lines, grants, lanes=[Lane("x", Stack.BEST_OF)])["G-3"].by == ("G-2",)


def test_a_trace_explains_what_was_granted_too():
    """With a trace the record of each policy holds its whole finding, met or not; without, none does, and the figures are the same."""
    rule = all_of(TENURE_MONTHS >= 12, SEGMENT.is_("student"))
    rules = Discounts([offer("acme:met", condition=rule), offer("acme:unmet", condition=TENURE_MONTHS >= 99), offer("acme:free")])
    document = asked([line("100.00")], Facts({TENURE_MONTHS: 24, SEGMENT: "student"}))
    bare, traced = evaluate(rules, document, currency="EUR"), evaluate(rules, document._replace(traced=True), currency="EUR")
    findings = {record.policy: record.finding for record in traced.records}
    assert findings["acme:met@1"].outcome is Outcome.MET
    assert len(findings["acme:met@1"].parts) == 2
    assert findings["acme:unmet@1"].observed == {"tenure_months": 24}
    assert findings["acme:free@1"] is None
    assert [record._replace(finding=None) for record in traced.records] == list(bare.records)
    assert traced.shares == bare.shares


def test_terms_that_no_grant_can_have_are_refused_with_the_policy():
    """A policy whose carried amount and caps are in two currencies fails when it is written, not when somebody is billed."""
    with pytest.raises(CurrencyMismatchError):
        offer(benefit=FixedAmount(Money("5.00", "USD")), surplus=Surplus.CARRIED, caps=Caps(line=eur(1)))


@given(st.integers(-7200, 7200))
def test_a_window_knows_the_hour_that_comes_twice(seconds):
    """When clocks go back, an instant is inside by when it is, not by what the clock shows."""
    start = datetime(2026, 10, 25, 3, 30, tzinfo=VILNIUS, fold=1)
    window = Window(start, start + timedelta(days=1))
    instant = start.astimezone(UTC) + timedelta(seconds=seconds)
    assert window.holds(instant.astimezone(VILNIUS)) == (seconds >= 0) == window.holds(instant)


def test_a_document_needs_no_history():
    """A document of an account without grants is told by account, instant, lines and facts alone."""
    document = Asked("A-1", datetime(2026, 3, 1, tzinfo=UTC), [line("30.00", kind=ChargeKind.RECURRING)], Facts())
    assert str(evaluate(Discounts([offer()]), document, currency="EUR").total.amount) == "3.00"
    assert shares([line("30.00")], []) == [{}]


def test_a_decision_has_an_instant_with_a_zone():
    """A naive instant is refused, also where every policy is open at any time."""
    with pytest.raises(NaiveInstantError):
        evaluate(Discounts([offer()]), Asked("A-1", datetime(2026, 3, 1), [line("30.00")], Facts()), currency="EUR")  # noqa: DTZ001


def test_where_the_only_exclusive_one_gives_nothing_it_says_why():
    """An exclusive discount that is alone and takes nothing off is not kept out by anybody."""
    alone = promise("G-1", FixedAmount(eur(5)), exclusive=Exclusive.ABOVE_ALL)
    (record,) = apply([line("100.00")], [alone], step=CENT, currency="USD").applications
    assert (record.stage, record.reason, record.by) == (Stage.PROPOSAL, "other-currency", ())


def test_what_others_were_given_keeps_nothing_from_an_account():
    """A share that documents name is the account's own only if its id begins with the account."""
    document = asked([line("30.00")], seen=["A-2/acme:p@1/2025-01-01", "G-7"])
    assert str(evaluate(Discounts([offer()]), document, currency="EUR").total.amount) == "3.00"
