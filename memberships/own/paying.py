"""A member pays what is owed from their own page: with the card on file, or with another one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cards.decline_words import NOTHING
from cards.gateway import GatewayError
from memberships.changing.cards import finish_card
from memberships.enrolling.line import period_line, total_of
from memberships.errors import Refused
from memberships.models import CardChange, Membership, Period
from memberships.own.failing_words import ABOUT_THE_CARD, failure_said
from memberships.own.page import OwnPage
from memberships.renewing.charging import retry
from salon import clock, said
from salon.desk import Desk
from salon.errors import Refusal

RECENT = dt.timedelta(minutes=10)
"""So long the page says again what came of a change."""


@dataclass(frozen=True)
class Told:
    """What came of it, in words; `is_good`: as the member wished."""

    text: str
    is_good: bool = True


def pay_owed(membership: Membership, seen: str = "") -> Period:
    """Ask the member's card for the owed period now; as it stands then, paid or with its failure.

    `seen`: the `pay_stamp` that the page showed. Never inside a transaction. Raises Refused in
    words for the member: nothing was charged then.
    """
    page = OwnPage(membership)
    if page.owed is None:
        raise Refused("Nothing is owed. Nothing was charged.")
    if seen and seen != page.pay_stamp:
        raise Refused(
            "What is owed, or the card, has changed since the page was loaded. Nothing was charged "
            "just now. Look it over, then pay."
        )
    desk = Desk(staff=None, location=membership.location, by_itself=True)
    try:
        return retry(period=page.owed, desk=desk)
    except Refusal as refused:
        raise Refused(_for_member(refused.message)) from refused


def what_came_of(period: Period) -> Told | None:
    """What came of asking the card, in words; None for what was long ago, or nobody asked for."""
    amount = said.amount(total_of([period_line(period)]))
    if period.status == Period.Status.PAID:
        is_news = period.paid_at is not None and clock.now() - period.paid_at <= RECENT
        return Told(f"{amount} was paid. Thank you.") if is_news else None
    if period.status == Period.Status.CHARGING:
        return Told(
            f"Your bank has not answered yet for {amount}. Do not pay it again: look in a moment.",
            is_good=False,
        )
    if period.status not in Period.OWED:
        return None
    why = failure_said(period) or "The payment did not go through."
    return Told(f"{why} {NOTHING} Try another card, or call us.", is_good=False)


def card_came(membership: Membership) -> Told | None:
    """Look whether a card that the member was asked for is kept by now; then what is owed is tried.

    None where nobody was asked, or nothing came of it yet. Never inside a transaction.
    """
    change = CardChange.objects.filter(membership=membership).order_by("-id").first()
    if change is None:
        return None
    if change.done_at:
        return _already(change, membership)
    try:
        fresh = finish_card(change)
    except (GatewayError, Refusal):
        return Told("The card processor did not answer yet. Look again in a moment.", is_good=False)
    change.refresh_from_db()
    if change.card_id is None:
        return None
    kept = f"{change.card} is charged from now on."
    if not fresh.owes_a_period:
        return Told(kept)
    return _and_paid(kept, fresh)


def _and_paid(kept: str, membership: Membership) -> Told:
    """Another card is kept, and what is owed is asked of it."""
    try:
        paid = what_came_of(pay_owed(membership))
    except Refused as refused:
        return Told(f"{kept} {refused.message}", is_good=False)
    return Told(f"{kept} {paid.text}", is_good=paid.is_good) if paid else Told(kept)


def _already(change: CardChange, membership: Membership) -> Told | None:
    """A job was faster than the browser, or the page is loaded again."""
    assert change.done_at is not None  # nosec B101 - asked by the caller
    if change.card is None or clock.now() - change.done_at > RECENT:
        return None
    owes = " The charge that is owed is not paid yet." if membership.owes_a_period else ""
    return Told(f"{change.card} is charged from now on.{owes}", is_good=not owes)


def _for_member(message: str) -> str:
    """The desk's words speak of the desk."""
    happened = message.partition(NOTHING)[0]
    if any(words in happened for words in ABOUT_THE_CARD):
        return f"{happened}{NOTHING} Change the card."
    return f"This can’t be paid online just now. {NOTHING} Please call us."
