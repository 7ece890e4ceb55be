"""`manage.py later --days 31`: the demo lives on, day by day, with all that the days bring."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cards import gateways
from demo import days, moving, seeding, summary

MOST = 3 * 366


class Command(BaseCommand):
    help = (
        "Moves the demo's clock, for the web, the worker and all commands at once, and does what "
        "each day brings: memberships renew, lots expire. Never backwards. Ctrl-C stops it after "
        "any day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=1, help="so many (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        _check(options["days"])
        try:
            with moving.alone():
                self._walk(options["days"])
        except moving.BusyError:
            raise CommandError(
                "Another `later` is moving the clock already. Nothing was done by this one."
            ) from None
        self._say(summary.books())

    def _walk(self, many: int) -> None:
        for number in range(1, many + 1):
            moving.one_day()
            if happened := days.live():
                self._say(f"  {days.today():%a, %b %-d, %Y}  {', '.join(happened)}")
            elif number % 30 == 0:
                self._say(f"  {days.today():%a, %b %-d, %Y}  day {number} of {many}")
        ahead = moving.ahead().days
        self._say(f"  It is {days.today():%A, %B %-d, %Y}: {ahead} days ahead of the world")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _check(many: int) -> None:
    """CommandError where the clock is not to be moved."""
    if not settings.DEMO:
        raise CommandError(
            "DEMO is off. Only the demo's clock can be moved, with DEMO=1. Nothing was done."
        )
    if (gateway := gateways.current()) and not gateway.is_test:
        raise CommandError(
            "A card processor is connected that moves real money: months of charges would be real. "
            "Nothing was done."
        )
    if not 1 <= many <= MOST:
        raise CommandError(
            f"--days is 1 to {MOST:,}: the clock never goes backwards. Nothing was done."
        )
    if not seeding.is_open():
        raise CommandError("There is no salon in this database yet: `manage.py demo` makes one.")
