"""The e-mails to clients, as text and as HTML: each written when it is sent, from rows as they are.

`send` is what the job calls. Each writer takes what the job names and answers with the messages;
none, where what it would say is not true any more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.core.mail import EmailMultiAlternatives

from appointments.models import Appointment
from clients.models import Client
from deposits.booking import calendar_file
from deposits.models import DepositRequest
from deposits.own import links
from deposits.own.telling import address_for, address_of_payer, addresses_for_booking
from deposits.own.visit import OwnVisit, own_visit, said_at
from salon import clock, said
from salon.letters import letter

Messages = Sequence[EmailMultiAlternatives]


def send(*, what: str, row: str, was: str = "", text: str = "") -> bool:
    """Write and send it now. False where there is nothing (any more) to say, or nobody to tell."""
    messages = _WRITERS[what](row, was, text)
    for message in messages:
        message.send()
    return bool(messages)


def _booked(row: str, was: str, text: str) -> Messages:
    """Not once it is canceled: that is told by itself."""
    visit = _visit(row)
    if visit is None or not visit.is_open:
        return []
    facts = own_visit(visit)
    title = f"You are booked: {facts.sentence}"
    return [
        _with_calendar(_of_visit("booked", title, facts, to=address), visit)
        for address in addresses_for_booking(visit)
    ]


def _moved(row: str, was: str, text: str) -> Messages:
    """Not where it is back at its time."""
    visit = _visit(row)
    if visit is None or not visit.is_open or visit.starts_at == dt.datetime.fromisoformat(was):
        return []
    facts = own_visit(visit)
    before = said_at(dt.datetime.fromisoformat(was), visit.location)
    message = _of_visit("moved", f"Your visit was moved to {facts.sentence}", facts, was=before)
    return [_with_calendar(message, visit)]


def _canceled(row: str, was: str, text: str) -> Messages:
    """Not where it was put back meanwhile."""
    visit = _visit(row)
    if visit is None or not visit.is_gone:
        return []
    facts = own_visit(visit)
    client = visit.client
    # Only to the client's own address: one that was typed with a booking may be anybody's.
    wallet = links.wallet_link(client) if client.email else ""
    title = f"Your visit on {facts.when} is canceled"
    message = _of_visit("canceled", title, facts, text=text, wallet=wallet)
    return [_with_calendar(message, visit)]


def _sent_back(row: str, was: str, text: str) -> Messages:
    request = _request(row)
    if request is None:
        return []
    amount = said.amount(request.amount)
    title = f"Your deposit of {amount} is on its way back"
    return [_of_request("sent_back", title, request)]


def _pay_deposit(row: str, was: str, text: str) -> Messages:
    """Not once it is paid, called off or over."""
    request = _request(row)
    if request is None or not request.is_waiting or request.expires_at <= clock.now():
        return []
    title = f"Please pay your deposit of {said.amount(request.amount)}"
    return [_of_request("pay_deposit", title, request)]


def _wallet_link(row: str, was: str, text: str) -> Messages:
    client = Client.objects.filter(pk=row).select_related("merged_into").first()
    if client is None or not client.survivor.email:
        return []
    return _wallets_of([client.survivor])


def _wallet_links(row: str, was: str, text: str) -> Messages:
    """One e-mail for all who have the address; to nobody where nobody has it."""
    return _wallets_of(list(Client.objects.active().filter(email__iexact=row).order_by("pk")))


_WRITERS: dict[str, Callable[[str, str, str], Messages]] = {
    "booked": _booked,
    "moved": _moved,
    "canceled": _canceled,
    "sent_back": _sent_back,
    "pay_deposit": _pay_deposit,
    "wallet_link": _wallet_link,
    "wallet_links": _wallet_links,
}


def _visit(uuid: str) -> Appointment | None:
    return Appointment.objects.select_related("client", "location").filter(uuid=uuid).first()


def _request(uuid: str) -> DepositRequest | None:
    requests = DepositRequest.objects.select_related("appointment__client", "appointment__location")
    return requests.filter(uuid=uuid).first()


def _of_visit(
    name: str, title: str, facts: OwnVisit, *, to: str = "", **more: Any
) -> EmailMultiAlternatives:
    context = {"facts": facts, "url": links.visit_link(facts.visit), **more}
    to = to or address_for(facts.visit)
    return letter(name, context, title=title, to=to, at=facts.location)


def _of_request(name: str, title: str, request: DepositRequest) -> EmailMultiAlternatives:
    facts = own_visit(request.appointment)
    context = {
        "facts": facts,
        "request": request,
        "url": links.payment_link(request),
        "until": said_at(request.expires_at, facts.location),
        "is_free": clock.now() < facts.terms.deadline_at,
    }
    to = address_of_payer(request)
    return letter(name, context, title=title, to=to, at=facts.location)


def _wallets_of(clients: list[Client]) -> Messages:
    if not clients:
        return []
    wallets = [(client.name, links.wallet_link(client)) for client in clients]
    title = "Your wallet" if len(wallets) == 1 else "Your wallets"
    return [letter("wallet_link", {"wallets": wallets}, title=title, to=clients[0].email)]


def _with_calendar(message: EmailMultiAlternatives, visit: Appointment) -> EmailMultiAlternatives:
    """A later file changes the entry that an earlier one made, or takes it out."""
    url = "" if visit.is_gone else links.visit_link(visit)
    message.attach(calendar_file.NAME, calendar_file.calendar_file(visit, url=url), "text/calendar")
    return message
