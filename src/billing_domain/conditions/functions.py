"""A function as a condition, and the guard around every condition that others wrote."""

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import iscoroutinefunction, isfunction, isgeneratorfunction
from operator import attrgetter
from types import MappingProxyType
from typing import Never

import attrs

from billing_domain.conditions.deciding import Decider
from billing_domain.conditions.kinds import Stored, titles_by_language
from billing_domain.conditions.model import Facts, Outcome
from billing_domain.conditions.protocols import Condition, Finding
from billing_domain.errors import BillingError, InvalidTypeError, InvalidValueError, MissingFactError, PluginError, RefusedError

_CODE = re.compile(r"[a-z][a-z0-9_-]*(:[a-z][a-z0-9_-]*)+")
_UNKNOWN = Outcome.UNKNOWN
_OF_BOOL = {True: Outcome.MET, False: Outcome.UNMET}


def _raised(code: str, hook: str, error: Exception) -> PluginError:
    shown = str(error) if isinstance(error, BillingError) else repr(error)
    return PluginError(shown, "a condition raises nothing but the absence of a fact", "mend the condition", plugin=code, hook=hook)


def _answered(code: str, answer: object) -> Outcome:
    if type(answer) is bool:
        return _OF_BOOL[answer]
    if isinstance(answer, Outcome):
        return answer
    remedy = "compare facts[FACT] with the value, not the fact itself, and return the result"
    raise PluginError(answer, "a condition answers with a bool or an Outcome", remedy, plugin=code, hook="outcome")


def asked(condition: Condition) -> Decider:
    """Return the function that asks a condition written by others and checks its answer."""

    def decide(facts: Facts) -> Outcome:
        try:
            answer = condition.outcome(facts)
        except MissingFactError:
            return _UNKNOWN
        except PluginError:
            raise
        except Exception as error:
            raise _raised(condition.code, "outcome", error) from error
        return _answered(condition.code, answer)

    return decide


def found_by(condition: Condition, facts: Facts) -> Finding:
    """Return the finding of a condition, and refuse what is not one.

    Raises:
        PluginError: The condition raised, or answered with something else.
    """
    try:
        finding = condition.finding(facts)
    except PluginError:
        raise
    except Exception as error:
        raise _raised(condition.code, "finding", error) from error
    if not isinstance(finding, Finding):
        raise PluginError(
            finding, "a condition explains itself by a Finding", "return observe(self, facts)", plugin=condition.code, hook="finding"
        )
    return finding


def observe(condition: Condition, facts: Facts) -> Finding:
    """Return the finding of a condition that has no parts: its outcome and every fact that it asked for.

    Args:
        condition: The condition; its `outcome` is called once.
        facts: What is known.

    Raises:
        PluginError: The condition raised, or answered with something else than an outcome.

    Example:
        >>> from billing_domain.conditions import TENURE_MONTHS, Facts, condition
        >>> @condition("acme:loyal")
        ... def loyal(facts: Facts) -> bool:
        ...     return facts[TENURE_MONTHS] >= 24
        >>> observe(loyal, Facts({TENURE_MONTHS: 20})).observed
        {'tenure_months': 20}
    """
    seen: dict[str, Stored | None] = {}
    outcome = asked(condition)(facts.recording(seen))
    missing = tuple(sorted(code for code, stored in seen.items() if stored is None)) if outcome is _UNKNOWN else ()
    return Finding(outcome, condition, tuple(seen.items()), missing)


@attrs.frozen(order=False)
class FunctionCondition:
    """A function under a code; `@condition` makes it.

    It is pickled by the name of its function, as functions are, so the function stands at the top of a module.
    """

    code: str
    function: Callable[[Facts], bool | Outcome]
    title: str = ""
    titles: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=titles_by_language)
    decide: Decider = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        checked_code(self.code)
        if not isfunction(self.function) or iscoroutinefunction(self.function) or isgeneratorfunction(self.function):
            raise InvalidTypeError(self.function, "a condition is made from a plain function", "write def name(facts: Facts) -> bool")
        object.__setattr__(self, "decide", self._decider())

    def _decider(self) -> Decider:
        code, function = self.code, self.function

        def decide(facts: Facts) -> Outcome:
            try:
                answer = function(facts)
            except MissingFactError:
                return _UNKNOWN
            except PluginError:
                raise
            except Exception as error:
                raise _raised(code, "outcome", error) from error
            return _answered(code, answer)

        return decide

    def outcome(self, facts: Facts) -> Outcome:
        """Return MET or UNMET as the function says, UNKNOWN where it reads a fact that is not known."""
        return self.decide(facts)

    def finding(self, facts: Facts) -> Finding:
        """Return the outcome with every fact that the function asked for."""
        return observe(self, facts)

    def __call__(self, facts: Facts) -> bool | Outcome:
        """Call the function itself, for its own tests and for use in another condition."""
        return self.function(facts)

    def __bool__(self) -> Never:
        raise InvalidTypeError(
            self.code, "a condition is neither true nor false before it sees facts", "join conditions with all_of or any_of"
        )

    def __copy__(self) -> "FunctionCondition":
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> "FunctionCondition":
        return self

    def __reduce__(self) -> tuple[Callable[[str, str], object], tuple[str, str]]:
        place = self.function.__module__, self.function.__qualname__
        if _named(*place) is not self:
            raise RefusedError(self.code, "a condition is pickled by the name of its function", "define it at the top of a module")
        return _named, place


def _named(module: str, name: str) -> object:
    try:
        return attrgetter(name)(import_module(module))
    except AttributeError:
        return None


def checked_code(code: object) -> str:
    """Return the code of a condition if it is lower case and has a namespace.

    Raises:
        InvalidValueError: It is not such a code.
    """
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise InvalidValueError(code, "the code of a condition is lower case and has a namespace", 'write "acme:loyal"')
    return code


def condition(
    code: str, *, title: str = "", titles: Mapping[str, str] = MappingProxyType({})
) -> Callable[[Callable[[Facts], bool | Outcome]], FunctionCondition]:
    """Make a condition of the function below.

    The function reads facts, compares and returns a bool; a fact that is not known makes the outcome UNKNOWN and is named.
    It must be pure, and stands at the top of a module so that it can travel to another process.

    Args:
        code: A stable name with a namespace; its meaning never changes once stored.
        title: What it asks, for sentences, in English.
        titles: The same in other languages, by language code.

    Raises:
        InvalidValueError: The code has no namespace.
        InvalidTypeError: What is decorated is not a plain function.

    Example:
        >>> from billing_domain.conditions import TENURE_MONTHS, Facts, condition
        >>> @condition("acme:loyal")
        ... def loyal(facts: Facts) -> bool:
        ...     return facts[TENURE_MONTHS] >= 24
        >>> loyal.outcome(Facts({TENURE_MONTHS: 30}))
        <Outcome.MET: 'met'>
        >>> loyal.finding(Facts()).missing
        ('tenure_months',)
    """
    return lambda function: FunctionCondition(code, function, title, titles)
