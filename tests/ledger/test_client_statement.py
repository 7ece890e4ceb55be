"""The statement of one client for some days: worked examples, its page, and its e-mail."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from ledger import accounts
from ledger.adjusting import adjust_balance
from ledger.client_statement import client_statement
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move
from ledger.models import Entry
from ledger.releasing import release
from ledger.reversing import reverse
from ledger.tasks import email_statement
from tests.checkout.reading import says
from tests.clients.helpers import merge
from tests.factories import (
    dollars,
    make_appointment,
    make_browser,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_role,
    make_staff,
)
from tests.ledger.books import act, assert_well

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 16, 15, 0, tzinfo=dt.UTC)


def day(days: int) -> dt.date:
    return NOW.date() + dt.timedelta(days=days)


@pytest.fixture(autouse=True)
def travel():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield lambda days: traveller.move_to(NOW + dt.timedelta(days=days))


def spend(client, amount, *, short=0):
    cents = int(amount * 100)
    leg = Draw(
        accounts.credit_of(client),
        cents,
        short=(accounts.owed_by(client), short) if short else None,
    )
    return act(make_desk(), leg, Move(accounts.OPEN_ORDERS, -cents), kind=EntryKind.TENDER)


def told(client, first, last):
    """(title, amount, balance) of each row, between the opening and the closing balance."""
    found = client_statement(client, day(first), day(last))
    rows = [(row.title, str(row.amount), str(row.balance)) for row in found.rows]
    return [str(found.opening), *rows, str(found.closing)]


def query(first, last):
    return {"start": day(first).isoformat(), "end": day(last).isoformat()}


def path(client, *more):
    return "/".join(["", "clients", str(client.pk), "statement", *more, ""])


# --- Worked examples ------------------------------------------------------------------------------


def test_what_came_before_is_the_opening_and_what_came_after_is_not_there(clara, travel):
    make_credit(clara, 100)
    travel(1)
    spend(clara, 30)
    travel(2)
    spend(clara, 20)
    assert told(clara, 1, 1) == [
        "$100.00",
        ("Paid with account credit", "-$30.00", "$70.00"),
        "$70.00",
    ]
    assert told(clara, 3, 9) == ["$50.00", "$50.00"]
    assert told(clara, -9, -1) == ["$0.00", "$0.00"]
    assert told(clara, 0, 2)[-1] == "$50.00"
    assert_well()


def test_an_entry_on_both_accounts_is_one_row_and_what_is_owed_is_apart(clara, travel):
    make_credit(clara, 20)
    travel(1)
    spend(clara, 50, short=10000)
    travel(2)
    make_debt(clara, 5)
    found = client_statement(clara, day(1), day(1))
    assert [str(row.amount) for row in found.rows] == ["-$50.00"]
    assert (found.closing, found.owes, found.sources) == (dollars(-30), dollars(30), [])
    assert client_statement(clara, day(0), day(0)).owes == dollars(0)
    assert client_statement(clara, day(2), day(2)).owes == dollars(35)
    assert_well()


def test_the_end_is_split_by_source_and_by_what_is_held_as_it_was_then(clara, travel):
    visit = make_appointment(clara, starts_at=NOW + dt.timedelta(days=9))
    make_credit(clara, 40)
    lot = make_credit(clara, 30, source=Source.DEPOSIT, visit=visit.pk)
    travel(1)
    release(lots=[lot], desk=make_desk(), key="test:release", reason="She called")
    spend(clara, 40)
    then = client_statement(clara, day(0), day(0))
    assert then.sources == [("Purchase", dollars(40)), ("Deposit", dollars(30))]
    assert then.held == dollars(30)
    now = client_statement(clara, day(1), day(1))
    assert (now.held, now.closing) == (dollars(0), dollars(30))
    assert sum((amount for _, amount in now.sources), dollars(0)) == dollars(30)
    assert [str(row.amount) for row in now.rows] == ["$0.00", "-$40.00"]
    assert_well()


def test_what_the_desk_wrote_for_itself_is_not_said(clara):
    adjust_balance(
        client=clara,
        amount=dollars(5),
        reason="gift",
        note="She shouted at Jo",
        desk=make_desk("Olivia"),
        key=uuid.uuid4(),
    )
    (row,) = client_statement(clara, day(0), day(0)).rows
    assert row.detail == "Gift"


def test_what_was_undone_stands_there_with_its_undoing(clara):
    make_credit(clara, 10)
    reverse(entry=Entry.objects.get(), desk=make_desk())
    assert told(clara, 0, 0) == [
        "$0.00",
        ("Opening balance", "$10.00", "$10.00"),
        ("Undone: opening balance", "-$10.00", "$0.00"),
        "$0.00",
    ]


# --- The page -------------------------------------------------------------------------------------


def test_the_page_says_who_when_and_what(clara, travel):
    make_credit(clara, 100)
    travel(1)
    spend(clara, 30)
    jo = make_browser("Jo")
    text = says(jo.get(path(clara), query(1, 1)))
    assert "Statement of Clara Nuñez Nov 17, 2026 to Nov 17, 2026" in text
    assert "12 West 38th Street, New York" in text
    assert "Balance at the end $70.00 credit" in text
    assert "$100.00 credit" in text
    assert f"{path(clara)}" in jo.get(f"/clients/{clara.pk}/history/").content.decode()


def test_with_nothing_it_says_so(clara):
    assert "Nothing moved the balance on these days" in says(make_browser("Jo").get(path(clara)))


def test_the_queries_are_the_same_however_long_the_history_is(clara, travel):
    jo = make_browser("Jo")

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert jo.get(path(clara), query(5, 6)).status_code == 200
        return len(found)

    make_credit(clara, 100)
    travel(5)
    spend(clara, 1)
    first = queries()
    for days in (1, 2, 5, 6, 7, 8):
        travel(days)
        spend(clara, 1)
    assert queries() == first


def test_a_merged_client_has_their_own_until_the_merge(clara, travel):
    twin = make_client("Clara Nunez")
    make_credit(twin, 25)
    travel(1)
    merge(twin, clara, make_desk("Olivia"))
    jo = make_browser("Jo")
    assert "Statement of Clara Nunez until the merge" in says(jo.get(path(clara), query(0, 1)))
    text = says(jo.get(path(clara, "until-merge", str(twin.pk)), query(0, 0)))
    assert "Balance at the end $25.00 credit" in text
    assert told(twin, 1, 1)[-1] == "$0.00"
    assert told(clara, 1, 1)[-1] == "$25.00"
    assert jo.get(path(twin)).url == path(clara)
    assert jo.get(path(clara, "until-merge", str(clara.pk))).status_code == 404


def test_only_who_may_see_balances_sees_it_and_sends_it(clara):
    nobody = make_browser(make_staff("Ada", role=make_role("Nobody")))
    assert nobody.get(path(clara)).status_code == 403
    assert nobody.post(path(clara, "email"), {"to": "a@example.com"}).status_code == 403


# --- By e-mail ------------------------------------------------------------------------------------


def test_it_is_sent_once_however_often_the_form_is_sent(clara, travel):
    make_credit(clara, 100)
    jo = make_browser("Jo")
    form = jo.get(path(clara, "email"), query(0, 0)).content.decode()
    assert 'value="clara@example.com"' in form
    sent = {"to": "ben@example.com", "uuid": str(uuid.uuid4())}
    url = f"{path(clara, 'email')}?start={day(0)}&end={day(0)}"
    answer = jo.post(url, sent)
    assert answer.url == f"{path(clara)}?start={day(0)}&end={day(0)}"
    jo.post(url, sent)
    (job,) = ProcrastinateJob.objects.filter(task_name=email_statement.name)
    # Done meanwhile, and sent once more by somebody who went back.
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'succeeded' where id = %s", [job.pk])
    jo.post(url, sent)
    assert ProcrastinateJob.objects.filter(task_name=email_statement.name).count() == 1
    email_statement(**job.args)
    (message,) = mail.outbox
    assert message.to == ["ben@example.com"]
    assert message.subject == "Your account, Nov 16, 2026 to Nov 16, 2026 · The salon"
    html = message.alternatives[0].content
    for body in (message.body, html):
        assert "Statement of Clara Nuñez" in body
        assert "12 West 38th Street, New York" in body
        assert "Opening balance" in body
        assert "$100.00 credit" in body


def test_an_address_that_is_none_is_told_and_nothing_is_sent(clara):
    answer = make_browser("Jo").post(path(clara, "email"), {"to": "clara", "uuid": uuid.uuid4()})
    assert answer.status_code == 422
    assert "Enter an e-mail address like clara@example.com." in says(answer)
    assert 'value="clara"' in answer.content.decode()
    assert not ProcrastinateJob.objects.filter(task_name=email_statement.name).exists()
