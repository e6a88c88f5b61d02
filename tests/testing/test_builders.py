"""Builders make small sound things in one line."""

from datetime import date

from hypothesis import given

from billing_domain.periods import tiles
from billing_domain.testing import a_plan, a_snapshot, accounts, an_invoice, billed_months, tilings


class TestBuilders:
    """What a plugin author starts from."""

    def test_a_year_of_bills(self) -> None:
        """Months are billed one by one, each once."""
        known = billed_months(a_snapshot(), 12)
        assert len(known.invoices) == 12
        assert {invoice.totals.net.amount for invoice in known.invoices} == {an_invoice().totals.net.amount}

    def test_parts_can_be_given(self) -> None:
        """A plan of one's own, another currency."""
        known = a_snapshot(a_plan([], code="empty", currency="JPY"), on=date(2026, 1, 31))
        assert known.account.currency == "JPY"


class TestStrategies:
    """What contracts are checked with."""

    @given(tilings())
    def test_tilings_tile(self, parts: list) -> None:
        """The stretches follow each other and are the whole."""
        assert tiles([part.part.period for part in parts])
        assert (parts[0].start, parts[-1].end) == (parts[0].whole_start, parts[0].whole_end)

    @given(accounts())
    def test_accounts_are_accounts(self, account: object) -> None:
        """Each has a currency."""
        assert account.currency in {"EUR", "JPY", "BHD"}
