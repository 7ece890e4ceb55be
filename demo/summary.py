"""What is in the salon, in a few lines."""

from django.db.models import Sum

from appointments.models import Appointment
from checkout.models import Order, Refund
from clients.models import Client
from ledger.kinds import STORED_VALUE
from ledger.models import Account, Entry
from salon.money import money


def lines() -> list[str]:
    """Counts, and what the salon owes its clients."""
    owed = Account.objects.filter(kind__in=STORED_VALUE).aggregate(total=Sum("balance"))["total"]
    holders = Account.objects.filter(kind__in=STORED_VALUE, balance__lt=0).count()
    counts = {
        "clients": Client.objects.count(),
        "visits": Appointment.objects.count(),
        "sales": Order.objects.count(),
        "refunds": Refund.objects.filter(before_close=False).count(),
        "journal entries": Entry.objects.count(),
    }
    return [
        "  " + ", ".join(f"{count:,} {what}" for what, count in counts.items()),
        f"  {money(-(owed or 0))} of account credit, held by {holders} clients",
    ]
