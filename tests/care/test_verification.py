"""Who is calling: factors, levels, lockout, representatives, and secrets that never show."""

import pickle
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import presets
from billing_domain.accounts import Account, Contact, ContactKind, IdentityLevel, Party
from billing_domain.care import (
    CODE_LIFETIME,
    Action,
    Attempt,
    Authorisation,
    FactorCategory,
    FactorKind,
    LockedOut,
    MoreNeeded,
    Scrypt,
    VerificationPolicy,
    Verified,
    VerifiedCaller,
    attempt,
    enrol,
    redact,
    verify,
)
from billing_domain.errors import (
    AccessError,
    InvalidAmountError,
    InvalidPeriodError,
    InvalidTypeError,
    InvalidValueError,
    NaiveInstantError,
    PluginError,
    RefusedError,
)
from billing_domain.money import Money

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
PHONE = "+37060000000"
SALT = b"0123456789abcdef"
QUICK = Scrypt(cost=2)
POLICY = presets.IDENTITY
PASSPHRASE = FactorKind("acme:passphrase", FactorCategory.KNOWLEDGE)
VOICE = FactorKind("acme:voice", FactorCategory.INHERENCE)
FACTORS = (FactorKind.PIN, FactorKind.ONE_TIME_CODE, FactorKind.APP_SESSION, PASSPHRASE, VOICE)
ONA = Account(
    id="A-1",
    currency="EUR",
    zone=ZoneInfo("Europe/Vilnius"),
    locale="lt_LT",
    holder=Party("Ona Kazlauskienė", "LT"),
    contacts=[
        Contact(ContactKind.PHONE, PHONE, since=date(2026, 1, 1)),
        Contact(ContactKind.EMAIL, "new@example.lt", since=date(2026, 5, 30)),
    ],
)


def pin(*, passed: bool = True, minutes: int = 1, **changes: str) -> Attempt:
    """Return an attempt with a PIN so many minutes ago."""
    return Attempt("A-1", FactorKind.PIN, passed, NOW - timedelta(minutes=minutes), **changes)


def code(contact: str = PHONE, *, passed: bool = True) -> Attempt:
    """Return an attempt with a one-time code."""
    return Attempt("A-1", FactorKind.ONE_TIME_CODE, passed, NOW - timedelta(minutes=1), contact=contact)


def ask(*attempts: Attempt, level: IdentityLevel = IdentityLevel.VERIFIED, **more: object) -> object:
    """Ask who is calling."""
    return verify(ONA, attempts, policy=POLICY, at=NOW, level=level, **more)


class TestLevels:
    """Levels count distinct categories, not the number of questions."""

    def test_one_factor_verifies(self) -> None:
        """One strong factor gives the verified level, with its evidence."""
        answer = ask(pin())
        assert isinstance(answer, Verified)
        assert answer.caller.level is IdentityLevel.VERIFIED
        assert answer.caller.evidence == ("pin at 2026-06-01T09:59:00+00:00",)
        assert answer.caller.expires == NOW + timedelta(minutes=30)

    def test_two_of_one_category_are_not_more(self) -> None:
        """Two pieces of knowledge stay one category."""
        other = Attempt("A-1", PASSPHRASE, True, NOW)
        assert ask(pin(), other).caller.level is IdentityLevel.VERIFIED
        assert isinstance(ask(pin(), other, level=IdentityLevel.STRONG), MoreNeeded)

    def test_two_categories_are_strong(self) -> None:
        """Knowledge and possession together are strong."""
        assert ask(pin(), code()).caller.level is IdentityLevel.STRONG

    def test_the_highest_needs_a_second_agent(self) -> None:
        """Another agent than the one of the attempts confirms."""
        attempts = (pin(agent="rasa"), code())
        assert ask(*attempts, second_agent="jonas").caller.level is IdentityLevel.HIGH
        assert ask(*attempts, second_agent="rasa").caller.level is IdentityLevel.STRONG

    def test_nothing_proves_nothing(self) -> None:
        """Without an attempt nobody is verified, and what is possible is the same as after a wrong secret."""
        assert ask() == ask(pin(passed=False, minutes=10))
        with pytest.raises(AccessError, match="not reached"):
            _ = ask().caller

    def test_a_contact_counts_after_thirty_days(self) -> None:
        """A code to a contact that was changed two days ago proves nothing; nor one to a contact that is gone."""
        assert isinstance(ask(code("new@example.lt")), MoreNeeded)
        assert isinstance(ask(code("gone@example.lt")), MoreNeeded)
        assert isinstance(ask(code()), Verified)

    def test_old_attempts_do_not_count(self) -> None:
        """What was proved longer ago than a verification lasts is over."""
        assert isinstance(ask(pin(minutes=30)), MoreNeeded)
        assert isinstance(ask(pin(minutes=29)), Verified)

    def test_attempts_on_other_accounts_do_not_count(self) -> None:
        """A right secret of another account proves nothing here."""
        assert isinstance(ask(Attempt("A-2", FactorKind.PIN, True, NOW)), MoreNeeded)

    def test_an_unknown_account_looks_like_a_wrong_secret(self) -> None:
        """The answers are equal, at each number of failures."""
        for count in range(7):
            tries = [pin(passed=False, minutes=20 + n) for n in range(count)]
            assert verify(None, tries, policy=POLICY, at=NOW) == verify(ONA, tries, policy=POLICY, at=NOW)

    @pytest.mark.parametrize("level", list(IdentityLevel))
    def test_anonymous_and_identified_need_no_factor(self, level: IdentityLevel) -> None:
        """Naming an account identifies it and no more."""
        answer = ask(level=level)
        assert isinstance(answer, Verified) is (level <= IdentityLevel.IDENTIFIED)


class TestLockout:
    """Failures make waits, and too many make a lock."""

    def test_a_failure_makes_a_wait_that_doubles(self) -> None:
        """Thirty seconds after the first, a minute after the second."""
        first = verify(ONA, [Attempt("A-1", FactorKind.PIN, False, NOW)], policy=POLICY, at=NOW)
        assert first == LockedOut(NOW + timedelta(seconds=30), call_back=False)
        two = [Attempt("A-1", FactorKind.PIN, False, NOW - timedelta(minutes=5)), Attempt("A-1", FactorKind.PIN, False, NOW)]
        assert verify(ONA, two, policy=POLICY, at=NOW) == LockedOut(NOW + timedelta(seconds=60), call_back=False)

    def test_three_in_a_row_end_the_factor(self) -> None:
        """Only a call-back helps then."""
        answer = ask(*[pin(passed=False, minutes=n) for n in (5, 4, 3)])
        assert isinstance(answer, LockedOut)
        assert answer.call_back
        with pytest.raises(AccessError, match="no more tries"):
            _ = answer.caller

    def test_success_resets_the_row(self) -> None:
        """Two failures, a success and a failure do not end the factor."""
        tries = [pin(passed=False, minutes=20), pin(passed=False, minutes=19), pin(minutes=18), pin(passed=False, minutes=10)]
        assert isinstance(ask(*tries), Verified)

    def test_five_in_a_day_lock_the_account(self) -> None:
        """Whatever the factor, and even if a right one follows."""
        tries = [Attempt("A-1", kind, False, NOW - timedelta(hours=n)) for n, kind in enumerate(FACTORS, 2)]
        answer = ask(*tries, pin())
        assert isinstance(answer, LockedOut)
        assert answer.until == NOW - timedelta(hours=6) + timedelta(hours=24)

    def test_after_a_day_it_is_free_again(self) -> None:
        """Failures of yesterday do not count."""
        tries = [pin(passed=False, minutes=24 * 60 + n) for n in range(5)]
        assert isinstance(ask(*tries, pin()), Verified)


class TestCaller:
    """What a verified caller may ask for."""

    def test_only_verify_makes_one(self) -> None:
        """The class refuses to be made by hand."""
        with pytest.raises(RefusedError, match="only verify"):
            VerifiedCaller("A-1", IdentityLevel.HIGH, NOW, NOW, POLICY, ())

    def test_actions_need_their_level(self) -> None:
        """A verified caller hears the bill but does not change the contract."""
        caller = ask(pin()).caller
        caller.require(Action.EXPLAIN_BILL)
        assert caller.may(Action.OPEN_DISPUTE)
        with pytest.raises(AccessError, match="needs level strong"):
            caller.require(Action.CHANGE_CONTRACT)

    def test_one_account_and_a_while(self) -> None:
        """Another account and a later hour are refused."""
        caller = ask(pin()).caller
        caller.require(Action.EXPLAIN_BILL, account_id="A-1", at=NOW)
        with pytest.raises(AccessError, match="for A-1 alone"):
            caller.require(Action.EXPLAIN_BILL, account_id="A-2")
        with pytest.raises(AccessError, match="verify again"):
            caller.require(Action.EXPLAIN_BILL, at=NOW + timedelta(minutes=30))

    def test_a_policy_may_ask_for_more(self) -> None:
        """Levels of actions are data."""
        strict = VerificationPolicy("strict", 1, levels={Action.EXPLAIN_BILL: IdentityLevel.STRONG})
        caller = verify(ONA, [pin()], policy=strict, at=NOW).caller
        assert not caller.may(Action.EXPLAIN_BILL)
        assert caller.may(Action.HEAR_BALANCE)

    def test_pickles(self) -> None:
        """A caller travels to a worker and stays equal."""
        caller = ask(pin()).caller
        assert pickle.loads(pickle.dumps(caller)) == caller


class TestRepresentative:
    """Somebody else speaks for the account."""

    GIVEN = Authorisation(
        "A-1", "jonas", [Action.EXPLAIN_BILL, Action.ACCEPT_CREDIT], date(2026, 1, 1), date(2027, 1, 1), Money("20.00", "EUR")
    )

    def test_proves_himself_as_himself(self) -> None:
        """The holder's secrets do not verify a representative."""
        assert isinstance(ask(pin(), acting_for=self.GIVEN), MoreNeeded)
        assert isinstance(ask(pin(holder="jonas"), acting_for=self.GIVEN), Verified)
        assert isinstance(ask(pin(holder="jonas")), MoreNeeded)

    def test_scopes_and_limits_hold(self) -> None:
        """What is not in scope, or above the limit, is refused."""
        caller = ask(pin(holder="jonas"), acting_for=self.GIVEN).caller
        caller.require(Action.ACCEPT_CREDIT, worth=Money("20.00", "EUR"))
        with pytest.raises(AccessError, match="scope"):
            caller.require(Action.OPEN_DISPUTE)
        for worth in (Money("20.01", "EUR"), Money("1.00", "USD")):
            with pytest.raises(AccessError, match="up to"):
                caller.require(Action.ACCEPT_CREDIT, worth=worth)

    def test_another_account_or_an_ended_one_is_refused(self) -> None:
        """The authorisation is for one account and a time."""
        with pytest.raises(AccessError, match="for account A-2"):
            ask(pin(holder="jonas"), acting_for=attrs.evolve(self.GIVEN, account_id="A-2"))
        with pytest.raises(AccessError, match="not in force"):
            ask(pin(holder="jonas"), acting_for=attrs.evolve(self.GIVEN, end=date(2026, 6, 1)))
        with pytest.raises(InvalidPeriodError):
            attrs.evolve(self.GIVEN, end=date(2026, 1, 1))
        assert self.GIVEN.limit == Money("20.00", "EUR")
        assert attrs.evolve(self.GIVEN, limit=None).limit is None


class Counting:
    """A verifier that counts its derivations."""

    code = QUICK.code

    def __init__(self) -> None:
        self.count = 0

    def derive(self, secret: bytes, salt: bytes) -> bytes:
        """Return something that depends on both."""
        self.count += 1
        return QUICK.derive(secret, salt)


class TestSecrets:
    """Secrets are hashed, compared in normal form, and never shown."""

    STORED = enrol("Žąsis 12", account_id="A-1", factor=FactorKind.PIN, salt=SALT, since=date(2026, 1, 1), verifier=QUICK)

    @given(
        st.text(min_size=1).filter(lambda text: unicodedata.normalize("NFKC", text).strip()),
        st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
    )
    def test_right_under_any_normalisation(self, secret: str, form: str) -> None:
        """However a keyboard composes a letter, the same secret is right."""
        stored = enrol(secret, account_id="A-1", factor=FactorKind.PIN, salt=SALT, since=date(2026, 1, 1), verifier=QUICK)
        typed = unicodedata.normalize(form, secret)
        assert attempt(stored, typed, account_id="A-1", factor=FactorKind.PIN, at=NOW, verifier=QUICK).passed

    @given(st.text())
    def test_wrong_never_verifies(self, secret: str) -> None:
        """Only what is equal in normal form is right."""
        equal = unicodedata.normalize("NFKC", secret) == unicodedata.normalize("NFKC", "Žąsis 12")
        assert attempt(self.STORED, secret, account_id="A-1", factor=FactorKind.PIN, at=NOW, verifier=QUICK).passed is equal

    def test_of_another_account_factor_or_verifier(self) -> None:
        """The right secret in the wrong place is wrong."""
        for account, factor in (("A-2", FactorKind.PIN), ("A-1", PASSPHRASE)):
            assert not attempt(self.STORED, "Žąsis 12", account_id=account, factor=factor, at=NOW, verifier=QUICK).passed
        foreign = attrs.evolve(self.STORED, verifier="argon2")
        assert not attempt(foreign, "Žąsis 12", account_id="A-1", factor=FactorKind.PIN, at=NOW, verifier=QUICK).passed

    def test_a_code_is_good_for_ten_minutes(self) -> None:
        """After its last instant a one-time code is wrong."""
        stored = enrol(
            "123456",
            account_id="A-1",
            factor=FactorKind.ONE_TIME_CODE,
            salt=SALT,
            since=date(2026, 6, 1),
            verifier=QUICK,
            contact=PHONE,
            expires=NOW,
        )
        tried = attempt(stored, "123456", account_id="A-1", factor=FactorKind.ONE_TIME_CODE, at=NOW, verifier=QUICK)
        assert tried.passed
        assert tried.contact == PHONE
        assert not attempt(
            stored, "123456", account_id="A-1", factor=FactorKind.ONE_TIME_CODE, at=NOW + timedelta(seconds=1), verifier=QUICK
        ).passed

    def test_unknown_accounts_cost_the_same_work(self) -> None:
        """One derivation each, found or not."""
        for stored in (self.STORED, None):
            counting = Counting()
            attempt(stored, "0000", account_id="A-1", factor=FactorKind.PIN, at=NOW, verifier=counting)
            assert counting.count == 1

    def test_nothing_secret_is_shown(self) -> None:
        """Neither the secret nor what is stored of it stands in a repr, a pickle of an attempt, or an error."""
        tried = attempt(self.STORED, "hunter2", account_id="A-1", factor=FactorKind.PIN, at=NOW, verifier=QUICK)
        shown = repr((self.STORED, tried, Scrypt(pepper=b"pepper!")))
        for secret in ("Žąsis", "hunter2", "pepper!", repr(SALT), repr(self.STORED.digest)):
            assert secret not in shown
        assert b"hunter2" not in pickle.dumps(tried)
        with pytest.raises(InvalidTypeError) as refused:
            attempt(self.STORED, 4711, account_id="A-1", factor=FactorKind.PIN, at=NOW)  # type: ignore[arg-type]
        assert "4711" not in str(refused.value)

    def test_the_default_is_scrypt(self) -> None:
        """The standard library's scrypt works without further arguments."""
        stored = enrol("1234", account_id="A-1", factor=FactorKind.PIN, salt=SALT, since=date(2026, 1, 1))
        assert attempt(stored, "1234", account_id="A-1", factor=FactorKind.PIN, at=NOW).passed

    def test_bad_enrolments_are_refused(self) -> None:
        """An empty secret, a short salt, a code without a contact, a naive instant."""
        with pytest.raises(InvalidValueError, match="empty"):
            enrol("", account_id="A-1", factor=FactorKind.PIN, salt=SALT, since=date(2026, 1, 1))
        with pytest.raises(InvalidValueError, match="16 random bytes"):
            enrol("1", account_id="A-1", factor=FactorKind.PIN, salt=b"short", since=date(2026, 1, 1), verifier=QUICK)
        with pytest.raises(InvalidValueError, match="contact on file"):
            enrol("1", account_id="A-1", factor=FactorKind.CALL_BACK, salt=SALT, since=date(2026, 1, 1), verifier=QUICK)
        with pytest.raises(NaiveInstantError):
            Attempt("A-1", FactorKind.PIN, True, datetime(2026, 6, 1))  # noqa: DTZ001  naive on purpose

    def test_each_factor_has_a_category(self) -> None:
        """All sorts of proof exist, and one that proves nothing."""
        kinds = {*FACTORS, FactorKind.CALL_BACK, FactorKind.LETTER, FactorKind.ACCOUNT_FACTS}
        assert {kind.category for kind in kinds} == set(FactorCategory)
        assert [category for category in FactorCategory if not category.proves] == [FactorCategory.RECORD]


class TestPolicy:
    """A policy is data that is checked."""

    def test_bad_limits_are_refused(self) -> None:
        """Limits below one and verifications that do not last."""
        with pytest.raises(InvalidValueError):
            VerificationPolicy("x", 1, factor_failures=0)
        with pytest.raises(InvalidPeriodError):
            VerificationPolicy("x", 1, lasts=timedelta(0))


class TestRedaction:
    """Notes keep no card numbers, bank accounts, addresses or phones."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("card 4111-1111-1111-1111", "card ************1111"),
            ("number 4111111111111112", "number 4111111111111112"),
            ("LT121000011101001000", "****************1000"),
            ("write to ona.k@mail.example.lt", "write to o***@m***.example.lt"),
            ("call +370 600 00000 today", "call *******0000 today"),
            ("invoice MB-000123 of 2026", "invoice MB-000123 of 2026"),
        ],
    )
    def test_masks(self, text: str, expected: str) -> None:
        """Each kind is masked, and what only looks like one stays."""
        assert redact(text) == expected


class TestFactors:
    """Factors are open values, and what stands on a bill is none."""

    def test_a_host_adds_its_own(self) -> None:
        """A passkey and a voice are two categories; each has its own counter."""
        passkey = FactorKind("acme:passkey", FactorCategory.POSSESSION)
        tries = [Attempt("A-1", kind, True, NOW) for kind in (passkey, VOICE)]
        assert ask(*tries).caller.level is IdentityLevel.STRONG
        assert ask(*tries).caller.evidence[0].startswith("acme:passkey at ")

    def test_facts_from_the_bill_never_verify(self) -> None:
        """However many are right, nothing is proved, and they are not named among what would prove something."""
        facts = Attempt("A-1", FactorKind.ACCOUNT_FACTS, True, NOW)
        answer = ask(facts, facts)
        assert isinstance(answer, MoreNeeded)
        assert FactorCategory.RECORD not in answer.possible
        assert ask(facts, pin()).caller.level is IdentityLevel.VERIFIED
        with pytest.raises(InvalidValueError, match="no secret"):
            enrol("31.58", account_id="A-1", factor=FactorKind.ACCOUNT_FACTS, salt=SALT, since=date(2026, 1, 1), verifier=QUICK)

    def test_bad_factors_are_refused(self) -> None:
        """A category in words, a release that needs no contact, a text for a factor, a blank code."""
        with pytest.raises(InvalidTypeError, match="FactorCategory"):
            FactorKind("x", "knowledge")  # type: ignore[arg-type]
        with pytest.raises(InvalidValueError, match="contact on file"):
            FactorKind("x", FactorCategory.KNOWLEDGE, releases=True)
        with pytest.raises(InvalidValueError):
            FactorKind(" ", FactorCategory.KNOWLEDGE)
        with pytest.raises(InvalidTypeError, match="FactorKind"):
            Attempt("A-1", "pin", True, NOW)  # type: ignore[arg-type]
        with pytest.raises(InvalidTypeError, match="right or wrong"):
            Attempt("A-1", FactorKind.PIN, "yes", NOW)  # type: ignore[arg-type]


class TestAttacks:
    """What somebody would try who is not the customer."""

    def test_nobody_rides_on_the_call_before(self) -> None:
        """What the customer proved in one call proves nothing in the next."""
        before = pin(call="C-1", minutes=5)
        assert isinstance(ask(before, call="C-1"), Verified)
        assert isinstance(ask(before, call="C-2"), MoreNeeded)
        assert isinstance(ask(before), MoreNeeded)

    def test_what_is_tried_during_a_wait_never_counts(self) -> None:
        """A right secret five seconds after a wrong one stays unheard, also once the wait is over."""
        wrong = Attempt("A-1", FactorKind.PIN, False, NOW - timedelta(minutes=5))
        early = Attempt("A-1", FactorKind.PIN, True, NOW - timedelta(minutes=5) + timedelta(seconds=29))
        in_time = Attempt("A-1", FactorKind.PIN, True, NOW - timedelta(minutes=5) + timedelta(seconds=30))
        assert isinstance(ask(wrong, early), MoreNeeded)
        assert isinstance(ask(wrong, in_time), Verified)

    def test_the_end_of_a_lock_is_ahead(self) -> None:
        """No answer says that one may try again at an instant that is over, at any number of failures."""
        for count in range(1, 8):
            tries = [pin(passed=False, minutes=60 * 3 + n) for n in range(count)]
            answer = ask(*tries)
            assert isinstance(answer, MoreNeeded) or answer.until > NOW

    def test_a_factor_that_is_over_does_not_end_the_others(self) -> None:
        """After three wrong PINs the PIN is over for an hour, a right one too; a code to the phone still proves something."""
        wrong = [pin(passed=False, minutes=n) for n in (32, 31, 30)]
        assert isinstance(ask(*wrong, pin()), LockedOut)
        assert ask(*wrong, pin()).until == NOW + timedelta(minutes=30)
        assert ask(*wrong, pin(), code()).caller.evidence == ("one-time-code at 2026-06-01T09:59:00+00:00",)
        assert isinstance(ask(*[pin(passed=False, minutes=n) for n in (92, 91, 90)], pin()), Verified)

    def test_a_call_back_ends_a_lock(self) -> None:
        """Whoever locked an account from outside does not keep the customer out; nor does a new number help the other."""
        wrong = [pin(passed=False, minutes=n) for n in range(5, 10)]
        back = Attempt("A-1", FactorKind.CALL_BACK, True, NOW, contact=PHONE)
        assert ask(*wrong).call_back
        assert ask(*wrong, back).caller.level is IdentityLevel.VERIFIED
        assert isinstance(ask(*wrong, attrs.evolve(back, contact="new@example.lt")), LockedOut)
        assert isinstance(ask(*wrong, attrs.evolve(back, passed=False)), LockedOut)

    def test_a_hundred_failures_need_a_call_back(self) -> None:
        """A few a day for weeks end too, and no day is named then."""
        days = [Attempt("A-1", FactorKind.PIN, False, NOW - timedelta(hours=7 * n)) for n in range(1, 101)]
        answer = ask(*days)
        assert answer == LockedOut(None, call_back=True)
        with pytest.raises(AccessError, match="the customer is reached"):
            _ = answer.caller
        assert isinstance(ask(*days, Attempt("A-1", FactorKind.CALL_BACK, True, NOW, contact=PHONE)), Verified)

    def test_the_wait_has_an_end(self) -> None:
        """However many failures a policy bears, the wait stays within its longest."""
        lenient = VerificationPolicy("lenient", 1, factor_failures=5000, account_failures=5000, most_failures=5000)
        answer = verify(ONA, [pin(passed=False)] * 2000, policy=lenient, at=NOW)
        assert answer == LockedOut(NOW + timedelta(minutes=59), call_back=False)

    def test_a_representative_resets_no_counter_of_the_holder(self) -> None:
        """His own right PIN between wrong ones of the holder's changes nothing."""
        tries = [
            pin(passed=False, minutes=20),
            pin(passed=False, minutes=19),
            pin(minutes=15, holder="jonas"),
            pin(passed=False, minutes=10),
        ]
        assert isinstance(ask(*tries), LockedOut)

    def test_a_contact_proves_its_own_person(self) -> None:
        """A code to the phone of a representative does not verify the holder, nor the other way."""
        both = attrs.evolve(ONA, contacts=[*ONA.contacts, Contact(ContactKind.PHONE, "+37061111111", since=date(2026, 1, 1), name="jonas")])
        given_ = TestRepresentative.GIVEN
        his = attrs.evolve(code("+37061111111"), holder="jonas")
        assert isinstance(verify(both, [code("+37061111111")], policy=POLICY, at=NOW), MoreNeeded)
        assert isinstance(verify(both, [his], policy=POLICY, at=NOW, acting_for=given_), Verified)
        assert isinstance(verify(both, [attrs.evolve(code(), holder="jonas")], policy=POLICY, at=NOW, acting_for=given_), MoreNeeded)

    def test_the_highest_needs_two_people(self) -> None:
        """Where a machine took the factors, one agent alone confirms nothing; blanks are nobody."""
        assert ask(pin(), code(), second_agent="jonas").caller.level is IdentityLevel.STRONG
        assert ask(pin(agent="rasa"), code(), second_agent=" ").caller.level is IdentityLevel.STRONG
        assert ask(pin(agent="rasa"), code(), second_agent="jonas").caller.evidence[-1] == "confirmed by jonas"

    def test_a_caller_is_not_changed(self) -> None:
        """Neither level, account nor expiry of a verified caller can be replaced, also after it travelled."""
        caller = ask(pin()).caller
        for known in (caller, pickle.loads(pickle.dumps(caller))):
            assert attrs.evolve(known) == caller
            for change in ({"level": IdentityLevel.HIGH}, {"account_id": "A-2"}, {"expires": NOW + timedelta(days=1)}):
                with pytest.raises(RefusedError, match="nobody changes one"):
                    attrs.evolve(known, **change)

    def test_an_authorisation_ends_the_verification(self) -> None:
        """A representative verified on the evening of the last day acts until midnight in the account's zone."""
        evening = datetime(2026, 6, 1, 23, 50, tzinfo=ONA.zone)
        last = attrs.evolve(TestRepresentative.GIVEN, end=date(2026, 6, 2))
        tried = Attempt("A-1", FactorKind.PIN, True, evening, holder="jonas")
        caller = verify(ONA, [tried], policy=POLICY, at=evening, acting_for=last).caller
        assert caller.expires == datetime(2026, 6, 2, tzinfo=ONA.zone)
        assert caller.name == "jonas"

    def test_a_code_is_used_once(self) -> None:
        """What was right once and was stored as used is wrong from then on; a PIN may be used again."""
        stored = enrol("123456", account_id="A-1", factor=FactorKind.ONE_TIME_CODE, salt=SALT, since=date(2026, 6, 1), verifier=QUICK,
                       contact=PHONE, expires=NOW + CODE_LIFETIME)  # fmt: skip
        tried = partial(attempt, account_id="A-1", at=NOW, verifier=QUICK)
        assert tried(stored, "123456", factor=FactorKind.ONE_TIME_CODE).passed
        assert not tried(stored.spend(NOW), "123456", factor=FactorKind.ONE_TIME_CODE).passed
        assert tried(TestSecrets.STORED.spend(NOW), "Žąsis 12", factor=FactorKind.PIN).passed

    def test_a_dearer_hash_locks_nobody_out(self) -> None:
        """What was stored by an older verifier is compared by that one, once; without it nothing fits."""
        counting = Counting()
        tried = partial(attempt, TestSecrets.STORED, "Žąsis 12", account_id="A-1", factor=FactorKind.PIN, at=NOW)
        assert tried(verifier=Scrypt(cost=4), older=[counting]).passed
        assert counting.count == 1
        assert not tried(verifier=Scrypt(cost=4)).passed
        assert (QUICK.code, Scrypt().code) == ("scrypt-2", "scrypt-16384")

    def test_a_pepper_matters(self) -> None:
        """The same secret with another pepper, or none, is another digest."""
        digests = {Scrypt(2, pepper).derive(b"1234", SALT) for pepper in (b"", b"a", b"b")}
        assert len(digests) == 3


class TestLeaks:
    """Nothing secret leaves by another door."""

    def test_stored_secrets_are_not_pickled(self) -> None:
        """Neither an enrolment nor a verifier with a pepper; one without travels."""
        for value in (TestSecrets.STORED, Scrypt(pepper=b"pepper!")):
            with pytest.raises(RefusedError, match="never pickled") as refused:
                pickle.dumps(value)
            assert "pepper!" not in str(refused.value)
        assert pickle.loads(pickle.dumps(QUICK)) == QUICK

    def test_broken_text_is_wrong_and_not_told(self) -> None:
        """Half a surrogate can not be encoded by Python, whose error would carry the secret."""
        assert not attempt(TestSecrets.STORED, "Žąsis \ud800", account_id="A-1", factor=FactorKind.PIN, at=NOW, verifier=QUICK).passed

    def test_a_secret_of_any_length_is_refused_in_numbers(self) -> None:
        """A million characters cost no work, whether or not the account is known."""
        for stored in (TestSecrets.STORED, None):
            with pytest.raises(InvalidValueError, match="1001 characters"):
                attempt(stored, "x" * 1001, account_id="A-1", factor=FactorKind.PIN, at=NOW, verifier=QUICK)

    def test_a_verifier_that_fails_tells_nothing(self) -> None:
        """What a plugin raises may hold the secret: its kind is told, and nothing else hangs on the error."""

        class Broken:
            code = "acme:broken"

            def derive(self, secret: bytes, salt: bytes) -> bytes:
                if secret == b"raise":
                    raise ValueError(secret)
                return "text"  # type: ignore[return-value]

        for secret, kind in (("raise", "ValueError"), ("other", "str")):
            with pytest.raises(PluginError, match=kind) as failed:
                attempt(None, secret, account_id="A-1", factor=FactorKind.PIN, at=NOW, verifier=Broken())
            assert (failed.value.__cause__, failed.value.__context__) == (None, None)
            assert secret not in repr(failed.value.args)

    @pytest.mark.parametrize("cost", [0, 1, 3, 2.0, True])
    def test_a_cost_is_a_power_of_two(self, cost: object) -> None:
        """The standard library would tell it only at the first call."""
        with pytest.raises((InvalidValueError, InvalidTypeError), match="cost of scrypt"):
            Scrypt(cost=cost)  # type: ignore[arg-type]

    def test_other_bad_input(self) -> None:
        """A code that never runs out, levels and scopes in words, waits the wrong way round, a negative limit, naive instants."""
        with pytest.raises(InvalidValueError, match="runs out"):
            enrol("1", account_id="A-1", factor=FactorKind.ONE_TIME_CODE, salt=SALT, since=date(2026, 1, 1), verifier=QUICK, contact=PHONE)
        with pytest.raises(InvalidTypeError, match="by Action"):
            VerificationPolicy("x", 1, levels={"explain-bill": IdentityLevel.STRONG})  # type: ignore[dict-item]
        with pytest.raises(InvalidTypeError, match="by Action"):
            VerificationPolicy("x", 1, levels={Action.REFUND: 3})  # type: ignore[dict-item]
        with pytest.raises(InvalidTypeError, match="scopes"):
            Authorisation("A-1", "jonas", "explain-bill", date(2026, 1, 1))  # type: ignore[arg-type]
        with pytest.raises(InvalidPeriodError, match="first wait"):
            VerificationPolicy("x", 1, first_delay=timedelta(hours=2))
        with pytest.raises(InvalidAmountError):
            Authorisation("A-1", "jonas", [Action.REFUND], date(2026, 1, 1), limit=Money("-1.00", "EUR"))
        with pytest.raises(NaiveInstantError):
            ask(pin()).caller.require(Action.EXPLAIN_BILL, at=datetime(2026, 6, 1))  # noqa: DTZ001  naive on purpose
        with pytest.raises(NaiveInstantError):
            TestSecrets.STORED.spend(datetime(2026, 6, 1))  # noqa: DTZ001  naive on purpose


class TestRedactionAttacks:
    """Separators, borders and check digits do not let through what is one, nor hide what is none."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("card4111111111111111", "card************1111"),
            ("4111.1111.1111.1111.", "************1111."),
            ("4111\u00a01111\u00a01111\u00a01111", "************1111"),
            ("amex 3782 822463 10005", "amex ***********0005"),
            ("lt12 1000 0111 0100 1000 paid", "****************1000 paid"),
            ("LT12-1000-0111-0100-1000", "****************1000"),
            ("LT13 1000 0111 0100 1000", "****************1000"),
            ("GB82 WEST 1234 5698 7654 32 and DE89370400440532013000", "******************5432 and ******************3000"),
            ("o'brien@x.ie, Žydrė.š@įmonė.lt", "o***@x***.ie, Ž***@į***.lt"),
            ("00370-600-00000", "*********0000"),
            ("600.00.000.00", "******0000"),
            ("+1 (555) 010-9999", "*******9999"),
            ("on 2026-03-12 860012345", "on 2026-03-12 *****2345"),
            ("２３４５６７８９０", "*****７８９０"),
        ],
    )
    def test_masked(self, text: str, expected: str) -> None:
        """Cards, accounts, addresses and phones in the forms in which people write them."""
        assert redact(text) == expected

    def test_nothing_of_a_card_with_its_date_stays(self) -> None:
        """Neither the number nor what is written behind it."""
        assert "4111" not in redact("card 4111 1111 1111 1111 12/27 123")

    @pytest.mark.parametrize(
        "text",
        [
            "2026-03-12 18:00 to 2026-03-31",
            "12.03.2026",
            "12/03/2026",
            "12345678.90 EUR",
            "INV-20260312",
            "S-1/base/2026-03-01",
            "17 of 31",
        ],
    )
    def test_kept(self, text: str) -> None:
        """Days, amounts and numbers of documents stay."""
        assert redact(text) == text

    @given(st.text("0123456789", min_size=12, max_size=18), st.sampled_from(["", " ", "-", ".", "\u00a0"]), st.integers(2, 6))
    def test_no_card_passes(self, digits: str, space: str, group: int) -> None:
        """Whatever the number, its grouping and what stands around it, a number with right check digit is never readable."""
        doubled = [int(digit) if place % 2 else sum(divmod(2 * int(digit), 10)) for place, digit in enumerate(reversed(digits))]
        number = f"{digits}{-sum(doubled) % 10}"
        written = space.join(number[place : place + group] for place in range(0, len(number), group))
        assert number not in re.sub(r"\D", "", redact(f"card {written}, thanks"))


class TestChangedClocks:
    """Waits, ends and orders are those of real time in the hours in which clocks change."""

    VILNIUS = ONA.zone

    def test_a_code_runs_out_in_the_doubled_hour(self) -> None:
        """A code that was good until 3:05 of the first hour is over at 3:02 of the second."""
        expires = datetime(2026, 10, 25, 3, 5, tzinfo=self.VILNIUS)
        stored = enrol(
            "123456", account_id="A-1", factor=FactorKind.ONE_TIME_CODE, salt=SALT, since=date(2026, 1, 1), verifier=QUICK,
            contact=PHONE, expires=expires,
        )  # fmt: skip
        assert stored.good(datetime(2026, 10, 25, 3, 2, tzinfo=self.VILNIUS))
        assert not stored.good(datetime(2026, 10, 25, 3, 2, tzinfo=self.VILNIUS, fold=1))

    def test_a_caller_is_known_for_half_an_hour(self) -> None:
        """Who is verified at 3:50 of the first hour is no longer at 3:25 of the second, and still is at 3:15."""
        at = datetime(2026, 10, 25, 3, 50, tzinfo=self.VILNIUS)
        caller = verify(ONA, [Attempt("A-1", FactorKind.PIN, True, at)], policy=POLICY, at=at).caller
        assert caller.expires.astimezone(UTC) == datetime(2026, 10, 25, 1, 20, tzinfo=UTC)
        caller.require(Action.HEAR_BALANCE, at=datetime(2026, 10, 25, 3, 15, tzinfo=self.VILNIUS, fold=1))
        with pytest.raises(AccessError, match="verify again"):
            caller.require(Action.HEAR_BALANCE, at=datetime(2026, 10, 25, 3, 25, tzinfo=self.VILNIUS, fold=1))

    def test_proofs_count_for_real_time(self) -> None:
        """What was proved at 2:50 on the night that skips an hour counts at 4:10, twenty minutes later."""
        proved = Attempt("A-1", FactorKind.PIN, True, datetime(2026, 3, 29, 2, 50, tzinfo=self.VILNIUS))
        assert isinstance(verify(ONA, [proved], policy=POLICY, at=datetime(2026, 3, 29, 4, 10, tzinfo=self.VILNIUS)), Verified)

    @given(st.lists(st.tuples(st.integers(0, 180), st.booleans()), max_size=8), st.integers(0, 240))
    def test_the_zone_of_an_instant_changes_no_answer(self, tries: list[tuple[int, bool]], now: int) -> None:
        """Attempts written in UTC and in a zone whose clocks change give one answer, at the same instant."""
        start = datetime(2026, 10, 25, 0, tzinfo=UTC)

        def told(zone: tzinfo) -> tuple[object, ...]:
            attempts = [Attempt("A-1", FactorKind.PIN, passed, (start + timedelta(minutes=m)).astimezone(zone)) for m, passed in tries]
            answer = verify(ONA, attempts, policy=POLICY, at=(start + timedelta(minutes=now)).astimezone(zone))
            until = answer.caller.expires if isinstance(answer, Verified) else getattr(answer, "until", None)
            return type(answer), until and until.astimezone(UTC)

        assert told(UTC) == told(self.VILNIUS)
