"""The journal as a file from the reports."""

import pytest
from django.urls import reverse

from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from salon import clock
from tests.factories import make_browser, make_client, make_credit, make_desk, make_role, make_staff
from tests.ledger.books import act

PAGE = "/reports/journal/"


@pytest.fixture
def marcus(db):
    return make_browser("Marcus")


def text_of(response) -> str:
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def test_the_page_says_what_there_is(marcus):
    assert reverse("reports:journal") == PAGE
    page = marcus.get(PAGE)
    assert "text/html" in page["Content-Type"]
    for program in ("hledger", "ledger", "beancount", "CSV"):
        assert program in page.content.decode()
    assert PAGE in marcus.get("/reports/").content.decode()


@pytest.mark.parametrize(
    ("program", "suffix"),
    [("hledger", "journal"), ("ledger", "ledger"), ("beancount", "beancount"), ("csv", "csv")],
)
def test_a_file_for_each_program(marcus, program, suffix):
    clara = make_client("Clara Nuñez")
    make_credit(clara, 40)
    response = marcus.get(PAGE, {"format": program, "clients": "apart"})
    assert f'filename="journal-first-to-last.{suffix}"' in response["Content-Disposition"]
    text = text_of(response)
    assert text.startswith("\ufeff") is (program == "csv")
    assert "40.00" in text
    assert str(clara.pk) in text
    assert "Clara" not in text


def test_days_and_one_account_for_all(marcus):
    make_credit(make_client("Clara Nuñez"), 40)
    desk = make_desk()
    act(desk, Move(accounts.BANK, 1), Move(accounts.CARD, -1), kind=EntryKind.PAYOUT)
    today = clock.business_date(desk.location).isoformat()
    asked = {"format": "hledger", "clients": "together", "start": today, "end": today}
    text = text_of(marcus.get(PAGE, asked))
    assert "Liabilities:Client credit  -40.00 USD" in text
    assert text_of(marcus.get(PAGE, asked | {"start": "", "end": "2020-01-01"})).endswith(
        "; The end: 0 entries, 0 postings.\n"
    )


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"format": "gnucash"}, "Choose one of these programs."),
        ({"format": "csv", "start": "soon"}, "Enter a day like 2026-11-24."),
        ({"format": "csv", "start": "2026-11-24", "end": "2026-11-23"}, "before the first one"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(marcus, asked, words):
    response = marcus.get(PAGE, {"clients": "together"} | asked)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "Content-Disposition" not in response


def test_who_may_not_see_reports_gets_none(db):
    role = make_role("Nobody")
    jo = make_browser(make_staff("Jo", role=role))
    assert jo.get(PAGE, {"format": "csv", "clients": "together"}).status_code == 403
