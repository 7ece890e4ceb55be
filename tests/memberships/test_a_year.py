"""A year of memberships, beside what days and cents alone say that it comes to."""

import datetime as dt

import pytest

from memberships.changing.canceling import cancel
from memberships.changing.pausing import pause, resume
from memberships.changing.plans import change_next
from memberships.renewing import settling
from memberships.renewing.charging import retry
from memberships.renewing.renewing import renew_due
from tests.cards.paying import assert_books_agree
from tests.harness import machines
from tests.harness.at_once import at_once
from tests.memberships.machine import Member
from tests.memberships.machine_year import Year
from tests.memberships.year import DEAR, FIRSTS, GOLD, MORTAL, TRIAL, WEEKLY, YEARLY, Salon

HERS = {
    "Ada": GOLD,  # Nothing ever happens.
    "Ben": GOLD,  # Declined on Mar 31, paid on the second try.
    "Clara": WEEKLY,  # Changes to Gold from her charge on Mar 7 on.
    "Dora": WEEKLY,  # Canceled to the end after five weeks.
    "Elin": YEARLY,  # Renewed after a year.
    "Fay": YEARLY,  # Ended at once on Jun 1.
    "Gil": FIRSTS,  # One day until Feb 1, then on the first of each month.
    "Hana": FIRSTS,  # Paused on Mar 10, resumed on May 10.
    "Ines": TRIAL,  # A joining fee; charged from Feb 14 on.
    "Jun": TRIAL,  # Canceled within the trial.
    "Kim": MORTAL,  # Spends $50.00 in March and cancels in July: the rest is lost.
    "Lou": MORTAL,  # No card pays from September on.
}
EXPECTED = {
    # Charges to the card and their sum; what is left of what was paid, and of the bonus.
    "Ada": (12, 1200_00, 1300_00, 260_00, "active", dt.date(2028, 2, 29)),
    "Ben": (12, 1200_00, 1300_00, 260_00, "active", dt.date(2028, 2, 29)),
    "Clara": (15, 1180_00, 1200_00, 245_00, "active", dt.date(2028, 2, 7)),
    "Dora": (4, 80_00, 100_00, 25_00, "ended", None),
    "Elin": (1, 653_25, 1200_00, 0, "active", dt.date(2029, 1, 31)),
    "Fay": (0, 0, 600_00, 0, "ended", None),
    "Gil": (12, 959_88, 962_46, 136_93, "active", dt.date(2028, 2, 1)),
    "Hana": (11, 856_67, 859_25, 122_24, "active", dt.date(2028, 2, 1)),
    "Ines": (12, 600_00, 480_00, 0, "active", dt.date(2028, 2, 14)),
    "Jun": (0, 0, 0, 0, "ended", None),
    "Kim": (5, 200_00, 0, 0, "ended", None),
    "Lou": (7, 280_00, 320_00, 160_00, "unpaid", dt.date(2027, 10, 31)),
}


def figures(member: Member) -> tuple:
    """As the table has them."""
    charges = [row for row in member.rows if row.paid_by == "card"]
    total = sum(row.price + row.deal.tax_on(row.price) for row in charges)
    left = (member.left(is_paid=True), member.left(is_paid=False))
    return (len(charges), total, *left, member.status, member.next_on)


@pytest.mark.django_db
def test_every_member_has_what_the_plain_model_says_whatever_happens(processor):
    class Connected(Year):
        pass

    Connected.processor = processor
    machines.run(Connected, examples=5, steps=20, env="MEMBERS_EXAMPLES")


@pytest.fixture
def salon(processor):
    """Its first day is Jan 31, 2027."""
    made = Salon()
    made.processor = processor
    made.open()
    yield made
    made.close()


def lives(salon: Salon) -> dict[dt.date, list]:
    """Who does what on which day."""
    of = {name: salon.join(deal) for name, deal in HERS.items()}

    def ends(name: str, *, at_once: bool):
        membership, member = of[name]
        cancel(membership=membership, at_once=at_once, reason="", desk=salon.desk)
        member.cancel(salon.today, at_once=at_once)

    def pauses():
        pause(membership=of["Hana"][0], until=None, reason="", desk=salon.desk)
        of["Hana"][1].pause(None)

    def resumes():
        resume(membership=of["Hana"][0], desk=salon.desk)
        of["Hana"][1].resume(salon.today)

    def changes():
        change_next(membership=of["Clara"][0], plan=salon.plans[GOLD], desk=salon.desk)
        of["Clara"][1].next_deal = GOLD

    return {
        dt.date(2027, 2, 10): [lambda: ends("Jun", at_once=False)],
        dt.date(2027, 3, 3): [changes, lambda: ends("Dora", at_once=False)],
        dt.date(2027, 3, 10): [pauses, lambda: salon.spend(*of["Kim"], 50_00)],
        dt.date(2027, 3, 15): [lambda: salon.give_card(*of["Ben"], "declines")],
        dt.date(2027, 4, 2): [lambda: salon.give_card(*of["Ben"], "pays")],
        dt.date(2027, 5, 10): [resumes],
        dt.date(2027, 6, 1): [lambda: ends("Fay", at_once=True)],
        dt.date(2027, 7, 10): [lambda: ends("Kim", at_once=False)],
        dt.date(2027, 9, 5): [lambda: salon.give_card(*of["Lou"], "")],
    }


@pytest.mark.django_db
def test_twelve_members_in_a_year_with_the_job_on_each_day(salon):
    """On each first of a month all is as the model has it, and at the end as the table has it."""
    acts = lives(salon)
    for _ in range(365):
        salon.move(1)
        salon.run()
        for act in acts.pop(salon.today, []):
            act()
        if salon.today.day == 1:
            salon.check()
    salon.check()
    assert_books_agree(salon.processor)
    members = [member for _, member in salon.pairs]
    assert dict(zip(HERS, map(figures, members), strict=True)) == EXPECTED


@pytest.mark.django_db
def test_the_model_notices_a_period_that_is_charged_although_it_began_while_one_was_owed(
    salon, monkeypatch
):
    """Who checks the checks: paid late, a weekly member goes on from the day of that payment."""
    member = salon.join(WEEKLY)
    salon.give_card(*member, "declines")
    salon.move(7)
    salon.run()
    salon.move(8)
    salon.run()
    salon.check()
    salon.give_card(*member, "pays")
    monkeypatch.setattr(settling, "begun", lambda membership, today: [])
    retry(period=salon.period(member[0], member[1].owed), desk=salon.desk)
    member[1].retry(salon.today)
    with pytest.raises(AssertionError):
        salon.check()


def test_two_workers_at_a_dozen_members_charge_each_of_them_once(committing_db, salon):
    for deal in (GOLD, MORTAL, DEAR) * 4:
        salon.join(deal)
    salon.move(28)
    done = at_once(lambda: renew_due(batch=5), lambda: renew_due(batch=5))
    assert sum(one.charged for one in done) == 12
    assert sum(one.troubles for one in done) == 0
    for _, member in salon.pairs:
        member.run(salon.today)
    salon.check()
    salon.check_once()
    assert_books_agree(salon.processor)
