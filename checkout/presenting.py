"""What the order page shows: one open order, loaded with a fixed, small number of queries."""

import uuid as uuids
from functools import cached_property

from djmoney.money import Money

from checkout.allocating import says_what_is_barred
from checkout.charges.showing import ShownCharge
from checkout.charges.to_cards import ToCard, card_refunds_of
from checkout.charges.to_cards import shown as shown_to_cards
from checkout.charges.waiting import as_payments, charges_of, sum_of
from checkout.credit_here import CreditHere
from checkout.deposit_here import DepositHere
from checkout.finding_orders import stand_of
from checkout.funds import Fund, standing_funds
from checkout.held import held_lots
from checkout.left_over import LeftOver, left_over_of
from checkout.line_kinds import after_tax, kind_of
from checkout.models import CustomPayment, Discount, LineItem, Order, OrderCharge, Tender
from checkout.models.orders import Totals
from checkout.proposing import proposes
from checkout.settling import owed_before, settled_on
from checkout.shown_tenders import ShownTender, change_due
from checkout.spending import room_for
from checkout.taxes import TaxSum, taxes_by_rate
from checkout.tender_kinds import CHARGE, CREDITS
from ledger import balances
from ledger.balances import Balance
from ledger.kinds import Restriction
from ledger.models import Lot
from ledger.owing import Owing, owing_of
from salon import permissions
from salon.desk import Desk
from salon.models import Location
from salon.money import money
from salon.policy import Policy
from salon.terms import usual_minutes


class OrderPage:
    """An open order as its page draws it.

    Eleven queries; none for what a walk-in lacks, two more while a Credits payment stands, one for
    a card reader that is waited for. A visit's order that can close asks once more what is held,
    and where the rest of it came from.
    """

    def __init__(self, order: Order, desk: Desk) -> None:
        self.order = order
        self.desk = desk
        self.client = order.client

    @cached_property
    def lines(self) -> list[LineItem]:
        lines = self.order.lines.with_taxes().select_related(
            "staff", "service", "product", "beneficiary"
        )
        usual = usual_minutes(service="service", location="order__location", staff="staff")
        return list(lines.annotate(usual_minutes=usual))

    @cached_property
    def discounts(self) -> list[Discount]:
        return list(self.order.discounts.all())

    @property
    def discounts_on_all(self) -> list[Discount]:
        """Those on the whole sale."""
        return [discount for discount in self.discounts if discount.line_id is None]

    @cached_property
    def taxes(self) -> list[TaxSum]:
        return taxes_by_rate(self.lines)

    @property
    def may_discount(self) -> bool:
        """Whoever is at the desk may, and something on the sale takes a discount."""
        staff = self.desk.staff
        may = staff is not None and staff.has_perm(permissions.GIVE_DISCOUNTS)
        return may and any(kind_of(line).discountable for line in self.lines)

    @cached_property
    def _all_tenders(self) -> list[Tender]:
        return list(self.order.tenders.select_related("custom"))

    @cached_property
    def _all_charges(self) -> list[OrderCharge]:
        return charges_of(self.order)

    @cached_property
    def charges(self) -> list[OrderCharge]:
        """Card charges that may still take money: what they pay is spoken for."""
        return [charge for charge in self._all_charges if charge.attempt.is_open]

    @property
    def newest_charge(self) -> int:
        """The last one that this page knows of, by id, whatever came of it; 0: none."""
        return max((charge.pk for charge in self._all_charges), default=0)

    @property
    def waiting(self) -> list[ShownCharge]:
        """The same as rows among the payments."""
        return [ShownCharge(charge) for charge in self.charges]

    @cached_property
    def funds(self) -> list[Fund]:
        """What stands, and what open charges will pay."""
        return standing_funds(self.order, [*self._all_tenders, *as_payments(self.charges)])

    @cached_property
    def totals(self) -> Totals:
        """What remains is what does once the proposed deposit is applied."""
        totals = Totals(self.lines, self._all_tenders)
        totals.remaining -= self.deposit_here.proposed
        return totals

    @property
    def to_take(self) -> Money:
        """What of the rest another payment may take: no open charge speaks for it."""
        return max(self.totals.remaining - sum_of(self.charges), money(0))

    @property
    def tips(self) -> Money:
        """What stands below the tax, and not in the subtotal."""
        return after_tax(self.lines)

    @property
    def subtotal(self) -> Money:
        return self.totals.subtotal - self.tips

    @cached_property
    def policy(self) -> Policy:
        """What is switched on here."""
        return Policy.of(self.desk.location)

    @property
    def balances_on(self) -> bool:
        """Client Account Balances are on here; else Credits and Account Credits are hidden."""
        return self.policy.balances

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
        """What of the client's credit this order may use, beside a deposit that applies itself.

        Where credit is switched off: what is held for this very visit, and only that.
        """
        lots = self._lots
        if self.order.deposit_held_back or self.policy.apply_earmarked_deposits:
            lots = [lot for lot in lots if lot not in self.deposit_here.lots]
        funds = [*self.funds, *self.deposit_here.funds]
        return CreditHere(lots, self.lines, funds, self.to_take, self.owing)

    @cached_property
    def deposit_here(self) -> DepositHere:
        """What is held for this order's own visit, and what of it will be applied."""
        visit = self.order.appointment_id
        held = [lot for lot in self._lots if visit and lot.appointment_id == visit]
        remaining = Totals(self.lines, self._all_tenders).remaining - sum_of(self.charges)
        does = bool(held) and proposes(self.order, self.policy)
        return DepositHere(self.order, held, self.lines, self.funds, remaining, does)

    @cached_property
    def left_over(self) -> LeftOver | None:
        """What will be left of the deposit when the order closes now; the desk is asked."""
        if not self.can_close:
            return None
        return left_over_of(self.order, self.deposit_here.used, self.desk)

    @cached_property
    def _lots(self) -> list[Lot]:
        """What the order can draw, in the order of drawing."""
        if self.client is None:
            return []
        if not self.balances_on:
            return held_lots(self.order, self.desk)
        date, visit = self.desk.business_date, self.order.appointment
        return list(balances.spendable(self.client, date, visit))

    @cached_property
    def owing(self) -> Owing | None:
        """What the client may owe; None where they may not."""
        if self.client is None or self.balance is None:
            return None
        return owing_of(self.client, self.balance.owes, self.policy)

    @property
    def owes_before(self) -> Money:
        """What the client owes from before: without what the payments of this order let them."""
        if self.balance is None:
            return money(0)
        return owed_before(self.balance.owes, self._all_tenders)

    @property
    def to_settle(self) -> Money:
        """What of that no line of this order settles yet."""
        if self.client is None or not self.balances_on:
            return money(0)
        return max(self.owes_before - settled_on(self.lines, self.client), money(0))

    @property
    def new_act(self) -> uuids.UUID:
        """A name for a form of one press; see forms/base.py."""
        return uuids.uuid4()

    @property
    def why_no_credit(self) -> str:
        """Why credit that is there pays none of what remains: the tip is for another payment."""
        if not self.can_pay or not self.credit.available or self.credit.most:
            return ""
        return says_what_is_barred(CREDITS, self.lines)

    @property
    def deposit(self) -> Money:
        """What is held for this order's own visit."""
        return self.deposit_here.amount

    def payable_by(self, kind: str) -> Money:
        """The most that a payment of this kind can take of what remains. No queries."""
        funds = [*self.funds, *self.deposit_here.funds]
        room = money(room_for(kind, Restriction.ANY, self.lines, funds))
        return max(money(0), min(room, self.to_take))

    @property
    def free_credit(self) -> Money:
        """What the client can spend, besides what is held for this very visit."""
        return self.balance.available - self.deposit if self.balance else money(0)

    @cached_property
    def back_to_cards(self) -> list[ToCard]:
        """What of it is on its way to a card, or was refused there and waits for a decision.

        One query where a card payment was taken back, else none.
        """
        if not any(tender.kind == CHARGE and tender.taken_back for tender in self._all_tenders):
            return []
        rows = shown_to_cards(card_refunds_of(self.order))
        return [row for row in rows if row.is_under_way or row.is_refused]

    @cached_property
    def tenders(self) -> list[ShownTender]:
        """The payments that stand on the order."""
        return self.shown()

    def shown(self, even_returned: bool = False) -> list[ShownTender]:
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
        return bool(self.lines) and self.to_take.amount > 0

    @property
    def can_close(self) -> bool:
        return bool(self.lines) and not self.totals.remaining and not self.charges

    @property
    def change_due(self) -> Money:
        """Cash to hand back for what was given on this order."""
        return change_due(self._all_tenders)
