from pathlib import Path

from django.apps import AppConfig
from django.db.models.signals import post_migrate

SQL = Path(__file__).parent / "sql"
SQL_FILES = [
    SQL / "posting.sql",
    SQL / "guards.sql",
    SQL / "grants.sql",
    SQL / "snapshots.sql",
    SQL / "opening.sql",
    SQL / "seals.sql",
]
"""The ledger's current SQL, in the order of installing. Migrations make tables, these the rest."""


def after_migrate(**kwargs: object) -> None:
    """Make the current functions, triggers and grants stand; may run any number of times."""
    from salon import database

    database.install(*SQL_FILES)


class LedgerConfig(AppConfig):
    name = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clients import archiving as archiving_clients
        from clients import merge_parts
        from ledger import archiving, auditing, desk_parts, merging

        post_migrate.connect(after_migrate, sender=self)
        desk_parts.add_to_the_desk()
        auditing.register()
        merge_parts.add(merging.MoneyPart())
        archiving_clients.ask("ledger", archiving.why_not_archive)
