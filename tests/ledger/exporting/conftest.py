"""A few days of a salon with every kind of account, and names that programs stumble over."""

import datetime as dt
import uuid

import pytest

from ledger import accounts
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move, Open, Terms
from ledger.models import Entry
from ledger.posting import Cause
from ledger.reversing import reverse
from tests.factories import (
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_location,
    make_merchant_account,
    make_staff,
    make_tax_rate,
)
from tests.ledger.books import act

FRIDAY = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
ORDERS = accounts.OPEN_ORDERS
NOTES = [
    "date:2019-01-01, see [=2019/01/01] or [2019-01-02]",
    "two lines\nthe second: with ; and | and * and !\r\n\tand a tab",
    'she said "no\\" } { @ 12 USD',
    ":TAG1:TAG2: value:: (1/0)",
    "2026-01-01 * open (x)\n    Assets:Cash  12 USD",
    "=HYPERLINK()",
    "ключ 鍵 🔑 \u2028 \x85 \x07 \u202e",
    "long " * 4000,
    "\n",
]


def on(day: int) -> dt.datetime:
    return FRIDAY + dt.timedelta(days=day)


@pytest.fixture
def history(db):
    """Ten days. What was sold on the first is spent, taken back and owed on later ones."""
    midtown = make_location("Mid; town [x] | 2\u00a0nd, “a: b”")
    desk = make_desk(make_staff('Jo "J: o" \\ ; [=2020/01/01]', location=midtown), midtown, on(0))
    clara, ben = make_client("Clara Nuñez"), make_client("Ben ;  Okafor")
    make_credit(clara, 100, desk=desk)
    make_credit(clara, 15, source=Source.GOODWILL, desk=desk)
    make_debt(ben, 12, desk=desk)
    for number, name in enumerate(house(desk)):
        legs = [Move(name, 1000 + number), Move(ORDERS, -1000 - number)]
        later = make_desk(desk.staff, midtown, on(number % 6))
        act(later, *legs, kind=EntryKind.TENDER, note=NOTES[number % len(NOTES)])
    late = make_desk(desk.staff, midtown, on(8))
    drawn = act(
        late,
        Draw(accounts.credit_of(clara), 4000),
        Move(ORDERS, -4000),
        kind=EntryKind.TENDER,
        cause=Cause("order", "x, date:2019-01-01 y:z"),
    )
    reverse(entry=Entry.objects.get(pk=drawn.entry_id), desk=late, note="typed twice")
    gift = Open(
        f"gift_card/card:{uuid.uuid4().int % 10**6}", 5000, Terms(Source.PURCHASE, is_paid=True)
    )
    act(late, gift, Move(ORDERS, 5000), kind=EntryKind.SALE)
    return desk


def house(desk) -> list[str]:
    """Every name that the house's accounts have."""
    rate = make_tax_rate(name="City; 4.5 %  tax: [b]")
    return [
        accounts.cash(desk.till),
        accounts.safe(desk.location),
        accounts.over_short(desk.till),
        accounts.other_tender("check"),
        accounts.other_tender("custom:3"),
        accounts.income("services"),
        accounts.income("products"),
        accounts.tax(rate),
        accounts.tips(desk.staff),
        accounts.provider(make_merchant_account()),
        accounts.CARD,
        accounts.PROCESSOR,
        accounts.DISPUTED,
        accounts.PROCESSOR_FEES,
        accounts.DISPUTES_LOST,
        accounts.BANK,
        accounts.GOODWILL,
        accounts.BREAKAGE,
        accounts.FORFEITED,
        accounts.PAID_OUT,
        accounts.PAID_IN,
    ]
