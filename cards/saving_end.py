"""How it ends when a client is asked to have a card kept: a card, or none.

`finish_saving` is called by whoever learns of it: a page of ours, a webhook, the sweep.
"""

import logging

from django.db import transaction

from cards import gateways
from cards.errors import NotConnected
from cards.gateway import Gateway, GatewayError, PageStatus, Rejected, SavedCard, Unclear
from cards.keeping import keep_card
from cards.models import CardOnFile, CardSaving
from cards.on_file import forget_removed
from cards.saving import (
    NO_CARD,
    PAGE_LASTS,
    PROCESSOR_LASTS,
    NotAnswered,
    card_of,
    fresh_saving,
    is_over,
    lock_saving,
)
from salon import clock
from salon.errors import Refused

log = logging.getLogger(__name__)


def finish_saving(saving: CardSaving) -> CardOnFile | None:
    """Ask the processor's page, and write down the card that came of it; None: none (yet).

    Never inside a transaction; any number of times. Raises Unclear: ask again.
    """
    fresh, gateway = fresh_saving(saving), gateways.current()
    if fresh.ended_at or not fresh.page_id or gateway is None:
        return card_of(fresh)
    try:
        page = gateway.page(fresh.page_id)
        if page.status == PageStatus.COMPLETE:
            return _finished(gateway, fresh, page.setup_id)
    except Rejected as rejected:  # A wrong key, maybe: a card may have been kept all the same.
        log.warning("saving %s: the processor does not tell: %s", fresh.uuid, rejected)
        return None
    if page.status == PageStatus.EXPIRED:
        _end(fresh)
    return None


def cancel_saving(saving: CardSaving) -> CardOnFile | None:
    """Make sure that no card is kept by this any more; where the client was faster, that card.

    Never inside a transaction. Raises NotAnswered: then its page is open still.
    """
    fresh = fresh_saving(saving)
    is_open_there = fresh.page_id and not fresh.ended_at
    card = _close_page(fresh) if is_open_there else card_of(fresh)
    _end(fresh)
    return card


def _close_page(saving: CardSaving) -> CardOnFile | None:
    gateway = gateways.current()
    if gateway is None:
        raise NotConnected(NO_CARD)
    try:
        page = gateway.expire_page(saving.page_id)
        if page.status == PageStatus.COMPLETE:
            return _finished(gateway, saving, page.setup_id)
    except GatewayError as error:
        log.warning("saving %s was not closed: %s", saving.uuid, error)
        if not is_over(saving, PROCESSOR_LASTS):
            raise NotAnswered(
                "The card processor did not answer: the card page may still be open. Try again in "
                "a moment. By itself it closes within a day."
            ) from error
    return None


def settle_savings() -> int:
    """Finish what was finished unseen and close what took too long; how many are still open.

    For the sweep. Never inside a transaction.
    """
    with transaction.atomic(durable=True):
        waiting = list(CardSaving.objects.filter(ended_at=None).order_by("pk"))
    for saving in waiting:
        try:
            finish_saving(saving)
            if is_over(saving, PAGE_LASTS):
                cancel_saving(saving)
        except (Unclear, Refused) as error:
            log.warning("saving %s stays open: %s", saving.uuid, error)
    return CardSaving.objects.filter(ended_at=None).count()


def _finished(gateway: Gateway, saving: CardSaving, setup_id: str) -> CardOnFile:
    card = _keep(saving, gateway.saved_card(setup_id))
    forget_removed(card.client)
    return card


@transaction.atomic
def _keep(saving: CardSaving, saved: SavedCard) -> CardOnFile:
    """Write the card down, once. The same card again takes the place of the older token."""
    locked = lock_saving(saving)
    assert locked.customer is not None and locked.consented_at is not None  # nosec B101
    card = keep_card(
        client=locked.client,
        customer=locked.customer,
        saved=saved,
        consented_at=locked.consented_at,
        saving=locked,
    )
    if not locked.ended_at:
        locked.ended_at = clock.now()
        locked.save(update_fields=["ended_at"])
    return card


def _end(saving: CardSaving) -> None:
    """It has come to nothing."""
    CardSaving.objects.filter(pk=saving.pk, ended_at=None).update(ended_at=clock.now())
