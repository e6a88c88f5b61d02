"""Dated data with its source: tax tables and other rules that hold somewhere from a day on."""

from billing_domain.presets.authority import AUTHORITY
from billing_domain.presets.disputes import (
    LT_CONSUMER,
    LT_ENERGY,
    REGIMES,
    UK_FCA_DISP,
    UK_OFCOM,
    UK_OFCOM_2026,
    US_REG_E,
    US_REG_E_EXTENDED,
    US_REG_E_PROVISIONAL,
    US_REG_Z,
    regime,
)
from billing_domain.presets.identity import IDENTITY
from billing_domain.presets.lithuania import LT_VAT, LT_VAT_TABLE
from billing_domain.presets.union import EU_MEMBERS, LT_EU_VAT

__all__ = [
    "AUTHORITY",
    "EU_MEMBERS",
    "IDENTITY",
    "LT_CONSUMER",
    "LT_ENERGY",
    "LT_EU_VAT",
    "LT_VAT",
    "LT_VAT_TABLE",
    "REGIMES",
    "UK_FCA_DISP",
    "UK_OFCOM",
    "UK_OFCOM_2026",
    "US_REG_E",
    "US_REG_E_EXTENDED",
    "US_REG_E_PROVISIONAL",
    "US_REG_Z",
    "regime",
]
