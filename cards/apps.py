from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "cards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cards import (
            auditing,
            checks,  # noqa: F401
            client_parts,
            desk_parts,
            disputes,
            payment_events,
            payouts,
            verifying,
        )

        client_parts.register_client_parts()
        desk_parts.add_to_the_desk()
        for teller in (payment_events, disputes, payouts):
            teller.register()
        verifying.add_checks()
        auditing.register()
