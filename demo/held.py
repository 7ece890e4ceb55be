"""Deposits of the months behind us: taken at the desk, and what became of each."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from random import Random

from appointments.canceling import cancel, mark_late, mark_no_show
from checkout.adding_deposits import add_deposit
from checkout.closing import close_order
from checkout.opening import open_order
from demo.book import Visit, moment
from demo.counter import Counter
from demo.diary import Diary
from demo.paying import by_card
from deposits.models import Fate
from salon.desk import Desk
from salon.money import money

DEAR = 90
"""The desk asks for a deposit for some of the visits at this price or more."""
PERCENT = 30
KEPT, REFUNDED, FORFEITED = str(Fate.Kind.KEPT), str(Fate.Kind.REFUNDED), str(Fate.Kind.FORFEITED)
LEAST, ONE_IN = 12, 6
WHY_LATE = ["Woke up ill", "Stuck at work", "Forgot about it", "Train canceled"]
WHY_IN_TIME = ["On a trip that week", "Found another time elsewhere", "Wedding was put off"]


class Deposits:
    """`rng` is its own. Plans before others do: what it planned is left to it."""

    def __init__(self, rng: Random, counter: Counter, diary: Diary) -> None:
        self.rng = rng
        self.counter = counter
        self.diary = diary

    def plan(self, visits: Sequence[Visit], first: dt.datetime) -> set[int]:
        """Note all that happens with some of the dear visits; their ids.

        Half of them come; late cancellations, no-shows and cancellations in time take turns.
        """
        dear = [visit for visit in visits if visit.price >= DEAR and visit.starts_at > first]
        many = min(len(dear), max(LEAST, len(dear) // ONE_IN))
        chosen = sorted(self.rng.sample(dear, many), key=lambda visit: visit.starts_at)
        ends = [self._partly, self._refunded, self._never_came, self._kept, self._late]
        # The last of them are those that are looked at most: from there backwards.
        for number, visit in enumerate(reversed(chosen)):
            cents = int(visit.price) * PERCENT
            days_before = self.rng.randrange(4, 9)
            self.diary.note(self._days_before(visit, days_before), self.takes, visit, cents)
            if number % 2:
                end = visit.ends_at + dt.timedelta(minutes=self.rng.randrange(2, 9))
                self.diary.note(end, self.counter.check_out, visit, cents)
            else:
                ends[number // 2 % len(ends)](visit, cents)
        return {id(visit) for visit in chosen}

    def takes(self, at: dt.datetime, visit: Visit, cents: int) -> None:
        """By card, when they call or come by."""
        desk = self.counter.desk(at, visit.shop)
        order = open_order(desk=desk, client=visit.client, uuid=self._key())
        add_deposit(
            order=order,
            beneficiary=visit.client,
            visit=visit.row,
            amount=money(cents),
            desk=desk,
        )
        self.counter.take(order, by_card(self.rng, cents), desk)
        close_order(order=order, desk=desk)

    # --- How it ends

    def _late(self, visit: Visit, cents: int) -> None:
        self.diary.note(self._evening_before(visit), self.cancels_late, visit, cents, 0)

    def _partly(self, visit: Visit, cents: int) -> None:
        self.diary.note(self._evening_before(visit), self.cancels_late, visit, cents, cents // 2)

    def _never_came(self, visit: Visit, cents: int) -> None:
        later = visit.starts_at + dt.timedelta(minutes=20)
        self.diary.note(later, self.never_comes, visit, cents)

    def _refunded(self, visit: Visit, cents: int) -> None:
        self.diary.note(self._days_before(visit, 2), self.cancels_in_time, visit, cents, REFUNDED)

    def _kept(self, visit: Visit, cents: int) -> None:
        self.diary.note(self._days_before(visit, 2), self.cancels_in_time, visit, cents, KEPT)

    def cancels_late(self, at: dt.datetime, visit: Visit, cents: int, left: int) -> None:
        """The deposit is forfeited, but for what the chief leaves them."""
        answers = _answers(self._key(), cents, FORFEITED)
        if left:
            answers = _answers(self._key(), cents, "split")
            answers |= {
                f"fate-{FORFEITED}": f"{money(cents - left).amount}",
                f"fate-{KEPT}": f"{money(left).amount}",
                "fate-reason": "First time in years",
            }
            self.counter.holders.add(visit.client.pk)
        self._end(mark_late, at, visit, reason=self.rng.choice(WHY_LATE), answers=answers)

    def never_comes(self, at: dt.datetime, visit: Visit, cents: int) -> None:
        """And the deposit is forfeited."""
        self._end(mark_no_show, at, visit, answers=_answers(self._key(), cents, FORFEITED))

    def cancels_in_time(self, at: dt.datetime, visit: Visit, cents: int, how: str) -> None:
        """The deposit goes back to the card, or stays as credit."""
        answers = _answers(self._key(), cents, how)
        self._end(cancel, at, visit, reason=self.rng.choice(WHY_IN_TIME), answers=answers)
        if how == KEPT:
            self.counter.holders.add(visit.client.pk)

    def _end(
        self, act: Callable[..., object], at: dt.datetime, visit: Visit, **given: object
    ) -> None:
        desk: Desk = self.counter.desk(at, visit.shop, visit.shop.chief)
        act(appointment=visit.row, desk=desk, **given)

    def _days_before(self, visit: Visit, days: int) -> dt.datetime:
        return moment(visit.shop, _day(visit, days), self.rng.randrange(10 * 60, 17 * 60))

    def _evening_before(self, visit: Visit) -> dt.datetime:
        return moment(visit.shop, _day(visit, 1), self.rng.randrange(18 * 60 + 30, 19 * 60 + 20))

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)


def _day(visit: Visit, days_before: int) -> dt.date:
    local = visit.starts_at.astimezone(visit.shop.location.zone)
    return local.date() - dt.timedelta(days=days_before)


def _answers(key: uuid.UUID, cents: int, how: str) -> dict[str, str]:
    """What the sheet sends about all that is held."""
    return {"fate-uuid": str(key), "fate-held": f"{money(cents).amount}", "fate-how": how}
