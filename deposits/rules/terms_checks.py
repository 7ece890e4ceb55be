"""Whether a deposit rule says how much it asks: what no form of ours would send is refused too."""

from decimal import Decimal

from djmoney.money import Money

from deposits.models import DepositTerms
from salon.errors import Refused

Kind = DepositTerms.Kind


def check_terms(kind: str, percent: Decimal | None, amount: Money | None) -> None:
    """Refuse, with the field that it is about, what would ask for nothing in particular."""
    if kind not in Kind.values:
        raise Refused("Choose what deposit is asked. Nothing was changed.", field="kind")
    if kind == Kind.PERCENT and (percent is None or not 0 < percent <= 100):
        raise Refused(
            "Enter a percentage above 0 and up to 100. Nothing was changed.", field="percent"
        )
    if kind == Kind.AMOUNT and (amount is None or amount.amount <= 0):
        raise Refused("Enter an amount above zero. Nothing was changed.", field="amount")
