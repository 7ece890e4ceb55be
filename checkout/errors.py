"""What checkout refuses, told as the desk should read it: what did not happen and what to do."""

from salon.errors import Refusal


class Refused(Refusal):
    """Checkout refuses it."""


class StaleOrder(Refused):
    """The order changed at another till since this page was made."""


class StaleTill(Refused):
    """Cash came or went since the page that asked for a count was made."""


class CannotAllocate(Refused):
    """Some money on the order may not pay for what is on it, e.g. a gift for services only."""
