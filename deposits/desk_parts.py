"""What the app adds to the frame."""


def add_to_the_desk() -> None:
    """Called once, when the program starts."""
