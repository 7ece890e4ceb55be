"""What the ground floor refuses, told as people should read it: what did not happen, what to do."""


class Refusal(Exception):
    """An act was refused and nothing changed. `field` names the input that it is about, if any.

    Each floor has its own `Refused`: who calls it catches that one, and no other floor's.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Refused(Refusal):
    """The ground floor refuses it."""


class StaleService(Refused):
    """Somebody else changed the service since this page was made."""
