"""Asking plugins for prices and shares, and checking what they answer."""

from decimal import Decimal

from billing_domain.catalog import Charge, CommitmentCharge, Measured, PriceModel, Working
from billing_domain.catalog.working import flat
from billing_domain.errors import MissingRateError, PluginError
from billing_domain.periods import Proration, Share, Stretch


def work_out(model: PriceModel, measured: Measured) -> Working:
    """Ask a price model for its working and check the answer.

    Raises:
        PluginError: It raised, or returned something else than a `Working`.
        MissingRateError: It has no price for what was measured.
    """
    try:
        working = model.work_out(measured)
    except MissingRateError:
        raise
    except Exception as error:
        raise PluginError(
            error, "a price model does not raise", "handle the quantity, or refuse it when the plan is made", _code(model), "work_out"
        ) from error
    if not isinstance(working, Working):
        raise PluginError(working, "a price model returns a Working", "return Working([Step(...)])", _code(model), "work_out")
    return working


MOST_KEPT = 1 << 12
"""How many workings are kept at a time: enough for the prices that accounts share, little beside one batch."""


class Workings:
    """What charges cost for agreed quantities, kept for one run or one batch.

    A price model answers the same for the same quantity, so each is asked once. Quantities are told apart as they are written:
    3 and 3.0 cost the same, but a working shows them as they were agreed.
    """

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[Charge, Working]] = {}

    def of(self, charge: Charge, quantity: Decimal) -> Working:
        """Return the working of an agreed quantity for a whole period; that of a commitment is its amount.

        Raises:
            PluginError: See `work_out`.
        """
        name = (id(charge), str(quantity))
        kept = self._kept.get(name)
        if kept is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            working = flat(charge.amount) if isinstance(charge, CommitmentCharge) else work_out(charge.price, Measured(quantity))
            kept = self._kept[name] = (charge, working)  # the charge is kept too, so that its id stays its own
        return kept[1]


def share_of_period(proration: Proration, stretch: Stretch) -> Share:
    """Ask a proration for its share and check the answer.

    Raises:
        PluginError: It raised, or returned something else than a share between 0 and 1.
    """
    try:
        share = proration.share(stretch)
        part, of = share
        sound = type(part) is int and type(of) is int and 0 <= part <= of and of > 0
    except Exception as error:
        raise PluginError(
            error, "a proration returns a Share and does not raise", "return Share(part, of=whole)", _code(proration), "share"
        ) from error
    if not sound:
        raise PluginError(share, "a share is two whole numbers, 0 <= part <= of", "return Share(part, of=whole)", _code(proration), "share")
    return share


def _code(plugin: PriceModel | Proration) -> str:
    return str(getattr(plugin, "code", type(plugin).__name__))
