"""Review an account: is the customer treated fairly?"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import attrs

from billing_domain.billing import AccountSnapshot, Rulebook, rate
from billing_domain.billing.treatments import Treatments
from billing_domain.care.checks import STANDARD_CHECKS
from billing_domain.care.phrases import Percentage, Phrasebook, Sayable, UnitPrice, Words
from billing_domain.care.review_model import Concern, Direction, Review, ReviewFinding
from billing_domain.care.review_protocols import Record, ReviewCase, ReviewCheck
from billing_domain.catalog import Catalog, Plan
from billing_domain.doors import door
from billing_domain.errors import BillingError, PluginError
from billing_domain.invoicing import BilledLine, History, LineRef
from billing_domain.money import exact, money, round_amount
from billing_domain.money.amounts import ZERO
from billing_domain.periods import checked_day

_WITHIN_THE_LINE = (Concern.CHARGE, Concern.DISCOUNT, Concern.FEE)
_PERCENTAGES = frozenset({"rate", "right_rate"})
_PRICES = frozenset({"price", "agreed", "own", "new", "stated", "right", "right_fee", "owed"})


@door
def review(
    snapshot: AccountSnapshot,
    *,
    as_of: date,
    rules: Rulebook,
    checks: Iterable[ReviewCheck] = STANDARD_CHECKS,
    records: Iterable[Record] = (),
    plans: Iterable[Plan] = (),
    catalog: Catalog | None = None,
    locale: str | None = None,
    phrasebooks: Iterable[Phrasebook] = (),
) -> Review:
    """Return what is unfair to the customer, what was not billed, and what the customer could do better.

    What is owed is worked out with the facts as they are known now and compared with what the documents say, whoever made them.
    Findings on the same concern of a line are never added up: the largest has the amount, the others name it.

    Args:
        snapshot: All that is known of the account.
        as_of: The day; documents issued later are left out.
        rules: The seller's strategies.
        checks: What is looked for, in order; of two findings of one amount on a line the earlier check has it.
        records: Notices, contacts, promises, and the bank's word on payments.
        plans: Plans that the customer may have, for advice.
        catalog: What is on sale, to compare with what new customers pay.
        locale: The language of the texts; the account's own where None.
        phrasebooks: Words of plugins.

    Returns:
        Findings with amount, evidence and remedy, and the verdict that follows from them.

    Raises:
        InvalidTypeError: Something given is not what its name says.
        PluginError: A check raised, or yielded something else than findings.
        UnknownReferenceError: The account can not be rated, for example for usage of a meter that nothing counts.

    Example:
        See the explanation of fairness.
    """
    words = Words.of(locale or snapshot.account.locale, phrasebooks)
    with exact():
        case = case_of(snapshot, as_of, rules, records=records, plans=plans, catalog=catalog)
        found = [finding for check in checks for finding in _asked(check, case)]
        counted = without_doubles(found, case)
        shown = [attrs.evolve(finding, text=_text(finding, words)) for finding in counted]
        return Review(snapshot.account.id, as_of, case.currency, sorted(shown, key=_order))


def case_of(
    snapshot: AccountSnapshot,
    as_of: date,
    rules: Rulebook,
    *,
    records: Iterable[Record] = (),
    plans: Iterable[Plan] = (),
    catalog: Catalog | None = None,
) -> ReviewCase:
    """Return the case that checks read."""
    history = History(snapshot)
    billed = snapshot.billed_through
    through = max(checked_day(as_of, "as_of"), billed) if billed is not None else checked_day(as_of, "as_of")
    owed = rate(snapshot, through=through, rules=rules, billed=history.billed)
    invoices = tuple(invoice for invoice in snapshot.invoices if invoice.number in history.by_number and invoice.on <= as_of)
    lines = tuple(BilledLine(invoice, line) for invoice in invoices for line in invoice.lines)
    treatments = Treatments(rules).of(snapshot.account)
    return ReviewCase(snapshot, as_of, rules, history, lines, invoices, owed, treatments, tuple(records), tuple(plans), catalog)


def _asked(check: ReviewCheck, case: ReviewCase) -> list[ReviewFinding]:
    try:
        found = list(check.check(case))
    except BillingError:
        raise
    except Exception as error:
        raise PluginError(error, "a check does not raise", "yield no finding where it can not tell", check.code, "check") from error
    for finding in found:
        if not isinstance(finding, ReviewFinding):
            raise PluginError(finding, "a check yields findings", "yield ReviewFinding(...)", check.code, "check")
        if finding.found_amount < 0:
            raise PluginError(
                finding.found_amount,
                "the amount of a finding is not negative",
                "say by its direction who is harmed",
                check.code,
                "check",
                "amount",
            )
    return found


def without_doubles(found: Sequence[ReviewFinding], case: ReviewCase) -> list[ReviewFinding]:
    """Return the findings with each amount counted once: of those on the same concern of a line only the largest keeps it.

    A fee is what its line charges, so both are one concern. Wrong tax counts on what is left of the line once its charge is put right:
    a credit gives back the tax of what it credits.

    Args:
        found: What checks found, in their order.
        case: The case; what is charged too much is never more than what is left of the line.
    """
    groups: dict[tuple[LineRef, Concern, Direction], list[int]] = {}
    for place, finding in enumerate(found):
        if finding.ref is not None and finding.found_amount:
            concern = Concern.CHARGE if finding.concern is Concern.FEE else finding.concern  # a fee is what its line charges
            groups.setdefault((finding.ref, concern, finding.direction), []).append(place)
    result = list(found)
    for members in groups.values():
        largest = max(members, key=lambda place: (found[place].found_amount, -place))
        others = [place for place in members if place != largest]
        result[largest] = attrs.evolve(
            found[largest], related=tuple(sorted({found[place].code for place in others} - {found[largest].code}))
        )
        for place in others:
            result[place] = attrs.evolve(found[place], found_amount=ZERO, part_of=found[largest].code)
    return _within_lines(result, case)


def _within_lines(found: list[ReviewFinding], case: ReviewCase) -> list[ReviewFinding]:
    """Let charge and discount together give back no more of a line than what is left of it, and count wrong tax on the rest."""
    whole = {line.ref: case.left(line) for line in case.lines}
    left = dict(whole)
    result = []
    for finding in found:
        ref = finding.ref
        if ref is not None and ref in left and finding.is_owed and finding.concern in _WITHIN_THE_LINE:
            amount = min(finding.found_amount, left[ref])
            left[ref] -= amount
            finding = attrs.evolve(finding, found_amount=amount)  # noqa: PLW2901  the same finding, bounded
        result.append(finding)
    return [_taxed_on_the_rest(finding, whole, left) for finding in result]


def _taxed_on_the_rest(finding: ReviewFinding, whole: dict[LineRef, Decimal], left: dict[LineRef, Decimal]) -> ReviewFinding:
    ref = finding.ref
    if finding.concern is not Concern.TAX or ref is None or not whole.get(ref) or whole[ref] == left[ref]:
        return finding
    return attrs.evolve(finding, found_amount=round_amount(finding.found_amount * left[ref] / whole[ref], finding.currency))


def _order(finding: ReviewFinding) -> tuple[int, bool, Decimal, str, str]:
    place = list(Direction).index(finding.direction)
    return (place, bool(finding.part_of), -finding.found_amount, finding.code, str(finding.ref))


def _text(finding: ReviewFinding, words: Words) -> str:
    """Return the finding in words; where one whole number went in, it decides the plural form as the fact `count`."""
    shown: dict[str, Sayable] = {"name": finding.name, "amount": finding.amount, "invoice": finding.ref.invoice if finding.ref else ""}
    for name, value in finding.items:
        if name in _PERCENTAGES and isinstance(value, Decimal):
            shown[name] = Percentage(value)
        elif name in _PRICES and isinstance(value, Decimal):
            shown[name] = UnitPrice(money(value, finding.currency))
        elif isinstance(value, str):
            shown[name] = ", ".join(_named(f"finding.{finding.code}.{name}.{part}", part, words) for part in value.split(", "))
        elif isinstance(value, int | Decimal | date):
            shown[name] = value
    numbers = [value for _, value in finding.items if isinstance(value, int)]
    if len(numbers) == 1:
        shown.setdefault("count", numbers[0])
    return words.say(f"finding.{finding.code}", **shown)


def _named(code: str, text: str, words: Words) -> str:
    """Return a code among the inputs in words, where a phrasebook has them."""
    return words.say(code) if words.knows(code) else text
