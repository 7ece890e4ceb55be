"""What checkout adds to the frame and to the ledger's pages."""

from collections.abc import Sequence

from django.urls import reverse

from cards.models import Transfer
from checkout import catalog_search
from checkout.models import CustomPayment, Order, TipPayout
from checkout.sales_search import find_sales, ids_of_sales
from checkout.tills import sessions
from ledger import account_names, causes
from salon import pages, permissions, rail, search
from salon.addresses import uuid_of

_UNDER_MANAGE = (
    *("providers", "provider", "provider_statement"),
    *("tips", "tips_of", "pay_tips", "pay_all_tips"),
)


def add_to_the_desk() -> None:
    """Sales in the rail and in the search over everything; statement lines open their sale.

    Called once, when the program starts.
    """
    rail.add(
        rail.Entry(
            key="sales",
            label="Sales",
            icon="sales",
            url_name="checkout:list",
            position=20,
            permission=permissions.MODIFY_SALES,
        )
    )
    rail.cover("clients", "checkout:client_sales")
    for page in _UNDER_MANAGE:
        rail.cover("manage", f"checkout:{page}")
    search.add("Sales", find_sales, position=20)
    search.add("Services", catalog_search.find_services, position=40)
    search.add("Products", catalog_search.find_products, position=50)
    _name_pages()
    _name_accounts()
    causes.add("order", url_of=url_of_sale, names_of=names_of_sales, ids_of=ids_of_sales)
    causes.add("till", url_of=sessions.url_of)
    causes.add("cash_movement", url_of=sessions.url_of_movement)
    causes.add("transfer", url_of=url_of_transfer, names_of=names_of_transfers)
    causes.add("tip_payout", url_of=url_of_payout, names_of=names_of_payouts)


def _name_accounts() -> None:
    """What the ledger's reports call the accounts that only this floor knows."""
    account_names.add("custom", payment_buttons_named)
    account_names.add_word("other_tender/check", "Checks")
    account_names.add_word("other_tender/providers", "Paid to providers in other ways")
    account_names.add_word("other_tender/payroll", "Tips handed to payroll")


def _name_pages() -> None:
    """What the search over everything finds by name."""
    pages.add(
        pages.Page(
            "New sale",
            "checkout:new",
            also="checkout ring up",
            permission=permissions.MODIFY_SALES,
            is_act=True,
        )
    )
    pages.add(
        pages.Page(
            "Till",
            "checkout:till",
            also="cash drawer open count close pay",
            permission=permissions.COUNT_TILLS,
        )
    )
    pages.add(
        pages.Page(
            "Providers",
            "checkout:providers",
            also="manage payable owed pay transfer shares settle",
            permission=permissions.PAY_PROVIDERS,
        )
    )
    pages.add(
        pages.Page(
            "Tips",
            "checkout:tips",
            also="manage pay out tips owed staff payroll gratuities",
            permission=permissions.PAY_TIPS,
        )
    )


def url_of_sale(cause_id: str) -> str | None:
    """The page of the sale that caused an entry. No query: entries never outlive their sale."""
    uuid = uuid_of(cause_id)
    return reverse("checkout:order", args=[uuid]) if uuid else None


def names_of_sales(cause_ids: Sequence[str]) -> dict[str, str]:
    """Sale #1042 by cause. One query."""
    wanted = {uuid for cause_id in cause_ids if (uuid := uuid_of(cause_id))}
    return {str(order.uuid): str(order) for order in Order.objects.filter(uuid__in=wanted)}


def payment_buttons_named(ids: Sequence[int]) -> dict[int, account_names.Named]:
    """The owner's own ways to pay, by id. One query."""
    rows = CustomPayment.objects.filter(pk__in=ids)
    return {row.pk: account_names.Named(row.name) for row in rows}


def url_of_transfer(cause_id: str) -> str | None:
    """The page of the payment to a provider that caused an entry. No query."""
    uuid = uuid_of(cause_id)
    return reverse("checkout:provider_payment", args=[uuid]) if uuid else None


def names_of_transfers(cause_ids: Sequence[str]) -> dict[str, str]:
    """Payment to Theo, by cause. One query."""
    wanted = {uuid for cause_id in cause_ids if (uuid := uuid_of(cause_id))}
    rows = Transfer.objects.filter(uuid__in=wanted).select_related("account")
    return {str(row.uuid): f"Payment to {row.account}" for row in rows}


def url_of_payout(cause_id: str) -> str | None:
    """The slip of a payment of tips that caused an entry. One query."""
    uuid = uuid_of(cause_id)
    row = TipPayout.objects.filter(uuid=uuid).first() if uuid else None
    return reverse("checkout:tip_slips", args=[row.act]) if row else None


def names_of_payouts(cause_ids: Sequence[str]) -> dict[str, str]:
    """Tips paid to Maya, by cause. One query."""
    wanted = {uuid for cause_id in cause_ids if (uuid := uuid_of(cause_id))}
    rows = TipPayout.objects.filter(uuid__in=wanted).select_related("staff")
    return {str(row.uuid): str(row) for row in rows}
