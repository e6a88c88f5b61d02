"""Why an allowance is given, in the codes that documents carry."""

from typing import ClassVar

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidValueError


@guarded
@attrs.frozen
class AllowanceReason:
    """Why an allowance is given, as a code of UNCL5189 with its text (`EN 16931` BT-139, BT-140).

    Args:
        code: The code, such as `95`.
        text: What documents say.

    Example:
        >>> AllowanceReason.DISCOUNT.code
        '95'
    """

    code: str
    text: str

    DISCOUNT: ClassVar["AllowanceReason"]
    SPECIAL_AGREEMENT: ClassVar["AllowanceReason"]
    SPECIAL_REBATE: ClassVar["AllowanceReason"]
    FIXED_LONG_TERM: ClassVar["AllowanceReason"]
    TEMPORARY: ClassVar["AllowanceReason"]
    STANDARD: ClassVar["AllowanceReason"]
    YEARLY_TURNOVER: ClassVar["AllowanceReason"]

    def __attrs_post_init__(self) -> None:
        if not self.code and not self.text:
            raise InvalidValueError("", "an allowance has a reason (BR-33, BR-42)", "give a code of UNCL5189 or a text")


AllowanceReason.DISCOUNT = AllowanceReason("95", "Discount")
AllowanceReason.SPECIAL_AGREEMENT = AllowanceReason("64", "Special agreement")
AllowanceReason.SPECIAL_REBATE = AllowanceReason("100", "Special rebate")
AllowanceReason.FIXED_LONG_TERM = AllowanceReason("102", "Fixed long term")
AllowanceReason.TEMPORARY = AllowanceReason("103", "Temporary")
AllowanceReason.STANDARD = AllowanceReason("104", "Standard")
AllowanceReason.YEARLY_TURNOVER = AllowanceReason("105", "Yearly turnover")
