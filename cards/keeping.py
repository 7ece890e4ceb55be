"""A card is kept: written down as a card on file, whichever page it was typed on.

Once for each of the processor's tokens. The same card again takes the place of the older token.
"""

import datetime as dt
from dataclasses import asdict

from django.utils import timezone

from cards.gateway import Payment, SavedCard
from cards.models import Attempt, CardOnFile, CardSaving, ProcessorCustomer
from cards.on_file import alone_with, default_card, expires_before, promote, retire
from clients.models import Client
from salon import clock


def keep_card(
    *,
    client: Client,
    customer: ProcessorCustomer,
    saved: SavedCard,
    consented_at: dt.datetime,
    saving: CardSaving | None = None,
) -> CardOnFile:
    """Write it down for the client, or for who stands for them; once. Locks the client.

    `saving` is what the client agreed to, where that was asked for by itself. Of somebody who is
    archived nothing is kept: then it is written as removed, for the processor to be told.
    """
    stands = alone_with(client)
    if known := CardOnFile.objects.filter(method=saved.method).first():
        return known
    now, face = clock.now(), asdict(saved.card)
    card = CardOnFile(
        client=stands,
        customer=customer,
        saving=saving,
        method=saved.method,
        consented_at=consented_at,
        added_at=now,
        **face,
    )
    if stands.is_archived:
        card.removed_at = now
    else:
        for same in CardOnFile.objects.standing().filter(client=stands, **face):
            retire(same, at=now)
        card.is_default = _becomes_default(stands, timezone.localtime(now).date())
    card.save()
    return card


def keep_what_paid(attempt: Attempt, payment: Payment) -> None:
    """Of a page whose client agreed to it: the card that paid is a card on file from now on.

    `attempt` is locked and not saved here; it names the card. Called before what it pays is
    posted: a client is locked before any account of theirs. Locks the client.
    """
    if not attempt.keep_card or attempt.card or not (payment.card and payment.method):
        return
    assert attempt.client is not None and attempt.customer is not None  # nosec B101
    attempt.card = keep_card(
        client=attempt.client,
        customer=attempt.customer,
        saved=SavedCard(payment.method, payment.card),
        # The page that took it was opened once the client had agreed.
        consented_at=attempt.started_at,
    )


def drop_what_paid(attempt: Attempt) -> None:
    """The card is not kept after all: what it paid is not to be had. Locks the client.

    The sweep has the processor forget it.
    """
    if not attempt.keep_card or attempt.card is None:
        return
    client = alone_with(attempt.card.client)
    card = CardOnFile.objects.get(pk=attempt.card.pk)
    if card.removed_at is None:
        retire(card, at=clock.now())
        promote(client, timezone.localtime(clock.now()).date())


def _becomes_default(client: Client, today: dt.date) -> bool:
    """The first card does, and one that comes after the default has expired."""
    old = default_card(client)
    if old and not expires_before(old, today):
        return False
    if old:
        old.is_default = False
        old.save(update_fields=["is_default"])
    return True
