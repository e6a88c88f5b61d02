"""The facts of the field, with their type, unit and title in English and Lithuanian.

Only what is agreed everywhere stands here; how a host fills a fact, and every fact of its own, is the host's.
"""

from datetime import date, datetime
from decimal import Decimal

from billing_domain.conditions.facts import Fact
from billing_domain.money import Money

_Texts = frozenset[str]

ACCOUNT_ID = Fact("account_id", str, title="account", titles={"lt": "sąskaitos turėtojas"})
SEGMENT = Fact("segment", str, title="customer segment", titles={"lt": "klientų segmentas"})
BUSINESS = Fact("business", bool, title="business customer", titles={"lt": "verslo klientas"})
REGION = Fact("region", str, title="region", titles={"lt": "regionas"})
COUNTRY = Fact("country", str, title="country", titles={"lt": "šalis"})
CHANNEL = Fact("channel", str, title="sales channel", titles={"lt": "pardavimo kanalas"})
TAGS: Fact[_Texts] = Fact("tags", frozenset, title="set of labels", titles={"lt": "žymų sąrašas"})

CUSTOMER_SINCE = Fact("customer_since", date, title="first day as a customer", titles={"lt": "pirmoji kliento diena"})
TENURE_MONTHS = Fact("tenure_months", int, title="tenure", titles={"lt": "kliento stažas"}, unit="month")
CONTRACT_START = Fact("contract_start", date, title="start of the contract", titles={"lt": "sutarties pradžia"})
CONTRACT_END = Fact("contract_end", date, title="end of the contract", titles={"lt": "sutarties pabaiga"})
CONTRACT_MONTHS_LEFT = Fact(
    "contract_months_left", int, title="rest of the contract", titles={"lt": "likęs sutarties laikas"}, unit="month"
)  # fmt: skip
NOTICE_GIVEN = Fact("notice_given", bool, title="notice given by the customer", titles={"lt": "klientas pranešė apie nutraukimą"})

PLAN = Fact("plan", str, title="plan", titles={"lt": "planas"})
PRODUCTS: Fact[_Texts] = Fact("products", frozenset, title="set of products", titles={"lt": "produktų sąrašas"})
SUBSCRIPTIONS = Fact("subscriptions", int, title="number of subscriptions", titles={"lt": "prenumeratų skaičius"})
MONTHLY_SPEND = Fact("monthly_spend", Money, title="average monthly spend", titles={"lt": "vidutinės mėnesio išlaidos"})
YEARLY_SPEND = Fact("yearly_spend", Money, title="spend of the last 12 months", titles={"lt": "pastarųjų 12 mėnesių išlaidos"})
USAGE = Fact("usage", Decimal, title="usage of the period", titles={"lt": "laikotarpio sunaudojimas"})
USAGE_PERCENT = Fact("usage_percent", Decimal, title="used part of the allowance", titles={"lt": "panaudota limito dalis"}, unit="percent")

ARREARS = Fact("arrears", Money, title="overdue amount", titles={"lt": "pradelsta suma"})
OVERDUE_DAYS = Fact("overdue_days", int, title="age of the oldest overdue amount", titles={"lt": "seniausios skolos amžius"}, unit="day")
LATE_PAYMENTS = Fact(
    "late_payments", int, title="number of late payments in 12 months", titles={"lt": "vėluotų mokėjimų skaičius per 12 mėn."}
)
PAYMENT_METHOD = Fact("payment_method", str, title="way of payment", titles={"lt": "mokėjimo būdas"})
AUTOPAY = Fact("autopay", bool, title="automatic payment", titles={"lt": "automatinis mokėjimas"})
PAPERLESS = Fact("paperless", bool, title="electronic bill", titles={"lt": "elektroninė sąskaita"})

COMPLAINTS = Fact("complaints", int, title="number of complaints in 12 months", titles={"lt": "skundų skaičius per 12 mėn."})
OPEN_DISPUTES = Fact("open_disputes", int, title="number of open disputes", titles={"lt": "neišspręstų ginčų skaičius"})
OUTAGE_HOURS = Fact("outage_hours", Decimal, title="outage in the period", titles={"lt": "paslaugos neveikimas"}, unit="hour")

GRANTS = Fact("grants", int, title="number of grants in 12 months", titles={"lt": "suteiktų nuolaidų skaičius per 12 mėn."})
GRANTED = Fact("granted", Money, title="value of grants in 12 months", titles={"lt": "suteiktų nuolaidų vertė per 12 mėn."})
LAST_GRANT = Fact("last_grant", date, title="day of the last grant", titles={"lt": "paskutinės nuolaidos diena"})
GRANTED_POLICIES: Fact[_Texts] = Fact(
    "granted_policies", frozenset, title="set of discounts granted so far", titles={"lt": "jau suteiktų nuolaidų sąrašas"}
)  # fmt: skip

DAY = Fact("day", date, title="day of the decision", titles={"lt": "sprendimo diena"})
AT = Fact("at", datetime, title="moment of the decision", titles={"lt": "sprendimo laikas"})

CATALOGUE = (
    ACCOUNT_ID, SEGMENT, BUSINESS, REGION, COUNTRY, CHANNEL, TAGS,
    CUSTOMER_SINCE, TENURE_MONTHS, CONTRACT_START, CONTRACT_END, CONTRACT_MONTHS_LEFT, NOTICE_GIVEN,
    PLAN, PRODUCTS, SUBSCRIPTIONS, MONTHLY_SPEND, YEARLY_SPEND, USAGE, USAGE_PERCENT,
    ARREARS, OVERDUE_DAYS, LATE_PAYMENTS, PAYMENT_METHOD, AUTOPAY, PAPERLESS,
    COMPLAINTS, OPEN_DISPUTES, OUTAGE_HOURS, GRANTS, GRANTED, LAST_GRANT, GRANTED_POLICIES, DAY, AT,
)  # fmt: skip
"""Every fact of the field; `Vocabulary` starts from it."""
