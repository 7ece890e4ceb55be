"""Credit that no sale made: what came over from the old book, rewards, presents, corrections."""

import datetime as dt
import uuid
from random import Random
from typing import Any

from clients.models import Client
from demo.clients import Regular
from demo.counter import Counter
from demo.diary import Diary
from demo.places import Shop
from ledger import accounts
from ledger.adjusting import adjust_balance
from ledger.expiring import expire_lots
from ledger.kinds import AdjustReason, EntryKind, Source
from ledger.legs import Move, Open, Terms
from ledger.posting import Cause, post
from salon.money import money

GIFTS = [
    (AdjustReason.REWARD, "Brought a friend", [1500, 2000, 2500]),
    (AdjustReason.GIFT, "Birthday", [1000, 1500, 2000]),
    (AdjustReason.GIFT, "Kept waiting for forty minutes", [1000, 2500]),
    (AdjustReason.REWARD, "Tenth visit", [2000]),
    (AdjustReason.OTHER, "Hair model for the spring class", [3000, 5000]),
]
OLD_BALANCES = [1000, 2000, 2500, 3500, 4000, 5000, 6250, 8000, 12000, 15000]


class Goodwill:
    """Acts on balances that are not sales."""

    def __init__(self, rng: Random, counter: Counter) -> None:
        self.rng = rng
        self.counter = counter

    def bring_over(self, at: dt.datetime, shop: Shop, client: Client) -> None:
        """What the client had in the book that the salon used before; some of it will expire."""
        desk = self.counter.desk(at, shop, shop.chief)
        cents = self.rng.choice(OLD_BALANCES)
        expires_on = None
        if self.rng.random() < 0.5:
            expires_on = desk.business_date + dt.timedelta(days=self.rng.randrange(60, 260))
        terms = Terms(source=Source.IMPORT, is_paid=True, expires_on=expires_on)
        post(
            key=f"opening:client:{client.pk}",
            kind=EntryKind.OPENING,
            legs=[Open(accounts.credit_of(client), cents, terms), Move(accounts.OPENING, cents)],
            desk=desk,
            note="Brought over from the old book",
            cause=Cause("client", str(client.pk)),
        )
        self.counter.holders.add(client.pk)

    def give(self, at: dt.datetime, shop: Shop, known: Regular) -> None:
        """A reward or a present; now and then one too many, which is taken away again."""
        reason, note, amounts = self.rng.choice(GIFTS)
        cents = self.rng.choice(amounts)
        self.adjust(at, shop, known.client, cents, reason, note)
        if self.rng.random() < 0.12:
            later = at + dt.timedelta(minutes=4)
            self.adjust(later, shop, known.client, cents, reason, note)
            later += dt.timedelta(minutes=3)
            self.adjust(
                later, shop, known.client, -cents, AdjustReason.CORRECTION, "Given twice by mistake"
            )

    def adjust(
        self,
        at: dt.datetime,
        shop: Shop,
        client: Client,
        cents: int,
        reason: str,
        note: str,
        **terms: Any,
    ) -> None:
        """One adjustment by whoever is in charge of the shop."""
        adjust_balance(
            client=client,
            amount=money(cents),
            reason=reason,
            note=note,
            desk=self.counter.desk(at, shop, shop.chief),
            key=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            **terms,
        )
        self.counter.holders.add(client.pk)

    def expire(self, at: dt.datetime, diary: Diary) -> None:
        """Every week: what nobody may spend any more becomes income."""
        expire_lots(at)
        diary.note(at + dt.timedelta(days=7), self.expire, diary)
