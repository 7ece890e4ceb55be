"""Which money pays which line: pure arithmetic, no queries.

The narrowest money goes first (credit for services only, then other credit, gift cards, cash, then
cards), each spread over the lines that it may buy in proportion to what they still lack, by largest
remainder. Of two kinds of money one may buy all that the other may, or they share no line: so this
never fails where any way works.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.errors import CannotAllocate
from checkout.funds import Fund
from checkout.line_kinds import kind_of
from checkout.models import LineItem
from checkout.tender_kinds import kind_of as tender_kind_of
from ledger.kinds import Restriction
from salon.money import minor, money, split


@dataclass(frozen=True)
class Share:
    """So much of a fund pays so much of a line. Minor units, above zero."""

    line: LineItem
    fund: Fund
    amount: int


def may_buy(fund_kind: str, restriction: str, line: LineItem) -> bool:
    """Whether a tender kind, out of a lot with that restriction, may pay this line."""
    kind = kind_of(line)
    if fund_kind in kind.refuses or fund_kind in line.refused:
        return False
    return restriction in (Restriction.ANY, kind.buys)


def barred(tender_kind: str, lines: Sequence[LineItem]) -> list[LineItem]:
    """The lines that no payment of this kind may pay, whatever it draws."""
    return [line for line in lines if not may_buy(tender_kind, Restriction.ANY, line)]


def says_what_is_barred(tender_kind: str, lines: Sequence[LineItem]) -> str:
    """ "Tip for Maya and Tip for Theo have to be paid another way."; nothing where it pays all."""
    names = list(dict.fromkeys(line.description for line in barred(tender_kind, lines)))
    if not names:
        return ""
    *first, last = names
    told = f"{', '.join(first)} and {last} have" if first else f"{last} has"
    return f"{told} to be paid another way."


def allocate(lines: Sequence[LineItem], funds: Sequence[Fund]) -> list[Share]:
    """Spread all funds over the lines. Raises CannotAllocate naming the money that has no place."""
    lacking = {line: minor(line.total) for line in lines}
    shares: list[Share] = []
    for fund in sorted(funds, key=lambda fund: _choice(fund, lines)):
        open_lines = [
            line
            for line in lines
            if lacking[line] and may_buy(fund.tender.kind, fund.restriction, line)
        ]
        over = fund.amount - sum(lacking[line] for line in open_lines)
        if over > 0:
            raise CannotAllocate(_no_place(fund, over, lines))
        parts = split(fund.amount, [lacking[line] for line in open_lines])
        for line, part in zip(open_lines, parts, strict=True):
            if part:
                lacking[line] -= part
                shares.append(Share(line, fund, part))
    return shares


def _choice(fund: Fund, lines: Sequence[LineItem]) -> int:
    return sum(may_buy(fund.tender.kind, fund.restriction, line) for line in lines)


def _no_place(fund: Fund, over: int, lines: Sequence[LineItem]) -> str:
    amount = money(fund.amount)
    if fund.restriction != Restriction.ANY:
        what = Restriction(fund.restriction).label.lower()
        return (
            f"{amount} of the applied credit is for {what}, and the sale no longer has as much. "
            "Take the Credits payment back and apply it again."
        )
    payment = tender_kind_of(fund.tender).label
    why = says_what_is_barred(fund.tender.kind, lines)
    return (
        f"The sale was not closed. {payment} may not pay {money(over)} of what it was taken for: "
        f"{why} Take that much of the {payment} payment back, and pay it another way."
    )
