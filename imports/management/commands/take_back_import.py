"""`manage.py take_back_import UUID`: every balance of an import reversed, its clients archived."""

import uuid as uuids
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imports.at_a_terminal import agreed, person_named, ran
from imports.errors import Refused
from imports.models import Import, Status
from imports.running import run_take_back
from imports.taking_back import outlook, take_back
from salon.desk import Desk


class Command(BaseCommand):
    help = (
        "Takes an import back, all of it or nothing, while nothing of its balances is spent or "
        "moved. Prints who is in the way."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", type=uuids.UUID, help="As its page's address has it.")
        parser.add_argument("--by", required=True, metavar="LOGIN", help="Who answers for it.")
        parser.add_argument("--yes", action="store_true", help="Ask nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        staff = person_named(options["by"])
        import_ = Import.objects.select_related("location").filter(uuid=options["uuid"]).first()
        if import_ is None:
            raise CommandError("There is no such import. Nothing was done.")
        ahead = outlook(import_)
        for one in ahead.in_the_way:
            self.stdout.write(f"  {one.name}: {one.why}")
        asked = f"Take back {import_.file_name}, {import_.rows_in:,} clients?"
        if not ahead.how_many and not options["yes"] and not agreed(asked):
            self.stdout.write("Nothing was taken back.")
            return
        try:
            take_back(import_=import_, desk=Desk(staff=staff, location=import_.location))
        except Refused as refused:
            raise CommandError(refused.message) from refused
        import_ = ran(import_, run_take_back, self.stderr.write)
        if import_.status != Status.TAKEN_BACK:
            raise CommandError(import_.error or "It was not taken back. Everything is still in.")
        self.stdout.write(f"Taken back. {len(import_.stayed):,} clients stayed.")
