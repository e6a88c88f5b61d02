"""Every door of the house refuses what is of another kind, in words that name the argument and say what to give."""

import inspect
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Literal, Protocol, TypeVar

import attrs
import pytest

import billing_domain
from billing_domain import Account, Money, Party, Rulebook, presets
from billing_domain.accounts import TaxProfile
from billing_domain.care import Claim, DisputeReason, FactorKind, GrantReason, Ruling, attempt, enrol, verify
from billing_domain.discounts import Agent, DiscountPolicy, Duration, Percent, Scope
from billing_domain.doors import checked_kind, door, guarded, kind_of
from billing_domain.errors import AccessError, BillingError, InvalidTypeError, InvalidValueError, NaiveInstantError
from billing_domain.invoicing import Documents, EntryKind
from billing_domain.retention import Arm, Experiment, OfferRecord, Outcome, PolicyVersion, Response
from user_code.host import later, line, many, maris, now, rules, small, snapshot, two_bills

MARCH, APRIL = two_bills()
KNOWN = snapshot.add(MARCH, APRIL)
MAY = date(2026, 5, 1)


def asked() -> dict[str, tuple[list[Any], dict[str, Any]]]:
    """Return sound arguments of every function of the front door."""
    pin = enrol("8261", account_id="A-7", factor=FactorKind.PIN, salt=b"sixteen bytes or more", since=date(2026, 1, 1))
    tries = [attempt(pin, "8261", account_id="A-7", factor=FactorKind.PIN, at=now)]
    caller = verify(maris, tries, policy=presets.IDENTITY, at=now).caller
    half = DiscountPolicy(
        code="acme:half", version=1, name="Half", benefit=Percent(50), scope=Scope.recurring(), duration=Duration.periods(12)
    )
    claim = Claim(APRIL.part(APRIL.line("calls")), reason=DisputeReason.WRONG_QUANTITY)
    dispute = billing_domain.open_dispute(KNOWN, [claim], id="D-1", regime=presets.LT_CONSUMER, caller=caller, at=now)
    offered: dict[str, Any] = {"agent": Agent("ilze", "agent"), "caller": caller, "authority": presets.AUTHORITY, "rules": rules, "at": now}
    offers = billing_domain.options(KNOWN, [half], **offered)
    answer = billing_domain.grant(offers[0], id="G-1", reason=GrantReason.COMPLAINT, at=now)
    trial = Experiment(code="t", seed="s", arms=[Arm("offer", share="0.5"), Arm("hold-out", share="0.5")])
    drawn = [trial.assign_id(f"A-{number}") for number in range(40)]
    said = {"offer": Response.DECLINED, "hold-out": Response.NOT_OFFERED}
    records = [OfferRecord(one, PolicyVersion("p", "1"), said[one.arm], now) for one in drawn]
    outcomes = [Outcome(record.exposure, timedelta(days=200), None) for record in records]
    return {
        "bill": ([KNOWN], {"through": MAY, "rules": rules}),
        "bill_many": ([list(many(2))], {"through": MAY, "rules": rules}),
        "statement": ([KNOWN], {"as_of": MAY}),
        "credit": ([KNOWN, claim.part], {"kind": EntryKind.CORRECTION, "reason": "counted twice"}),
        "verify": ([maris, tries], {"policy": presets.IDENTITY, "at": now}),
        "review": ([KNOWN], {"as_of": MAY, "rules": rules}),
        "explain": ([APRIL], {"previous": MARCH, "locale": "lt_LT"}),
        "compare_plans": ([KNOWN, [small]], {"months": 1, "as_of": MAY, "rules": rules}),
        "what_if": ([KNOWN, line.change_plan(small, on=MAY)], {"through": MAY, "rules": rules}),
        "open_dispute": ([KNOWN, [claim]], {"id": "D-2", "regime": presets.LT_CONSUMER, "caller": caller, "at": now}),
        "settle": ([KNOWN.add(dispute), dispute], {"rulings": [Ruling(claim, approved=Money("1.00", "EUR"))], "at": later}),
        "options": ([KNOWN, [half]], offered),
        "grant": ([offers[0]], {"id": "G-1", "reason": GrantReason.COMPLAINT, "at": now}),
        "approve": ([answer], {"by": Agent("janis", "manager"), "at": later}),
        "compare_practices": ([outcomes], {"arm": "offer", "against": "hold-out", "horizon": timedelta(days=180)}),
    }


ASKED = asked()
WRONG = [object(), 1.5, b"x", [object()], Account, datetime(2026, 5, 1)]  # noqa: DTZ001  a naive instant is one of them


def consumed(name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Call a function of the front door, and take what it yields."""
    answer = getattr(billing_domain, name)(*args, **kwargs)
    return list(answer) if name == "bill_many" else answer


def every_argument() -> list[tuple[str, str | int]]:
    """Return each argument of each function, by place or by name, those that may be left out too."""
    found: list[tuple[str, str | int]] = []
    for name, (args, _) in ASKED.items():
        found += [(name, place) for place in range(len(args))]
        parameters = inspect.signature(getattr(billing_domain, name)).parameters.values()
        found += [(name, one.name) for one in parameters if one.kind is one.KEYWORD_ONLY]
    return found


def test_the_front_door_is_here_in_full() -> None:
    """A new function of the front door is asked here too."""
    functions = {name for name in billing_domain.__all__ if inspect.isfunction(getattr(billing_domain, name))}
    assert functions == ASKED.keys()


@pytest.mark.parametrize("name", ASKED)
def test_the_sound_arguments_are_sound(name: str) -> None:
    """What the other tests spoil is accepted as it stands."""
    assert consumed(name, *ASKED[name]) is not None


@pytest.mark.parametrize(("name", "slot"), every_argument())
def test_no_argument_takes_another_kind(name: str, slot: str | int) -> None:
    """A thing of no kind, a float, bytes, a list of nothing known, a class and a naive instant are refused, with rule and remedy."""
    for wrong in WRONG:
        args, kwargs = list(ASKED[name][0]), dict(ASKED[name][1])
        if isinstance(slot, int):
            args[slot] = wrong
        else:
            kwargs[slot] = wrong
        if slot in {"sink", "progress"} and callable(wrong):
            continue
        with pytest.raises(BillingError) as caught:
            consumed(name, args, kwargs)
        assert caught.value.rule
        assert caught.value.remedy
        assert " object at 0x" not in caught.value.rule


@pytest.mark.parametrize("wrong", [None, 1.5, "EUR", 7, {}, [7], ["fibre"]])
def test_values_that_hosts_make_take_no_other_kind(wrong: Any) -> None:
    """The zone of an account and the seller of a rulebook are what they are named."""
    with pytest.raises(BillingError):
        Account(id="A-1", currency="EUR", zone=wrong, locale="lt_LT", holder=Party(name="Māris", country="LT"))
    with pytest.raises(BillingError):
        Rulebook(seller=wrong, tax=presets.LT_VAT)


def test_a_tax_profile_is_told_in_texts() -> None:
    """It is made anew for each bill, so its own check is a short one."""
    with pytest.raises(InvalidTypeError, match="7: a tax profile is told in texts"):
        TaxProfile(MAY, code=7)  # type: ignore[arg-type]


class Colour(Enum):
    """Two colours."""

    RED = "red"
    BLUE = "blue"


class Painter(Protocol):
    """Paints."""

    brush: str

    def paint(self, what: str) -> Colour:
        """Return a colour."""
        ...


T = TypeVar("T")


class TestKinds:
    """How a type hint is read."""

    @pytest.mark.parametrize(
        ("hint", "good", "bad", "shown"),
        [
            (int, 7, True, "a whole number"),
            (float, 7, True, "a number"),
            (bool, True, 1, "a truth value"),
            (date, MAY, now, "a day"),
            (datetime, now, MAY, "an instant with a time zone"),
            (str | None, None, 7, "a text or None"),
            (Colour, Colour.RED, "red", "a Colour"),
            (Sequence[int], [1, 2], ["1"], "a collection, each a whole number"),
            (list[int], (1, 2), 7, "a collection, each a whole number"),
            (tuple[int, ...], (1, 2), "12", "a collection, each a whole number"),
            (tuple[int, str], (1, "2"), 12, "a collection"),
            (Mapping[str, int], {"a": 1}, ["a"], "a mapping"),
            (type[Colour], Colour, Colour.RED, "a class"),
            (Callable[[int], int], abs, 7, "a function"),
            (int | Iterable[int], [7], ["7"], "a whole number or a collection, each a whole number"),
            (Documents, snapshot, maris, "an AccountSnapshot"),
        ],
    )
    def test_what_a_hint_takes(self, hint: Any, good: object, bad: object, shown: str) -> None:
        """The kind is shown with its article, and a value is of it or not."""
        kind = kind_of(hint)
        assert kind is not None
        assert kind.shown == shown
        assert kind.takes(good)
        assert not kind.takes(bad)
        assert checked_kind(good, hint, "it") is good
        with pytest.raises(
            InvalidTypeError, match=f"^.*: .*it is {kind.each.shown if isinstance(bad, list) and kind.each else shown}; give "
        ):
            checked_kind(bad, hint, "it")

    @pytest.mark.parametrize("hint", [Any, object, T, int | Any, "later", Literal["a"]])
    def test_some_hints_ask_for_nothing(self, hint: Any) -> None:
        """What may be anything is not looked at."""
        assert kind_of(hint) is None
        assert checked_kind(1.5, hint, "it") == 1.5

    def test_a_protocol_is_fitted_by_its_names(self) -> None:
        """An object with the names of a protocol fits it; its class does not yet."""

        class Ana:
            def __init__(self) -> None:
                self.brush = "small"

            def paint(self, what: str) -> Colour:
                return Colour.BLUE

        kind = kind_of(Painter)
        assert kind is not None
        assert kind.takes(Ana())
        assert not kind.takes(Ana)
        assert kind.give == "an object with brush, paint"

    def test_the_remedy_names_a_member_or_where_it_comes_from(self) -> None:
        """A text for an enumeration is told one of its members, and one without a rulebook how it is made."""
        with pytest.raises(InvalidTypeError, match=r"give one such as Colour\.RED"):
            checked_kind("red", Colour, "it")
        with pytest.raises(InvalidTypeError, match=r"give Rulebook\(seller"):
            checked_kind(None, Rulebook, "it")

    def test_many_kinds_are_not_all_told(self) -> None:
        """A long union would hide the rule."""
        kind = kind_of(int | str | bool | Colour | Party | None)
        assert kind is not None
        assert kind.shown.endswith("or another of the kinds in the signature")


class TestDoors:
    """How functions and classes are guarded."""

    def test_what_can_be_read_once_is_checked_while_it_is_read(self) -> None:
        """A stream stays a stream: nothing is taken out of it before the function does."""

        @door
        def first(numbers: Iterable[int], *more: int) -> int:
            return next(iter(numbers))

        assert first(iter([1, "2"]), 3) == 1  # type: ignore[list-item]
        with pytest.raises(InvalidTypeError, match="each of the numbers of first"):
            first(iter(["2"]))  # type: ignore[list-item]
        with pytest.raises(InvalidTypeError, match="the more of first"):
            first([1], "3")  # type: ignore[arg-type]

    def test_a_secret_is_never_shown(self) -> None:
        """A parameter of that name is left to the function, whose error does not tell it."""

        @door
        def say(secret: str, name: str) -> int:
            return len(str(secret))

        assert say(4711, "x") == 4  # type: ignore[arg-type]

    def test_a_class_speaks_first(self) -> None:
        """Its own words are better than those of the door, which catches what the class lets through or breaks on."""

        def shouted(text: str) -> str:
            return text.upper()

        @guarded
        @attrs.frozen
        class Sign:
            text: str = attrs.field(converter=shouted)
            size: int = 1
            lines: Iterable[str] = attrs.field(factory=tuple, converter=tuple)

            def __attrs_post_init__(self) -> None:
                if self.size == 0:
                    raise InvalidValueError(0, "a sign has a size", "give one")

        assert Sign("stop", lines=iter(["a", "b"])).lines == ("a", "b")
        with pytest.raises(InvalidValueError, match="a sign has a size"):
            Sign("stop", 0)
        with pytest.raises(InvalidTypeError, match="7: the text of Sign is a text"):
            Sign(7)  # type: ignore[arg-type]
        with pytest.raises(InvalidTypeError, match=r"1\.5: the size of Sign is a whole number"):
            Sign("stop", 1.5)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="missing 1 required"):
            Sign()  # type: ignore[call-arg]

    def test_a_naive_instant_is_told_apart(self) -> None:
        """It is an instant, so the remedy is the zone."""
        with pytest.raises(NaiveInstantError, match="add tzinfo"):
            checked_kind(datetime(2026, 3, 1), datetime, "it")  # noqa: DTZ001
        assert checked_kind(datetime(2026, 3, 1, tzinfo=UTC), datetime, "it").day == 1


def test_an_error_of_access_keeps_its_remedy() -> None:
    """It is an `OSError` too, which would drop the third argument; a copy from another process tells all three."""
    error = AccessError("A-8", "the caller is verified for A-7 alone", "verify for the other account")
    assert error.args == ("A-8", "the caller is verified for A-7 alone", "verify for the other account")
    again = pickle.loads(pickle.dumps(error))
    assert (again.value, again.rule, again.remedy) == (error.value, error.rule, error.remedy)
