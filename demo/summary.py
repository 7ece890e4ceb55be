"""What is in the salon, in a few lines."""

from django.core.management.base import CommandError
from django.db.models import Count, Sum

from appointments.models import Appointment
from checkout.models import Order, Refund
from clients.models import Client
from ledger.kinds import AccountKind
from ledger.models import Account, Entry
from ledger.verifying import verify
from memberships.models import Membership
from salon.money import money


def books() -> str:
    """That every check holds; CommandError with the first that does not."""
    for result in verify():
        if result.wrong:
            raise CommandError(f"{result.check}: {result.named[0]}")
    return "  The books are well: every check of verify_ledger holds"


def lines() -> list[str]:
    """Counts, and what the salon owes its clients."""
    credit, gifts = (
        Account.objects.filter(kind=kind, balance__lt=0).aggregate(
            owed=Sum("balance"), holders=Count("pk")
        )
        for kind in (AccountKind.CLIENT_CREDIT, AccountKind.GIFT_CARD)
    )
    counts = {
        "clients": Client.objects.count(),
        "visits": Appointment.objects.count(),
        "sales": Order.objects.count(),
        "refunds": Refund.objects.filter(before_close=False).count(),
        "members": Membership.objects.standing().count(),
        "journal entries": Entry.objects.count(),
    }
    owed = [money(-(found["owed"] or 0)) for found in (credit, gifts)]
    return [
        "  " + ", ".join(f"{count:,} {what}" for what, count in counts.items()),
        f"  {owed[0]} of account credit, held by {credit['holders']} clients; "
        f"{owed[1]} on {gifts['holders']} gift cards",
    ]
