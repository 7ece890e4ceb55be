"""Who did what: settings and money, each with who, when, where and what it was before."""

import csv
import datetime as dt
import io
import uuid
from dataclasses import replace
from urllib.parse import parse_qs, urlparse

import pytest
import time_machine
from django.db import connection

from cards.models import CardOnFile, ProcessorCustomer
from cards.on_file import retire
from checkout.closing import close_order
from checkout.discounting import add_discount
from giftcards.blocking import block, unblock
from giftcards.models import Block, GiftCard
from ledger.adjusting import adjust_balance
from memberships.changing.pausing import pause
from salon.auditing.records import Spot
from salon.changing_settings import record_changes
from salon.chosen_till import cookie_of
from salon.models import SettingChange
from tests.checkout.helpers import order_with, pay
from tests.factories import (
    PASSWORD,
    dollars,
    make_browser,
    make_client,
    make_credit,
    make_desk,
    make_role,
    make_staff,
    make_till,
)
from tests.giftcards.helpers import sell_card
from tests.memberships.members import make_card, make_member

pytestmark = pytest.mark.django_db
URL = "/reports/audit/"


@pytest.fixture
def olivia():
    return make_browser("Olivia")


def gift(client, amount=40, *, note="Sorry for the wait", desk=None):
    return adjust_balance(
        client=client,
        amount=dollars(amount),
        reason="gift",
        note=note,
        desk=desk or make_desk("Olivia"),
        key=uuid.uuid4(),
    )


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_money_tells_who_where_and_what_the_balance_was_before_and_after(olivia):
    clara = make_client()
    make_credit(clara, 60)
    gift(clara)
    page = text_of(olivia.get(URL, {"kind": "money", "words": "wait"}))
    for told in ("Adjustment", "Clara Nuñez", "$60.00 credit → $100.00 credit", "$40.00"):
        assert told in page
    for told in ("Sorry for the wait", "Olivia · Midtown · Front"):
        assert told in page


def test_a_setting_tells_what_it_was_and_what_it_became(olivia):
    till = make_till()
    record_changes(
        subject="Location: Midtown",
        before={"Earmark deposits": "True"},
        after={"Earmark deposits": "False"},
        staff=make_desk("Olivia").staff,
        till=till,
    )
    page = text_of(olivia.get(URL, {"kind": "settings"}))
    for told in ("Setting: Earmark deposits", "Location: Midtown", "True → False", "Front"):
        assert told in page


def test_a_setting_changed_in_the_admin_names_the_till_where_it_was_done(olivia):
    back = make_till("Back")
    olivia.cookies[cookie_of(back.location)] = str(back.pk)
    boss = make_role("Manager")
    url = f"/admin/salon/role/{boss.pk}/change/"
    answer = olivia.post(url, {"name": "Managers", "discount_limit": "30"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    change = SettingChange.objects.get(after="Managers")
    assert (change.staff.name, change.till.name) == ("Olivia", "Back")


def test_it_is_searched_by_sale_number_client_person_and_kind(olivia):
    desk = make_desk("Jo")
    sale = order_with(desk, make_client("Ben Okafor"), service=85)
    pay(sale, "check", 85, desk)
    close_order(order=sale, desk=desk)
    gift(make_client())
    found = text_of(olivia.get(URL, {"words": str(sale)}))
    assert str(sale) in found and "Clara" not in found
    assert "Ben Okafor" not in text_of(olivia.get(URL, {"words": "nuñez"}))
    assert "Clara" in text_of(olivia.get(URL, {"words": "nunez"}))
    assert "Adjustment" not in text_of(olivia.get(URL, {"words": "nobody of that name"}))


def test_pages_go_on_where_the_last_one_ended_and_show_each_line_once(olivia):
    desk = make_desk("Olivia")
    clara = make_client()
    for number in range(60):
        gift(clara, 1, note=f"no {number:02}", desk=desk)
    first = olivia.get(URL, {"kind": "money"})
    older = first.context["tables"][0][0].older_url
    second = olivia.get(URL + older)
    notes = [line.values["note"] for page in (first, second) for line in lines_of(page)]
    assert sorted(notes) == sorted({f"Gift · no {number:02}" for number in range(60)})
    assert "before" in parse_qs(urlparse(older).query)


def lines_of(response):
    return response.context["tables"][0][0].lines


def test_the_file_has_every_line_and_runs_no_formula(olivia):
    gift(make_client(), note='=HYPERLINK("http://x")')
    answer = b"".join(olivia.get(URL, {"file": "rows"}).streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(answer)))
    assert [row["What"] for row in rows] == ["Adjustment"]
    now = make_desk("Olivia").at.astimezone(make_desk().location.zone)
    assert rows[0]["When"].startswith(f"{now:%Y-%m-%dT%H:}") and rows[0]["When"][19] in "+-"
    assert rows[0]["Note"] == 'Gift · =HYPERLINK("http://x")'
    assert rows[0]["Amount"] == "40.00"


def test_it_asks_a_fixed_number_of_queries(olivia, django_assert_max_num_queries):
    desk = make_desk("Olivia")
    counts = []
    for _ in range(2):
        for name in ("Clara Nuñez", "Ben Okafor", "Ines Weber"):
            gift(make_client(name), desk=desk)
        with django_assert_max_num_queries(40) as queries:
            olivia.get(URL)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_only_who_may_see_it_does():
    assert make_browser("Marcus").get(URL).status_code == 403
    assert make_browser("Jo").get(URL).status_code == 403


def test_nonsense_in_the_address_shows_the_newest(olivia):
    gift(make_client())
    for wrong in ("x", "2026-11-22~money", "9999-99-99~money~1", "2026-11-22T10:00~money~1", "~~"):
        assert Spot.parse(wrong) is None
        assert "Adjustment" in text_of(olivia.get(URL, {"before": wrong}))
    assert olivia.get(URL, {"who": "x", "till": "0", "kind": "?"}).status_code == 200


def test_the_webs_role_can_neither_change_nor_delete_what_it_reads():
    gift(make_client())
    for table in ("salon_settingchange", "ledger_entry", "ledger_posting", "ledger_seal"):
        for right in ("update", "delete", "truncate"):
            with connection.cursor() as cursor:
                cursor.execute("select has_table_privilege(%s, %s)", [table, right])
                assert cursor.fetchone() == (False,), (table, right)


def test_what_happens_after_midnight_is_found_though_it_counts_for_the_day_before(olivia):
    desk = make_desk("Olivia")
    desk.location.day_starts_at = dt.time(4)
    desk.location.save()
    with time_machine.travel(dt.datetime(2026, 11, 24, 1, 30, tzinfo=desk.location.zone)):
        gift(make_client(), note="late", desk=make_desk("Olivia"))
        days = {"start": "2026-11-24", "end": "2026-11-24", "kind": "money"}
        olivia = make_browser("Olivia")
        page = text_of(olivia.get(URL, days))
        by_default = text_of(olivia.get(URL))
    assert "Gift · late" in page
    assert "Gift · late" in by_default


def test_a_password_that_was_set_in_the_admin_is_told_and_never_shown(olivia):
    jo = make_staff("Jo")
    typed = "a long and silent word"
    url = f"/admin/salon/staffmember/{jo.pk}/password/"
    answer = olivia.post(url, {"usable_password": "true", "password1": typed, "password2": typed})
    assert answer.status_code == 302
    change = SettingChange.objects.get(setting="password")
    assert (change.staff.name, change.after) == ("Olivia", "changed")
    assert "Jo" in change.subject and typed not in text_of(olivia.get(URL))


def test_a_gift_card_that_was_blocked_is_told_with_who_and_why(olivia):
    card = GiftCard.objects.create(code="ABCDEFGHJKLM7K2M")
    desk = make_desk("Marcus")
    Block.objects.create(card=card, at=desk.at, by=desk.person, reason="Lost in a taxi")
    page = text_of(olivia.get(URL, {"words": "7K2M"}))
    for told in ("Gift card blocked", "Marcus", "Lost in a taxi"):
        assert told in page
    assert "Lost" not in text_of(olivia.get(URL, {"words": "JKLM7K2M"}))
    assert card.code not in page


def test_a_card_on_file_that_was_removed_is_told(olivia):
    clara, desk = make_client(), make_desk("Marcus")
    CardOnFile.objects.create(
        client=clara,
        customer=ProcessorCustomer.objects.create(client=clara, gateway_id="cus_1"),
        method="pm_1",
        brand="Visa",
        last4="4242",
        exp_month=8,
        exp_year=2030,
        consented_at=desk.at,
        added_at=desk.at,
        removed_at=desk.at,
        removed_by=desk.person,
    )
    page = text_of(olivia.get(URL, {"words": "nunez"}))
    for told in ("Card on file removed", "Card kept on file", "Visa •••• 4242", "Marcus"):
        assert told in page


@pytest.fixture
def back():
    """Olivia at the second till of Midtown."""
    till = make_till("Back")
    return replace(make_desk("Olivia"), till=till)


def blocks_a_gift_card(desk):
    card = sell_card(desk)
    block(card=card, reason="Lost", desk=desk)
    unblock(card=card, reason="Found", desk=desk)
    return ["blocks", "blocks_lifted"]


def gives_a_discount(desk):
    sale = order_with(desk, make_client(), service=85)
    add_discount(order=sale, line=None, amount=dollars(5), reason="Waited", desk=desk)
    return ["discounts"]


def removes_a_card(desk):
    retire(make_card(make_client()), at=desk.at, desk=desk)
    return ["cards_removed"]


def pauses_a_membership(desk):
    pause(membership=make_member(desk=desk), until=None, reason="Away", desk=desk)
    return ["memberships"]


@pytest.mark.parametrize(
    "act", [blocks_a_gift_card, gives_a_discount, removes_a_card, pauses_a_membership]
)
def test_an_act_without_money_names_its_till(olivia, back, act):
    for source in act(back):
        shown = olivia.get(URL, {"kind": source, "till": back.till.pk})
        assert "Olivia · Midtown · Back" in text_of(shown), source
        assert not lines_of(olivia.get(URL, {"kind": source, "till": make_till().pk}))


def test_a_pin_names_its_till(olivia, back):
    olivia.cookies[cookie_of(back.location)] = str(back.till.pk)
    typed = {"password": PASSWORD, "pin": "8264", "again": "8264"}
    assert olivia.post("/pin/", typed).status_code == 302
    shown = text_of(olivia.get(URL, {"words": "PIN", "till": back.till.pk}))
    assert "Setting: PIN" in shown and "Olivia · Midtown · Back" in shown
    assert "8264" not in shown
