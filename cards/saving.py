"""Having a card kept: asked, agreed to, typed on the processor's page, written down.

    saving = begin_saving(...)              # the row: who asks, and the terms word by word
    accept_terms(saving=saving, ...)        # the client ticked the box, on which device
    saving = open_saving(saving)            # the processor's page; its address is saving.url
    card = finish_saving(saving)            # saving_end.py: asks that page, writes the card down

Between any two steps the process may die: the row stays, and its key finds the same page again.
Nothing of a card is typed into a page of ours.
"""

import datetime as dt
import logging
import uuid as uuids

from django.db import transaction

from cards import gateways
from cards.errors import NotConnected
from cards.gateway import Gateway, GatewayError, Unclear
from cards.models import CardOnFile, CardSaving
from cards.on_file import customer_of, stranger_of
from clients.models import Client
from clients.standing import why_not_served
from salon import clock
from salon.desk import Desk
from salon.errors import Refused
from salon.waiting import locked_row

log = logging.getLogger(__name__)

LINK_LASTS = dt.timedelta(hours=1)
"""How long the client may take to agree and to go on."""
PAGE_LASTS = 2 * LINK_LASTS
"""Then the sweep closes the processor's page, too."""
PROCESSOR_LASTS = dt.timedelta(hours=25)
"""By then the processor has closed it by itself."""

NO_CARD = "No card was kept."


class SavingOver(Refused):
    """It has ended, or took too long. No card was kept by this."""


class NotAnswered(Refused):
    """The processor did not say yes. No card was kept by this; the same again is safe."""


def is_over(saving: CardSaving, lasts: dt.timedelta = LINK_LASTS) -> bool:
    """Whether it ended or took too long."""
    return bool(saving.ended_at) or clock.now() >= saving.asked_at + lasts


def card_of(saving: CardSaving) -> CardOnFile | None:
    """The card that came of it, whatever became of that since. One query."""
    return CardOnFile.objects.filter(saving=saving).first()


def saving_named(uuid: uuids.UUID | None) -> CardSaving | None:
    """The saving of this name, with its client. One query, none without a name."""
    if uuid is None:
        return None
    return CardSaving.objects.select_related("client").filter(uuid=uuid).first()


def lead_back(saving: CardSaving, back_url: str) -> None:
    """Where the processor's page leads back to, as long as it is not open yet."""
    if not saving.page_id:
        saving.back_url = back_url
        saving.save(update_fields=["back_url"])


@transaction.atomic
def begin_saving(
    *, client: Client, desk: Desk, terms: str, uuid: uuids.UUID, back_url: str
) -> CardSaving:
    """Write down that a client is asked; the processor hears nothing yet.

    The same `uuid` again answers with the row that it wrote. `back_url` is where the processor's
    page leads back to. Raises NotConnected, and Refused for who is archived.
    """
    if not gateways.connected():
        raise NotConnected(NO_CARD)
    if why := why_not_served(client):
        raise Refused(f"{why} No card was kept.")
    values = {
        "client": client,
        "terms": terms.strip(),
        "back_url": back_url,
        "asked_at": desk.at,
        "asked_by": desk.staff,
        "asked_till": desk.till,
    }
    saving, _ = CardSaving.objects.get_or_create(uuid=uuid, defaults=values)
    if saving.client_id != client.pk:
        raise SavingOver("This form is of another client. No card was kept. Open it again.")
    return saving


@transaction.atomic
def accept_terms(*, saving: CardSaving, address: str | None) -> CardSaving:
    """The client agreed, on the device at `address`. The first time counts. Raises SavingOver."""
    locked = lock_saving(saving)
    if is_over(locked):
        raise SavingOver("This took too long, or has ended. No card was kept. Ask for a new link.")
    if not locked.consented_at:
        locked.consented_at, locked.consented_from = clock.now(), address
        locked.save(update_fields=["consented_at", "consented_from"])
    return locked


def open_saving(saving: CardSaving) -> CardSaving:
    """Open the processor's page; once it is open, answers with the same.

    Never inside a transaction. Raises SavingOver, Refused where nobody agreed yet, NotAnswered
    where the processor was not reached.
    """
    gateway = gateways.current()
    if gateway is None:
        raise NotConnected(NO_CARD)
    fresh = fresh_saving(saving)
    if fresh.page_id and not fresh.ended_at:
        return fresh
    if is_over(fresh):
        raise SavingOver("This took too long, or has ended. No card was kept. Ask for a new link.")
    if not fresh.consented_at:
        raise Refused("The terms are not agreed to yet. No card was kept.")
    try:
        return _open(gateway, fresh)
    except Unclear as unclear:
        raise NotAnswered(
            "The card processor did not answer. No card was kept. Try again in a moment."
        ) from unclear
    except GatewayError as error:
        log.error("saving %s was refused: %s", fresh.uuid, error)
        raise NotAnswered(
            "The card processor refused to open its page. No card was kept. If it happens again, "
            "the owner has to look at its settings."
        ) from error


def _open(gateway: Gateway, saving: CardSaving) -> CardSaving:
    if saving.customer is None:
        # Kept before the call: what is sent under a key must not change with a merge.
        if saving.asked_by_id:
            saving.customer = customer_of(saving.client)
        else:
            saving.customer = stranger_of(saving.client, f"saving:{saving.uuid}")
        saving.save(update_fields=["customer"])
    page = gateway.open_saving_page(
        customer=saving.customer.gateway_id,
        reference=str(saving.uuid),
        key=f"saving:{saving.uuid}:page",
        back_url=saving.back_url,
    )
    with transaction.atomic():
        locked = lock_saving(saving)
        locked.page_id, locked.url = page.id, page.url
        locked.save(update_fields=["page_id", "url"])
    if locked.ended_at:  # Canceled at the desk meanwhile.
        gateway.expire_page(page.id)
        raise SavingOver("This was canceled at the desk. No card was kept.")
    return locked


def fresh_saving(saving: CardSaving) -> CardSaving:
    """As it stands now; never inside a transaction."""
    # Durable: refuses to run inside another transaction, where no call may be made.
    with transaction.atomic(durable=True):
        return CardSaving.objects.select_related("client", "customer").get(pk=saving.pk)


def lock_saving(saving: CardSaving) -> CardSaving:
    """As it stands, and nobody changes it until the transaction ends."""
    rows = CardSaving.objects.select_for_update(of=("self",))
    return locked_row(rows.select_related("client", "customer"), pk=saving.pk)
