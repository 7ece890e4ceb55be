"""Until when canceling is free, what it costs afterwards, and what the client agreed to.

The deadline is so many hours before the start, counted in real time: where clocks change in
between, the time of day differs by an hour. A fee is never more than the visit is worth.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from djmoney.money import Money

from appointments.models import Appointment
from deposits.models import BookingSettings, DepositRequest, PolicyAcceptance
from deposits.models.settings import FeeKind
from deposits.rules import cancellation_words as words
from deposits.rules.policy import value_of
from salon import clock
from salon.models import Location
from salon.money import minor, money, percent_of


@dataclass(frozen=True)
class CancellationTerms:
    """The policy for one visit, in figures and in words."""

    deadline_at: dt.datetime
    late_fee: Money
    no_show_fee: Money
    text: str
    """What a client reads and accepts: the figures, then the owner's own words."""
    url: str
    """The whole policy, where the owner has a page of it."""


def terms_for(*, value: Money, starts_at: dt.datetime, location: Location) -> CancellationTerms:
    """The policy in force for a visit of this value at this time. One query."""
    settings = BookingSettings.current()
    # In UTC: in a zone of its own, Python would count hours of the clock on the wall.
    deadline_at = starts_at.astimezone(dt.UTC) - dt.timedelta(hours=settings.deadline_hours)
    late_fee = _fee(
        value, settings.late_fee_kind, settings.late_fee_percent, settings.late_fee_amount
    )
    no_show_fee = _fee(
        value, settings.no_show_fee_kind, settings.no_show_fee_percent, settings.no_show_fee_amount
    )
    figures = words.figures(
        settings, deadline_at, late_fee, no_show_fee, now=clock.now(), zone=location.zone
    )
    text = "\n\n".join(filter(None, [figures, settings.terms.strip()]))
    return CancellationTerms(deadline_at, late_fee, no_show_fee, text, settings.terms_url)


def terms_of(visit: Appointment) -> CancellationTerms:
    """As accepted for this visit's present start, else as in force. At most four queries.

    A fee is never above what the services cost, also where they became fewer since.
    """
    if accepted := accepted_for(visit):
        has_fee = accepted.late_fee or accepted.no_show_fee
        most = value_of(visit) if has_fee else accepted.late_fee
        return CancellationTerms(
            accepted.deadline_at,
            min(accepted.late_fee, most),
            min(accepted.no_show_fee, most),
            accepted.terms,
            accepted.terms_url,
        )
    return terms_for(value=value_of(visit), starts_at=visit.starts_at, location=visit.location)


def accepted_for(visit: Appointment) -> PolicyAcceptance | None:
    """What was agreed to for the time at which the visit stands now. At most two queries.

    One that was moved since has another deadline, which nobody has agreed to yet; moved back, it
    is as it was.
    """
    last = PolicyAcceptance.objects.filter(appointment=visit).last()
    if last is None:
        return None
    since = visit.moves.filter(at__gt=last.at).first()
    start_then = since.from_starts_at if since else visit.starts_at
    return last if start_then == visit.starts_at else None


def accept(
    *,
    visit: Appointment,
    request: DepositRequest | None,
    terms: CancellationTerms,
    address: str | None,
    device: str,
    card_terms: str = "",
    at: dt.datetime,
) -> PolicyAcceptance:
    """Write down what was agreed to: what, when, from where. Such a row never changes again."""
    return PolicyAcceptance.objects.create(
        appointment=visit,
        request=request,
        at=at,
        address=address or None,
        device=device.replace("\x00", "")[:300],
        terms=terms.text,
        terms_url=terms.url,
        deadline_at=terms.deadline_at,
        late_fee=terms.late_fee,
        no_show_fee=terms.no_show_fee,
        card_terms=card_terms,
    )


def _fee(value: Money, kind: str, percent: Decimal, amount: Money) -> Money:
    cents = {
        FeeKind.PERCENT: percent_of(minor(value), percent),
        FeeKind.AMOUNT: minor(amount),
    }.get(FeeKind(kind), 0)
    return money(min(cents, minor(value)))
