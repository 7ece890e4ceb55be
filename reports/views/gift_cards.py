"""Gift cards: what was sold and redeemed, and what stands on which card."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from ledger import account_names, cards_outstanding
from ledger.cards_outstanding import AGE_LABELS, Card, Outstanding
from ledger.kinds import AccountKind, Flow
from ledger.trial_balance import stored_on
from reports.liability_words import movements_url
from salon import permissions
from salon.access import permission_required
from salon.database import one_moment
from salon.http import DeskRequest
from salon.models import Location
from salon.money import money
from salon.reporting.page import Figure, Page, address, form_for, show
from salon.reporting.periods import Period, PeriodForm
from salon.reporting.registry import Tie
from salon.reporting.tables import Column, Kind, Line, Table

KEY = "gift-cards"
KIND = AccountKind.GIFT_CARD.value
WORDS = {
    Flow.SOLD: "Sold",
    Flow.IMPORTED: "Brought over",
    Flow.USED: "Redeemed, less what was put back",
    Flow.REFUNDED_IN: "Refunded to cards",
    Flow.REFUNDED_OUT: "Sales of cards refunded",
    Flow.EXPIRED: "Expired",
}
ALWAYS = (Flow.SOLD, Flow.USED, Flow.REFUNDED_OUT, Flow.EXPIRED)


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """Six queries: what stands, what moved, and what the cards on the page are called."""
    form: PeriodForm = form_for(request, PeriodForm)
    period = form.value
    after = request.GET.get("after", "")
    with one_moment():
        found = cards_outstanding.outstanding(period.end, period.place, after)
        rolled = cards_outstanding.rolled(period.start, period.end, period.place)
    cards = Table(
        COLUMNS,
        _lines(found.rows),
        title=f"On cards at the end of {period.end:%b} {period.end.day}, {period.end.year}",
        empty="Nothing stands on any gift card then.",
        note="Where a location is chosen: cards that were sold there." if period.place else "",
        total=Line({"card": _all(found.cards), "left": money(found.total)}),
        next_url=address(request, after=found.next) if found.next else "",
        first_url=address(request) if after else "",
        file_lines=_file_lines(period),
    )
    figures = [
        Figure("On gift cards", money(found.total), is_main=True),
        Figure("Sold", money(rolled[Flow.SOLD])),
        Figure("Redeemed", money(-rolled[Flow.USED])),
    ]
    return show(request, Page(KEY, form, [_rolled(rolled, period), cards, _ages(found)], figures))


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    there = stored_on(on, place=place, kind=AccountKind.GIFT_CARD)
    rolled = sum(cards_outstanding.rolled(on.replace(day=1), on, place).values())
    return [
        Tie("Gift cards, card by card", cards_outstanding.outstanding(on, place).total, there),
        Tie("Gift cards, as they moved", rolled, there),
    ]


COLUMNS = [
    Column("card", "Card", is_title=True),
    Column("sold", "Sold on", Kind.DAY),
    Column("used", "Last used", Kind.DAY),
    Column("expires", "Ends", Kind.DAY),
    Column("put_on", "Put on it", Kind.MONEY),
    Column("left", "Left", Kind.MONEY, is_amount=True),
]


def _all(cards: int) -> str:
    return "1 card" if cards == 1 else f"{cards:,} cards"


def _lines(cards: Sequence[Card]) -> list[Line]:
    named = account_names.named(card.account for card in cards)
    return [
        Line(
            {
                "card": named[card.account].name,
                "sold": card.sold_on,
                "used": card.used_on,
                "expires": card.expires_on,
                "put_on": money(card.put_on),
                "left": money(card.left),
            },
            url=named[card.account].url,
        )
        for card in cards
    ]


def _file_lines(period: Period) -> Iterator[Line]:
    for cards in cards_outstanding.batches(period.end, period.place):
        yield from _lines(cards)


def _rolled(rolled: dict[str, int], period: Period) -> Table:
    """Each row leads to the entries behind it."""
    sold_at = {"sold_at": str(period.place.pk)} if period.place else {}
    ways = {WORDS.get(flow, flow.label): (flow, rolled[flow]) for flow in Flow}
    return Table(
        [
            Column("what", "What", is_title=True),
            Column("amount", "Amount", Kind.MONEY, is_amount=True),
        ],
        [
            Line({"what": "On cards before", "amount": money(rolled["opening"])}, is_total=True),
            *(
                Line(
                    {"what": label, "amount": money(cents)},
                    url=movements_url(KIND, period, {"flow": flow.value, **sold_at}),
                )
                for label, (flow, cents) in ways.items()
                if cents or flow in ALWAYS
            ),
        ],
        title="What became of it on these days",
        key="movement",
        total=Line({"what": "On cards at the end", "amount": money(sum(rolled.values()))}),
    )


def _ages(found: Outstanding) -> Table:
    return Table(
        [
            Column("age", "Sold", is_title=True),
            Column("amount", "Left", Kind.MONEY, is_amount=True),
        ],
        [
            Line({"age": label, "amount": money(cents)})
            for label, cents in zip(AGE_LABELS, found.ages, strict=True)
            if found.total
        ],
        title="By age",
        key="ages",
        empty="Nothing stands on any gift card then.",
        total=Line({"age": "Total", "amount": money(found.total)}),
    )
