"""The card that a membership is charged to: chosen at the desk, or typed by the client online.

saving = ask_for_card(...)          # the client agreed, on their own page
saving = open_saving(saving)        # cards/saving.py: the processor's page
membership = finish_card(change)    # back from it, or by the job (finish_due)
"""

from __future__ import annotations

import logging
import uuid as uuids

from django.db import transaction

from cards.gateway import Unclear
from cards.models import CardOnFile, CardSaving
from cards.on_file import expires_before, hold_card
from cards.saving import accept_terms, begin_saving, card_of, is_over
from cards.saving_end import finish_saving
from memberships.changing import blocking, history
from memberships.changing.acting import allow, locked_at
from memberships.errors import Refused, as_refused
from memberships.locking import lock_membership
from memberships.models import CardChange, Event, Membership, MembershipSettings, Period
from memberships.own import telling
from memberships.renewing.charging import retry
from salon import clock
from salon.desk import Desk
from salon.errors import Refusal

log = logging.getLogger(__name__)


@transaction.atomic
def choose_card(*, membership: Membership, card: CardOnFile, desk: Desk) -> Membership:
    """Charge this card of the client's from now on; nothing is charged by it.

    Locks the membership, then the card. The same card again changes nothing. Raises Refused for
    somebody else's card, and for one that was removed or has expired.
    """
    allow(desk, "change the card of a membership")
    locked, where = locked_at(membership, desk)
    if why := blocking.ended(locked):
        raise Refused(f"{why} Nothing was changed.")
    with as_refused():
        held = hold_card(card)
    if held.client_id != locked.client.survivor_id:
        raise Refused(
            f"{held} is not a card of {locked.client.name}’s. Nothing was changed. Choose one of "
            "theirs.",
            field="card",
        )
    if expires_before(held, where.business_date):
        raise Refused(
            f"{held} has expired. Nothing was changed. Choose another card.", field="card"
        )
    if locked.card_id != held.pk:
        _charge_from_now_on(locked, held, desk)
    return locked


@transaction.atomic
def ask_for_card(
    *,
    membership: Membership,
    back_url: str,
    address: str | None,
    device: str = "",
    terms: str = "",
) -> CardSaving:
    """The client wants another card charged, and agrees to that on their own page.

    `terms` is what they agreed to, word by word; the owner's words alone where none are given.
    `address` and `device` are of the browser that agreed. Asked again while the first is under way,
    it answers with that one. The caller opens the processor's page outside of the transaction.
    Raises Refused once it has ended, and where no card processor is connected.
    """
    locked = lock_membership(membership)
    if why := blocking.ended(locked):
        raise Refused(f"{why} No card was kept.")
    if under_way := _under_way(locked, back_url):
        return under_way
    desk = Desk(staff=None, location=locked.location, by_itself=True)
    with as_refused():
        saving = begin_saving(
            client=locked.client.survivor,
            desk=desk,
            terms=terms or MembershipSettings.current().consent,
            uuid=uuids.uuid4(),
            back_url=back_url,
        )
        saving = accept_terms(saving=saving, address=address)
    CardChange.objects.create(
        membership=locked, saving=saving.uuid, asked_at=desk.at, device=device[:300]
    )
    return saving


def finish_card(change: CardChange) -> Membership:
    """Ask whether the card is kept; then it is charged from now on. The membership as it is then.

    Never inside a transaction; any number of times. A charge that is owed is the caller's to try
    again. Raises Unclear where the processor does not answer: ask again.
    """
    saving = CardSaving.objects.get(uuid=change.saving)
    finish_saving(saving)
    with transaction.atomic():
        locked = lock_membership(change.membership)
        row = CardChange.objects.get(pk=change.pk)
        if row.done_at is None:
            _finish(locked, row, CardSaving.objects.get(pk=saving.pk))
    return locked


def finish_due() -> int:
    """Finish what clients began on their own pages and nobody saw end; how many got a card.

    For the job; never inside a transaction, any number of workers at once. What is owed is charged
    to the new card at once.
    """
    waiting = CardChange.objects.filter(done_at=None).select_related("membership__location")
    return sum(_finish_one(change) for change in list(waiting.order_by("pk")))


def retry_owed(membership: Membership) -> Period | None:
    """Charge what is owed to the card that it has now; None where nothing is.

    Never inside a transaction. Raises Refused where no card can be asked.
    """
    owed = membership.periods.owed().first()
    if owed is None:
        return None
    desk = Desk(staff=None, location=membership.location, by_itself=True)
    return retry(period=owed, desk=desk)


def _finish_one(change: CardChange) -> bool:
    try:
        membership = finish_card(change)
        change.refresh_from_db()
        if change.card_id and membership.owes_a_period:
            retry_owed(membership)
    except (Unclear, Refusal) as error:
        log.warning("card change %s: %s", change.pk, error)
    return change.card_id is not None


def _finish(membership: Membership, change: CardChange, saving: CardSaving) -> None:
    card = card_of(saving)
    if card is None and not saving.ended_at:
        return
    change.done_at, change.card = clock.now(), card
    change.save(update_fields=["done_at", "card"])
    is_theirs = card is not None and card.client_id == membership.client.survivor_id
    if card and is_theirs and not card.removed_at and membership.is_standing:
        _charge_from_now_on(membership, card, None)


def _charge_from_now_on(membership: Membership, card: CardOnFile, desk: Desk | None) -> None:
    """With the membership locked. Without a desk the client did it."""
    membership.card = card
    membership.save(update_fields=["card"])
    text = f"Charged to {card} from now on."
    at, by, till = (desk.at, desk.staff, desk.till) if desk else (clock.now(), None, None)
    history.write(membership, Event.Kind.CARD, text, at=at, by=by, till=till)
    telling.tell_changed(membership)


def _under_way(membership: Membership, back_url: str) -> CardSaving | None:
    asked = membership.card_changes.filter(done_at=None).values("saving")
    rows = CardSaving.objects.select_related("client", "customer")
    same = rows.filter(uuid__in=asked, back_url=back_url, ended_at=None)
    found = same.first()
    return None if found is None or is_over(found) else found
