"""Cards on file in the tests: kept by the real verbs, typed at the test processor's page."""

import datetime as dt
import uuid

from cards.models import CardOnFile, CardSaving
from cards.saving import accept_terms, begin_saving, open_saving
from cards.saving_end import finish_saving
from clients.models import Client
from salon import clock
from salon.desk import Desk
from tests.harness.processor import PAYS

TERMS = "The salon may keep this card."
HERE = "127.0.0.1"


def make_saving(client: Client, desk: Desk, **more) -> CardSaving:
    """Somebody was asked for a card, and did nothing yet."""
    values = {"terms": TERMS, "uuid": uuid.uuid4(), "back_url": "http://testserver/back/"} | more
    return begin_saving(client=client, desk=desk, **values)


def make_open_saving(client: Client, desk: Desk, **more) -> CardSaving:
    """The terms are agreed to, and the processor's page is open."""
    saving = accept_terms(saving=make_saving(client, desk, **more), address=HERE)
    return open_saving(saving)


def make_card(processor, client: Client, desk: Desk, number: str = PAYS, **faces) -> CardOnFile:
    """A card that the client typed; `faces` are set on it: exp_month, exp_year …"""
    saving = make_open_saving(client, desk)
    processor.pay_page(saving.url, number)
    card = finish_saving(saving)
    assert card is not None
    CardOnFile.objects.filter(pk=card.pk).update(**(faces or {"is_default": card.is_default}))
    card.refresh_from_db()
    return card


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def in_days(days: int) -> dt.datetime:
    return clock.now() + dt.timedelta(days=days)
