"""Lines and credit entries in words: every sentence is read off the facts that were stored, and nothing is rated again."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal

from billing_domain.care.explanation_model import Detail, LineExplanation
from billing_domain.care.explanation_steps import says_nothing, working_in_words
from billing_domain.care.phrases import Percentage, UnitPrice, Words
from billing_domain.discounts import Grant
from billing_domain.invoicing import CreditEntry, Line, LineFacts, Piece, Share, Surcharge
from billing_domain.money import minor_unit, money
from billing_domain.money.amounts import CONTEXT, ONE, decimals
from billing_domain.periods import Period

_SHOWN_DECIMALS = 10


def explain_line(line: Line, words: Words, detail: Detail, grants: Mapping[str, Grant]) -> LineExplanation:
    """Return a line in words.

    Args:
        line: The line.
        words: The words.
        detail: For whom.
        grants: What was granted, by id; it adds percentages and how often a discount has been given.
    """
    facts = line.facts
    details = _pieces(facts, line.currency, words, plain=not (line.shares or line.surcharges))
    details += [_share(share, line, words, grants.get(share.grant_id)) for share in line.shares]
    details += [_surcharge(each, line.currency, words) for each in line.surcharges]
    if facts.reinstates is not None:
        details.append(words.say("line.reinstates", entry=facts.reinstates.entry, document=facts.reinstates.document))
    details += _for_staff(facts, line.currency, words, detail, _tax(line, words))
    amount = line.charged_amount
    text = words.say("line", name=line.name, period=line.period, amount=money(amount, line.currency))
    heading = words.say("line.heading", name=line.name, period=line.period)
    return LineExplanation(line.number, line.name, amount, line.currency, text, details, heading)


def explain_entry(entry: CreditEntry, words: Words, detail: Detail) -> LineExplanation:
    """Return a credit entry in words; its amount is without tax."""
    facts = entry.facts
    amount = CONTEXT.minus(entry.net_amount)
    details = [
        words.say("entry.of", invoice=entry.ref.invoice, line=entry.ref.line),
        _reason(entry, words),
        *_pieces(facts, entry.currency, words, plain=True),
        *(_share_back(share, entry.currency, words) for share in entry.shares),
        *(_surcharge_back(each, entry.currency, words) for each in entry.surcharges),
    ]
    details += _for_staff(facts, entry.currency, words, detail, _tax(entry, words))
    period = Period(facts.start, facts.end)
    text = words.say("entry", name=entry.name, period=period, amount=money(amount, entry.currency))
    heading = words.say("entry.heading", name=entry.name, period=period)
    return LineExplanation(entry.number, entry.name, amount, entry.currency, text, details, heading)


def _reason(entry: CreditEntry, words: Words) -> str:
    reason = entry.reason
    stated = reason.facts.get("text")
    if isinstance(stated, str):
        return words.say("reason", reason=f"{words.say(f'kind.{entry.kind.value}')}, {stated}")
    known = f"reason.{reason.code}"
    return words.say("reason", reason=words.say(known) if words.knows(known) else str(reason))


def _is_part(facts: LineFacts, currency: str) -> bool:
    """Say whether the amount is a part of what the pieces make, as where some of a line is credited or charged again."""
    return abs(CONTEXT.subtract(facts.exact, facts.amount)) >= minor_unit(currency)


def _pieces(facts: LineFacts, currency: str, words: Words, *, plain: bool) -> list[str]:
    """Return what each stretch of days comes from; nothing where it is one price for the whole period and nothing is taken off it.

    A line that takes a part of a line back says that part, for the pieces are those of the whole.
    """
    if facts.reinstates is not None and _is_part(facts, currency):
        return [] if plain else [words.say("line.flat", price=UnitPrice(money(facts.amount, currency)))]
    if plain and len(facts.pieces) == 1 and _says_nothing(facts.pieces[0]):
        return []
    return [_piece(piece, facts, currency, words, alone=len(facts.pieces) == 1) for piece in facts.pieces]


def _piece(piece: Piece, facts: LineFacts, currency: str, words: Words, *, alone: bool) -> str:
    said = working_in_words(piece.working, facts.unit, currency, words, piece.quantity)
    if piece.instead_of is not None:
        before = working_in_words(piece.instead_of, facts.unit, currency, words)
        said = words.say("line.instead", now=said, before=before)
    if piece.part != piece.of:
        said = f"{_days(piece, words)}, {said}"
    return said if alone else f"{words.shown(Period(piece.start, piece.end))}: {said}"


def _says_nothing(piece: Piece) -> bool:
    return piece.part == piece.of and piece.instead_of is None and says_nothing(piece.working)


def _days(piece: Piece, words: Words) -> str:
    if piece.part == (piece.end - piece.start).days:
        return words.say("line.days", part=piece.part, count=piece.of)
    return words.say("line.part", part=piece.part, of=piece.of)


def _share(share: Share, line: Line, words: Words, grant: Grant | None) -> str:
    name, amount = share.name or share.grant_id, money(share.amount, line.currency)
    percent = getattr(grant.benefit, "percent", None) if grant is not None else None
    if grant is None or not isinstance(percent, Decimal):
        return words.say("line.discount", name=name, amount=amount)
    said = words.say("line.discount-percent", name=name, percent=Percentage(percent), amount=amount)
    turn = turn_of(grant.start, grant.end, line.facts.start)
    return said if turn is None else f"{said}, {_turn(*turn, words)}"


def _turn(turn: int, months: int, words: Words) -> str:
    """Return "third of three months", with figures where there are more months than a language has words for here."""
    if months == 1:
        return words.say("line.turn.only")
    place, number = f"ordinal.{turn}", f"of-months.{months}"
    if words.knows(place) and words.knows(number):
        return words.say("line.turn.words", turn=words.say(place), months=words.say(number))
    return words.say("line.turn", turn=turn, count=months)


def _share_back(share: Share, currency: str, words: Words) -> str:
    return words.say("line.discount-back", name=share.name or share.grant_id, amount=money(share.amount, currency))


def _surcharge(surcharge: Surcharge, currency: str, words: Words) -> str:
    name, amount = surcharge.name, money(surcharge.amount, currency)
    if surcharge.percent is None:
        return words.say("line.surcharge", name=name, amount=amount)
    return words.say("line.surcharge-percent", name=name, percent=Percentage(surcharge.percent), amount=amount)


def _surcharge_back(surcharge: Surcharge, currency: str, words: Words) -> str:
    return words.say("line.surcharge-back", name=surcharge.name, amount=money(surcharge.amount, currency))


def turn_of(start: date, end: date | None, day: date) -> tuple[int, int] | None:
    """Return which month of a window a day lies in, and how many months it has; None where the window is not one of whole months.

    Example:
        >>> turn_of(date(2026, 3, 1), date(2026, 6, 1), date(2026, 5, 1))
        (3, 3)
    """
    if end is None or start.day != end.day:
        return None
    return _months(start, day) + 1, _months(start, end)


def _months(start: date, day: date) -> int:
    return (day.year - start.year) * 12 + day.month - start.month - (day.day < start.day)


def _tax(taxed: Line | CreditEntry, words: Words) -> str:
    treatment = taxed.treatment
    return words.say(
        "line.tax", category=treatment.category.value, rate="" if treatment.rate is None else Percentage(treatment.rate)
    ).rstrip()


def _for_staff(facts: LineFacts, currency: str, words: Words, detail: Detail, tax: str) -> list[str]:
    if detail is Detail.CUSTOMER:
        return []
    key = words.say("line.key", plan=facts.plan, subscription=facts.subscription_id, charge=facts.charge, slot=facts.slot.isoformat())
    said = [tax, key.strip()]
    if detail is Detail.AUDITOR:
        how = "line.part-of" if _is_part(facts, currency) else "line.rounded"
        said += [facts.text, words.say(how, exact=_long(facts.exact), amount=money(facts.amount, currency))]
    return said


def _long(value: Decimal) -> str:
    """Return an exact figure, cut with an ellipsis where it has very many decimals."""
    plain = value.normalize(CONTEXT)
    if decimals(plain) <= _SHOWN_DECIMALS:
        return f"{plain:f}"
    return f"{plain.quantize(ONE.scaleb(-_SHOWN_DECIMALS), ROUND_DOWN, CONTEXT):f}…"


def grants_by_id(grants: Iterable[Grant]) -> dict[str, Grant]:
    """Return grants by their ids."""
    return {grant.id: grant for grant in grants}
