"""What the desk is told when a card act is refused."""

from salon.errors import Refused


class NotConnected(Refused):
    """No card processor is set up."""

    def __init__(self, then: str = "Nothing was charged. Take the payment another way.") -> None:
        super().__init__(f"No card processor is connected. {then}")


class NotRefundable(Refused):
    """So much cannot go back to this card."""


class RefundSettled(Refused):
    """What a refused refund is about was dealt with already, or it was not refused."""


class NotTransferable(Refused):
    """So much cannot be handed on to a provider, or taken back."""
