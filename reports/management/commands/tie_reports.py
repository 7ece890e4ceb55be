"""`manage.py tie_reports`: every report beside the trial balance."""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.models import Entry
from salon import clock
from salon.database import one_moment
from salon.money import money
from salon.reporting import registry


class Command(BaseCommand):
    help = (
        "Reckons every report as of a date, or as of three dates drawn among those of the books, "
        "and compares it with the trial balance; ends with 1 where one is not the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=dt.date.fromisoformat, help="a date like 2026-11-24")
        parser.add_argument("--seed", type=int, help="draw the same three dates again")

    def handle(self, *args: Any, **options: Any) -> None:
        days = [options["on"]] if options["on"] else _drawn(options["seed"])
        wrong = 0
        for on in days:
            self.stdout.write(f"As of the end of {on}")
            for report in registry.reports():
                for tie in _ties_of(report, on):
                    wrong += not tie.is_well
                    said = "ok" if tie.is_well else f"WRONG, there {money(tie.books)}"
                    what = f"{report.label}: {tie.what}"
                    self.stdout.write(f"  {what:<60} {money(tie.report)!s:>16} {said}")
        if wrong:
            said = "1 figure does" if wrong == 1 else f"{wrong} figures do"
            raise CommandError(f"{said} not tie to the trial balance.")
        self.stdout.write("Every report ties to the trial balance.")


def _ties_of(report: registry.Report, on: dt.date) -> Sequence[registry.Tie]:
    """Seen in one moment: the desk may go on working."""
    with one_moment():
        return report.ties(on) if report.ties else ()


def _drawn(seed: int | None) -> list[dt.date]:
    first = Entry.objects.order_by("business_date").values_list("business_date", flat=True).first()
    last = Entry.objects.order_by("-business_date").values_list("business_date", flat=True).first()
    start, end = first or clock.now().date(), last or clock.now().date()
    dice = random.Random(seed)  # nosec B311
    return sorted(start + dt.timedelta(dice.randint(0, (end - start).days)) for _ in range(3))
