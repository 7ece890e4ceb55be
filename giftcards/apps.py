from django.apps import AppConfig


class GiftCardsConfig(AppConfig):
    name = "giftcards"
    verbose_name = "Gift cards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from giftcards import auditing, desk_parts, line_kind, offers, tender_kind, verifying

        line_kind.register_line()
        tender_kind.register_tender()
        offers.register()
        desk_parts.add_to_the_desk()
        verifying.add_checks()
        auditing.register()
