"""Signed addresses that clients get by e-mail: of a visit, of their wallet, and to pay a deposit.

Whoever has an address has what stands behind it, so each says no more than it must, ends by
itself, and is read by its own reader alone: a visit's token opens no wallet.
"""

import datetime as dt
import uuid as uuids

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.urls import reverse

from appointments.models import Appointment
from clients.models import Client
from deposits.models import DepositRequest
from salon import clock

VISIT_LASTS = dt.timedelta(days=60)
"""From the visit's start, wherever it is moved to."""
WALLET_LASTS = dt.timedelta(days=7)
"""From the moment that the address is made."""
PAYMENT_LASTS = dt.timedelta(days=60)
"""From the end of the request: paying ends with it, and its page says what became of it."""

_visits = Signer(salt="deposits.visit")
_wallets = TimestampSigner(salt="deposits.wallet")
_payments = Signer(salt="deposits.payment")


class LinkExpired(Exception):
    """The address was good once."""


class NoSuchLink(Exception):
    """The address was not made here."""


def visit_token(visit: Appointment) -> str:
    """The part of the address that names the visit. The same each time."""
    return _visits.sign(visit.uuid.hex)


def visit_link(visit: Appointment) -> str:
    """The whole address of a client's visit, for an e-mail. Good until 60 days after it starts."""
    return _address("deposits:visit", visit_token(visit))


def read_visit(token: str) -> Appointment:
    """The visit, with its client and location. Raises LinkExpired and NoSuchLink. One query."""
    visits = Appointment.objects.select_related("client__merged_into", "location")
    visit = visits.filter(uuid=_uuid(_visits, token)).first()
    if visit is None:
        raise NoSuchLink
    if clock.now() > visit.starts_at + VISIT_LASTS:
        raise LinkExpired
    return visit


def wallet_token(client: Client) -> str:
    """The part of the address that names the client. Another one with each second."""
    return _wallets.sign(str(client.pk))


def wallet_link(client: Client) -> str:
    """The whole address of a client's wallet, for an e-mail. Good for seven days."""
    return _address("deposits:wallet", wallet_token(client))


def read_wallet(token: str) -> Client:
    """The client, or the one that it was merged into. Raises LinkExpired and NoSuchLink.

    One query.
    """
    try:
        said = _wallets.unsign(token, max_age=WALLET_LASTS)
    except SignatureExpired as expired:
        raise LinkExpired from expired
    except BadSignature as forged:
        raise NoSuchLink from forged
    client = Client.objects.select_related("merged_into").filter(pk=int(said)).first()
    if client is None:
        raise NoSuchLink
    return client.survivor


def payment_token(request: DepositRequest) -> str:
    """The part of the address that names what is to be paid. The same each time."""
    return _payments.sign(request.uuid.hex)


def payment_link(request: DepositRequest) -> str:
    """The whole address at which a deposit is paid, for an e-mail or a QR code."""
    return _address("deposits:pay", payment_token(request))


def read_payment(token: str) -> DepositRequest:
    """The request, with its visit, client and location; also one that ended, so that its page can
    say how: whether it can still be paid is for its status and `expires_at` to say.

    Raises NoSuchLink, and LinkExpired 60 days after the request's end. One query.
    """
    requests = DepositRequest.objects.select_related(
        "appointment__client__merged_into", "appointment__location"
    )
    request = requests.filter(uuid=_uuid(_payments, token)).first()
    if request is None:
        raise NoSuchLink
    if clock.now() > request.expires_at + PAYMENT_LASTS:
        raise LinkExpired
    return request


def _address(name: str, token: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=[token])}"


def _uuid(signer: Signer, token: str) -> uuids.UUID:
    """What the token names. NoSuchLink for one that was not made here."""
    try:
        return uuids.UUID(signer.unsign(token))
    except (BadSignature, ValueError) as forged:
        raise NoSuchLink from forged
