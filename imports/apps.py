from pathlib import Path

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from salon.apps import SQL as SALON_SQL

SQL = Path(__file__).parent / "sql"


def after_migrate(**kwargs: object) -> None:
    """Make the current SQL stand; may run any number of times."""
    from salon import database

    # Apps are gone through from the top: salon would install after this what is called here.
    database.install(SALON_SQL / "append_only.sql", SQL / "guards.sql")


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = "Imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from imports import auditing, causes, desk_parts, verifying

        post_migrate.connect(after_migrate, sender=self)
        desk_parts.add_to_the_desk()
        auditing.register()
        causes.add_causes()
        verifying.add_checks()
