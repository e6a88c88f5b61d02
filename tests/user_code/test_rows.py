"""The code of a store, as users write it: an account out of a row, its bill, and the invoice into another row."""

import json
from datetime import date

import pytest

from billing_domain import AccountSnapshot, bill
from billing_domain.errors import LoadError, NoSuchResultError
from billing_domain.invoicing import Invoice
from billing_domain.plugins import Registry
from billing_domain.serialization import rows
from user_code.acme import HalfOf, faithful
from user_code.host import Table, rules, shop, snapshot, two_bills

registry = Registry().add(faithful, HalfOf)
convert = rows(catalog=shop, codes=registry)


def bill_stored(accounts: Table, invoices: Table, account_id: str, through: date) -> None:
    """Bill an account as it stands in its row, and keep what comes out."""
    known = convert.structure(accounts.get(account_id), AccountSnapshot)
    for draft in bill(known, through=through, rules=rules).invoices:
        invoice = draft.issue(number=invoices.next_number(), on=through)
        invoices.put(invoice.number, convert.unstructure(invoice))


def test_a_bill_goes_from_row_to_row() -> None:
    """What is stored is plain JSON, and reads to an equal value; a run over which nothing is due stores nothing."""
    accounts, invoices = Table(), Table()
    accounts.put("A-7", json.loads(json.dumps(convert.unstructure(snapshot))))
    bill_stored(accounts, invoices, "A-7", date(2026, 1, 1))
    assert invoices.rows == {}
    bill_stored(accounts, invoices, "A-7", date(2026, 3, 1))
    again = convert.structure(json.loads(json.dumps(invoices.get("F-1"))), Invoice)
    assert again == two_bills()[0]
    assert json.dumps(invoices.get("F-1")).count("24.90") >= 1
    assert "fibre-m@1" in json.dumps(accounts.get("A-7"))


def test_loading_is_strict_and_tells_all_faults() -> None:
    """Each fault has its path; an account that can not be billed raises where a loop would pass over it."""
    body = json.loads(json.dumps(convert.unstructure(snapshot)))
    body["account"]["currency"] = 7
    body["usage"][0]["quantity"] = 1.5
    body["colour"] = "red"
    with pytest.raises(LoadError) as caught:
        convert.structure(body, AccountSnapshot)
    paths = " ".join(path for path, _ in caught.value.faults)
    assert len(caught.value.faults) >= 3
    assert "account.currency" in paths
    assert "usage[0].quantity" in paths
    with pytest.raises(NoSuchResultError):
        _ = bill(snapshot, through=date(2026, 1, 1), rules=rules).invoice
