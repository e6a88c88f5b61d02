"""Discounts: grants and the shares that they put on lines."""

from billing_domain.discounts.engine import share_out
from billing_domain.discounts.model import AllowanceReason, Grant, Percent, Scope, ScopeKind

__all__ = ["AllowanceReason", "Grant", "Percent", "Scope", "ScopeKind", "share_out"]
