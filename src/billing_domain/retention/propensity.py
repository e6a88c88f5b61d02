"""The model of who gets offers that the library brings along."""

from collections.abc import Sequence

import attrs

from billing_domain.retention.protocols import Units
from billing_domain.retention.stats import fit_logistic


@attrs.frozen
class LogisticPropensity:
    """A logistic model on the covariates as they are, without interactions.

    Example:
        >>> from billing_domain.retention.propensity import LogisticPropensity
        >>> from billing_domain.retention.protocols import Units
        >>> units = Units({"calls": [0.0, 1.0, 0.0, 1.0, 1.0, 0.0]}, [False, True, True, False, True, False])
        >>> [round(share, 3) for share in LogisticPropensity().probabilities(units)]
        [0.333, 0.667, 0.333, 0.667, 0.667, 0.333]
    """

    code: str = "logistic"

    def probabilities(self, units: Units) -> Sequence[float]:
        """Return the fitted probability of each unit.

        Raises:
            RefusedError: A covariate is constant or says the same as others, or the covariates separate the arms.
        """
        columns = list(units.covariates.values())
        return fit_logistic(columns, units.treated).probabilities(columns)
