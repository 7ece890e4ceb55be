"""What accounts are called where people read them: "Till 1" for cash/till:1, Maya for tips/staff:4.

This floor knows its own subjects and those below; upper floors answer for theirs. In ready():

    account_names.add("card", gift_cards_named)
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from clients.models import Client
from ledger.kinds import AccountKind
from salon import said
from salon.models import Location, MerchantAccount, StaffMember, TaxRate, Till


@dataclass(frozen=True)
class Named:
    """`url`: its own page, where it has one."""

    name: str
    url: str = ""


NamesOf = Callable[[Sequence[int]], Mapping[int, Named]]
"""Ids of one kind of subject to their names. One query for all."""


def named(names: Iterable[str]) -> dict[str, Named]:
    """Accounts by their names in the ledger: `cash/till:1`. One query for each kind of subject."""
    names = list(names)
    by_subject: dict[str, set[int]] = defaultdict(set)
    for name in names:
        subject, number = _parted(name)
        if number is not None and subject in _known:
            by_subject[subject].add(number)
    found = {subject: _known[subject](sorted(ids)) for subject, ids in by_subject.items()}
    return {name: _called(name, found) for name in names}


def add(subject: str, names_of: NamesOf) -> None:
    """Answer for accounts of this subject: `till` in cash/till:1."""
    _known[subject] = names_of


def add_word(name: str, word: str) -> None:
    """What an account without a subject is called."""
    _words[name] = word


def _called(name: str, found: Mapping[str, Mapping[int, Named]]) -> Named:
    if name in _words:
        return Named(_words[name])
    subject, number = _parted(name)
    if number is not None and number in found.get(subject, {}):
        return found[subject][number]
    kind, _, rest = name.partition("/")
    if not rest:
        return Named(AccountKind(kind).label)
    return Named(rest.replace("_", " ").replace(":", " ").capitalize())


def _parted(name: str) -> tuple[str, int | None]:
    """("till", 1) of cash/till:1."""
    subject, _, number = name.partition("/")[2].partition(":")
    return subject, int(number) if number.isascii() and number.isdigit() else None


def _clients(ids: Sequence[int]) -> dict[int, Named]:
    return {
        client.pk: Named(client.name, reverse("ledger:history", args=[client.pk]))
        for client in Client.objects.filter(pk__in=ids)
    }


def _tills(ids: Sequence[int]) -> dict[int, Named]:
    tills = Till.objects.filter(pk__in=ids).select_related("location")
    return {till.pk: Named(f"{till.name}, {till.location}") for till in tills}


def _safes(ids: Sequence[int]) -> dict[int, Named]:
    return {place.pk: Named(f"Safe, {place.name}") for place in Location.objects.filter(pk__in=ids)}


def _staff(ids: Sequence[int]) -> dict[int, Named]:
    return {person.pk: Named(str(person)) for person in StaffMember.objects.filter(pk__in=ids)}


def _rates(ids: Sequence[int]) -> dict[int, Named]:
    rates = TaxRate.objects.filter(pk__in=ids)
    return {rate.pk: Named(f"{rate.name}, {said.percent(rate.percent)}") for rate in rates}


def _providers(ids: Sequence[int]) -> dict[int, Named]:
    return {each.pk: Named(str(each)) for each in MerchantAccount.objects.filter(pk__in=ids)}


_known: dict[str, NamesOf] = {
    "client": _clients,
    "till": _tills,
    "safe": _safes,
    "staff": _staff,
    "rate": _rates,
    "merchant": _providers,
}
_words: dict[str, str] = {
    "card/": "Card terminal, not connected",
    "card/processor": "Card processor",
    "card/disputed": "Disputed card payments",
    "fees/processor": "Card processor’s fees",
    "fees/disputes": "Disputes lost",
    "bank/": "Bank account",
    "income/custom": "Custom amounts",
    "income/fees": "Cancellation and no-show fees",
    "income/paid_in": "Paid into a till",
    "expense/paid_out": "Paid out of a till",
}
