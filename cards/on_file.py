"""Cards on file: whose they are, which one is charged, and how one goes.

A card is removed here at once, and from then on nobody charges it. The processor is told
afterwards, outside of the transaction; `forget_removed` tells it again until it has let go.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cards import gateways
from cards.errors import NotConnected
from cards.gateway import GatewayError
from cards.models import Attempt, CardOnFile, ProcessorCustomer
from clients.models import Client
from clients.standing import hold
from salon import clock, said
from salon.desk import Desk
from salon.errors import Refused

log = logging.getLogger(__name__)


def customer_of(client: Client) -> ProcessorCustomer:
    """Who the client is at the processor, made there when there is nobody yet; a merged client's
    is the survivor's.

    Never inside a transaction. Raises NotConnected and GatewayError.
    """
    gateway = gateways.current()
    if gateway is None:
        raise NotConnected("No card was kept.")
    with transaction.atomic(durable=True):
        stands = Client.objects.select_related("merged_into").get(pk=client.pk).survivor
        known = ProcessorCustomer.objects.filter(client=stands).first()
    if known:
        return known
    gateway_id = gateway.make_customer(
        reference=f"client-{stands.pk}", name=stands.name, email=stands.email, key=_key(stands)
    )
    with transaction.atomic():
        made, _ = ProcessorCustomer.objects.get_or_create(
            gateway_id=gateway_id, defaults={"client": hold(stands)}
        )
    return made


def stranger_of(client: Client, key: str) -> ProcessorCustomer:
    """Another customer of theirs at the processor, without a name or an address.

    For pages that nobody of the salon opened: who types somebody's name and number is taken for
    that client, and the processor's page shows what it knows of its customer. The same `key` finds
    the same one. Never inside a transaction. Raises NotConnected and GatewayError.
    """
    gateway = gateways.current()
    if gateway is None:
        raise NotConnected("No card was kept.")
    gateway_id = gateway.make_customer(
        reference=f"client-{client.pk}", name="", email="", key=f"{key}:customer"
    )
    with transaction.atomic(durable=True):
        made, _ = ProcessorCustomer.objects.get_or_create(
            gateway_id=gateway_id, defaults={"client": hold(client)}
        )
    return made


def _key(client: Client) -> str:
    """Of the client as it is sent, and of the hour.

    Once the name was mended, the old key would be refused; and where the processor failed under a
    key, it fails under it for a day. A customer who is made twice is an empty one too many.
    """
    told = f"{client.created_at.isoformat()} {client.name} {client.email} {clock.now():%Y%m%d%H}"
    return f"client:{client.pk}:customer:{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def default_card(client: Client) -> CardOnFile | None:
    """The card that is charged where no other was chosen; of a merged client the survivor's."""
    cards = CardOnFile.objects.standing().select_related("customer")
    return cards.filter(client=client.survivor_id, is_default=True).first()


def standing_one(card: CardOnFile | None) -> CardOnFile | None:
    """The card, or the same one as it is kept now, where it was typed again or two clients who both
    gave it were merged; None where it was removed. One query for each time.
    """
    while card and card.removed_at:
        face = {name: getattr(card, name) for name in ("brand", "last4", "exp_month", "exp_year")}
        twins = CardOnFile.objects.filter(client=card.client_id, **face).select_related("customer")
        # Kept at the moment when this token was let go of: what was typed later was agreed to anew.
        twins = twins.filter(Q(removed_at=None) | Q(removed_at__gt=card.removed_at))
        card = twins.filter(added_at__lte=card.removed_at).first()
    return card


def expires_before(card: CardOnFile, day: dt.date) -> bool:
    """Whether it can no longer be charged on that day."""
    return card.last_day < day


def hold_card(card: CardOnFile) -> CardOnFile:
    """The card, which nobody removes until the transaction ends: for who begins an attempt with it.

    Locks it. Raises Refused where it was removed meanwhile.
    """
    locked = CardOnFile.objects.select_for_update(no_key=True, of=("self",))
    found = locked.select_related("customer").get(pk=card.pk)
    if found.removed_at:
        raise Refused(f"{found} was removed. Nothing was charged. Choose another card.")
    return found


@transaction.atomic
def make_default(*, card: CardOnFile, desk: Desk) -> CardOnFile:
    """Charge this card where no other was chosen. Locks the client.

    Raises Refused where the card has expired, or was removed meanwhile.
    """
    client = alone_with(card.client)
    found = hold_card(card)
    if expires_before(found, desk.business_date):
        raise Refused(f"{found} has expired. The default card is still the same.")
    CardOnFile.objects.standing().filter(client=client).exclude(pk=found.pk).update(
        is_default=False
    )
    found.is_default = True
    found.save(update_fields=["is_default"])
    return found


def remove_card(*, card: CardOnFile, desk: Desk) -> CardOnFile:
    """Take a card off, then ask the processor to forget it. Where it was the default, the newest
    other that has not expired is it then.

    Never inside a transaction. Locks the client, then the card. Removed already, it only asks the
    processor again. Raises Refused while a payment with it is under way.
    """
    with transaction.atomic(durable=True):
        alone_with(card.client)
        locked = CardOnFile.objects.select_for_update().get(pk=card.pk)
        if not locked.removed_at:
            _check_unused(locked)
            retire(locked, at=desk.at, desk=desk)
            promote(locked.client, desk.business_date)
    forget_removed(locked.client)
    locked.refresh_from_db()
    return locked


def retire(card: CardOnFile, *, at: dt.datetime, desk: Desk | None = None) -> None:
    """Mark it as removed. Call under the client's lock; the default is the caller's to mend.

    `desk`: who removes it, and where; None where another card takes its place.
    """
    card.removed_at, card.is_default = at, False
    card.removed_by, card.removed_till = (desk.staff, desk.till) if desk else (None, None)
    card.save(update_fields=["removed_at", "removed_by", "removed_till", "is_default"])


def forget_removed(client: Client | None = None) -> int:
    """Ask the processor to let go of removed cards; how many it still keeps.

    Never inside a transaction. One whose payment is under way waits for its end. For the sweep, or
    for one client.
    """
    with transaction.atomic(durable=True):
        still_used = Attempt.objects.open().filter(card=OuterRef("pk"))
        cards = CardOnFile.objects.filter(removed_at__isnull=False, forgotten_at=None)
        cards = cards.filter(client=client) if client else cards
        to_forget = list(cards.filter(~Exists(still_used)).order_by("pk"))
    return sum(not _forget(card) for card in to_forget)


def _forget(card: CardOnFile) -> bool:
    gateway = gateways.current()
    if gateway is None:
        return False
    try:
        gateway.forget_card(card.method)
    except GatewayError as error:
        log.warning("card %s: the processor still keeps it: %s", card.pk, error)
        return False
    CardOnFile.objects.filter(pk=card.pk).update(forgotten_at=clock.now())
    return True


def alone_with(client: Client) -> Client:
    """The client who stands for this one; nobody else changes their cards until the transaction
    ends, nor merges or archives them. Locks the client's row.
    """
    clients = Client.objects.select_for_update(no_key=True)
    locked = clients.get(pk=client.pk)
    while locked.merged_into_id:
        locked = clients.get(pk=locked.merged_into_id)
    return locked


def _check_unused(card: CardOnFile) -> None:
    attempt = Attempt.objects.open().filter(card=card).first()
    if attempt:
        raise Refused(
            f"A payment of {said.amount(attempt.amount)} with {card} is under way. The card was "
            "not removed. Wait until the payment has ended, or cancel it."
        )


def next_default(cards: Iterable[CardOnFile], today: dt.date) -> CardOnFile | None:
    """Which of these, the newest first, is the default when that is gone."""
    return next((card for card in cards if not expires_before(card, today)), None)


def promote(client: Client, today: dt.date) -> None:
    """Where no card is the default any more, the newest one is that has not expired."""
    left = CardOnFile.objects.standing().filter(client=client)
    if not left.filter(is_default=True).exists() and (card := next_default(left, today)):
        card.is_default = True
        card.save(update_fields=["is_default"])
