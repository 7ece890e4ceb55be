"""The ways back: what giving money back credits, by destination (MONEY, "Money goes back")."""

import datetime as dt
import uuid as uuids
from collections.abc import Iterable

from checkout.errors import Refused
from checkout.models import Order, Refund, Tender
from checkout.tender_kinds import BALANCE, CASH, kind_of
from clients.models import Client
from ledger import accounts
from ledger.legs import Leg, Open, Restore, Terms
from ledger.models import Lot
from salon import permissions
from salon.desk import Desk
from salon.models import BusinessSettings
from salon.toggles import balances_enabled


def twin_of(order: Order, uuid: uuids.UUID) -> Refund | None:
    """What the same form already gave back. Refused when it was another sale's. One query."""
    twin = Refund.objects.filter(uuid=uuid).first()
    if twin is not None and twin.order_id != order.pk:
        raise Refused("This form was already used for another sale. Load the page again.")
    return twin


def check_destination(
    tender: Tender,
    destination: str,
    client: Client | None,
    desk: Desk,
    balances_on: bool | None = None,
) -> None:
    """Refuse a way back that the tender does not allow, or that needs a client or a permission.

    `balances_on`: Client Account Balances here, where it was asked already; else one query.
    """
    kind = kind_of(tender)
    if destination == BALANCE and balances_on is None:
        balances_on = balances_enabled(desk.location)
    if destination not in kind.destinations:
        raise Refused(
            f"What {kind.label} paid cannot go back that way.", field=f"destination_{tender.pk}"
        )
    if destination == BALANCE and not balances_on:
        raise Refused(
            "Client Account Balances are switched off at this location, so nothing can go to one.",
            field=f"destination_{tender.pk}",
        )
    if destination == BALANCE and client is None:
        raise Refused("Choose the client whose balance takes the refund.", field="client")
    in_cash_instead = destination == CASH and tender.kind != CASH
    if in_cash_instead and not desk.person.has_perm(permissions.REFUND_CARD_IN_CASH):
        raise Refused(
            f"Your role may not give cash back for {kind.label}. Ask an owner.",
            field=f"destination_{tender.pk}",
        )


def last_drawn_first(drawn: Iterable[tuple[Lot, int]], amount: int) -> list[tuple[Lot, int]]:
    """Which lots get `amount` back: the last one drawn first."""
    parts = []
    for lot, taken in reversed(list(drawn)):
        part = min(amount, taken)
        if part:
            parts.append((lot, part))
            amount -= part
    if amount:
        raise Refused("More would go back than credit paid. Nothing was refunded.")
    return parts


def credit_restored(lot: Lot, amount: int, desk: Desk) -> Leg:
    """Credit taken back from an open order: into its own lot, unless that has expired meanwhile."""
    if has_expired(lot, desk.business_date):
        return credit_returned(lot, amount, desk)
    return Restore(lot.pk, amount)


def credit_returned(lot: Lot, amount: int, desk: Desk) -> Leg:
    """Credit that a closed sale gives back: a child lot on the same terms.

    The earmark stays only while its visit is still ahead; an expiry that has passed becomes some
    days from today (owner's setting).
    """
    cleared: tuple[str, ...] = ()
    if lot.appointment and not (lot.appointment.is_open and lot.appointment.starts_at > desk.at):
        cleared = ("visit",)
    expires_on = None
    if has_expired(lot, desk.business_date):
        days = BusinessSettings.current().refunded_credit_days
        expires_on = desk.business_date + dt.timedelta(days=days)
    account = accounts.standing_for(lot.account)
    return Open(account, amount, Terms(expires_on=expires_on, cleared=cleared), parent=lot.pk)


def has_expired(lot: Lot, today: dt.date) -> bool:
    return lot.expires_on is not None and lot.expires_on < today
