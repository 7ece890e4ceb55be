"""Payments to providers as they read: transfers, what was taken back, and by hand."""

from dataclasses import dataclass

from django.db.models import QuerySet

from cards.models import Transfer
from checkout.providers.paying import BANK, CASH, asked_again
from salon.models import MerchantAccount

PAGE = 20


@dataclass(frozen=True)
class Payment:
    """One payment, or one taken back. `may_ask`: it was refused, and nobody has asked again."""

    transfer: Transfer
    may_ask: bool

    @property
    def how(self) -> str:
        return how_said(self.transfer)


@dataclass(frozen=True)
class Page:
    """Newest first. `older`: the id before which the next page goes on, None at the end."""

    payments: list[Payment]
    older: int | None


def payments_of(account: MerchantAccount, before: int | None = None) -> Page:
    """A page of a provider's payments. Two queries."""
    rows = Transfer.objects.filter(account=account)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(_loaded(rows).order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(_payments(shown), shown[-1].pk if len(found) > PAGE else None)


def payment_of(transfer: Transfer) -> Payment:
    """One of them. One query."""
    return _payments([transfer])[0]


def how_said(transfer: Transfer) -> str:
    """Transfer, Bank transfer, In cash; Taken back."""
    if transfer.takes_back_id:
        return "Taken back"
    by_hand = {BANK: "Bank transfer", CASH: "In cash", "": "Transfer"}
    return by_hand.get(transfer.by_hand, "Paid another way")


def _loaded(rows: QuerySet[Transfer]) -> QuerySet[Transfer]:
    return rows.select_related("account", "asked_by", "location", "takes_back")


def _payments(rows: list[Transfer]) -> list[Payment]:
    refused = [row for row in rows if row.status == Transfer.Status.REFUSED]
    names = {asked_again(row) for row in refused}
    known = Transfer.objects.filter(uuid__in=names).values_list("uuid", flat=True)
    again = set(known) if names else set()
    return [Payment(row, row in refused and asked_again(row) not in again) for row in rows]


def refused_by_account() -> dict[int, int]:
    """How many transfers to each provider were refused, and nobody has asked again. Two queries."""
    rows = Transfer.objects.filter(status=Transfer.Status.REFUSED, takes_back=None)
    many: dict[int, int] = {}
    for payment in _payments(list(rows)):
        if payment.may_ask:
            account = payment.transfer.account_id
            many[account] = many.get(account, 0) + 1
    return many
