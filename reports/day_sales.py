"""A day's sales: what was earned, and what is passed on."""

from collections.abc import Sequence

from ledger.account_names import named
from ledger.kinds import AccountKind, EntryKind
from reports.day_close import Moved
from reports.day_tables import sum_line
from salon.money import money
from salon.reporting.tables import Column, Kind, Line, Table

_SOLD = [AccountKind.INCOME, AccountKind.PROVIDER, AccountKind.FORFEITED, AccountKind.BREAKAGE]
_PASSED_ON = [AccountKind.TAX, AccountKind.TIPS]


def sales(moved: Sequence[Moved], discounts: str) -> Table:
    """What was earned, and what is passed on, by account. Queries: the accounts' names."""
    rows = [each for each in moved if is_earned(each) or each.account_kind in _PASSED_ON]
    called = named({each.account for each in rows if each.account_kind == AccountKind.INCOME})
    sums: dict[tuple[int, str], list[int]] = {}
    for each in rows:
        order = [*_SOLD, *_PASSED_ON].index(AccountKind(each.account_kind))
        name = called[each.account].name if each.account in called else _earned(each.account_kind)
        row = sums.setdefault((order, name), [0, 0])
        row[0 if each.kind == EntryKind.SALE or not each.is_sale else 1] -= each.net
    lines = [
        Line({"what": name, "sold": money(sold), "back": money(back), "net": money(sold + back)})
        for (_, name), (sold, back) in sorted(sums.items())
        if sold or back
    ]
    return Table(
        [
            Column("what", "What", is_title=True),
            Column("sold", "Sold", Kind.MONEY),
            Column("back", "Refunded", Kind.MONEY, hide_zero=True),
            Column("net", "Together", Kind.MONEY, is_amount=True),
        ],
        lines,
        title="Sales",
        key="sales",
        total=sum_line(lines, "what", ["sold", "back", "net"]) if lines else None,
        note=discounts,
        empty="No sale counts for this day.",
    )


def is_earned(each: Moved) -> bool:
    """Income, whatever it came by; a provider's only by sales: what they are paid is none."""
    kind = each.account_kind
    return kind in _SOLD and (kind != AccountKind.PROVIDER or each.is_sale)


def _earned(kind: str) -> str:
    return {"provider": "Earned by providers", "tax": "Tax", "tips": "Tips"}.get(
        kind, AccountKind(kind).label
    )
