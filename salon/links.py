"""Signed addresses: whoever has one has what stands behind it, and nobody finds one by trying."""

import datetime as dt
import uuid as uuids

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.urls import reverse


class LinkExpired(Exception):
    """The address was good once."""


class NoSuchLink(Exception):
    """The address was not made here."""


def whole(path: str) -> str:
    """The whole address of a path, for an e-mail, a QR code, or another site to lead back to."""
    return f"{settings.PUBLIC_URL}{path}"


def whole_address(name: str, token: str) -> str:
    """The address of a page that is named by a token, as it stands in an e-mail or a QR code."""
    return whole(reverse(name, args=[token]))


def token_of(signer: Signer, uuid: uuids.UUID, client: int) -> str:
    """The part of an address that names a row and whose it is. The same each time."""
    return signer.sign(f"{uuid.hex}-{client}")


def named_by(signer: Signer, token: str) -> tuple[uuids.UUID, int]:
    """What such a token names, and whose it was. NoSuchLink for one that was not made here."""
    try:
        uuid, _, client = signer.unsign(token).partition("-")
        return uuids.UUID(uuid), int(client)
    except (BadSignature, ValueError) as forged:
        raise NoSuchLink from forged


def is_signed(signer: Signer, value: object, signature: str) -> bool:
    """Whether the signature, which came beside the value, was made here."""
    try:
        signer.unsign(f"{value}{signer.sep}{signature}")
    except BadSignature:
        return False
    return True


def read(signer: TimestampSigner, token: str, lasts: dt.timedelta) -> str:
    """What a token says. Raises LinkExpired for one that is older, and NoSuchLink."""
    try:
        return signer.unsign(token, max_age=lasts)
    except SignatureExpired as expired:
        raise LinkExpired from expired
    except BadSignature as forged:
        raise NoSuchLink from forged
