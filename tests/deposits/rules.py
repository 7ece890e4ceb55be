"""Deposit rules, custom deposits, exceptions and settings for the tests, in one line each."""

from decimal import Decimal

from deposits.models import (
    BookingSettings,
    ClientDeposit,
    DepositRule,
    DepositTerms,
    ServiceDeposit,
)
from salon import clock
from salon.models import Location, StaffMember
from tests.factories import dollars, make_staff


def terms(text):
    """ "30 %", "$20", "full", "none" as fields of DepositTerms."""
    if text.endswith("%"):
        return {"kind": DepositTerms.Kind.PERCENT, "percent": Decimal(text[:-1].strip())}
    if text.startswith("$"):
        return {"kind": DepositTerms.Kind.AMOUNT, "amount": dollars(text[1:])}
    return {"kind": text}


def make_rule(text, who="everybody", *, least=0, **fields):
    """make_rule("30 %", "new", least=100, location=midtown)."""
    return DepositRule.objects.create(
        who=who, minimum_value=dollars(least), **terms(text), **fields
    )


def make_custom(service, text, holder=None):
    """Of the service itself, or of a location or a person."""
    whose = {}
    if isinstance(holder, Location):
        whose = {"location": holder}
    elif isinstance(holder, StaffMember):
        whose = {"staff": holder}
    return ServiceDeposit.objects.create(service=service, **whose, **terms(text))


def make_exception(client, text, **fields):
    by = make_staff("Marcus")
    return ClientDeposit.objects.create(
        client=client, set_by=by, set_at=clock.now(), **terms(text), **fields
    )


def set_booking(**fields):
    """Change the one row of booking settings."""
    BookingSettings.objects.filter(pk=1).update(**fields)
