"""`manage.py export_journal --format hledger > journal.journal`: the books for other programs."""

import datetime as dt
import io
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger.exporting.chart import without_code
from ledger.exporting.formats import formats
from ledger.exporting.journal import journal
from ledger.exporting.rows import Span


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day like 2026-11-24.") from None


class Command(BaseCommand):
    help = "Writes every entry to standard output as hledger, ledger, beancount or CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=list(formats()), help="For which program.")
        parser.add_argument(
            "--from", dest="start", type=_day, help="First day; an entry carries what was before."
        )
        parser.add_argument("--to", dest="end", type=_day, help="Last day.")
        parser.add_argument(
            "--clients",
            choices=["apart", "together"],
            default="together",
            help="An account for each client and gift card, or one for all (the default).",
        )
        parser.add_argument("--names", action="store_true", help="Say clients' names too.")
        parser.add_argument(
            "--check-chart", action="store_true", help="Only list accounts without a code of yours."
        )

    def handle(self, *args: object, **options: Any) -> None:
        if options["check_chart"]:
            return self._check_chart()
        if options["format"] is None:
            raise CommandError("Say for which program: --format hledger, ledger, beancount or csv.")
        start, end = options["start"], options["end"]
        if start and end and end < start:
            raise CommandError(f"--to {end} is before --from {start}. Nothing was written.")
        texts = journal(
            form=formats()[options["format"]],
            span=Span(start, end),
            together=options["clients"] == "together",
            names=options["names"],
        )
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # Whatever the terminal's is.
        try:
            for text in texts:
                self.stdout.write(text, ending="")
            self.stdout.flush()
        except BrokenPipeError:
            _let_go_of_stdout()
        return None

    def _check_chart(self) -> None:
        missing = without_code()
        for name in missing:
            self.stdout.write(name)
        if missing:
            have = "account has" if len(missing) == 1 else "accounts have"
            raise CommandError(f"{len(missing)} {have} no code of yours.")
        self.stdout.write("Every account has a code.")


def _let_go_of_stdout() -> None:
    """Who reads has had enough, like `head`. Python would complain once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
