"""What this floor refuses, told as the desk should read it."""


class Refused(Exception):
    """The act was refused and nothing changed. `field` names the input that it is about, if any."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class StaleMerge(Refused):
    """One of the two clients changed since the page showed them. Nothing was merged."""

    def __init__(self) -> None:
        super().__init__(
            "One of the two changed while this page was open: a visit, a sale or a balance. "
            "Nothing was merged. Below is how they stand now: look it over and go on."
        )
