"""The converter: every model to plain data and back."""

from typing import Any, TypeVar

from cattrs import Converter

from billing_domain.catalog import Catalog, Plan
from billing_domain.conditions import Vocabulary
from billing_domain.serialization.entries import WholePlan, is_model, is_protocol
from billing_domain.serialization.faults import load_error
from billing_domain.serialization.hooks import fixed_hooks, hook_factories
from billing_domain.serialization.protocols import Codes
from billing_domain.serialization.schema import CURRENT, KEY, Schema
from billing_domain.serialization.unions import is_union, members_of

T = TypeVar("T")


class Rows(Converter):
    """A cattrs converter that puts the number of the schema on each stored document."""

    schema: Schema = CURRENT

    def unstructure(self, obj: Any, unstructure_as: Any = None) -> Any:
        """Return the value as plain data; a model with the number of the schema at its top."""
        hint = type(obj) if unstructure_as is None else unstructure_as
        data = self.get_unstructure_hook(_whole(hint))(obj)
        return {KEY: self.schema.number, **data} if is_document(hint) and isinstance(data, dict) else data

    def structure(self, obj: Any, cl: type[T]) -> T:
        """Return the value that plain data describes.

        Raises:
            LoadError: Something is wrong; `faults` holds everything that is, each with its path.
        """
        hint = _whole(cl)
        hook = self.get_structure_hook(hint)
        try:
            found: T = self.schema.read(obj, lambda data: hook(data, hint)) if is_document(cl) else hook(obj, hint)
        except Exception as error:
            raise load_error(error) from error
        return found

    def copy(self, *args: Any, **kwargs: Any) -> "Rows":
        """Return a converter with the same hooks and the same schema."""
        copied = super().copy(*args, **kwargs)
        copied.schema = self.schema
        return copied


def _whole(hint: Any) -> Any:
    return WholePlan if hint is Plan else hint


def is_document(hint: Any) -> bool:
    """Say whether a value of the type is stored on its own, with the number of the schema: a model, a plugin, or a union of these."""
    if is_union(hint):
        return all(is_document(each) for each in members_of(hint))
    return is_model(hint) or is_protocol(hint)


def rows(*, catalog: Catalog, codes: Codes | None = None) -> Converter:
    """Return the converter between models and plain data that JSON can hold.

    Amounts and other exact numbers are text, days and instants ISO 8601 with the name of the zone, enumerations their values,
    unions say their `kind`, plugins their `code`; a plan is `"mobile-s@1"`, found in the catalog, and whole only in a catalog.
    What is derived is left out and worked out anew. Loading refuses whatever is not exactly of that form.

    Args:
        catalog: The plan versions that stored subscriptions speak of.
        codes: What the codes of plugins, facts and conditions lead to, such as the registry; what the library ships is always known.

    Returns:
        A cattrs converter, to which a host can add hooks of its own.

    Example:
        >>> from billing_domain.catalog import Catalog, Plan, RecurringCharge
        >>> from billing_domain.subscriptions import Subscription
        >>> from datetime import date
        >>> plan = Plan("mobile-s", 1, "Mobile S", "EUR", [RecurringCharge("base", "Monthly fee", "9.90")])
        >>> convert = rows(catalog=Catalog([plan]))
        >>> subscription = Subscription.start(plan, id="S-1", on=date(2026, 3, 1))
        >>> convert.unstructure(subscription)
        {'schema': 1, 'id': 'S-1', 'plan': 'mobile-s@1', 'start_on': '2026-03-01', 'quantity': '1'}
        >>> convert.structure(convert.unstructure(subscription), Subscription) == subscription
        True
    """
    return converter_for(catalog, codes, CURRENT)


def converter_for(catalog: Catalog, codes: Codes | None, schema: Schema) -> Converter:
    """Return the converter for a schema; hooks that are registered later go before."""
    convert = Rows()
    vocabulary = Vocabulary() if codes is None else codes.vocabulary
    convert.schema = schema
    for fits, writer, reader in hook_factories(codes, vocabulary, schema):
        convert.register_unstructure_hook_factory(fits, writer)
        convert.register_structure_hook_factory(fits, reader)
    for kind, write, read in fixed_hooks(catalog, vocabulary):
        convert.register_unstructure_hook(kind, write)
        convert.register_structure_hook(kind, read)
    return convert
