"""The deposit rules in words: whom one is for, and how much it asks."""

from deposits.models import DepositRule, DepositTerms, ServiceDeposit
from deposits.models.rules import ClientDeposit
from salon import said

Kind = DepositTerms.Kind
Who = DepositRule.Who


def how(terms: DepositTerms) -> str:
    """30 % of the price; $20.00 for each service; full payment; no deposit."""
    if terms.kind == Kind.PERCENT:
        assert terms.percent is not None  # nosec B101 - the database demands one
        return f"{said.percent(terms.percent)} of the price"
    if terms.kind == Kind.AMOUNT:
        assert terms.amount is not None  # nosec B101 - the same
        return f"{said.amount(terms.amount)} for each service"
    return "full payment" if terms.kind == Kind.FULL else "no deposit"


def whom(rule: DepositRule) -> str:
    """Clients with 2 or more no-shows at Midtown, from $100.00."""
    who = {
        Who.EVERYBODY: "Everybody",
        Who.NEW: "New clients",
        Who.NO_SHOWS: f"Clients with {no_shows(rule.no_shows)} or more",
    }[Who(rule.who)]
    at = f" at {rule.location}" if rule.location else ""
    least = f", from {said.amount(rule.minimum_value)} on" if rule.minimum_value else ""
    return f"{who}{at}{least}"


def custom(row: ServiceDeposit) -> str:
    """Custom deposit of Cut & finish with Maya."""
    whose = f" with {row.staff}" if row.staff else f" at {row.location}" if row.location else ""
    return f"Custom deposit of {row.service}{whose}"


def exception(row: ClientDeposit) -> str:
    """Exception for Clara Nuñez."""
    return f"Exception for {row.client}"


def no_shows(count: int) -> str:
    """1 no-show; 2 no-shows."""
    return f"{count} no-show{'' if count == 1 else 's'}"
