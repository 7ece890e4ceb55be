from django.apps import AppConfig


class DepositsConfig(AppConfig):
    name = "deposits"
    verbose_name = "Booking and deposits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from deposits import desk_parts, purposes

        purposes.register_purposes()
        desk_parts.add_to_the_desk()
