"""What this floor refuses, told as the desk should read it."""

from salon.errors import Refused


class StaleMerge(Refused):
    """One of the two clients changed since the page showed them. Nothing was merged."""

    def __init__(self) -> None:
        super().__init__(
            "One of the two changed while this page was open: a visit, a sale or a balance. "
            "Nothing was merged. Below is how they stand now: look it over and go on."
        )
