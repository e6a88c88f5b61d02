"""An account's life as a test plays it, with what must hold after every step."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from billing_domain.billing import AccountSnapshot, Billed, Halted, NothingDue, bill, close, rate
from billing_domain.catalog import Product
from billing_domain.errors import ExceedsLimitError, OutOfOrderError, RefusedError
from billing_domain.invoicing import ChargeKind, EntryKind, EntryRef, History, LineCharge, Reinstatement, Void, adjust, credit
from billing_domain.money import Money, add_up, minor_unit
from billing_domain.subscriptions import Item, Order, Subscription
from billing_domain.tax import TaxClass, tax_on
from billing_domain.usage import UsageRecord
from strategies import START


class Life:
    """A host in small: it keeps the snapshot, hands out numbers and issues what billing proposes."""

    def __init__(self, account, plans, rules, *, start=START, offset=0, grants=(), quantity=1):
        """Open the account with two subscriptions."""
        self.plans, self.rules, self.clock = plans, rules, start
        first = Subscription.start(plans[0], id="S-0", on=start, quantity=quantity)
        second = Subscription.start(plans[1], id="S-1", on=start + timedelta(days=offset))
        self.snapshot = AccountSnapshot(account, [first, second], grants=grants)
        self.serial = 0
        self.intervened = False
        self.surcharges = []

    # -------------------------------------------------------------------------------------------------- what happens

    def do(self, step):
        """Play one step of `strategies.steps`; a change that comes too late or after the end is left out."""
        name, *arguments = step
        with suppress(OutOfOrderError):
            getattr(self, name)(*arguments)

    def wait(self, days):
        """Let time pass."""
        self.clock += timedelta(days=days)

    def _change(self, which, name, offset, *arguments):
        subscription = self.snapshot.subscription(f"S-{which}")
        on = max(self.clock + timedelta(days=offset), subscription.start_on)
        recorded = self.clock if on <= self.clock else None
        self.snapshot = self.snapshot.add(getattr(subscription, name)(*arguments, on=on, recorded=recorded))

    def quantity(self, which, offset, value):
        """Change a quantity."""
        self._change(which, "change_quantity", offset, value)

    def plan(self, which, offset, number):
        """Change a plan."""
        self._change(which, "change_plan", offset, self.plans[number])

    def override(self, which, offset, price):
        """Agree a price."""
        self._change(which, "override_price", offset, "base", price)

    def plan_price(self, which, offset):
        """Go back to the plan's price."""
        self._change(which, "plan_price", offset, "base")

    def cycle(self, which, offset, cycle):
        """Count periods from another day."""
        self._change(which, "change_cycle", offset, cycle)

    def pause(self, which, offset):
        """Pause."""
        self._change(which, "pause", offset)

    def resume(self, which, offset):
        """Resume."""
        self._change(which, "resume", offset)

    def cancel(self, which, offset):
        """Cancel."""
        self._change(which, "cancel", offset)

    def keep(self, which):
        """Take a cancellation back."""
        self.snapshot = self.snapshot.add(self.snapshot.subscription(f"S-{which}").keep(recorded=self.clock))

    def use(self, which, meter, offset, quantity):
        """Consume, or learn late that it was consumed."""
        day = self.clock + timedelta(days=offset)
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        self.snapshot = self.snapshot.add(UsageRecord(f"U-{len(self.snapshot.usage)}", f"S-{which}", meter, quantity, at))

    def correct_use(self, number, quantity):
        """Replace a record."""
        replaced = {record.replaces for record in self.snapshot.usage}
        standing = [record for record in self.snapshot.usage if record.id not in replaced]
        if standing:
            old = standing[number % len(standing)]
            new = UsageRecord(f"U-{len(self.snapshot.usage)}", old.subscription_id, old.meter, quantity, old.at, replaces=old.id)
            self.snapshot = self.snapshot.add(new)

    def sell(self, offset, inclusive, price):
        """Sell goods."""
        items = [Item(Product("router", "Wi-Fi router", goods=True), price, 2), Item(Product("book", "Handbook", TaxClass.BOOKS), "19.95")]
        day = self.clock + timedelta(days=offset)
        self.snapshot = self.snapshot.add(Order(f"O-{len(self.snapshot.orders)}", day, items, prices_include_tax=inclusive))

    # ------------------------------------------------------------------------------------------------------ billing

    def number(self):
        """Return the next number of the series."""
        self.serial += 1
        return f"N-{self.serial:04}"

    def run(self, offset=0):
        """Bill, keep the documents, and bill again."""
        through = self.clock + timedelta(days=offset)
        result = bill(self.snapshot, through=through, rules=self.rules)
        assert not isinstance(result, Halted), result
        documents = self.issue(result)
        again = bill(self.snapshot, through=through, rules=self.rules)
        assert isinstance(again, NothingDue), again
        self.check()
        return documents

    def issue(self, result):
        """Issue what a run proposed, on the day it is."""
        if not isinstance(result, Billed):
            return []
        latest = max((document.on for document in (*self.snapshot.invoices, *self.snapshot.credit_notes)), default=self.clock)
        on = max(self.clock, latest)
        drafts = [raised(draft, self.surcharges) for draft in result.invoices]
        self.surcharges = []
        documents = [draft.issue(number=self.number(), on=on) for draft in (*result.credit_notes, *drafts)]
        self.snapshot = self.snapshot.add(*documents)
        return documents

    def surcharge(self, which, permille):
        """Put a charge on a line of whatever is billed next."""
        self.surcharges.append((which, permille))

    # ------------------------------------------------------------------------------------------------- interventions

    def _line(self, which, number):
        history = History(self.snapshot)
        invoices = [invoice for invoice in history.by_number.values() if invoice.lines]
        if not invoices:
            return None, None
        invoice = invoices[which % len(invoices)]
        return invoice, invoice.lines[number % len(invoice.lines)]

    def credit(self, which, number, kind, how, permille):
        """Credit a line, some of it, or a whole invoice, as a person does."""
        invoice, line = self._line(which, number)
        if invoice is None:
            return None
        step = minor_unit(invoice.currency)
        part = {how: (line.net_amount * permille / 1000).quantize(step)} if how in {"net", "gross"} else {}
        try:
            what = (
                invoice
                if how == "all"
                else invoice.part(line, **{name: line.net.__class__(amount, line.currency) for name, amount in part.items()})
            )
            draft = credit(self.snapshot, what, kind=kind, reason="a test")
        except (ExceedsLimitError, ValueError):
            return None
        self.intervened = True
        note = draft.issue(number=self.number(), on=max(self.clock, invoice.on))
        self.snapshot = self.snapshot.add(note)
        self.check()
        return note

    def void(self, which):
        """Take an invoice back, where that is allowed; its keys are billed again."""
        numbers = sorted(History(self.snapshot).by_number)
        if not numbers:
            return
        number = numbers[which % len(numbers)]
        try:
            self.snapshot = self.snapshot.add(Void(number, self.clock, "a slip"))
        except RefusedError:
            return
        self.check(settled=False)

    def reinstate(self, which):
        """Take a credit of a person back."""
        history = History(self.snapshot)
        found = [
            ref
            for ref, entry in sorted(history._credits.by_ref.items())
            if entry.kind is not EntryKind.REVERSAL and ref not in history.reinstated
        ]
        known = {wish.entry for wish in self.snapshot.reinstatements}
        found = [ref for ref in found if ref not in known]
        if found:
            self.snapshot = self.snapshot.add(Reinstatement(found[which % len(found)], self.clock, "credited by mistake"))

    def opening(self, back):
        """Close the books and go on from the opening."""
        day = self.snapshot.billed_through
        if day is None:
            return
        day -= timedelta(days=back)
        if self.snapshot.opening is not None and day < self.snapshot.opening.through:
            return
        self.snapshot = reopened(self.snapshot, day)

    # ---------------------------------------------------------------------------------------------------- what holds

    def check(self, *, settled=True):
        """Check every invariant that can be read off the documents."""
        history = History(self.snapshot)
        for document in (*self.snapshot.invoices, *self.snapshot.credit_notes):
            check_document(document)
        check_lines(history)
        for grant in self.snapshot.grants:
            used = history.used(grant.id)
            if self.snapshot.opening is not None:
                used += self.snapshot.opening.used.get(grant.id, 0)
            assert used >= 0
            assert grant.limit is None or used <= grant.limit.amount
        if settled and not self.intervened:
            self.check_owed(history)

    def check_owed(self, history):
        """Check that the documents of each key sum to what is owed for it."""
        through = self.snapshot.billed_through
        if through is None:
            return
        owed = rate(self.snapshot, through=through, rules=self.rules, billed=history.billed)
        settled = self.snapshot.opening.through if self.snapshot.opening is not None else date.min
        for key, lines in history.billed.items():
            if max(found.line.facts.slot_end for found in lines) <= settled:
                continue
            target = owed[key].facts.amount if key in owed else 0
            billed = history.net_billed(key)[0]
            later = key in owed and owed[key].due > through
            assert billed == target or (later and billed < target), (key, billed, target)
        for key, item in owed.items():
            if key not in history.billed:
                assert item.facts.amount == 0, item


def reopened(snapshot, day):
    """Return the snapshot as a host would load it after closing the books on a day."""
    opening = close(snapshot, through=day)
    kept = {document.number for document in opening.documents}
    entries = {
        EntryRef(document.number, entry.number) for document in (*opening.documents, *opening.credit_notes) for entry in document.entries
    }
    return AccountSnapshot(
        snapshot.account,
        snapshot.subscriptions,
        snapshot.usage,
        snapshot.orders,
        snapshot.grants,
        voids=[void for void in snapshot.voids if void.invoice in kept],
        reinstatements=[wish for wish in snapshot.reinstatements if wish.entry in entries],
        opening=opening,
    )


def raised(draft, surcharges):
    """Return a draft with charges on lines that can bear them, each in thousandths of what its line charges, and of one unit at least."""
    able = [line for line in draft.lines if line.list_amount and line.facts.kind is not ChargeKind.DOCUMENT]
    step, charges = minor_unit(draft.currency), []
    for place, (which, permille) in enumerate(surcharges if able else ()):
        line = able[which % len(able)]
        amount = max((line.list_amount * permille / 1000).quantize(step), step)
        charges.append(LineCharge(line=line.number, amount=Money(amount, draft.currency), reason=f"Surcharge {place}", code="HD"))
    return adjust(draft, line_charges=charges)


def check_document(document):
    """Check signs and sums of one document."""
    totals = document.totals
    assert totals.payable_amount >= 0
    for entry in document.entries:
        assert entry.list_amount > 0
        assert entry.net_amount >= 0
        assert entry.tax_amount >= 0
        assert entry.charged_amount >= 0
        assert all(part.amount > 0 for part in (*entry.shares, *entry.surcharges))
    lines = getattr(document, "lines", ())
    sign = -1 if lines else 1
    assert totals.line_total_amount == add_up([line.net_amount for line in lines]) + sign * add_up(
        entry.net_amount for entry in document.entries
    )
    assert totals.tax_total_amount == add_up(group.tax_amount for group in totals.groups)
    assert totals.tax_exclusive_amount == add_up(group.net_amount for group in totals.groups)
    for number, line in enumerate(lines, 1):
        assert line.number == number
        assert line.list_amount >= 0
        assert line.net_amount >= 0
        assert line.charged_amount >= 0
        assert all(part.amount > 0 for part in (*line.shares, *line.surcharges))
    assert [entry.number for entry in document.entries] == list(range(1, len(document.entries) + 1))


def check_lines(history):
    """Check that no line is credited beyond itself, and that what is credited in full has given everything back."""
    for lines in history.billed.values():
        for found in lines:
            left = history.left(found)
            assert left >= 0
            for share in found.line.shares:
                back = history.shares_back(found.ref, share.grant_id)
                assert back <= share.amount
                assert left or back == share.amount
            for surcharge in found.line.surcharges:
                back = history.surcharge_back(found.ref, surcharge.number)
                assert back <= surcharge.amount
                assert left or back == surcharge.amount
    for invoice in history.by_number.values():
        if all(history.left(history.line(found)) == 0 for found in refs(invoice)):
            entries = [entry for found in refs(invoice) for entry in history.entries_by_line.get(found, ())]
            gross = add_up(entry.total_amount for entry in entries)
            assert gross == gross_of_lines(invoice)


def refs(invoice):
    """Return the names of an invoice's lines."""
    from billing_domain.invoicing import LineRef

    return [LineRef(invoice.number, line.number) for line in invoice.lines]


def gross_of_lines(invoice):
    """Return what the lines of an invoice charge with tax, worked out anew from rates."""
    from billing_domain.tax import TaxRounding

    step, inclusive = minor_unit(invoice.currency), invoice.draft.prices_include_tax
    if inclusive:
        return add_up(line.charged_amount for line in invoice.lines)
    groups = {}
    for line in invoice.lines:
        groups.setdefault(line.treatment, []).append(line.charged_amount)
    total = Decimal(0)
    for treatment, charged in groups.items():
        parts = [add_up(charged)] if invoice.draft.tax_rounding is TaxRounding.PER_GROUP else charged
        total += add_up(charged) + add_up(tax_on(part, treatment.rate, step) for part in parts)
    return total
