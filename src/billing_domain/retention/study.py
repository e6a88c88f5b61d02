"""A study: findings that can be read, in words and as a page."""

import attrs

from billing_domain.retention.page import study_page
from billing_domain.retention.results import Findings
from billing_domain.retention.wording import study_text


@attrs.frozen
class Study(Findings):
    """A comparison of two practices, to be read.

    Everything it says is in its fields; they are those of `Findings`.
    """

    def text(self, *, locale: str) -> str:
        """Return the study in words.

        Args:
            locale: English or Lithuanian, such as `en_GB` or `lt_LT`.
        """
        return study_text(self, locale=locale)

    def html(self, *, locale: str) -> str:
        """Return the study as a page with charts as inline SVG, without scripts or anything loaded from elsewhere.

        Args:
            locale: English or Lithuanian, such as `en_GB` or `lt_LT`.
        """
        return study_page(self, locale=locale)
