"""What a run answers: billed, nothing due, or halted; a closed union for `match`."""

import pickle
from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import NoReturn

import attrs

from billing_domain.accounts import Account
from billing_domain.billing.difference import Pending
from billing_domain.billing.uncounted import Uncounted
from billing_domain.discounts import DiscountRecord, Grant
from billing_domain.errors import BillingError, InvalidTypeError, NoSuchResultError, RefusedError
from billing_domain.invoicing import DraftCreditNote, DraftInvoice


class NoBillReason(Enum):
    """Why a run made no document."""

    NOT_DUE = "not-due"
    """Nothing new has fallen due."""
    ZERO = "zero"
    """What has fallen due comes to nothing; it is shown on the next document."""
    HELD = "held"
    """The rulebook lets it wait for the next run."""
    PENDING = "pending"
    """Corrections hold back all that is owed."""
    WITH_PAYER = "with-payer"
    """Another account pays for this one: bill that account, with this one among its children."""


def _invoices(values: Iterable[DraftInvoice]) -> tuple[DraftInvoice, ...]:
    return tuple(values)


def _notes(values: Iterable[DraftCreditNote]) -> tuple[DraftCreditNote, ...]:
    return tuple(values)


def _pending(values: Iterable[Pending]) -> tuple[Pending, ...]:
    return tuple(values)


def _grants(values: Iterable[Grant]) -> tuple[Grant, ...]:
    return tuple(values)


def _discounts(values: Iterable[DiscountRecord]) -> tuple[DiscountRecord, ...]:
    return tuple(values)


def _uncounted(values: Iterable[Uncounted]) -> tuple[Uncounted, ...]:
    return tuple(values)


def _named(account: Account) -> str:
    """Return the id alone: a result is shown in messages, and an account in full would hide what it says."""
    return repr(account.id)


@attrs.frozen
class Billed:
    """The run made documents.

    Args:
        account: The account.
        invoices: Drafts, in the order in which they are to be numbered.
        credit_notes: Drafts of credits that could not ride on an invoice.
        pending: What is owed but held back by corrections.
        through: The last day up to which the account was billed.
        grants: Discounts that policies of the rulebook granted in this run; `snapshot.add` them with the documents that are issued.
        discounts: A record of each discount that covered a line, and of each that a missing fact kept back.
        uncounted: Usage that no charge counts, such as that of a pause or after the end; nothing is billed for it.
    """

    account: Account = attrs.field(repr=_named)
    invoices: tuple[DraftInvoice, ...] = attrs.field(converter=_invoices, default=())
    credit_notes: tuple[DraftCreditNote, ...] = attrs.field(converter=_notes, default=())
    pending: tuple[Pending, ...] = attrs.field(converter=_pending, default=())
    through: date = date.min
    grants: tuple[Grant, ...] = attrs.field(converter=_grants, default=())
    discounts: tuple[DiscountRecord, ...] = attrs.field(converter=_discounts, default=())
    uncounted: tuple[Uncounted, ...] = attrs.field(converter=_uncounted, default=())

    @property
    def invoice(self) -> DraftInvoice:
        """The invoice, where the run made exactly one.

        Raises:
            NoSuchResultError: It made none or several.
        """
        if len(self.invoices) != 1:
            raise NoSuchResultError(
                self,
                f"the run made {len(self.invoices)} invoices and {len(self.credit_notes)} credit notes",
                "use .invoices and .credit_notes, or match",
            )
        return self.invoices[0]


@attrs.frozen
class NothingDue:
    """The run made no document.

    Args:
        account: The account.
        reason: Why.
        next_on: The next day on which something falls due as things stand; None where nothing will.
        pending: What is owed but held back by corrections.
        uncounted: Usage that no charge counts, such as that of a pause or after the end; nothing is billed for it.
    """

    account: Account = attrs.field(repr=_named)
    reason: NoBillReason
    next_on: date | None = None
    pending: tuple[Pending, ...] = attrs.field(converter=_pending, default=())
    uncounted: tuple[Uncounted, ...] = attrs.field(converter=_uncounted, default=())

    @property
    def invoices(self) -> tuple[DraftInvoice, ...]:
        """No invoices."""
        return ()

    @property
    def credit_notes(self) -> tuple[DraftCreditNote, ...]:
        """No credit notes."""
        return ()

    @property
    def grants(self) -> tuple[Grant, ...]:
        """No grants."""
        return ()

    @property
    def invoice(self) -> DraftInvoice:
        """There is none.

        Raises:
            NoSuchResultError: Always, with the reason.
        """
        raise NoSuchResultError(
            self, f"nothing is due: {self.reason.value}", f"bill again on {self.next_on}" if self.next_on else "match the result"
        )


@attrs.frozen
class Problem:
    """What stopped a run, with its evidence.

    Args:
        code: The kind of error.
        text: What happened, in lower case.
        error: The error itself.
    """

    code: str
    text: str
    error: Exception = attrs.field(eq=False)

    @classmethod
    def of(cls, error: Exception) -> "Problem":
        """Return the problem that an error states."""
        return cls(type(error).__name__, str(error), error)

    def __reduce__(self) -> tuple[type["Problem"], tuple[str, str, Exception]]:
        return Problem, (self.code, self.text, _portable(self.error))


def _portable(error: Exception) -> Exception:
    """Return an error that other processes can read: the error itself, or what it says where it does not travel."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  what was made here
    except Exception:  # noqa: BLE001  whatever keeps it from travelling
        return RefusedError(type(error).__name__, str(error), "read it in the process that raised it")
    return error


def _problems(values: Iterable[Problem]) -> tuple[Problem, ...]:
    given: object = values
    listed = tuple(given) if isinstance(given, Iterable) else (given,)
    if not isinstance(given, Iterable) or not all(isinstance(each, Problem) for each in listed):
        raise InvalidTypeError(given, "what halts an account is a list of problems", "give [Problem.of(error)]")
    return listed


@attrs.frozen
class Halted:
    """The account can not be billed as it stands; no document was made.

    Args:
        account: The account.
        problems: What stopped the run.
    """

    account: Account = attrs.field(repr=_named)
    problems: tuple[Problem, ...] = attrs.field(converter=_problems)

    def _refuse(self) -> NoReturn:
        first = self.problems[0].error
        refusal = NoSuchResultError(self, "; ".join(problem.text for problem in self.problems), "mend the account and bill again")
        raise refusal from (first if isinstance(first, BillingError) else None)

    @property
    def invoices(self) -> tuple[DraftInvoice, ...]:
        """There are none.

        Raises:
            NoSuchResultError: Always, with the problems.
        """
        self._refuse()

    @property
    def credit_notes(self) -> tuple[DraftCreditNote, ...]:
        """There are none.

        Raises:
            NoSuchResultError: Always, with the problems.
        """
        self._refuse()

    @property
    def grants(self) -> tuple[Grant, ...]:
        """There are none.

        Raises:
            NoSuchResultError: Always, with the problems.
        """
        self._refuse()

    @property
    def invoice(self) -> DraftInvoice:
        """There is none.

        Raises:
            NoSuchResultError: Always, with the problems.
        """
        self._refuse()


BillingResult = Billed | NothingDue | Halted
"""What a run answers."""
