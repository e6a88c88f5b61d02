"""What type checkers must accept and refuse of `billing_domain.serialization`; checked, never run."""

from typing import Any, assert_type

from cattrs import Converter

from billing_domain import AccountSnapshot
from billing_domain.catalog import Catalog
from billing_domain.conditions import Vocabulary
from billing_domain.serialization import Codes, rows


class Shelf:
    """A registry as a host may write it."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Return what plain data may name."""
        return Vocabulary()

    def plugin(self, kind: type[Any], code: str) -> type[Any]:
        """Return a class."""
        raise LookupError(kind, code)


def store(shop: Catalog, snapshot: AccountSnapshot) -> AccountSnapshot:
    """Store and load."""
    codes: Codes = Shelf()
    convert = rows(catalog=shop, codes=codes)
    assert_type(convert, Converter)
    found = convert.structure(convert.unstructure(snapshot), AccountSnapshot)
    assert_type(found, AccountSnapshot)
    return found


def refused(shop: Catalog) -> None:
    """Refuse a catalog by place, and codes of another kind."""
    rows(shop)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    rows(catalog=shop, codes={})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
