from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "appointments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from appointments.client_parts import register_client_parts
        from appointments.visit_search import find_visits
        from salon import pages, permissions, rail, search

        rail.add(
            rail.Entry(
                key="today", label="Today", icon="today", url_name="appointments:today", position=10
            )
        )
        register_client_parts()
        search.add("Visits today", find_visits, position=15)
        pages.add(
            pages.Page(
                "Add visit",
                "appointments:new",
                also="new book appointment",
                permission=permissions.EDIT_APPOINTMENTS,
            )
        )
