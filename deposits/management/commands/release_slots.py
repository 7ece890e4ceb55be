"""manage.py release_slots: give back the times that nobody paid for."""

from typing import Any

from django.core.management.base import BaseCommand

from deposits.payments.lapsing import lapse_due


class Command(BaseCommand):
    help = "Give back the times that online bookings held and nobody paid for. The worker does it."

    def handle(self, *args: Any, **options: Any) -> None:
        many = lapse_due()
        self.stdout.write(f"{many} request{'' if many == 1 else 's'} not paid in time")
