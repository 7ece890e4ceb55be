"""What the order page shows: one open order, loaded with a fixed, small number of queries."""

import uuid as uuids
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Sum
from django.http import Http404
from djmoney.money import Money

from checkout import words
from checkout.credit_here import CreditHere, source_words
from checkout.funds import Fund, standing_funds
from checkout.models import CustomPayment, LineItem, Order, Tender
from checkout.models.orders import Totals
from checkout.tender_kinds import CREDITS
from ledger import balances
from ledger.balances import Balance
from ledger.models import Account, Lot
from salon import said
from salon.desk import Desk
from salon.models import Location
from salon.money import money
from salon.toggles import balances_enabled


def find_order(uuid: uuids.UUID) -> Order:
    """The order with what its page says of it. One query; Http404 where there is none."""
    order = (
        Order.objects.select_related("client", "location", "appointment").filter(uuid=uuid).first()
    )
    if order is None:
        raise Http404
    return order


def stand_of(order: Order) -> int:
    """Moves with every change of the client's balance, at whichever till. One query."""
    if order.client_id is None:
        return 0
    accounts = Account.objects.filter(client=order.client_id)
    return accounts.aggregate(stand=Sum("version"))["stand"] or 0


class OrderPage:
    """An open order as its page draws it.

    Eight queries; none for what a walk-in lacks, two more while a Credits payment stands.
    """

    def __init__(self, order: Order, desk: Desk) -> None:
        self.order = order
        self.desk = desk
        self.client = order.client

    @cached_property
    def lines(self) -> list[LineItem]:
        return list(self.order.lines.select_related("staff", "service", "product", "beneficiary"))

    @cached_property
    def _all_tenders(self) -> list[Tender]:
        return list(self.order.tenders.select_related("custom"))

    @cached_property
    def funds(self) -> list[Fund]:
        return standing_funds(self.order, self._all_tenders)

    @cached_property
    def totals(self) -> Totals:
        return Totals(self.lines, self._all_tenders)

    @cached_property
    def balances_on(self) -> bool:
        """Client Account Balances are on here; else Credits and Account Credits are hidden."""
        return balances_enabled(self.desk.location)

    @cached_property
    def custom_payments(self) -> list[CustomPayment]:
        return list(CustomPayment.objects.active())

    @cached_property
    def stand(self) -> int:
        return stand_of(self.order)

    @cached_property
    def balance(self) -> Balance | None:
        """What the client has, as this order sees it; None for a walk-in."""
        if self.client is None:
            return None
        return balances.balance_of(self.client, self.desk.business_date, self.order.appointment)

    @cached_property
    def credit(self) -> CreditHere:
        """What of the client's credit this order may use."""
        lots: list[Lot] = []
        if self.client is not None and self.balances_on:
            lots = list(
                balances.spendable(self.client, self.desk.business_date, self.order.appointment)
            )
        return CreditHere(lots, self.lines, self.funds, self.totals.remaining)

    @property
    def deposit(self) -> Money:
        """What is held for this order's own visit."""
        visit = self.order.appointment_id
        return money(
            sum(lot.remaining for lot in self.credit.lots if visit and lot.appointment_id == visit)
        )

    @property
    def free_credit(self) -> Money:
        """What the client can spend, besides what is held for this very visit."""
        return self.balance.available - self.deposit if self.balance else money(0)

    @cached_property
    def tenders(self) -> list["ShownTender"]:
        """The payments that stand on the order."""
        return self.shown()

    def shown(self, even_returned: bool = False) -> list["ShownTender"]:
        """The payments; also those of which nothing stands any more, when asked."""
        return [
            ShownTender(tender, [fund for fund in self.funds if fund.tender == tender])
            for tender in self._all_tenders
            if tender.standing or even_returned
        ]

    @property
    def client_is_fixed(self) -> bool:
        """A Credits payment stands: it is this client's money."""
        return any(shown.tender.kind == CREDITS for shown in self.tenders)

    @property
    def is_elsewhere(self) -> Location | None:
        """The order's location when it is not the desk's: its cash belongs into that one's till."""
        elsewhere = self.order.location_id != self.desk.location.pk
        return self.order.location if elsewhere else None

    @property
    def overpaid(self) -> Money | None:
        """What has to be taken back before the order can close."""
        return -self.totals.remaining if self.totals.remaining.amount < 0 else None

    @property
    def can_pay(self) -> bool:
        return bool(self.lines) and self.totals.remaining.amount > 0

    @property
    def can_close(self) -> bool:
        return bool(self.lines) and not self.totals.remaining

    @property
    def change_due(self) -> Money:
        """Cash to hand back for what was given on this order."""
        return change_due(self._all_tenders)


@dataclass(frozen=True)
class ShownTender:
    """A payment as its row reads."""

    tender: Tender
    funds: list[Fund]

    @property
    def name(self) -> str:
        return words.payment(self.tender)

    @property
    def amount(self) -> Money:
        return self.tender.standing

    @property
    def note(self) -> str:
        """How it was paid: the cash given, the reference, the lots drawn."""
        tender = self.tender
        notes = []
        if tender.taken_back:
            notes.append(f"{said.amount(tender.taken_back)} of it taken back")
        if tender.cash_given and tender.change_due:
            notes.append(
                f"{said.amount(tender.cash_given)} given, {said.amount(tender.change_due)} back"
            )
        if tender.reference:
            notes.append(tender.reference)
        sources = [source_words(fund.lot) for fund in self.funds if fund.lot]
        if sources:
            notes.append(", then ".join(dict.fromkeys(sources)).capitalize())
        return " · ".join(notes)


def change_due(tenders: Iterable[Tender]) -> Money:
    """The cash to hand back for all payments that stand."""
    return sum((t.change_due for t in tenders if t.standing and t.change_due), money(0))
