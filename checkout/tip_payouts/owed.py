"""What each person is owed in tips. Reading only.

That is what stands on their account of tips payable: what a sale credited, less what was refunded
and paid. Below zero they owe the salon, and the next tips make up for it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum
from djmoney.money import Money

from ledger import accounts
from ledger.kinds import AccountKind
from ledger.models import Account, Posting
from ledger.sums import sums
from salon.models import Location, StaffMember
from salon.money import currency, money

_STAFF = "staff:"


@dataclass(frozen=True)
class Standing:
    """One person. `balance` is what they are owed now; below zero they owe the salon."""

    person: StaffMember
    balance: Money

    @property
    def owed(self) -> Money:
        """What can be paid now."""
        return max(self.balance, money(0))

    @property
    def owes(self) -> Money:
        """What they owe the salon, if they do."""
        return max(-self.balance, money(0))

    @property
    def has_own_account(self) -> bool:
        """Whether tips from now on go to an account of their own, and what is here is older."""
        account = self.person.merchant_account
        return bool(account and not account.is_house and not account.is_archived)


def balance_of(person: StaffMember) -> Money:
    """What one person is owed now, below zero what they owe. One query."""
    total = postings_of(person).aggregate(total=Sum("amount"))["total"]
    return money(-(total or 0))


def standings() -> list[Standing]:
    """Everybody who ever had a tip from the house, by name. Five queries."""
    people, owed = _people(), balances()
    return [Standing(person, money(owed.get(person.pk, 0))) for person in people]


def balances(end: dt.date | None = None, place: Location | None = None) -> dict[int, int]:
    """What is owed at the end of a business date, now by default, in minor units by person's id.

    `place`: of what was earned and paid there alone. Three queries.
    """
    where: dict[str, Any] = {"location_id": place.pk} if place else {}
    rows = sums(end=end, by=["account_id"], kind=AccountKind.TIPS, **where)
    named = dict(_accounts().values_list("pk", "name"))
    return {person_of(named[row["account_id"]]): -row["amount"] for row in rows}


def standing_of(person: StaffMember) -> Standing:
    """One query."""
    return Standing(person, balance_of(person))


def hold_people(people: Iterable[StaffMember]) -> Sequence[StaffMember]:
    """These people, whom nobody else pays tips until the transaction ends. One query.

    Before a till's row: who holds a till waits for nothing else.
    """
    rows = StaffMember.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    return list(rows.filter(pk__in=[person.pk for person in people]))


def postings_of(person: StaffMember) -> QuerySet[Posting]:
    """All on their account of tips payable."""
    return of_people().filter(account__name=accounts.tips(person))


def of_people() -> QuerySet[Posting]:
    # The condition on version is that of the index of house accounts.
    return Posting.objects.filter(
        account__kind=AccountKind.TIPS, account__currency=currency(), version__isnull=True
    )


def person_of(name: str) -> int:
    """4 of tips/staff:4."""
    return int(name.rpartition(_STAFF)[2])


def _people() -> QuerySet[StaffMember]:
    ids = [person_of(name) for name in _accounts().values_list("name", flat=True)]
    people = StaffMember.objects.filter(pk__in=ids)
    return people.select_related("merchant_account").order_by("name", "pk")


def _accounts() -> QuerySet[Account]:
    return Account.objects.filter(kind=AccountKind.TIPS, currency=currency())
