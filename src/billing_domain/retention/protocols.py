"""What a host may plug in: its own model of who gets offers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from billing_domain.billing import AccountSnapshot
from billing_domain.discounts import Grant


class Identified(Protocol):
    """**Protocol:** anything with an id, such as an account."""

    @property
    def id(self) -> str:
        """The id, given by the host."""
        ...


class PolicyReference(Protocol):
    """**Protocol:** a discount policy, as far as a record needs it."""

    @property
    def code(self) -> str:
        """The code of the policy."""
        ...

    @property
    def version(self) -> object:
        """The version of the policy."""
        ...


class Units(NamedTuple):
    """The units of a comparison, column by column: what was known of them, and whether they are in the first arm."""

    covariates: Mapping[str, Sequence[float]]
    treated: Sequence[bool]


class PropensityModel(Protocol):
    """**Protocol:** a model of the probability of being in the first arm; called once per comparison."""

    @property
    def code(self) -> str:
        """The name of the model, shown in the study."""
        ...

    def probabilities(self, units: Units) -> Sequence[float]:
        """Return the probability of each unit, strictly between 0 and 1, in the order of the rows."""
        ...


class ReplayedPolicy(Protocol):
    """**Protocol:** a policy that is tried on the past; called once per decision."""

    def propose(self, snapshot: AccountSnapshot, at: datetime) -> Grant | None:
        """Return the grant that the account would have got at that instant, or none.

        The snapshot holds what is known now: a policy reads only what was known by `at`.
        """
        ...
