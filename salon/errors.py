"""What the ground floor refuses, told as people should read it: what did not happen, what to do."""


class Refused(Exception):
    """The act was refused and nothing changed. `field` names the input that it is about, if any."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class StaleService(Refused):
    """Somebody else changed the service since this page was made."""
