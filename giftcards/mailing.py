"""Gift cards by e-mail: asked for with the act that needs it, sent by the worker when it is due."""

import datetime as dt
import uuid as uuids
from email.mime.image import MIMEImage

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from djmoney.money import Money

from checkout.errors import Refused
from checkout.locking import require
from giftcards.links import link_to
from giftcards.models import GiftCard, Mailing
from giftcards.standing import check_usable, may_see_code
from giftcards.tasks import send_card
from salon import clock, permissions, qr, said
from salon.desk import Desk
from salon.letters import letter
from salon.models import BusinessSettings, Location

QUEUE = "gift_cards"
MORNING = dt.time(9)
"""When an e-mail for a later day goes out, at the place that sold the card."""


def mail_issued(card: GiftCard) -> Mailing | None:
    """What the sale promised: at once, or on the morning of the day that was chosen."""
    if not card.to_email or card.line is None or card.issued_at is None:
        return None
    due_at = card.issued_at
    if card.send_on is not None:
        due_at = max(due_at, _morning(card.send_on, card.line.order.location))
    return _ask(Mailing(card=card, to=card.to_email, asked_at=card.issued_at, due_at=due_at))


@transaction.atomic
def resend(*, card: GiftCard, to: str, desk: Desk, uuid: uuids.UUID) -> Mailing:
    """Send a card's e-mail again, perhaps elsewhere. The same form (`uuid`) again sends one.

    Locks the card. Raises Refused for a card that cannot pay: nobody is sent a code that does not
    work; and for another address than the card's own, unless its code may be seen.
    """
    require(desk, permissions.MODIFY_SALES, "send gift cards")
    GiftCard.objects.select_for_update(of=("self",)).get(pk=card.pk)
    twin = Mailing.objects.filter(uuid=uuid).first()
    if twin is not None:
        return _same(twin, card, to)
    _check_goes_there(card, to, desk)
    check_usable(card, desk.business_date)
    return _ask(
        Mailing(uuid=uuid, card=card, to=to, asked_at=desk.at, asked_by=desk.person, due_at=desk.at)
    )


@transaction.atomic
def send(uuid: uuids.UUID) -> bool:
    """Send one that is due. False where there is nothing to send (any more): then it says why.

    Locks the mailing, so that two workers send it once.
    """
    mailing = (
        Mailing.objects.select_for_update(of=("self",))
        .select_related("card__account", "card__line__order__location")
        .filter(uuid=uuid)
        .first()
    )
    if mailing is None or mailing.sent_at or mailing.dropped:
        return False
    try:
        left = check_usable(mailing.card, _today(mailing.card))
    except Refused as refused:
        mailing.dropped = refused.message.partition(". ")[0][:120]
        mailing.save(update_fields=["dropped"])
        return False
    message_for(mailing.card, mailing.to, left).send()
    mailing.sent_at = clock.now()
    mailing.save(update_fields=["sent_at"])
    return True


def message_for(card: GiftCard, to: str, left: Money) -> EmailMultiAlternatives:
    """The e-mail: text and HTML, the code as a QR in a picture of its own."""
    business = BusinessSettings.current().name
    context = {
        "card": card,
        "location": card.line.order.location if card.line else None,
        "amount": left,
        "url": link_to(card),
    }
    giver = f" from {card.from_name}" if card.from_name else ""
    subject = f"A gift card{giver}: {said.amount(left)} at {business}"
    title = title_of(card, business)
    message = letter("gift_card", context, title=title, subject=subject, to=to)
    picture = MIMEImage(qr.png(card.code), "png")
    picture.add_header("Content-ID", "<qr>")
    picture.add_header("Content-Disposition", "inline", filename="gift-card.png")
    message.mixed_subtype = "related"  # type: ignore[attr-defined]  # the stubs lack it
    message.attach(picture)
    return message


def title_of(card: GiftCard, business: str) -> str:
    """A present from Ines for Clara; A gift card of The salon."""
    whom = f" for {card.to_name}" if card.to_name else ""
    if card.from_name:
        return f"A present from {card.from_name}{whom}"
    return f"A gift card of {business}{whom}"


def _same(twin: Mailing, card: GiftCard, to: str) -> Mailing:
    if (twin.card_id, twin.to) != (card.pk, to):
        raise Refused(
            "This form already sent the card elsewhere. Load the page again. Nothing was sent."
        )
    return twin


def _check_goes_there(card: GiftCard, to: str, desk: Desk) -> None:
    """Whoever reads the e-mail can pay with the card."""
    if card.is_physical:
        raise Refused(
            "The code of a plastic card stands on the card, and is not e-mailed. Nothing was sent."
        )
    if to.casefold() != card.to_email.casefold() and not may_see_code(card, desk):
        raise Refused(
            "Only a manager may send it to another address. Nothing was sent.", field="to"
        )


def _ask(mailing: Mailing) -> Mailing:
    mailing.save(force_insert=True)
    due = clock.outside(mailing.due_at)  # The worker waits by the database's clock.
    send_card.configure(queue=QUEUE, schedule_at=due).defer(mailing=str(mailing.uuid))
    return mailing


def _today(card: GiftCard) -> dt.date:
    """By the clock of the place that sold it."""
    if card.line is None:
        return clock.now().date()
    return clock.business_date(card.line.order.location)


def _morning(day: dt.date, location: Location) -> dt.datetime:
    return dt.datetime.combine(day, MORNING, location.zone)
