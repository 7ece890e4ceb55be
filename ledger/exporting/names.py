"""What our accounts are called outside: `cash/till:1` is Assets:Cash:Till 1.

By numbers, so that a till or a person that gets another name keeps its account; who that is, the
declarations at the head of the journal say. With a code of the owner's: Assets:1010 Cash drawer.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from ledger.exporting.amounts import digits_of
from ledger.exporting.chart import ROOTS, Chart, Coded
from ledger.kinds import GUARDED, AccountKind
from ledger.models import Account

GROUPS = {
    AccountKind.CLIENT_CREDIT: "Client credit",
    AccountKind.RECEIVABLE: "Owed by clients",
    AccountKind.INCOME: "",
    AccountKind.OVER_SHORT: "Over and short",
}
_ALONE = {"card/": "Terminal"}
"""An account without a subject beside others of its kind that have one."""
KEPT = 50_000
"""So many names are remembered at most: houses have few accounts, clients any number."""


class Named(NamedTuple):
    """`ours`: as the trial balance names it. `code`: the owner's, or nothing."""

    text: str
    currency: str
    digits: int
    ours: str
    code: str


@dataclass
class Names:
    """`legal`: makes a part of a name fit for one program. `together`: clients share an account."""

    legal: Callable[[str], str]
    chart: Chart
    together: bool
    _coded: dict[str, str] = field(init=False)
    _known: dict[int, Named] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._coded = _coded_names(self.legal, set(self.chart.by_account.values()))

    def text(self, kind: str, name: str) -> str:
        """The whole name of an account, as this program may read it."""
        coded = self.chart.of(kind, name)
        subject = self._subject(kind, name)
        if coded is None:
            parts = [ROOTS[AccountKind(kind)], self.legal(_group(kind)), self.legal(subject)]
        else:
            # What is mapped by its kind is one account; clients that are apart stay apart.
            parts = [self._coded[coded.code], self.legal(subject) if kind in GUARDED else ""]
        return ":".join(part for part in parts if part)

    def own(self, root: str, title: str) -> str:
        """An account that only the journal has."""
        return f"{root}:{self.legal(title)}"

    def load(self, ids: Collection[int]) -> dict[int, Named]:
        """These accounts' names, and others. One query, or none where all are remembered."""
        missing = [each for each in ids if each not in self._known]
        if missing:
            if len(self._known) > KEPT:
                self._known.clear()
                missing = list(ids)
            rows = Account.objects.filter(pk__in=missing)
            for pk, kind, name, currency in rows.values_list("pk", "kind", "name", "currency"):
                self._known[pk] = self.named(kind, name, currency)
        return self._known

    def named(self, kind: str, name: str, currency: str) -> Named:
        coded = self.chart.of(kind, name)
        text = self.text(kind, name)
        return Named(text, currency, digits_of(currency), name, coded.code if coded else "")

    def _subject(self, kind: str, name: str) -> str:
        """Till 1 of cash/till:1; nothing for clients that share an account."""
        if name in _ALONE:
            return _ALONE[name]
        if self.together and kind in GUARDED:
            return ""
        what, _, number = name.partition("/")[2].partition(":")
        return f"{what.replace('_', ' ').capitalize()} {number}".strip()


def _group(kind: str) -> str:
    return GROUPS.get(AccountKind(kind), AccountKind(kind).label)


def _coded_names(legal: Callable[[str], str], codes: Collection[Coded]) -> dict[str, str]:
    """Assets:1010 Cash drawer, by code. Two codes that would read the same are told apart."""
    names: dict[str, str] = {}
    for coded in sorted(codes, key=lambda each: each.code):
        wanted = text = f"{coded.root}:{legal(f'{coded.code} {coded.title}') or 'Coded'}"
        number = 1
        while text in names.values():
            number += 1
            text = f"{wanted}-{number}"
        names[coded.code] = text
    return names
