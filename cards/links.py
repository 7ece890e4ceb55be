"""The address at which a client agrees that a card is kept: signed, so that nobody finds one.

It ends with the row that it is for, an hour after that was written (`saving.is_over`).
"""

import uuid as uuids

from django.core.signing import Signer
from django.urls import reverse

from cards.models import CardSaving
from salon import links

_signer = Signer(salt="cards.saving")


def link_to_saving(uuid: uuids.UUID) -> str:
    """The whole address, for a QR code, and for the processor's page to lead back to."""
    return links.whole(reverse("cards:keep", args=[uuid, _signer.signature(str(uuid))]))


def is_ours(uuid: uuids.UUID, signature: str) -> bool:
    """Whether the address was made here."""
    return links.is_signed(_signer, uuid, signature)


def is_on_phone(saving: CardSaving) -> bool:
    """Whether the client was asked on a phone, not on this screen."""
    return saving.back_url == link_to_saving(saving.uuid)
