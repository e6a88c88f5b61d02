"""The registry: codes to plugins, checked when they are registered; engines never look anything up in it.

Only text needs it: tables of policies, stored rows. Objects made in code go straight into a rulebook or a plan.
"""

from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any, NamedTuple

import attrs

from billing_domain.conditions import CATALOGUE, Condition, Fact, Vocabulary
from billing_domain.errors import LoadError, UnknownReferenceError
from billing_domain.plugins.kinds import BENEFITS, CONDITIONS, KINDS, PluginKind


class Registered(NamedTuple):
    """One plugin under its code.

    Args:
        kind: What sort of plugin it is.
        code: Its code, with a namespace.
        plugin: The class, or the object where it is one by itself, such as a condition.
    """

    kind: PluginKind
    code: str
    plugin: Any


def _entries(values: Iterable[Registered]) -> tuple[Registered, ...]:
    return tuple(sorted(values, key=lambda entry: (entry.kind.name, entry.code)))


def _facts(values: Iterable[Fact[Any]]) -> tuple[Fact[Any], ...]:
    return tuple(values)


@attrs.frozen
class Registry:
    """Plugins by their codes; adding gives a new registry.

    Args:
        entries: What is registered, by sort and code.
        facts: Facts of the host that rules in plain data may name.

    Example:
        >>> from decimal import Decimal
        >>> from attrs import frozen
        >>> from billing_domain.plugins import PriceModel, Registry, Step, Working
        >>> @frozen
        ... class ByNight:
        ...     code = "acme:by-night"
        ...     price: Decimal
        ...     def work_out(self, measured):
        ...         return Working([Step("night", measured.quantity, self.price)])
        >>> Registry().add(ByNight).plugin(PriceModel, "acme:by-night") is ByNight
        True
    """

    entries: tuple[Registered, ...] = attrs.field(converter=_entries, default=())
    facts: tuple[Fact[Any], ...] = attrs.field(converter=_facts, default=())

    def add(self, *plugins: Any) -> "Registry":
        """Return the registry with these plugins and facts too.

        Args:
            *plugins: Classes with a `code`, conditions, or facts of the host.

        Raises:
            LoadError: Faults of all of them at once: no protocol fits, a method takes something else than one context,
                the code has no namespace, or another plugin has it.
        """
        return _added(self, [(_name(plugin), plugin) for plugin in plugins])

    @classmethod
    def discover(cls, kinds: Sequence[PluginKind] = KINDS) -> "Registry":
        """Return a registry of what installed packages offer in the entry-point groups; only when asked, never by itself.

        Args:
            kinds: The sorts of plugins to look for.

        Raises:
            LoadError: Faults of all of them at once, also of those that can not be imported.
        """
        return discovered(cls(), [point for kind in kinds for point in entry_points(group=kind.group)])

    def plugin(self, kind: type[Any], code: str) -> Any:
        """Return the plugin with a code that fits a protocol.

        Raises:
            UnknownReferenceError: There is none.
        """
        for entry in self.entries:
            if entry.kind.protocol is kind and entry.code == code:
                return entry.plugin
        known = ", ".join(entry.code for entry in self.entries if entry.kind.protocol is kind) or "none"
        raise UnknownReferenceError(code, f"the registry knows as {kind.__name__}: {known}", "add the plugin to the registry")

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts and conditions that rules in plain data may name."""
        conditions: list[Condition] = [entry.plugin for entry in self.entries if entry.kind is CONDITIONS]
        return Vocabulary().add(*self.facts, *conditions)

    @property
    def benefits(self) -> tuple[Any, ...]:
        """The benefits that policies in plain data may name."""
        return tuple(entry.plugin for entry in self.entries if entry.kind is BENEFITS)


def _name(plugin: object) -> str:
    return str(getattr(plugin, "__qualname__", None) or getattr(plugin, "code", None) or type(plugin).__qualname__)


def _added(registry: Registry, named: Iterable[tuple[str, Any]]) -> Registry:
    entries, facts = list(registry.entries), list(registry.facts)
    faults: list[tuple[str, str]] = []
    for name, plugin in named:
        if isinstance(plugin, Fact):
            faults += _add_fact(facts, name, plugin)
        else:
            faults += _add_plugin(entries, name, plugin)
    if faults:
        raise LoadError(
            f"{len(faults)} faults", "plugins are checked when they are registered", "mend them all; nothing was added", tuple(faults)
        )
    return Registry(entries, facts)


def _add_fact(facts: list[Fact[Any]], name: str, fact: Fact[Any]) -> list[tuple[str, str]]:
    taken: tuple[Fact[Any], ...] = (*CATALOGUE, *facts)
    for known in taken:
        if known.code == fact.code:
            return [] if known == fact else [(name, f"another fact has the code {fact.code}")]
    facts.append(fact)
    return []


def _add_plugin(entries: list[Registered], name: str, plugin: Any) -> list[tuple[str, str]]:
    kinds = [kind for kind in KINDS if kind.fits(plugin)]
    code = getattr(plugin, "code", None)
    faults = _code_faults(code)
    if not kinds:
        hooks = ", ".join(hook for kind in KINDS for hook in kind.hooks)
        faults.append(f"it has no method of a protocol ({hooks})")
    if CONDITIONS in kinds and isinstance(plugin, type):
        faults.append("a condition is registered as an object, with the values that rules in plain data mean by its code")
    for kind in kinds:
        faults += kind.faults(plugin)
        clash = next((entry for entry in entries if entry.kind is kind and entry.code == code and entry.plugin is not plugin), None)
        if clash is not None:
            faults.append(f"{clash.plugin!r} has the code {code} already")
    if not faults:
        entries += [Registered(kind, str(code), plugin) for kind in kinds if Registered(kind, str(code), plugin) not in entries]
    return [(name, fault) for fault in faults]


def _code_faults(code: object) -> list[str]:
    if not isinstance(code, str):
        return ["its code is a text in the class, such as code = 'acme:half-of'"]
    namespace, _, rest = code.partition(":")
    return [] if namespace and rest and code == code.strip() else [f"the code {code!r} has a namespace, such as 'acme:half-of'"]


def discovered(registry: Registry, points: Iterable[EntryPoint]) -> Registry:
    """Return the registry with what entry points lead to; each must be of the sort of its group.

    Raises:
        LoadError: Faults of all of them at once.
    """
    groups = {kind.group: kind for kind in KINDS}
    named: list[tuple[str, Any]] = []
    faults: list[tuple[str, str]] = []
    for point in sorted(points, key=lambda point: (point.group, point.name, point.value)):
        name = f"{point.group}: {point.name}"
        try:
            plugin = point.load()
        except Exception as error:  # noqa: BLE001  whatever an import raises is a fault of that plugin alone
            faults.append((name, f"{point.value} can not be imported: {error}"))
            continue
        kind = groups.get(point.group)
        if kind is None or not kind.fits(plugin):
            faults.append((name, f"{point.value} does not fit the protocol of its group"))
        else:
            named.append((name, plugin))
    try:
        registry = _added(registry, named)
    except LoadError as error:
        faults += error.faults
    if faults:
        raise LoadError(
            f"{len(faults)} faults", "discovered plugins are checked like registered ones", "mend or uninstall them", tuple(faults)
        )
    return registry
