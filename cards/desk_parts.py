"""What the app adds to the frame: Clients lights up on the pages of cards on file."""

from salon import rail


def add_to_the_desk() -> None:
    """Called once, when the program starts."""
    rail.cover("clients", "cards")
