"""A customer's statement as text and as one HTML page, with a chart of how old the debt is.

Run it with `python examples/statement.py`; a file name as argument writes the page into it.
Everything that is shown comes from `statement`; the page is one file that needs no other.
"""

import sys
from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from billing_domain import Account, AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, bill, presets, statement
from billing_domain.catalog import RecurringCharge
from billing_domain.money import format_day, format_money
from billing_domain.payments import Entry, Hold, Payment, Reversal, Statement, StatementKind

LOCALE = "en_IE"
SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
WORDS = {
    StatementKind.INVOICE: "Invoice",
    StatementKind.VOID: "Invoice taken back",
    StatementKind.CREDIT_NOTE: "Credit note",
    StatementKind.PAYMENT: "Payment received",
    StatementKind.REVERSAL: "Payment taken back by the bank",
    StatementKind.REFUND: "Refund",
    StatementKind.CREDIT: "Account credit",
    StatementKind.DEPOSIT: "Kept as deposit",
    StatementKind.DEPOSIT_USED: "Deposit used",
    StatementKind.EXPIRED: "Credit not used in time",
    StatementKind.OUTSIDE: "Settled outside",
    StatementKind.WRITE_OFF: "Written off",
    StatementKind.RECOVERY: "Write-off taken back",
}


def half_a_year() -> AccountSnapshot:
    """Return an account with six monthly bills, of which some were paid, one bounced and one is disputed in part."""
    account = Account("A-1", "EUR", ZoneInfo("Europe/Vilnius"), "lt_LT", Party("Ona Kazlauskienė", "LT"))
    plan = Plan("home", 1, "Home internet", "EUR", [RecurringCharge("base", "Home internet", "24.90")])
    rules = Rulebook(seller=SELLER, tax=presets.LT_VAT)
    known = AccountSnapshot(account, [Subscription.start(plan, id="S-1", on=date(2026, 1, 1))])
    for month in range(1, 7):
        first = date(2026, month, 1)
        known = known.add(bill(known, through=first, rules=rules).invoice.issue(number=f"MB-{month:03}", on=first))
    return known.add(
        Payment("P-1", Money("30.13", "EUR"), date(2026, 1, 12)),
        Payment("P-2", Money("30.13", "EUR"), date(2026, 2, 10)),
        Reversal("R-1", Money("30.13", "EUR"), "P-2", date(2026, 2, 17), "returned by the bank"),
        Payment("P-3", Money("40.00", "EUR"), date(2026, 4, 2)),
        Hold("MB-004", 1, Money("12.10", "EUR"), date(2026, 4, 20)),
    )


def shown(amount: Money) -> str:
    """Return an amount as people read it."""
    return format_money(amount, locale=LOCALE)


def day(value: date) -> str:
    """Return a day as people read it."""
    return format_day(value, locale=LOCALE)


def words(entry: Entry) -> str:
    """Return what an entry is, in words."""
    return f"{WORDS[entry.kind]} {entry.reference}"


def figures(found: Statement) -> list[tuple[str, Money]]:
    """Return the figures at the foot of a statement."""
    return [("Open", found.open), ("of that disputed", found.disputed), ("to be paid", found.collectable), ("Balance", found.balance)]


def as_text(found: Statement) -> str:
    """Return a statement as plain text."""
    lines = [f"{SELLER.name}: statement of account {found.account.id}, {found.account.holder.name}", f"as of {day(found.as_of)}", ""]
    lines.append(f"{'Opening balance':61}{shown(found.opening):>12}")
    lines += [f"{day(entry.on):>12}  {words(entry):35}{shown(entry.amount):>12}{shown(entry.balance):>12}" for entry in found.entries]
    lines += ["", *(f"{name:>61}{shown(amount):>12}" for name, amount in figures(found)), "", "Days overdue"]
    most = max((bucket.open for bucket in found.aging), default=Decimal(0)) or Decimal(1)
    for bucket in found.aging:
        held, free = (int(part * 30 / most) for part in (bucket.held, bucket.open - bucket.held))
        lines.append(f"{bucket.name:>10} {shown(bucket.amount):>11}  {'█' * free}{'░' * held}")
    return "\n".join([*lines, "", "█ to be paid   ░ disputed, not collected"])


def chart(found: Statement, width: int = 640, bar: int = 26) -> str:
    """Return the ages of the debt as an SVG: one bar each, its disputed part hatched."""
    most = max((bucket.open for bucket in found.aging), default=Decimal(0)) or Decimal(1)
    room, rows = width - 240, []
    for number, bucket in enumerate(found.aging):
        top = number * (bar + 10)
        free, held = (float(part / most) * room for part in (bucket.open - bucket.held, bucket.held))
        rows.append(
            f'<text x="96" y="{top + 18}" text-anchor="end">{escape(bucket.name)}</text>'
            f'<rect x="106" y="{top}" width="{free:.1f}" height="{bar}" fill="#1f6f8b"/>'
            f'<rect x="{106 + free:.1f}" y="{top}" width="{held:.1f}" height="{bar}" fill="url(#held)" stroke="#1f6f8b"/>'
            f'<text x="{116 + free + held:.1f}" y="{top + 18}">{escape(shown(bucket.amount))}</text>'
        )
    height = len(found.aging) * (bar + 10)
    hatch = (
        '<defs><pattern id="held" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="2" height="6" fill="#1f6f8b"/></pattern></defs>'
    )
    head = f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="Open amounts by days overdue">'
    return f"{head}{hatch}{''.join(rows)}</svg>"


def as_html(found: Statement) -> str:
    """Return a statement as one HTML page."""
    rows = "".join(
        f"<tr><td>{day(entry.on)}</td><td>{escape(words(entry))}</td>"
        f'<td class="n">{escape(shown(entry.amount))}</td><td class="n">{escape(shown(entry.balance))}</td></tr>'
        for entry in found.entries
    )
    foot = "".join(f'<tr><td colspan="3">{name}</td><td class="n">{escape(shown(amount))}</td></tr>' for name, amount in figures(found))
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Statement {escape(found.account.id)}</title>
<style>
body {{ font: 15px/1.45 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b2a33 }}
table {{ border-collapse: collapse; width: 100% }} td, th {{ padding: .3rem .5rem; border-bottom: 1px solid #dde4e8; text-align: left }}
.n {{ text-align: right; font-variant-numeric: tabular-nums }} tfoot td {{ border: 0 }} tfoot tr:last-child {{ font-weight: 600 }}
svg {{ font-size: 14px; fill: #1b2a33; max-width: 100% }}
</style>
<h1>Statement of account</h1>
<p>{escape(SELLER.name)} to {escape(found.account.holder.name)}, account {escape(found.account.id)}, as of {day(found.as_of)}.
Opening balance {escape(shown(found.opening))}.</p>
<table><thead><tr><th>Day</th><th>What</th><th class="n">Amount</th><th class="n">Balance</th></tr></thead>
<tbody>{rows}</tbody><tfoot>{foot}</tfoot></table>
<h2>How old it is</h2>
<p>Open amounts by days overdue; what is hatched is disputed and is not collected.</p>
{chart(found)}
</html>
"""


def main() -> None:
    """Print the statement, and write the page where a file is named."""
    found = statement(half_a_year(), since=date(2026, 2, 1), as_of=date(2026, 6, 10))
    print(as_text(found))
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(as_html(found), encoding="utf-8")
        print(f"\nThe page was written to {sys.argv[1]}.")


if __name__ == "__main__":
    main()
