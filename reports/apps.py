from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reports import desk_parts, register

        desk_parts.add_to_the_desk()
        register.register_reports()
