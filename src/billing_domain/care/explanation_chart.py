"""The difference between two bills as a drawing: a waterfall in SVG, drawn in whole units."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import NamedTuple

from billing_domain.care.phrases import Words
from billing_domain.money import Money, exact, money
from billing_domain.money.amounts import ZERO

_WIDTH, _ROW, _BAR, _LEFT, _RIGHT, _TOP = 810, 34, 22, 390, 110, 8
_COLOURS = {"total": "#4a5568", "up": "#b83232", "down": "#2f7d4f"}


class _Bar(NamedTuple):
    label: str
    shown: str
    low: Decimal
    high: Decimal
    sort: str


def waterfall(words: Words, labels: tuple[str, str], before: Money, reasons: Sequence[tuple[str, Money]]) -> str:
    """Return an SVG element with one bar for the earlier total, one for each reason, and one for this total.

    Args:
        words: The words it is written in.
        labels: What the first bar is called, and the last.
        before: The earlier total.
        reasons: Why this total is another, as pairs of words and amount.

    Returns:
        The element with a title and a description that a screen reader reads.
    """
    with exact():
        return _drawn(words, _bars(words, labels, before, reasons))


def _bars(words: Words, labels: tuple[str, str], before: Money, reasons: Sequence[tuple[str, Money]]) -> list[_Bar]:
    level, currency = before.amount, before.currency.code
    bars = [_total(labels[0], before, words)]
    for text, amount in reasons:
        after = level + amount.amount
        bars.append(_Bar(text, words.signed(amount), min(level, after), max(level, after), "up" if amount.amount > 0 else "down"))
        level = after
    return [*bars, _total(labels[1], money(level, currency), words)]


def _total(label: str, amount: Money, words: Words) -> _Bar:
    return _Bar(label, words.shown(amount), min(ZERO, amount.amount), max(ZERO, amount.amount), "total")


def _drawn(words: Words, bars: Sequence[_Bar]) -> str:
    low, high = min(bar.low for bar in bars), max(bar.high for bar in bars)
    height = _TOP * 2 + _ROW * len(bars)
    title = words.say("chart.title", before=bars[0].shown, after=bars[-1].shown)
    description = "; ".join(f"{bar.label}: {bar.shown}" for bar in bars)
    rows = "".join(_row(bar, place, low, high) for place, bar in enumerate(bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img" '
        f'font-family="sans-serif" font-size="13"><title>{escape(title)}</title><desc>{escape(description)}</desc>{rows}</svg>'
    )


def _place(value: Decimal, low: Decimal, high: Decimal) -> int:
    span = _WIDTH - _LEFT - _RIGHT
    across = (value - low) / (high - low) if high > low else ZERO
    return _LEFT + int((across * span).to_integral_value(ROUND_HALF_UP))


def _row(bar: _Bar, place: int, low: Decimal, high: Decimal) -> str:
    top = _TOP + place * _ROW
    start, end = _place(bar.low, low, high), _place(bar.high, low, high)
    middle = top + _BAR - 6
    label = bar.label if len(bar.label) <= _LONGEST else bar.label[: _LONGEST - 1] + "…"
    return (
        f'<text x="{_LEFT - 10}" y="{middle}" text-anchor="end" fill="#1a202c">{escape(label)}</text>'
        f'<rect x="{start}" y="{top}" width="{max(end - start, 1)}" height="{_BAR}" fill="{_COLOURS[bar.sort]}"/>'
        f'<text x="{end + 6}" y="{middle}" fill="#1a202c">{escape(bar.shown)}</text>'
    )


_LONGEST = 52  # at seven units a letter it fits beside the bars
