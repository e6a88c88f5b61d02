"""Judge a document by the official rules: which are broken, where, and what should stand there."""

from collections.abc import Iterable
from decimal import Decimal

import attrs

from billing_domain.doors import door
from billing_domain.en16931.arithmetic import ARITHMETIC, PEPPOL_ARITHMETIC
from billing_domain.en16931.categories import CATEGORIES, CATEGORY_ARITHMETIC
from billing_domain.en16931.coded import CODED
from billing_domain.en16931.judged import Judged, Rule, Violation
from billing_domain.en16931.model import Document
from billing_domain.en16931.network import PEPPOL_NETWORK_RULES
from billing_domain.en16931.rulesets import CENT, EXACT, PEPPOL, RuleSet
from billing_domain.en16931.structure import PEPPOL_STRUCTURE, STRUCTURE
from billing_domain.en16931.viewing import OurDocument, view
from billing_domain.errors import UnknownReferenceError
from billing_domain.invoicing import DraftCreditNote, DraftInvoice
from billing_domain.money import exact, minor_unit
from billing_domain.money.amounts import CONTEXT, ONE
from billing_domain.tax import TaxRounding

RULES: dict[str, Rule] = {
    **STRUCTURE,
    **CODED,
    **CATEGORIES,
    **ARITHMETIC,
    **PEPPOL_STRUCTURE,
    **PEPPOL_ARITHMETIC,
    **PEPPOL_NETWORK_RULES,
}
"""Every rule by its official id."""

AMOUNT_RULES = frozenset({*ARITHMETIC, *CATEGORY_ARITHMETIC})
"""The ids of the rules of EN 16931 about amounts and rates: what can be judged where names and addresses were left out."""

PEPPOL_AMOUNT_RULES = frozenset(PEPPOL_ARITHMETIC)
"""The ids of the rules about amounts that Peppol BIS Billing 3 adds."""

NETWORK_RULES = frozenset(PEPPOL_NETWORK_RULES)
"""The ids of the rules by which a document travels over the Peppol network; `PEPPOL_NETWORK` judges by them."""

_ISSUED = frozenset({"BR-02", "BR-03", "BR-CO-25"})
_PEPPOL_ONLY = frozenset({*PEPPOL_STRUCTURE, *PEPPOL_ARITHMETIC})


@door
def check(document: Document | OurDocument, *, by: RuleSet | None = None, only: Iterable[str] | str | None = None) -> tuple[Violation, ...]:
    """Return the rules that a document breaks, in order of their ids; nothing where it keeps them all.

    A foreign document is judged with the official tolerances. Ours are judged exactly, with one tolerance: where prices include tax,
    tax is rounded per line, or entries ride along, the tax of a group may be off by one minor unit, one more per entry, or one per line.

    Args:
        document: A view of any document, or one of ours.
        by: Which rules judge, and how closely; `PEPPOL` for a view and `EXACT` for ours where None.
        only: Ids of the rules to judge by; all of the set where None.

    Raises:
        UnknownReferenceError: There is no rule with such an id.
        InvalidTypeError: It is no document.

    Example:
        >>> from billing_domain.en16931.model import LineView
        >>> wrong = Document(line_total="30.01", lines=[LineView(id="1", net="30.00")])
        >>> [str(found) for found in check(wrong, only=["BR-CO-10"])]
        ['BR-CO-10 at BT-106: 30.01 is stated, 30.00 is right']
    """
    if isinstance(document, Document):
        return _judge(document, by or PEPPOL, only)
    if isinstance(document, DraftInvoice | DraftCreditNote):
        wanted = set(_chosen(by or _ours(document), None)) - _ISSUED if only is None else only
        return _judge(view(document), by or _ours(document), wanted)
    shown = view(document)
    return _judge(shown, by or _ours(document.draft), only)


def _ours(draft: DraftInvoice | DraftCreditNote) -> RuleSet:
    """Return exact rules with the one tolerance that the document needs, if any."""
    step = minor_unit(draft.currency)
    units = len(draft.entries)
    if isinstance(draft, DraftCreditNote):
        units += 1
    elif draft.tax_rounding is TaxRounding.PER_LINE:
        units += len(draft.lines)
    elif draft.prices_include_tax or draft.entries:
        units += 1
    return attrs.evolve(EXACT, tax=CONTEXT.multiply(step, Decimal(units)))


def _judge(document: Document, by: RuleSet, only: Iterable[str] | str | None) -> tuple[Violation, ...]:
    with exact():
        judged = Judged(document, by, _step(document, by))
        return tuple(Violation(rule_id, *fault) for rule_id in _chosen(by, only) for fault in RULES[rule_id](judged))


def _chosen(by: RuleSet, only: Iterable[str] | str | None) -> list[str]:
    if only is None:
        return sorted(rule_id for rule_id in RULES if _judges(by, rule_id))
    wanted = sorted({only} if isinstance(only, str) else set(only))
    for rule_id in wanted:
        if rule_id not in RULES:
            raise UnknownReferenceError(
                rule_id, "a rule has an id of EN 16931 or Peppol BIS Billing 3 that is known here", "look it up in RULES"
            )
    return wanted


def _judges(by: RuleSet, rule_id: str) -> bool:
    if rule_id in NETWORK_RULES:
        return by.network
    return by.peppol or rule_id not in _PEPPOL_ONLY


def _step(document: Document, by: RuleSet) -> Decimal:
    if by.decimals is not None:
        return ONE.scaleb(-by.decimals)
    return minor_unit(document.currency) if document.currency else CENT
