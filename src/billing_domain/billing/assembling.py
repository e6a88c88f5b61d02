"""The last step of billing one account: lines and credit entries become drafts of documents."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from billing_domain.billing.difference import Difference, NewRow, Settings
from billing_domain.billing.discounting import Decided
from billing_domain.billing.result import Billed, NoBillReason, NothingDue
from billing_domain.billing.rulebook import CatchUp, HoldRule, Rulebook
from billing_domain.billing.schedule import next_billing_date
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.errors import PluginError
from billing_domain.invoicing import CreditEntry, DraftCreditNote, DraftInvoice, History, Line, Share, note_for
from billing_domain.invoicing.details import NO_DETAILS, Details
from billing_domain.invoicing.lines import shared, surcharged
from billing_domain.invoicing.totals import tax_rows, totals_of
from billing_domain.tax import TaxCategory, TaxTreatment
from billing_domain.unchecked import unchecked

_PER_PERIOD = CatchUp.PER_PERIOD
_OUT_OF_SCOPE = TaxCategory.OUT_OF_SCOPE
_line, _invoice, _billed = unchecked(Line), unchecked(DraftInvoice), unchecked(Billed)  # what is made of sound rows is sound


def divided(
    snapshot: AccountSnapshot, found: Difference, groups: Mapping[str, str], using: Settings
) -> Sequence[Sequence[NewRow]] | NothingDue:
    """Return the rows of each document that states a difference, or why there are none.

    Args:
        snapshot: The account.
        found: What its documents lack.
        groups: The invoice group of each subscription and order that has one.
        using: The settings of the run.
    """
    rows = found[0]
    for row in rows:
        if row[0][11]:  # an amount
            return _split(rows, using.rules, groups)
    if found.reversals:
        return ()
    return NothingDue(snapshot.account, _no_bill(found), next_billing_date(snapshot, after=using.through), found.pending)


def drafted(
    snapshot: AccountSnapshot,
    found: Difference,
    documents: Sequence[Sequence[NewRow]],
    groups: Mapping[str, str],
    decided: Decided,
    history: History,
    using: Settings,
) -> Billed | NothingDue:
    """Return the drafts of documents, or that they wait; it works in `money.exact()`.

    Args:
        snapshot: The account.
        found: What its documents lack.
        documents: The rows of each document.
        groups: The invoice group of each subscription and order that has one.
        decided: What discounts take off them.
        history: What its documents say.
        using: The settings of the run.
    """
    through, rules = using.through, using.rules
    _, waiting, pending, _ = found
    shares, grants, applications = decided
    details = NO_DETAILS if using.at_issue else _details(rules)
    drafts: list[DraftInvoice] = []
    for number, document in enumerate(documents):
        draft, waiting = _draft(snapshot, document, shares[number], waiting, using, groups, details)
        drafts.append(draft)
    notes = _notes(snapshot, waiting, history, through) if waiting else ()
    hold = rules.hold
    if hold is not None and drafts and not notes and all(_held(hold, draft) for draft in drafts):
        next_on = next_billing_date(snapshot, after=through)
        if next_on is not None:  # a final bill never waits: nothing follows on which it could stand
            return NothingDue(snapshot.account, NoBillReason.HELD, next_on, pending)
    return _billed(snapshot.account, tuple(drafts), notes, tuple(pending), through, tuple(grants), tuple(applications))


def _details(rules: Rulebook) -> Details:
    """Return what every document of a run says beside its lines: the event that makes tax due, where the rule leaves the day open."""
    code = getattr(rules.tax_point, "event_code", "")
    return Details(tax_point_code=code) if code else NO_DETAILS


def _no_bill(found: Difference) -> NoBillReason:
    if found.pending:
        return NoBillReason.PENDING
    return NoBillReason.ZERO if found.rows else NoBillReason.NOT_DUE


def _held(hold: HoldRule, draft: DraftInvoice) -> bool:
    try:
        answer = hold.holds(draft)
    except Exception as error:
        raise PluginError(error, "a hold does not raise", "answer for every draft", hold.code, "holds") from error
    if not isinstance(answer, bool):
        raise PluginError(answer, "a hold says True or False", "return a bool", hold.code, "holds")
    return answer


def _split(rows: Sequence[NewRow], rules: Rulebook, groups: Mapping[str, str]) -> Sequence[Sequence[NewRow]]:
    """Split rows into documents: invoice groups, inclusive prices, out of scope, countries of tax; by due day if the rulebook says so."""
    per_period = rules.catch_up is _PER_PERIOD
    if not groups and not per_period:
        _, treatment, _, inclusive, *_ = rows[0]
        for row in rows:
            if row[1] is not treatment or row[3] is not inclusive:
                break
        else:
            return (rows,)  # one document, the ordinary case
    parts: dict[tuple[date, str, bool, bool, str], list[NewRow]] = {}
    for row in rows:
        facts, treatment, _, inclusive, due, _, _ = row
        name = (
            due if per_period else date.min,
            groups.get(facts.subscription_id, ""),
            inclusive,
            treatment.category is _OUT_OF_SCOPE,
            treatment.country,
        )
        parts.setdefault(name, []).append(row)
    return [parts[name] for name in sorted(parts)]


def _draft(
    snapshot: AccountSnapshot,
    rows: Sequence[NewRow],
    shares: Sequence[tuple[Share, ...]],
    waiting: list[CreditEntry],
    using: Settings,
    groups: Mapping[str, str],
    details: Details,
) -> tuple[DraftInvoice, list[CreditEntry]]:
    """Return a draft with as many waiting entries as it can carry without falling below zero, and those it can not."""
    account, currency, rules = snapshot.account, using.currency, using.rules
    inclusive, group = rows[0][3], groups.get(rows[0][0].subscription_id, "") if groups else ""
    treatments, charged = _columns(rows, shares)
    taxed = tax_rows(treatments, charged, using.step, inclusive=inclusive, rounding=rules.tax_rounding)
    riding: list[CreditEntry] = []
    if waiting:
        riding, waiting = _riding(waiting, taxed.gross, treatments[0], groups, group)
    nets = taxed.nets
    lines: list[Line] = []
    for index, (facts, treatment, tax_point, _, _, _, raised) in enumerate(rows):
        line = _line(index + 1, facts, treatment, currency, shares[index], nets[index], tax_point, inclusive, raised)
        lines.append(line)
    draft = _invoice(
        account.id,
        currency,
        rules.seller,
        account.holder,
        tuple(lines),
        tuple(riding),
        totals_of(taxed, riding, currency),
        using.through,
        inclusive,
        rules.tax_rounding,
        rules.terms,
        account.reference_pairs,
        details,
        group,
    )
    return draft, waiting


def _columns(rows: Sequence[NewRow], shares: Sequence[tuple[Share, ...]]) -> tuple[list[TaxTreatment], list[Decimal]]:
    """Return how each row is taxed, and what it charges after discount and with surcharges."""
    treatments: list[TaxTreatment] = []
    charged: list[Decimal] = []
    for index, (facts, treatment, _, _, _, _, raised) in enumerate(rows):
        amount, share = facts[11], shares[index]
        if share:
            amount -= share[0][1] if len(share) == 1 else shared(share)
        if raised:  # a line that reinstates a credit with surcharges
            amount += surcharged(raised)
        treatments.append(treatment)
        charged.append(amount)
    return treatments, charged


def _riding(
    waiting: Sequence[CreditEntry], payable: Decimal, beside: TaxTreatment, groups: Mapping[str, str], group: str
) -> tuple[list[CreditEntry], list[CreditEntry]]:
    riding: list[CreditEntry] = []
    staying: list[CreditEntry] = []
    for entry in waiting:
        total = entry.net_amount + entry.tax_amount
        fits = total <= payable and (not groups or groups.get(entry.facts.subscription_id, "") == group)
        if fits and _may_share(entry.treatment, beside):
            payable -= total
            number = len(riding) + 1
            riding.append(entry if entry.number == number else entry.at(number))
        else:
            staying.append(entry)
    return riding, staying


def _may_share(treatment: TaxTreatment, beside: TaxTreatment) -> bool:
    """Say whether two treatments may stand on one document: never out of scope with another (`BR-O-11`), never two countries' taxes."""
    apart = (treatment.category is _OUT_OF_SCOPE) is not (beside.category is _OUT_OF_SCOPE)
    return not apart and treatment.country == beside.country


def _notes(snapshot: AccountSnapshot, waiting: Sequence[CreditEntry], history: History, through: date) -> tuple[DraftCreditNote, ...]:
    by_invoice: dict[str, list[CreditEntry]] = {}
    for entry in waiting:
        by_invoice.setdefault(entry.ref.invoice, []).append(entry)
    account, invoices = snapshot.account, history.by_number
    return tuple([note_for(account, invoices[number], by_invoice[number], through=through) for number in sorted(by_invoice)])
