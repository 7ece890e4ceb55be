"""An attempt's life: begun in a transaction, sent outside of one, ended by what the processor says.

    with transaction.atomic():
        attempt = begin(...)            # the row, with what it pays
    attempt = send(attempt)             # the call, under the row's key
    attempt = look(attempt)             # and again, by a page, a webhook, the sweep

Between any two steps the process may die: the row is there, its keys make every call repeatable,
and nothing is taken that `look` would not find. How each way asks is in asking.py and
beside it, what is written down in recording.py.
"""

import datetime as dt
import logging
import uuid as uuids
from collections.abc import Callable

from django.db import IntegrityError, transaction
from djmoney.money import Money

from cards import gateways, recording
from cards.errors import NotConnected
from cards.gateway import Gateway, Rejected, Unclear
from cards.models import Attempt, CardOnFile, ProcessorCustomer
from cards.on_file import hold_card
from cards.purposes import check_registered
from cards.ways import WAYS
from clients.models import Client
from salon import clock
from salon.desk import Desk
from salon.errors import Refused

log = logging.getLogger(__name__)

ON_PAGE = dt.timedelta(minutes=40)
"""How long a hosted page may be paid. The processor wants at least 30 minutes."""
AT_READER = dt.timedelta(minutes=5)
ON_FILE = dt.timedelta(minutes=2)
_PATIENCE = {
    Attempt.Way.PHONE: ON_PAGE,
    Attempt.Way.SCREEN: ON_PAGE,
    Attempt.Way.READER: AT_READER,
    Attempt.Way.ON_FILE: ON_FILE,
}
Step = Callable[[Gateway, Attempt], Attempt]


def begin(
    *,
    purpose: str,
    reference: str,
    amount: Money,
    way: str,
    description: str,
    desk: Desk,
    uuid: uuids.UUID,
    client: Client | None = None,
    card: CardOnFile | None = None,
    customer: ProcessorCustomer | None = None,
    keep_card: bool = False,
    reader_id: str = "",
    back_url: str = "",
) -> Attempt:
    """Write an attempt; nothing is asked of the processor yet. Call inside a transaction.

    `keep_card`: the client agreed that the card which pays on the page is kept, too.

    The same `uuid` again answers with the attempt that it wrote. Locks `card`. Raises NotConnected,
    and Refused for a card that was removed.
    """
    if not gateways.connected():
        raise NotConnected
    check_registered(purpose)
    if found := Attempt.objects.filter(uuid=uuid).first():
        return found
    if card:
        card = hold_card(card)
    values: dict[str, object] = {
        "uuid": uuid,
        "purpose": purpose,
        "reference": reference,
        "amount": amount,
        "way": way,
        "description": description[:200],
        "client": client,
        "card": card,
        "customer": customer or (card.customer if card else None),
        "keep_card": keep_card and client is not None,
        "reader_id": reader_id,
        "back_url": back_url,
        "location": desk.location,
        "started_at": desk.at,
        "started_by": desk.staff,
        "expires_at": desk.at + _PATIENCE[Attempt.Way(way)],
    }
    try:
        with transaction.atomic():
            return Attempt.objects.create(**values)
    except IntegrityError:  # The same form at the same moment.
        return Attempt.objects.get(uuid=uuid)


def begun_before(*, uuid: uuids.UUID, purpose: str, reference: str) -> Attempt | None:
    """What the same form began already; None the first time. Call under the lock of what it pays.

    Raises Refused where the name was used for something else. One query.
    """
    twin = Attempt.objects.filter(uuid=uuid).first()
    if twin and (twin.purpose, twin.reference) != (purpose, reference):
        raise Refused("This form was used before. Nothing was charged. Load the page again.")
    return twin


def send(attempt: Attempt) -> Attempt:
    """Ask the processor for the money. The attempt as it stands then: open, paid, or why not.

    Never inside a transaction. An answer that does not come leaves it open: `look` finds out.
    """
    return _patiently(attempt, lambda: _round(attempt, WAYS[attempt.way].send))


def look(attempt: Attempt) -> Attempt:
    """Ask the processor how it stands, and end it where it has ended there. Never in a transaction.

    Also after an end: a payment that came all the same is recorded, and a fee that came later.
    """
    return _patiently(attempt, lambda: settle(attempt))


def cancel(attempt: Attempt) -> Attempt:
    """Make sure that it takes nothing any more; where the client was faster, it is paid.

    Raises no GatewayError: while the processor does not answer it stays open, and the sweep
    cancels it.
    """
    asked = Attempt.objects.open().filter(pk=attempt.pk, cancel_asked_at=None)
    asked.update(cancel_asked_at=clock.now())
    return look(attempt)


def settle(attempt: Attempt) -> Attempt:
    """As `look`, but an answer that does not come is raised: Unclear, Rejected."""
    return _round(attempt, WAYS[attempt.way].look)


def _patiently(attempt: Attempt, ask: Callable[[], Attempt]) -> Attempt:
    try:
        return ask()
    except (Unclear, Rejected) as error:
        log.warning("attempt %s: %s: %s", attempt.uuid, type(error).__name__, error)
        return _read(attempt)


def _round(attempt: Attempt, step: Step) -> Attempt:
    """One round with the processor, by the row as it is now."""
    gateway = gateways.current()
    if gateway is None:
        raise NotConnected
    row = _noted(attempt)
    if not row.is_open:
        return _look_back(gateway, row)
    way = WAYS[row.way]
    if row.cancel_asked_at:
        return way.cancel(gateway, row, recording.CANCELED)
    if row.expires_at <= clock.now():
        return way.cancel(gateway, row, way.late)
    return step(gateway, row)


def _noted(attempt: Attempt) -> Attempt:
    # Durable: refuses to run inside another transaction, where no call may be made.
    with transaction.atomic(durable=True):
        Attempt.objects.filter(pk=attempt.pk).update(looked_at=clock.now())
    return _read(attempt)


def _read(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_related("card", "customer").get(pk=attempt.pk)


def _look_back(gateway: Gateway, attempt: Attempt) -> Attempt:
    """It has ended here: only money that was taken all the same changes it, and a late fee."""
    if attempt.fee_entry_id:
        return attempt
    if attempt.payment_id:
        return recording.record(attempt, gateway.payment(attempt.payment_id))
    if attempt.page_id:
        return recording.record_page(attempt, gateway.page(attempt.page_id))
    return attempt
