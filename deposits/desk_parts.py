"""What the app adds to the frame."""

from salon import pages, permissions, rail


def add_to_the_desk() -> None:
    """Deposits in the rail, the policy under Manage. Called once, when the program starts."""
    rail.add(
        rail.Entry(
            key="deposits",
            label="Deposits",
            icon="deposits",
            url_name="deposits:held",
            position=40,
            permission=permissions.VIEW_BALANCES,
        )
    )
    for page in ("policy", "new_rule", "rule"):
        rail.cover("manage", f"deposits:{page}")
    rail.cover("clients", "deposits:exception")
    pages.add(
        pages.Page(
            "Deposit policy",
            "deposits:policy",
            also="rules which rule wins cancellation no-show fee manage",
            permission=permissions.MANAGE_BOOKING,
        )
    )
