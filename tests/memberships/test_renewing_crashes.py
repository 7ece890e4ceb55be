"""The process dies between any two steps of a renewal; the processor breaks down.

Each time: run again, every period is charged exactly once, and nothing is left under way.
"""

import pytest

from cards import attempts
from cards.models import Attempt
from memberships.models import Membership, Period
from memberships.renewing import beginning, charging, purpose, renewing, settling
from memberships.renewing.charging import retry
from memberships.renewing.renewing import renew_due
from salon import clock
from tests.cards.killing import Killed, killed_after
from tests.cards.paying import assert_books_agree, settle_everything, sweep
from tests.checkout.charges.helpers import charged
from tests.factories import make_client, make_desk
from tests.harness.processor import DECLINED_LATER
from tests.ledger.books import assert_well
from tests.memberships.members import set_memberships
from tests.memberships.renewing import (
    another_card,
    each_period_is_charged_once,
    fresh,
    latest,
    make_payer,
    on,
    renewed,
    states,
)

pytestmark = pytest.mark.django_db
NAMES = ("Clara Nuñez", "Ben Okafor", "Ines Duarte")


@pytest.fixture
def payer(processor) -> Membership:
    """Clara, Gold since Jan 15: $100.00 on the 15th of each month."""
    return make_payer(processor)


def ran_again(when: str = "2027-02-15") -> None:
    """The worker comes back the same day: the sweep, then the job, as long as there is anything."""
    with on(when):
        for _ in range(3):
            settle_everything()
            renew_due()


def dies_at(monkeypatch, module, name: str, act) -> None:
    def die(*given, **named):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(module, name, die)
        act()


def all_is_well(processor) -> None:
    assert sweep() == []
    assert not Period.objects.filter(status="charging").exists()
    each_period_is_charged_once()
    assert_books_agree(processor)


def test_killed_at_any_talk_with_the_processor_three_renewals_are_made_once(processor):
    members = [make_payer(processor, client=make_client(name)) for name in NAMES]
    ends = []
    for month, steps in enumerate([0, 1, 2, 3, 4, 7, 12], start=2):
        day = f"2027-{month:02}-15"
        with on(day), killed_after(steps) as died:
            renew_due()
        ends.append(died[0])
        ran_again(day)
        assert {states(it) for it in members} == {" ".join(["paid"] * month)}
    assert ends == [True] * 6 + [False]
    assert charged(processor) == [10000] * 7 * len(NAMES)
    all_is_well(processor)


@pytest.mark.parametrize("step", ["begin", "new_period", "go_past"])
def test_killed_before_the_period_is_committed_nothing_is_written(
    processor, payer, monkeypatch, step
):
    with on("2027-02-15"):
        dies_at(monkeypatch, beginning, step, renew_due)
    assert (states(payer), Attempt.objects.count()) == ("paid", 0)
    ran_again()
    assert (states(payer), charged(processor)) == ("paid paid", [10000])
    all_is_well(processor)


def test_killed_between_the_commit_and_the_card_it_is_asked_the_same_day(
    processor, payer, monkeypatch
):
    with on("2027-02-15"):
        dies_at(monkeypatch, renewing, "sent", renew_due)
    assert states(payer) == "paid charging"
    assert Attempt.objects.get().is_open
    ran_again()
    assert (states(payer), charged(processor)) == ("paid paid", [10000])
    assert latest(payer).tries == 2
    all_is_well(processor)


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (purpose, "sell_paid"),
        (purpose, "queue_receipt"),
        (settling, "_pay"),
        (settling.history, "write"),
    ],
)
def test_killed_while_the_payment_is_recorded_it_is_recorded_later(
    processor, payer, monkeypatch, module, step
):
    with on("2027-02-15"):
        dies_at(monkeypatch, module, step, renew_due)
    assert (states(payer), charged(processor)) == ("paid charging", [10000])
    ran_again()
    assert (states(payer), charged(processor)) == ("paid paid", [10000])
    assert latest(payer).tries == 1
    all_is_well(processor)


def test_killed_while_a_failure_is_written_it_is_written_later(processor, monkeypatch):
    poor = make_payer(processor, number=DECLINED_LATER)
    with on("2027-02-15"):
        dies_at(monkeypatch, purpose, "failed", renew_due)
        assert states(poor) == "paid charging"
        settle_everything()
    assert states(poor) == "paid past_due"
    all_is_well(processor)


def test_killed_while_it_goes_back_it_goes_back_later(processor, payer, monkeypatch):
    with on("2027-02-15"):
        begun = beginning.begin_renewal(payer.pk, clock.now())
        Period.objects.filter(pk=begun.period.pk).update(status="waived")
        dies_at(monkeypatch, purpose, "give_straight_back", lambda: attempts.send(begun.attempt))
        settle_everything()
    assert states(payer) == "paid waived"
    assert Attempt.objects.get().refunds.count() == 1
    all_is_well(processor)


def test_killed_while_a_retry_by_hand_is_asked(processor, monkeypatch):
    poor = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    another_card(processor, poor)
    with on("2027-02-16"):
        period, desk = latest(poor), make_desk("Jo")
        dies_at(monkeypatch, charging.attempts, "send", lambda: retry(period=period, desk=desk))
        settle_everything()
        assert retry(period=period, desk=desk).status == "paid"
    assert charged(processor) == [10000]
    all_is_well(processor)


def test_killed_between_two_missed_periods_each_is_charged_once(processor, payer, monkeypatch):
    set_memberships(missed="one")
    real, left = renewing.sent, [1]

    def dies_second(*given):
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return real(*given)

    with on("2027-05-20"), monkeypatch.context() as patch:
        patch.setattr(renewing, "sent", dies_second)
        with pytest.raises(Killed):
            renew_due()
    assert states(payer) == "paid skipped skipped paid charging"
    ran_again("2027-05-20")
    assert states(payer) == "paid skipped skipped paid paid"
    assert charged(processor) == [10000, 10000]
    all_is_well(processor)


@pytest.mark.parametrize(
    ("path", "how"),
    [
        ("/v1/payment_intents", "close"),
        ("/v1/payment_intents", "lost"),
        ("/v1/payment_intents/*", "429"),
        ("/v1/payment_intents/*", "500"),
        ("/v1/payment_intents/*", "lost"),
        ("/v1/payment_intents/*", "done_500"),
    ],
)
def test_whatever_is_answered_no_period_is_lost_or_doubled(processor, payer, path, how):
    processor.fault(path, how)
    renewed("2027-02-15")
    ran_again()
    assert (states(payer), charged(processor)) == ("paid paid", [10000])
    assert fresh(payer).status == "active"
    all_is_well(processor)


def test_a_period_that_is_being_charged_always_has_an_attempt(processor, payer, monkeypatch):
    """Both are one transaction: whichever statement dies, neither stands or both do."""
    with on("2027-02-15"):
        for step in ("_attempt", "card_for"):
            dies_at(monkeypatch, charging, step, renew_due)
        dies_at(monkeypatch, Period, "save", renew_due)
    assert not Period.objects.filter(status="charging").exists()
    assert not Attempt.objects.exists()
    assert_well()
