"""Which types are written and read how."""

from collections.abc import Callable, Hashable, Iterator
from enum import Enum
from typing import Any, ForwardRef

from cattrs import Converter

from billing_domain.catalog import Catalog, Plan
from billing_domain.conditions import Facts, Vocabulary
from billing_domain.errors import InvalidTypeError, RefusedError
from billing_domain.serialization import conditions
from billing_domain.serialization.containers import is_items, is_mapping, items_reader, items_writer, mapping_reader, mapping_writer
from billing_domain.serialization.entries import WholePlan, is_model, is_protocol
from billing_domain.serialization.models import Read, Write, model_reader, model_writer
from billing_domain.serialization.plugins import plugin_reader, plugin_writer
from billing_domain.serialization.problems import read_error, write_error
from billing_domain.serialization.protocols import Codes
from billing_domain.serialization.scalars import SCALARS, member, text_of, write_member, wrong
from billing_domain.serialization.schema import Schema
from billing_domain.serialization.unions import ANYTHING, is_union, union_reader, union_writer

Fits = Callable[[Any], bool]
Writer = Callable[[Any, Converter], Write]
Reader = Callable[[Any, Converter], Read]


def hook_factories(codes: Codes | None, vocabulary: Vocabulary, schema: Schema) -> tuple[tuple[Fits, Writer, Reader], ...]:
    """Return what makes the hooks of a type that fits; the last that fits is taken."""

    def read_model(hint: Any, converter: Converter) -> Read:
        return model_reader(hint, converter, schema)

    def read_whole_plan(_hint: Any, converter: Converter) -> Read:
        return model_reader(Plan, converter, schema)

    def write_plugin(hint: Any, converter: Converter) -> Write:
        return plugin_writer(hint, converter, codes)

    def read_plugin(hint: Any, converter: Converter) -> Read:
        return plugin_reader(hint, converter, codes)

    def write_condition(_hint: Any, _converter: Converter) -> Write:
        return conditions.condition_writer(vocabulary)

    def read_condition(hint: Any, _converter: Converter) -> Read:
        return conditions.condition_reader(hint, vocabulary)

    return (
        (_is_unknown, _no_form, _no_form),
        (is_items, items_writer, items_reader),
        (is_mapping, mapping_writer, mapping_reader),
        (is_model, model_writer, read_model),
        (_is_enum, _enum_writer, _enum_reader),
        (is_union, union_writer, union_reader),
        (_is_anything, _anything_writer, _anything_reader),
        (conditions.is_type, _type_writer, _type_reader),
        (is_protocol, write_plugin, read_plugin),
        (conditions.is_condition, write_condition, read_condition),
        (_is_whole_plan, _whole_plan_writer, read_whole_plan),
    )


def fixed_hooks(catalog: Catalog, vocabulary: Vocabulary) -> Iterator[tuple[type, Write, Read]]:
    """Return the hooks of single types, which go before all factories."""
    for kind, scalar in SCALARS.items():
        yield kind, scalar.write, _scalar_reader(kind, scalar.read)
    plans = dict(catalog.by_key)
    yield Plan, _plan_writer(plans), _plan_reader(plans)
    yield Facts, conditions.facts_writer(vocabulary), conditions.facts_reader(vocabulary)
    yield Exception, write_error, read_error


def _scalar_reader(kind: type, read: Callable[[Any], Any]) -> Read:
    """Return the hook of a scalar; cattrs also asks it for enumerations whose members are such scalars."""

    def hook(data: object, hint: Any) -> Any:
        return read(data) if hint is kind or not _is_enum(hint) else member(data, hint)

    return hook


def _plan_writer(plans: dict[str, Plan]) -> Write:
    def write(value: object) -> str:
        if not isinstance(value, Plan):
            raise wrong(value, "a Plan")
        if plans.get(value.key) != value:
            raise RefusedError(
                value.key,
                "a plan is stored as its key and found in the catalog, with the same content",
                "give rows(catalog=...) this version",
            )
        return value.key

    return write


def _plan_reader(plans: dict[str, Plan]) -> Read:
    keys = Catalog(plans.values())

    def read(data: object, _: Any) -> Plan:
        return plans.get(text_of(data, "a plan")) or keys.plan(text_of(data))

    return read


def _is_unknown(_hint: Any) -> bool:
    return True


def _no_form(hint: Any, _converter: Converter) -> Any:
    raise InvalidTypeError(
        hint, "a stored model has fields of types that have a plain form", "register a hook for the type on the converter"
    )


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Enum)


def _enum_writer(hint: Any, _converter: Converter) -> Write:
    return lambda value: write_member(value, hint)


def _enum_reader(hint: Any, _converter: Converter) -> Read:
    return lambda data, _: member(data, hint)


def _is_anything(hint: Any) -> bool:
    return hint in {Any, object, Hashable} or isinstance(hint, ForwardRef)


def _anything_writer(_hint: Any, converter: Converter) -> Write:
    return union_writer(ANYTHING, converter)


def _anything_reader(_hint: Any, converter: Converter) -> Read:
    return union_reader(ANYTHING, converter)


def _type_writer(_hint: Any, _converter: Converter) -> Write:
    return conditions.write_type


def _type_reader(_hint: Any, _converter: Converter) -> Read:
    return conditions.read_type


def _is_whole_plan(hint: Any) -> bool:
    return hint is WholePlan


def _whole_plan_writer(_hint: Any, converter: Converter) -> Write:
    return model_writer(Plan, converter)
