"""What clients are told by e-mail about a visit and its deposit: asked for here, sent by a job.

Each of these defers one job in the transaction that it is called in, so that what is rolled back is
not told. The job names a row and what to say of it, and writes the e-mail when it is sent
(mails.py), so it says what is true by then. The same asked for twice while the first waits is sent
once. Who has no e-mail address is told nothing; none of these raises for want of one.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from appointments.models import Appointment
from clients.models import Client
from deposits.models import DepositRequest
from deposits.tasks import tell
from salon.jobs import ask_once

QUEUE = "deposits"
PAUSE = 120
"""Seconds in which the desk may take a move back before it is told."""


def tell_booked(visit: Appointment) -> None:
    """The visit stands: when, with whom, the deposit, the policy, its link; a calendar file."""
    if address_for(visit):
        _ask("booked", str(visit.uuid))


def tell_moved(visit: Appointment, was: dt.datetime) -> None:
    """The visit has another start; `was` is the one before."""
    if address_for(visit):
        _ask("moved", str(visit.uuid), was=was.astimezone(dt.UTC).isoformat())


def tell_moved_at_desk(visit: Appointment, was: dt.datetime) -> None:
    """As `tell_moved`, in two minutes: what the desk moves on or back by then is one e-mail, about
    the last time, or none.
    """
    if address_for(visit):
        _ask(
            "moved",
            str(visit.uuid),
            lock=f"tell:moved:{visit.uuid}",
            wait=PAUSE,
            was=was.astimezone(dt.UTC).isoformat(),
        )


def tell_canceled(visit: Appointment, text: str) -> None:
    """The visit is off; `text` says what becomes of the money, and may be empty."""
    if address_for(visit):
        _ask("canceled", str(visit.uuid), text=text)


def tell_sent_back(request: DepositRequest) -> None:
    """It was paid too late: the visit does not stand, the money is on its way back."""
    if address_of_payer(request):
        _ask("sent_back", str(request.uuid))


def ask_to_pay(request: DepositRequest) -> None:
    """The payment link of a deposit, to the address in the request, else to the client's."""
    if address_of_payer(request):
        _ask("pay_deposit", str(request.uuid))


def send_wallet_link(client: Client) -> None:
    """The link to the client's wallet, to their own e-mail address."""
    if client.survivor.email:
        _ask("wallet_link", str(client.survivor_id))


def send_wallet_links_to(email: str) -> None:
    """To whoever typed an address: a link for each client who has it, if any.

    The job looks them up, so that neither the answer nor its speed tells who is known.
    """
    _ask("wallet_links", email.strip())


def address_for(visit: Appointment) -> str:
    """Where a visit's e-mails go: to its client, else as typed by who booked online; or empty.

    One query where the client has no address.
    """
    if email := visit.client.email:
        return email
    typed = visit.deposit_requests.filter(came_from=DepositRequest.CameFrom.ONLINE)
    return typed.exclude(email="").order_by("-id").values_list("email", flat=True).first() or ""


def addresses_for_booking(visit: Appointment) -> list[str]:
    """Where it is told that a visit stands: to its client, and to another address that was typed
    by who booked it, who may only see this visit by it. One query.
    """
    typed = visit.deposit_requests.filter(came_from=DepositRequest.CameFrom.ONLINE)
    found = [visit.client.email, *typed.order_by("id").values_list("email", flat=True)]
    return list({email.casefold(): email for email in reversed(found) if email}.values())[::-1]


def address_of_payer(request: DepositRequest) -> str:
    """As typed in the request, else the client's; empty where there is none."""
    return request.email or request.appointment.client.email


def _ask(what: str, row: str, lock: str = "", wait: int = 0, **more: str) -> None:
    """`lock`: of which only one waits; by itself, of those that say the same. `wait`: seconds."""
    known = hashlib.sha256(repr((what, row, more)).encode()).hexdigest()[:32]
    ask_once(tell, lock=lock or f"tell:{known}", queue=QUEUE, wait=wait, what=what, row=row, **more)
