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
                key="book", label="Book", icon="book", url_name="appointments:book", position=11
            )
        )
        rail.add(
            rail.Entry(
                key="today", label="Today", icon="today", url_name="appointments:today", position=10
            )
        )
        for name in ("book", "book_week"):
            rail.cover("book", f"appointments:{name}")
        for name in ("hours", "opening_hours", "staff_hours", "new_time_off"):
            rail.cover("manage", f"appointments:{name}")
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
        pages.add(pages.Page("Week of one person", "appointments:book_week", also="book calendar"))
        pages.add(
            pages.Page(
                "Hours and time off",
                "appointments:hours",
                also="manage working opening holiday vacation absence sick",
                permission=permissions.MANAGE_HOURS,
            )
        )
