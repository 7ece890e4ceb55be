"""What happens at a generated salon: short stories of one client each, told in steps.

A story is a sequence of acts; an act posts one entry. Amounts are made of `a` (a service), `b` (a
product, a deposit: less than `a`), `t` (the service's tax) and `g` (a tip), in minor units, drawn
anew for each telling. Accounts and lots are named by what they are to the story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PARTS = "abtg"


@dataclass(frozen=True)
class Lot:
    """Stored value that an act opens: on its client's account, or on the story's gift card."""

    name: str
    source: str
    is_paid: bool = True
    is_held: bool = False
    ends: int | None = None
    """Days after the story's first."""
    parent: str = ""
    ceiling: str = ""
    """What may go back to the card, in parts."""
    is_gift_card: bool = False


@dataclass(frozen=True)
class Act:
    """One entry. `legs`: "account amount", with "account:lot" on stored value; debit positive."""

    day: int
    kind: str
    legs: str
    reason: str = ""
    opens: tuple[Lot, ...] = ()
    reverses: int | None = None
    """The number of the act in its story."""
    elsewhere: bool = False
    """At another location than the story's."""

    def postings(self) -> list[tuple[str, str, dict[str, int]]]:
        """Account, lot ("" for none) and how often each part, leg by leg."""
        said = [leg.split() for leg in self.legs.split(",")]
        return [(*_pair(account), parts(amount)) for account, amount in said]


@dataclass(frozen=True)
class Story:
    """`weight` of a hundred stories are this one."""

    weight: int
    acts: list[Act] = field(default_factory=list)

    @property
    def lots(self) -> list[tuple[int, Lot]]:
        """Each with the number of the act that opens it."""
        return [(number, lot) for number, act in enumerate(self.acts) for lot in act.opens]


def parts(amount: str) -> dict[str, int]:
    """`-2a+t` as how often each part: {"a": -2, "b": 0, "t": 1, "g": 0}."""
    found = dict.fromkeys(PARTS, 0)
    for sign, times, part in re.findall(r"([+-])(\d*)([abtg])", amount):
        found[part] += int(sign + (times or "1"))
    return found


def _pair(account: str) -> tuple[str, str]:
    name, _, lot = account.partition(":")
    return name, lot


def visit(day: int, paid: str, *, elsewhere: bool = False) -> list[Act]:
    """A service and a tip, paid by one tender or by Credits, and closed."""
    return [
        Act(day, "tender", f"{paid} +a+t+g, open -a-t-g", elsewhere=elsewhere),
        Act(day, "sale", "open +a+t+g, services -a, tax -t, tips -g", elsewhere=elsewhere),
    ]


def sold(day: int, paid: str, amount: str, lot: Lot) -> list[Act]:
    """A lot that a tender pays for: credit, a deposit, a gift card."""
    account = "gift" if lot.is_gift_card else "credit"
    flipped = amount.replace("+", "-")
    return [
        Act(day, "tender", f"{paid} {amount}, open {flipped}"),
        Act(day, "sale", f"open {amount}, {account}:{lot.name} {flipped}", opens=(lot,)),
    ]


def drawn(day: int, lots: str, amount: str, *, elsewhere: bool = False) -> list[Act]:
    """A service without tax that Credits pays for. `lots`: the legs that draw."""
    flipped = amount.replace("+", "-")
    return [
        Act(day, "tender", f"{lots}, open {flipped}", elsewhere=elsewhere),
        Act(day, "sale", f"open {amount}, services {flipped}", elsewhere=elsewhere),
    ]


CARD_CREDIT = Lot("one", "purchase", ceiling="+3a")
TWO_LOTS = Lot("two", "purchase", ends=365, ceiling="+2a")
DEPOSIT = Lot("held", "deposit", is_held=True, ceiling="+b")

STORIES = [
    Story(24, visit(0, "till")),
    Story(30, visit(0, "card")),
    Story(
        8,
        [
            Act(0, "tender", "till +a, open -a"),
            Act(0, "tender", "card +b, open -b"),
            Act(0, "sale", "open +a+b, services -a, products -b"),
        ],
    ),
    # Credit for three visits, the third of them elsewhere.
    Story(
        9,
        [
            *sold(0, "card", "+3a", CARD_CREDIT),
            *drawn(14, "credit:one +a", "+a"),
            *drawn(30, "credit:one +a", "+a"),
            *drawn(50, "credit:one +a", "+a", elsewhere=True),
        ],
    ),
    # Two lots; a draw takes the end of the first and the beginning of the second.
    Story(
        5,
        [
            *sold(0, "till", "+a+b", Lot("one", "purchase")),
            *drawn(10, "credit:one +a", "+a"),
            *sold(12, "card", "+2a", TWO_LOTS),
            *drawn(30, "credit:one +b, credit:two +a", "+a+b"),
        ],
    ),
    # A deposit is held and pays a part of its visit.
    Story(
        7,
        [
            *sold(0, "card", "+b", DEPOSIT),
            Act(21, "tender", "credit:held +b, open -b"),
            Act(21, "tender", "card +a+t+g-b, open -a-t-g+b"),
            Act(21, "sale", "open +a+t+g, services -a, tax -t, tips -g"),
        ],
    ),
    # A deposit is forfeited; another is released, and pays for something else.
    Story(
        2,
        [
            *sold(0, "card", "+b", DEPOSIT),
            Act(15, "forfeit", "credit:held +b, forfeited -b"),
        ],
    ),
    Story(
        2,
        [
            *sold(0, "card", "+b", DEPOSIT),
            Act(
                9,
                "lot_change",
                "credit:held +b, credit:free -b",
                opens=(Lot("free", "deposit", parent="held", ceiling="+b"),),
            ),
            *drawn(25, "credit:free +b", "+b"),
        ],
    ),
    # Refunds: a sale to the balance, and one that Credits paid.
    Story(
        2,
        [
            *visit(0, "till"),
            Act(
                3, "refund", "services +a, tax +t, credit:back -a-t",
                opens=(Lot("back", "refund"),),
            ),
            *drawn(33, "credit:back +a+t", "+a+t"),
        ],
    ),
    Story(
        2,
        [
            *sold(0, "card", "+3a", CARD_CREDIT),
            *drawn(7, "credit:one +a", "+a"),
            Act(
                8, "refund", "services +a, credit:again -a",
                opens=(Lot("again", "purchase", parent="one", ceiling="+a"),),
            ),
            *drawn(20, "credit:one +2a, credit:again +a", "+3a"),
        ],
    ),
    # Gifts: one is used, one ends, one was a mistake.
    Story(
        2,
        [
            Act(
                0, "adjustment", "goodwill +a, credit:gift -a", "gift",
                opens=(Lot("gift", "goodwill", is_paid=False, ends=60),),
            ),
            *drawn(20, "credit:gift +a", "+a"),
        ],
    ),
    Story(
        1,
        [
            Act(
                0, "adjustment", "goodwill +b, credit:gift -b", "reward",
                opens=(Lot("gift", "goodwill", is_paid=False, ends=30),),
            ),
            Act(31, "expiry", "credit:gift +b, breakage -b"),
        ],
    ),
    Story(
        1,
        [
            Act(
                0, "adjustment", "goodwill +a, credit:gift -a", "correction",
                opens=(Lot("gift", "goodwill", is_paid=False),),
            ),
            Act(1, "reversal", "goodwill -a, credit:gift +a", reverses=0),
        ],
    ),
    # A gift card pays for two visits.
    Story(
        3,
        [
            *sold(0, "card", "+a+b", Lot("card", "purchase", is_gift_card=True)),
            *drawn(20, "gift:card +b", "+b"),
            *drawn(45, "gift:card +a", "+a", elsewhere=True),
        ],
    ),
    # Credit lacks: the rest is owed, and the next credit settles it first.
    Story(
        1,
        [
            *sold(0, "till", "+b", Lot("one", "purchase")),
            Act(5, "tender", "credit:one +b, owed +a-b, open -a"),
            Act(5, "sale", "open +a, services -a"),
            Act(19, "tender", "card +2a, open -2a"),
            Act(
                19, "sale", "open +2a, owed -a+b, credit:two -a-b",
                opens=(Lot("two", "purchase"),),
            ),
            *drawn(40, "credit:two +a", "+a"),
        ],
    ),
    # A month of a membership: what is not used by its end is gone.
    Story(
        1,
        [
            *sold(0, "card", "+a", Lot("month", "membership", ends=50)),
            *drawn(25, "credit:month +b", "+b"),
            Act(51, "expiry", "credit:month +a-b, breakage -a+b"),
        ],
    ),
]  # fmt: skip
