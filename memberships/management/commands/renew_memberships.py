"""`manage.py renew_memberships`: charge every membership that is due. The worker does it hourly."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from memberships.renewing.renewing import renew_due


class Command(BaseCommand):
    help = (
        "Charges the memberships whose day has come, tries failed cards again, ends and resumes "
        "what is due, and tells of charges that are coming. May run any number of times, late, "
        "several at once, and may be stopped at any point. Ends with 1 where something could not "
        "be done; the log says what, and the next run tries it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--batch",
            type=int,
            default=200,
            metavar="MANY",
            help="So many memberships are read at once; a line is written after each batch (200).",
        )

    def handle(self, *args: object, batch: int = 200, **options: object) -> None:
        if batch < 1:
            raise CommandError("--batch takes a number from 1 on.")
        done = renew_due(say=self.stdout.write, batch=batch)
        self.stdout.write(f"Done: {done}.")
        if done.troubles:
            raise CommandError(f"{done.troubles} could not be done: the log says why.")
