"""Signed addresses: each opens its own page, for a time, and nothing else."""

import datetime as dt

import pytest

from deposits.models import DepositRequest
from deposits.own import links
from salon import clock
from tests.deposits.own import NOW, STARTS
from tests.factories import dollars, make_appointment, make_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands")]


@pytest.fixture
def visit():
    return make_appointment(make_client("Clara Nuñez"), starts_at=STARTS)


@pytest.fixture
def request_of(visit):
    return DepositRequest.objects.create(
        appointment=visit,
        came_from="link",
        amount=dollars(30),
        asked_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=2),
    )


def test_a_visits_address_leads_to_the_visit_and_is_the_same_each_time(visit, settings):
    settings.PUBLIC_URL = "https://desk.example"
    assert links.visit_link(visit).startswith("https://desk.example/visit/")
    assert links.visit_link(visit) == links.visit_link(visit)
    assert links.read_visit(links.visit_token(visit)) == visit


def test_a_visits_address_lasts_sixty_days_from_its_start_wherever_that_is(visit, clock_stands):
    token = links.visit_token(visit)
    clock_stands.move_to(STARTS + dt.timedelta(days=60))
    assert links.read_visit(token) == visit
    clock_stands.move_to(STARTS + dt.timedelta(days=60, seconds=1))
    with pytest.raises(links.LinkExpired):
        links.read_visit(token)
    type(visit).objects.filter(pk=visit.pk).update(starts_at=STARTS + dt.timedelta(days=7))
    assert links.read_visit(token) == visit


def test_a_wallets_address_lasts_seven_days(visit, clock_stands):
    token = links.wallet_token(visit.client)
    clock_stands.shift(dt.timedelta(days=7) - dt.timedelta(seconds=1))
    assert links.read_wallet(token) == visit.client
    clock_stands.shift(dt.timedelta(seconds=2))
    with pytest.raises(links.LinkExpired):
        links.read_wallet(token)


def test_a_wallets_address_leads_to_whom_the_client_was_merged_into(visit):
    ben = make_client("Ben Okafor")
    token = links.wallet_token(visit.client)
    type(ben).objects.filter(pk=visit.client.pk).update(merged_into=ben, archived_at=NOW)
    assert links.read_wallet(token) == ben


def test_a_payments_address_says_also_what_became_of_it(request_of, clock_stands):
    token = links.payment_token(request_of)
    assert links.read_payment(token) == request_of
    clock_stands.shift(dt.timedelta(days=30))
    assert links.read_payment(token) == request_of
    clock_stands.shift(dt.timedelta(days=33))
    with pytest.raises(links.LinkExpired):
        links.read_payment(token)


def test_no_address_opens_another_kind_of_page(visit, request_of):
    tokens = {
        links.read_visit: links.visit_token(visit),
        links.read_wallet: links.wallet_token(visit.client),
        links.read_payment: links.payment_token(request_of),
    }
    for reader, own in tokens.items():
        for token in [*tokens.values(), "", "x", f"{visit.uuid.hex}:x", own[:-1]]:
            if token != own:
                with pytest.raises(links.NoSuchLink):
                    reader(token)


def test_what_is_signed_and_gone_is_no_page(visit):
    token = links.visit_token(visit)
    visit.services.all().delete()
    visit.delete()
    with pytest.raises(links.NoSuchLink):
        links.read_visit(token)


def test_the_addresses_of_a_visit_that_became_another_clients_end(visit, request_of):
    visits, payments = links.visit_token(visit), links.payment_token(request_of)
    ben = make_client("Ben Okafor")
    type(visit).objects.filter(pk=visit.pk).update(client=ben)
    for reader, token in ((links.read_visit, visits), (links.read_payment, payments)):
        with pytest.raises(links.LinkExpired):
            reader(token)
    assert links.read_visit(links.visit_token(links.Appointment.objects.get())) == visit


def test_the_addresses_of_a_client_who_was_merged_stay_good(visit, request_of):
    visits, payments = links.visit_token(visit), links.payment_token(request_of)
    clara, ben = visit.client, make_client("Ben Okafor")
    type(ben).objects.filter(pk=clara.pk).update(merged_into=ben, archived_at=NOW)
    assert links.read_visit(visits) == visit and links.read_payment(payments) == request_of
    type(visit).objects.filter(pk=visit.pk).update(client=ben)
    assert links.read_visit(visits) == visit and links.read_payment(payments) == request_of
