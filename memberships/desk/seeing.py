"""Loading memberships as the desk reads them, in queries that do not grow with their number."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Sum, prefetch_related_objects
from djmoney.money import Money

from cards.models import CardOnFile
from checkout.models import RefundPart
from memberships.desk.shown import NOTHING, Asked, Of, Seen, due_of
from memberships.models import Membership, Pause, Period
from salon.money import money

ASKED = Period.Status.ASKED
CHARGING = Period.Status.CHARGING
_NEEDED = ("client", "location", "plan", "card", "next_plan__tax_rate", "tax_rate")
_PARTS = ("tax_rate__parts", "next_plan__tax_rate__parts")


def seen(memberships: Iterable[Membership], today: dt.date, *, year: bool = False) -> list[Seen]:
    """In the same order, with what belongs to them. Thirteen queries at most, however many.

    `year`: also what came in during the year of `today`, with two queries more.
    """
    found = list(memberships)
    if not found:
        return []
    prefetch_related_objects(found, *_NEEDED, *_PARTS)
    open_periods = _open_periods(found)
    cards, pauses = _default_cards(found), _pauses(found)
    sums = _sums(found, today.year) if year else {}
    return [
        Seen(
            membership=one,
            today=today,
            card=one.card if one.card and not one.card.removed_at else cards.get(one.client_id),
            owed=_first(open_periods[one.pk], Period.OWED),
            charging=_first(open_periods[one.pk], (CHARGING,)),
            missed=[
                Asked(period, due_of(period))
                for period in open_periods[one.pk]
                if period.status == ASKED
            ],
            pause=pauses.get(one.pk),
            paid=sums.get(one.pk, (NOTHING, NOTHING))[0],
            added=sums.get(one.pk, (NOTHING, NOTHING))[1],
        )
        for one in found
    ]


def _first(periods: Sequence[Period], statuses: Sequence[str]) -> Period | None:
    return next((period for period in periods if period.status in statuses), None)


def _open_periods(memberships: Sequence[Membership]) -> dict[int, list[Period]]:
    """Those that are not settled, the earliest first."""
    rows = Period.objects.filter(
        membership__in=memberships, status__in=(CHARGING, *Period.OWED, ASKED)
    )
    found: dict[int, list[Period]] = defaultdict(list)
    for period in rows.select_related("plan", "tax_rate", "order").prefetch_related(
        "tax_rate__parts"
    ):
        found[period.membership_id].append(period)
    return found


def _default_cards(memberships: Sequence[Membership]) -> dict[int, CardOnFile]:
    """By client, for those whose own card was removed."""
    without = {one.client_id for one in memberships if one.card is None or one.card.removed_at}
    if not without:
        return {}
    cards = CardOnFile.objects.standing().filter(client__in=without, is_default=True)
    return {card.client_id: card for card in cards}


def _pauses(memberships: Sequence[Membership]) -> dict[int, Pause]:
    paused = [one for one in memberships if one.status == Of.PAUSED]
    if not paused:
        return {}
    rows = Pause.objects.filter(membership__in=paused, resumed_on=None)
    return {pause.membership_id: pause for pause in rows}


def _sums(memberships: Sequence[Membership], year: int) -> dict[int, tuple[Money, Money]]:
    """Paid and added in the periods that were paid in that year, by membership.

    Paid with tax, as the client knows it, and without what went back. Two queries.
    """
    periods = Period.objects.filter(
        membership__in=memberships, status=Period.Status.PAID, order__business_date__year=year
    )
    by_membership = periods.order_by().values_list("membership")
    rows = by_membership.annotate(Sum("line__amount"), Sum("line__tax"), Sum("adds"))
    parts = RefundPart.objects.filter(allocation__line__membership_period__in=periods)
    of_line = parts.order_by().values_list("allocation__line__membership_period__membership")
    back = dict(of_line.annotate(Sum("amount")))
    return {
        pk: (_whole(amount) + _whole(tax) - _whole(back.get(pk)), _whole(adds))
        for pk, amount, tax, adds in rows
    }


def _whole(amount: object) -> Money:
    return amount if isinstance(amount, Money) else Money(amount or 0, money(0).currency)  # type: ignore[arg-type]
