"""The owner's chart: which of our accounts is which of theirs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from ledger.kinds import GUARDED, AccountKind
from ledger.models import Account, AccountCode, Posting

ROOTS = {
    AccountKind.CLIENT_CREDIT: "Liabilities",
    AccountKind.RECEIVABLE: "Assets",
    AccountKind.GIFT_CARD: "Liabilities",
    AccountKind.CASH: "Assets",
    AccountKind.CARD: "Assets",
    AccountKind.BANK: "Assets",
    AccountKind.OTHER_TENDER: "Assets",
    AccountKind.OPEN_ORDERS: "Liabilities",
    AccountKind.INCOME: "Income",
    AccountKind.TAX: "Liabilities",
    AccountKind.TIPS: "Liabilities",
    AccountKind.PROVIDER: "Liabilities",
    AccountKind.GOODWILL: "Expenses",
    AccountKind.FORFEITED: "Income",
    AccountKind.BREAKAGE: "Income",
    AccountKind.FEES: "Expenses",
    AccountKind.OVER_SHORT: "Expenses",
    AccountKind.EXPENSE: "Expenses",
    AccountKind.OPENING: "Equity",
}
"""The five words that all three programs, and every accountant, begin with."""


@dataclass(frozen=True)
class Coded:
    """An account of the owner's: Assets, 1010, Cash drawer."""

    root: str
    code: str
    title: str


@dataclass(frozen=True)
class Chart:
    by_account: Mapping[tuple[str, str], Coded]

    def of(self, kind: str, name: str) -> Coded | None:
        """The code of this very account, else that of its kind, else None."""
        return self.by_account.get((kind, name)) or self.by_account.get((kind, ""))


def read_chart() -> Chart:
    """The chart as it is. One query."""
    return made_of(AccountCode.objects.all())


def made_of(rows: Iterable[AccountCode]) -> Chart:
    """One code is one account, with one title and one root, however many of ours it stands for.

    The root is that of the first kind among them, in the order of AccountKind.
    """
    order = {kind: place for place, kind in enumerate(AccountKind.values)}
    ordered = sorted(rows, key=lambda row: (order[row.kind], row.name))
    by_code: dict[str, Coded] = {}
    for row in ordered:
        known = by_code.get(row.code) or Coded(ROOTS[AccountKind(row.kind)], row.code, "")
        by_code[row.code] = Coded(known.root, row.code, known.title or row.title)
    return Chart({(row.kind, row.name): by_code[row.code] for row in ordered})


def without_code() -> list[str]:
    """What is posted to and has no code: house accounts, and client kinds as `gift_card/`.

    Two queries.
    """
    chart = read_chart()
    house = Account.objects.exclude(kind__in=GUARDED).values_list("kind", "name")
    found = [name for kind, name in house.order_by("name").distinct() if not chart.of(kind, name)]
    posted = Posting.objects.filter(account=OuterRef("pk"))
    guarded = Account.objects.filter(Exists(posted), kind__in=GUARDED)
    kinds = guarded.order_by("kind").values_list("kind", flat=True).distinct()
    return [*(f"{kind}/" for kind in kinds if not chart.of(kind, "")), *found]
