"""The address at which a client agrees that a card is kept: signed, so that nobody finds one.

It ends with the row that it is for, an hour after that was written (`saving.is_over`).
"""

import uuid as uuids

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from cards.models import CardSaving

_signer = Signer(salt="cards.saving")


def link_to_saving(uuid: uuids.UUID) -> str:
    """The whole address, for a QR code, and for the processor's page to lead back to."""
    path = reverse("cards:keep", args=[uuid, _signer.signature(str(uuid))])
    return f"{settings.PUBLIC_URL}{path}"


def is_ours(uuid: uuids.UUID, signature: str) -> bool:
    """Whether the address was made here."""
    try:
        _signer.unsign(f"{uuid}{_signer.sep}{signature}")
    except BadSignature:
        return False
    return True


def is_on_phone(saving: CardSaving) -> bool:
    """Whether the client was asked on a phone, not on this screen."""
    return saving.back_url == link_to_saving(saving.uuid)
