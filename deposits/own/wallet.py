"""What a client sees of their own: balance, credit, history, visits that are ahead, receipts.

Words for the client, not for the desk: notes and reasons that staff typed are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from djmoney.money import Money

from appointments.models import Appointment
from appointments.times import when
from checkout.models import Order
from clients.models import Client
from deposits.fates.held import held_for_visits
from deposits.models import BookingSettings, DepositRequest
from deposits.own import links
from deposits.own.wallet_titles import sold_alone, title_for
from ledger import causes
from ledger.balances import Balance, balance_of, open_lots
from ledger.kinds import Restriction, Source
from ledger.lot_words import last_day
from ledger.models import Lot
from ledger.statement import statement
from ledger.statement_steps import Cursor
from salon import clock
from salon.models import Location
from salon.money import money
from salon.policy import Policy

SHOWN = 50
"""Lots, visits and receipts on the page at most."""
RECENT = 8
"""Rows of the history on the wallet itself; all of it has pages of its own."""

_SOURCES = {
    Source.PURCHASE: "Credit that you bought",
    Source.DEPOSIT: "Deposit",
    Source.REFUND: "Refund",
    Source.MEMBERSHIP: "Membership",
    Source.GOODWILL: "Gift from the salon",
    Source.IMPORT: "Credit from before",
}
_PAYS_FOR = {Restriction.SERVICES: "services only", Restriction.PRODUCTS: "products only"}


@dataclass(frozen=True)
class OwnLot:
    """One portion of credit: what it is, what for and until when; what is left of how much."""

    title: str
    terms: str
    left: Money
    amount: Money
    is_held: bool
    is_expired: bool

    @property
    def is_whole(self) -> bool:
        return self.left == self.amount


@dataclass(frozen=True)
class OwnRow:
    """One row of the history. `amount` above zero is more."""

    day: dt.date
    title: str
    detail: str
    amount: Money
    balance: Money

    @property
    def is_more(self) -> bool:
        return self.amount.amount > 0

    @property
    def is_owed(self) -> bool:
        """What was used was not there: it is still to be paid."""
        return self.balance.amount < 0


@dataclass(frozen=True)
class History:
    """`older`: the cursor of the next page, as it stands in addresses; empty at the end."""

    rows: list[OwnRow]
    older: str


@dataclass(frozen=True)
class OwnComing:
    """A visit that is ahead, what is held for it, and the path of its own page."""

    visit: Appointment
    when: str
    what: str
    held: Money | None
    token: str
    asked: DepositRequest | None
    """A deposit that waits to be paid."""

    @property
    def pay_token(self) -> str:
        """Of the page on which a card pays it."""
        return links.payment_token(self.asked) if self.asked else ""


def place_of(client: Client) -> Location | None:
    """The location whose clock and switches count: the client's own, else the first. One query."""
    places = list(Location.objects.active().order_by("name"))
    own = (place for place in places if place.pk == client.location_id)
    return next(own, places[0] if places else None)


class Wallet:
    """A client's wallet at a location. Each part asks for itself, once."""

    def __init__(self, client: Client, place: Location) -> None:
        self.client, self.place = client, place
        self.today = clock.business_date(place)

    @cached_property
    def is_on(self) -> bool:
        """Client Account Balances; off, only what is held for visits is told. One query."""
        return Policy.of(self.place).balances

    @cached_property
    def balance(self) -> Balance:
        """One query."""
        return balance_of(self.client, self.today)

    @cached_property
    def lots(self) -> list[OwnLot]:
        """In the order of spending; with balances off, those held for visits. One query."""
        lots = open_lots(self.client).select_related("opened_by", "appointment__location")
        if not self.is_on:
            lots = lots.filter(appointment__isnull=False)
        return [own_lot(lot, self.today) for lot in lots[:SHOWN]]

    @cached_property
    def coming(self) -> list[OwnComing]:
        """Four queries; none of them for each visit."""
        ahead = Appointment.objects.filter(
            client=self.client, status__in=Appointment.AHEAD, starts_at__gte=clock.now()
        )
        ahead = ahead.prefetch_related("services__service", "services__staff")
        visits = list(ahead.select_related("location").order_by("starts_at")[:SHOWN])
        held = held_for_visits(visits)
        asked = {request.appointment_id: request for request in to_pay_for(visits)}
        return [_coming(visit, held.get(visit.pk), asked.get(visit.pk)) for visit in visits]

    @cached_property
    def pays_deposits(self) -> bool:
        """Whether deposits may be paid from the balance here. Two queries at most."""
        policy = Policy.of(self.place)
        allowed = BookingSettings.current().deposit_from_balance
        return allowed and policy.balances and policy.earmark_deposits

    @cached_property
    def receipts(self) -> list[Order]:
        """Sales of the client's that are closed, the newest first. One query."""
        return list(sales_of(self.client)[:SHOWN])

    @cached_property
    def recent(self) -> History:
        return history_of(self.client, None, RECENT)


def own_lot(lot: Lot, today: dt.date) -> OwnLot:
    """No queries where the lot's visit with its location is loaded."""
    terms = []
    if lot.appointment:
        terms.append(f"set aside for your visit on {when(lot.appointment)}")
    if lot.restriction != Restriction.ANY:
        terms.append(_PAYS_FOR[Restriction(lot.restriction)])
    is_expired = lot.expires_on is not None and lot.expires_on < today
    if lot.expires_on:
        day = last_day(lot.expires_on, today)
        terms.append(f"ended {day}" if is_expired else f"ends {day}")
    said = ", ".join(terms) or "for anything"
    return OwnLot(
        title=_SOURCES[Source(lot.source)],
        terms=said[:1].upper() + said[1:],
        left=money(lot.remaining),
        amount=money(lot.amount),
        is_held=lot.appointment_id is not None,
        is_expired=is_expired,
    )


def history_of(client: Client, before: Cursor | None, limit: int = 25) -> History:
    """A page of the statement in the client's words. Three queries, one for each kind of cause, and
    one where something was sold.
    """
    page = statement(client, before=before, limit=limit)
    sold = sold_alone(row.entry for row in page.rows)
    names = causes.names_of(row.entry for row in page.rows)
    rows = [
        OwnRow(
            day=row.entry.business_date,
            title=title_for(row, sold=sold.get(row.entry.pk, "")),
            detail=names.get((row.entry.cause_kind, row.entry.cause_id), ""),
            amount=row.amount,
            balance=row.balance,
        )
        for row in page.rows
    ]
    return History(rows, str(page.older) if page.older else "")


def sales_of(client: Client) -> QuerySet[Order]:
    """What the client has receipts of: their closed sales, the newest first."""
    sales = Order.objects.filter(client=client, status=Order.Status.CLOSED)
    return sales.select_related("location").order_by("-closed_at", "-pk")


def to_pay_for(visits: Iterable[Appointment]) -> QuerySet[DepositRequest]:
    """What waits to be paid for these visits and is not over. One query."""
    return DepositRequest.objects.filter(
        appointment__in=[visit.pk for visit in visits],
        status=DepositRequest.Status.WAITING,
        expires_at__gt=clock.now(),
        amount__gt=0,
    )


def _coming(visit: Appointment, held: Money | None, asked: DepositRequest | None) -> OwnComing:
    services: Iterable = visit.services.all()
    what = ", ".join(f"{row.service} with {row.staff}" for row in services)
    if asked:
        asked.appointment = visit
    return OwnComing(visit, when(visit), what, held, links.visit_token(visit), asked)
