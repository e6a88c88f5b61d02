"""A study in words; every figure is one of the study's own, rounded once."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from billing_domain.errors import UnknownReferenceError
from billing_domain.money import exponent, format_money, format_number, format_percent, money, parse_locale
from billing_domain.reasons import Reason
from billing_domain.retention.model import DAY
from billing_domain.retention.phrases import ENGLISH, LITHUANIAN
from billing_domain.retention.results import ArmResult, Estimate, Findings, Standing, Worth
from billing_domain.retention.stats import Significance

_LANGUAGES = {"en": ENGLISH, "lt": LITHUANIAN}


def phrases_of(locale: str) -> Mapping[str, str]:
    """Return the phrases of a locale's language.

    Raises:
        UnknownReferenceError: The language is neither English nor Lithuanian.

    Example:
        >>> from billing_domain.retention.wording import phrases_of
        >>> phrases_of("lt_LT")["no-warnings"]
        'Įspėjimų nėra.'
    """
    language = parse_locale(locale).language
    if language not in _LANGUAGES:
        raise UnknownReferenceError(locale, "a study speaks English and Lithuanian", "choose en_GB or lt_LT")
    return _LANGUAGES[language]


def shown_share(share: float, locale: str) -> str:
    """Return a share as a percentage with one decimal.

    Example:
        >>> from billing_domain.retention.wording import shown_share
        >>> shown_share(0.8436, "en_GB")
        '84.4%'
    """
    return format_percent(Decimal(f"{share * 100:.1f}"), locale=locale)


def shown_points(difference: float, locale: str) -> str:
    """Return a difference of shares in percentage points with one decimal.

    Example:
        >>> from billing_domain.retention.wording import shown_points
        >>> shown_points(0.0436, "lt_LT")
        '4,4'
    """
    return format_number(Decimal(f"{difference * 100:.1f}") + 0, locale=locale)


def shown_p(significance: Significance, locale: str) -> str:
    """Return a p-value in words: to two digits, or its size where it is very small.

    Example:
        >>> from billing_domain.retention.stats import Significance
        >>> from billing_domain.retention.wording import shown_p
        >>> shown_p(Significance(2.1, -1.4470), "en_GB"), shown_p(Significance(48.5, -510.9), "en_GB")
        ('p = 0.036', 'p about 10^-511')
    """
    words = phrases_of(locale)
    if significance.log10_p < -20.0:
        return words["p-tiny"].format(power=round(significance.log10_p))
    if significance.log10_p < -4.0:
        return words["p-small"]
    return words["p"].format(p=format_number(Decimal(f"{significance.p:.2g}"), locale=locale))


def _amount(value: float, currency: str, locale: str) -> str:
    return format_money(money(Decimal(f"{value:.{exponent(currency)}f}"), currency), locale=locale)


def study_text(study: Findings, *, locale: str) -> str:
    """Return the study in words.

    Raises:
        UnknownReferenceError: The language is neither English nor Lithuanian.
    """
    return "\n".join(study_lines(study, locale=locale))


def study_lines(study: Findings, *, locale: str) -> list[str]:
    """Return the study in words, line by line; the first is its title."""
    words = phrases_of(locale)
    lines = [
        words["title"].format(
            code=study.code,
            arm=study.arm.code,
            against=study.against.code,
            days=format_number(Decimal(str(study.horizon / DAY)), locale=locale),
        ),
        *(_kept(arm, study.estimate.confidence, locale) for arm in (study.arm, study.against)),
        _difference(study.estimate, locale),
        words[study.estimate.standing.value].format(names=", ".join(study.estimate.adjusted_for)),
    ]
    if study.look is not None:
        lines.append(words["look-stops" if study.look.stops else "look-goes-on"].format(number=study.look.number, of=study.look.of))
    if study.estimate.standing is Standing.ADJUSTED or study.adjustment is not None:
        lines.append(words["naive"].format(points=shown_points(study.naive.difference, locale)))
    for arm in (study.arm, study.against):
        lines += _of_arm(arm, locale)
    if study.worth is not None:
        lines += _worth(study.worth, locale)
    lines += [_segment(study, index, locale) for index in range(len(study.segments))]
    lines.append(words["method"].format(method=study.estimate.method))
    lines.append(f"{words['assumptions']}: {'; '.join(words[f'assumption.{code}'] for code in study.assumptions)}.")
    return [*lines, *_warnings(study.warnings, locale)]


def _kept(arm: ArmResult, confidence: float, locale: str) -> str:
    return phrases_of(locale)["kept"].format(
        arm=arm.code,
        share=shown_share(arm.kept, locale),
        level=shown_share(confidence, locale),
        low=shown_share(arm.interval.low, locale),
        high=shown_share(arm.interval.high, locale),
        size=format_number(arm.size, locale=locale),
    )


def _difference(estimate: Estimate, locale: str) -> str:
    return phrases_of(locale)["difference"].format(
        points=shown_points(estimate.difference, locale),
        level=shown_share(estimate.confidence, locale),
        low=shown_points(estimate.interval.low, locale),
        high=shown_points(estimate.interval.high, locale),
        p=shown_p(estimate.significance, locale),
    )


def _of_arm(arm: ArmResult, locale: str) -> Iterable[str]:
    words = phrases_of(locale)
    given = [words[f"response.{code}"].format(count=format_number(count, locale=locale)) for code, count in arm.responses]
    if arm.responses != (("not-offered", arm.size),):
        yield words["responses"].format(arm=arm.code, list=", ".join(given))
    for kind, share in arm.leaving:
        yield words["leaving"].format(arm=arm.code, share=shown_share(share, locale), kind=words[f"leaving.{kind}"])


def _worth(worth: Worth, locale: str) -> Iterable[str]:
    words = phrases_of(locale)
    amounts = {
        name: _amount(value, worth.currency, locale)
        for name, value in (("amount", worth.revenue.value), ("low", worth.revenue.interval.low), ("high", worth.revenue.interval.high))
    }
    yield words["revenue"].format(**amounts)
    if worth.cost:
        yield words["cost"].format(amount=_amount(worth.cost, worth.currency, locale))
    if worth.cost and worth.per_retained is not None:
        yield words["per-retained"].format(amount=_amount(worth.per_retained, worth.currency, locale))


def _segment(study: Findings, index: int, locale: str) -> str:
    found = study.segments[index]
    return phrases_of(locale)["segment"].format(
        segment=found.segment,
        points=shown_points(found.estimate.difference, locale),
        low=shown_points(found.estimate.interval.low, locale),
        high=shown_points(found.estimate.interval.high, locale),
        p=format_number(Decimal(f"{found.adjusted_p:.2g}"), locale=locale),
    )


def _warnings(warnings: Iterable[Reason], locale: str) -> list[str]:
    words = phrases_of(locale)
    found = [warning_text(warning, locale=locale) for warning in warnings]
    return [f"{words['warnings']}:", *found] if found else [words["no-warnings"]]


def warning_text(warning: Reason, *, locale: str) -> str:
    """Return one warning in words.

    Example:
        >>> from billing_domain.reasons import Reason
        >>> from billing_domain.retention.wording import warning_text
        >>> warning_text(Reason.of("few-agents", agents=7), locale="en_GB")
        'Only 7 agents decided; the interval may be too short.'
    """
    facts = {name: value if isinstance(value, str) else format_number(Decimal(str(value)), locale=locale) for name, value in warning.items}
    return phrases_of(locale)[f"warning.{warning.code}"].format(**facts)
