from pathlib import Path

from django.apps import AppConfig
from django.db.models.signals import post_migrate

SQL = Path(__file__).parent / "sql"


def after_migrate(**kwargs: object) -> None:
    """Make the indexes of the search stand; may run any number of times."""
    from salon import database

    database.install(SQL / "searching.sql")


class ClientsConfig(AppConfig):
    name = "clients"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clients import desk_parts, merge_parts
        from clients.merge_contacts import ContactsPart

        post_migrate.connect(after_migrate, sender=self)
        merge_parts.add(ContactsPart())
        desk_parts.add_to_the_desk()
