"""What a host may plug in: price models."""

from typing import Protocol, runtime_checkable

from billing_domain.catalog.working import Measured, Working


@runtime_checkable
class PriceModel(Protocol):
    """**Protocol:** turns a measured quantity into the working of its price.

    Called once for each stretch of days with the same terms; must answer the same for the same question.
    The core adds the steps up, prorates and rounds; a price model never rounds.
    """

    @property
    def code(self) -> str:
        """The name under which plans remember it."""
        ...

    def work_out(self, measured: Measured) -> Working:
        """Return the steps that make the price of a whole period."""
        ...
