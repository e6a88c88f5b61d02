"""Every model as exact plain data that JSON can hold, and back; an extra over cattrs that nothing else imports."""

from billing_domain.serialization.converter import rows
from billing_domain.serialization.protocols import Codes

__all__ = ["Codes", "rows"]
