"""An explanation as a page that stands alone."""

from html import escape

from billing_domain.care.explanation_chart import waterfall
from billing_domain.care.explanation_model import Explanation, LineExplanation
from billing_domain.money import parse_locale

_STYLE = (
    "body{font-family:sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a202c;line-height:1.5}"
    "table{border-collapse:collapse;width:100%}td{padding:.3rem .5rem;border-bottom:1px solid #e2e8f0;vertical-align:top}"
    "td.amount{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    ".details{color:#4a5568;font-size:.9rem;margin:0;padding-left:1rem}svg{max-width:100%;height:auto}"
)


def page(explanation: Explanation) -> str:
    """Return the page: summary, drawing, reasons, lines and what follows; everything that came in is escaped."""
    words = explanation.words
    language = parse_locale(explanation.locale).language
    parts = [
        f"<h1>{escape(explanation.title)}</h1>",
        f"<p><strong>{escape(explanation.summary)}.</strong></p>",
        _reasons(explanation),
        f"<h2>{escape(words.say('bill.lines'))}</h2><table>{''.join(_line(line, explanation) for line in explanation.lines)}</table>",
        "".join(f"<p>{escape(text)}</p>" for text in (*explanation.closing, explanation.upcoming) if text),
    ]
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(explanation.title)}</title>'
        f"<style>{_STYLE}</style></head><body>\n{chr(10).join(part for part in parts if part)}\n</body></html>\n"
    )


def _reasons(explanation: Explanation) -> str:
    if not explanation.drivers:
        return ""
    words = explanation.words
    rows = "".join(
        f'<tr><td>{escape(text)}</td><td class="amount">{escape(words.signed(amount))}</td></tr>'
        for text, amount in explanation.shown_drivers
    )
    return f"<h2>{escape(words.say('bill.why'))}</h2>\n{waterfall(explanation)}\n<table>{rows}</table>"


def _line(line: LineExplanation, explanation: Explanation) -> str:
    details = "".join(f'<p class="details">{escape(detail)}</p>' for detail in line.details)
    return f'<tr><td>{escape(line.text)}{details}</td><td class="amount">{escape(explanation.words.shown(line.amount))}</td></tr>'
