from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "appointments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from salon import rail

        rail.add(
            rail.Entry(
                key="today", label="Today", icon="today", url_name="appointments:today", position=10
            )
        )
