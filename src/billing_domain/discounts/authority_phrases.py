"""The rules of authority in words, in English and Lithuanian."""

from collections.abc import Mapping
from types import MappingProxyType

from billing_domain.money import parse_locale

ENGLISH = {
    "correction": "an error is corrected in full and uses no goodwill",
    "identity": "the caller is known at level {asked}, and {allowed} is needed",
    "inactive": "the agent is not active",
    "off-shift": "the agent is not on shift",
    "related": "the account is related to the agent",
    "reason": "reason {asked} is not one of {allowed}",
    "evidence": "something has to show why",
    "no-authority": "the role may not grant this at all",
    "single-amount": "the amount {asked} is above {allowed}",
    "splitting": "with earlier grants for the same reason it comes to {asked}, above {allowed}",
    "percent": "{asked} % is above {allowed} %",
    "periods": "{asked} periods are more than {allowed}",
    "customer-amount": "the customer would get {asked} within the window, above {allowed}",
    "customer-count": "the customer would have {asked} grants within the window, above {allowed}",
    "agent-amount": "the agent would grant {asked} within the window, above {allowed}",
    "agent-count": "the agent would make {asked} grants within the window, above {allowed}",
    "team-amount": "the team would grant {asked} within the window, above {allowed}",
    "team-count": "the team would make {asked} grants within the window, above {allowed}",
    "cool-down": "the last grant for this reason was on {asked}; the next may be on {allowed}",
    "four-eyes": "a second person approves each grant of this kind",
    "same-person": "who asks, or has approved, does not approve",
    "approver-role": "role {asked} may not approve this; {allowed} may",
    "approver-limit": "the approver may not grant this either",
    "approvals": "{asked} of {allowed} approvals are there",
}

LITHUANIAN = {
    "correction": "klaida ištaisoma visa ir nenaudoja geros valios lėšų",
    "identity": "skambinančiojo tapatybės lygis {asked}, o reikia {allowed}",
    "inactive": "darbuotojas nedirba",
    "off-shift": "darbuotojas ne pamainoje",
    "related": "darbuotojas susijęs su šia sąskaita",
    "reason": "priežastis {asked} nėra tarp leistinų: {allowed}",
    "evidence": "reikia nurodyti, kas tai pagrindžia",
    "no-authority": "šis vaidmuo to suteikti negali",
    "single-amount": "suma {asked} viršija leistiną {allowed}",
    "splitting": "kartu su ankstesnėmis ta pačia priežastimi susidaro {asked}, viršija leistiną {allowed}",
    "percent": "{asked} % viršija leistiną {allowed} %",
    "periods": "laikotarpių skaičius {asked} viršija leistiną {allowed}",
    "customer-amount": "klientas per laikotarpį gautų {asked}, viršija leistiną {allowed}",
    "customer-count": "klientui per laikotarpį būtų suteikta kartų: {asked}, leidžiama {allowed}",
    "agent-amount": "darbuotojas per laikotarpį suteiktų {asked}, viršija leistiną {allowed}",
    "agent-count": "darbuotojas per laikotarpį suteiktų kartų: {asked}, leidžiama {allowed}",
    "team-amount": "komanda per laikotarpį suteiktų {asked}, viršija leistiną {allowed}",
    "team-count": "komanda per laikotarpį suteiktų kartų: {asked}, leidžiama {allowed}",
    "cool-down": "paskutinį kartą dėl šios priežasties suteikta {asked}; kitą kartą galima {allowed}",
    "four-eyes": "kiekvieną tokią nuolaidą patvirtina antras žmogus",
    "same-person": "prašantysis arba jau patvirtinęs žmogus nebetvirtina",
    "approver-role": "vaidmuo {asked} to tvirtinti negali; gali {allowed}",
    "approver-limit": "tvirtinantysis pats to suteikti negali",
    "approvals": "patvirtinimų: {asked} iš {allowed}",
}

_PHRASES: Mapping[str, Mapping[str, str]] = MappingProxyType({"en": ENGLISH, "lt": LITHUANIAN})


def rule_text(code: str, asked: str, allowed: str, locale: str) -> str:
    """Return a rule in words; English where there are none in the language.

    Example:
        >>> rule_text("percent", "20", "10", "en_GB")
        '20 % is above 10 %'
    """
    phrases = _PHRASES.get(parse_locale(locale).language, ENGLISH)
    return phrases[code].format(asked=asked, allowed=allowed)
