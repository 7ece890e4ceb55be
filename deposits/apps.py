from pathlib import Path

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from salon.apps import SQL as SALON_SQL

SQL = Path(__file__).parent / "sql"


def after_migrate(**kwargs: object) -> None:
    """Make the current SQL stand; may run any number of times."""
    from salon import database

    # Apps are gone through from the top: salon would install after this what is called here.
    database.install(SALON_SQL / "append_only.sql", SQL / "append_only.sql")


class DepositsConfig(AppConfig):
    name = "deposits"
    verbose_name = "Booking and deposits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from appointments import changes
        from deposits import auditing, client_parts, desk_parts, purposes, verifying
        from deposits.desk import telling
        from deposits.fates import parts as fate_parts
        from deposits.payments import asking
        from deposits.rules import service_part

        post_migrate.connect(after_migrate, sender=self)
        auditing.register()
        service_part.add_to_services()
        purposes.register_purposes()
        desk_parts.add_to_the_desk()
        fate_parts.add_fates()
        changes.ask("deposits.asking", asking.when_visit_changes)
        changes.ask(
            "deposits.telling",
            telling.tell_the_client,
            prompt=telling.prompt,
            told=telling.outcomes_of,
        )
        client_parts.register_client_parts()
        verifying.add_checks()
