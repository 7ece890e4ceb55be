"""`manage.py import_clients FILE`: what the pages under Clients > Import do, for large files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.forms import ValidationError
from djmoney.money import Money

from imports.at_a_terminal import agreed, person_named, ran
from imports.confirming import confirm
from imports.errors import Refused
from imports.forms import ControlTotal
from imports.known_columns import FIELDS
from imports.mapping import Options, map_columns
from imports.models import BalancesAre, Earlier, Import, OnMatch, Status, Twice
from imports.running import run_check, run_take_in
from imports.uploading import upload
from salon import said
from salon.desk import Desk
from salon.models import Location

NAMED = 20
"""So many rows with problems are printed; the page has them all."""


class Command(BaseCommand):
    help = (
        "Reads a CSV or XLSX file of clients and balances, checks every row, prints what would "
        "come of it, and takes it in where the control total is right: all of it or nothing. "
        "Without --control-total it is only checked, and can be looked at on its page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--location", required=True, metavar="NAME")
        parser.add_argument("--by", required=True, metavar="LOGIN", help="Who answers for it.")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"What a column is; others are guessed. Fields: {', '.join(FIELDS)}.",
        )
        parser.add_argument("--balances", choices=BalancesAre.values, default=BalancesAre.PAID)
        parser.add_argument("--on-match", choices=OnMatch.values, default=OnMatch.FILL)
        parser.add_argument("--twice", choices=Twice.values, default=Twice.REFUSE)
        parser.add_argument(
            "--on-top",
            action="store_true",
            help="Add balances of clients who have one from an earlier import.",
        )
        parser.add_argument("--leave-out-errors", action="store_true")
        parser.add_argument(
            "--again", action="store_true", help="Although this very file was imported before."
        )
        parser.add_argument("--control-total", metavar="AMOUNT", help="Credit less what is owed.")
        parser.add_argument("--yes", action="store_true", help="Ask nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        total = _total(options["control_total"])
        desk = Desk(staff=person_named(options["by"]), location=_place(options["location"]))
        try:
            import_ = self._checked(desk, options)
            if total is None:
                self.stdout.write("Nothing was taken in: there was no --control-total.")
                return
            self._take_in(import_, total, desk, options)
        except Refused as refused:
            raise CommandError(refused.message) from refused

    def _checked(self, desk: Desk, options: dict[str, Any]) -> Import:
        import_ = _uploaded(options["file"], desk)
        map_columns(
            import_=import_,
            mapping=_mapping(import_, options["map"]),
            options=Options(
                options["on_match"],
                options["twice"],
                options["balances"],
                had_before=Earlier.ADD if options["on_top"] else Earlier.ASK,
            ),
            desk=desk,
        )
        import_ = ran(import_, run_check, self.stderr.write)
        if import_.status != Status.READY:
            raise CommandError(import_.error or "It was not checked. Nothing was taken in.")
        for line in _figures(import_):
            self.stdout.write(line)
        return import_

    def _take_in(self, import_: Import, total: Money, desk: Desk, options: dict[str, Any]) -> None:
        if not options["yes"] and not agreed(f"Import {import_.rows_in:,} clients?"):
            self.stdout.write("Nothing was taken in.")
            return
        confirm(
            import_=import_,
            control_total=total,
            desk=desk,
            leave_out_errors=options["leave_out_errors"],
            again=options["again"],
        )
        import_ = ran(import_, run_take_in, self.stderr.write)
        if import_.status != Status.DONE:
            raise CommandError(import_.error or "It did not go in. Nothing was taken in.")
        self.stdout.write(f"Taken in: {import_.rows_in:,} clients. Import {import_.uuid}.")


def _total(text: str | None) -> Money | None:
    try:
        return None if text is None else ControlTotal().clean(text)
    except ValidationError as error:
        raise CommandError(f"--control-total: {' '.join(error.messages)}") from error


def _place(name: str) -> Location:
    place = Location.objects.active().filter(name=name).first()
    if place is None:
        names = said.listed(Location.objects.active().values_list("name", flat=True))
        raise CommandError(f"No location is called {name}. There is {names}. Nothing was done.")
    return place


def _uploaded(path: Path, desk: Desk) -> Import:
    try:
        with path.open("rb") as file:
            return upload(file=File(file, name=path.name), desk=desk)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}. Nothing was done.") from error


def _mapping(import_: Import, said_so: Sequence[str]) -> list[str]:
    """As guessed, but for what was said."""
    mapping = list(import_.mapping)
    for text in said_so:
        field, _, column = text.partition("=")
        if column not in import_.columns or field not in ["", *FIELDS]:
            raise CommandError(
                f"--map {text}: the columns are {said.listed(import_.columns)}; the fields "
                f"{said.listed(FIELDS)}. Nothing was taken in."
            )
        place = import_.columns.index(column)
        mapping = ["" if known == field else known for known in mapping]
        mapping[place] = field
    return mapping


def _figures(import_: Import) -> list[str]:
    """What stands on the page above the rows, and the first problems."""
    wrong = import_.rows.with_errors().order_by("number")[:NAMED]
    return [
        f"{import_.rows_new:,} new clients, {import_.rows_match:,} known, "
        f"{import_.rows_skip:,} left out, {import_.rows_error:,} with problems.",
        f"{said.amount(import_.credit)} credit, {said.amount(import_.owed)} owed.",
        *(f"  Row {row.number}: {' '.join(row.problems)}" for row in wrong),
        f"To look at: /imports/{import_.uuid}/",
    ]
