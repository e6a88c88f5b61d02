"""How things are taxed in one run: the policy asked once for each different supply."""

from datetime import date

from billing_domain.accounts import Account
from billing_domain.billing.asking import Workings
from billing_domain.billing.rulebook import AtIssue, Rulebook, Served, TaxPointRule
from billing_domain.catalog import Charge, Product
from billing_domain.errors import BillingError, PluginError
from billing_domain.money import minor_unit
from billing_domain.tax import Supply, TaxClass, TaxTreatment

_Asked = dict[tuple[str, date, bool], TaxTreatment]
Sold = Charge | Product
"""What a tax policy is asked about."""


class Treatments:
    """The answers of a tax policy, and those of price models, kept for one run or one batch.

    A tax policy answers the same for the same supply, so each is asked once.

    Args:
        rules: The seller's strategies.
    """

    __slots__ = ("_buyers", "_rules", "_workings")

    def __init__(self, rules: Rulebook) -> None:
        self._rules = rules
        self._buyers: dict[tuple[str, str, str], _Asked] = {}
        self._workings: dict[str, Workings] = {}

    def workings(self, currency: str) -> Workings:
        """Return what price models answered so far for accounts in the currency."""
        kept = self._workings.get(currency)
        if kept is None:
            kept = self._workings[currency] = Workings(minor_unit(currency), self._rules.rounding)
        return kept

    def of(self, account: Account) -> "BuyerTreatments":
        """Return the answers for one buyer."""
        return BuyerTreatments(self, self._rules, account)

    def asked(self, country: str, vat_id: str, profile: str) -> _Asked:
        """Return what was answered so far for buyers who look the same to the policy."""
        return self._buyers.setdefault((country, vat_id, profile), {})


def tax_point_of(rule: TaxPointRule, start: date, end: date, issued: date) -> date:
    """Return the tax point of a service by the seller's rule; the default one needs no asking.

    Args:
        rule: The rule.
        start: See `Served`.
        end: See `Served`.
        issued: See `Served`.

    Raises:
        PluginError: The rule raised something that is not a billing error, or returned something else than a day.
    """
    if rule.__class__ is AtIssue:
        return issued
    try:
        answer = rule.tax_point(Served(start, end, issued))
    except BillingError:
        raise
    except Exception as error:
        raise PluginError(error, "a tax point rule does not raise", "answer for every service", rule.code, "tax_point") from error
    if answer.__class__ is not date:
        raise PluginError(answer, "a tax point is a day", "return a datetime.date", rule.code, "tax_point")
    return answer


class BuyerTreatments:
    """The answers of a tax policy for one buyer.

    Args:
        kept: Where answers are kept.
        rules: The seller's strategies.
        account: The buyer.
    """

    __slots__ = ("_account", "_kept", "_rules", "_same")

    def __init__(self, kept: Treatments, rules: Rulebook, account: Account) -> None:
        self._kept = kept
        self._rules = rules
        self._account = account
        holder = account.holder
        self._same = None if account.tax_profiles else kept.asked(holder.country, holder.vat_id, "")

    def treatment(self, sold: Sold, tax_point: date) -> TaxTreatment:
        """Return how something that is sold is taxed on a tax point.

        Raises:
            PluginError: The policy raised something that is not a billing error, or returned something else than a treatment.
            MissingRateError: The policy has no rate.
        """
        asked = self._same
        if asked is None:
            profile = self._account.tax_profile(tax_point)
            asked = self._kept.asked(profile.country, profile.vat_id, profile.code)
        name = (sold.tax.code, tax_point, sold.goods)
        found = asked.get(name)
        if found is None:
            found = asked[name] = self._ask(sold.tax, tax_point, sold.goods)
        return found

    def _ask(self, tax: TaxClass, tax_point: date, goods: bool) -> TaxTreatment:
        seller, profile = self._rules.seller, self._account.tax_profile(tax_point)
        supply = Supply(tax, tax_point, seller.country, profile.country, profile.vat_id, seller.vat_id, goods, profile.code)
        policy = self._rules.tax
        try:
            answer = policy.treat(supply)
        except BillingError:
            raise
        except Exception as error:
            raise PluginError(
                error, "a tax policy does not raise", "answer every supply, or refuse it with a billing error", policy.code, "treat"
            ) from error
        if not isinstance(answer, TaxTreatment):
            raise PluginError(answer, "a tax policy returns a TaxTreatment", "return TaxTreatment(category, rate)", policy.code, "treat")
        return answer
