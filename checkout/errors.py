"""What checkout refuses, told as the desk should read it: what did not happen and what to do."""


class Refused(Exception):
    """The act was refused and nothing changed. `field` names the input that it is about, if any."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class StaleOrder(Refused):
    """The order changed at another till since this page was made."""


class StaleTill(Refused):
    """Cash came or went since the page that asked for a count was made."""


class CannotAllocate(Refused):
    """Some money on the order may not pay for what is on it, e.g. a gift for services only."""
