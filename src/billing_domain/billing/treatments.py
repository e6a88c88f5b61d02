"""How things are taxed in one run: the policy asked once for each different supply."""

from datetime import date
from typing import Any

from billing_domain.accounts import Account
from billing_domain.billing.asking import Workings
from billing_domain.billing.rulebook import AtIssue, Rulebook, Served, TaxPointRule
from billing_domain.catalog import Charge, Product
from billing_domain.errors import BillingError, PluginError
from billing_domain.money import minor_unit
from billing_domain.tax import Supply, TaxClass, TaxTreatment

Sold = Charge | Product
"""What a tax policy is asked about."""
Known = dict[int, tuple[Sold, TaxTreatment]]
"""How each thing that is sold is taxed on one day, by its `id`; it is held, so that its `id` stays its own while it is a name."""

MOST_KNOWN, MOST_DAYS, MOST_BUYERS = 1 << 8, 1 << 6, 1 << 10
"""How many things are known on a day, how many days, and how many sorts of buyers, at a time: enough for those that accounts share,
little beside one batch, whose memory may not grow with it: every business has a VAT id of its own.
"""


class Answers:
    """What a tax policy answered for buyers who look the same to it."""

    __slots__ = ("asked", "days")

    def __init__(self) -> None:
        self.asked: dict[tuple[str, date, bool], TaxTreatment] = {}
        self.days: dict[date, Known] = {}

    def on(self, tax_point: date) -> Known:
        """Return what is known of one day."""
        known = self.days.get(tax_point)
        if known is None:
            if len(self.days) >= MOST_DAYS:
                self.days.clear()
            known = self.days[tax_point] = {}
        return known


class Treatments:
    """The answers of a tax policy, and those of price models, kept for one run or one batch.

    A tax policy answers the same for the same supply, so each is asked once.

    Args:
        rules: The seller's strategies.

    Attributes:
        settings: The last `Settings` with each of the shared answers, by their `id`; the settings hold the answers.
    """

    __slots__ = ("_answers", "_buyers", "_rules", "_workings", "settings")

    def __init__(self, rules: Rulebook) -> None:
        self._rules = rules
        self._answers: dict[tuple[str, str, str], Answers] = {}
        self._buyers: dict[tuple[str, str], BuyerTreatments] = {}
        self.settings: dict[int, Any] = {}
        self._workings: dict[str, Workings] = {}

    def workings(self, currency: str) -> Workings:
        """Return what price models answered so far for accounts in the currency."""
        kept = self._workings.get(currency)
        if kept is None:
            kept = self._workings[currency] = Workings(minor_unit(currency), self._rules.rounding)
        return kept

    def of(self, account: Account) -> "BuyerTreatments":
        """Return the answers for one buyer; those whose tax never changed, and who look the same to the policy, share them."""
        if account.tax_profiles:
            return BuyerTreatments(self, self._rules, account)
        holder = account.holder
        name = (holder.country, holder.vat_id)
        found = self._buyers.get(name)
        if found is None:
            if len(self._buyers) >= MOST_BUYERS:
                self._buyers.clear()
                self.settings.clear()
            found = self._buyers[name] = BuyerTreatments(self, self._rules, account)
        return found

    def answers(self, country: str, vat_id: str, profile: str) -> Answers:
        """Return what was answered so far for buyers who look the same to the policy."""
        found = self._answers.get((country, vat_id, profile))
        if found is None:
            if len(self._answers) >= MOST_BUYERS:
                self._answers.clear()
            found = self._answers[country, vat_id, profile] = Answers()
        return found


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

    __slots__ = ("_account", "_rules", "_same", "_source")

    def __init__(self, kept: Treatments, rules: Rulebook, account: Account) -> None:
        self._rules = rules
        self._account = account
        holder = account.holder
        same = None if account.tax_profiles else kept.answers(holder.country, holder.vat_id, "")
        self._same = same
        self._source = same or kept  # answers that are kept hold nothing that holds them

    @property
    def is_shared(self) -> bool:
        """Whether other accounts may have the same."""
        return self._same is not None

    def treatment(self, sold: Sold, tax_point: date) -> TaxTreatment:
        """Return how something that is sold is taxed on a tax point.

        Raises:
            PluginError: The policy raised something that is not a billing error, or returned something else than a treatment.
            MissingRateError: The policy has no rate.
        """
        known = (self._same or self._answers(tax_point)).days.get(tax_point)
        kept = None if known is None else known.get(id(sold))
        return self._learn(sold, tax_point) if kept is None else kept[1]

    def known(self, tax_point: date) -> Known:
        """Return what is known of one day; what is not there is asked for by `treatment`, which adds it."""
        return self._answers(tax_point).on(tax_point)

    def _answers(self, tax_point: date) -> Answers:
        source = self._source
        if isinstance(source, Answers):
            return source
        profile = self._account.tax_profile(tax_point)
        return source.answers(profile.country, profile.vat_id, profile.code)

    def _learn(self, sold: Sold, tax_point: date) -> TaxTreatment:
        answers = self._answers(tax_point)
        asked, known = answers.asked, answers.on(tax_point)
        name = (sold.tax.code, tax_point, sold.goods)
        found = asked.get(name)
        if found is None:
            found = asked[name] = self._ask(sold.tax, tax_point, sold.goods)
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[id(sold)] = (sold, found)
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
