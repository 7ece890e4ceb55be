"""Which card a fee is charged to: what a stranger books in somebody's name, hers does not pay."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from cards import attempts
from cards.models import Attempt, CardOnFile
from cards.on_file import remove_card
from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from deposits.fees.charging import collect
from deposits.models import Fee
from deposits.payments.paying import finish_card, open_card_page
from deposits.purposes import FEE
from salon.models import BusinessSettings
from tests.cards.on_file_helpers import make_card
from tests.checkout.helpers import has
from tests.checkout.reading import says
from tests.deposits.money import policy
from tests.deposits.online_helpers import at_noon, make_shop, online, paid
from tests.deposits.own import Phone
from tests.factories import dollars, make_browser, make_client, make_desk
from tests.harness.processor import MASTERCARD
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(processor):
    """The card that Clara keeps at the salon."""
    make_shop(None)
    policy(late_fee_kind="percent", late_fee_percent=50, card_for_fees="optional")
    clara = make_client("Clara Nuñez", email="clara@example.com")
    return make_card(processor, clara, make_desk("Marcus"))


def canceled_late(visit, capture) -> Phone:
    """An hour before it, by its link."""
    phone = Phone(visit)
    with time_machine.travel(visit.starts_at - dt.timedelta(hours=1)), capture(execute=True):
        phone.page = says(phone.get("visit_cancel"))
        phone.answer = phone.cancel()
        for attempt in Attempt.objects.filter(purpose=FEE):
            attempts.look(attempt)
    assert phone.answer.status_code == 302
    return phone


def test_who_books_in_her_name_neither_sees_nor_charges_the_card_that_she_keeps(
    hers, django_capture_on_commit_callbacks
):
    visit = online(expected=0).appointment
    assert visit.client == hers.client
    phone = canceled_late(visit, django_capture_on_commit_callbacks)
    assert "$42.50 is due as a fee." in phone.page
    assert hers.last4 not in phone.page and hers.last4 not in says(phone.get())
    fee = Fee.objects.get()
    assert (fee.status, fee.rest) == (Fee.Status.TO_DO, dollars("42.50"))
    assert "no card was kept with that" in fee.failure
    assert not Attempt.objects.filter(purpose=FEE).exists()
    assert_well()


def test_nor_does_she_owe_it_before_somebody_has_looked(hers, django_capture_on_commit_callbacks):
    BusinessSettings.objects.update(negative_balances=True)
    canceled_late(online(expected=0).appointment, django_capture_on_commit_callbacks)
    assert Fee.objects.get().status == Fee.Status.TO_DO
    assert has(hers.client, make_desk("Marcus")).owes == dollars(0)


def test_the_desk_charges_it_once_somebody_has_asked_her(hers, django_capture_on_commit_callbacks):
    canceled_late(online(expected=0).appointment, django_capture_on_commit_callbacks)
    fee = collect(fee=Fee.objects.get(), desk=make_desk("Marcus"))
    assert fee.status == Fee.Status.PAID
    assert Attempt.objects.get(purpose=FEE).card == hers


def test_the_card_that_was_kept_with_the_booking_pays_its_fee(
    processor, hers, django_capture_on_commit_callbacks
):
    make_shop(30)
    request = online(expected="25.50", keep_card=True)
    paid(processor, request, MASTERCARD)
    kept = CardOnFile.objects.exclude(pk=hers.pk).get()
    phone = canceled_late(request.appointment, django_capture_on_commit_callbacks)
    assert f"$17.00 more is charged to your card ({kept})." in phone.page
    assert Attempt.objects.get(purpose=FEE).card == kept
    assert Fee.objects.get().status == Fee.Status.PAID
    assert_well()


def test_so_does_one_that_was_kept_without_a_deposit(
    processor, hers, django_capture_on_commit_callbacks
):
    request = online(expected=0, keep_card=True, starts_at=at_noon(4))
    page = open_card_page(request=request, back_url="https://salon.example/")
    processor.pay_page(page.url, MASTERCARD)
    finish_card(request)
    canceled_late(request.appointment, django_capture_on_commit_callbacks)
    assert Attempt.objects.get(purpose=FEE).card.brand == "Mastercard"


def kept_with_a_booking(processor, starts_at, number=MASTERCARD):
    request = online(expected=0, keep_card=True, starts_at=starts_at)
    page = open_card_page(request=request, back_url="https://salon.example/")
    processor.pay_page(page.url, number)
    finish_card(request)
    return request.appointment


def test_a_card_that_was_kept_once_more_since_still_pays_for_the_first_booking(
    processor, hers, django_capture_on_commit_callbacks
):
    first, second, _ = (kept_with_a_booking(processor, at_noon(days)) for days in (4, 5, 6))
    for visit in (first, second):
        canceled_late(visit, django_capture_on_commit_callbacks)
    newest = CardOnFile.objects.standing().get(brand="Mastercard")
    assert [one.card for one in Attempt.objects.filter(purpose=FEE)] == [newest, newest]


def test_so_does_one_that_both_had_given_when_two_clients_were_merged(
    processor, hers, django_capture_on_commit_callbacks
):
    visit = kept_with_a_booking(processor, at_noon(4))
    twin = make_card(processor, make_client("Clara N."), make_desk("Marcus"), MASTERCARD)
    kept, gone, desk = twin.client, visit.client, make_desk("Olivia")
    shown = Proposal(Pair(gone, kept, desk))
    merge_clients(gone=gone, kept=kept, desk=desk, seen=shown.stamp)
    visit.refresh_from_db()
    canceled_late(visit, django_capture_on_commit_callbacks)
    assert Attempt.objects.get(purpose=FEE).card == twin


def test_one_that_was_removed_since_pays_nothing_by_itself_and_the_desk_reads_why(
    processor, hers, django_capture_on_commit_callbacks
):
    visit = kept_with_a_booking(processor, at_noon(4))
    remove_card(card=CardOnFile.objects.get(brand="Mastercard"), desk=make_desk("Marcus"))
    canceled_late(visit, django_capture_on_commit_callbacks)
    assert "the card that was kept with that is not on file any more" in Fee.objects.get().failure
    assert not Attempt.objects.filter(purpose=FEE).exists()


def test_the_desk_charges_her_other_card_once_that_of_the_booking_has_expired(
    processor, hers, django_capture_on_commit_callbacks
):
    visit = kept_with_a_booking(processor, at_noon(4))
    CardOnFile.objects.filter(brand="Mastercard").update(exp_year=2020)
    canceled_late(visit, django_capture_on_commit_callbacks)
    assert Fee.objects.get().failure.endswith("has expired.")
    fee = collect(fee=Fee.objects.get(), desk=make_desk("Marcus"))
    assert (fee.status, Attempt.objects.get(purpose=FEE).card) == (Fee.Status.PAID, hers)


def test_the_desk_is_told_beforehand_that_her_own_card_is_not_charged(hers):
    visit = online(expected=0).appointment
    sheet = reverse("appointments:cancel", args=[visit.uuid])
    with time_machine.travel(visit.starts_at - dt.timedelta(hours=1)):
        page = says(make_browser("Marcus").get(sheet, {"kind": "late"}))
    assert "it goes to the fees to collect. It was booked online, and no card was kept" in page
    assert "no card on file" not in page
