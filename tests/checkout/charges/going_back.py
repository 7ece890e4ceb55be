"""Short words for sales that cards paid: closed, refunded, and what became of it."""

import uuid

from cards.models import CardRefund, Transfer
from cards.refund_sending import look_refund
from checkout.closing import close_order
from checkout.lines import add_service
from checkout.models import Order, Refund, Tender
from checkout.opening import open_order
from checkout.refunding import refund_lines, refund_tender
from checkout.tips import set_tips
from clients.models import Client
from ledger import accounts
from ledger.models import Posting
from salon.desk import Desk
from salon.models import MerchantAccount
from tests.checkout.charges.helpers import charge, pays
from tests.checkout.helpers import order_with
from tests.factories import dollars, make_merchant_account, make_service, make_staff
from tests.harness.processor import PAYS, REFUND_FAILS, TestProcessor

ACCOUNT = "acct_theo"


def by_card(
    processor: TestProcessor, order: Order, amount: str | int, desk: Desk, number: str = PAYS
) -> Tender:
    """The client types a card on the page of the processor; the payment."""
    made = pays(processor, charge(order, amount, desk), number)
    assert made.tender is not None
    return made.tender


def sold(
    processor: TestProcessor,
    desk: Desk,
    client: Client | None = None,
    amount: str | int = 40,
    number: str = PAYS,
) -> Order:
    """A product, paid by card and closed."""
    order = order_with(desk, client, product=amount)
    by_card(processor, order, amount, desk, number)
    return close_order(order=order, desk=desk)


def refund(order: Order, amount: str | int, desk: Desk, **more) -> Refund:
    """So much of the sale's one payment, to where it came from."""
    values = {"uuid": uuid.uuid4(), "destination": "charge", **more}
    return refund_tender(tender=order.tenders.get(), amount=dollars(amount), desk=desk, **values)


def refund_each(order: Order, desk: Desk, **dollars_by_kind: str | int) -> Refund:
    """So much of each kind of line, with tax, the way that it was paid."""
    amounts = {
        order.lines.get(kind=kind): dollars(amount) for kind, amount in dollars_by_kind.items()
    }
    return refund_lines(order=order, amounts=amounts, destinations={}, desk=desk, uuid=uuid.uuid4())


def refused(processor: TestProcessor, desk: Desk, client: Client | None = None) -> CardRefund:
    """$27.35 that a card took back at first and refuses days later."""
    order = sold(processor, desk, client, 40, REFUND_FAILS)
    refund(order, "27.35", desk)
    row = CardRefund.objects.get(attempt__order_charge__order=order)
    processor.later()
    return look(row)


def look(row: CardRefund) -> CardRefund:
    """As the sweep does, after the processor moved."""
    look_refund(row)
    return CardRefund.objects.get(pk=row.pk)


def at_processor() -> int:
    """What the books say stands there: cents."""
    return _stands(accounts.PROCESSOR)


def owed(account: MerchantAccount) -> int:
    """What the ledger says the house owes them: cents."""
    return -_stands(accounts.provider(account))


def _stands(name: str) -> int:
    return sum(Posting.objects.filter(account__name=name).values_list("amount", flat=True))


def given_back(processor: TestProcessor) -> list[int]:
    """What the processor's own books say went back: cents."""
    return [one["amount"] for one in processor.books()["refunds"] if one["status"] == "succeeded"]


def theo_of_his_own(**fields) -> MerchantAccount:
    """Theo's own account, connected to the processor unless said otherwise."""
    account = make_merchant_account()
    account.processor_account = fields.pop("processor_account", ACCOUNT)
    account.save()
    return account


def with_theo(desk: Desk, client: Client, price: int = 100, tip: int = 18, tax_rate=None) -> Order:
    """An open order: a service by Theo, and his tip."""
    theo = make_staff("Theo")
    order = open_order(desk=desk, client=client)
    service = make_service(f"Theo at {price}", price, tax_rate=tax_rate)
    add_service(order=order, service=service, staff=theo, desk=desk)
    if tip:
        set_tips(order=order, tips={theo: dollars(tip)}, desk=desk)
    return order


def transfers(**wanted) -> list[tuple[str, str]]:
    """Amount and status of each; below zero: taken back."""
    rows = Transfer.objects.filter(**wanted).order_by("pk")
    return [
        (str((-row.amount if row.takes_back_id else row.amount).amount), row.status) for row in rows
    ]
