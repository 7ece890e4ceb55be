"""The e-mails to members, as text and as HTML: each written when it is sent, from rows as they are.

`send` is what the job calls. Each writer takes the row's uuid and answers with the messages; none,
where what it would say is not true any more.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db.models import Q

from memberships.changing.adopting import adopt
from memberships.changing.charge_words import ahead_said, each_said
from memberships.enrolling.line import period_line, total_of
from memberships.enrolling.online import due_of
from memberships.enrolling.words import day_said, every_said, uses_said
from memberships.models import Enrolment, Event, Membership, Period
from memberships.own.changed_words import change_said
from memberships.own.links import membership_link
from memberships.own.page import OwnPage
from memberships.own.reading import WITH, page_of, period_of
from memberships.own.telling import address_for, address_of_enrolling, addresses_for_start
from salon import said
from salon.letters import letter

Messages = Sequence[EmailMultiAlternatives]


def send(*, what: str, row: str) -> bool:
    """Write and send it now. False where there is nothing (any more) to say, or nobody to tell."""
    messages = [message for message in _WRITERS[what](row) if message.to[0]]
    for message in messages:
        message.send()
    return bool(messages)


def _started(row: str) -> Messages:
    """With the link to the member's own address; to another one that was typed, without."""
    if (page := page_of(row)) is None:
        return []
    title = f"Welcome to {page.membership.plan}"
    own = address_for(page.membership).casefold()
    paid = due_of(page.membership.enrolment)
    return [
        _of_page("started", title, page, to=address, is_own=address.casefold() == own, paid=paid)
        for address in addresses_for_start(page.membership)
    ]


def _upcoming(row: str) -> Messages:
    """Not where nothing is to be charged any more."""
    page = page_of(row)
    if page is None or page.coming is None:
        return []
    charge = page.coming
    return [_of_page("upcoming", f"{said.amount(charge.total)} on {day_said(charge.on)}", page)]


def _failed(row: str) -> Messages:
    """Not once it is paid, or was tried for the last time."""
    period = period_of(row)
    if period is None or period.status != Period.Status.PAST_DUE:
        return []
    page = OwnPage(period.membership)
    return [_of_page("failed", f"Your card did not pay {_owed(period)}", page)]


def _unpaid(row: str) -> Messages:
    """Not once it is paid, or let go."""
    period = period_of(row)
    if period is None or period.status != Period.Status.UNPAID:
        return []
    page = OwnPage(period.membership)
    return [_of_page("unpaid", f"{_owed(period)} is still not paid", page)]


def _changed(row: str) -> Messages:
    page = page_of(row)
    if page is None or not page.membership.is_standing:
        return []
    title = f"Your membership {page.membership.plan} was changed"
    return [_of_page("changed", title, page, happened=change_said(page.membership))]


def _terms(row: str) -> Messages:
    """Not where that was taken back, or took effect before it was sent: then it is as it was."""
    page = page_of(row)
    member = page.membership if page else None
    if page is None or member is None or not member.is_standing or member.next_plan is None:
        return []
    if member.next_plan_id != member.plan_id:
        return []
    then = copy.copy(member)
    adopt(then, member.next_plan)
    since = f"From {day_said(page.coming.on)} on" if page.coming else "From your next charge on"
    more = {"was": each_said(member), "then": each_said(then), "since": since}
    title = f"{since}, {then.plan} is {every_said(then)}"
    return [_of_page("terms", title, page, **more, uses=uses_said(then))]


def _canceled(row: str) -> Messages:
    """Not where it was taken back, nor once it is over: that is told by itself."""
    page = page_of(row)
    ends = page.membership.ends_on if page else None
    if page is None or ends is None or not page.membership.is_standing:
        return []
    return [_of_page("canceled", f"{page.membership.plan} ends on {day_said(ends)}", page)]


def _ended(row: str) -> Messages:
    page = page_of(row)
    if page is None or page.membership.is_standing:
        return []
    lapsed = page.membership.events.filter(kind=Event.Kind.LAPSED).first()
    return [_of_page("ended", f"{page.membership.plan} has ended", page, lapsed=lapsed)]


def _already(row: str) -> Messages:
    """To the member alone, whatever was typed by whoever enrolled."""
    page = page_of(row)
    if page is None or not page.membership.is_standing:
        return []
    return [_of_page("already", f"You are a member of {page.membership.plan} already", page)]


def _link(row: str) -> Messages:
    page = page_of(row)
    if page is None:
        return []
    return [_of_page("link", f"Your membership {page.membership.plan}", page)]


def _links(row: str) -> Messages:
    """One e-mail for all memberships that are told of at the address; none where there are none."""
    told = Q(client__email__iexact=row) | Q(client__email="", enrolment__email__iexact=row)
    found = Membership.objects.standing().filter(told).select_related(*WITH).order_by("pk")
    pages = [(f"{one.plan} of {one.client.survivor}", membership_link(one)) for one in found]
    if not pages:
        return []
    title = "Your membership" if len(pages) == 1 else "Your memberships"
    return [letter("membership_links", {"pages": pages}, title=title, to=address_for(found[0]))]


def _sent_back(row: str) -> Messages:
    rows = Enrolment.objects.select_related("client__merged_into", "plan", "location", "tax_rate")
    enrolment = rows.filter(uuid=row).first()
    if enrolment is None:
        return []
    due = due_of(enrolment)
    title = f"Your {said.amount(due)} goes back" if due else f"{enrolment.plan} could not begin"
    context = {"enrolment": enrolment, "due": due, "location": enrolment.location}
    to = address_of_enrolling(enrolment)
    return [letter("membership_sent_back", context, title=title, to=to, at=enrolment.location)]


_WRITERS: dict[str, Callable[[str], Messages]] = {
    "started": _started,
    "upcoming": _upcoming,
    "failed": _failed,
    "unpaid": _unpaid,
    "changed": _changed,
    "terms": _terms,
    "canceled": _canceled,
    "ended": _ended,
    "already": _already,
    "links": _links,
    "link": _link,
    "sent_back": _sent_back,
}


def _owed(period: Period) -> str:
    """$108.88: what has to be paid, tax included."""
    return said.amount(total_of([period_line(period)]))


def _of_page(
    name: str, title: str, page: OwnPage, *, to: str = "", **more: Any
) -> EmailMultiAlternatives:
    context = {
        "own": page,
        "membership": page.membership,
        "location": page.location,
        "url": membership_link(page.membership),
        "ahead": ahead_said(page.coming) if page.coming else [],
        **more,
    }
    to = to or address_for(page.membership)
    return letter(f"membership_{name}", context, title=title, to=to, at=page.location)
