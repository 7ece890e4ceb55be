"""What clients have, beside the rows of a page of a floor below."""

import pytest

from salon.models import BusinessSettings
from tests.factories import (
    make_appointment,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_role,
    make_service,
    make_staff,
)


@pytest.fixture
def jo(client, db):
    client.force_login(make_desk("Jo").staff)
    return client


def chips(client, **query):
    return client.get("/balances/chips/", query).content.decode()


def test_each_visit_gets_what_its_client_has_and_what_is_held_for_it(jo):
    clara = make_client("Clara Nuñez")
    visit = make_appointment(clara)
    make_credit(clara, 115)
    make_credit(clara, 30, source="deposit", visit=visit.pk)
    text = chips(jo, visits=str(visit.pk))
    assert f'hx-swap-oob="innerHTML:#money-of-{visit.uuid}"' in text
    assert "$30.00 deposit" in text
    assert "$115.00" in text
    assert "held</span>" not in text
    assert "$30.00 held in deposits" in text


def test_money_held_for_another_visit_is_held_not_a_deposit_here(jo):
    clara = make_client("Clara Nuñez")
    here = make_appointment(clara)
    there = make_appointment(clara, staff=make_staff("Theo"))
    make_credit(clara, 30, source="deposit", visit=there.pk)
    text = chips(jo, visits=str(here.pk))
    assert "$30.00 deposit" not in text
    assert '$30.00 <span class="amount-word">held</span>' in text


def test_a_debt_is_said_in_words(jo):
    ben = make_client("Ben Okafor")
    make_debt(ben, 12)
    assert '<span class="amount-word">owes</span> $12.00' in chips(jo, clients=str(ben.pk))


def test_a_list_of_clients_is_answered_by_client(jo):
    clara, ben = make_client("Clara Nuñez"), make_client("Ben Okafor")
    make_credit(clara, 40)
    text = chips(jo, clients=f"{clara.pk},{ben.pk}")
    assert f"innerHTML:.balance-of-{clara.pk}" in text
    assert f"innerHTML:.balance-of-{ben.pk}" in text
    assert "#day-held" not in text


def test_switched_off_only_money_held_for_visits_is_shown(jo):
    BusinessSettings.objects.update(client_account_balances=False)
    clara = make_client("Clara Nuñez")
    visit = make_appointment(clara)
    make_credit(clara, 115)
    make_credit(clara, 30, source="deposit", visit=visit.pk)
    text = chips(jo, visits=str(visit.pk))
    assert "$30.00 deposit" in text
    assert "$115.00" not in text


@pytest.mark.parametrize("ids", ["x", "1;2", "-1", "1,two", ",".join("1" * 501), "٣"])
def test_ids_that_no_page_would_send_are_refused(jo, ids):
    assert jo.get("/balances/chips/", {"visits": ids}).status_code == 400
    assert jo.get("/balances/chips/", {"clients": ids}).status_code == 400


@pytest.mark.parametrize("ids", ["", ",", "999999", "9" * 30])
def test_ids_of_nobody_answer_nothing(jo, ids):
    answer = jo.get("/balances/chips/", {"visits": ids})
    assert answer.status_code == 200
    assert "hx-swap-oob" not in answer.content.decode()


def test_balances_are_for_who_may_see_them(client, db):
    make_desk("Jo")
    client.force_login(make_staff("Sam", role=make_role("Assistant")))
    assert client.get("/balances/chips/").status_code == 403


def test_sixty_visits_cost_as_much_as_one(jo, django_assert_num_queries):
    visits = [
        make_appointment(make_client(), make_service(), make_staff(f"Stylist {number}"))
        for number in range(60)
    ]
    jo.get("/balances/chips/")
    for count in (1, 60):
        ids = ",".join(str(visit.pk) for visit in visits[:count])
        # Session, person, locations, till, two of permissions; visits, held, balances, the toggle.
        with django_assert_num_queries(10):
            chips(jo, visits=ids)


def test_a_clients_own_visits_are_told_what_is_held_for_each_and_nothing_else(jo):
    clara = make_client("Clara Nuñez")
    visit = make_appointment(clara)
    other = make_appointment(clara, staff=make_staff("Theo"))
    make_credit(clara, 115)
    make_credit(clara, 30, source="deposit", visit=visit.pk)
    text = chips(jo, held=f"{visit.pk},{other.pk},")
    assert f'hx-swap-oob="innerHTML:#held-of-{visit.uuid}"' in text
    assert "$30.00 deposit" in text
    assert "$115.00" not in text
    assert str(other.uuid) not in text
    assert jo.get("/balances/chips/?held=x").status_code == 400
