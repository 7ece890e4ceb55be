"""`manage.py verify_ledger`: compares every figure of the books that is kept twice."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.verifying import Result, verify


class Command(BaseCommand):
    help = (
        "Checks that the books are well: prints what was counted; "
        "ends with 1, naming the rows, where something is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--thorough",
            action="store_true",
            help="Look at every row by every check, and make every seal's SHA-256 anew.",
        )

    def handle(self, *args: object, thorough: bool, **options: Any) -> None:
        results = []
        for result in verify(thorough=thorough):
            self.stdout.write(_line(result))
            for sentence in result.named:
                self.stdout.write(f"             {sentence}")
            results.append(result)
        wrong = sum(1 for result in results if result.wrong)
        if wrong:
            raise CommandError(f"The books are NOT well: {wrong} of {len(results)} checks failed.")
        self.stdout.write(f"All is well: {len(results)} checks.")


def _line(result: Result) -> str:
    if result.wrong:
        return f"{'WRONG':>9}    {result.check}: {result.wrong:,} of {result.looked_at:,} are not"
    how = f" ({result.how})" if result.how and result.looked_at else ""
    return f"{result.looked_at:>9,} ok {result.check}{how}"
