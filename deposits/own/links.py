"""Signed addresses that clients get by e-mail: of a visit, of their wallet, and to pay a deposit.

Whoever has an address has what stands behind it, so each says no more than it must, ends by
itself, and is read by its own reader alone: a visit's token opens no wallet. Of a visit that became
another client's, the first one's addresses end.
"""

import datetime as dt

from django.core.signing import Signer, TimestampSigner

from appointments.models import Appointment
from clients.models import Client
from clients.standing import stands_for
from deposits.models import DepositRequest
from salon import clock, links
from salon.links import LinkExpired, NoSuchLink, named_by, token_of, whole_address

VISIT_LASTS = dt.timedelta(days=60)
"""From the visit's start, wherever it is moved to."""
WALLET_LASTS = dt.timedelta(days=7)
"""From the moment that the address is made."""
PAYMENT_LASTS = dt.timedelta(days=60)
"""From the end of the request: paying ends with it, and its page says what became of it."""

_visits = Signer(salt="deposits.visit")
_wallets = TimestampSigner(salt="deposits.wallet")
_payments = Signer(salt="deposits.payment")


def visit_token(visit: Appointment) -> str:
    """The part of the address that names the visit and whose it is. The same each time."""
    return token_of(_visits, visit.uuid, visit.client_id)


def visit_link(visit: Appointment) -> str:
    """The whole address of a client's visit, for an e-mail. Good until 60 days after it starts."""
    return whole_address("deposits:visit", visit_token(visit))


def read_visit(token: str) -> Appointment:
    """The visit, with its client and location. Raises LinkExpired and NoSuchLink. One query."""
    uuid, client = named_by(_visits, token)
    visits = Appointment.objects.select_related("client__merged_into", "location")
    visit = visits.filter(uuid=uuid).first()
    if visit is None:
        raise NoSuchLink
    _check_whose(visit, client)
    if clock.now() > visit.starts_at + VISIT_LASTS:
        raise LinkExpired
    return visit


def wallet_token(client: Client) -> str:
    """The part of the address that names the client. Another one with each second."""
    return _wallets.sign(str(client.pk))


def wallet_link(client: Client) -> str:
    """The whole address of a client's wallet, for an e-mail. Good for seven days."""
    return whole_address("deposits:wallet", wallet_token(client))


def read_wallet(token: str) -> Client:
    """The client, or the one that it was merged into. Raises LinkExpired and NoSuchLink.

    One query.
    """
    said = links.read(_wallets, token, WALLET_LASTS)
    client = Client.objects.select_related("merged_into").filter(pk=int(said)).first()
    if client is None:
        raise NoSuchLink
    return client.survivor


def payment_token(request: DepositRequest) -> str:
    """The part of the address that names what is to be paid, and by whom. The same each time."""
    return token_of(_payments, request.uuid, request.appointment.client_id)


def payment_link(request: DepositRequest) -> str:
    """The whole address at which a deposit is paid, for an e-mail or a QR code."""
    return whole_address("deposits:pay", payment_token(request))


def read_payment(token: str) -> DepositRequest:
    """The request, with its visit, client and location; also one that ended, so that its page can
    say how: whether it can still be paid is for its status and `expires_at` to say.

    Raises NoSuchLink, and LinkExpired 60 days after the request's end. One query.
    """
    uuid, client = named_by(_payments, token)
    requests = DepositRequest.objects.select_related(
        "appointment__client__merged_into", "appointment__location"
    )
    request = requests.filter(uuid=uuid).first()
    if request is None:
        raise NoSuchLink
    _check_whose(request.appointment, client)
    if clock.now() > request.expires_at + PAYMENT_LASTS:
        raise LinkExpired
    return request


def _check_whose(visit: Appointment, client: int) -> None:
    """LinkExpired where the visit is another client's by now. One query where it may be."""
    if not stands_for(visit.client, client):
        raise LinkExpired
