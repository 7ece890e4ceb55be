"""Members with months behind them: enrolled, charged, spending at their times by the real verbs.

After the salon is written and outside of its transaction, since their cards are asked. Where no
test processor is connected there are none.
"""

import datetime as dt
import uuid

from django.db import connection
from django.db.models import Max
from procrastinate.contrib.django.models import ProcrastinateJob

from cards import attempts, gateways
from cards.models import Attempt, CardOnFile
from checkout.charges.charging import begin_charge
from checkout.closing import close_order
from checkout.lines import add_service
from checkout.models import Order
from checkout.models.orders import Totals
from checkout.opening import open_order
from checkout.tender_kinds import CARD, CREDITS
from checkout.tendering import take_tender
from clients.models import Client
from demo import cards, moving
from demo.diary import Act, Diary
from demo.joins import ADA, DECLINES_LATER, EVERYBODY, JUNE, MARTA, ROSA, Joins
from ledger.balances import balance_of
from memberships.changing.canceling import cancel
from memberships.changing.pausing import pause
from memberships.enrolling.enrolling import enrol
from memberships.models import Membership, Period, Plan
from memberships.renewing.renewing import renew_due
from salon import clock
from salon.desk import Desk
from salon.models import Location, Service, StaffMember

AT = dt.time(10, 30)
"""When everything of theirs happens."""
LATELY = dt.timedelta(days=2)
"""What was to be e-mailed before that is not sent any more."""


def join() -> str:
    """Live their months, one after the other; what to say of it, or why there are none."""
    gateway = gateways.current()
    if gateway is None or not gateway.is_test:
        return "  No test processor is connected: no members"
    Members().live()
    standing = Membership.objects.standing().count()
    return f"  {standing} members, {Period.objects.filter(status='paid').count()} periods paid"


class Members:
    """Their diary, until today."""

    def __init__(self) -> None:
        self.location = Location.objects.get(slug="midtown")
        self.jo = StaffMember.objects.get(username="jo")
        self.now = clock.now()
        self.today = clock.business_date(self.location, self.now)
        self.diary = Diary()
        self.known: dict[Joins, Client] = {}

    def live(self) -> None:
        """Day by day, each by its own clock: what is due, then who enrols or spends."""
        day, last_job = self._plan(), _last_job()
        while day <= self.today:
            at = self._moment(day)
            with moving.living_at(at):
                if day == self.today or _is_due(day):
                    renew_due()
                self.diary.live_until(at + dt.timedelta(seconds=1))
            if day == self.today - LATELY:
                _forget_jobs(last_job)
            day += dt.timedelta(1)

    def _plan(self) -> dt.date:
        """Note everything; the first day of it."""
        joined = {who: who.day(self.today, Plan.objects.get(name=who.plan)) for who in EVERYBODY}
        for who, day in joined.items():
            self._note(day, self._joins, who)
        for weeks in (1, 5, 9, 13):
            self._note(joined[ADA] + dt.timedelta(weeks=weeks), self._spends, ADA, "Cut & finish")
        for weeks in (2, 6):
            self._note(joined[ROSA] + dt.timedelta(weeks=weeks), self._spends, ROSA, "Blowout")
        self._note(self.today - dt.timedelta(6), self._pauses, MARTA)
        self._note(self.today - dt.timedelta(3), self._cancels, JUNE)
        return min(joined.values())

    def _note(self, day: dt.date, act: Act, who: Joins, *arguments: object) -> None:
        if day <= self.today:
            self.diary.note(self._moment(day), act, who, *arguments)

    def _moment(self, day: dt.date) -> dt.datetime:
        return min(dt.datetime.combine(day, AT, tzinfo=self.location.zone), self.now)

    def _desk(self, at: dt.datetime) -> Desk:
        return Desk(staff=self.jo, location=self.location, at=at)

    def _joins(self, at: dt.datetime, who: Joins) -> None:
        """Has a card kept, and pays the first period with it."""
        desk = self._desk(at)
        client = self.known[who] = _client(who, at, self.location)
        card = cards.keep(client, who.card, desk)
        order = open_order(desk=desk, client=client, uuid=uuid.uuid4())
        plan = Plan.objects.get(name=who.plan)
        enrol(
            order=order,
            plan=plan,
            client=client,
            card=card,
            consented=True,
            desk=desk,
            uuid=uuid.uuid4(),
        )
        _pay(order, card if who.card != DECLINES_LATER else None, desk)

    def _spends(self, at: dt.datetime, who: Joins, what: str) -> None:
        """A service, from the balance as far as it goes, the rest at the terminal."""
        desk, client = self._desk(at), self.known[who]
        order = open_order(desk=desk, client=client, uuid=uuid.uuid4())
        maya = StaffMember.objects.get(name="Maya")
        add_service(order=order, service=Service.objects.get(name=what), staff=maya, desk=desk)
        available = balance_of(client, desk.business_date).available
        part = min(available, Totals.of(order).total)
        take_tender(order=order, kind=CREDITS, amount=part, desk=desk, uuid=uuid.uuid4())
        _pay(order, None, desk)

    def _pauses(self, at: dt.datetime, who: Joins) -> None:
        reason = "Away until spring"
        pause(membership=self._of(who), until=None, reason=reason, desk=self._desk(at))

    def _cancels(self, at: dt.datetime, who: Joins) -> None:
        cancel(
            membership=self._of(who), at_once=False, reason="Moves to Boston", desk=self._desk(at)
        )

    def _of(self, who: Joins) -> Membership:
        return Membership.objects.get(client=self.known[who])


def _client(who: Joins, at: dt.datetime, location: Location) -> Client:
    client = Client.objects.create(
        first_name=who.first_name,
        last_name=who.last_name,
        phone=who.phone,
        email=f"{who.first_name.lower()}@example.com",
        location=location,
    )
    Client.objects.filter(pk=client.pk).update(created_at=at)
    return client


def _pay(order: Order, card: CardOnFile | None, desk: Desk) -> None:
    """By the card on file, or on the terminal; then the sale closes."""
    rest = Totals.of(order).remaining
    if card and rest:
        charge = begin_charge(
            order=order,
            amount=rest,
            way=Attempt.Way.ON_FILE,
            desk=desk,
            uuid=uuid.uuid4(),
            card=card,
        )
        attempts.send(charge.attempt)
    elif rest:
        take_tender(order=order, kind=CARD, amount=rest, desk=desk, uuid=uuid.uuid4())
    close_order(order=order, desk=desk)


def _is_due(day: dt.date) -> bool:
    """Whether anything is to be charged on that day."""
    charges = Membership.objects.filter(status="active", next_charge_on__lte=day)
    return charges.exists() or Period.objects.filter(next_try_on__lte=day).exists()


def _last_job() -> int:
    return ProcrastinateJob.objects.aggregate(last=Max("pk"))["last"] or 0


def _forget_jobs(since: int) -> None:
    """Nobody is to get months of old e-mails when the worker starts."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where id > %s", [since])
