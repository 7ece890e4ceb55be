from pathlib import Path

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate

SQL = Path(__file__).parent / "sql"


def after_migrate(**kwargs: object) -> None:
    """Make the current SQL and the cache's table stand; may run any time."""
    from salon import database

    database.install(SQL / "append_only.sql")
    call_command("createcachetable", verbosity=0)


def settle_roles(**kwargs: object) -> None:
    """Make the default roles stand, with what this migrate brought; may run any time."""
    from salon import roles

    roles.ensure_default_roles()


class SalonConfig(AppConfig):
    name = "salon"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from salon import desk_parts, desk_search
        from salon.auditing import settings as audited_settings

        # Before Django's own receiver makes the first app's permissions: afterwards nobody could
        # tell the new ones. (It is connected later, since django.contrib.auth stands below.)
        first = next(app for app in apps.get_app_configs() if app.models_module is not None)
        post_migrate.connect(settle_roles, sender=first)
        post_migrate.connect(after_migrate, sender=self)
        desk_parts.add_to_the_desk()
        desk_search.add_to_the_search()
        audited_settings.register()
