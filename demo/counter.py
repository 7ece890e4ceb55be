"""The desk of the demo salon: sells by the verbs of checkout, each a little later than the last."""

import datetime as dt
import uuid
from decimal import Decimal
from random import Random

from appointments.canceling import cancel, mark_no_show
from appointments.checking_in import check_in
from checkout.closing import close_order
from checkout.discounting import add_discount
from checkout.lines import add_account_credits, add_custom, add_product
from checkout.models import Order, Tender
from checkout.models.orders import Totals
from checkout.opening import open_for_visit, open_order
from checkout.taking_back import take_back
from checkout.tendering import take_tender
from checkout.tips import by_percent, share_tip, shares
from checkout.voiding import void_order
from clients.models import Client
from demo.book import Visit
from demo.catalog import Catalog
from demo.clients import Regular
from demo.diary import Diary
from demo.paying import Payment, by_card, in_notes, payments
from demo.places import Shop
from demo.returns import Returns
from ledger.balances import balance_of
from salon.desk import Desk
from salon.models import StaffMember
from salon.money import minor, money

TOP_UPS = [5000, 5000, 7500, 10000, 10000, 10000, 15000, 20000, 25000, 30000, 50000]
SURCHARGES = [("Extra color, 30 g", 1800), ("Extra length", 2500), ("Late fee", 1500)]
TIPS = [Decimal(18), Decimal(20), Decimal(20), Decimal(25)]
"""Percent of the services."""
WHY_CANCELED = ["Client called: has a cold", "Moved to next week", "Child is ill", ""]
WHY_VOIDED = ["Rung up twice", "Wrong client", "Client changed their mind", "Training"]
WHY_TAKEN_BACK = ["Wrong card", "Typed the wrong amount", "Wants to pay with credit instead"]


class Counter:
    """Both front desks. Remembers who has ever had credit, so that only they are asked about it."""

    def __init__(self, rng: Random, catalog: Catalog, diary: Diary) -> None:
        self.rng = rng
        self.catalog = catalog
        self.holders: set[int] = set()
        self.returns = Returns(rng, diary, self)
        self.tipping = Random(18)  # nosec B311 - whoever tips, tips again

    def desk(self, at: dt.datetime, shop: Shop, staff: StaffMember | None = None) -> Desk:
        """Somebody of the front desk, at the shop's first till."""
        return Desk(staff or self.rng.choice(shop.desk_staff), shop.location, shop.till, at)

    def key(self) -> uuid.UUID:
        """What a form would carry."""
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    # --- The book

    def does_not_come(self, at: dt.datetime, visit: Visit) -> None:
        """Canceled, or after the start: never came."""
        desk = self.desk(at, visit.shop)
        if at > visit.starts_at:
            mark_no_show(appointment=visit.row, desk=desk)
        else:
            cancel(appointment=visit.row, reason=self.rng.choice(WHY_CANCELED), desk=desk)

    def arrives(self, at: dt.datetime, visit: Visit) -> None:
        check_in(appointment=visit.row)

    # --- Sales

    def check_out(self, at: dt.datetime, visit: Visit, held: int = 0) -> None:
        """The visit is over: its services, perhaps something from the shelf, perhaps new credit.

        `held`: the deposit for it in cents, which pays by itself.
        """
        desk = self.desk(at, visit.shop)
        order = open_for_visit(appointment=visit.row, desk=desk)
        known = visit.regular
        credit = self.credit_of(visit.client, desk)
        if self.rng.random() < 0.17:
            self.put_from_shelf(order, desk, visit.staff)
        if self.rng.random() < 0.02:
            what, cents = self.rng.choice(SURCHARGES)
            add_custom(
                order=order, description=what, amount=money(cents), desk=desk, staff=visit.staff
            )
        if self.rng.random() < 0.06:
            self._discount(order, desk, at, visit.shop)
        if known and known.saves and credit < 4000 and self.rng.random() < 0.4:
            self._credits(order, visit.client, self.rng.choice(TOP_UPS), desk)
            credit = 0  # Credit does not buy credit: this one is paid in money.
        self.settle(order, at, visit.shop, credit, known.pays if known else "card", held)

    def retail(self, at: dt.datetime, shop: Shop, known: Regular | None) -> None:
        """Something from the shelf, for a regular or for somebody who walked in."""
        desk = self.desk(at, shop)
        client = known.client if known else None
        order = open_order(desk=desk, client=client, uuid=self.key())
        self.put_from_shelf(order, desk)
        self.settle(order, at, shop, self.credit_of(client, desk), known.pays if known else "cash")

    def top_up(
        self, at: dt.datetime, shop: Shop, payer: Client, beneficiary: Client, cents: int
    ) -> None:
        """Account credit and nothing else: for oneself, or as a present."""
        desk = self.desk(at, shop)
        order = open_order(desk=desk, client=payer, uuid=self.key())
        self._credits(order, beneficiary, cents, desk)
        self.settle(order, at, shop, 0, "card")

    def mistake(self, at: dt.datetime, shop: Shop, known: Regular) -> None:
        """A sale that is voided a few minutes later, its payment with it."""
        desk = self.desk(at, shop)
        order = open_order(desk=desk, client=known.client, uuid=self.key())
        self.put_from_shelf(order, desk)
        if self.rng.random() < 0.7:
            total = minor(Totals.of(order).remaining)
            if total > 3000:  # With two payments: both are taken back.
                self.take(order, in_notes(self.rng, 2000), desk)
                total -= 2000
            self.take(order, by_card(self.rng, total), desk)
        later = self.desk(at + dt.timedelta(minutes=6), shop, shop.chief)
        void_order(order=order, desk=later, reason=self.rng.choice(WHY_VOIDED))

    def settle(
        self, order: Order, at: dt.datetime, shop: Shop, credit: int, usual: str, held: int = 0
    ) -> None:
        """Take what it costs, in one way or several, and close; sometimes a slip on the way.

        Whoever opened the sale stays at it.
        """
        desk = self.desk(at + dt.timedelta(minutes=2), shop, order.opened_by)
        if not credit and order.appointment_id and self.tipping.random() < 0.15:
            self._tip(order, desk)
        total = minor(Totals(order.lines.all(), []).total) - held
        if total > 2000 and self.rng.random() < 0.012:
            self._slip(order, total, desk)
        for payment in payments(self.rng, total, credit, usual, self.catalog.vouchers):
            self.take(order, payment, desk)
        later = self.desk(at + dt.timedelta(minutes=3), shop, order.opened_by)
        closed = close_order(order=order, desk=later)
        self.returns.perhaps(closed, shop)

    def take(self, order: Order, payment: Payment, desk: Desk) -> Tender:
        """Take one payment."""
        given = payment.cash_given
        return take_tender(
            order=order,
            kind=payment.kind,
            amount=money(payment.cents),
            desk=desk,
            uuid=self.key(),
            cash_given=None if given is None else money(given),
            reference=payment.reference,
            custom=payment.custom,
        )

    def credit_of(self, client: Client | None, desk: Desk) -> int:
        """What the client could spend now, in cents."""
        if client is None or client.pk not in self.holders:
            return 0
        return minor(balance_of(client, desk.business_date).available)

    def _tip(self, order: Order, desk: Desk) -> None:
        """On the card or in cash, as this salon wants it: credit does not pay tips."""
        lines = list(order.lines.select_related("staff"))
        total = by_percent(self.tipping.choice(TIPS), lines)
        if total and shares(total, lines):
            share_tip(order=order, total=total, desk=desk)

    def _discount(self, order: Order, desk: Desk, at: dt.datetime, shop: Shop) -> None:
        """For a returning client by whoever is at the desk; for friends by the chief."""
        for_friends = self.rng.random() < 0.25
        giver = self.desk(at, shop, shop.chief) if for_friends else desk
        add_discount(
            order=order,
            desk=giver,
            preset=self.catalog.presets[for_friends],
            uuid=self.key(),
        )

    def _slip(self, order: Order, total: int, desk: Desk) -> None:
        tender = self.take(order, by_card(self.rng, total), desk)
        take_back(
            tender=tender,
            amount=tender.amount,
            destination=tender.kind,
            desk=desk,
            uuid=self.key(),
            reason=self.rng.choice(WHY_TAKEN_BACK),
        )

    def put_from_shelf(self, order: Order, desk: Desk, staff: StaffMember | None = None) -> None:
        """One or two products, of one or several each."""
        how_many = self.rng.choices([1, 2], [80, 20])[0]
        for product in self.rng.sample(self.catalog.products, how_many):
            quantity = self.rng.choices([1, 2, 3], [90, 8, 2])[0]
            add_product(order=order, product=product, quantity=quantity, staff=staff, desk=desk)

    def _credits(self, order: Order, beneficiary: Client, cents: int, desk: Desk) -> None:
        add_account_credits(order=order, beneficiary=beneficiary, amount=money(cents), desk=desk)
        self.holders.add(beneficiary.pk)
