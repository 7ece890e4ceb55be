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


class MembershipsConfig(AppConfig):
    name = "memberships"
    verbose_name = "Memberships"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from memberships import auditing, causes, client_parts, exemptions, purposes, verifying
        from memberships.desk import offers, rail
        from memberships.enrolling import line
        from memberships.views import report

        post_migrate.connect(after_migrate, sender=self)
        auditing.register()
        line.register_lines()
        purposes.register_purposes()
        causes.register_causes()
        offers.register()
        rail.add_to_the_desk()
        report.register()
        exemptions.add_exemption()
        client_parts.register_client_parts()
        verifying.add_checks()
