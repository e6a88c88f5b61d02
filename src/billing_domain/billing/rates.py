"""What is owed for a key, cut where its rate of tax changes."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from billing_domain.billing.arithmetic import cumulative_shares
from billing_domain.billing.difference import Settings
from billing_domain.billing.rating import Owing
from billing_domain.invoicing import Line, Piece
from billing_domain.money.amounts import add_up
from billing_domain.tax import TaxTreatment


class RatedPart(NamedTuple):
    """The days of a key that bear one rate.

    Args:
        treatment: How they are taxed.
        owed: What is owed for them.
    """

    treatment: TaxTreatment
    owed: Owing


def parts_by_rate(owed: Owing, using: Settings) -> list[RatedPart]:
    """Split what is owed for a key at each day on which its tax treatment changes, in order of days."""
    pieces: list[Piece] = []
    treatments: list[TaxTreatment] = []
    for piece in owed[0].pieces:
        for treatment, part in _split_piece(piece, owed, using):
            pieces.append(part)
            treatments.append(treatment)
    shares = cumulative_shares(pieces, owed[0].amount, using.step, using.rules.rounding)
    found: dict[TaxTreatment, tuple[list[Piece], list[Decimal]]] = {}
    for piece, treatment, share in zip(pieces, treatments, shares, strict=True):
        members, amounts = found.setdefault(treatment, ([], []))
        members.append(piece)
        amounts.append(share)
    return [RatedPart(treatment, _part_of(owed, tuple(members), add_up(amounts))) for treatment, (members, amounts) in found.items()]


def place_of(line: Line, parts: Sequence[RatedPart]) -> RatedPart | None:
    """Return the part whose rate a line bears, else the one in which it begins; None where nothing is owed for that day."""
    for part in parts:
        if part.treatment == line.treatment:
            return part
    for part in parts:
        if any(piece.start <= line.facts.start < piece.end for piece in part.owed[0].pieces):
            return part
    return None


def _part_of(owed: Owing, pieces: tuple[Piece, ...], amount: Decimal) -> Owing:
    return (owed[0].of(pieces, amount), *owed[1:])


def _split_piece(piece: Piece, owed: Owing, using: Settings) -> list[tuple[TaxTreatment, Piece]]:
    days = (piece.end - piece.start).days
    found: list[tuple[TaxTreatment, int, int]] = []
    for number in range(days):
        treatment = using.treatments.treatment(owed[1], piece.start + timedelta(days=number))
        if found and found[-1][0] == treatment:
            found[-1] = (treatment, found[-1][1], number + 1)
        else:
            found.append((treatment, number, number + 1))
    if len(found) == 1:
        return [(found[0][0], piece)]
    return [
        (
            treatment,
            piece._replace(
                start=piece.start + timedelta(days=first),
                end=piece.start + timedelta(days=last),
                part=piece.part * (last - first),
                of=piece.of * days,
            ),
        )
        for treatment, first, last in found
    ]
