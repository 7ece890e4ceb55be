"""Reports on the rail."""

from salon import permissions, rail


def add_to_the_desk() -> None:
    rail.add(
        rail.Entry(
            key="reports",
            label="Reports",
            icon="reports",
            url_name="reports:index",
            position=60,
            permission=permissions.VIEW_REPORTS,
        )
    )
