"""`manage.py settle_attempts`: asks the card processor after everything that is under way."""

import datetime as dt

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cards.sweeping import sweep


class Command(BaseCommand):
    help = (
        "Finishes card payments, refunds, transfers and events that a crash or a lost answer left "
        "open. Ends with 1, a line for each, where something still is. May run any number of times."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--older-than",
            type=int,
            default=60,
            metavar="SECONDS",
            help="Leave younger ones to who began them (60).",
        )

    def handle(self, *args: object, older_than: int = 60, **options: object) -> None:
        lines = sweep(dt.timedelta(seconds=older_than))
        for line in lines:
            self.stdout.write(line)
        if lines:
            raise CommandError(f"{len(lines)} still open.")
        self.stdout.write("nothing open")
