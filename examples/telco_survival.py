"""How long do customers stay, by contract? Survival curves of a public data set, with what may be said of them and what not.

Run it with `python examples/telco_survival.py`; a file name as argument draws the curves into it, if matplotlib is installed.
The data and their origin: `examples/data/README.md`.
"""

import csv
import sys
from pathlib import Path

from billing_domain.retention.stats import SurvivalCurve, kaplan_meier, leaving_time, log_rank, restricted_mean, survival_interval

DATA = Path(__file__).parent / "data" / "telco_churn.csv"
MONTHS = (12, 24, 48, 72)
HORIZON = 60.0


def read() -> list[tuple[float, bool, str]]:
    """Return months with the company, whether the customer left, and the contract."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return [(float(row["tenure"]), row["Churn"] == "Yes", row["Contract"]) for row in csv.DictReader(file)]


def curves_of(rows: list[tuple[float, bool, str]]) -> dict[str, SurvivalCurve]:
    """Return one curve per contract, in the order of their names."""
    contracts = sorted({contract for _, _, contract in rows})
    return {
        contract: kaplan_meier(
            [months for months, _, name in rows if name == contract], [left for _, left, name in rows if name == contract]
        )
        for contract in contracts
    }


def text_plot(curves: dict[str, SurvivalCurve], width: int = 72, height: int = 20) -> str:
    """Return the curves as text: one letter each, months to the right, the share still there upwards."""
    rows = [[" "] * (width + 1) for _ in range(height + 1)]
    for contract, curve in curves.items():
        for month in range(width + 1):
            if month <= curve.last_at_risk:
                rows[round((1 - curve.at(month)) * height)][month] = contract[0]
    lines = [f"{1 - line / height:4.0%} |{''.join(row)}" for line, row in enumerate(rows)]
    return "\n".join([*lines, f"     +{'-' * (width + 1)} {width} months"])


def draw(curves: dict[str, SurvivalCurve], path: str) -> str:
    """Draw the curves into a file with matplotlib, and return what was done."""
    try:
        import matplotlib as mpl  # noqa: PLC0415  only who wants a picture needs it
    except ImportError:
        return "matplotlib is not installed, so there is only the plot above"
    mpl.use("agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415  likewise

    figure, axes = plt.subplots(figsize=(8, 4.5))
    for contract, curve in curves.items():
        times = [0.0, *curve.times]
        axes.step(times, [1.0, *curve.survival], where="post", label=contract)
        limits = [survival_interval(curve, time) for time in times]
        axes.fill_between(times, [limit.low for limit in limits], [limit.high for limit in limits], step="post", alpha=0.2)
    axes.set(xlabel="months with the company", ylabel="share still there", ylim=(0, 1.02))
    axes.legend()
    figure.savefig(path)
    return f"drawn into {path}"


def main(*arguments: str) -> None:
    """Print the curves, what they say, and what they do not."""
    rows = read()
    curves = curves_of(rows)
    print(f"{len(rows):,} customers, {sum(left for _, left, _ in rows):,} left\n")
    print(text_plot(curves), "\n")
    print(
        f"{'contract':16}{'customers':>10}"
        + "".join(f"{f'{month} months':>22}" for month in MONTHS)
        + f"{'median':>8}{f'mean to {HORIZON:.0f}':>12}"
    )
    for contract, curve in curves.items():
        shown = []
        for month in MONTHS:
            low, high = survival_interval(curve, month)
            shown.append(f"{curve.at(month):.1%} ({low:.1%}-{high:.1%})")
        median = leaving_time(curve).value
        print(
            f"{contract:16}{curve.size:>10,}"
            + "".join(f"{cell:>22}" for cell in shown)
            + f"{'none' if median is None else f'{median:.0f}':>8}{restricted_mean(curve, HORIZON).value:>12.1f}"
        )
    test = log_rank([months for months, _, _ in rows], [left for _, left, _ in rows], [contract for _, _, contract in rows]).significance
    print(f"\nThe curves differ: chi-square {test.statistic:,.1f} on {test.degrees} degrees of freedom, p about 10^{test.log10_p:.0f}.")
    print("That is an association: who means to stay signs for longer. It does not say that a longer contract would keep the others.")
    for path in arguments:
        print(draw(curves, path))


if __name__ == "__main__":
    main(*sys.argv[1:])
