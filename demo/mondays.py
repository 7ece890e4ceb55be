"""What is paid each Monday for the week before; this week's is owed still."""

import datetime as dt
import uuid
from abc import ABC, abstractmethod
from random import Random

from demo.book import moment
from demo.counter import Counter
from demo.diary import Diary
from demo.places import Shop


class Mondays(ABC):
    """`rng` is its own, so that nothing else depends on it. `AT`: minutes of the day."""

    AT: int

    def __init__(self, rng: Random, counter: Counter, diary: Diary) -> None:
        self.rng = rng
        self.counter = counter
        self.diary = diary

    def plan(self, shop: Shop, today: dt.date, days: int) -> None:
        """All the Mondays of so many days, but for today's."""
        for ago in range(days, 0, -1):
            day = today - dt.timedelta(days=ago)
            if day.weekday() == 0:
                self.diary.note(moment(shop, day, self.AT), self.pays, shop)

    @abstractmethod
    def pays(self, at: dt.datetime, shop: Shop) -> None:
        """Everybody who is owed something."""

    def act(self) -> uuid.UUID:
        """The form that a payment comes with."""
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)
