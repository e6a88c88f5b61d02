"""Dispute regimes with their source; examples of how a rule becomes data, not legal advice.

All were compared with their source on 2026-11-23. Where a rule changes on a day, each form is a regime with its own dates.
"""

from datetime import date

from billing_domain.disputes import Clock, ClockKind, ClockUnit, DisputeRegime

_CHECKED = date(2026, 11, 23)

US_REG_Z = DisputeRegime(
    "us-reg-z",
    "Billing error resolution, open-end credit",
    "US",
    [
        Clock(ClockKind.CLAIM, 60),
        Clock(ClockKind.ACKNOWLEDGE, 30),
        Clock(ClockKind.RESOLVE, 2, ClockUnit.BILLING_CYCLE),
        Clock(ClockKind.RESOLVE, 90),
    ],
    "12 CFR 1026.13",
    _CHECKED,
)
"""Two complete billing cycles or 90 days, whichever is first; acknowledged within 30 days."""

US_REG_E = DisputeRegime(
    "us-reg-e",
    "Error resolution, electronic fund transfers, without provisional credit",
    "US",
    [Clock(ClockKind.CLAIM, 60), Clock(ClockKind.RESOLVE, 10, ClockUnit.BUSINESS_DAY)],
    "12 CFR 1005.11",
    _CHECKED,
)
"""Ten business days."""

US_REG_E_PROVISIONAL = DisputeRegime(
    "us-reg-e-provisional",
    "Error resolution, electronic fund transfers, with provisional credit within ten business days",
    "US",
    [Clock(ClockKind.CLAIM, 60), Clock(ClockKind.RESOLVE, 45)],
    "12 CFR 1005.11(c)(2)",
    _CHECKED,
)
"""Forty-five days where provisional credit was given."""

UK_OFCOM = DisputeRegime(
    "uk-ofcom-c4",
    "Complaints code, communications providers, eight weeks to alternative dispute resolution",
    "GB",
    [Clock(ClockKind.ESCALATE, 8, ClockUnit.WEEK)],
    "Ofcom General Condition C4",
    _CHECKED,
    end=date(2026, 4, 8),
    body="the alternative dispute resolution scheme of the provider",
)
"""Eight weeks, for complaints before 8 April 2026."""

UK_OFCOM_2026 = DisputeRegime(
    "uk-ofcom-c4-2026",
    "Complaints code, communications providers, six weeks to alternative dispute resolution",
    "GB",
    [Clock(ClockKind.ESCALATE, 6, ClockUnit.WEEK)],
    "Ofcom General Condition C4 as amended from 8 April 2026",
    _CHECKED,
    start=date(2026, 4, 8),
    body="the alternative dispute resolution scheme of the provider",
)
"""Six weeks, for complaints from 8 April 2026."""

UK_FCA_DISP = DisputeRegime(
    "uk-fca-disp",
    "Complaints handling, financial services",
    "GB",
    [Clock(ClockKind.RESOLVE, 8, ClockUnit.WEEK), Clock(ClockKind.ESCALATE, 8, ClockUnit.WEEK)],
    "FCA Handbook DISP 1.6",
    _CHECKED,
    body="the Financial Ombudsman Service",
)
"""A final response within eight weeks."""

LT_ENERGY = DisputeRegime(
    "lt-energy",
    "Disputes of energy customers",
    "LT",
    [Clock(ClockKind.RESOLVE, 30)],
    "Law on Energy of the Republic of Lithuania, Article 34(2)",
    _CHECKED,
    body="the National Energy Regulatory Council (VERT)",
)
"""A reasoned answer within 30 days; a refusal names the body that hears the case next."""

LT_CONSUMER = DisputeRegime(
    "lt-consumer",
    "Claims of consumers against traders",
    "LT",
    [Clock(ClockKind.CLAIM, 3, ClockUnit.MONTH), Clock(ClockKind.RESOLVE, 14)],
    "Law on Consumer Rights Protection of the Republic of Lithuania; the fourteen days were not compared with the text of the law",
    _CHECKED,
    body="the State Consumer Rights Protection Authority (VVTAT)",
)
"""A claim within three months, an answer within fourteen days."""

REGIMES = (US_REG_Z, US_REG_E, US_REG_E_PROVISIONAL, UK_OFCOM, UK_OFCOM_2026, UK_FCA_DISP, LT_ENERGY, LT_CONSUMER)
"""All of them."""
