"""What Payment Methods shows of a client's cards: each with its warning, and who is being asked."""

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from appointments.models import Appointment
from cards.gateway import Unclear
from cards.links import is_on_phone
from cards.models import CardOnFile, CardSaving
from cards.on_file import expires_before
from cards.saving import LINK_LASTS, PAGE_LASTS, is_over
from cards.saving_end import finish_saving
from clients.models import Client
from salon import said
from salon.desk import Desk

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CardRow:
    """One card. `warning`: it cannot be charged, or not when it will be wanted."""

    card: CardOnFile
    is_expired: bool
    warning: str


@dataclass(frozen=True)
class Waiting:
    """Somebody is being asked for a card."""

    saving: CardSaving

    @property
    def is_on_phone(self) -> bool:
        return is_on_phone(self.saving)

    @property
    def says(self) -> str:
        if self.saving.page_id:
            return "The terms are agreed to; the card is being typed"
        name = self.saving.client.first_name
        return f"Waiting for {name}’s phone" if self.is_on_phone else "Begun on a screen here"


@dataclass(frozen=True)
class Block:
    """Everything that stands there."""

    cards: Sequence[CardRow]
    waiting: Sequence[Waiting]

    @cached_property
    def stamp(self) -> str:
        """The newest card, then something that differs as soon as anything shown does."""
        shown = [(row.card.pk, row.card.is_default, row.warning) for row in self.cards]
        asked = [(one.saving.pk, one.says) for one in self.waiting]
        digest = hashlib.sha256(f"{shown}{asked}".encode()).hexdigest()[:16]
        return f"{max((row.card.pk for row in self.cards), default=0)}-{digest}"

    def added_since(self, stamp: str) -> list[CardOnFile]:
        """Cards that a page with this stamp does not show; none for a page that shows nothing."""
        newest, _, _ = stamp.partition("-")
        if not newest.isdecimal():
            return []
        return [row.card for row in self.cards if row.card.pk > int(newest)]


def block_of(client: Client, desk: Desk) -> Block:
    """Three queries; visits are not read where there is no card."""
    cards = list(CardOnFile.objects.standing().filter(client=client).select_related("saving"))
    days = _visit_days(client, desk) if cards else []
    rows = [_row(card, days, desk.business_date) for card in cards]
    return Block(rows, [Waiting(saving) for saving in _waiting(client)])


def ask_about(client: Client) -> None:
    """Ask the processor how far those who are asked for a card have come.

    Never inside a transaction. Without an answer everything stays as it is.
    """
    for saving in _waiting(client):
        try:
            finish_saving(saving)
        except Unclear as unclear:
            log.warning("saving %s: no answer: %s", saving.uuid, unclear)


def _waiting(client: Client) -> list[CardSaving]:
    asked = CardSaving.objects.filter(client=client, ended_at=None).select_related("client")
    return [
        saving
        for saving in asked.order_by("pk")
        if not is_over(saving, PAGE_LASTS if saving.page_id else LINK_LASTS)
    ]


def _visit_days(client: Client, desk: Desk) -> list[dt.date]:
    """The days of visits ahead, at each location's own clock, the next one first."""
    statuses = (Appointment.Status.BOOKED, Appointment.Status.CHECKED_IN)
    ahead = Appointment.objects.filter(client=client, status__in=statuses, starts_at__gte=desk.at)
    return [
        visit.starts_at.astimezone(visit.location.zone).date()
        for visit in ahead.select_related("location").order_by("starts_at")
    ]


def _row(card: CardOnFile, visit_days: Sequence[dt.date], today: dt.date) -> CardRow:
    if expires_before(card, today):
        return CardRow(card, True, f"Expired on {said.day(card.last_day, today)}")
    day = next((day for day in visit_days if expires_before(card, day)), None)
    if day is None:
        return CardRow(card, False, "")
    return CardRow(card, False, f"Expires before the visit on {said.day(day, today)}")
