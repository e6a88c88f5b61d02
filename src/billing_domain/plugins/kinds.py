"""Every sort of plugin: its protocol, its methods, and the entry-point group in which packages offer it."""

import inspect
from inspect import Parameter, signature

import attrs

from billing_domain.billing import HoldRule, TaxPointRule
from billing_domain.care import ReviewCheck, SecretVerifier, Switching
from billing_domain.catalog import PriceModel
from billing_domain.conditions import Condition
from billing_domain.discounts import Benefit, Stacking
from billing_domain.payments import Allocation
from billing_domain.periods import Proration
from billing_domain.retention import PropensityModel
from billing_domain.subscriptions import EarlyFee
from billing_domain.tax import TaxPolicy

GROUP_PREFIX = "billing_domain."


@attrs.frozen
class PluginKind:
    """One sort of plugin.

    Args:
        name: Its name, and the last part of its entry-point group.
        protocol: What a plugin of it fits.
        hooks: Its methods; each returns one value.
        takes: How many values each method takes: one context, but for a secret and its salt.

    Example:
        >>> PRICE_MODELS.group
        'billing_domain.price_models'
    """

    name: str
    protocol: type
    hooks: tuple[str, ...]
    takes: int = 1

    @property
    def group(self) -> str:
        """The entry-point group in which packages offer it."""
        return GROUP_PREFIX + self.name

    def fits(self, plugin: object) -> bool:
        """Say whether the plugin has the methods of this sort."""
        return all(callable(getattr(plugin, hook, None)) for hook in self.hooks)

    def faults(self, plugin: object) -> list[str]:
        """Return what is wrong with the methods of a plugin that has them."""
        return [fault for hook in self.hooks if (fault := _fault(plugin, hook, self.takes))]


def _fault(plugin: object, hook: str, takes: int) -> str:
    found = inspect.getattr_static(plugin, hook)
    if inspect.iscoroutinefunction(found):
        return f"{hook} is awaited; a plugin answers at once, and what has to be fetched is fetched before"
    try:
        parameters = list(signature(getattr(plugin, hook)).parameters.values())
    except (TypeError, ValueError):
        return f"{hook} has no signature that can be read"
    if isinstance(plugin, type) and not isinstance(plugin.__dict__.get(hook), staticmethod | classmethod):
        parameters = parameters[1:]
    required = [parameter for parameter in parameters if parameter.default is Parameter.empty and parameter.kind not in _VARIABLE]
    taken = [parameter for parameter in parameters if parameter.kind in {Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD}]
    if len(taken) < takes or len(required) > takes:
        return f"{hook} takes {'one context' if takes == 1 else f'{takes} values'}, not {len(required)} values"
    return ""


_VARIABLE = {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD}

PRICE_MODELS = PluginKind("price_models", PriceModel, ("work_out",))
PRORATIONS = PluginKind("prorations", Proration, ("share",))
TAX_POLICIES = PluginKind("tax_policies", TaxPolicy, ("treat",))
TAX_POINTS = PluginKind("tax_points", TaxPointRule, ("tax_point",))
HOLDS = PluginKind("holds", HoldRule, ("holds",))
CONDITIONS = PluginKind("conditions", Condition, ("outcome", "finding"))
BENEFITS = PluginKind("benefits", Benefit, ("propose",))
STACKINGS = PluginKind("stackings", Stacking, ("choose",))
ALLOCATIONS = PluginKind("allocations", Allocation, ("allot",))
EARLY_FEES = PluginKind("early_fees", EarlyFee, ("fee",))
REVIEW_CHECKS = PluginKind("review_checks", ReviewCheck, ("check",))
SWITCHINGS = PluginKind("switchings", Switching, ("earliest",))
PROPENSITY_MODELS = PluginKind("propensity_models", PropensityModel, ("probabilities",))
SECRET_VERIFIERS = PluginKind("secret_verifiers", SecretVerifier, ("derive",), takes=2)

KINDS = (
    PRICE_MODELS, PRORATIONS, TAX_POLICIES, TAX_POINTS, HOLDS, CONDITIONS, BENEFITS, STACKINGS, ALLOCATIONS, EARLY_FEES,
    REVIEW_CHECKS, SWITCHINGS, PROPENSITY_MODELS, SECRET_VERIFIERS,
)  # fmt: skip
"""All sorts of plugins that have a code."""
