"""`manage.py check_deployment`: is this server set up as docs/production.md asks?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from salon import deployment


class Command(BaseCommand):
    """One line for each question; exit code 1 when something has to be done."""

    help = "Ask whether this deployment is safe to take money with."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for answer in deployment.answers():
            mark = "ok  " if answer.is_well else "MEND"
            self.stdout.write(f"{mark}  {answer.question}: {answer.found}")
            if not answer.is_well:
                wrong += 1
                self.stdout.write(f"      {answer.remedy}")
        if wrong:
            self.stdout.write(f"\n{wrong} to mend.")
            sys.exit(1)
        self.stdout.write("\nReady to take money.")
