"""Three charts as inline SVG: curves, a forest of differences, and balance; no script, nothing loaded from elsewhere."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import NamedTuple

from billing_domain.money import format_number
from billing_domain.retention.stats import Balance, Interval, SurvivalCurve
from billing_domain.retention.wording import shown_points, shown_share

WIDTH, HEIGHT, LEFT, FOOT = 640, 260, 150, 40
COLOURS = ("#0b5cad", "#c2410c")
_STYLE = 'font-family="sans-serif" font-size="12"'


class Bar(NamedTuple):
    """A labelled value with its interval."""

    label: str
    value: float
    interval: Interval


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {_STYLE}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str = "#888", width: float = 1.0) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def _frame(title: str, height: int, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title, quote=True)}">'
    return head + f"<title>{escape(title)}</title>" + "".join(parts) + "</svg>"


def survival_chart(title: str, curves: Sequence[tuple[str, SurvivalCurve]], last: float, x_label: str, y_label: str, *, locale: str) -> str:
    """Return the curves as steps up to the last day shown.

    Example:
        >>> from billing_domain.retention.charts import survival_chart
        >>> from billing_domain.retention.stats import kaplan_meier
        >>> survival_chart("stay", [("all", kaplan_meier([1.0, 2.0], [True, False]))], 2.0, "days", "share", locale="en_GB")[:4]
        '<svg'
    """
    across, down = WIDTH - 70.0, HEIGHT - FOOT - 20.0

    def place(day: float, share: float) -> str:
        return f"{50 + across * day / last:.1f},{20 + down * (1 - share):.1f}"

    parts = [_line(50, 20 + down, 50 + across, 20 + down), _line(50, 20, 50, 20 + down)]
    parts += [_text(44, 24 + down * (1 - share), shown_share(share, locale), "end") for share in (0.0, 0.5, 1.0)]
    parts += [
        _text(50 + across, HEIGHT - 22, f"{last:g}", "end"),
        _text(50 + across / 2, HEIGHT - 6, x_label, "middle"),
        _text(50, 12, y_label),
    ]
    for index, (name, curve) in enumerate(curves):
        points, share = [place(0.0, 1.0)], 1.0
        for day, after in zip(curve.times, curve.survival, strict=True):
            if day <= last:
                points += [place(day, share), place(day, after)]
                share = after
        points.append(place(min(last, curve.last_at_risk), share))
        colour = COLOURS[index % len(COLOURS)]
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="60" y="{HEIGHT - FOOT - 30 + 14 * index - 14}" fill="{colour}" {_STYLE}>{escape(name)}</text>')
    return _frame(title, HEIGHT, parts)


def forest_chart(title: str, bars: Sequence[Bar], *, locale: str) -> str:
    """Return each value as a dot on its interval, with a line at zero.

    Example:
        >>> from billing_domain.retention.charts import Bar, forest_chart
        >>> from billing_domain.retention.stats import Interval
        >>> forest_chart("difference", [Bar("everybody", 0.04, Interval(-0.01, 0.09))], locale="en_GB").count("<circle")
        1
    """
    low, high = min(0.0, *(bar.interval.low for bar in bars)), max(0.0, *(bar.interval.high for bar in bars))
    span = (high - low) or 1.0

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - 20) * (value - low) / span

    parts, height = [_line(x(0.0), 10, x(0.0), 20 + 24 * len(bars))], 50 + 24 * len(bars)
    for row, bar in enumerate(bars):
        y = 24 + 24 * row
        parts += [_text(LEFT - 10, y + 4, bar.label, "end"), _line(x(bar.interval.low), y, x(bar.interval.high), y, COLOURS[0], 2.0)]
        parts.append(f'<circle cx="{x(bar.value):.1f}" cy="{y}" r="4" fill="{COLOURS[0]}"/>')
    parts += [_text(x(value), height - 8, shown_points(value, locale), "middle") for value in (low, 0.0, high)]
    return _frame(title, height, parts)


def balance_chart(title: str, balances: Sequence[Balance], before: str, after: str, *, locale: str) -> str:
    """Return the distance between the arms in each covariate, hollow before and filled after weighting.

    Example:
        >>> from billing_domain.retention.charts import balance_chart
        >>> from billing_domain.retention.stats import Balance
        >>> balance_chart("balance", [Balance("tenure", 0.4, 0.02)], "before", "after", locale="en_GB").count("<circle")
        2
    """
    reach = max(0.2, *(max(abs(row.before), abs(row.after)) for row in balances), 0.0)

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - 30) * (value + reach) / (2 * reach)

    height = 60 + 24 * len(balances)
    parts = [_line(x(value), 10, x(value), height - 40, "#bbb") for value in (-0.1, 0.0, 0.1)]
    for row, balance in enumerate(balances):
        y = 24 + 24 * row
        parts.append(_text(LEFT - 10, y + 4, balance.covariate, "end"))
        parts.append(f'<circle cx="{x(balance.before):.1f}" cy="{y}" r="4" fill="none" stroke="{COLOURS[1]}"/>')
        parts.append(f'<circle cx="{x(balance.after):.1f}" cy="{y}" r="4" fill="{COLOURS[0]}"/>')
    parts += [_text(x(value), height - 24, format_number(Decimal(str(value)), locale=locale), "middle") for value in (-0.1, 0.0, 0.1)]
    parts.append(_text(LEFT, height - 6, f"○ {before}   ● {after}"))
    return _frame(title, height, parts)
