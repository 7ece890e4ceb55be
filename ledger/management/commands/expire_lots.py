"""`manage.py expire_lots`: daily; turns value that nobody may spend any more into income."""

from django.core.management.base import BaseCommand

from ledger.expiring import expire_lots
from salon import clock


class Command(BaseCommand):
    help = "Posts breakage for every lot whose last day has passed. May run any number of times."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"Lots expired: {len(expire_lots(clock.now())):,}.")
