import datetime as dt
import uuid

import pytest
from django.core.signing import Signer, TimestampSigner

from salon import links
from salon.addresses import uuid_of

signer = Signer(salt="here")


def test_a_signature_is_of_one_value_and_one_kind_of_address():
    signature = signer.signature("5")
    assert links.is_signed(signer, 5, signature)
    assert not links.is_signed(signer, 6, signature)
    assert not links.is_signed(signer, 5, "")
    assert not links.is_signed(Signer(salt="elsewhere"), 5, signature)


def test_a_token_is_read_until_it_is_too_old(time_machine):
    stamped = TimestampSigner(salt="here")
    time_machine.move_to(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False)
    token = stamped.sign("clara")
    day = dt.timedelta(days=1)
    time_machine.shift(day)
    assert links.read(stamped, token, day) == "clara"
    with pytest.raises(links.NoSuchLink):
        links.read(stamped, f"{token}x", day)
    time_machine.shift(dt.timedelta(seconds=2))
    with pytest.raises(links.LinkExpired):
        links.read(stamped, token, day)


def test_whole_addresses_are_what_people_type(settings):
    settings.PUBLIC_URL = "https://desk.example"
    assert links.whole("/book/") == "https://desk.example/book/"


def test_what_names_no_row_is_none():
    name = uuid.uuid4()
    assert uuid_of(str(name)) == uuid_of(name.hex) == name
    assert [uuid_of(text) for text in (None, "", "5", "\0", "x" * 32)] == [None] * 5
