"""What a receipt says of balances: how they stood before, and after."""

from dataclasses import dataclass

from django.db.models import Q, Subquery
from djmoney.money import Money

from checkout import words
from checkout.models import Tender
from clients.models import Client
from ledger.kinds import AccountKind
from ledger.models import Posting
from salon import said
from salon.money import money

_BALANCES = {
    AccountKind.CLIENT_CREDIT.value: "Account balance",
    AccountKind.RECEIVABLE.value: "Owed to the salon",
}


@dataclass(frozen=True)
class Balance:
    """What the receipt's own client had, or owed, before and after."""

    label: str
    before: Money
    after: Money

    @property
    def before_said(self) -> str:
        """$40.00; owes $12.00 below zero."""
        return _said(self.before)

    @property
    def after_said(self) -> str:
        """The same, after."""
        return _said(self.after)


def balances_around(client: Client | None, entries: Q, tenders: list[Tender]) -> list[Balance]:
    """What accounts stood at before and after these entries; those that moved.

    The receipt's own client's, and those of what paid with lots of its own: gift cards. At most two
    queries.
    """
    labels = {
        tender.account_id: f"{words.payment(tender)} {tender.reference}"
        for tender in tenders
        if tender.account_id
    }
    theirs = Q(account__in=labels)
    if client is not None:
        theirs |= Q(account__client=client, account__kind__in=_BALANCES)
    elif not labels:
        return []
    postings = Posting.objects.filter(entries, theirs).order_by(
        "account__kind", "account_id", "version"
    )
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for account, kind, amount, after in postings.values_list(
        "account_id", "account__kind", "amount", "balance_after"
    ):
        labels.setdefault(account, _BALANCES.get(kind, ""))
        last[account] = after or 0
        first.setdefault(account, last[account] - amount)
    # Stored value is a debt of the salon's, below zero in the books; what is owed stands above.
    found = [
        Balance(labels[account], abs(money(first[account])), abs(money(after)))
        for account, after in last.items()
    ]
    return _less_what_is_owed(found, client, entries) if client else found


def _less_what_is_owed(found: list[Balance], client: Client, entries: Q) -> list[Balance]:
    """A client's balance is one figure: what they have, less what they owe. One query, if either
    moved alone."""
    stored, owed = (
        next((balance for balance in found if balance.label == label), None)
        for label in _BALANCES.values()
    )
    if stored is None and owed is None:
        return found
    if stored is None:
        was = _stood_at(AccountKind.CLIENT_CREDIT, client, entries)
        stored = Balance(_BALANCES[AccountKind.CLIENT_CREDIT], was, was)
    elif owed is None:
        was = _stood_at(AccountKind.RECEIVABLE, client, entries)
        owed = Balance("", was, was)
    if owed is None:
        return found
    total = Balance(stored.label, stored.before - owed.before, stored.after - owed.after)
    return [total, *(balance for balance in found if balance not in (stored, owed))]


def _stood_at(kind: str, client: Client, entries: Q) -> Money:
    """What stood on the client's account of that kind when these entries began."""
    began = Posting.objects.filter(entries, account__client=client).order_by("entry_id")
    before = Posting.objects.filter(
        account__client=client,
        account__kind=kind,
        entry_id__lt=Subquery(began.values("entry_id")[:1]),
    )
    balances = before.order_by("-version").values_list("balance_after", flat=True)
    return abs(money(balances.first() or 0))


def _said(amount: Money) -> str:
    return said.balance(amount) if amount.amount < 0 else said.amount(amount)
