"""A card that does not pay: tried again on days 0, 3 and 6, past due, unpaid; paid or let go."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cards import attempts
from cards.models import Attempt, CardOnFile
from cards.on_file import remove_card
from memberships.errors import Refused
from memberships.models import Membership, Period
from memberships.renewing import purpose
from memberships.renewing.charging import begin, retry
from memberships.renewing.renewing import renew_due
from memberships.renewing.settling import let_go
from salon import clock
from salon.models import BusinessSettings
from tests.cards.paying import settle_everything
from tests.checkout.charges.helpers import charged
from tests.checkout.helpers import has
from tests.clients.helpers import merge
from tests.factories import dollars, make_client, make_desk
from tests.harness.processor import DECLINED_LATER
from tests.ledger.books import assert_well
from tests.memberships.members import make_card, make_plan, set_memberships
from tests.memberships.renewing import (
    another_card,
    day,
    each_period_is_charged_once,
    fresh,
    kinds,
    latest,
    make_payer,
    on,
    periods,
    renewed,
    states,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def olivia():
    return make_desk("Olivia")


@pytest.fixture
def payer(processor) -> Membership:
    """Clara, Gold since Jan 15: $100.00 on the 15th of each month, which adds $120.00."""
    return make_payer(processor)


@pytest.fixture
def poor(processor) -> Membership:
    """The same, with a card that declines once it is kept."""
    return make_payer(processor, number=DECLINED_LATER)


def told() -> list[str]:
    """What the client was told of charges by e-mail, in order."""
    jobs = ProcrastinateJob.objects.filter(task_name="memberships.tell").order_by("pk")
    return [what for job in jobs if (what := job.args["what"]) in ("failed", "unpaid")]


def place(membership: Membership) -> tuple[str, object, object]:
    """Its state, when it is charged next, and when what is owed is tried again."""
    row = fresh(membership)
    return row.status, row.next_charge_on, latest(membership).next_try_on


def test_it_fails_twice_and_is_paid_on_the_sixth_day(processor, poor, olivia):
    """Days 0, 3 and 6; the next period keeps its day."""
    assert renewed("2027-02-15").failed == 1
    assert place(poor) == ("past_due", day("2027-03-15"), day("2027-02-18"))
    assert "declined" in latest(poor).failure
    assert str(renewed("2027-02-17")) == "nothing was due"
    assert renewed("2027-02-18").failed == 1
    assert place(poor) == ("past_due", day("2027-03-15"), day("2027-02-21"))
    another_card(processor, poor)
    done = renewed("2027-02-21")
    assert (done.charged, done.retried) == (1, 1)
    assert place(poor) == ("active", day("2027-03-15"), None)
    period = latest(poor)
    assert (period.status, period.tries, period.failure) == ("paid", 3, "")
    assert period.first_tried_on == day("2027-02-15")
    assert charged(processor) == [10000]
    assert has(poor.client, olivia).available == dollars(240)
    assert kinds(poor) == ["started", "paid", "failed", "failed", "card", "paid"]
    assert told() == ["failed"]  # The second is sent with the first, which waits.
    each_period_is_charged_once()
    assert_well()


def test_after_the_last_day_it_is_unpaid_and_nothing_more_is_charged(processor, poor):
    for when in ("2027-02-15", "2027-02-18", "2027-02-21"):
        renewed(when)
    assert place(poor) == ("unpaid", day("2027-03-15"), None)
    assert latest(poor).status == "unpaid"
    assert kinds(poor)[-3:] == ["failed", "failed", "unpaid"]
    assert text_of(poor, "unpaid").endswith("Nothing more is charged until it is paid or let go.")
    assert told() == ["failed", "unpaid"]
    another_card(processor, poor)
    for when in ("2027-02-22", "2027-03-15", "2027-04-15"):
        assert str(renewed(when)) == "nothing was due"
    assert charged(processor) == []
    assert_well()


def test_paid_after_two_months_it_returns_to_its_old_day(processor, poor, olivia):
    """Unpaid since Feb 15, paid on Apr 20: March and April are skipped, May 15 is next."""
    for when in ("2027-02-15", "2027-02-18", "2027-02-21"):
        renewed(when)
    another_card(processor, poor)
    with on("2027-04-20"):
        paid = retry(period=latest(poor), desk=make_desk("Olivia"))
    assert paid.status == "paid"
    assert states(poor) == "paid paid skipped skipped"
    assert periods(poor)[-1] == (3, "2027-04-15", "skipped")
    row = fresh(poor)
    assert (row.status, row.next_charge_on, row.next_number) == ("active", day("2027-05-15"), 4)
    assert text_of(poor, "skipped") == "Not charged: Mar 15, 2027 to May 14, 2027."
    assert str(renewed("2027-05-14")) == "nothing was due"
    assert renewed("2027-05-15").charged == 1
    assert charged(processor) == [10000, 10000]
    each_period_is_charged_once()
    assert_well()


def test_letting_it_go_returns_to_the_old_day_without_money(processor, poor, olivia):
    for when in ("2027-02-15", "2027-02-18", "2027-02-21"):
        renewed(when)
    period = latest(poor)
    with on("2027-04-20"):
        with pytest.raises(Refused, match="may not let a charge of a membership go"):
            let_go(period=period, reason="Was ill", desk=make_desk("Jo"))
        with pytest.raises(Refused, match="Say why the client is let off"):
            let_go(period=period, reason=" ", desk=make_desk("Olivia"))
        desk = make_desk("Olivia")
        done = let_go(period=period, reason="Was ill", desk=desk)
        assert let_go(period=period, reason="Again", desk=desk).status == "waived"
    assert (done.status, states(poor)) == ("waived", "paid waived skipped skipped")
    assert fresh(poor).next_charge_on == day("2027-05-15")
    assert text_of(poor, "waived") == "The period from Feb 15, 2027 was let go: Was ill"
    assert charged(processor) == []
    assert_well()


def test_what_is_paid_or_not_owed_is_not_let_go(processor, payer):
    renewed("2027-02-15")
    with pytest.raises(Refused, match=r"This period is paid\. Nothing was let go"):
        let_go(period=latest(payer), reason="Was ill", desk=make_desk("Olivia"))


@pytest.mark.parametrize(
    ("days", "tried", "ends"),
    [
        ("0", ["2027-02-15"], "2027-02-15"),
        ("0, 1", ["2027-02-15", "2027-02-16"], "2027-02-16"),
        ("0, 5, 10, 20", ["2027-02-15", "2027-02-20", "2027-02-25", "2027-03-07"], "2027-03-07"),
    ],
)
def test_the_owner_names_the_days(processor, poor, days, tried, ends):
    set_memberships(retry_days=days)
    for when in tried:
        assert fresh(poor).status in ("active", "past_due")
        assert renewed(when).failed == 1
    assert fresh(poor).status == "unpaid"
    assert Attempt.objects.filter(status="failed").count() == len(tried)
    assert tried[-1] == ends


def test_a_day_that_nobody_ran_on_is_not_made_up_for(processor, poor):
    """Stopped from the 16th to the 22nd: one more try, and then it is unpaid."""
    renewed("2027-02-15")
    assert renewed("2027-02-22").failed == 1
    assert place(poor)[0] == "unpaid"


def test_a_retry_by_hand_keeps_the_days_of_the_others(processor, poor, olivia):
    renewed("2027-02-15")
    with on("2027-02-16"):
        again = retry(period=latest(poor), desk=make_desk("Olivia"))
    assert (again.status, again.tries, again.next_try_on) == ("past_due", 2, day("2027-02-18"))
    with on("2027-02-18"):
        retry(period=latest(poor), desk=make_desk("Olivia"))
        assert str(renew_due()) == "nothing was due"
    assert place(poor)[2] == day("2027-02-21")


def test_a_retry_by_hand_that_pays(processor, poor, olivia):
    renewed("2027-02-15")
    another_card(processor, poor)
    with on("2027-02-16"):
        with pytest.raises(Refused, match="may not charge a membership again"):
            retry(period=latest(poor), desk=make_desk("Maya"))
        again = retry(period=latest(poor), desk=make_desk("Jo"))
        assert (again.status, again.order.closed_by.name) == ("paid", "Jo")
        assert retry(period=again, desk=make_desk("Jo")).order == again.order
    assert place(poor) == ("active", day("2027-03-15"), None)
    assert charged(processor) == [10000]


# --- No card to ask ---------------------------------------------------------------------------


def test_a_card_that_was_removed_leaves_it_to_the_default_one(processor, payer):
    other = make_card(payer.client, processor)
    remove_card(card=payer.card, desk=make_desk("Olivia"))
    renewed("2027-02-15")
    assert Attempt.objects.get().card == other
    assert latest(payer).status == "paid"


@pytest.mark.parametrize("what", ["removed", "expired", "none"])
def test_without_a_card_it_fails_as_a_declined_one_does(processor, payer, what):
    if what == "removed":
        remove_card(card=payer.card, desk=make_desk("Olivia"))
    elif what == "none":
        CardOnFile.objects.update(is_default=False)
        Membership.objects.update(card=None)
    else:
        CardOnFile.objects.update(exp_month=1, exp_year=2027)
    renewed("2027-02-15")
    said = "Visa •••• 4242 has expired." if what == "expired" else "There is no card on file."
    period = latest(payer)
    assert (period.status, period.failure, period.tries) == ("past_due", said, 0)
    assert place(payer) == ("past_due", day("2027-03-15"), day("2027-02-18"))
    assert text_of(payer, "failed") == f"{said} Tried again on Feb 18."
    assert told() == ["failed"]
    with on("2027-02-16"), pytest.raises(Refused, match=f"{said} Nothing was charged"):
        retry(period=period, desk=make_desk("Olivia"))
    another_card(processor, payer)
    assert renewed("2027-02-18").charged == 1
    assert_well()


def test_without_a_processor_it_is_tried_daily_and_no_day_of_the_clients_is_used_up(
    processor, settings, olivia
):
    """Not connected for ten days. Then the card declines, and has its three days as any other."""
    poor = make_payer(processor, number=DECLINED_LATER)
    key, settings.STRIPE_SECRET_KEY = settings.STRIPE_SECRET_KEY, ""
    for number in range(15, 25):
        assert renewed(f"2027-02-{number}").failed == 1
        with on(f"2027-02-{number}"):
            assert str(renew_due()) == "nothing was due"
    assert latest(poor).failure == "No card processor is connected."
    assert place(poor) == ("past_due", day("2027-03-15"), day("2027-02-25"))
    assert (kinds(poor), told()) == (["started", "paid", "failed"], [])  # The desk reads it once.
    settings.STRIPE_SECRET_KEY = key
    for when, status in (
        ("2027-02-25", "past_due"),
        ("2027-02-28", "past_due"),
        ("2027-03-03", "unpaid"),
    ):
        assert renewed(when).failed == 1
        assert place(poor)[0] == status
    assert latest(poor).first_tried_on == day("2027-02-25")
    assert told() == ["failed", "unpaid"]


def test_days_on_which_the_salon_could_not_ask_do_not_count_between_two_tries(processor, poor):
    """Declined on the 15th; not to be asked on the 18th and the 19th; day 3 is the 20th then."""
    renewed("2027-02-15")
    BusinessSettings.objects.update(client_account_balances=False)
    renewed("2027-02-18")
    renewed("2027-02-19")
    assert place(poor)[2] == day("2027-02-20")
    BusinessSettings.objects.update(client_account_balances=True)
    renewed("2027-02-20")
    assert place(poor)[2] == day("2027-02-23")
    renewed("2027-02-23")
    assert place(poor)[0] == "unpaid"


def test_with_balances_switched_off_nothing_is_charged(processor, payer):
    BusinessSettings.objects.update(client_account_balances=False)
    renewed("2027-02-15")
    assert latest(payer).failure == "Client Account Balances are switched off at Midtown."
    assert (charged(processor), told()) == ([], [])
    with on("2027-02-16"), pytest.raises(Refused, match="switched off at Midtown"):
        retry(period=latest(payer), desk=make_desk("Olivia"))
    BusinessSettings.objects.update(client_account_balances=True)
    assert renewed("2027-02-18").charged == 1


def test_a_plan_that_adds_nothing_needs_no_balances(processor):
    member = make_payer(processor, make_plan("Perks", 20, 0))
    BusinessSettings.objects.update(client_account_balances=False)
    assert renewed("2027-02-15").charged == 1
    assert states(member) == "paid paid"
    assert_well()


# --- Answers that do not come, and those that come too late --------------------------------------


def test_an_answer_that_is_lost_is_found_by_the_sweep(processor, payer):
    """Charged at the processor, and nobody heard: the period waits, and is paid once."""
    processor.fault("/v1/payment_intents/*", "lost")
    assert renewed("2027-02-15").waiting == 1
    assert latest(payer).status == "charging"
    with on("2027-02-15"):
        assert str(renew_due()) == "nothing was due"
        settle_everything()
    assert states(payer) == "paid paid"
    assert charged(processor) == [10000]
    each_period_is_charged_once()
    assert_well()


def test_a_processor_that_is_silent_is_asked_again_the_same_day(processor, payer):
    """Nobody said no: the client hears nothing, and none of the owner's days is used up."""
    with processor.down():
        assert renewed("2027-02-15").waiting == 1
        with on("2027-02-15"):
            assert str(renew_due()) == "nothing was due"
    with on("2027-02-15"):
        settle_everything()
        assert place(payer) == ("past_due", day("2027-03-15"), day("2027-02-15"))
        assert latest(payer).retries_done == 0
        assert renew_due().charged == 1
    assert (charged(processor), told()) == ([10000], [])
    each_period_is_charged_once()
    assert_well()


def test_one_that_stays_silent_is_asked_daily_and_charged_once_it_speaks(processor, payer):
    with processor.down():
        renewed("2027-02-15")
    for number in range(15, 25):
        with on(f"2027-02-{number}"):
            settle_everything()
            with processor.down():
                renew_due()
    assert place(payer)[0] == "past_due"
    with on("2027-02-25"):
        settle_everything()
    assert place(payer)[0] == "past_due"
    assert renewed("2027-02-26").charged == 1
    assert (charged(processor), told()) == ([10000], [])
    assert_well()


def _begun(membership: Membership) -> Attempt:
    """A renewal that was cut off before the card was asked."""
    from memberships.renewing import beginning

    with on("2027-02-15"):
        begun = beginning.begin_renewal(membership.pk, clock.now())
    return begun.attempt


def test_a_payment_of_a_membership_that_ended_goes_straight_back(processor, payer):
    attempt = _begun(payer)
    Membership.objects.update(
        status="ended", ended_on=day("2027-02-15"), next_charge_on=None, end_reason="Moved"
    )
    with on("2027-02-15"):
        attempts.send(attempt)
    assert latest(payer).order is None
    assert Attempt.objects.get().refunds.get().amount == dollars(100)
    each_period_is_charged_once()
    assert_well()


def test_a_membership_that_ended_is_not_asked_again(processor, poor):
    attempt = _begun(poor)
    Membership.objects.update(
        status="ended", ended_on=day("2027-02-15"), next_charge_on=None, end_reason="Moved"
    )
    with on("2027-02-15"):
        attempts.send(attempt)
    assert (latest(poor).status, fresh(poor).status) == ("waived", "ended")


def test_a_payment_that_comes_after_it_was_let_go_goes_straight_back(processor, poor):
    """Canceled here without an answer, and taken there all the same."""
    renewed("2027-02-15")
    first = Attempt.objects.get()
    with on("2027-02-16"):
        let_go(period=latest(poor), reason="Was ill", desk=make_desk("Olivia"))
        _takes_after_all(processor, poor, first)
    assert states(poor) == "paid waived"
    assert first.refunds.get().amount == dollars(100)
    each_period_is_charged_once()
    assert_well()


def test_a_payment_that_comes_late_pays_what_is_still_owed(processor, poor):
    renewed("2027-02-15")
    with on("2027-02-16"):
        _takes_after_all(processor, poor, Attempt.objects.get())
    assert states(poor) == "paid paid"
    assert place(poor) == ("active", day("2027-03-15"), None)
    assert not Attempt.objects.get().refunds.exists()
    each_period_is_charged_once()


def test_of_two_payments_for_one_period_the_second_goes_straight_back(processor, poor):
    renewed("2027-02-15")
    first = Attempt.objects.get()
    another_card(processor, poor)
    with on("2027-02-16"):
        retry(period=latest(poor), desk=make_desk("Olivia"))
        _takes_after_all(processor, poor, first)
    assert states(poor) == "paid paid"
    assert first.refunds.get().amount == dollars(100)
    each_period_is_charged_once()
    assert_well()


def _takes_after_all(processor, membership: Membership, attempt: Attempt) -> None:
    """The processor says that an attempt was paid after it had ended here."""
    from cards import recording
    from cards.gateway import Payment, PaymentStatus

    paid = Payment(
        id=attempt.payment_id or "pi_late",
        status=PaymentStatus.SUCCEEDED,
        amount=attempt.amount,
        reference=str(attempt.uuid),
    )
    recording.record(attempt, paid)


def test_what_cannot_be_sold_goes_straight_back_and_is_owed(processor, payer, monkeypatch, caplog):
    def broken(**given):
        raise ValueError("no such account")

    with monkeypatch.context() as for_now:
        for_now.setattr(purpose, "sell_paid", broken)
        assert renewed("2027-02-15").failed == 1
    assert "could not be recorded" in caplog.text
    assert latest(payer).failure == purpose.UNSOLD
    assert Attempt.objects.get().refunds.get().amount == dollars(100)
    assert place(payer)[2] == day("2027-02-18")
    assert renewed("2027-02-18").charged == 1
    each_period_is_charged_once()
    assert_well()


def test_a_client_who_was_merged_is_charged_as_the_other(processor, payer, olivia):
    ines = make_client("Ines Duarte")
    merge(payer.client, ines, olivia)
    assert renewed("2027-02-15").charged == 1
    assert latest(payer).order.client == ines
    assert has(ines, olivia).available == dollars(240)
    assert_well()


def test_a_trouble_with_one_stops_no_other(processor, payer, monkeypatch, caplog):
    from memberships.renewing import beginning

    ines = make_payer(processor, client=make_client("Ines Duarte"))
    real = beginning.begin

    def breaks(period: Period, *, desk):
        if period.membership_id == payer.pk:
            raise ValueError("a mistake of ours")
        return real(period, desk=desk)

    with monkeypatch.context() as for_now:
        for_now.setattr(beginning, "begin", breaks)
        done = renewed("2027-02-15")
    assert (done.charged, done.troubles) == (1, 1)
    assert "failed" in caplog.text
    assert (states(payer), states(ines)) == ("paid", "paid paid")
    assert renewed("2027-02-15").charged == 1
    assert begin is real
