"""What is asked for, and excepted, when a client is merged or archived."""

import uuid

import pytest

from cards import attempts
from clients.archiving import ArchiveRefused, archive_client
from clients.errors import StaleMerge
from clients.merge_parts import Pair
from clients.merging import MergeRefused, Proposal, merge_clients
from clients.models import Client
from deposits.models import ClientDeposit, DepositRequest
from deposits.payments.asking import ask_by_link, call_off
from salon import clock
from tests.deposits.online_helpers import (
    BEN,
    CLARA,
    at_noon,
    every_cent_is_somewhere,
    fresh,
    held,
    make_shop,
    online,
    opened,
    status_of,
)
from tests.factories import dollars, make_appointment, make_client, make_desk, make_staff
from tests.harness.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(processor):
    return make_shop()


def merge(gone, kept):
    desk = make_desk("Marcus")
    shown = Proposal(Pair(fresh(gone), fresh(kept), desk))
    return merge_clients(gone=gone, kept=kept, desk=desk, seen=shown.stamp)


def rows(gone, kept):
    shown = Proposal(Pair(fresh(gone), fresh(kept), make_desk("Marcus"))).rows
    return {row.label: (row.gone, row.kept, row.result) for row in shown}


def make_exception(client, kind="none"):
    return ClientDeposit.objects.create(
        client=client, kind=kind, set_by=make_staff("Jo"), set_at=clock.now()
    )


def test_what_is_asked_follows_its_visit_and_is_paid_for_who_stays(shop, processor):
    request = online()
    attempt = opened(request)
    gone, kept = request.appointment.client, make_client("Clara N.", email="", phone="")
    assert rows(gone, kept)["Deposits asked for"] == ("1", "0", "1")
    merge(gone, kept)
    processor.pay_page(attempt.url)
    attempts.look(attempt)
    assert status_of(request) == ("confirmed", "booked")
    assert fresh(request).order.client == kept
    assert held(request.appointment) == dollars("25.50")
    every_cent_is_somewhere(processor)


def test_an_exception_goes_along(shop):
    gone, kept = make_client("Clara Nuñez"), make_client("Clara N.")
    exception = make_exception(gone)
    assert rows(gone, kept)["Deposit exception"] == ("No deposit", "None", "No deposit")
    merge(gone, kept)
    assert fresh(exception).client == kept


def test_two_exceptions_stand_against_it(shop):
    gone, kept = make_client("Clara Nuñez"), make_client("Clara N.")
    make_exception(gone)
    make_exception(kept, "full")
    with pytest.raises(MergeRefused, match="Both have an exception from the deposit rules"):
        merge(gone, kept)


def test_a_payment_and_a_merge_at_once_do_not_wait_for_each_other_for_ever(
    committing_db, processor
):
    make_shop()
    for days in range(2, 5):
        request = online(starts_at=at_noon(days))
        attempt = opened(request)
        processor.pay_page(attempt.url)
        gone = request.appointment.client
        kept = make_client("Clara Nuñez", email=f"clara{days}@example.com", phone="")
        at_once(
            lambda a=attempt: attempts.look(a),
            lambda g=gone, k=kept: merge(g, k),
            told=(StaleMerge,),
        )
        assert status_of(request) == ("confirmed", "booked")
    every_cent_is_somewhere(processor)


def test_nobody_is_archived_while_a_deposit_is_asked_of_them(shop):
    visit = make_appointment(make_client("Ben Okafor"), starts_at=at_noon())
    request = ask_by_link(
        visit=visit, amount=dollars(30), email="", desk=make_desk("Jo"), uuid=uuid.uuid4()
    )
    type(visit).objects.update(status="done")
    with pytest.raises(ArchiveRefused) as refused:
        archive_client(client=visit.client, desk=make_desk("Marcus"))
    (obstacle,) = refused.value.obstacles
    assert obstacle.text.startswith("A deposit of $30.00 is asked for")
    call_off(request=request, desk=make_desk("Jo"))
    assert archive_client(client=visit.client, desk=make_desk("Marcus")).is_archived


def test_a_payment_of_a_merged_booker_is_theirs_who_stays(shop, processor):
    """Booked as the one who goes, merged, and somebody books with the old address again."""
    request = online(CLARA)
    gone, kept = request.appointment.client, make_client("Clara N.", email="", phone="")
    merge(gone, kept)
    assert online(CLARA, starts_at=at_noon(4)).appointment.client == kept
    assert online(BEN, starts_at=at_noon(5)).appointment.client != kept
    assert Client.objects.count() == 3
    assert DepositRequest.objects.filter(appointment__client=kept).count() == 2
