"""A tax policy."""

from collections.abc import Iterable

from attrs import field, frozen

from billing_domain.errors import MissingRateError
from billing_domain.plugins import Supply, TaxCategory, TaxTable, TaxTreatment


def _tables(values: Iterable[TaxTable]) -> tuple[TaxTable, ...]:
    return tuple(values)


@frozen
class OneStopShop:
    """Consumers elsewhere in the Union pay the rate of their own country.

    Args:
        tables: The rates, one table for each country that is sold to.
    """

    code = "acme:oss"
    tables: tuple[TaxTable, ...] = field(converter=_tables)

    def treat(self, supply: Supply) -> TaxTreatment:
        """Return the rate of the buyer's country on the tax point, or refuse a country that is not sold to."""
        for table in self.tables:
            if table.country == supply.buyer_country:
                country = "" if table.country == supply.seller_country else table.country
                return TaxTreatment(TaxCategory.STANDARD, table.rate(supply.tax, on=supply.tax_point), country=country)
        raise MissingRateError(supply.buyer_country, "there is a table for each country that is sold to", "add its table")
