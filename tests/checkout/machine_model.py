"""What the machine believes: every account of the books, by adding and subtracting alone.

No rule of the product is asked here. What a single act did that only the ledger decides (which lot,
how much of it was owed) is read from the rows that the act made, and the sums must still agree.
Minor units, debit positive, by the name of the account; all tax is one account.
"""

from collections import defaultdict
from dataclasses import dataclass

from checkout.models import LineItem, Order, Refund, RefundPart, Tender
from clients.models import Client
from ledger import accounts
from ledger.models import Posting
from salon.desk import Desk
from salon.money import minor

TAX = "tax"
SOLD_CREDIT = ("account_credit", "deposit")
INCOME = {"service": "services", "product": "products", "custom": "custom"}


@dataclass
class Drawn:
    """What a standing Credits payment took: owed goes back first, what was held for it last."""

    owed: int
    free: int
    held: int

    def give_back(self, amount: int) -> tuple[int, int, int]:
        """So much less stands: the parts of it that were owed, free, held."""
        owed = min(amount, self.owed)
        free = min(amount - owed, self.free)
        held = amount - owed - free
        self.owed -= owed
        self.free -= free
        self.held -= held
        assert self.held >= 0
        return owed, free, held


class Model:
    def __init__(self) -> None:
        self.accounts: dict[str, int] = defaultdict(int)
        self.held: dict[int, int] = defaultdict(int)
        """By visit."""
        self.standing: dict[int, int] = defaultdict(int)
        """What is paid on each open order."""
        self.drawn: dict[int, Drawn] = {}
        """By Credits payment."""

    # --- piles ----------------------------------------------------------------------------------

    def move(self, debit: str, credit: str, cents: int) -> None:
        self.accounts[debit] += cents
        self.accounts[credit] -= cents

    def owes(self, client: Client) -> int:
        return self.accounts[accounts.owed_by(client)]

    def stored(self, client: Client) -> int:
        return -self.accounts[accounts.credit_of(client)]

    def comes_in(self, client: Client, cents: int, *, settles: bool) -> None:
        """Credit for a client; free money pays what they owe first."""
        paid = min(self.owes(client), cents) if settles else 0
        self.accounts[accounts.owed_by(client)] -= paid
        self.accounts[accounts.credit_of(client)] -= cents - paid

    # --- payments -------------------------------------------------------------------------------

    def taken(self, tender: Tender, order: Order, desk: Desk, was_held_back: bool) -> None:
        """A payment stands on an open order."""
        cents = minor(tender.amount)
        self.accounts[accounts.OPEN_ORDERS] -= cents
        self.standing[order.pk] += cents
        if tender.kind == "credits":
            self._drew(tender, order, was_held_back)
        else:
            self.accounts[self._pile(tender.kind, tender, desk)] += cents

    def _drew(self, tender: Tender, order: Order, was_held_back: bool) -> None:
        owed = minor(tender.owed)
        drawn = minor(tender.amount) - owed
        visit = order.appointment_id
        own = 0 if visit is None or was_held_back else self.held[visit]
        from_held = min(own, drawn)
        if visit is not None:
            self.held[visit] -= from_held
        self.accounts[accounts.owed_by(order.client)] += owed
        self.accounts[accounts.credit_of(order.client)] += drawn
        assert not (owed and own > from_held), "owes while a deposit for this visit is left"
        self.drawn[tender.pk] = Drawn(owed, drawn - from_held, from_held)

    def taken_back(
        self, tender: Tender, order: Order, cents: int, way: str, desk: Desk, taker: Client | None
    ) -> None:
        """A payment, or a part of it, goes back from an open order."""
        self.accounts[accounts.OPEN_ORDERS] += cents
        self.standing[order.pk] -= cents
        assert self.standing[order.pk] >= 0
        if way == "credits":
            owed, free, held = self.drawn[tender.pk].give_back(cents)
            self.comes_in(order.client, owed, settles=True)
            self.comes_in(order.client, free + held, settles=False)
            if held:
                self.held[order.appointment_id] += held
        elif way == "balance":
            self.comes_in(taker, cents, settles=True)
        else:
            self.accounts[self._pile(way, tender, desk)] -= cents

    def _pile(self, way: str, tender: Tender, desk: Desk) -> str:
        if way == "cash":
            return accounts.cash(desk.till)
        if way == "gift_card":
            return tender.account.name
        assert way == "card"
        return accounts.CARD

    # --- sales ----------------------------------------------------------------------------------

    def closed(self, order: Order, lines: list[LineItem]) -> None:
        """The sale counts: what was paid on it moves to where its lines belong."""
        total = sum(minor(line.total) for line in lines)
        assert self.standing.pop(order.pk, 0) == total
        self.accounts[accounts.OPEN_ORDERS] += total
        for line in lines:
            self._sold(line, minor(line.amount))
            self.accounts[TAX] -= minor(line.tax)

    def _sold(self, line: LineItem, cents: int) -> None:
        if line.kind in SOLD_CREDIT:
            self.comes_in(line.beneficiary, cents, settles=line.kind == "account_credit")
            if line.appointment_id:
                self.held[line.appointment_id] += cents
        else:
            self.accounts[_earner(line)] -= cents

    def let_go(self, visit: int, client: Client, to_card: int) -> None:
        """The visit is over: what was held for it is free, but for what its card got back."""
        assert 0 <= to_card <= self.held[visit]
        self.move(accounts.credit_of(client), accounts.CARD, to_card)
        self.held[visit] = 0

    # --- refunds --------------------------------------------------------------------------------

    def refunded(self, refund: Refund, desk: Desk) -> int:
        """A closed sale, or a part of it, goes back; answers with how much."""
        parts = list(
            refund.parts.select_related(
                "allocation__line__beneficiary", "allocation__line__staff", "tender__account"
            )
        )
        order = Order.objects.select_related("client").get(pk=refund.order_id)
        for part in parts:
            self._line_gives(part.allocation.line, part)
        for part in parts:
            self._goes_back(part, order, refund.client, desk)
        self._unhold(refund)
        return sum(minor(part.amount) for part in parts)

    def _line_gives(self, line: LineItem, part: RefundPart) -> None:
        net = minor(part.amount) - minor(part.tax)
        self.accounts[TAX] += minor(part.tax)
        name = accounts.credit_of(line.beneficiary) if line.kind in SOLD_CREDIT else _earner(line)
        self.accounts[name] += net

    def _goes_back(self, part: RefundPart, order: Order, taker: Client | None, desk: Desk) -> None:
        cents = minor(part.amount)
        if part.destination == "credits":
            # What was owed for it; the rest was drawn, and returns on its own terms.
            is_owed = part.allocation.lot_id is None
            self.comes_in(order.client, cents, settles=is_owed)
        elif part.destination == "balance":
            self.comes_in(taker, cents, settles=True)
        else:
            self.accounts[self._pile(part.destination, part.tender, desk)] -= cents

    def _unhold(self, refund: Refund) -> None:
        """A deposit can be refunded while it is held."""
        held = Posting.objects.filter(
            entry=refund.entry_id, amount__gt=0, lot__appointment__isnull=False
        )
        for visit, cents in held.values_list("lot__appointment", "amount"):
            self.held[visit] -= cents
            assert self.held[visit] >= 0

    # --- clients --------------------------------------------------------------------------------

    def merged(self, gone: Client, kept: Client, free: int) -> None:
        """All is the one's who stays; `free` credit of both pays what both owed."""
        owed = self.owes(gone) + self.owes(kept)
        stored = self.stored(gone) + self.stored(kept)
        settled = min(free, owed)
        for name in (accounts.owed_by(gone), accounts.credit_of(gone)):
            self.accounts[name] = 0
        self.accounts[accounts.owed_by(kept)] = owed - settled
        self.accounts[accounts.credit_of(kept)] = settled - stored


def _earner(line: LineItem) -> str:
    """The account of a line that sells no credit to a client."""
    if line.kind in ("service", "tip") and line.staff and line.staff.merchant_account:
        return accounts.provider(line.staff.merchant_account)
    if line.kind == "tip":
        return accounts.tips(line.staff)
    if line.kind == "gift_card":
        return line.gift_card.account_name
    return accounts.income(INCOME[line.kind])
