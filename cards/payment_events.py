"""Events of payments, pages, charges, readers and refunds: each only makes us look again.

What they say is not believed, and so neither their order nor how often they come matters.
"""

from cards import attempts, events
from cards.events import NotOurs
from cards.finding import attempt_of, refund_of, text
from cards.models import CardSaving, ProcessorEvent
from cards.refund_sending import settle_refund
from cards.saving_end import finish_saving

LOOK_AT_ATTEMPT = (
    "checkout.session.completed",
    "checkout.session.expired",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "charge.succeeded",
    "charge.updated",
)
LOOK_AT_REFUND = ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated")
LOOK_AT_SAVING = ("checkout.session.completed", "checkout.session.expired")
AT_READER = ("terminal.reader.action_succeeded", "terminal.reader.action_failed")


def register() -> None:
    """Have them handled; called once, when the program starts."""
    for kind in LOOK_AT_ATTEMPT:
        events.on(kind, look_at_attempt)
    for kind in LOOK_AT_REFUND:
        events.on(kind, look_at_refund)
    for kind in LOOK_AT_SAVING:
        events.on(kind, look_at_saving)
    for kind in AT_READER:
        events.on(kind, look_at_reader)
    events.on("charge.refunded", look_at_refunds)


def look_at_attempt(event: ProcessorEvent) -> None:
    """A payment moved; its fee may be known now."""
    attempts.settle(attempt_of(event.object))


def look_at_saving(event: ProcessorEvent) -> None:
    """A page that keeps a card has ended."""
    saving = CardSaving.objects.filter(page_id=event.object.get("id") or "-").first()
    if saving is None:
        raise NotOurs("It is about no card that was asked for here.")
    finish_saving(saving)


def look_at_refund(event: ProcessorEvent) -> None:
    """A refund moved; it may be refused weeks after it was done."""
    settle_refund(refund_of(event.object))


def look_at_refunds(event: ProcessorEvent) -> None:
    """Something went back of a charge, which does not say by which refund."""
    for refund in attempt_of(event.object).refunds.under_way():
        settle_refund(refund)


def look_at_reader(event: ProcessorEvent) -> None:
    """A reader took a card, or did not."""
    action = event.object.get("action") or {}
    asked = action.get("process_payment_intent") or {}
    if not text(asked, "payment_intent"):
        raise NotOurs("The reader did something else than ask for a payment.")
    attempts.settle(attempt_of({"payment_intent": asked["payment_intent"]}))
