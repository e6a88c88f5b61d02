"""Who is calling: factors, levels, lockout, representatives, and secrets that never show."""

import pickle
import unicodedata
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import presets
from billing_domain.accounts import Account, Contact, ContactKind, IdentityLevel, Party
from billing_domain.care import (
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
from billing_domain.errors import AccessError, InvalidPeriodError, InvalidTypeError, InvalidValueError, NaiveInstantError, RefusedError
from billing_domain.money import Money

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
PHONE = "+37060000000"
SALT = b"0123456789abcdef"
QUICK = Scrypt(cost=2)
POLICY = presets.IDENTITY
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
        other = Attempt("A-1", FactorKind.OTHER_KNOWLEDGE, True, NOW)
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
        tries = [Attempt("A-1", kind, False, NOW - timedelta(hours=n)) for n, kind in enumerate([*FactorKind][:5], 2)]
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

    code = "scrypt"

    def __init__(self) -> None:
        self.count = 0

    def derive(self, secret: bytes, salt: bytes) -> bytes:
        """Return something that depends on both."""
        self.count += 1
        return QUICK.derive(secret, salt)


class TestSecrets:
    """Secrets are hashed, compared in normal form, and never shown."""

    STORED = enrol("Žąsis 12", account_id="A-1", factor=FactorKind.PIN, salt=SALT, since=date(2026, 1, 1), verifier=QUICK)

    @given(st.text(min_size=1).filter(lambda text: unicodedata.normalize("NFKC", text)), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
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
        for account, factor in (("A-2", FactorKind.PIN), ("A-1", FactorKind.OTHER_KNOWLEDGE)):
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
        """All three sorts of proof exist."""
        assert {kind.category for kind in FactorKind} == set(FactorCategory)


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
