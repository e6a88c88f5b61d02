"""Dated data with its source: tax tables and other rules that hold somewhere from a day on."""

from typing import TYPE_CHECKING

from billing_domain.rooms import opened_late

if TYPE_CHECKING:
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
else:
    __getattr__, __dir__ = opened_late(__name__, {
        "billing_domain.presets.authority": "AUTHORITY",
        "billing_domain.presets.disputes":
            "LT_CONSUMER LT_ENERGY REGIMES UK_FCA_DISP UK_OFCOM UK_OFCOM_2026 US_REG_E US_REG_E_EXTENDED "
            "US_REG_E_PROVISIONAL US_REG_Z regime",
        "billing_domain.presets.identity": "IDENTITY",
        "billing_domain.presets.lithuania": "LT_VAT LT_VAT_TABLE",
        "billing_domain.presets.union": "EU_MEMBERS LT_EU_VAT",
    })  # fmt: skip

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
