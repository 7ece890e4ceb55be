"""What each provider with a merchant account of their own is owed. Reading only."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, Sum
from djmoney.money import Money

from cards.models import Transfer
from cards.transferring import held_by
from ledger import accounts
from ledger.kinds import AccountKind
from ledger.models import Posting
from salon.models import MerchantAccount, StaffMember
from salon.money import currency, money

_OUT, _BACK = Q(takes_back=None), Q(takes_back__isnull=False)
_WAITING = Q(status=Transfer.Status.WAITING)


@dataclass(frozen=True)
class Standing:
    """One provider. `payable` is what nobody has begun to pay; below zero they owe the house."""

    account: MerchantAccount
    payable: Money
    on_its_way: Money
    """Below zero: more comes back from them than goes out."""
    paid: Money
    """This month: transferred or by hand, less what was taken back."""

    @property
    def people(self) -> list[str]:
        """Whose services and tips it is about."""
        return [str(person) for person in self.account.staffmember_set.all()]

    @property
    def owes(self) -> Money:
        """What they owe the house, if they do."""
        return max(-self.payable, money(0))

    @property
    def is_connected(self) -> bool:
        return bool(self.account.processor_account)


def providers() -> list[MerchantAccount]:
    """All that are not the house's; archived ones after the others. Two queries."""
    people = Prefetch("staffmember_set", StaffMember.objects.order_by("name"))
    found = MerchantAccount.objects.filter(is_house=False).prefetch_related(people)
    return sorted(found, key=lambda account: (account.is_archived, account.name))


def standings(of: Iterable[MerchantAccount], today: dt.date) -> list[Standing]:
    """How each stands, in their order; the month is that of `today`. Three queries."""
    found = list(of)
    owed = _owed(found)
    for pk, held in held_by(found).items():
        # What they hold for clients, they owe to nobody yet.
        name = f"{AccountKind.PROVIDER}/merchant:{pk}"
        owed[name] = owed.get(name, 0) + held
    moved = _moved(found, today.replace(day=1))
    return [_standing(account, owed, moved) for account in found]


def _standing(
    account: MerchantAccount, owed: dict[str, int], moved: dict[int, dict[str, Money]]
) -> Standing:
    sums = moved.get(account.pk, {})
    zero = money(0)
    on_its_way = sums.get("going", zero) - sums.get("coming", zero)
    return Standing(
        account=account,
        payable=money(owed.get(accounts.provider(account), 0)) - on_its_way,
        on_its_way=on_its_way,
        paid=sums.get("paid", zero) - sums.get("returned", zero),
    )


def _owed(found: list[MerchantAccount]) -> dict[str, int]:
    """By the ledger, minor units; what is owed is credit there."""
    names = [accounts.provider(account) for account in found]
    postings = Posting.objects.filter(
        account__name__in=names, account__currency=currency(), version__isnull=True
    )
    sums = postings.values_list("account__name").annotate(Sum("amount"))
    return {name: -total for name, total in sums}


def _moved(found: list[MerchantAccount], since: dt.date) -> dict[int, dict[str, Money]]:
    this_month = Q(status=Transfer.Status.DONE, entry__business_date__gte=since)
    rows: Iterable[Any] = (
        Transfer.objects.filter(account__in=found)
        .order_by()
        .values("account")
        .annotate(
            going=Sum("amount", filter=_WAITING & _OUT),
            coming=Sum("amount", filter=_WAITING & _BACK),
            paid=Sum("amount", filter=this_month & _OUT),
            returned=Sum("amount", filter=this_month & _BACK),
        )
    )
    sums = ("going", "coming", "paid", "returned")
    return {
        row["account"]: {name: Money(row[name] or 0, currency()) for name in sums} for row in rows
    }
