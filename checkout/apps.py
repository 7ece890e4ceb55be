from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "checkout"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from appointments import changes
        from checkout import (
            auditing,
            client_parts,
            credit_lines,
            credits,
            desk_parts,
            offers,
            tips,
            verifying,
            visit_changes,
        )
        from checkout.charges import going_back, purpose, tender_kind
        from checkout.tills import sealing

        auditing.register()
        credit_lines.register_credit_lines()
        credits.register_credits()
        tips.register_tips()
        tender_kind.register_charge_kind()
        purpose.register_order_purpose()
        going_back.register_going_back()
        offers.register()
        desk_parts.add_to_the_desk()
        client_parts.register_client_parts()
        verifying.add_checks()
        sealing.register()
        changes.ask("checkout", visit_changes.ask_the_sale, first=visit_changes.lock_the_sales)
