"""Providers with an account of their own are paid each Monday for the week before."""

import datetime as dt
import uuid
from random import Random

from cards.transferring import payable_to
from checkout.providers.paying import BANK, mark_paid
from demo.book import moment
from demo.counter import Counter
from demo.diary import Diary
from demo.places import Shop
from salon.models import MerchantAccount

AT = 9 * 60 + 15


class SettleUp:
    """`rng` is its own, so that nothing else depends on it."""

    def __init__(self, rng: Random, counter: Counter, diary: Diary) -> None:
        self.rng = rng
        self.counter = counter
        self.diary = diary

    def plan(self, shop: Shop, today: dt.date, days: int) -> None:
        """All the Mondays of so many days, but for today's."""
        for ago in range(days, 0, -1):
            day = today - dt.timedelta(days=ago)
            if day.weekday() == 0:
                self.diary.note(moment(shop, day, AT), self.pays, shop)

    def pays(self, at: dt.datetime, shop: Shop) -> None:
        """All that is payable, by the bank."""
        for account in MerchantAccount.objects.filter(is_house=False):
            payable = payable_to(account)
            if payable.amount > 0:
                mark_paid(
                    account=account,
                    amount=payable,
                    how=BANK,
                    desk=self.counter.desk(at, shop, shop.chief),
                    uuid=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                    note="The week before",
                )
