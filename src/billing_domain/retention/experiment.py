"""A seeded hold-out: who gets the offer hangs on the study and the payer alone, today and in ten years."""

from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import DuplicateIdError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.money import Number, to_decimal
from billing_domain.money.amounts import add_up
from billing_domain.retention.protocols import Identified

_SPACE = 1 << 64


def _share(value: Number) -> Decimal:
    return to_decimal(value, "the share of an arm")


@guarded
@attrs.frozen
class Arm:
    """One arm of an experiment.

    Args:
        code: The code of the arm, such as `hold-out`.
        share: The probability of being assigned to it, strictly between 0 and 1.

    Example:
        >>> from billing_domain.retention import Arm
        >>> Arm("offer", share="0.8").share
        Decimal('0.8')
    """

    code: str
    share: Decimal = attrs.field(converter=_share)

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "an arm")
        if not 0 < self.share < 1:
            raise InvalidValueError(
                self.share, "the share of an arm lies strictly between 0 and 1", "leave out arms that nobody or everybody is in"
            )


@attrs.frozen
class Assignment:
    """Into which arm a unit was drawn, and with which probability.

    Args:
        experiment: The code of the experiment.
        unit: The id of the payer.
        arm: The code of the arm.
        probability: The share of the arm.
    """

    experiment: str
    unit: str
    arm: str
    probability: Decimal


def _arms(arms: Iterable[Arm]) -> tuple[Arm, ...]:
    return tuple(arms)


@guarded
@attrs.frozen
class Experiment:
    """A study whose arms are drawn.

    The draw is the first eight bytes of SHA-256 over seed, code and unit, read as a share; it is the same in every process,
    on every Python version, and independent of the draws of other codes or seeds.

    Args:
        code: The code of the study.
        seed: A text chosen once by the host; another seed gives another draw.
        arms: The arms in order; their shares add up to 1. Order and shares are part of the draw: a study never changes them.

    Example:
        >>> from billing_domain.retention import Arm, Experiment
        >>> trial = Experiment(code="loyalty-2026", seed="7f3a", arms=[Arm("offer", share="0.8"), Arm("hold-out", share="0.2")])
        >>> [trial.assign_id(unit).arm for unit in ("A-1", "A-2", "A-3", "A-4")]
        ['offer', 'offer', 'offer', 'hold-out']
    """

    code: str
    seed: str
    arms: tuple[Arm, ...] = attrs.field(converter=_arms)

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "an experiment")
        checked_id(self.seed, "a seed")
        codes = [arm.code for arm in self.arms]
        if len(codes) < 2:
            raise InvalidValueError(codes, "an experiment has at least two arms", "add the hold-out")
        if len(set(codes)) < len(codes):
            raise DuplicateIdError(codes, "each arm has a code of its own", "rename one of them")
        if add_up(arm.share for arm in self.arms) != 1:
            raise InvalidValueError([str(arm.share) for arm in self.arms], "the shares of the arms add up to 1", "give exact shares")

    def assign(self, account: Identified) -> Assignment:
        """Return the arm of an account, or of anything else with an id.

        Args:
            account: The payer.
        """
        return self.assign_id(account.id)

    def assign_id(self, unit: str) -> Assignment:
        """Return the arm of a unit.

        Args:
            unit: The id of the payer.

        Raises:
            InvalidTypeError: The id is not a text.
            InvalidValueError: The id is blank.
        """
        text = "\x1f".join((self.seed, self.code, checked_id(unit, "a unit")))
        point = int.from_bytes(sha256(text.encode()).digest()[:8], "big")
        edge = Decimal(0)
        for arm in self.arms[:-1]:
            edge = add_up((edge, arm.share))
            if point < _edge(edge):
                return Assignment(self.code, unit, arm.code, arm.share)
        return Assignment(self.code, unit, self.arms[-1].code, self.arms[-1].share)


def _edge(share: Decimal) -> int:
    """Return where a share ends on the line of all draws, in whole numbers."""
    top, bottom = share.as_integer_ratio()
    return -(-top * _SPACE // bottom)
