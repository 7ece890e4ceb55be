"""What each person is owed in tips. Reading only.

That is what stands on their account of tips payable: what a sale credited, less what was refunded
and paid. Below zero they owe the salon, and the next tips make up for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from djmoney.money import Money

from ledger import accounts
from ledger.kinds import AccountKind
from ledger.models import Account, Posting
from salon.models import StaffMember
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
    """Everybody who ever had a tip from the house, by name. Three queries."""
    people = {person.pk: person for person in _people()}
    sums = of_people().order_by().values_list("account__name").annotate(Sum("amount"))
    balances = {person_of(name): money(-total) for name, total in sums}
    return [Standing(person, balances.get(pk, money(0))) for pk, person in people.items()]


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
    names = Account.objects.filter(kind=AccountKind.TIPS, currency=currency())
    ids = [person_of(name) for name in names.values_list("name", flat=True)]
    people = StaffMember.objects.filter(pk__in=ids)
    return people.select_related("merchant_account").order_by("name", "pk")
