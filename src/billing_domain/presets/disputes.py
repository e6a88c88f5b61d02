"""Dispute regimes with their source; examples of how a rule becomes data, not legal advice.

All were compared with the sources named on 2026-11-28. Where a rule changes on a day, each form is a regime with its own dates.
Not data here: where a regime asks for a prompt answer without a number of days, and the three business days within which
a complaint to a British financial firm may be closed by a shorter letter.
"""

from datetime import date

from billing_domain.disputes import Clock, ClockKind, ClockUnit, DisputeRegime
from billing_domain.doors import door
from billing_domain.errors import RefusedError, UnknownReferenceError

_CHECKED = date(2026, 11, 28)

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
    "12 CFR 1026.13(b), (c); 15 USC 1666a for the days of grace",
    _CHECKED,
)
"""Notice within 60 days of the first statement; acknowledged within 30; two complete billing cycles or 90 days, whichever is first."""

US_REG_E = DisputeRegime(
    "us-reg-e",
    "Error resolution, electronic fund transfers, without provisional credit",
    "US",
    [Clock(ClockKind.CLAIM, 60), Clock(ClockKind.RESOLVE, 10, ClockUnit.BUSINESS_DAY)],
    "12 CFR 1005.11(b)(1), (c)(1)",
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

US_REG_E_EXTENDED = DisputeRegime(
    "us-reg-e-extended",
    "Error resolution, new accounts, points of sale and transfers started abroad, with provisional credit",
    "US",
    [Clock(ClockKind.CLAIM, 60), Clock(ClockKind.RESOLVE, 90)],
    "12 CFR 1005.11(c)(3)(ii)",
    _CHECKED,
)
"""Ninety days where provisional credit was given; for a new account that may take twenty business days."""

UK_OFCOM = DisputeRegime(
    "uk-ofcom-c4",
    "Complaints code, communications providers, eight weeks to alternative dispute resolution",
    "GB",
    [Clock(ClockKind.ESCALATE, 8, ClockUnit.WEEK)],
    "Ofcom General Condition C4 and its annex",
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
    "Ofcom General Condition C4 and its annex, as amended from 8 April 2026 (statement of 8 July 2025)",
    _CHECKED,
    start=date(2026, 4, 8),
    body="the alternative dispute resolution scheme of the provider",
)
"""Six weeks, for complaints from 8 April 2026."""

UK_FCA_DISP = DisputeRegime(
    "uk-fca-disp",
    "Complaints handling, financial services",
    "GB",
    [
        Clock(ClockKind.RESOLVE, 8, ClockUnit.WEEK),
        Clock(ClockKind.ESCALATE, 8, ClockUnit.WEEK),
        Clock(ClockKind.REFER, 6, ClockUnit.MONTH),
    ],
    "FCA Handbook DISP 1.6.2R, 2.8.2R",
    _CHECKED,
    body="the Financial Ombudsman Service",
)
"""A final response within eight weeks; the customer may take it to the ombudsman within six months."""

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

REGIMES = (US_REG_Z, US_REG_E, US_REG_E_PROVISIONAL, US_REG_E_EXTENDED, UK_OFCOM, UK_OFCOM_2026, UK_FCA_DISP, LT_ENERGY, LT_CONSUMER)
"""All of them."""


@door
def regime(code: str, *, on: date | None = None) -> DisputeRegime:
    """Return the regime of a code, for hosts that store codes in their settings.

    Args:
        code: Its code.
        on: The day on which a case is opened; checked where given.

    Raises:
        UnknownReferenceError: None has the code; the message names all.
        RefusedError: It is not in force on the day.

    Example:
        >>> regime("lt-energy").body
        'the National Energy Regulatory Council (VERT)'
    """
    found = {known.code: known for known in REGIMES}
    if code not in found:
        raise UnknownReferenceError(code, f"the regimes are {', '.join(sorted(found))}", "choose one, or write your own DisputeRegime")
    if on is not None and not found[code].holds(on):
        raise RefusedError(code, f"the regime is not in force on {on}", "choose the one that is")
    return found[code]
