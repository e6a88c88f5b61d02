"""What every plugin promises, whatever its sort."""

import pickle
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, settings

from billing_domain.money import exact

T = TypeVar("T")

shared = settings(suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow], deadline=None)
"""Settings of the checks: each runs for every class that inherits it."""


def copied(value: T) -> T:
    """Return the value after a journey to another process and back."""
    again: T = pickle.loads(pickle.dumps(value))  # noqa: S301  our own bytes
    return again


class PluginContract:
    """What every plugin promises; the contract classes of the single protocols inherit it.

    Attributes:
        plugin: The plugin under test, an object and not its class.
    """

    plugin: ClassVar[Any]

    def test_its_code_has_a_namespace(self) -> None:
        """A stored code never changes its meaning, so it says whose it is."""
        namespace, _, name = str(getattr(self.plugin, "code", "")).partition(":")
        assert namespace, "give the class a code such as 'acme:half-of'"
        assert name, "give the class a code such as 'acme:half-of'"

    def test_it_travels_to_another_process(self) -> None:
        """A process pool carries the rulebook, so a plugin pickles by name to an equal one."""
        assert copied(self.plugin) == self.plugin, "make it a frozen class at the top of a module"

    def test_it_can_not_be_changed(self) -> None:
        """A plugin is a frozen value: its hash stays what it is."""
        assert hash(self.plugin) == hash(copied(self.plugin)), "make it a frozen class"

    def check_pure(self, ask: Callable[[Any, T], Any], context: T) -> Any:
        """Ask twice and as a copy, as the core asks: inside the library's decimal context.

        Returns:
            The answer, if it is the same each time and the context is unchanged.
        """
        with exact():
            return self._asked(ask, context)

    def _asked(self, ask: Callable[[Any, T], Any], context: T) -> Any:
        before = copied(context)
        answer = ask(self.plugin, context)
        assert ask(self.plugin, context) == answer, "the same question gets the same answer"
        assert ask(copied(self.plugin), before) == answer, "a copy in another process answers the same"
        assert context == before, "a plugin does not change what it is given"
        return answer
