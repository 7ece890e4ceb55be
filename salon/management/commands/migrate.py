"""Django's migrate, as the owner of the database only."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangosCommand
from django.db import connection

from salon import database

WEB_RIGHTS = Path(settings.BASE_DIR) / "salon" / "sql" / "web_rights.sql"


class Command(DjangosCommand):
    """Gives the web's role its rights on all tables to come, then migrates."""

    def handle(self, *args: Any, **options: Any) -> None:
        """CommandError when logged in as the web: tables of its own would guard nothing."""
        if connection.settings_dict["USER"] == settings.DATABASE_WEB_ROLE:
            raise CommandError(
                "migrate needs the owner's login in DATABASE_OWNER_URL, another one than the web's "
                "in DATABASE_URL: who owns the tables can lift every guard on the ledger."
            )
        database.install(WEB_RIGHTS)
        super().handle(*args, **options)
