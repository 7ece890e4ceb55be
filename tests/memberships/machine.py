"""What members should come to, by days and cents alone: the rules once more, at their plainest.

No row, no clock and no money type is asked here. A member is charged on a day of the month (`day`),
so the next charge is "that day next month, or its last one": nothing is counted from an anchor.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

MONTHS = {"month": 1, "quarter": 3, "year": 12}
RETRY_DAYS = (0, 3, 6)
OWED = ("past_due", "unpaid")
ONE_DAY = dt.timedelta(days=1)


def months_on(on: dt.date, months: int, day: int) -> dt.date:
    """That day so many months later, or the last one of that month."""
    month = on.year * 12 + on.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True)
class Deal:
    """A plan. `tax` in thousandths of a percent, on top of the price."""

    name: str
    price: int
    adds: int
    every: str = "month"
    tax: int = 0
    restricted: bool = False
    billing_day: int | None = None
    trial: int = 0
    fee: int = 0
    stays: bool = True

    def tax_on(self, net: int) -> int:
        return (net * self.tax + 50_000) // 100_000


@dataclass
class Lot:
    left: int
    is_paid: bool
    restricted: bool
    stays: bool


@dataclass
class Row:
    """One period, or the difference to a dearer plan (`step`)."""

    number: int
    start: dt.date
    until: dt.date
    deal: Deal
    price: int
    adds: int
    part: tuple[int, int] = (1, 1)
    step: int = 0
    status: str = "charging"
    by_hand: bool = False
    at_desk: bool = False
    tries: int = 0
    first_try: dt.date | None = None
    days_used: int = 0
    next_try: dt.date | None = None
    paid_by: str = ""
    lots: list[Lot] = field(default_factory=list)
    earned: int = 0


@dataclass
class House:
    """The salon's own accounts, debit positive, and how it treats what was missed."""

    missed: str = "skip"
    books: Counter[str] = field(default_factory=Counter)
    charges: list[int] = field(default_factory=list)
    refunds: list[int] = field(default_factory=list)

    def book(self, **cents: int) -> None:
        self.books.update(cents)


def part_of(amount: int, part: tuple[int, int]) -> int:
    """Rounded half up; a cent at least of what is more than nothing."""
    days, whole = part
    return max((2 * amount * days + whole) // (2 * whole), min(amount, 1))


class Member:
    """One client with one membership. `card`: "pays", "declines", or empty for none."""

    def __init__(self, house: House, deal: Deal, today: dt.date) -> None:
        self.house, self.deal, self.card = house, deal, "pays"
        self.status, self.number = "active", 0
        self.rows: list[Row] = []
        self.next_deal: Deal | None = None
        self.ends_on: dt.date | None = None
        self.until: dt.date | None = None
        self.was_next: dt.date | None = None
        self.billing_day = deal.billing_day
        self.next_on: dt.date | None = today + deal.trial * ONE_DAY
        self.day = deal.billing_day or (today + deal.trial * ONE_DAY).day
        if deal.fee:
            fee_tax = deal.tax_on(deal.fee)
            house.book(cash=deal.fee + fee_tax, income=-deal.fee, tax=-fee_tax)
        if not deal.trial:
            self._pay(self._write(today, "charging"), today, "cash")

    # --- What the balance is ------------------------------------------------------------------

    @property
    def lots(self) -> list[Lot]:
        return [lot for row in self.rows for lot in row.lots if lot.left]

    @property
    def owed(self) -> Row | None:
        return next((row for row in self.rows if row.status in OWED), None)

    def left(self, *, is_paid: bool) -> int:
        return sum(lot.left for lot in self.lots if lot.is_paid == is_paid)

    # --- The job --------------------------------------------------------------------------------

    def run(self, today: dt.date, *, cut_off: bool = False) -> None:
        """The job comes. `cut_off`: the first card that it asks never hears of it."""
        if self.ends_on and self.ends_on <= today and self.status != "ended":
            self.end()
        if self.status == "paused" and self.until and self.until <= today and not self.ends_on:
            self._go_on_from(self.until)
        while self.status == "active" and self.next_on and self.next_on <= today:
            self._renew(today, cut_off)
            if cut_off:
                return
        row = self.owed
        if row and row.next_try and row.next_try <= today and not row.at_desk:
            self._ask(row, today, cut_off)

    def _renew(self, today: dt.date, cut_off: bool) -> None:
        if self.next_deal:
            self._adopt(self.next_deal)
        begun = []
        while self.next_on is not None and self.next_on <= today:
            begun.append(self._write(self.next_on, "skipped"))
        charged = begun[-1]
        if self.house.missed == "ask":
            for row in begun[:-1]:
                row.status = "asked"
        if self.house.missed == "one" and len(begun) > 1:
            charged = begun[-2]
            self.rows.remove(begun[-1])  # It comes next.
            self.next_on, self.number = begun[-1].start, begun[-1].number
        charged.status = "charging"
        self._ask(charged, today, cut_off)

    def _write(self, on: dt.date, status: str) -> Row:
        """The next period: a whole one, or the part until the day of the month it is charged on."""
        day, deal, part = self.day, self.deal, (1, 1)
        if deal.every == "week":
            until = on + 7 * ONE_DAY
        elif self.billing_day and on != months_on(on, 0, day):
            until = months_on(on, 0, day) if months_on(on, 0, day) > on else months_on(on, 1, day)
            whole = until - months_on(until, -MONTHS[deal.every], day)
            part = ((until - on).days, whole.days)
        else:
            until = months_on(on, MONTHS[deal.every], day)
        price, adds = part_of(deal.price, part), part_of(deal.adds, part)
        row = Row(self.number, on, until, deal, price, adds, part, status=status)
        self.rows.append(row)
        self.number, self.next_on = self.number + 1, until
        return row

    def _adopt(self, deal: Deal) -> None:
        """Another rhythm begins with the next charge."""
        if deal.every != self.deal.every:
            if "week" in (deal.every, self.deal.every):
                self.billing_day = None
            assert self.next_on
            self.day = self.billing_day or self.next_on.day
        self.deal, self.next_deal = deal, None

    # --- A card is asked --------------------------------------------------------------------------

    def _ask(self, row: Row, today: dt.date, cut_off: bool = False) -> None:
        row.first_try = row.first_try or today
        if self.card:
            row.tries += 1
        if self.card == "pays" and not cut_off:
            self._pay(row, today, "card")
        else:
            self._fail(row, today, is_unanswered=bool(self.card) and cut_off)

    def _fail(self, row: Row, today: dt.date, *, is_unanswered: bool) -> None:
        if row.step or row.by_hand:
            row.status = "declined" if row.step else "asked"
            return
        row.next_try = self._next_try(row, today, is_unanswered=is_unanswered)
        row.status = self.status = "past_due" if row.next_try else "unpaid"

    def _next_try(self, row: Row, today: dt.date, *, is_unanswered: bool) -> dt.date | None:
        """The days of the owner's that are left begin later where nobody answered."""
        assert row.first_try
        if not is_unanswered:
            tries = [row.first_try + days * ONE_DAY for days in RETRY_DAYS]
            row.days_used = sum(day <= today for day in tries)
            return tries[row.days_used] if row.days_used < len(tries) else None
        if row.days_used == len(RETRY_DAYS):
            return None
        soon = today if row.tries == 1 else today + ONE_DAY
        moved = soon - RETRY_DAYS[row.days_used] * ONE_DAY
        row.first_try = max(row.first_try, moved) if row.days_used else None
        return soon

    def _pay(self, row: Row, today: dt.date, how: str) -> None:
        was_owed = self.status in OWED and not row.step and row.status != "asked"
        was_owed = was_owed and not row.by_hand
        tax, paid = row.deal.tax_on(row.price), min(row.price, row.adds)
        row.status, row.at_desk, row.paid_by = "paid", False, how
        row.earned = row.price - paid
        row.lots = [self._lot(row, paid, True), self._lot(row, row.adds - paid, False)]
        self.house.book(income=-row.earned, tax=-tax, goodwill=row.adds - paid)
        self.house.book(**{how: row.price + tax})
        if how == "card":
            self.house.charges.append(row.price + tax)
        if row.step:
            self._adopt(row.deal)
        if was_owed:
            self._go_on(today)

    def _lot(self, row: Row, cents: int, is_paid: bool) -> Lot:
        return Lot(cents, is_paid, row.deal.restricted, row.deal.stays)

    def _go_on(self, today: dt.date) -> None:
        """Nothing is owed any more: what began meanwhile is skipped."""
        self.status = "active"
        while self.next_on and self.next_on <= today:
            self._write(self.next_on, "skipped")

    # --- What people do -------------------------------------------------------------------------

    def retry(self, today: dt.date, *, cut_off: bool = False) -> None:
        if self.owed and self.card:
            self._ask(self.owed, today, cut_off)

    def take(self, row: Row, today: dt.date) -> None:
        self._pay(row, today, "cash")

    def let_go(self, today: dt.date) -> None:
        if self.owed:
            self.owed.status = "waived"
            self._go_on(today)

    def charge_missed(self, row: Row, today: dt.date) -> None:
        row.by_hand = True
        self._ask(row, today)

    def pause(self, until: dt.date | None) -> None:
        self.status, self.until = "paused", until
        self.was_next, self.next_on = self.next_on, None

    def resume(self, today: dt.date) -> None:
        self._go_on_from(today)
        if self.next_on and self.next_on <= today:
            self._renew(today, cut_off=False)

    def _go_on_from(self, on: dt.date) -> None:
        """What was paid runs to its end; where that is over, a period begins on this day."""
        assert self.was_next
        self.status, self.next_on = "active", max(self.was_next, on)
        if on > self.was_next:
            self.day = self.billing_day or on.day

    def change_now(self, deal: Deal, today: dt.date) -> bool:
        """The difference, charged; False where there is none to charge."""
        steps = [row for row in self.rows if row.number == self.number - 1]
        running = next((row for row in steps if not row.step), None)
        if not running or running.status != "paid" or not running.start <= today < running.until:
            return False
        dearer = deal.price > self.deal.price and deal.every == self.deal.every
        if self.status != "active" or self.ends_on or not self.card or not dearer:
            return False
        price = part_of(deal.price - self.deal.price, running.part)
        adds = part_of(max(0, deal.adds - self.deal.adds), running.part)
        row = Row(running.number, today, running.until, deal, price, adds, step=len(steps))
        self.rows.append(row)
        self._ask(row, today)
        return True

    def cancel(self, today: dt.date, *, at_once: bool) -> None:
        until = self.was_next if self.status == "paused" else self.ends_on or self.next_on
        self.ends_on = today if at_once or self.owed or not until else max(until, today)
        self.next_on = None
        if self.ends_on <= today:
            self.end()

    def keep(self) -> None:
        if self.status == "active":
            self.next_on = self.ends_on
        self.ends_on = None

    def end(self) -> None:
        for row in self.rows:
            changed = {"past_due": "waived", "unpaid": "waived", "asked": "skipped"}
            row.status = changed.get(row.status, row.status)
        self.status, self.next_on, self.next_deal = "ended", None, None
        for lot in self.lots:
            if not lot.stays:
                self.house.book(**{"breakage" if lot.is_paid else "goodwill": -lot.left})
                lot.left = 0

    # --- The balance ----------------------------------------------------------------------------

    def spend(self, cents: int) -> None:
        """Restricted money first, then what was paid, then the oldest."""
        self.house.book(income=-cents)
        for lot in sorted(self.lots, key=lambda lot: (not lot.restricted, not lot.is_paid)):
            taken = min(lot.left, cents)
            lot.left, cents = lot.left - taken, cents - taken

    def refundable(self, row: Row) -> int:
        return row.earned + row.lots[0].left if row.lots else 0

    def refund(self, row: Row, cents: int) -> None:
        """The bonus is gone; what was earned goes back first."""
        paid, bonus = row.lots
        earned = min(cents, row.earned)
        self.house.book(goodwill=-bonus.left, income=earned, **{row.paid_by: -cents})
        if row.paid_by == "card":
            self.house.refunds.append(cents)
        bonus.left, row.earned = 0, row.earned - earned
        paid.left -= cents - earned
