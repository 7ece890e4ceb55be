"""Blocking a card that was lost or stolen, and lifting that again. The value stays on it."""

from django.db import transaction

from checkout.errors import Refused
from checkout.locking import require
from checkout.models import LineItem
from giftcards.models import Block, GiftCard
from salon import permissions
from salon.desk import Desk


@transaction.atomic
def block(*, card: GiftCard, reason: str, desk: Desk) -> Block:
    """Let a card pay no more, from now on. A card that is blocked stays as it is.

    Locks the card, so that a payment under way is either taken before or refused. Raises Refused.
    """
    require(desk, permissions.REFUND_SALES, "block gift cards")
    locked = _lock(card)
    if locked.account_id is None:
        raise Refused("This card is not sold yet. Nothing was blocked.")
    standing = locked.blocks.filter(lifted_at__isnull=True).first()
    if standing is not None:
        return standing
    return Block.objects.create(
        card=locked,
        at=desk.at,
        by=desk.person,
        till=desk.till,
        reason=_said(reason, "blocked"),
    )


@transaction.atomic
def unblock(*, card: GiftCard, reason: str, desk: Desk) -> GiftCard:
    """Let a card pay again. One that is not blocked stays as it is. Raises Refused."""
    require(desk, permissions.REFUND_SALES, "unblock gift cards")
    locked = _lock(card)
    standing = locked.blocks.filter(lifted_at__isnull=True).first()
    if standing is not None:
        standing.lifted_reason = _said(reason, "unblocked")
        standing.lifted_at = desk.at
        standing.lifted_by, standing.lifted_till = desk.person, desk.till
        standing.save(update_fields=["lifted_at", "lifted_by", "lifted_till", "lifted_reason"])
    return locked


def block_what_is_empty(card: GiftCard, line: LineItem, desk: Desk) -> None:
    """After a refund of the line that sold it: a card with nothing left is not to come back.

    What a later refund returns to it waits until somebody looks at it and unblocks it.
    """
    locked = _lock(card)
    if locked.left or locked.blocks.filter(lifted_at__isnull=True).exists():
        return
    reason = f"Refunded with sale #{line.order.number}"
    Block.objects.create(card=locked, at=desk.at, by=desk.person, till=desk.till, reason=reason)


def _lock(card: GiftCard) -> GiftCard:
    return GiftCard.objects.select_for_update().get(pk=card.pk)


def _said(reason: str, done: str) -> str:
    if not reason.strip():
        raise Refused(f"Say why the card is {done}. Nothing was changed.", field="reason")
    return reason.strip()[:240]
