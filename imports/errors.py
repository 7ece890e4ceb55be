"""What this floor refuses, told as people should read it: what did not happen, what to do."""

from salon.errors import Refusal


class Refused(Refusal):
    """Imports refuse it, and nothing changed."""


class Unreadable(Refused):
    """The file is none that can be read: too large, too many rows, no table in it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")
