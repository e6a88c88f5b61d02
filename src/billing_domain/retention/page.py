"""A study as a page that stands alone: words, then charts as inline SVG."""

from html import escape

from billing_domain.retention.charts import Bar, balance_chart, forest_chart, survival_chart
from billing_domain.retention.model import DAY
from billing_domain.retention.results import Findings
from billing_domain.retention.wording import phrases_of, study_lines

_HEAD = (
    "<style>body{font:16px/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}svg{width:100%;height:auto;margin:1rem 0}</style>"
)


def study_page(study: Findings, *, locale: str) -> str:
    """Return the study as an HTML page.

    Args:
        study: The findings.
        locale: English or Lithuanian.

    Raises:
        UnknownReferenceError: The language is neither English nor Lithuanian.
    """
    title, *lines = study_lines(study, locale=locale)
    language = locale.replace("_", "-").split("-")[0]
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    head = f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>{_HEAD}</head>'
    return f"{head}<body><h1>{escape(title)}</h1>{body}{''.join(_charts(study, locale))}</body></html>"


def _charts(study: Findings, locale: str) -> list[str]:
    words = phrases_of(locale)
    curves = [(study.arm.code, study.arm.curve), (study.against.code, study.against.curve)]
    bars = [Bar(words["all"], study.estimate.difference, study.estimate.interval)]
    bars += [Bar(found.segment, found.estimate.difference, found.estimate.interval) for found in study.segments]
    charts = [
        survival_chart(words["curves"], curves, study.horizon / DAY, words["days"], words["still-there"], locale=locale),
        forest_chart(words["forest"], bars, locale=locale),
    ]
    if study.adjustment is not None and study.adjustment.balance:
        charts.append(balance_chart(words["balance"], study.adjustment.balance, words["before"], words["after"], locale=locale))
    return charts
