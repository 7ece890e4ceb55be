"""`manage.py demo`: opens the demo salon in an empty database, or prints who can log in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo import cards, logins, members, missed, online, sealed, seeding, summary


class Command(BaseCommand):
    help = "Fills an empty database with a lively salon; does nothing where there is one already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="print one login for each role")
        parser.add_argument(
            "--scale", type=float, default=1.0, help="1: the usual size; 0.1: a tenth of it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "DEMO is off. This command invents people and sales, so it only runs with DEMO=1. "
                "Nothing was written."
            )
        if options["logins"]:
            self._say(*logins.lines())
        elif seeding.is_open():
            self._say("  There is a salon in this database already; it stays as it is.")
        else:
            seeding.seed(scale=options["scale"], say=self._say)
            self._say(cards.connect())
            self._say(online.book())
            self._say(members.join())
            self._say(missed.miss())
            self._say(sealed.seal())
            self._say(summary.books())
            self._say(*summary.lines())

    def _say(self, *lines: str) -> None:
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()
