"""What a host may plug in: the policy that says how a supply is taxed."""

from datetime import date
from typing import Protocol, runtime_checkable

import attrs

from billing_domain.tax.model import TaxClass, TaxTreatment


@attrs.frozen
class Supply:
    """What a tax policy is asked about: one thing sold to one buyer on one tax point.

    Args:
        tax: The tax class of what is sold.
        tax_point: The day whose rates hold.
        seller_country: ISO 3166 code of the seller.
        buyer_country: ISO 3166 code of the buyer.
        buyer_vat_id: The buyer's VAT id, or an empty text.
        seller_vat_id: The seller's VAT id, or an empty text.
        goods: Whether goods are sold; services where False.
        buyer_profile: The code of the buyer's tax profile on the tax point, such as `exempt-embassy`; empty for none.
    """

    tax: TaxClass
    tax_point: date
    seller_country: str
    buyer_country: str
    buyer_vat_id: str = ""
    seller_vat_id: str = ""
    goods: bool = False
    buyer_profile: str = ""


@runtime_checkable
class TaxPolicy(Protocol):
    """**Protocol:** says how one supply is taxed.

    Called once for each different supply of a run; must answer the same for the same supply, since issued lines are compared with it.
    """

    @property
    def code(self) -> str:
        """The name under which documents remember it."""
        ...

    def treat(self, supply: Supply) -> TaxTreatment:
        """Return category, rate and, where no tax is due, the reason."""
        ...
