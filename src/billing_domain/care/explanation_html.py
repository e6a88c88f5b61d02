"""An explanation as a page that stands alone."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from billing_domain.care.phrases import Words
from billing_domain.money import Money

_STYLE = (
    "body{font-family:sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a202c;line-height:1.5}"
    "table{border-collapse:collapse;width:100%}td{padding:.3rem .5rem;border-bottom:1px solid #e2e8f0;vertical-align:top}"
    "td.amount{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    ".details{color:#4a5568;font-size:.9rem;margin:0;padding-left:1rem}svg{max-width:100%;height:auto}"
)


class PageRow(NamedTuple):
    """One line of a bill on the page.

    Args:
        text: The line in one sentence.
        amount: What it charges.
        details: How that comes about.
    """

    text: str
    amount: Money
    details: Sequence[str]


class PageReasons(NamedTuple):
    """Why a bill differs, on the page.

    Args:
        drawing: The drawing; empty for none.
        reasons: Pairs of words and amount.
    """

    drawing: str
    reasons: Sequence[tuple[str, Money]]


def page(words: Words, title: str, summary: str, why: PageReasons, rows: Sequence[PageRow], closing: Sequence[str]) -> str:
    """Return the page: summary, drawing, reasons, lines and what follows; everything that came in is escaped.

    Args:
        words: The words it is written in.
        title: What is explained.
        summary: The most important in one sentence, without its full stop.
        why: Why the bill differs.
        rows: Its lines.
        closing: What follows the lines.
    """
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p><strong>{escape(summary)}.</strong></p>",
        _reasons(why, words),
        f"<h2>{escape(words.say('bill.lines'))}</h2><table>{''.join(_line(row, words) for row in rows)}</table>",
        "".join(f"<p>{escape(text)}</p>" for text in closing),
    ]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    body = "\n".join(part for part in parts if part)
    return f'<!doctype html>\n<html lang="{words.language}"><head>{head}</head><body>\n{body}\n</body></html>\n'


def _reasons(why: PageReasons, words: Words) -> str:
    if not why.reasons:
        return ""
    rows = "".join(
        f'<tr><td>{escape(text)}</td><td class="amount">{escape(words.signed(amount))}</td></tr>' for text, amount in why.reasons
    )
    return f"<h2>{escape(words.say('bill.why'))}</h2>\n{why.drawing}\n<table>{rows}</table>"


def _line(row: PageRow, words: Words) -> str:
    details = "".join(f'<p class="details">{escape(detail)}</p>' for detail in row.details)
    return f'<tr><td>{escape(row.text)}{details}</td><td class="amount">{escape(words.shown(row.amount))}</td></tr>'
