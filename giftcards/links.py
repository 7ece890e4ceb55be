"""The address of a card's own page: signed, so that nobody finds one by trying."""

import uuid as uuids

from django.core.signing import Signer
from django.urls import reverse

from giftcards.models import GiftCard
from salon import links

_signer = Signer(salt="giftcards.link")


def path_to(card: GiftCard) -> str:
    """The path of the page that shows what is left, to whoever has the address."""
    return reverse("giftcards:public", args=[card.uuid, _signer.signature(str(card.uuid))])


def link_to(card: GiftCard) -> str:
    """The whole address, for e-mails."""
    return links.whole(path_to(card))


def is_ours(uuid: uuids.UUID, signature: str) -> bool:
    """Whether the address was made here."""
    return links.is_signed(_signer, uuid, signature)
