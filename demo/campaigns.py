"""A thank-you to some clients now and then: credit that ends if nobody uses it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from demo.book import moment
from demo.clients import Clientele, Regular
from demo.diary import Diary
from demo.goodwill import Goodwill
from demo.places import Shop
from ledger.kinds import AdjustReason


@dataclass(frozen=True)
class Campaign:
    """Given so many days ago, good for so many days."""

    days_ago: int
    days: int
    cents: int
    note: str


CAMPAIGNS = [
    Campaign(82, 30, 1000, "Ten on us: come again soon"),
    Campaign(46, 40, 1500, "Thank you for your patience while we painted"),
    Campaign(16, 30, 1000, "Ten on us: come again soon"),
]
LEAST, CLIENTS = 4, 14


class Campaigns:
    """`rng` is its own, so that nothing else depends on it."""

    def __init__(self, rng: Random, goodwill: Goodwill, diary: Diary) -> None:
        self.rng = rng
        self.goodwill = goodwill
        self.diary = diary

    def plan(
        self, shops: Sequence[Shop], today: dt.date, clientele: Clientele, scale: float
    ) -> None:
        """Each goes to as many clients, by turns of the shops."""
        for number, campaign in enumerate(CAMPAIGNS):
            shop = shops[number % len(shops)]
            known = clientele.regulars[shop.location.pk]
            chosen = self.rng.sample(known, min(len(known), max(LEAST, round(CLIENTS * scale))))
            day = today - dt.timedelta(days=campaign.days_ago)
            for minute, regular in enumerate(chosen):
                at = moment(shop, day, 10 * 60 + minute)
                self.diary.note(at, self.give, shop, regular, campaign, day)

    def give(
        self, at: dt.datetime, shop: Shop, known: Regular, campaign: Campaign, day: dt.date
    ) -> None:
        self.goodwill.adjust(
            at,
            shop,
            known.client,
            campaign.cents,
            AdjustReason.GIFT,
            campaign.note,
            expires_on=day + dt.timedelta(days=campaign.days),
        )
