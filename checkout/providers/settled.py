"""Days of providers' accounts: what they earned and by what it was paid, what they were paid.

The ledger's figures; how a sale's share of them was paid is told by its allocations. Minor units,
above zero what is owed to the provider.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum
from djmoney.money import Money

from cards.models import Transfer
from checkout.providers.paid_by import ByProvider, Days, earned
from checkout.providers.standing import providers
from ledger.kinds import AccountKind, EntryKind
from ledger.models import Posting
from ledger.sums import sums
from salon.models import Location, MerchantAccount
from salon.money import currency, minor

_MERCHANT = "merchant:"


@dataclass(frozen=True)
class Settled:
    """One provider. What reduces what they are owed is below zero.

    `held`: what they have of clients' money at the end, deposits that nobody has spent: transferred
    to them, and not earned yet. `fees` are borne by the house, and part of no sum here.
    """

    account: MerchantAccount
    opening: int
    redeemed: int
    """Account credit and gift cards that the house had the money of."""
    deposits: int
    """Out of deposits that they hold themselves."""
    by_card: int
    otherwise: int
    refunds: int
    forfeited: int
    disputed: int
    """Their share of card payments that were disputed and lost."""
    transferred: int
    by_hand: int
    taken_back: int
    corrected: int
    held: int
    fees: int

    @property
    def closing(self) -> int:
        """What the ledger says at the end."""
        return sum(
            (
                self.opening,
                self.redeemed,
                self.deposits,
                self.by_card,
                self.otherwise,
                self.refunds,
                self.forfeited,
                self.disputed,
                self.transferred,
                self.by_hand,
                self.taken_back,
                self.corrected,
            )
        )

    @property
    def owed(self) -> int:
        """What the house owes them at the end; below zero they owe the house."""
        return self.closing + self.held

    @property
    def is_empty(self) -> bool:
        return not any(value for value in vars(self).values() if isinstance(value, int))


def settled(days: Days) -> list[Settled]:
    """Each provider with an account of their own, in the order of the list of them.

    Ten queries, and what paid their lines of these days is read row by row.
    """
    opening = _opening(days)
    moved, paid = _moved(days), _paid(days)
    shares, held = earned(days), _held(days)
    return [
        _settled(account, opening.get(account.pk, 0), moved, paid, shares, held.get(account.pk, 0))
        for account in providers()
    ]


def _settled(
    account: MerchantAccount,
    opening: int,
    moved: ByProvider,
    paid: ByProvider,
    earned_by: ByProvider,
    held: int,
) -> Settled:
    by_kind, payments, shares = (
        each.get(account.pk, {}) for each in (moved, paid, earned_by)
    )  # fmt: skip
    told = {name: shares.get(name, 0) for name in ("redeemed", "deposits", "by_card")}
    transfers = {name: payments.get(name, 0) for name in ("transferred", "by_hand", "taken_back")}
    known = (EntryKind.SALE, EntryKind.REFUND, EntryKind.FORFEIT, EntryKind.DISPUTE_SHARE)
    rest = sum(by_kind.values()) - sum(by_kind.get(kind, 0) for kind in known)
    return Settled(
        account=account,
        opening=opening,
        **told,
        otherwise=by_kind.get(EntryKind.SALE, 0) - sum(told.values()),
        refunds=by_kind.get(EntryKind.REFUND, 0),
        forfeited=by_kind.get(EntryKind.FORFEIT, 0),
        disputed=by_kind.get(EntryKind.DISPUTE_SHARE, 0),
        **transfers,
        corrected=rest - sum(transfers.values()),
        held=held,
        fees=shares.get("fees", 0),
    )


def _postings(place: Location | None) -> QuerySet[Posting]:
    # The condition on version is that of the index of house accounts.
    rows = Posting.objects.filter(
        account__kind=AccountKind.PROVIDER, account__currency=currency(), version__isnull=True
    )
    return rows.filter(entry__location=place) if place else rows


def _opening(days: Days) -> dict[int, int]:
    rows = _postings(days.place).filter(business_date__lt=days.start).order_by()
    found = rows.values_list("account__name").annotate(Sum("amount"))
    return {_merchant(name): -amount for name, amount in found}


def _moved(days: Days) -> ByProvider:
    """By provider and kind of entry, a reversal's being that of what it reverses."""
    rows = _postings(days.place).filter(business_date__range=(days.start, days.end)).order_by()
    columns = ("account__name", "entry__kind", "entry__reverses__kind")
    moved: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for name, kind, reversed_kind, amount in rows.values_list(*columns).annotate(Sum("amount")):
        moved[_merchant(name)][reversed_kind or kind] -= amount
    return moved


def _paid(days: Days) -> ByProvider:
    rows = Transfer.objects.filter(entry__business_date__range=(days.start, days.end))
    if days.place:
        rows = rows.filter(entry__location=days.place)
    is_back = Q(takes_back__isnull=False)
    found = (
        rows.order_by()
        .values("account")
        .annotate(
            transferred=Sum("amount", filter=Q(by_hand="") & ~is_back),
            by_hand_sum=Sum("amount", filter=~Q(by_hand="")),
            taken_back=Sum("amount", filter=is_back),
        )
    )
    return {
        row["account"]: {
            "transferred": -_cents(row["transferred"]),
            "by_hand": -_cents(row["by_hand_sum"]),
            "taken_back": _cents(row["taken_back"]),
        }
        for row in found
    }


def _held(days: Days) -> dict[int, int]:
    where: dict[str, Any] = {"sold_at_id": days.place.pk} if days.place else {}
    rows = sums(end=days.end, by=["holder_id"], kind=AccountKind.CLIENT_CREDIT, **where)
    return {row["holder_id"]: -row["amount"] for row in rows if row["holder_id"]}


def _merchant(name: str) -> int:
    return int(name.rpartition(_MERCHANT)[2])


def _cents(amount: Any) -> int:
    return minor(Money(amount or 0, currency()))
