"""What this app adds to the frame: managing what is sold, for who may."""

from salon import permissions, rail


def add_to_the_desk() -> None:
    """Called once, when the program starts."""
    rail.add(
        rail.Entry(
            key="manage",
            label="Manage",
            icon="settings",
            url_name="manage:services",
            position=90,
            permission=permissions.MANAGE_SERVICES,
            go="a",
        )
    )
