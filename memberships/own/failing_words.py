"""Why a charge failed, for whoever holds the card: the desk's words may speak of "the client"."""

from cards.decline_words import NOTHING, happened_to_holder
from memberships.models import Period

ABOUT_THE_CARD = ("card on file", "has expired", "was removed")


def failure_said(period: Period) -> str:
    """The card was declined. Empty where nothing failed."""
    failure = period.failure
    if not failure:
        return ""
    if NOTHING in failure:
        return happened_to_holder(failure)
    if any(words in failure for words in ABOUT_THE_CARD):
        return failure
    return "The salon could not ask your card."
