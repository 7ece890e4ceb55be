from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "checkout"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from appointments import changes
        from checkout import credits, desk_parts, offers, verifying, visit_changes

        credits.register_credits()
        offers.register()
        desk_parts.add_to_the_desk()
        verifying.add_checks()
        changes.ask("checkout", visit_changes.ask_the_sale)
