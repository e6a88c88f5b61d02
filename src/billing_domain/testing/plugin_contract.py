"""What every plugin promises, whatever its sort."""

import pickle
from collections.abc import Callable, Iterator
from decimal import getcontext
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from billing_domain.money.amounts import is_exact
from billing_domain.testing.abroad import Raised, Reply, abroad, answer_of

T = TypeVar("T")

shared = settings(suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow], deadline=None)
"""Settings of the checks: each runs for every class that inherits it."""

SAMPLE = 25
"""How many questions are asked in other processes."""


def copied(value: T) -> T:
    """Return the value after a journey to another process and back."""
    again: T = pickle.loads(pickle.dumps(value))  # noqa: S301  our own bytes
    return again


def same(one: object, other: object) -> bool:
    """Say whether two answers are the same; what is no number is the same as itself here."""
    return bool(one == other) or repr(one) == repr(other)


def sample(questions: st.SearchStrategy[T], size: int = SAMPLE) -> list[T]:
    """Return some questions, always the same."""
    found: list[T] = []

    @settings(shared, max_examples=size, derandomize=True, database=None, phases=[Phase.generate])
    @given(questions)
    def collect(question: T) -> None:
        found.append(question)

    collect()
    return found


def kept(contract: type, name: str, make: Callable[[], T]) -> T:
    """Return what is worked out once for each class of checks."""
    if name not in vars(contract):
        setattr(contract, name, make())
    found: T = vars(contract)[name]
    return found


class PluginContract:
    """What every plugin promises; the contract classes of the single protocols inherit it.

    A plugin has a stored code with a namespace, travels to another process, can not be changed, answers the same question the same
    way here and in other processes, whatever their hash seed and time zone, reads nothing but what it is given, and changes nothing.

    Attributes:
        plugin: The plugin under test, an object and not its class.
        asked: A strategy of what it is asked; each contract has its own.

    Example:
        >>> PluginContract.answer(len, "four")
        4
    """

    plugin: ClassVar[Any]
    asked: ClassVar[st.SearchStrategy[Any]] = st.nothing()

    @staticmethod
    def ask(plugin: Any, question: Any) -> Any:
        """Put a question to the plugin; a function at the top of a module, so that it is found in another process."""
        return plugin(question)

    @classmethod
    def questions(cls) -> st.SearchStrategy[Any]:
        """Return what the plugin is asked."""
        return cls.asked

    def draw(self, data: st.DataObject) -> Any:
        """Draw a question."""
        return data.draw(self._drawn())

    def _drawn(self) -> st.SearchStrategy[Any]:
        return kept(type(self), "_kept_questions", self.questions)

    @classmethod
    def answer(cls, plugin: Any, question: Any) -> Any:
        """Return what a plugin answers to a copy of the question, as the core asks; a `Raised` where it raises."""
        return answer_of(cls.ask, plugin, copied(question))

    def sound(self, question: Any) -> Any:
        """Return the answer, or None where it raises or answers otherwise the second time: other checks are for that."""
        answer = self.answer(self.plugin, question)
        steady = not isinstance(answer, Raised) and same(self.answer(self.plugin, question), answer)
        return answer if steady else None

    # ------------------------------------------------------------------------------------------------------- the checks

    def test_its_code_has_a_namespace(self) -> None:
        """A stored code never changes its meaning, so it says whose it is."""
        check_code(self.plugin)

    def test_it_travels_to_another_process(self) -> None:
        """A process pool carries the rulebook, so a plugin pickles by name to an equal one."""
        assert copied(self.plugin) == self.plugin, "make it a frozen class at the top of a module"

    def test_it_can_not_be_changed(self) -> None:
        """A plugin is a frozen value: its hash stays what it is."""
        assert hash(self.plugin) == hash(_copy_of(self.plugin)), "make it a frozen class"

    @shared
    @given(st.data())
    def test_it_answers_the_same_again(self, data: st.DataObject) -> None:
        """The same question gets the same answer, also from a copy."""
        question = self.draw(data)
        first = self.answer(self.plugin, question)
        assert same(self.answer(self.plugin, question), first), "the same question gets the same answer"
        assert same(self.answer(_copy_of(self.plugin), question), first), "a copy answers the same"

    @shared
    @given(st.data())
    def test_it_changes_nothing(self, data: st.DataObject) -> None:
        """Neither what it is given, nor the plugin itself, nor the context of decimals is another one afterwards."""
        self.check_changes_nothing(self.ask, copied(self.draw(data)))

    def check_changes_nothing(self, ask: Callable[[Any, Any], Any], question: Any) -> None:
        """Ask once, and refuse that the question or the plugin is another one afterwards."""
        before, plugin = copied(question), _state(self.plugin)
        exactly: list[bool] = []

        def watched(asked: Any, about: Any) -> Any:
            context = getcontext()
            try:
                return ask(asked, about)
            finally:
                exactly.append(is_exact(context))

        answer_of(watched, self.plugin, question)
        assert exactly == [True], "a plugin leaves the context of decimals as it finds it; calculate within decimal.localcontext()"
        assert same(question, before), "a plugin does not change what it is given"
        assert _state(self.plugin) == plugin, "a plugin does not change itself"

    def test_it_answers_the_same_in_other_processes(self) -> None:
        """Neither the order of sets nor the time zone of the machine shows in an answer."""
        one, other = self._replies()
        for first, second in zip(one.answers, other.answers, strict=True):
            assert same(first, second), "an answer depends neither on the hash seed nor on the time zone of the process"

    def test_it_reads_nothing_but_what_it_is_given(self) -> None:
        """No clock, chance, environment, file or socket: what a plugin needs is in the question, or in its fields."""
        touched = {found for reply in self._replies() for found in reply.touched}
        assert not touched, "a plugin is pure; give it what it reads"

    def _replies(self) -> Iterator[Reply]:
        try:
            replies = abroad(self.ask, self.plugin, sample(self._drawn()))
        except Exception:  # noqa: BLE001  whatever pickling raises
            pytest.skip("it does not travel to another process; another check says so")
        for reply in replies:
            assert not reply.error, f"in another process: {reply.error}"
        yield from replies


def _copy_of(plugin: T) -> T:
    """Return a copy, or the plugin itself where it does not travel: another check says so."""
    try:
        return copied(plugin)
    except Exception:  # noqa: BLE001  whatever pickling raises
        return plugin


def _state(plugin: object) -> bytes:
    try:
        return pickle.dumps(plugin)
    except Exception:  # noqa: BLE001  whatever pickling raises
        return repr(plugin).encode()


def check_code(plugin: object) -> None:
    """Refuse a plugin without a code that has a namespace."""
    namespace, _, name = str(getattr(plugin, "code", "")).partition(":")
    assert namespace, "give the class a code such as 'acme:half-of'"
    assert name, "give the class a code such as 'acme:half-of'"
