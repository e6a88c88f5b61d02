"""Dated data with its source: tax tables and other rules that hold somewhere from a day on."""

from billing_domain.presets.lithuania import LT_VAT, LT_VAT_TABLE

__all__ = ["LT_VAT", "LT_VAT_TABLE"]
