"""Gift cards: a handful sold in the last months, some used, one lost, one still to be sent."""

import datetime as dt
import uuid
from dataclasses import dataclass
from random import Random

from checkout.closing import close_order
from checkout.lines import add_product
from checkout.models import Order
from checkout.models.orders import Totals
from checkout.opening import open_order
from checkout.tendering import take_tender
from clients.models import Client
from demo.book import moment
from demo.catalog import Catalog
from demo.diary import Diary
from demo.places import Shop
from giftcards.blocking import block
from giftcards.models import GiftCard
from giftcards.redeeming import redeem
from giftcards.selling import Gift, add_gift_card
from salon.desk import Desk
from salon.models import Product
from salon.money import money

SEED = 2412
"""Chance of its own, so that the rest of the salon does not depend on these cards."""


@dataclass(frozen=True)
class Story:
    """One card: sold so many days ago, used on these days for so many products."""

    days_ago: int
    cents: int
    gift: Gift
    uses: tuple[tuple[int, int], ...] = ()
    lost: int | None = None
    """Days ago when it was reported lost."""


def _mail(from_name: str, to_name: str, message: str = "", send_on: dt.date | None = None) -> Gift:
    address = f"{to_name.split()[0].lower()}@example.com"
    return Gift("", from_name, to_name, address, message, send_on)


def stories(today: dt.date) -> list[Story]:
    """What is on the cards' page, oldest first."""
    soon = today + dt.timedelta(days=12)
    return [
        Story(96, 10000, _mail("Ines Duarte", "Ben Okafor", "Thank you for the move!"), ((60, 1),)),
        Story(71, 5000, Gift(number="GC00417083"), ((50, 1), (22, 1), (9, 2))),
        Story(64, 15000, _mail("Clara Nuñez", "Hana Sato", "Happy birthday. Yours, Clara")),
        Story(41, 7500, Gift(number="GC00417091"), ((30, 1),), lost=17),
        Story(33, 25000, Gift(from_name="The team", to_name="Odile Marchetti"), ((20, 2), (6, 1))),
        Story(15, 10000, _mail("Tom Becker", "Lena Becker"), ((3, 1),)),
        Story(1, 8000, _mail("Ines Duarte", "Clara Nuñez", "For your next cut.", send_on=soon)),
        Story(0, 6000, _mail("Priya Raman", "Ravi Raman", "See you on Saturday!")),
    ]


class Gifts:
    """Sells and redeems them at one shop, through the verbs that the desk uses."""

    def __init__(self, shop: Shop, catalog: Catalog, diary: Diary, today: dt.date) -> None:
        self.rng = Random(SEED)
        self.shop = shop
        self.catalog = catalog
        self.diary = diary
        self.today = today

    def plan(self, cast: dict[str, Client]) -> None:
        """Note everything that happens with cards in the diary."""
        for story in stories(self.today):
            buyer = cast.get(story.gift.from_name.partition(" ")[0])
            self.diary.note(self._moment(story.days_ago, 600), self.sell, story, buyer)

    def sell(self, at: dt.datetime, story: Story, buyer: Client | None) -> None:
        """By card; what happens with it later is noted now."""
        desk = self._desk(at)
        order = open_order(desk=desk, client=buyer, uuid=self._key())
        add_gift_card(order=order, amount=money(story.cents), gift=story.gift, desk=desk)
        self._by_card(order, story.cents, desk)
        close_order(order=order, desk=desk)
        card = GiftCard.objects.get(line__order=order)
        if story.days_ago:
            # What was due long ago went out then; only today's is left to the worker.
            card.mailings.filter(due_at__lte=at).update(sent_at=at + dt.timedelta(minutes=1))
        for days_ago, products in story.uses:
            self.diary.note(self._moment(days_ago, 700), self.use, card, products)
        if story.lost is not None:
            self.diary.note(self._moment(story.lost, 800), self.lose, card)

    def use(self, at: dt.datetime, card: GiftCard, how_many: int) -> None:
        """Something from the shelf; what the card lacks is paid by card."""
        desk = self._desk(at)
        order = open_order(desk=desk, uuid=self._key())
        for product in self.rng.sample(self._shelf(), how_many):
            add_product(order=order, product=product, desk=desk)
        card = GiftCard.objects.select_related("account").get(pk=card.pk)
        total = Totals.of(order).total
        part = min(total, card.left)
        if part:
            redeem(order=order, card=card, amount=part, desk=desk, uuid=self._key())
        if part < total:
            self._by_card(order, int((total - part).amount * 100), desk)
        close_order(order=order, desk=desk)

    def lose(self, at: dt.datetime, card: GiftCard) -> None:
        """Whoever is in charge blocks it."""
        chief = Desk(self.shop.chief, self.shop.location, self.shop.till, at)
        block(card=card, reason="Lost on the train; wallet stolen", desk=chief)

    def _by_card(self, order: Order, cents: int, desk: Desk) -> None:
        slip = f"Visa ··{self.rng.randrange(10_000):04}"
        take_tender(
            order=order, kind="card", amount=money(cents), desk=desk, uuid=self._key(),
            reference=slip,
        )  # fmt: skip

    def _desk(self, at: dt.datetime) -> Desk:
        return Desk(self.shop.desk_staff[0], self.shop.location, self.shop.till, at)

    def _shelf(self) -> list[Product]:
        return self.catalog.products

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def _moment(self, days_ago: int, minutes: int) -> dt.datetime:
        return moment(self.shop, self.today - dt.timedelta(days=days_ago), minutes)
