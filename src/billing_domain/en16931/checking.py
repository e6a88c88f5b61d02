"""Judge a document by the official rules: which are broken, where, and what should stand there."""

from collections.abc import Iterable
from decimal import Decimal

from billing_domain.en16931.arithmetic import ARITHMETIC, PEPPOL_ARITHMETIC
from billing_domain.en16931.categories import CATEGORIES, CATEGORY_ARITHMETIC
from billing_domain.en16931.judged import Judged, Rule, Violation
from billing_domain.en16931.model import Document
from billing_domain.en16931.rulesets import CENT, PEPPOL, RuleSet
from billing_domain.en16931.structure import PEPPOL_STRUCTURE, STRUCTURE
from billing_domain.errors import InvalidTypeError, UnknownReferenceError
from billing_domain.money import exact, minor_unit
from billing_domain.money.amounts import ONE

RULES: dict[str, Rule] = {**STRUCTURE, **CATEGORIES, **ARITHMETIC, **PEPPOL_STRUCTURE, **PEPPOL_ARITHMETIC}
"""Every rule by its official id."""

AMOUNT_RULES = frozenset({*ARITHMETIC, *PEPPOL_ARITHMETIC, *CATEGORY_ARITHMETIC})
"""The ids of the rules about amounts and rates: what can be judged where names and addresses were left out."""

_PEPPOL_ONLY = frozenset({*PEPPOL_STRUCTURE, *PEPPOL_ARITHMETIC})


def check_view(document: Document, by: RuleSet = PEPPOL, only: Iterable[str] | None = None) -> tuple[Violation, ...]:
    """Return the rules that a plain view breaks, in order of their ids.

    Args:
        document: The view.
        by: Which rules judge, and how closely.
        only: Ids of the rules to judge by; all of the set where None.

    Raises:
        UnknownReferenceError: There is no rule with such an id.
    """
    if not isinstance(document, Document):
        raise InvalidTypeError(document, "a document is judged in the terms of EN 16931", "make a Document, or take view(invoice)")
    with exact():
        judged = Judged(document, by, _step(document, by))
        return tuple(Violation(rule_id, *fault) for rule_id in _chosen(by, only) for fault in RULES[rule_id](judged))


def _chosen(by: RuleSet, only: Iterable[str] | None) -> list[str]:
    if only is None:
        return sorted(rule_id for rule_id in RULES if by.peppol or rule_id not in _PEPPOL_ONLY)
    wanted = sorted({only} if isinstance(only, str) else set(only))
    for rule_id in wanted:
        if rule_id not in RULES:
            raise UnknownReferenceError(rule_id, "a rule has an id of EN 16931 or Peppol BIS Billing 3 that is known here", "look it up in RULES")
    return wanted


def _step(document: Document, by: RuleSet) -> Decimal:
    if by.decimals is not None:
        return ONE.scaleb(-by.decimals)
    return minor_unit(document.currency) if document.currency else CENT
