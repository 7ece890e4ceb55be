"""What has to hold after every act, whoever did what: the books against the model."""

from collections import defaultdict

from django.apps import apps
from django.db import connection
from django.db.models import Q, Sum

from appointments.models import Appointment
from checkout.models import Order
from checkout.models.orders import Totals
from checkout.tills.figures import expected_in
from clients.models import Client
from giftcards.models import GiftCard
from ledger import accounts
from ledger.balances import balances_of
from ledger.models import Lot, Posting
from salon.desk import Desk
from salon.models import Till
from salon.money import minor, money
from tests.checkout.machine_model import TAX, Model

WATCHED = ("appointments", "checkout", "clients", "giftcards", "ledger")


def everything() -> list[tuple]:
    """A fingerprint of each table that an act could touch. One query."""
    tables = [
        model._meta.db_table for app in WATCHED for model in apps.get_app_config(app).get_models()
    ]
    prints = " union all ".join(
        f"select '{table}', md5(string_agg(r::text, '|' order by r::text)) from {table} r"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(prints)
        return cursor.fetchall()


def shown() -> dict[str, int]:
    """Every account that is not at zero: debit positive, all tax as one."""
    found: dict[str, int] = defaultdict(int)
    for name, total in Posting.objects.values_list("account__name").annotate(total=Sum("amount")):
        found[TAX if name.startswith("tax/") else name] += total
    return {name: total for name, total in found.items() if total}


def free_credit(clients: list[Client], desk: Desk) -> int:
    """What may pay a debt: neither held nor restricted nor expired."""
    lasting = Q(expires_on__isnull=True) | Q(expires_on__gte=desk.business_date)
    lots = Lot.objects.filter(
        lasting, account__client__in=clients, appointment__isnull=True, restriction="any",
        remaining__gt=0,
    )  # fmt: skip
    return lots.aggregate(total=Sum("remaining"))["total"] or 0


def check_books(model: Model) -> None:
    expected = {name: cents for name, cents in model.accounts.items() if cents}
    assert shown() == expected
    assert sum(expected.values()) == 0
    assert sum(model.standing.values()) == -expected.get(accounts.OPEN_ORDERS, 0)


def check_lots() -> None:
    """No lot is below zero, and the lots of an account are its balance."""
    assert not Lot.objects.filter(remaining__lt=0).exists()
    for balance, left in (
        Lot.objects.values_list("account__balance").annotate(Sum("remaining")).order_by("account")
    ):
        assert -balance == left


def check_clients(model: Model, desk: Desk) -> None:
    """Each client's figures as the desk sees them; who was merged has none."""
    owner = dict(Appointment.objects.values_list("pk", "client"))
    clients = list(Client.objects.all())
    for client, has in zip(clients, balances_of(clients, desk.business_date).values(), strict=True):
        held = sum(cents for visit, cents in model.held.items() if owner[visit] == client.pk)
        gone = client.merged_into_id is not None
        assert minor(has.stored) == (0 if gone else model.stored(client))
        assert minor(has.owes) == (0 if gone else model.owes(client))
        assert minor(has.held) == held
        assert has.available <= has.stored - has.held


def check_cards(model: Model) -> None:
    for card in GiftCard.objects.select_related("account"):
        left = -model.accounts[card.account_name]
        assert minor(card.left) == left
        assert left >= 0


def check_tills(model: Model) -> None:
    for till in Till.objects.all():
        assert expected_in(till) == model.accounts[accounts.cash(till)]


def check_orders(model: Model) -> None:
    """What is paid on each open order, and that its prices add up."""
    rows = Order.objects.open().prefetch_related("tenders", "lines__taxes", "discounts")
    for order in rows:
        lines = list(order.lines.all())
        totals = Totals.of(order)
        assert minor(totals.paid) == model.standing[order.pk]
        assert totals.total == sum((line.total for line in lines), money(0))
        for line in lines:
            assert money(0) <= line.discount <= line.price
            included = sum((t.amount for t in line.taxes.all() if t.is_included), money(0))
            assert line.amount + line.discount + included == line.price
            assert line.tax == sum((t.amount for t in line.taxes.all()), money(0))
        taken_off = sum((discount.taken_off for discount in order.discounts.all()), money(0))
        assert taken_off == totals.discount
