"""The tables of a day's close."""

from collections.abc import Sequence

from django.urls import reverse
from djmoney.money import Money

from checkout.models import TillSession
from ledger.account_names import named
from ledger.kinds import AccountKind, EntryKind
from reports.day_close import TENDERS, Credit, Moved, by_tender
from salon.models import Till
from salon.money import money
from salon.reporting.tables import Column, Kind, Line, Table, Value

_WORDS = {
    "client_credit": "Credits",
    "receivable": "Put on account",
    "gift_card": "Gift cards",
    "card": "Cards",
}


def payments(moved: Sequence[Moved], tills: Sequence[Till]) -> Table:
    """Tender by till, refunds and what is left apart."""
    taken, back = by_tender(moved, "paid"), by_tender(moved, "given_back")
    met = {each.till_id for each in moved if each.paid}
    columns = {till.pk: f"till-{till.pk}" for till in tills if till.pk in met}
    names = {till.pk: till.name for till in tills}
    shown: list[tuple[int | None, str, str]] = [(pk, key, names[pk]) for pk, key in columns.items()]
    if met - columns.keys():
        shown.append((None, "no-till", "No till"))
    lines = [
        Line(
            {
                "what": _tender(kind),
                **{key: money(_taken(moved, kind, pk, columns)) for pk, key, _ in shown},
                "paid": money(taken.get(kind, 0)),
                "back": money(-back.get(kind, 0)),
                "net": money(taken.get(kind, 0) - back.get(kind, 0)),
            }
        )
        for kind in TENDERS
        if kind in taken or kind in back
    ]
    every = [
        *((key, name) for _, key, name in shown),
        ("paid", "Taken"),
        ("back", "Given back"),
    ]
    return Table(
        [
            Column("what", "Tender", is_title=True),
            *(Column(key, name, Kind.MONEY, hide_zero=True) for key, name in every),
            Column("net", "Together", Kind.MONEY, is_amount=True),
        ],
        lines,
        title="Payments",
        key="payments",
        total=sum_line(lines, "what", [key for key, _ in every] + ["net"]) if lines else None,
        empty="No payment counts for this day.",
    )


def _tender(kind: str) -> str:
    return _WORDS.get(kind, AccountKind(kind).label)


def _taken(moved: Sequence[Moved], kind: str, till: int | None, known: dict[int, str]) -> int:
    """What was paid so at a till; with none, at no till of this location."""
    return sum(
        each.paid
        for each in moved
        if each.account_kind == kind
        and (each.till_id == till if till is not None else each.till_id not in known)
    )


def other_money(moved: Sequence[Moved]) -> Table:
    """What else moved in drawers, at the processor, at the bank. Queries: the accounts' names."""
    rows = [each for each in moved if each.otherwise]
    sums: dict[tuple[str, str], int] = {}
    for each in rows:
        key = (each.account, each.kind)
        sums[key] = sums.get(key, 0) + each.otherwise
    called = named(account for account, _ in sums)
    lines = [
        Line(
            {
                "account": called[account].name,
                "why": EntryKind(kind).label,
                "amount": money(amount),
            }
        )
        for (account, kind), amount in sorted(sums.items())
        if amount
    ]
    return Table(
        [
            Column("account", "Where", is_title=True),
            Column("why", "What"),
            Column("amount", "Came or went", Kind.MONEY, is_amount=True),
        ],
        lines,
        title="Other money moved",
        key="other",
        note="Floats, the safe, what was over or short, payouts: below zero, it went out.",
    )


def drawers(sessions: Sequence[TillSession]) -> Table:
    """Each till session: what should have been there, and what was counted."""
    lines = [
        Line(
            {
                "till": each.till.name,
                "float": each.float,
                "expected": each.expected,
                "counted": each.counted,
                "over": each.over,
                "safe": each.to_safe,
                "reason": each.note,
            },
            url=reverse("checkout:till_session", args=[each.uuid]),
            note=f"Counted by {each.closed_by}" if each.closed_by else "Still open",
        )
        for each in sessions
    ]
    keys = ["float", "expected", "counted", "over", "safe"]
    return Table(
        [
            Column("till", "Till", is_title=True),
            Column("float", "Float", Kind.MONEY),
            Column("expected", "Expected", Kind.MONEY),
            Column("counted", "Counted", Kind.MONEY, is_amount=True),
            Column("over", "Over or short", Kind.MONEY),
            Column("safe", "To the safe", Kind.MONEY),
            Column("reason", "Reason"),
        ],
        lines,
        title="Drawers",
        key="drawers",
        total=sum_line(lines, "till", keys) if len(lines) > 1 else None,
        empty="No till was opened on this day.",
    )


def credit(key: str, title: str, rows: Sequence[Credit], note: str) -> Table:
    lines = [
        Line({"what": each.what, "amount": money(each.amount)}) for each in rows if each.amount
    ]
    return Table(
        [
            Column("what", "What", is_title=True),
            Column("amount", "Amount", Kind.MONEY, is_amount=True),
        ],
        lines,
        title=title,
        key=key,
        total=sum_line(lines, "what", ["amount"]) if len(lines) > 1 else None,
        note=note,
        empty="Nothing on this day.",
    )


def sum_line(lines: Sequence[Line], title: str, keys: Sequence[str]) -> Line:
    """The row below: each column added up, what is not known yet left out."""
    totals: dict[str, Value] = {title: "Total"}
    for key in keys:
        amounts = [line.values[key] for line in lines]
        totals[key] = sum((each for each in amounts if isinstance(each, Money)), money(0))
    return Line(totals)
