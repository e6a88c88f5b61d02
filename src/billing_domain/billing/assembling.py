"""The last step of billing one account: lines and credit entries become drafts of documents."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import count, repeat
from typing import NamedTuple

from billing_domain.billing.difference import Difference, NewRow, Settings
from billing_domain.billing.discounting import decide
from billing_domain.billing.family import invoice_groups
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


def assemble(snapshot: AccountSnapshot, found: Difference, history: History, using: Settings) -> Billed | NothingDue:
    """Return the documents that state a difference, or why there are none; it works in `money.exact()`.

    Args:
        snapshot: The account.
        found: What its documents lack.
        history: What its documents say.
        using: The settings of the run.
    """
    account, through, rules = snapshot.account, using.through, using.rules
    if not any([row[0][11] for row in found.rows]):
        if not found.reversals:
            return NothingDue(account, _no_bill(found), next_billing_date(snapshot, after=through), found.pending)
        found.rows.clear()
    groups = invoice_groups(snapshot)
    documents = _split(found.rows, rules, groups)
    decided = decide(snapshot, documents, history, using)
    drafts: list[DraftInvoice] = []
    waiting = found.reversals
    details = _details(rules)
    for rows, shares in zip(documents, decided.shares, strict=True):
        draft, waiting = _draft(snapshot, Part(rows, shares, groups, details), waiting, using.step, through, rules)
        drafts.append(draft)
    notes = _notes(snapshot, waiting, history, through)
    hold = rules.hold
    if hold is not None and drafts and not notes and all(_held(hold, draft) for draft in drafts):
        next_on = next_billing_date(snapshot, after=through)
        if next_on is not None:  # a final bill never waits: nothing follows on which it could stand
            return NothingDue(account, NoBillReason.HELD, next_on, found.pending)
    return Billed(account, drafts, notes, found.pending, through, decided.grants, decided.applications)


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


class Part(NamedTuple):
    """The rows of one document, with what grants take off each.

    Args:
        rows: The rows.
        shares: The shares of each row, in the same order.
        groups: The invoice groups of the account by subscription and order.
        details: What the document says beside its lines.
    """

    rows: Sequence[NewRow]
    shares: Sequence[tuple[Share, ...]]
    groups: Mapping[str, str]
    details: Details


def _split(rows: Sequence[NewRow], rules: Rulebook, groups: Mapping[str, str]) -> Sequence[Sequence[NewRow]]:
    """Split rows into documents: invoice groups, inclusive prices, out of scope, countries of tax; by due day if the rulebook says so."""
    if not rows:
        return ()
    per_period = rules.catch_up is CatchUp.PER_PERIOD
    _, treatments, _, inclusive, *_ = zip(*rows, strict=True)
    if not groups and not per_period and treatments.count(treatments[0]) == len(rows) == inclusive.count(inclusive[0]):
        return (rows,)  # one document, the ordinary case
    parts: dict[tuple[date, str, bool, bool, str], list[NewRow]] = {}
    for row in rows:
        name = (
            row.due if per_period else date.min,
            groups.get(row.facts.subscription_id, ""),
            row.inclusive,
            row.treatment.category is TaxCategory.OUT_OF_SCOPE,
            row.treatment.country,
        )
        parts.setdefault(name, []).append(row)
    return [parts[name] for name in sorted(parts)]


def _draft(
    snapshot: AccountSnapshot, part: Part, waiting: list[CreditEntry], step: Decimal, through: date, rules: Rulebook
) -> tuple[DraftInvoice, list[CreditEntry]]:
    """Return a draft with as many waiting entries as it can carry without falling below zero, and those it can not."""
    account, (rows, shares, groups, details) = snapshot.account, part
    group = groups.get(rows[0].facts.subscription_id, "") if groups else ""
    inclusive, currency = rows[0].inclusive, account.currency
    facts, treatments, tax_points, _, _, _, raised = zip(*rows, strict=True)
    charged = [each[11] - shared(share) if share else each[11] for each, share in zip(facts, shares, strict=True)]
    if any(raised):  # lines that reinstate a credit with surcharges
        charged = [amount + surcharged(extra) for amount, extra in zip(charged, raised, strict=True)]
    taxed = tax_rows(treatments, charged, step, inclusive=inclusive, rounding=rules.tax_rounding)
    riding: list[CreditEntry] = []
    if waiting:
        riding, waiting = _riding(waiting, taxed.gross, treatments[0], (groups, group))
    totals = totals_of(taxed, riding, currency)
    lines = tuple(map(Line, count(1), facts, treatments, repeat(currency), shares, taxed.nets, tax_points, repeat(inclusive), raised))
    draft = DraftInvoice(
        account.id,
        currency,
        rules.seller,
        account.holder,
        lines,
        riding,
        totals,
        through,
        inclusive,
        rules.tax_rounding,
        rules.terms,
        account.reference_pairs,
        details,
        group,
    )
    return draft, waiting


def _riding(
    waiting: Sequence[CreditEntry], payable: Decimal, beside: TaxTreatment, grouped: tuple[Mapping[str, str], str]
) -> tuple[list[CreditEntry], list[CreditEntry]]:
    groups, group = grouped
    riding: list[CreditEntry] = []
    staying: list[CreditEntry] = []
    for entry in waiting:
        fits = _may_share(entry.treatment, beside) and entry.total_amount <= payable
        fits = fits and groups.get(entry.facts.subscription_id, "") == group
        (riding if fits else staying).append(entry)
        if fits:
            payable -= entry.total_amount
    return [entry if entry.number == number else entry.at(number) for number, entry in enumerate(riding, 1)], staying


def _may_share(treatment: TaxTreatment, beside: TaxTreatment) -> bool:
    """Say whether two treatments may stand on one document: never out of scope with another (`BR-O-11`), never two countries' taxes."""
    if treatment is beside:
        return True
    apart = (treatment.category is TaxCategory.OUT_OF_SCOPE) is not (beside.category is TaxCategory.OUT_OF_SCOPE)
    return not apart and treatment.country == beside.country


def _notes(snapshot: AccountSnapshot, waiting: Sequence[CreditEntry], history: History, through: date) -> list[DraftCreditNote]:
    by_invoice: dict[str, list[CreditEntry]] = {}
    for entry in waiting:
        by_invoice.setdefault(entry.ref.invoice, []).append(entry)
    return [note_for(snapshot.account, history.by_number[number], by_invoice[number], through=through) for number in sorted(by_invoice)]
