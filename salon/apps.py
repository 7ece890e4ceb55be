from pathlib import Path

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate

SQL = Path(__file__).parent / "sql"


def after_migrate(**kwargs: object) -> None:
    """Make the current SQL, the cache's table and the default roles stand; may run any time."""
    from salon import database, roles

    database.install(SQL / "append_only.sql")
    call_command("createcachetable", verbosity=0)
    roles.ensure_default_roles()


class SalonConfig(AppConfig):
    name = "salon"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(after_migrate, sender=self)
