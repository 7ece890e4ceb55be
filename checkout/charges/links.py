"""The address at which a client pays on their own phone: signed, and good for a day."""

import datetime as dt
import uuid as uuids
from dataclasses import dataclass

from django.core.signing import TimestampSigner
from django.urls import reverse
from djmoney.money import Money

from checkout.models import Order
from salon import links
from salon.money import minor, money

LASTS = dt.timedelta(days=1)

_signer = TimestampSigner(salt="checkout.pay")


@dataclass(frozen=True)
class Link:
    """What an address says: which order, and at most how much of it (None: all that remains)."""

    order: uuids.UUID
    cap: Money | None


def token_for(order: Order, cap: Money | None = None) -> str:
    """The part of the address that says which order, and that we said so."""
    return _signer.sign(f"{order.uuid.hex}-{minor(cap) if cap else 0}")


def link_to(order: Order, cap: Money | None = None) -> str:
    """The whole address, for a QR code. Another one with each second."""
    return links.whole(reverse("checkout:self_pay", args=[token_for(order, cap)]))


def read(token: str) -> Link:
    """What the address says. Raises LinkExpired and NoSuchLink."""
    order, _, cap = links.read(_signer, token, LASTS).partition("-")
    return Link(uuids.UUID(order), money(int(cap)) if int(cap) else None)
