"""Subscriptions that hang on another one: they are served only while it is, in its periods."""

from billing_domain.errors import RefusedError
from billing_domain.subscriptions.model import Subscription
from billing_domain.subscriptions.timeline import Terms


def bound_terms(add_on: Subscription, base: Subscription) -> tuple[Terms, ...]:
    """Return the terms of an add-on on the days on which its base is served, with the base's cycle and grid.

    Args:
        add_on: The subscription that hangs on the other.
        base: The other.

    Raises:
        RefusedError: The base hangs on another one itself, or is not the one that the add-on names.

    Example:
        >>> from datetime import date
        >>> from billing_domain.catalog import Plan
        >>> base = Subscription.start(Plan("s", 1, "S", "EUR", []), id="S-1", on=date(2026, 3, 1)).cancel(on=date(2026, 5, 1))
        >>> extra = base.add_on(Plan("x", 1, "X", "EUR", []), id="S-2", on=date(2026, 3, 10))
        >>> [(str(terms.start), str(terms.end), str(terms.grid)) for terms in bound_terms(extra, base)]
        [('2026-03-10', '2026-05-01', '2026-03-01')]
    """
    if base.base is not None or add_on.base != base.id:
        raise RefusedError(add_on.id, f"an add-on hangs on a subscription that hangs on none, not on {base.id}", "name the base itself")
    found = []
    for own in add_on.terms:
        for host in base.terms:
            start, end = max(own.start, host.start), min(own.end, host.end)
            if start < end:
                found.append(own._replace(start=start, end=end, cycle=host.cycle, grid=host.grid))
    return tuple(found)
