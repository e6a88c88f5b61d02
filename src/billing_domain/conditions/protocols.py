"""What a host plugs in here: a condition, and the finding that it answers with."""

from typing import Any, NamedTuple, Protocol

from billing_domain.conditions.kinds import Stored, thaw
from billing_domain.conditions.model import Facts, Outcome


class Finding(NamedTuple):
    """Why a condition came out as it did, with everything it looked at: the full trace, made on demand.

    Args:
        outcome: What it said.
        condition: Who said it.
        read: The facts it looked at itself, as pairs of code and stored value; None stands for a fact that is not known.
        missing: The codes of the facts that would have to be known to decide; empty once it is decided.
        parts: The findings of the conditions inside it, in their order, every one of them.
    """

    outcome: Outcome
    condition: "Condition"
    read: tuple[tuple[str, Stored | None], ...] = ()
    missing: tuple[str, ...] = ()
    parts: tuple["Finding", ...] = ()

    @property
    def code(self) -> str:
        """The code of the condition."""
        return self.condition.code

    @property
    def observed(self) -> dict[str, Any]:
        """The values it looked at itself, by code of the fact; None where a fact is not known."""
        return {code: thaw(stored) for code, stored in self.read}

    @property
    def wanted(self) -> Any:
        """The value that a comparison asks for, or None for any other condition."""
        return getattr(self.condition, "wanted", None)


class Condition(Protocol):
    """**Protocol:** a question about facts that has three answers.

    The engine calls `outcome` often and `finding` on demand; both must be pure and agree. A function becomes a condition
    with `@condition`; write a class of your own only where it has parameters.
    """

    @property
    def code(self) -> str:
        """A stable name with a namespace, as in `acme:loyal`; it is stored, so its meaning never changes."""
        ...

    def outcome(self, facts: Facts) -> Outcome:
        """Return MET, UNMET, or UNKNOWN where a fact is missing that is needed to decide."""
        ...

    def finding(self, facts: Facts) -> Finding:
        """Return the outcome with its reasons; `observe(self, facts)` makes one."""
        ...
