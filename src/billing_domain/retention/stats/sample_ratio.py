"""Are the arms as large as they should be; if not, the assignment is broken and nothing after it can be read."""

from collections.abc import Sequence
from math import fsum

from billing_domain.errors import InvalidValueError
from billing_domain.retention.stats.checks import open_share, same_length
from billing_domain.retention.stats.distributions import LOG_10, chi2_log_sf
from billing_domain.retention.stats.model import Significance

MISMATCH = 0.001
"""Below this p-value the arms count as out of ratio."""


def sample_ratio(sizes: Sequence[int], shares: Sequence[float]) -> Significance:
    """Return the chi-square test that the arms have the sizes their shares promise.

    Args:
        sizes: How many units each arm has.
        shares: The share that each arm was to have; they add up to 1.

    Raises:
        InvalidValueError: There are fewer than two arms, nobody is in them, or the shares do not add up.

    Example:
        >>> from billing_domain.retention.stats.sample_ratio import sample_ratio
        >>> round(sample_ratio([44700, 45489], [0.5, 0.5]).p, 4)
        0.0086
    """
    same_length("arms", sizes, shares)
    total = sum(sizes)
    if len(sizes) < 2 or total < 1 or min(sizes) < 0:
        raise InvalidValueError(tuple(sizes), "a ratio is checked over at least two arms that hold units", "give the size of every arm")
    if abs(fsum(open_share(share, "the share of an arm") for share in shares) - 1.0) > 1e-9:
        raise InvalidValueError(tuple(shares), "the shares of the arms add up to 1", "give the share of every arm")
    statistic = fsum((size - total * share) ** 2 / (total * share) for size, share in zip(sizes, shares, strict=True))
    return Significance(statistic, chi2_log_sf(statistic, len(sizes) - 1) / LOG_10, len(sizes) - 1)
