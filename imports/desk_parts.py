"""What imports add to the frame: a place under Clients, and what the search finds."""

from salon import pages, permissions, rail


def add_to_the_desk() -> None:
    """Called once, when the program starts."""
    rail.cover("clients", "imports")
    pages.add(
        pages.Page(
            "Import clients",
            "imports:new",
            also="csv excel upload migrate balances mangomint boulevard square vagaro fresha",
            permission=permissions.IMPORT_CLIENTS,
        )
    )
    pages.add(
        pages.Page(
            "Imports",
            "imports:list",
            also="clients take back rollback",
            permission=permissions.IMPORT_CLIENTS,
        )
    )
