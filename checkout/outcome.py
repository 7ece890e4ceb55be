"""What came of a sale that was just closed: what to hand back, and what clients have now."""

from dataclasses import dataclass

from djmoney.money import Money

from checkout.left_over import told
from checkout.models import Order
from checkout.models.orders import Totals
from checkout.shown_tenders import change_due
from clients.models import Client
from ledger.balances import Balance, balances_of
from salon.desk import Desk


@dataclass(frozen=True)
class Holder:
    """A client whom this sale concerned, with what they have now; `added` by this sale."""

    client: Client
    balance: Balance
    added: Money | None


class Outcome:
    """What a closed order came to. Three queries, two more for a visit with a deposit."""

    def __init__(self, order: Order, desk: Desk, *, with_balances: bool) -> None:
        lines = list(order.lines.select_related("beneficiary"))
        tenders = list(order.tenders.all())
        self.order = order
        self.total: Money = Totals(lines, tenders).total
        self.change_due: Money = change_due(tenders)
        self.left_over: list[str] = told(order)
        self.holders: list[Holder] = []
        if not with_balances:
            return
        added: dict[Client, Money] = {}
        for line in lines:
            if line.beneficiary is not None:
                before = added.get(line.beneficiary)
                added[line.beneficiary] = line.amount if before is None else before + line.amount
        clients = list(dict.fromkeys([*([order.client] if order.client else []), *added]))
        balances = balances_of(clients, desk.business_date) if clients else {}
        self.holders = [
            Holder(client, balances[client.pk], added.get(client)) for client in clients
        ]
